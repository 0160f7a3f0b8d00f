"""One of every kind of resource, read out of AWS's answers; and each of their keys lost once."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from netprobe.aws.operations import OPERATIONS
from netprobe.model.addresses import parse_address, parse_network
from netprobe.model.interconnect import (
    PeeredVpc,
    TransitGatewayRoute,
    VpcPeeringConnection,
    VpnGateway,
)
from netprobe.model.names import DomainName, FirewallRule, ResolverRule, ResourceRecord
from netprobe.model.resources import (
    BlockMode,
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    EndpointService,
    Ipv6Block,
    PrefixList,
    RouteState,
    TargetKind,
)
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Database, Function, Instance, Listener
from tests.every_kind import ACCOUNT, OTHER_ACCOUNT, REGION, converted, every_answer, everything

Json = dict[str, Any]
net, at = parse_network, parse_address
CALLS = {operation.answer_name: operation.call for operation in OPERATIONS}


def test_nothing_is_left_unread() -> None:
    """The dump has an answer to every call."""
    assert everything().gaps == ()
    assert set(every_answer()) == set(CALLS)


def test_vpcs_are_read() -> None:
    """Standing blocks only, private IPv6 told apart, in the region of their subnets' zones."""
    first, second = everything().vpcs

    assert (first.name, first.region, first.ipv4_cidrs) == ("main", REGION, (net("10.0.0.0/16"),))
    assert (first.enable_dns_support, first.enable_dns_hostnames) == (True, False)
    assert first.block_public_access is BlockMode.OFF
    assert second.ipv6_blocks == (Ipv6Block(cidr=net("fd00:b::/56"), private=True),)
    assert second.enable_dns_support is None
    assert second.block_public_access is BlockMode.BLOCK_INGRESS


def test_subnets_are_read() -> None:
    """With zone, families and flags."""
    subnet = everything().subnet("subnet-private")

    assert (subnet.availability_zone_id, subnet.enable_dns64) == ("use1-az2", True)
    assert subnet.block_public_access is BlockMode.OFF


ROUTES = {
    "10.0.0.0/16": (TargetKind.LOCAL, "local"),
    "2001:db8:a::/56": (TargetKind.LOCAL, "local"),
    "0.0.0.0/0": (TargetKind.NAT_GATEWAY, "nat-1"),
    "::/0": (TargetKind.EGRESS_ONLY_INTERNET_GATEWAY, "eigw-1"),
    "64:ff9b::/96": (TargetKind.NAT_GATEWAY, "nat-1"),
    "10.1.0.0/16": (TargetKind.TRANSIT_GATEWAY, "tgw-1"),
    "10.3.0.0/16": (TargetKind.VPN_GATEWAY, "vgw-1"),
    "pl-s3": (TargetKind.VPC_ENDPOINT, "vpce-s3"),
    "10.9.0.0/16": (TargetKind.NAT_GATEWAY, "nat-gone"),
    "10.8.0.0/16": (TargetKind.NETWORK_INTERFACE, "eni-web"),
}


def test_routes_are_read() -> None:
    """Targets by the field that names them; propagated and blackholed ones told apart."""
    routes = everything().route_table("rtb-private").routes

    found = {str(i.destination or i.prefix_list_id): (i.target, i.target_id) for i in routes}
    assert found == ROUTES
    assert [str(i.destination) for i in routes if i.propagated] == ["10.3.0.0/16"]
    assert [i.target_id for i in routes if i.state is RouteState.BLACKHOLE] == ["nat-gone"]


def test_associations_are_read() -> None:
    """Of subnets, of gateways, and the main one."""
    snapshot = everything()

    assert snapshot.associated_route_table("subnet-public").route_table_id == "rtb-public"
    assert snapshot.gateway_route_table("igw-1").route_table_id == "rtb-edge"
    assert snapshot.main_route_table("vpc-b").route_table_id == "rtb-b"


def test_nat_gateways_are_read() -> None:
    """A regional one has zones, a table and maybe appliances, but no subnet."""
    zonal, regional = everything().nat_gateways

    assert (zonal.subnet_id, zonal.availability_mode) == ("subnet-public", "zonal")
    assert (regional.subnet_id, regional.availability_mode) == (None, "regional")
    assert (regional.route_table_id, regional.zones) == ("rtb-wide", frozenset({"use1-az1"}))
    assert (zonal.attached_appliances, regional.attached_appliances) == (False, True)
    assert (zonal.auto_provision_zones, regional.auto_provision_zones) == (None, False)


