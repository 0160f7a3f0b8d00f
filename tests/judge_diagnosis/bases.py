"""Healthy VPCs of several kinds, each with a function and what it asks about.

Every base has its links under the same roles, so that a fault that fits one fits others: the
function's group ``group``, its ACL ``acl``, its table ``table``, the NAT gateway ``nat`` in the
subnet ``public`` with the table ``public-table`` and the ACL ``public-acl``, and the gateways
``igw`` and ``eigw``. Hosts whose names begin with ``v4`` or ``v6`` have one address family only,
so that whatever closes that family is felt.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.judge_diagnosis.site import (
    EVERYTHING,
    EVERYTHING6,
    Site,
    dns_from,
    invoke_policy,
    tcp,
)

WORLD = """
[[host]]
name = "v4.example.com"
ipv4 = ["192.0.2.81"]
ipv6 = []

[[host]]
name = "v6.example.com"
ipv4 = []
ipv6 = ["3fff:c::82"]

[[host]]
name = "both.example.com"
ipv4 = ["192.0.2.83"]
ipv6 = ["3fff:c::83"]

[[resolver]]
address = "10.7.50.10"
forwards_to = "vpc"

[[resolver]]
address = "10.7.50.11"
forwards_to = "public"

[[resolver]]
address = "10.7.50.12"
forwards_to = "none"

[[resolver]]
address = "10.8.50.10"
forwards_to = "vpc"
"""
V4, V6, BOTH = (f"https://{name}.example.com/" for name in ("v4", "v6", "both"))
SSM, S3 = "https://ssm.us-east-1.amazonaws.com", "https://s3.us-east-1.amazonaws.com"
SECRETS = "https://secretsmanager.us-east-1.amazonaws.com"


def _inside(site: Site, *, ipv6: bool, spread: bool = True) -> None:
    """Make the VPC with the function's subnets under one table, one ACL and one open group."""
    site.vpc(ipv6=ipv6)
    site.table("table")
    zones = ("a", "b") if spread else ("a",)
    roles = [f"private-{zone}" for zone in zones]
    for number, (role, zone) in enumerate(zip(roles, zones, strict=True), 1):
        site.subnet(role, number, zone=zone, table="table")
    site.acl("acl", *roles)
    site.group("fn")
    site.set_egress("fn", EVERYTHING, *((EVERYTHING6,) if ipv6 else ()))


def _nat_gateway(site: Site) -> None:
    """Make the way out over IPv4, and route everything to it."""
    site.internet_gateway()
    site.table("public-table")
    site.subnet("public", 9, table="public-table")
    site.acl("public-acl", "public")
    site.route("public-table", "0.0.0.0/0", GatewayId=site.ids["igw"])
    site.route("table", "0.0.0.0/0", NatGatewayId=site.nat("nat", "public"))


def _egress_only(site: Site) -> None:
    site.route("table", "::/0", EgressOnlyInternetGatewayId=site.egress_only())


def behind_nat(site: Site) -> None:
    """IPv4 through a NAT gateway, to the internet and to REST and WebSocket APIs."""
    _inside(site, ipv6=False)
    _nat_gateway(site)
    site.function("fn", "private-a", "private-b")
    site.rest_api("rest")
    site.websocket_api("socket", "ipv4")
    site.targets = [V4, site.url("rest", "/prod/health"), f"api:{site.ids['socket']}"]


def dual_stack(site: Site) -> None:
    """Both families lead out, each by its own gateway."""
    _inside(site, ipv6=True)
    _nat_gateway(site)
    _egress_only(site)
    site.function("fn", "private-a", "private-b", ipv6=True)
    site.rest_api("rest", address_type="dualstack")
    site.targets = [V4, V6, site.url("rest", "/prod/health")]


def ipv6_only_egress(site: Site) -> None:
    """IPv6 leads out and IPv4 does not, which nobody minds: every target speaks IPv6."""
    _inside(site, ipv6=True)
    _egress_only(site)
    site.function("fn", "private-a", "private-b", ipv6=True)
    site.websocket_api("socket", "dualstack")
    site.targets = [V6, BOTH, f"api:{site.ids['socket']}"]


def endpoints_only(site: Site) -> None:
    """No way out at all: services by interface and gateway endpoints, a group that is tight."""
    _inside(site, ipv6=False)
    site.endpoint("ssm", "ssm", "private-a", "private-b")
    site.endpoint("secrets", "secretsmanager", "private-a")
    site.gateway_endpoint("s3", "s3", "table")
    site.set_egress(
        "fn",
        *(
            tcp(443, UserIdGroupPairs=[{"GroupId": site.ids[f"{i}-group"]}])
            for i in ("ssm", "secrets")
        ),
        tcp(443, PrefixListIds=[{"PrefixListId": site.prefix_list("s3")}]),
    )
    site.function("fn", "private-a", "private-b")
    site.targets = [SSM, SECRETS, S3]


