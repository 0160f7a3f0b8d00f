"""A fix of one family is none for a client that goes on waiting for the other."""

from __future__ import annotations

from typing import Any

from netprobe.fixes.retrace import World
from netprobe.fixes.waiting import waits_in_vain
from netprobe.fixes.ways_out import WaysOut, find_ways_out
from netprobe.model.addresses import Family
from netprobe.model.changes import AllowInGroup
from netprobe.model.finding import PathKey
from netprobe.model.flow import TCP
from netprobe.model.observation import Outcome
from tests.builders import (
    function,
    ports,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
)
from tests.unit.diagnosis.cases import Seen, case_of, changed, seen
from tests.unit.diagnosis.isolated import host_target

KEY = ("subnet-private", "api:abc123")
BOTH_SILENT: Seen = {
    (*KEY, "ipv4"): seen(Outcome.TIMEOUT),
    (*KEY, "ipv6"): seen(Outcome.TIMEOUT),
}
BROKEN_BOTH_WAYS = (
    security_group(egress=(rule("10.0.0.0/16"),)),
    route_table(routes=(route("0.0.0.0/0", "nat-1"), route("::/0", "eigw-1"))),
)


def ways(*items: Any, seconds: int = 10, client: str = "boto3") -> WaysOut:
    account = snapshot(*changed(*items), function(timeout_seconds=seconds))
    return find_ways_out(case_of(account, observations=BOTH_SILENT, client=client))


def families(out: WaysOut) -> list[set[Family]]:
    return [{key.family for key in fix.opens} for fix in out.fixes]


def test_family_tried_later_is_the_last_way_out_where_the_first_one_costs_all_the_time() -> None:
    """boto3 waits 60 s for IPv6, and the function ends after 10."""
    out = ways(*BROKEN_BOTH_WAYS)

    assert families(out) == [{Family.IPV6}, {Family.IPV4}]
    assert any("longer than its function may run" in item for item in out.fixes[1].also_touches)


def test_it_is_where_the_client_races_both() -> None:
    out = ways(*BROKEN_BOTH_WAYS, client="node20")

    assert not any("still waits" in item for fix in out.fixes for item in fix.also_touches)


def test_it_is_said_where_it_costs_time_only() -> None:
    out = ways(*BROKEN_BOTH_WAYS, seconds=900)
    (ipv4,) = [fix for fix in out.fixes if {key.family for key in fix.opens} == {Family.IPV4}]

    assert (
        "boto3 still waits for IPv6 to api:abc123, before it comes to this family: mend that too"
    ) in ipv4.also_touches


def test_it_is_half_of_the_way_as_long_as_the_other_half_is_closed() -> None:
    account = snapshot(*changed(*BROKEN_BOTH_WAYS), function(timeout_seconds=10))
    case = case_of(account, observations=BOTH_SILENT, client="boto3")
    ipv4, ipv6 = (
        AllowInGroup(
            group_id="sg-1", egress=True, protocol=TCP, ports=ports("443"), cidr=family.everything
        )
        for family in (Family.IPV4, Family.IPV6)
    )
    opened = [PathKey(source=KEY[0], target=KEY[1], family=Family.IPV4)]

    assert waits_in_vain(World(case=case, changes=(ipv4,)), opened)
    assert not waits_in_vain(World(case=case, changes=(ipv4, ipv6)), opened)


def test_nobody_waits_for_a_name_that_may_have_no_address_of_the_family() -> None:
    """No packet was sent, and no configuration tells of a partner's AAAA record."""
    partner = host_target("app.partner.example")
    account = snapshot(*changed(route_table(routes=())), function(timeout_seconds=10))
    out = find_ways_out(case_of(account, [partner], client="boto3"))

    assert out.fixes
    assert not any("still waits" in item for fix in out.fixes for item in fix.also_touches)