def test_interfaces_are_read() -> None:
    """With what makes one usable, and whose address the public one is."""
    snapshot = everything()
    web, endpoint = (snapshot.network_interface(f"eni-{name}") for name in ("web", "logs"))

    assert web.public_of == ((at("10.0.0.10"), at("203.0.113.10")),)
    assert web.addresses == (at("10.0.0.10"), at("2001:db8:a::10"))
    assert (web.attached, web.instance_id, web.owner_id) == (True, "i-web", ACCOUNT)
    assert (endpoint.attached, endpoint.deny_all_igw_traffic) == (None, True)
    assert snapshot.network_interface("eni-second").source_dest_check is False


def test_instances_are_read() -> None:
    """Their interfaces in the order of the devices."""
    assert everything().instance("i-client") == Instance(
        instance_id="i-client",
        vpc_id="vpc-a",
        subnet_id="subnet-private",
        network_interface_ids=("eni-client", "eni-second"),
        name="client",
    )
    assert everything().instance("i-b").state == "stopped"


def test_interfaces_are_known_from_their_instances() -> None:
    """Where they were not described themselves; there may be more, so that stays a gap."""
    answers = every_answer()
    del answers["DescribeNetworkInterfaces"]
    snapshot = converted(answers)

    found = {item.network_interface_id for item in snapshot.network_interfaces}
    assert found == {"eni-web", "eni-client", "eni-second", "eni-b"}
    assert snapshot.network_interface("eni-b").instance_id == "i-b"
    assert [gap.call for gap in snapshot.gaps] == ["ec2:DescribeNetworkInterfaces"]


def test_endpoints_are_read() -> None:
    """States in lower case, whatever the model says."""
    endpoint = everything().vpc_endpoint("vpce-logs")

    assert (endpoint.state, endpoint.private_dns_only_for_inbound) == ("available", False)
    assert (endpoint.service_region, endpoint.dns_record_ip_type) == (REGION, "ipv4")


def test_filters_are_read() -> None:
    """References through a peering keep it; ICMP has a type and a code."""
    snapshot = everything()
    rules = snapshot.security_group("sg-web").ingress

    assert [(i.group_id, i.group_peering_id) for i in rules[:2]] == [
        ("sg-client", None),
        ("sg-far", "pcx-1"),
    ]
    assert (rules[2].icmp, rules[3].prefix_list_id) == ((8, -1), "pl-own")
    entries = snapshot.network_acl_of("subnet-b").entries
    assert [(i.rule_number, i.allow, str(i.ports), i.icmp) for i in entries if not i.egress] == [
        (90, False, "0-65535", None),
        (100, True, "443", None),
        (110, True, "0-65535", (8, -1)),
        (32767, False, "0-65535", None),
    ]


def test_transit_gateways_are_read() -> None:
    """Attachments with all that three calls tell of them; routes that stand."""
    snapshot = everything()
    (table, other) = snapshot.transit_gateway_route_tables
    (attachment,) = snapshot.attachments_of_vpc("tgw-1", "vpc-a")
    peer = snapshot.transit_gateway_attachment("tgw-attach-peer")

    assert snapshot.transit_gateways[0].security_group_referencing is True
    assert (attachment.subnet_ids, attachment.route_table_id) == (("subnet-private",), "tgw-rtb-1")
    assert (attachment.ipv6_support, attachment.security_group_referencing) == (True, True)
    assert (peer.peer_transit_gateway_id, peer.peer_region) == ("tgw-far", "eu-west-1")
    assert peer.route_table_id is None
    assert table.attachment_ids == frozenset({"tgw-attach-a", "tgw-attach-b"})
    assert table.routes[0] == TransitGatewayRoute(
        destination=net("10.0.0.0/16"),
        attachment_ids=("tgw-attach-a",),
        propagated=True,
        resource_type="vpc",
    )
    assert [item.blackhole for item in table.routes] == [False, False, True]
    assert (other.routes, other.routes_read, other.attachment_ids) == ((), True, frozenset())


def test_associations_of_attachments_are_enough() -> None:
    """The tables need not be asked where the attachments tell theirs."""
    answers = every_answer()
    del answers["GetTransitGatewayRouteTableAssociations"]

    assert converted(answers) == everything()