def private_api(site: Site) -> None:
    """An isolated VPC that calls a private REST API by an endpoint in one zone."""
    _inside(site, ipv6=False)
    site.endpoint("api-endpoint", "execute-api", "private-a")
    site.function("fn", "private-a", "private-b")
    allowed = invoke_policy(StringEquals={"aws:SourceVpce": [site.ids["api-endpoint"]]})
    site.rest_api("rest", private=True, policy=allowed)
    site.targets = [site.url("rest", "/prod/health")]


def peered(site: Site) -> None:
    """A NAT gateway for the internet, and a server in a peer VPC."""
    _inside(site, ipv6=False)
    _nat_gateway(site)
    _hub(site)
    site.peering("peering", "hub")
    site.route("table", "10.8.0.0/16", VpcPeeringConnectionId=site.ids["peering"])
    site.route("hub-table", "10.7.0.0/16", VpcPeeringConnectionId=site.ids["peering"])
    site.function("fn", "private-a", "private-b")
    site.targets = [V4, "tcp://10.8.50.10:53"]


def _hub(site: Site) -> None:
    """Make another VPC with a server in it."""
    site.vpc("hub", "10.8.0.0/16")
    site.table("hub-table", "hub")
    site.subnet("hub-subnet", 50, vpc="hub", table="hub-table")
    site.acl("hub-acl", "hub-subnet", vpc="hub")
    site.server("hub-server", "10.8.50.10", "hub-subnet", "hub")


def behind_transit(site: Site) -> None:
    """A transit gateway leads everything to a hub with a NAT gateway and a server."""
    _inside(site, ipv6=False)
    _hub(site)
    site.ids["tgw"] = site.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    site.attach("tgw", "vpc", "private-a", "private-b")
    site.subnet("hub-attachments", 60, vpc="hub", table="hub-table")
    site.attach("tgw", "hub", "hub-attachments")
    for destination in ("10.8.0.0/16", "0.0.0.0/0"):
        site.route("table", destination, TransitGatewayId=site.ids["tgw"])
    site.route("hub-table", "10.7.0.0/16", TransitGatewayId=site.ids["tgw"])
    site.internet_gateway(vpc="hub")
    site.table("public-table", "hub")
    site.subnet("public", 9, vpc="hub", table="public-table")
    site.acl("public-acl", "public", vpc="hub")
    site.route("public-table", "0.0.0.0/0", GatewayId=site.ids["igw"])
    site.route("public-table", "10.7.0.0/16", TransitGatewayId=site.ids["tgw"])
    site.route("hub-table", "0.0.0.0/0", NatGatewayId=site.nat("nat", "public"))
    found = site.ec2.describe_transit_gateways(TransitGatewayIds=[site.ids["tgw"]])
    options = found["TransitGateways"][0]["Options"]
    site.ids["tgw-table"] = options["AssociationDefaultRouteTableId"]
    site.ec2.create_transit_gateway_route(
        DestinationCidrBlock="0.0.0.0/0",
        TransitGatewayRouteTableId=site.ids["tgw-table"],
        TransitGatewayAttachmentId=site.ids["hub-attachment"],
    )
    site.function("fn", "private-a", "private-b")
    site.targets = [V4, "tcp://10.8.50.10:53"]


def own_resolver(site: Site) -> None:
    """Names are asked of a server in the VPC, which asks the VPC's resolver; a private zone."""
    _inside(site, ipv6=False)
    _nat_gateway(site)
    site.table("server-table")
    site.subnet("servers", 50, table="server-table")
    site.acl("server-acl", "servers")
    site.server("server", "10.7.50.10", "servers")
    site.dhcp("10.7.50.10")
    site.endpoint("ssm", "ssm", "private-a", "private-b")
    site.zone("corp", "corp.example")
    site.record("corp", "db.corp.example", "10.7.50.10")
    site.set_egress("fn", tcp(443, "0.0.0.0/0"), *dns_from("10.7.0.0/16"))
    site.function("fn", "private-a", "private-b")
    site.targets = [V4, SSM, "tcp://db.corp.example:53"]


def nat64(site: Site) -> None:
    """IPv6 only inside: DNS64 makes addresses, and the NAT gateway takes them to IPv4."""
    _inside(site, ipv6=True)
    _nat_gateway(site)
    _egress_only(site)
    site.unroute("table", "0.0.0.0/0")
    site.route("table", "64:ff9b::/96", NatGatewayId=site.ids["nat"])
    for role in ("private-a", "private-b"):
        site.ec2.modify_subnet_attribute(SubnetId=site.ids[role], EnableDns64={"Value": True})
    site.function("fn", "private-a", "private-b", ipv6=True)
    site.targets = [V4, V6]


BASES: dict[str, Callable[[Site], None]] = {
    "behind-nat": behind_nat,
    "dual-stack": dual_stack,
    "ipv6-only-egress": ipv6_only_egress,
    "endpoints-only": endpoints_only,
    "private-api": private_api,
    "peered": peered,
    "behind-transit": behind_transit,
    "own-resolver": own_resolver,
    "nat64": nat64,
}
