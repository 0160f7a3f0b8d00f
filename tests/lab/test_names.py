"""What names a function in the lab's VPCs can resolve, and to what, as AWS documents it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground

pytestmark = pytest.mark.lab

WEB = "www.example.com"
API = f"api.{REGION}.amazonaws.com"
NONE = {socket.EAI_NODATA, socket.EAI_NONAME}


@pytest.fixture(autouse=True)
def resolver_left_as_found(shared_lab: RunningLab) -> Iterator[None]:
    """A region has four resolver endpoints at most (its quota): give back what a test took."""
    yield
    resolver = shared_lab.client("route53resolver")
    for item in resolver.list_resolver_rule_associations()["ResolverRuleAssociations"]:
        resolver.disassociate_resolver_rule(
            VPCId=item["VPCId"], ResolverRuleId=item["ResolverRuleId"]
        )
        resolver.delete_resolver_rule(ResolverRuleId=item["ResolverRuleId"])
    for item in resolver.list_resolver_endpoints()["ResolverEndpoints"]:
        resolver.delete_resolver_endpoint(ResolverEndpointId=item["Id"])


def zone(ground: Ground, name: str, *, private: bool = True) -> str:
    """Return a hosted zone, a private one associated with the VPC."""
    vpc = {"VPC": {"VPCRegion": REGION, "VPCId": ground.vpc}} if private else {}
    made = ground.lab.client("route53").create_hosted_zone(
        Name=name,
        CallerReference=f"{name}-{ground.number}-{private}",
        HostedZoneConfig={"PrivateZone": private, "Comment": ""},
        **vpc,
    )
    return str(made["HostedZone"]["Id"])


def record(ground: Ground, zone_id: str, name: str, kind: str, *values: str, **more: Any) -> None:
    held: dict[str, Any] = {"Name": name, "Type": kind} | more
    if values:
        held |= {"TTL": 5, "ResourceRecords": [{"Value": value} for value in values]}
    ground.lab.client("route53").change_resource_record_sets(
        HostedZoneId=zone_id,
        ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": held}]},
    )


def names(ground: Ground, host: str, function: str | None = None) -> tuple[Any, Any]:
    """Return what a host resolves to, per family."""
    seen = ground.look(host, function=function, timeout=0.1)
    return seen["ipv4"]["dns"], seen["ipv6"]["dns"]


def test_private_zone_answers_in_its_vpc_and_nowhere_else(ground: Ground) -> None:
    """Its records win over public DNS, wildcards and CNAMEs included."""
    own = zone(ground, "example.com")
    record(ground, own, "www.example.com", "A", "10.7.1.77")
    record(ground, own, "*.apps.example.com", "AAAA", "2001:db8::7")
    record(ground, own, "old.example.com", "CNAME", "www.example.com")
    function = ground.function()

    assert names(ground, WEB, function)[0] == ["10.7.1.77"]
    assert names(ground, WEB, function)[1] in NONE  # NODATA: public DNS has an AAAA, unasked
    assert names(ground, "a.apps.example.com", function)[1] == ["2001:db8::7"]
    assert names(ground, "old.example.com", function)[0] == ["10.7.1.77"]
    assert names(ground, "v4.example.com", function)[0] == socket.EAI_NONAME
    assert names(Ground(ground.lab), WEB) == (["192.0.2.80"], ["3fff:c::80"])


def test_private_zone_needs_both_dns_attributes(ground: Ground) -> None:
    record(ground, zone(ground, "example.com"), WEB, "A", "10.7.1.77")
    ground.ec2.modify_vpc_attribute(VpcId=ground.vpc, EnableDnsHostnames={"Value": False})

    assert names(ground, WEB)[0] == ["192.0.2.80"]


def test_most_specific_zone_answers(ground: Ground) -> None:
    """A zone for one name leaves its neighbours to public DNS."""
    record(ground, zone(ground, "www.example.com"), WEB, "A", "10.7.1.78")
    function = ground.function()

    assert names(ground, WEB, function)[0] == ["10.7.1.78"]
    assert names(ground, "refuses.example.com", function)[0] == ["192.0.2.82"]


def test_public_zone_resolves_for_everybody(ground: Ground) -> None:
    own = zone(ground, f"v{ground.number}.example.net", private=False)
    host = f"www.v{ground.number}.example.net"
    record(ground, own, host, "A", "192.0.2.99", "192.0.2.98")
    function = ground.function()

    assert names(ground, host, function) == (["192.0.2.98", "192.0.2.99"], socket.EAI_NODATA)
    assert names(ground, f"x.{host}", function)[0] == socket.EAI_NONAME


def dhcp(ground: Ground, *servers: str) -> None:
    options = ground.ec2.create_dhcp_options(
        DhcpConfigurations=[{"Key": "domain-name-servers", "Values": list(servers)}]
    )["DhcpOptions"]["DhcpOptionsId"]
    ground.ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=ground.vpc)


def server(ground: Ground, address: str) -> str:
    """Return the group of an interface at an address where the world has a DNS server."""
    subnet, _ = ground.new_subnet(50)
    group = ground.new_group("dns")
    ground.ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress=address, Groups=[group])
    return group


def admit_dns(ground: Ground, group: str, cidr: str = "10.7.0.0/16") -> None:
    for protocol in ("udp", "tcp"):
        ground.ec2.authorize_security_group_ingress(
            GroupId=group,
            IpPermissions=[
                {
                    "IpProtocol": protocol,
                    "FromPort": 53,
                    "ToPort": 53,
                    "IpRanges": [{"CidrIp": cidr}],
                }
            ],
        )


def test_interface_of_a_server_of_the_world_is_in_use(ground: Ground) -> None:
    """Configuration must not say of a server that answers that nothing is there."""
    server(ground, "10.7.50.10")
    ground.ec2.create_network_interface(SubnetId=ground.subnet)
    found = ground.ec2.describe_network_interfaces()["NetworkInterfaces"]

    status = {item["PrivateIpAddress"] == "10.7.50.10": item["Status"] for item in found}
    assert status == {True: "in-use", False: "available"}


def test_custom_resolver_is_asked_through_the_vpc(ground: Ground) -> None:
    """DHCP options name it; its group must admit the query, unlike with Amazon's resolver."""
    group = server(ground, "10.7.50.10")
    dhcp(ground, "10.7.50.10")
    record(ground, zone(ground, "example.com"), WEB, "A", "10.7.1.79")
    function = ground.function()
    closed = names(ground, WEB, function)
    admit_dns(ground, group)

    assert closed == (socket.EAI_AGAIN, socket.EAI_AGAIN)
    assert names(ground, WEB, function)[0] == ["10.7.1.79"]


