"""What a set of changes does beside what it was made for."""

from __future__ import annotations

from dataclasses import replace

from netprobe.fixes.effects import also_opened, closes, touches
from netprobe.fixes.retrace import World
from netprobe.model import changes as ch
from netprobe.model.flow import TCP
from netprobe.model.workloads import ApiKind
from tests.builders import (
    api,
    function,
    interface,
    network,
    ports,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
)
from tests.unit.diagnosis.cases import API, case_of, changed, target_of
from tests.unit.fixes.every_change import NAT

OTHER = api("other1", ApiKind.HTTP, ip_address_type="dualstack")
TO_NAT = ch.SetRoute(
    route_table_id="rtb-private", destination=network("0.0.0.0/0"), target=NAT, target_id="nat-1"
)
GROUP_RULE = ch.AllowInGroup(
    group_id="sg-1", egress=True, protocol=TCP, ports=ports("443"), cidr=network("0.0.0.0/0")
)


def test_other_paths_on_the_same_table_open_too() -> None:
    account = snapshot(*changed(route_table(routes=(route("::/0", "eigw-1"),)), OTHER))
    case = case_of(account, targets=[target_of(API), target_of(OTHER)])
    mine = tuple(item.key for item in case.paths if item.key.target == "api:abc123")
    opened = also_opened(World(case=case, changes=(TO_NAT,)), mine)

    assert [str(item) for item in opened] == ["subnet-private -> api:other1 (ipv4)"]
    assert "also opens IPv4 subnet-private → api:other1" in list(
        touches(World(case=case, changes=(TO_NAT,)), [source()], opened)
    )


def test_subnets_that_share_the_table_are_named() -> None:
    table = route_table(routes=(), subnets=("subnet-private", "subnet-b"))
    account = snapshot(*changed(table, subnet("subnet-b", "10.0.2.0/24")))
    world = World(case=case_of(account), changes=(TO_NAT,))

    assert list(touches(world, [source()], ())) == ["rtb-private also routes for subnet-b"]


def test_whoever_shares_the_group_is_named_and_the_function_itself_is_not() -> None:
    account = snapshot(
        *changed(
            function(), function("beside"), interface("eni-web", "10.0.1.9", group_ids=("sg-1",))
        )
    )
    world = World(case=case_of(account), changes=(GROUP_RULE,))

    assert list(touches(world, [source()], ())) == [
        "sg-1 is also a group of eni-web, function beside"
    ]


def test_path_that_loses_its_way_is_closed() -> None:
    lost = ch.UseRouteTable(
        subnet_id="subnet-private", route_table_id="rtb-main", replaces="rtb-private"
    )
    case = case_of(snapshot(*changed()))

    assert closes(World(case=case, changes=(lost,)), ())
    assert not closes(World(case=case, changes=(GROUP_RULE,)), ())


def test_family_that_becomes_silent_beside_one_that_works_is_worse() -> None:
    """A client that had no AAAA record would now wait for it in vain."""
    ipv4_only = api("abc123", ApiKind.WEBSOCKET)
    account = snapshot(*changed(ipv4_only, security_group(egress=(rule("0.0.0.0/0"),))))
    announced = ch.MakeApiDualStack(api_id="abc123", kind=ApiKind.WEBSOCKET)

    assert closes(World(case=case_of(account), changes=(announced,)), ())


def test_routes_that_go_are_named() -> None:
    """Those that are replaced, and those of the table that a subnet leaves."""
    own = route_table(
        routes=(route("0.0.0.0/0", "nat-9", "blackhole"), route("10.9.0.0/16", "pcx-1"))
    )
    other = route_table("rtb-other", (route("0.0.0.0/0", "nat-1"),), ())
    case = case_of(snapshot(*changed(own, other)))
    replaced = replace(TO_NAT, replaces=True)
    moved = ch.UseRouteTable(subnet_id="subnet-private", route_table_id="rtb-other")

    assert list(touches(World(case=case, changes=(replaced,)), [source()], ())) == [
        "rtb-private loses 0.0.0.0/0 -> nat-9 (blackhole)"
    ]
    assert list(touches(World(case=case, changes=(moved,)), [source()], ())) == [
        "subnet-private loses 0.0.0.0/0 -> nat-9 (blackhole)",
        "subnet-private loses 10.9.0.0/16 -> pcx-1",
    ]
