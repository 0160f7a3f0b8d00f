"""Blocks and flags that give a source IPv6."""

from __future__ import annotations

from typing import Any

from netprobe.fixes.ipv6 import allow_function, give_blocks, numbered
from netprobe.model.snapshot import Snapshot
from tests.builders import function, network, snapshot, source, subnet, vpc, working_vpc


def account(*items: Any) -> Snapshot:
    return snapshot(*working_vpc(), function(ipv6_allowed=False), *items)


def said(changes: Any) -> list[str]:
    return [str(item) for item in changes]


def test_subnet_gets_the_first_block_that_is_free() -> None:
    """Those of other subnets, 1 and 9, are theirs."""
    found = give_blocks(account(subnet(ipv6=None)), source())

    assert said(found) == ["associate 2001:db8:1::/64 with subnet-private"]


def test_all_subnets_of_the_function_get_one() -> None:
    """Lambda takes the flag only then."""
    bare = (subnet(ipv6=None), subnet("subnet-b", "10.0.2.0/24", None))
    spread = function(subnet_ids=("subnet-private", "subnet-b"), ipv6_allowed=False)

    assert said(allow_function(account(*bare, spread), source())) == [
        "associate 2001:db8:1::/64 with subnet-private",
        "associate 2001:db8:1:1::/64 with subnet-b",
        "set Ipv6AllowedForDualStack of the function notify",
    ]


def test_vpc_without_a_block_gets_one_first() -> None:
    found = give_blocks(account(vpc(ipv6=()), subnet(ipv6=None)), source())

    assert said(found) == [
        "associate an Amazon-provided IPv6 block with vpc-1",
        "associate the /64 number 0 with subnet-private",
    ]


def test_source_that_is_no_function_has_no_flag() -> None:
    assert allow_function(account(), source(function_name=None)) is None


def test_vpc_that_was_not_read_is_not_given_anything() -> None:
    assert give_blocks(snapshot(), source()) is None


def test_blocks_are_numbered_from_the_start() -> None:
    assert str(numbered(network("2001:db8:1:100::/56"), 10)) == "2001:db8:1:10a::/64"  # type: ignore[arg-type]