def test_custom_resolver_that_asks_public_dns_knows_no_private_zone(ground: Ground) -> None:
    admit_dns(ground, server(ground, "10.7.50.11"))
    dhcp(ground, "10.7.50.11")
    record(ground, zone(ground, "example.com"), WEB, "A", "10.7.1.79")

    assert names(ground, WEB)[0] == ["192.0.2.80"]


def test_custom_resolver_that_asks_nobody_knows_no_name(ground: Ground) -> None:
    admit_dns(ground, server(ground, "10.7.50.12"))
    dhcp(ground, "10.7.50.12")

    assert names(ground, WEB)[0] == socket.EAI_NONAME


def test_resolver_address_with_nothing_behind_it_is_silent(ground: Ground) -> None:
    """And Amazon's own, named after it, is asked next."""
    function = ground.function()
    dhcp(ground, "10.7.50.10")
    alone = names(ground, WEB, function)[0]
    dhcp(ground, "10.7.50.10", "AmazonProvidedDNS")

    assert alone == socket.EAI_AGAIN
    assert names(ground, WEB, function)[0] == ["192.0.2.80"]


def test_dns64_makes_addresses_for_names_that_have_none(ground: Ground) -> None:
    """Of the subnet that asks; a name with an AAAA keeps it, and NXDOMAIN stays."""
    function = ground.function()
    before = names(ground, "v4.example.com", function)[1]
    ground.ec2.modify_subnet_attribute(SubnetId=ground.subnet, EnableDns64={"Value": True})

    assert before in NONE
    assert names(ground, "v4.example.com", function)[1] == ["64:ff9b::c000:251"]
    assert names(ground, WEB, function)[1] == ["3fff:c::80"]
    assert names(ground, "nosuch.example.com", function)[1] == socket.EAI_NONAME


def rule(ground: Ground, domain: str, *targets: str, kind: str = "FORWARD") -> None:
    resolver = ground.lab.client("route53resolver")
    unique = f"{ground.number}-{domain}-{kind}"
    more: dict[str, Any] = {}
    if kind == "FORWARD":
        more = {
            "TargetIps": [{"Ip": target, "Port": 53} for target in targets],
            "ResolverEndpointId": outbound(ground),
        }
    made = resolver.create_resolver_rule(
        CreatorRequestId=unique, RuleType=kind, DomainName=domain, **more
    )
    resolver.associate_resolver_rule(
        ResolverRuleId=made["ResolverRule"]["Id"], VPCId=ground.vpc, Name=f"r{ground.number}"
    )


