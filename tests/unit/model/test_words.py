"""Names in sentences."""

from __future__ import annotations

import pytest

from netprobe.model.words import first_of, meant_or_known


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a, b"),
        (("a", "b", "c"), "a, b and 1 more"),
        (("a", "b", "c", "d"), "a, b and 2 more"),
    ],
)
def test_what_is_too_many_is_counted(names: tuple[str, ...], expected: str) -> None:
    assert first_of(names, 2) == expected


VPCS = ("vpc-43bdd945727b56bf5", "vpc-0a1b2c3d4e5f60718")
LISTED = "VPCs here: vpc-43bdd945727b56bf5, vpc-0a1b2c3d4e5f60718"


@pytest.mark.parametrize(
    "given", ["vpc-43bdd945727b56bf6", "vpc-43bdd", "43bdd945727b56bf5", "vpc-43bd945727b56bf5"]
)
def test_id_that_is_mistyped_or_cut_off_is_known(given: str) -> None:
    assert meant_or_known(given, VPCS, "VPCs here") == f"did you mean {VPCS[0]}? {LISTED}"


@pytest.mark.parametrize("given", ["vpc-", "vpc-99999999999999999", "vpc-0abc", ""])
def test_id_that_is_neither_is_like_no_other(given: str) -> None:
    """The digits are random, so some are alike by chance."""
    assert meant_or_known(given, VPCS, "VPCs here") == LISTED


def test_where_there_is_none_it_says_so() -> None:
    assert meant_or_known("vpc-1", (), "VPCs here") == "VPCs here: none"
