"""Whose policies they are."""

from __future__ import annotations

import pytest

from netprobe.model.policies import RolePolicies


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:iam::111111111111:role/push", True),
        ("arn:aws:iam::111111111111:role/service/push", True),
        ("arn:aws-cn:iam::111111111111:role/push", True),
        ("arn:aws:iam::222222222222:role/push", False),
        ("arn:aws:iam::111111111111:role/pushy", False),
        ("", False),
        (None, False),
    ],
)
def test_role_is_known_by_account_and_bare_name(arn: str | None, *, expected: bool) -> None:
    """Paths are no part of the name that IAM's calls take."""
    assert RolePolicies(role_name="push", account="111111111111").is_of(arn) is expected


def test_account_that_nobody_told_fits_every_role_of_the_name() -> None:
    """As in a dump of one account."""
    assert RolePolicies(role_name="push").is_of("arn:aws:iam::222222222222:role/push")