def outbound(ground: Ground) -> str:
    """Return an outbound resolver endpoint in two subnets of the VPC."""
    return resolver_endpoint(ground, "OUTBOUND", ground.new_group("outbound"))


def resolver_endpoint(ground: Ground, direction: str, group: str) -> str:
    subnets = [ground.new_subnet(number, zone)[0] for number, zone in ((60, "a"), (61, "b"))]
    made = ground.lab.client("route53resolver").create_resolver_endpoint(
        CreatorRequestId=str(ground.number),
        SecurityGroupIds=[group],
        Direction=direction,
        IpAddresses=[
            {"SubnetId": subnet, "Ip": f"10.7.{number}.10"}
            for subnet, number in zip(subnets, (60, 61), strict=True)
        ],
    )
    return str(made["ResolverEndpoint"]["Id"])


def test_forward_rule_sends_queries_to_its_target(ground: Ground) -> None:
    """From the outbound endpoint's interface; it wins over a private zone of the same name."""
    admit_dns(ground, server(ground, "10.7.50.11"))
    record(ground, zone(ground, "example.com"), WEB, "A", "10.7.1.80")
    function = ground.function()
    before = names(ground, WEB, function)[0]
    rule(ground, "example.com", "10.7.50.11")

    assert before == ["10.7.1.80"]
    assert names(ground, WEB, function) == (["192.0.2.80"], ["3fff:c::80"])


def test_forward_rule_whose_target_is_silent_is_a_failure(ground: Ground) -> None:
    rule(ground, ".", "10.7.50.10")

    assert names(ground, WEB)[0] == socket.EAI_AGAIN


def test_endpoint_names_win_over_a_wider_rule_and_a_zone_hides_them(ground: Ground) -> None:
    """The most specific of rules and zones decides."""
    rule(ground, "amazonaws.com", "10.7.50.10")
    ground.ec2.create_vpc_endpoint(
        VpcId=ground.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.ssm",
        SubnetIds=[ground.subnet],
        PrivateDnsEnabled=True,
    )
    function = ground.function()

    assert names(ground, f"ssm.{REGION}.amazonaws.com", function)[0][0].startswith("10.7.1.")
    assert names(ground, f"sns.{REGION}.amazonaws.com", function)[0] == socket.EAI_AGAIN


def test_system_rule_takes_a_name_back_from_a_wider_rule(ground: Ground) -> None:
    """As AWS advises for amazonaws.com where a rule forwards everything."""
    rule(ground, ".", "10.7.50.10")
    rule(ground, "amazonaws.com", kind="SYSTEM")
    function = ground.function()

    assert names(ground, f"sns.{REGION}.amazonaws.com", function)[0][0].startswith("198.51.100.")
    assert names(ground, WEB, function)[0] == socket.EAI_AGAIN


def test_inbound_endpoint_answers_for_the_resolver_of_its_vpc(ground: Ground) -> None:
    """Behind its own groups, unlike the resolver itself."""
    record(ground, zone(ground, "example.com"), WEB, "A", "10.7.1.81")
    group = ground.new_group("inbound")
    resolver_endpoint(ground, "INBOUND", group)
    dhcp(ground, "10.7.60.10", "10.7.61.10")
    function = ground.function()
    closed = names(ground, WEB, function)[0]
    admit_dns(ground, group)

    assert closed == socket.EAI_AGAIN
    assert names(ground, WEB, function)[0] == ["10.7.1.81"]


def hub_with_a_server(ground: Ground) -> tuple[str, str]:
    """Return a VPC 10.8.0.0/16 and its subnet, with a DNS server and a private zone."""
    hub = ground.ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ground.ec2.modify_vpc_attribute(VpcId=hub, **{attribute: {"Value": True}})
    subnet = ground.ec2.create_subnet(VpcId=hub, CidrBlock="10.8.50.0/24")["Subnet"]["SubnetId"]
    group = ground.ec2.create_security_group(GroupName="d", Description="d", VpcId=hub)["GroupId"]
    ground.ec2.create_network_interface(
        SubnetId=subnet, PrivateIpAddress="10.8.50.10", Groups=[group]
    )
    for cidr in ("10.7.0.0/16", "10.8.0.0/16"):
        admit_dns(ground, group, cidr)
    own = ground.lab.client("route53").create_hosted_zone(
        Name="example.com",
        CallerReference=f"hub-{ground.number}",
        HostedZoneConfig={"PrivateZone": True, "Comment": ""},
        VPC={"VPCRegion": REGION, "VPCId": hub},
    )["HostedZone"]["Id"]
    record(ground, own, WEB, "A", "10.8.1.82")
    return hub, subnet


