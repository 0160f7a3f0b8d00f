"""What is offered for whole VPCs that fail: every way, the smallest set, proved and ranked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.analysis.tracer import Tracer
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.examine import examine
from netprobe.fixes.block import Block
from netprobe.fixes.proposals import propose
from netprobe.fixes.retrace import World, is_open, trace_target
from netprobe.fixes.ways_out import WaysOut, find_ways_out, linked
from netprobe.model.finding import Role
from netprobe.model.fix import Fix, Way, WayState
from netprobe.model.interconnect import (
    PeeredVpc,
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayRoute,
    TransitGatewayRouteTable,
    VpcPeeringConnection,
)
from netprobe.model.observation import Outcome
from netprobe.model.resources import BlockMode, BlockPublicAccess
from netprobe.model.trace import Reason
from netprobe.model.workloads import ApiKind
from tests.builders import (
    REGION,
    api,
    dhcp_options,
    endpoint,
    endpoint_service,
    entry,
    function,
    gap,
    gateway_endpoint,
    interface,
    internet_gateway,
    nat_gateway,
    network,
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
from tests.unit.diagnosis.cases import API, case_of, changed, seen, service_target, target_of

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
        "PrivateLink serves private REST APIs only, never a WebSocket API"
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
        "replace the route 0.0.0.0/0 -> new-nat in rtb-private",
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


def test_entry_of_a_network_acl_comes_before_the_one_that_denies() -> None:
    acl = network_acl(
        entries=(
            entry(100, "allow", egress=True),
            entry(50, "deny", port="1024-65535"),
            entry(100, "allow"),
        )
    )
    out = find_ways_out(case_of(snapshot(*changed(acl)), client="ipv4-only"))

    assert [made(item) for item in out.fixes] == [
        ["add entry 40 to acl-1: allow ingress of tcp 1024-65535 from 0.0.0.0/0"]
    ]


def test_subnet_follows_the_table_of_one_that_works() -> None:
    """The smallest mend where one of a function's subnets has the wrong table."""
    second = subnet("subnet-b", "10.0.2.0/24", "2001:db8:1:2::/64")
    acl = network_acl(subnets=("subnet-private", "subnet-public", "subnet-b"))
    account = snapshot(
        *changed(
            second,
            acl,
            function(subnet_ids=("subnet-private", "subnet-b")),
        )
    )
    case = case_of(account, sources=[source(), source("subnet-b")], client="ipv4-only")
    out = find_ways_out(case)

    mended = next(item for item in out.fixes if item.way is Way.REPAIR)
    assert made(mended) == ["associate subnet-b with rtb-private"]
    assert [str(item) for item in mended.opens] == ["subnet-b -> api:abc123 (ipv4)"]


REST = api("rest1", ApiKind.REST, stages=("prod",))
PRIVATE = api("priv1", ApiKind.REST, endpoint_type="PRIVATE", vpc_endpoint_ids=("vpce-api",))
CAPTOR = (
    endpoint("vpce-api", network_interface_ids=("eni-api",), group_ids=("sg-1",)),
    interface("eni-api", "10.0.1.70", interface_type="vpc_endpoint", group_ids=("sg-1",)),
    security_group(ingress=(rule("10.0.0.0/16"),), egress=(rule("0.0.0.0/0"),)),
)
"""Private DNS of an execute-api endpoint, which answers for every API of the region."""


def test_captured_name_is_given_back() -> None:
    """By the endpoint that answers for an API that it cannot serve."""
    account = snapshot(*changed(*CAPTOR, REST))
    out = find_ways_out(case_of(account, targets=[target_of(REST)], client="ipv4-only"))

    assert [made(item) for item in out.fixes] == [["switch private DNS of vpce-api off"]]


def test_set_that_closes_another_asked_path_is_not_offered() -> None:
    """A private API needs the very names that a public one wants back."""
    account = snapshot(*changed(*CAPTOR, REST, PRIVATE))
    targets = [target_of(REST), target_of(PRIVATE)]
    out = find_ways_out(case_of(account, targets=targets, client="ipv4-only"))

    assert out.fixes == ()


