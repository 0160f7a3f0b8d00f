"""Mending the way there is: routes, tables, filters, gateways, names, and the way to peers."""

from __future__ import annotations

from netprobe.fixes.block import Block
from netprobe.fixes.proposals import propose
from netprobe.fixes.ways_out import find_ways_out
from netprobe.model.fix import Fix, Way
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
    api,
    dhcp_options,
    endpoint,
    entry,
    function,
    interface,
    internet_gateway,
    nat_gateway,
    network,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
    vpc,
)
from tests.unit.diagnosis.cases import case_of, changed, seen, target_of


def made(fix: Fix) -> list[str]:
    return [str(item) for item in fix.changes]


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
PRIVATE = api(
    "priv1",
    ApiKind.REST,
    endpoint_type="PRIVATE",
    vpc_endpoint_ids=("vpce-api",),
    policy='{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}',
)
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

    assert made(out.fixes[0]) == ["point the route 0.0.0.0/0 in rtb-private to nat-1 instead"]


def test_route_that_others_live_on_is_left_alone() -> None:
    """Replacing the internet gateway would take the internet from an instance beside."""
    neighbour = interface("eni-web", "10.0.1.9", public_addresses=(network("203.0.113.9/32")[0],))
    table = route_table(routes=(route("0.0.0.0/0", "igw-1"),))
    account = snapshot(*changed(table, neighbour, gone=("eigw-1",)))
    out = find_ways_out(case_of(account, client="ipv4-only"))

    assert out.fixes == ()


def test_resolver_is_switched_on() -> None:
    account = snapshot(*changed(vpc(enable_dns_support=False)))
    out = find_ways_out(case_of(account, client="ipv4-only"))

    assert [made(item) for item in out.fixes] == [["set enableDnsSupport of vpc-1"]]


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
    """Names cost a question to the resolver first, by udp and, for long answers, by tcp."""
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
        ["allow egress of udp 53 to sg-dns in sg-1", "allow egress of tcp 53 to sg-dns in sg-1"]
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
