"""Which exits a VPC has or could have, and the route that uses one."""

from __future__ import annotations

from netprobe.analysis.tracer import trace_name
from netprobe.fixes.routes import Exit, ipv6_exits, nat_exits, set_route
from netprobe.model.addresses import Family
from netprobe.model.resources import TargetKind
from netprobe.model.snapshot import Snapshot
from tests.builders import (
    nat_gateway,
    route,
    route_table,
    snapshot,
    source,
    subnet,
    vpc,
    without,
    working_vpc,
)

TO_NAT = Exit(family=Family.IPV4, target=TargetKind.NAT_GATEWAY, target_id="nat-1")


def routed(account: Snapshot, host: str, way: Exit = TO_NAT) -> list[str] | None:
    trace = trace_name(account, source(), host, way.family, port=443)
    found = set_route(account, trace, "subnet-private", way)
    return None if found is None else [str(item) for item in found]


def test_gateway_in_the_own_zone_comes_first_and_a_new_one_last() -> None:
    far = subnet("subnet-far", "10.0.8.0/24", availability_zone="us-east-1b")
    account = snapshot(
        *without(working_vpc(), "nat-1"), far, nat_gateway("nat-far", subnet_id="subnet-far"),
        nat_gateway("nat-near"),
    )  # fmt: skip
    assert [item.target_id for item in nat_exits(account, source())] == [
        "nat-near",
        "nat-far",
        "new-nat",
    ]


def test_gateway_that_is_private_or_dead_is_no_exit() -> None:
    account = snapshot(
        *working_vpc(),
        nat_gateway("nat-1", connectivity_type="private"),
        nat_gateway("nat-2", state="failed"),
    )
    assert [item.target_id for item in nat_exits(account, source())] == ["new-nat"]


def test_vpc_without_room_gets_no_public_subnet() -> None:
    account = snapshot(
        vpc(ipv4=("10.0.1.0/24",)), subnet(), route_table(), *without(working_vpc()[6:], "nat-1")
    )
    assert list(nat_exits(account, source())) == []


def test_internet_gateway_is_an_ipv6_exit_for_tables_that_use_it() -> None:
    public = source("subnet-public")
    account = snapshot(*working_vpc())

    assert [i.target_id for i in ipv6_exits(account, public)] == ["eigw-1", "igw-1", "new-eigw"]
    assert [i.target_id for i in ipv6_exits(account, source())] == ["eigw-1", "new-eigw"]


def test_route_is_as_narrow_as_what_was_asked() -> None:
    account = snapshot(*working_vpc(), route_table(routes=()))

    assert routed(account, "198.51.100.10") == [
        "add the route 198.51.100.10/32 -> nat-1 in rtb-private"
    ]
    assert routed(account, "www.example.com") == [
        "add the route 0.0.0.0/0 -> nat-1 in rtb-private"
    ]


def test_route_that_wins_now_is_the_one_replaced() -> None:
    dead = route("198.51.100.0/24", "eni-1", "blackhole")
    account = snapshot(*working_vpc(), route_table(routes=(dead, route("0.0.0.0/0", "nat-1"))))

    assert routed(account, "198.51.100.10") == [
        "point the route 198.51.100.0/24 in rtb-private to nat-1 instead"
    ]


def test_route_that_leads_there_already_is_not_set_again() -> None:
    assert routed(snapshot(*working_vpc()), "www.example.com") is None


def test_propagated_route_is_not_ours_to_replace() -> None:
    learned = route("198.51.100.0/24", "vgw-1", propagated=True)
    account = snapshot(*working_vpc(), route_table(routes=(learned,)))

    assert routed(account, "198.51.100.10") is None