def peer(ground: Ground, hub: str) -> None:
    """Connect the VPC with a hub, with routes both ways."""
    made = ground.ec2.create_vpc_peering_connection(VpcId=ground.vpc, PeerVpcId=hub)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ground.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    ground.route(ground.table, "10.8.0.0/16", VpcPeeringConnectionId=peering)
    back = ground.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [hub]}])
    table = back["RouteTables"][0]["RouteTableId"]
    ground.route(table, "10.7.0.0/16", VpcPeeringConnectionId=peering)


def test_resolver_of_a_peer_is_out_of_reach_and_its_servers_are_not(ground: Ground) -> None:
    """A spoke that asks the hub's DNS server learns the hub's private names."""
    hub, _ = hub_with_a_server(ground)
    peer(ground, hub)
    function = ground.function()
    dhcp(ground, "10.8.0.2")
    resolver = names(ground, WEB, function)[0]
    dhcp(ground, "10.8.50.10")

    assert resolver == socket.EAI_AGAIN
    assert names(ground, WEB, function)[0] == ["10.8.1.82"]


def test_endpoint_of_a_hub_serves_a_spoke_that_has_its_zone(ground: Ground) -> None:
    """Private DNS ends with the hub; a zone of the service's name, made by hand, does not."""
    hub, subnet = hub_with_a_server(ground)
    peer(ground, hub)
    group = ground.ec2.create_security_group(GroupName="e", Description="e", VpcId=hub)["GroupId"]
    ground.ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.7.0.0/16"}]}],
    )
    made = ground.ec2.create_vpc_endpoint(
        VpcId=hub,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.ssm",
        SubnetIds=[subnet],
        SecurityGroupIds=[group],
        PrivateDnsEnabled=True,
    )["VpcEndpoint"]
    host, function = f"ssm.{REGION}.amazonaws.com", ground.function()
    before = ground.look(host, function=function)["ipv4"]
    target = made["DnsEntries"][0]
    alias = {"DNSName": target["DnsName"], "HostedZoneId": target["HostedZoneId"]}
    own = zone(ground, host)
    record(ground, own, host, "A", AliasTarget=alias | {"EvaluateTargetHealth": False})
    after = ground.look(host, path="/", function=function, timeout=5)["ipv4"]

    assert (before["dns"][0].partition(".")[0], before["tcp"]) == ("198", "timeout")
    assert after["dns"][0].startswith("10.8.50.")
    assert after["status"] == 403


def test_rule_may_leave_by_another_vpc(ground: Ground) -> None:
    """An outbound endpoint serves every VPC its rules are associated with, connected or not."""
    hub, subnet = hub_with_a_server(ground)
    group = ground.ec2.create_security_group(GroupName="o", Description="o", VpcId=hub)["GroupId"]
    resolver = ground.lab.client("route53resolver")
    endpoint = resolver.create_resolver_endpoint(
        CreatorRequestId=f"hub-{ground.number}",
        SecurityGroupIds=[group],
        Direction="OUTBOUND",
        IpAddresses=[{"SubnetId": subnet, "Ip": f"10.8.50.{last}"} for last in (60, 61)],
    )["ResolverEndpoint"]["Id"]
    made = resolver.create_resolver_rule(
        CreatorRequestId=f"hub-{ground.number}",
        RuleType="FORWARD",
        DomainName="example.com",
        TargetIps=[{"Ip": "10.8.50.10", "Port": 53}],
        ResolverEndpointId=endpoint,
    )["ResolverRule"]["Id"]
    resolver.associate_resolver_rule(ResolverRuleId=made, VPCId=ground.vpc, Name="hub")

    assert names(ground, WEB)[0] == ["10.8.1.82"]


def test_dns64_and_nat64_carry_ipv6_to_a_host_with_ipv4_only(ground: Ground) -> None:
    """The made-up address leads to the NAT gateway, once a route says so."""
    gateway = ground.nat_gateway()
    ground.ec2.modify_subnet_attribute(SubnetId=ground.subnet, EnableDns64={"Value": True})
    function = ground.function()
    before = ground.look("v4.example.com", port=8443, function=function)["ipv6"]
    ground.route(ground.table, "64:ff9b::/96", NatGatewayId=gateway)
    after = ground.look("v4.example.com", port=8443, function=function)["ipv6"]

    assert before == {"dns": ["64:ff9b::c000:251"], "tcp": "timeout"}
    assert after["tcp"] == "connected"