VALUES: dict[str, tuple[Callable[[Snapshot], Any], Any]] = {
    "peering": (lambda i: i.peering("pcx-1"), VpcPeeringConnection(
        vpc_peering_connection_id="pcx-1", status="active",
        requester=PeeredVpc(vpc_id="vpc-a", owner_id=ACCOUNT, region=REGION,
                            cidrs=(net("10.0.0.0/16"), net("2001:db8:a::/56"))),
        accepter=PeeredVpc(vpc_id="vpc-c", owner_id=OTHER_ACCOUNT, region=REGION,
                           cidrs=(net("10.2.0.0/16"),)))),
    "VPN gateway": (lambda i: i.vpn_gateway("vgw-1"),
                    VpnGateway(vpn_gateway_id="vgw-1", attached_vpc_ids=frozenset({"vpc-a"}))),
    "block public access": (lambda i: i.block_public_access, (BlockPublicAccess(
        mode=BlockMode.BLOCK_INGRESS, account=ACCOUNT, region=REGION,
        exclusions=(BlockPublicAccessExclusion(resource_id="vpc-a", mode="allow-bidirectional"),),
    ),)),
    "AWS's prefix list": (lambda i: i.prefix_list("pl-s3"), PrefixList(
        prefix_list_id="pl-s3", name=f"com.amazonaws.{REGION}.s3",
        cidrs=(net("198.51.100.64/26"),))),
    "own prefix list": (lambda i: i.prefix_list("pl-own"), PrefixList(
        prefix_list_id="pl-own", name="offices", cidrs=(net("192.0.2.0/24"),))),
    "endpoint service": (lambda i: i.endpoint_services, (EndpointService(
        service_name=f"com.amazonaws.{REGION}.logs", service_types=frozenset({"Interface"}),
        private_dns_names=(f"logs.{REGION}.amazonaws.com",),
        ip_address_types=frozenset({"ipv4", "ipv6"})),)),
    "zone": (lambda i: (i.hosted_zones[0].name, i.hosted_zones[0].vpc_ids),
             ("corp.example", frozenset({"vpc-a", "vpc-c"}))),
    "records": (lambda i: i.hosted_zones[0].records, (
        ResourceRecord(name="db.corp.example", type="A", values=("10.0.1.10",)),
        ResourceRecord(name="*.corp.example", type="A", alias_target="shop.elb.amazonaws.com"),
        ResourceRecord(name="w.corp.example", type="A", values=("10.0.1.11",), decided=False))),
    "zone of a service": (lambda i: i.hosted_zones[1].records_read, False),
    "resolver rule": (lambda i: i.resolver_rules[0], ResolverRule(
        resolver_rule_id="rslvr-rr-1", domain_name="corp.example", rule_type="FORWARD",
        target_addresses=(at("10.0.1.53"), at("2001:db8:a:1::53")),
        vpc_ids=frozenset({"vpc-a"}))),
    "root rule": (lambda i: i.resolver_rules[1].domain_name, ""),
    "firewall": (lambda i: i.firewall_rules, (
        FirewallRule(vpc_id="vpc-a", priority=(101, 1), action="BLOCK", block_response="OVERRIDE",
                     domains=("bad.example", "*.worse.example"), query_type="AAAA",
                     rule_group_id="rslvr-frg-1", override_domain="sink.example"),
        FirewallRule(vpc_id="vpc-a", priority=(101, 2), action="ALERT", domains=None,
                     rule_group_id="rslvr-frg-1", trusts_redirection=True))),
    "domain names": (lambda i: i.domain_names, (
        DomainName(domain_name="api.corp.example", ip_address_type="dualstack",
                   target_names=("d-1.execute-api.example",), api_ids=("rest1",)),
        DomainName(domain_name="ws.corp.example", api_ids=("ws1",),
                   target_names=("d-2.execute-api.example",)))),
    "DHCP options": (lambda i: i.dhcp_options[0].domain_name_servers,
                     ("10.0.1.53", "AmazonProvidedDNS")),
    "function": (lambda i: i.functions, (Function(
        function_name="push", function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:push",
        vpc_id="vpc-a", subnet_ids=("subnet-private",), security_group_ids=("sg-client",),
        ipv6_allowed=True, runtime="python3.12", timeout_seconds=10, state="Active",
        last_update_status="Failed", last_update_reason_code="EniLimitExceeded",
        last_update_reason="The account's quota of network interfaces is used up.",
        role_arn=f"arn:aws:iam::{ACCOUNT}:role/service/push-role"),)),
    "role": (lambda i: [(item.key, item.complete, len(item.policies)) for item in i.role_policies],
             [(f"{ACCOUNT}/push-role", True, 2)]),
    "bucket": (lambda i: "s3:GetObject" in (i.bucket_policies[0].policy or ""), True),
    "load balancer": (lambda i: (i.load_balancers[0].dns_name, i.load_balancers[0].listeners),
                      ("shop.elb.amazonaws.com", (Listener(port=443, protocol="HTTPS"),))),
    "databases": (lambda i: i.databases, (
        Database(database_arn=f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:graph", engine="neptune",
                 host=f"graph.cluster-c1abcdefghij.{REGION}.neptune.amazonaws.com", port=8182,
                 group_ids=("sg-web",), status="available"),
        Database(database_arn=f"arn:aws:rds:{REGION}:{ACCOUNT}:db:orders", engine="postgres",
                 host=f"orders.c1abcdefghij.{REGION}.rds.amazonaws.com", port=5432,
                 group_ids=("sg-web",), status="available"))),
    "stages": (lambda i: [item.stages for item in i.apis], [("prod",), ("live",)]),
}  # fmt: skip


