"""What is offered for whole VPCs that fail: every way, the smallest set, proved and ranked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.analysis.tracer import Tracer
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.examine import examine
from netprobe.fixes.retrace import World, is_open, trace_target
from netprobe.fixes.ways_out import WaysOut, find_ways_out, linked
from netprobe.model.finding import Role
from netprobe.model.fix import Fix, Way, WayState
from netprobe.model.observation import Outcome
from netprobe.model.workloads import ApiKind
from tests.builders import (
    REGION,
    api,
    endpoint_service,
    entry,
    function,
    gap,
    gateway_endpoint,
    network_acl,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
    vpc,
)
from tests.unit.diagnosis.cases import API, case_of, changed, seen, service_target

IPV4_ONLY = api("abc123", ApiKind.WEBSOCKET, stages=("prod",))
NO_IPV6 = source(ipv6_allowed=False)


def made(fix: Fix) -> list[str]:
    return [str(item) for item in fix.changes]


def by_way(out: WaysOut) -> dict[Way, list[str]]:
    return {fix.way: made(fix) for fix in out.fixes}


def story() -> Case:
    """Return the story's function: no route, IPv4 egress only, no IPv6 flag, an IPv4 API."""
    return case_of(
        snapshot(
            *changed(
                route_table(routes=()),
                security_group(egress=(rule("0.0.0.0/0"),)),
                function(ipv6_allowed=False),
                IPV4_ONLY,
            )
        ),
        sources=[NO_IPV6],
    )


def traced_as_seen(case: Case) -> Case:
    """Return the case with traces that know what the probe's resolver answered."""
    tracer = Tracer(case.snapshot)
    paths = tuple(
        replace(
            path,
            trace=trace_target(
                tracer, case.source(path), case.target(path), path.key.family, path.observation
            ),
        )
        for path in case.paths
    )
    return replace(case, paths=paths)


def test_websocket_story_has_a_way_over_ipv6_and_one_through_the_nat_gateway() -> None:
    out = find_ways_out(story())

    assert by_way(out) == {
        Way.NAT_GATEWAY: ["add the route 0.0.0.0/0 -> nat-1 in rtb-private"],
        Way.IPV6: [
            "allow egress of tcp 443 to ::/0 in sg-1",
            "add the route ::/0 -> eigw-1 in rtb-private",
            "set Ipv6AllowedForDualStack of the function notify",
            "set the IP address type of API abc123 to dualstack",
        ],
    }
    said = {(item.way, item.state): item.says for item in out.ways}
    assert said[Way.INTERFACE_ENDPOINT, WayState.CANNOT] == (
        "an execute-api endpoint serves private REST APIs only, never a WebSocket API"
    )
    assert (Way.GATEWAY_ENDPOINT, WayState.CANNOT) in said
    assert (Way.LEAVE_VPC, WayState.ADVICE) in said


def test_gateway_and_the_route_to_it_are_one_step() -> None:
    """So that the story's way out is the four steps that people tell it in."""
    case = case_of(
        snapshot(
            *changed(
                route_table(routes=()),
                security_group(egress=(rule("0.0.0.0/0"),)),
                function(ipv6_allowed=False),
                IPV4_ONLY,
                gone=("eigw-1",),
            )
        ),
        sources=[NO_IPV6],
    )
    free = next(item for item in find_ways_out(case).fixes if item.way is Way.IPV6)

    assert (len(free.changes), len(free.steps)) == (5, 4)


def test_every_fix_opens_what_it_says_when_it_is_traced_again() -> None:
    case = story()
    for fix in find_ways_out(case).fixes:
        world = World(case=case, changes=fix.changes)
        assert fix.opens
        assert all(is_open(world.trace(case.path(key))) for key in fix.opens)
        assert fix.proved


def test_no_change_of_a_fix_can_be_left_out() -> None:
    case = story()
    for fix in find_ways_out(case).fixes:
        for left_out in fix.changes:
            fewer = tuple(item for item in fix.changes if item is not left_out)
            world = World(case=case, changes=fewer)
            assert not all(is_open(world.trace(case.path(key))) for key in fix.opens), left_out


def test_vpc_without_ipv6_gets_blocks_and_uses_the_gateway_its_table_has() -> None:
    account = snapshot(
        *changed(
            vpc(ipv6=()),
            subnet(ipv6=None),
            subnet("subnet-public", "10.0.9.0/24", None),
            route_table(routes=(route("0.0.0.0/0", "igw-1"),), local=True),
            function(ipv6_allowed=False),
            IPV4_ONLY,
            gone=("nat-1", "eigw-1"),
        )
    )
    out = find_ways_out(case_of(account, sources=[NO_IPV6]))

    assert by_way(out)[Way.IPV6] == [
        "associate an Amazon-provided IPv6 block with vpc-1",
        "associate the /64 number 0 with subnet-private",
        "add the route ::/0 -> igw-1 in rtb-private",
        "set Ipv6AllowedForDualStack of the function notify",
        "set the IP address type of API abc123 to dualstack",
    ]
    nat = next(item for item in out.fixes if item.way is Way.NAT_GATEWAY)
    assert made(nat) == [
        "create a NAT gateway with a public IPv4 address in subnet-public",
        "point the route 0.0.0.0/0 in rtb-private to new-nat instead",
    ]
    assert nat.standing_cost_usd_per_month == 36.5
    assert [item.way for item in out.fixes] == [Way.IPV6, Way.NAT_GATEWAY]


