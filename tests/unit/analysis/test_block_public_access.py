"""Which mode of Block Public Access holds where; what it closes is in test_internet."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.block_public_access import UNREAD, closes, public_access_at
from netprobe.model.resources import BlockMode
from tests.builders import snapshot, subnet, vpc
from tests.interconnect import public_access

INGRESS, BOTH = BlockMode.BLOCK_INGRESS, BlockMode.BLOCK_BIDIRECTIONAL

HOLDS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "nothing read": ((vpc(), subnet()), None),
    "the account's": ((vpc(), subnet(), public_access(BOTH)), (BOTH, None)),
    "the VPC's before the account's": (
        (vpc(block_public_access=INGRESS), subnet(), public_access(BOTH)),
        (INGRESS, None),
    ),
    "the subnet's before the VPC's": (
        (vpc(block_public_access=INGRESS), subnet(block_public_access=BlockMode.OFF)),
        None,
    ),
    "of another account": (
        (vpc(owner_id="111111111111"), subnet(), public_access(BOTH, account="222222222222")),
        None,
    ),
    "an exclusion of the subnet": (
        (vpc(), subnet(), public_access(BOTH, ("subnet-private", "allow-egress"))),
        (BOTH, "allow-egress"),
    ),
    "an exclusion that opens all": (
        (vpc(), subnet(), public_access(BOTH, ("vpc-1", "allow-bidirectional"))),
        None,
    ),
    "exclusions not read": (
        (vpc(), subnet(), public_access(BOTH, exclusions_read=False)),
        (BOTH, UNREAD),
    ),
}


@pytest.mark.parametrize("name", HOLDS)
def test_at_a_subnet_holds(name: str) -> None:
    items, expected = HOLDS[name]
    shot = snapshot(*items)
    assert public_access_at(shot, "vpc-1", shot.subnet("subnet-private")) == expected


def test_a_place_without_subnet_has_what_its_vpc_has() -> None:
    shot = snapshot(vpc(), public_access(BOTH, ("subnet-private", "allow-bidirectional")))
    assert public_access_at(shot, "vpc-1", None) == (BOTH, None)


CLOSES = {
    (None, True): False,
    ((INGRESS, None), True): True,
    ((INGRESS, None), False): False,
    ((BOTH, None), False): True,
    ((BOTH, "allow-egress"), False): False,
    ((BOTH, "allow-egress"), True): True,
}


@pytest.mark.parametrize(("access", "direct"), CLOSES)
def test_it_closes(access: Any, *, direct: bool) -> None:
    assert closes(access, direct=direct) is CLOSES[access, direct]