def test_nat_gateway_whose_subnet_has_no_way_out_gets_one() -> None:
    account = snapshot(
        *changed(route_table("rtb-public", (), ("subnet-public",)), internet_gateway())
    )
    out = find_ways_out(case_of(account, client="ipv4-only"))

    assert made(out.fixes[0]) == ["add the route 0.0.0.0/0 -> igw-1 in rtb-public"]


def test_gateway_that_was_detached_is_attached_again() -> None:
    """The one that the NAT gateway's own table leads to."""
    account = snapshot(*changed(internet_gateway("igw-1", None)))
    out = find_ways_out(case_of(account, client="ipv4-only"))

    assert made(out.fixes[0]) == ["attach igw-1 to vpc-1"]


def test_peered_vpc_gets_its_routes_there_and_back() -> None:
    far = (
        vpc("vpc-2", ("10.9.0.0/16",), ()),
        subnet("subnet-far", "10.9.1.0/24", None, vpc_id="vpc-2"),
        route_table(
            "rtb-far", (route("10.9.0.0/16", "local"),), ("subnet-far",), vpc_id="vpc-2",
            local=False,
        ),
        network_acl("acl-2", subnets=("subnet-far",), vpc_id="vpc-2"),
        interface(
            "eni-db", "10.9.1.9", subnet_id="subnet-far", vpc_id="vpc-2", group_ids=("sg-db",)
        ),
        security_group("sg-db", ingress=(rule("10.0.0.0/16"),), vpc_id="vpc-2"),
        VpcPeeringConnection(
            vpc_peering_connection_id="pcx-1",
            status="active",
            requester=PeeredVpc(vpc_id="vpc-1", cidrs=(network("10.0.0.0/16"),)),
            accepter=PeeredVpc(vpc_id="vpc-2", cidrs=(network("10.9.0.0/16"),)),
        ),
    )  # fmt: skip
    database = target_of(id="db", given="tcp://10.9.1.9:5432", host="10.9.1.9", port=5432)
    account = snapshot(*changed(route_table(routes=()), *far))
    out = find_ways_out(case_of(account, targets=[database], client="ipv4-only"))

    assert [sorted(made(item)) for item in out.fixes] == [
        [
            "add the route 10.0.0.0/16 -> pcx-1 in rtb-far",
            "add the route 10.9.0.0/16 -> pcx-1 in rtb-private",
        ]
    ]


def test_dead_route_is_replaced_by_one_to_a_gateway_that_lives() -> None:
    dead = route("0.0.0.0/0", "nat-9", "blackhole")
    account = snapshot(*changed(route_table(routes=(dead,)), nat_gateway()))
    out = find_ways_out(case_of(account, client="ipv4-only"))

    assert made(out.fixes[0]) == ["replace the route 0.0.0.0/0 -> nat-1 in rtb-private"]


def test_route_that_others_live_on_is_left_alone() -> None:
    """Replacing the internet gateway would take the internet from an instance beside."""
    neighbour = interface("eni-web", "10.0.1.9", public_addresses=(network("203.0.113.9/32")[0],))
    table = route_table(routes=(route("0.0.0.0/0", "igw-1"),))
    account = snapshot(*changed(table, neighbour, gone=("eigw-1",)))
    out = find_ways_out(case_of(account, client="ipv4-only"))

    assert out.fixes == ()


def test_unread_part_of_the_way_is_never_proved() -> None:
    account = snapshot(
        *changed(route_table(routes=()), gone=("acl-1",)), gaps=(gap("ec2:DescribeNetworkAcls"),)
    )
    out = find_ways_out(case_of(account))

    assert out.fixes == ()
    assert {item.state for item in out.ways if item.way is Way.NAT_GATEWAY} == {WayState.NO_FIX}


def test_resolver_is_switched_on() -> None:
    account = snapshot(*changed(vpc(enable_dns_support=False)))
    out = find_ways_out(case_of(account, client="ipv4-only"))

    assert [made(item) for item in out.fixes] == [["set enableDnsSupport of vpc-1"]]


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


def test_block_public_access_leaves_just_the_subnet_alone_and_only_outwards() -> None:
    """The NAT gateway's, whose subnet the flow leaves the VPC from."""
    closed = BlockPublicAccess(mode=BlockMode.BLOCK_BIDIRECTIONAL)
    out = find_ways_out(case_of(snapshot(*changed(closed)), client="ipv4-only"))

    assert made(out.fixes[0]) == [
        "exclude subnet-public from VPC Block Public Access (allow-egress)"
    ]