def test_services_stay_inside_where_an_endpoint_serves_them() -> None:
    services = (endpoint_service("ssm", service_types=frozenset({"Interface"})), prefix_list())
    account = snapshot(*changed(route_table(routes=()), *services))
    out = find_ways_out(case_of(account, targets=[service_target("s3"), service_target("ssm")]))

    assert by_way(out)[Way.GATEWAY_ENDPOINT] == [
        f"create a gateway endpoint for com.amazonaws.{REGION}.s3 in rtb-private"
    ]
    inside = next(item for item in out.fixes if item.way is Way.INTERFACE_ENDPOINT)
    assert inside.standing_cost_usd_per_month == 7.3
    assert [str(key) for key in inside.opens] == ["subnet-private -> service:ssm (ipv4)"]


def test_new_block_of_a_vpc_opens_its_default_acl_by_itself() -> None:
    """AWS adds the entries for IPv6 where nobody touched the ACL, so none are in the set."""
    untouched = network_acl(
        is_default=True,
        entries=(entry(100, "allow", egress=True), entry(100, "allow")),
    )
    account = snapshot(
        *changed(vpc(ipv6=()), subnet(ipv6=None), route_table(routes=()), untouched, IPV4_ONLY),
        function(ipv6_allowed=False),
    )
    out = find_ways_out(case_of(account, sources=[NO_IPV6]))

    assert Way.IPV6 in by_way(out)
    assert not any("acl-1" in text for text in by_way(out)[Way.IPV6])


def test_restricted_group_is_opened_to_the_endpoint_and_no_wider() -> None:
    """Where the packets go comes first, and only then what filters them there."""
    offered = endpoint_service("ssm", service_types=frozenset({"Interface"}))
    account = snapshot(
        *changed(route_table(routes=()), security_group(egress=(), ingress=()), offered)
    )
    out = find_ways_out(case_of(account, targets=[service_target("ssm")], client="ipv4-only"))

    assert by_way(out)[Way.INTERFACE_ENDPOINT] == [
        "allow egress of tcp 443 to sg-1 in sg-1",
        "allow ingress of tcp 443 from sg-1 in sg-1",
        (
            f"create an interface endpoint for com.amazonaws.{REGION}.ssm in subnet-private, "
            "private DNS on"
        ),
    ]


def test_gateway_endpoint_that_is_there_takes_one_more_table() -> None:
    account = snapshot(*changed(route_table(routes=()), gateway_endpoint(), prefix_list()))
    out = find_ways_out(case_of(account, targets=[service_target("s3")]))

    assert by_way(out)[Way.GATEWAY_ENDPOINT] == ["add rtb-private to the gateway endpoint vpce-s3"]


def test_ipv6_is_no_way_to_a_name_that_is_not_known_to_have_the_record() -> None:
    """A trace to an assumed address proves nothing when no AAAA record may exist."""
    account = snapshot(*changed(route_table(routes=())))
    out = find_ways_out(case_of(account, targets=[service_target("ssm")]))

    assert not any(item.way is Way.IPV6 for item in out.fixes)


def test_dual_stack_name_is_a_way_of_its_own() -> None:
    plain = service_target("s3")
    dual = service_target(
        "s3",
        id="service:s3+dualstack",
        host=f"s3.dualstack.{REGION}.amazonaws.com",
        surveyed=True,
    )
    account = snapshot(*changed(route_table(routes=(route("::/0", "eigw-1"),))))
    observations = {
        ("subnet-private", plain.id, "ipv4"): seen(Outcome.TIMEOUT, address="198.51.100.40"),
        ("subnet-private", plain.id, "ipv6"): seen(Outcome.DNS_NODATA),
    }
    case = case_of(account, targets=[plain, dual], observations=observations)
    out = find_ways_out(traced_as_seen(case))

    assert by_way(out)[Way.DUAL_STACK_NAME] == [
        f"ask s3.dualstack.{REGION}.amazonaws.com instead of s3.{REGION}.amazonaws.com"
    ]


def test_unread_part_of_the_way_is_never_proved() -> None:
    account = snapshot(
        *changed(route_table(routes=()), gone=("acl-1",)), gaps=(gap("ec2:DescribeNetworkAcls"),)
    )
    out = find_ways_out(case_of(account))

    assert out.fixes == ()
    assert {item.state for item in out.ways if item.way is Way.NAT_GATEWAY} == {WayState.NO_FIX}


def test_nothing_is_offered_where_everything_works() -> None:
    assert find_ways_out(case_of(snapshot(*changed()))) == WaysOut()


def test_absence_by_design_is_left_alone() -> None:
    """IPv4 works, the API has no AAAA record: nothing to mend."""
    out = find_ways_out(case_of(snapshot(*changed(IPV4_ONLY, function()))))

    assert out == WaysOut()


def test_packets_that_fail_where_configuration_is_open_have_no_fix() -> None:
    observations = {
        ("subnet-private", "api:abc123", family): seen(Outcome.TIMEOUT, address=address)
        for family, address in (("ipv4", "198.51.100.10"), ("ipv6", "3fff:a::10"))
    }
    out = find_ways_out(case_of(snapshot(*changed(API)), observations=observations))

    assert out.fixes == ()


def test_findings_name_the_fixes_that_open_their_paths() -> None:
    case = story()
    out = find_ways_out(case)
    findings = linked(examine(case), out.fixes)
    by_id = {fix.id: fix for fix in out.fixes}

    causes = [item for item in findings if item.role is Role.ROOT_CAUSE]
    assert causes
    for item in causes:
        assert item.fixes
        assert all(set(by_id[one].opens) & set(item.paths) for one in item.fixes)


@pytest.mark.parametrize("region", ["eu-west-1"])
def test_prices_of_other_regions_are_unknown(region: str) -> None:
    account = snapshot(
        *changed(route_table(routes=()), gone=("nat-1", "eigw-1")),
        region=region,
    )
    out = find_ways_out(case_of(account, targets=[service_target("ssm")], client="ipv4-only"))

    assert {item.standing_cost_usd_per_month for item in out.fixes} == {None}
