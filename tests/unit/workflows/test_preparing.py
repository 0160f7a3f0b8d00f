"""What a check decides before anything is created."""

from __future__ import annotations

import pytest

from netprobe.model.addresses import Family
from netprobe.workflows.preparing import families_of
from tests.unit.diagnosis.cases import target_of

BOTH = (Family.IPV4, Family.IPV6)


@pytest.mark.parametrize(
    ("host", "families"),
    [
        ("www.example.com", BOTH),
        ("192.0.2.1", (Family.IPV4,)),
        ("3fff::1", (Family.IPV6,)),
    ],
)
def test_literal_address_is_asked_about_in_its_own_family(
    host: str, families: tuple[Family, ...]
) -> None:
    """A name may have both."""
    assert families_of(target_of(host=host), BOTH) == families


def test_family_that_was_not_asked_for_is_not_asked_about() -> None:
    """Not even where it is the only one of the target."""
    assert families_of(target_of(host="192.0.2.1"), (Family.IPV6,)) == ()