def test_block_public_access_that_was_not_read_is_not_touched() -> None:
    closed = vpc(block_public_access=BlockMode.BLOCK_BIDIRECTIONAL)
    out = find_ways_out(case_of(snapshot(*changed(closed)), client="ipv4-only"))

    assert not any("exclude" in change for fix in out.fixes for change in made(fix))


def test_own_resolver_is_let_through() -> None:
    """Names cost udp to the resolver first; its address is known, so only that is allowed."""
    account = snapshot(
        *changed(
            vpc(dhcp_options_id="dopt-1"),
            dhcp_options("10.0.9.53"),
            interface("eni-dns", "10.0.9.53", subnet_id="subnet-public", group_ids=("sg-dns",)),
            security_group("sg-dns", ingress=(rule("10.0.0.0/16"),)),
            security_group(egress=(rule("0.0.0.0/0", "443"), rule("::/0", "443"))),
        )
    )
    observations = {
        ("subnet-private", "api:abc123", "ipv4"): seen(Outcome.DNS_TIMEOUT),
    }
    case = case_of(account, observations=observations, client="ipv4-only")
    trace = case.paths[0].trace
    assert trace is not None
    block = Block(
        snapshot=account,
        key=case.paths[0].key,
        source=source(),
        target=target_of(),
        trace=trace,
        blocker=next(i for i in trace.blockers if i.reason is Reason.NO_RESOLVER),
    )

    assert [[str(i) for i in found] for found in propose(block, None)] == [
        ["allow egress of udp 53 to sg-dns in sg-1"]
    ]


def test_transit_gateway_gets_its_routes_there_and_back() -> None:
    """What the gateway's own table knows, and no more."""
    far = (
        vpc("vpc-2", ("10.9.0.0/16",), ()),
        subnet("subnet-far", "10.9.1.0/24", None, vpc_id="vpc-2"),
        route_table(
            "rtb-far",
            (route("10.9.0.0/16", "local"),),
            ("subnet-far",),
            vpc_id="vpc-2",
            local=False,
        ),
        network_acl("acl-2", subnets=("subnet-far",), vpc_id="vpc-2"),
        interface(
            "eni-db", "10.9.1.9", subnet_id="subnet-far", vpc_id="vpc-2", group_ids=("sg-db",)
        ),
        security_group("sg-db", ingress=(rule("10.0.0.0/16"),), vpc_id="vpc-2"),
        TransitGateway(transit_gateway_id="tgw-1"),
        *(
            TransitGatewayAttachment(
                attachment_id=f"tgw-attach-{number}",
                transit_gateway_id="tgw-1",
                resource_type="vpc",
                resource_id=f"vpc-{number}",
                subnet_ids=(subnet_id,),
                route_table_id="tgw-rtb-1",
            )
            for number, subnet_id in ((1, "subnet-private"), (2, "subnet-far"))
        ),
        TransitGatewayRouteTable(
            route_table_id="tgw-rtb-1",
            transit_gateway_id="tgw-1",
            attachment_ids=frozenset({"tgw-attach-1", "tgw-attach-2"}),
            routes=(
                transit_route("10.0.0.0/16", "tgw-attach-1"),
                transit_route("10.9.0.0/16", "tgw-attach-2"),
            ),
        ),
    )
    database = target_of(id="db", given="tcp://10.9.1.9:5432", host="10.9.1.9", port=5432)
    account = snapshot(*changed(route_table(routes=()), *far))
    out = find_ways_out(case_of(account, targets=[database], client="ipv4-only"))

    assert [sorted(made(item)) for item in out.fixes] == [
        [
            "add the route 10.0.0.0/16 -> tgw-1 in rtb-far",
            "add the route 10.9.0.0/16 -> tgw-1 in rtb-private",
        ]
    ]


def transit_route(destination: str, attachment: str) -> TransitGatewayRoute:
    return TransitGatewayRoute(
        destination=network(destination), attachment_ids=(attachment,), resource_type="vpc"
    )