@pytest.mark.parametrize(("look_up", "expected"), VALUES.values(), ids=VALUES)
def test_value_is_read(look_up: Callable[[Snapshot], Any], expected: Any) -> None:
    """Out of AWS's own JSON."""
    assert look_up(everything()) == expected


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"GetTransitGatewayRouteTableAssociations",
                                        "DescribePrefixLists", "GetHostedZone",
                                        "GetBasePathMappings", "GetApiMappings"}))  # fmt: skip
def test_call_nobody_made_is_a_gap(name: str) -> None:
    """Of that call; the five left out repeat what others tell, as either kind of mapping does."""
    answers = every_answer()
    del answers[name]

    assert CALLS[name] in {gap.call for gap in converted(answers).gaps}
    assert not any(gap.asked for gap in converted(answers).gaps)


def spots(value: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where every key of every object is."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(key, str):
            yield (*here, key)
        if isinstance(inner, dict | list):
            yield from spots(inner, (*here, key))


def spoil(answers: Json, spot: tuple[str | int, ...], value: Any) -> None:
    """Put a value at a spot, or take the key away."""
    holder: Any = answers
    for key in spot[:-1]:
        holder = holder[key]
    if value is ...:
        del holder[spot[-1]]
    else:
        holder[spot[-1]] = value


@pytest.mark.parametrize("name", sorted(CALLS))
@pytest.mark.parametrize("value", [..., None, [[]]], ids=repr)
def test_spoiled_key_leaves_gaps_of_its_own_call_only(name: str, value: Any) -> None:
    """Every key of every answer, lost, null or of a wrong type: never an exception."""
    whole = every_answer()
    for spot in spots(whole[name]):
        answers = whole | {name: copy.deepcopy(whole[name])}
        spoil(answers, (name, *spot), value)
        calls = {gap.call for gap in converted(answers).gaps if gap.asked}

        assert calls <= {CALLS[name]} | DEPENDENT.get(name, set()), spot


DEPENDENT: dict[str, set[str]] = {
    "ListFirewallRuleGroupAssociations": {"route53resolver:ListFirewallRules"},
    "ListHostedZonesByVPC": {"route53:ListResourceRecordSets"},
}
"""Calls whose subjects come out of other answers."""


def interfaces(*changes: Json) -> tuple[list[str], int]:
    """Return ids and gaps of interfaces, each the same but for its changes; None is absent."""
    plain = {"VpcId": "v", "SubnetId": "s", "Groups": [], "Status": "in-use"}
    items = [
        {key: value for key, value in (plain | change).items() if value is not None}
        | {"NetworkInterfaceId": f"eni-{number}"}
        for number, change in enumerate(changes)
    ]
    changed = {
        "DescribeNetworkInterfaces": {"NetworkInterfaces": items},
        "DescribeInstances": {"Reservations": []},
    }
    snapshot = converted(every_answer() | changed)
    return [item.network_interface_id for item in snapshot.network_interfaces], len(snapshot.gaps)


LOST = [
    (({"Status": None}, {"Status": None}), (["eni-0", "eni-1"], 0)),
    (({"Status": None}, {}), (["eni-1"], 1)),
    (({"InterfaceType": "lambda"}, {}), (["eni-0", "eni-1"], 0)),
    (({"InterfaceType": "lambda"}, {"RequesterManaged": True}), (["eni-0"], 1)),
    (({"RequesterId": "amazon-elb"}, {}), (["eni-0", "eni-1"], 0)),
    (({"Groups": None}, {}), (["eni-1"], 1)),
]


@pytest.mark.parametrize(("changes", "expected"), LOST)
def test_key_is_lost_only_beside_others_that_have_it(
    changes: tuple[Json, ...], expected: tuple[list[str], int]
) -> None:
    """A dump may be older than the key, or leave the ordinary out; groups it never does."""
    assert interfaces(*changes) == expected


BARE = {
    "InstanceId": "i-bare",
    "VpcId": "vpc-a",
    "SubnetId": "subnet-private",
    "PrivateIpAddress": "10.0.1.77",
    "PublicIpAddress": "203.0.113.77",
    "SecurityGroups": [{"GroupId": "sg-web"}],
}


def with_bare(changes: Json, interfaces: list[Json] | None) -> Snapshot:
    """Return a dump whose one instance lists no interfaces; without interfaces, none were read."""
    answers = every_answer() | {
        "DescribeInstances": {"Reservations": [{"Instances": [BARE | changes]}]},
        "DescribeNetworkInterfaces": {"NetworkInterfaces": interfaces},
    }
    return converted(answers)


def test_instance_without_a_list_has_the_interface_it_tells_itself() -> None:
    """Under its own id, as nothing else is known of the interface; others stay unread."""
    snapshot = with_bare({}, None)
    found = snapshot.network_interface("i-bare")

    assert snapshot.instance("i-bare").network_interface_ids == ("i-bare",)
    assert (found.subnet_id, found.group_ids) == ("subnet-private", ("sg-web",))
    assert found.public_of == ((at("10.0.1.77"), at("203.0.113.77")),)
    assert [gap.call for gap in snapshot.gaps] == ["ec2:DescribeNetworkInterfaces"]


def test_instance_without_a_list_has_the_listed_interface_at_its_address() -> None:
    """An old or trimmed dump lacks the attachments too; one address of a subnet is enough."""
    listed = {"NetworkInterfaceId": "eni-bare", "VpcId": "vpc-a", "SubnetId": "subnet-private",
              "PrivateIpAddress": "10.0.1.77", "Groups": []}  # fmt: skip
    snapshot = with_bare({}, [listed])

    assert snapshot.instance("i-bare").network_interface_ids == ("eni-bare",)
    assert [item.instance_id for item in snapshot.network_interfaces] == ["i-bare"]


@pytest.mark.parametrize("lost", ["SubnetId", "PrivateIpAddress", "SecurityGroups"])
def test_instance_that_tells_too_little_has_no_interface(lost: str) -> None:
    """Nothing is made up: the interface stays unread."""
    snapshot = with_bare({lost: None}, None)

    assert snapshot.instance("i-bare").network_interface_ids == ()
    assert snapshot.network_interfaces == ()


def test_state_of_instances_is_lost_only_beside_others_that_have_it() -> None:
    """Where none tells it, the dump leaves the ordinary out."""
    stateless = with_bare({}, None)
    answers = every_answer()
    answers["DescribeInstances"]["Reservations"].append({"Instances": [BARE]})
    beside = converted(answers)

    assert stateless.instance("i-bare").state == "running"
    assert beside.instance("i-bare") is None
    assert [gap.call for gap in beside.gaps] == ["ec2:DescribeInstances"]


def test_public_address_may_be_told_of_the_interface_only() -> None:
    """It is then its primary address's, wherever that stands in the list."""
    item = {"NetworkInterfaceId": "eni-0", "VpcId": "v", "SubnetId": "s", "Groups": [],
            "Association": {"PublicIp": "203.0.113.9"}, "PrivateIpAddresses": [
                {"PrivateIpAddress": "10.0.1.8"},
                {"PrivateIpAddress": "10.0.1.9", "Primary": True}]}  # fmt: skip
    (found,) = with_bare({"SubnetId": None}, [item]).network_interfaces

    assert found.public_of == ((at("10.0.1.9"), at("203.0.113.9")),)
