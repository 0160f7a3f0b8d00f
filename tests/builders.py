"""Plain functions that build resources with good defaults; addresses are documentation ranges.

``snapshot(*working_vpc())`` is a dual-stack VPC in which everything works: ``subnet-private``
goes out through ``nat-1`` (IPv4) and ``eigw-1`` (IPv6). Later items replace earlier ones of the
same id: ``snapshot(*working_vpc(), nat_gateway(state="failed"))``; ``without`` removes.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any

from netprobe.model.addresses import Address, Network
from netprobe.model.flow import TCP, Flow, Source
from netprobe.model.interconnect import (
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayRouteTable,
    VpcPeeringConnection,
    VpnGateway,
)
from netprobe.model.names import (
    DhcpOptions,
    DomainName,
    FirewallRule,
    HostedZone,
    ResolverRule,
)
from netprobe.model.policies import BucketPolicy, RolePolicies
from netprobe.model.ports import ALL_PORTS, EPHEMERAL, PortSet
from netprobe.model.resources import (
    BlockPublicAccess,
    EndpointService,
    InternetGateway,
    Ipv6Block,
    NatGateway,
    NetworkAcl,
    NetworkAclEntry,
    NetworkInterface,
    PrefixList,
    Route,
    RouteState,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    TargetKind,
    Vpc,
    VpcEndpoint,
)
from netprobe.model.snapshot import Gap, Snapshot
from netprobe.model.workloads import Api, ApiKind, Database, Function, Instance, LoadBalancer

REGION = "us-east-1"
API_HOST = f"abc123.execute-api.{REGION}.amazonaws.com"
PUBLIC_IPV4 = "198.51.100.10"
PUBLIC_IPV6 = "3fff:a::10"

_TARGET_KINDS = {
    "local": TargetKind.LOCAL,
    "igw": TargetKind.INTERNET_GATEWAY,
    "eigw": TargetKind.EGRESS_ONLY_INTERNET_GATEWAY,
    "nat": TargetKind.NAT_GATEWAY,
    "vgw": TargetKind.VPN_GATEWAY,
    "vpce": TargetKind.VPC_ENDPOINT,
    "eni": TargetKind.NETWORK_INTERFACE,
    "pcx": TargetKind.VPC_PEERING_CONNECTION,
    "tgw": TargetKind.TRANSIT_GATEWAY,
    "cagw": TargetKind.CARRIER_GATEWAY,
    "lgw": TargetKind.LOCAL_GATEWAY,
}
_FIELDS: dict[type, tuple[str, str]] = {
    RolePolicies: ("role_policies", "key"),
    BucketPolicy: ("bucket_policies", "bucket"),
    Vpc: ("vpcs", "vpc_id"),
    Subnet: ("subnets", "subnet_id"),
    RouteTable: ("route_tables", "route_table_id"),
    InternetGateway: ("internet_gateways", "gateway_id"),
    Instance: ("instances", "instance_id"),
    BlockPublicAccess: ("block_public_access", "account"),
    VpcPeeringConnection: ("vpc_peering_connections", "vpc_peering_connection_id"),
    VpnGateway: ("vpn_gateways", "vpn_gateway_id"),
    TransitGateway: ("transit_gateways", "transit_gateway_id"),
    TransitGatewayAttachment: ("transit_gateway_attachments", "attachment_id"),
    TransitGatewayRouteTable: ("transit_gateway_route_tables", "route_table_id"),
    NatGateway: ("nat_gateways", "nat_gateway_id"),
    NetworkAcl: ("network_acls", "network_acl_id"),
    SecurityGroup: ("security_groups", "group_id"),
    NetworkInterface: ("network_interfaces", "network_interface_id"),
    VpcEndpoint: ("vpc_endpoints", "vpc_endpoint_id"),
    PrefixList: ("prefix_lists", "prefix_list_id"),
    DhcpOptions: ("dhcp_options", "dhcp_options_id"),
    DomainName: ("domain_names", "domain_name"),
    FirewallRule: ("firewall_rules", "priority"),
    HostedZone: ("hosted_zones", "hosted_zone_id"),
    LoadBalancer: ("load_balancers", "load_balancer_arn"),
    Database: ("databases", "database_arn"),
    ResolverRule: ("resolver_rules", "resolver_rule_id"),
    Function: ("functions", "function_name"),
    Api: ("apis", "api_id"),
    EndpointService: ("endpoint_services", "service_name"),
    Gap: ("gaps", "call"),
}


def address(text: str) -> Address:
    return ip_address(text)


def network(text: str) -> Network:
    return ip_network(text)


def ports(text: str) -> PortSet:
    """Return the ports written as ``443``, ``1024-65535``, ``80,443`` or ``all``."""
    if text == "all":
        return ALL_PORTS
    parts = [part.split("-") for part in text.split(",")]
    return PortSet(tuple((int(part[0]), int(part[-1])) for part in parts))


def vpc(
    vpc_id: str = "vpc-1",
    ipv4: Iterable[str] = ("10.0.0.0/16",),
    ipv6: Iterable[str] = ("2001:db8:1::/56",),
    **fields: Any,
) -> Vpc:
    defaults: dict[str, Any] = {"enable_dns_support": True, "enable_dns_hostnames": True}
    return Vpc(
        vpc_id=vpc_id,
        ipv4_cidrs=tuple(network(text) for text in ipv4),
        ipv6_blocks=tuple(Ipv6Block(cidr=network(text)) for text in ipv6),
        **(defaults | fields),
    )


def subnet(
    subnet_id: str = "subnet-private",
    ipv4: str | None = "10.0.1.0/24",
    ipv6: str | None = "2001:db8:1:1::/64",
    **fields: Any,
) -> Subnet:
    """Return a subnet; ``private_ipv6=True`` marks its IPv6 block private."""
    private = fields.pop("private_ipv6", False)
    defaults: dict[str, Any] = {
        "vpc_id": "vpc-1",
        "availability_zone": "us-east-1a",
        "ipv6_blocks": (Ipv6Block(cidr=network(ipv6), private=private),) if ipv6 else (),
    }
    return Subnet(
        subnet_id=subnet_id,
        ipv4_cidr=network(ipv4) if ipv4 else None,
        **(defaults | fields),
    )


def route(
    destination: str, target: str, state: str = "active", *, propagated: bool = False
) -> Route:
    """Return a route; the target's kind is that of its id, ``pl-`` destinations are lists."""
    listed = destination.startswith("pl-")
    return Route(
        destination=None if listed else network(destination),
        prefix_list_id=destination if listed else None,
        target=_TARGET_KINDS.get(target.split("-", maxsplit=1)[0], TargetKind.OTHER),
        target_id=target,
        state=RouteState(state),
        propagated=propagated,
    )


def local_routes() -> tuple[Route, ...]:
    """Return the local routes of the default ``vpc()``."""
    return (route("10.0.0.0/16", "local"), route("2001:db8:1::/56", "local"))


def route_table(
    route_table_id: str = "rtb-private",
    routes: Iterable[Route] = (),
    subnets: Iterable[str] = ("subnet-private",),
    **fields: Any,
) -> RouteTable:
    """Return a route table; the local routes come on top unless ``local=False``."""
    local = local_routes() if fields.pop("local", True) else ()
    return RouteTable(
        route_table_id=route_table_id,
        subnet_ids=frozenset(subnets),
        routes=(*local, *routes),
        **({"vpc_id": "vpc-1"} | fields),
    )


def internet_gateway(gateway_id: str = "igw-1", attached: str | None = "vpc-1") -> InternetGateway:
    return InternetGateway(
        gateway_id=gateway_id,
        egress_only=gateway_id.startswith("eigw-"),
        attached_vpc_ids=frozenset({attached} if attached else ()),
    )


def nat_gateway(
    nat_gateway_id: str = "nat-1", state: str = "available", **fields: Any
) -> NatGateway:
    defaults: dict[str, Any] = {
        "vpc_id": "vpc-1",
        "subnet_id": "subnet-public",
        "private_addresses": (address("10.0.9.20"),),
        "public_addresses": (address("203.0.113.5"),),
    }
    return NatGateway(nat_gateway_id=nat_gateway_id, state=state, **(defaults | fields))


def rule(
    peer: str = "0.0.0.0/0", port: str = "all", protocol: int | None = None
) -> SecurityGroupRule:
    """Return a permission; the peer is a CIDR, ``pl-…`` or ``sg-…``."""
    kind = {"pl": "prefix_list_id", "sg": "group_id"}.get(peer.split("-", maxsplit=1)[0], "cidr")
    value: Any = network(peer) if kind == "cidr" else peer
    number = TCP if protocol is None and port != "all" else protocol
    return SecurityGroupRule(protocol=number, ports=ports(port), **{kind: value})


ALLOW_ALL_RULES = (rule("0.0.0.0/0"), rule("::/0"))


def security_group(
    group_id: str = "sg-1",
    egress: Iterable[SecurityGroupRule] = ALLOW_ALL_RULES,
    ingress: Iterable[SecurityGroupRule] = (),
    **fields: Any,
) -> SecurityGroup:
    return SecurityGroup(
        group_id=group_id,
        egress=tuple(egress),
        ingress=tuple(ingress),
        **({"vpc_id": "vpc-1"} | fields),
    )


def entry(
    rule_number: int, action: str, cidr: str = "0.0.0.0/0", port: str = "all", **fields: Any
) -> NetworkAclEntry:
    """Return an ingress entry; ``egress=True`` for the other direction."""
    defaults = {"egress": False, "protocol": None if port == "all" else TCP}
    return NetworkAclEntry(
        rule_number=rule_number,
        allow=action == "allow",
        cidr=network(cidr),
        ports=ports(port),
        **(defaults | fields),
    )


ALLOW_ALL_ENTRIES = tuple(
    entry(number, "allow", cidr, egress=egress)
    for egress in (True, False)
    for number, cidr in ((100, "0.0.0.0/0"), (101, "::/0"))
)


def network_acl(
    network_acl_id: str = "acl-1",
    entries: Iterable[NetworkAclEntry] = ALLOW_ALL_ENTRIES,
    subnets: Iterable[str] = ("subnet-private", "subnet-public"),
    **fields: Any,
) -> NetworkAcl:
    return NetworkAcl(
        network_acl_id=network_acl_id,
        subnet_ids=frozenset(subnets),
        entries=tuple(entries),
        **({"vpc_id": "vpc-1"} | fields),
    )


def interface(
    network_interface_id: str = "eni-1", *addresses: str, **fields: Any
) -> NetworkInterface:
    defaults: dict[str, Any] = {"vpc_id": "vpc-1", "subnet_id": "subnet-private"}
    return NetworkInterface(
        network_interface_id=network_interface_id,
        addresses=tuple(address(text) for text in addresses),
        **(defaults | fields),
    )


def endpoint(
    vpc_endpoint_id: str = "vpce-1", service: str = "execute-api", **fields: Any
) -> VpcEndpoint:
    """Return an interface endpoint in ``subnet-private`` with private DNS."""
    defaults: dict[str, Any] = {
        "vpc_id": "vpc-1",
        "service_name": f"com.amazonaws.{REGION}.{service}",
        "endpoint_type": "Interface",
        "private_dns_enabled": True,
        "subnet_ids": ("subnet-private",),
        "group_ids": ("sg-endpoint",),
        "network_interface_ids": ("eni-endpoint",),
    }
    return VpcEndpoint(vpc_endpoint_id=vpc_endpoint_id, **(defaults | fields))


def gateway_endpoint(
    vpc_endpoint_id: str = "vpce-s3", service: str = "s3", **fields: Any
) -> VpcEndpoint:
    defaults: dict[str, Any] = {
        "endpoint_type": "Gateway",
        "private_dns_enabled": False,
        "subnet_ids": (),
        "group_ids": (),
        "network_interface_ids": (),
    }
    return endpoint(vpc_endpoint_id, service, **(defaults | fields))


def prefix_list(
    prefix_list_id: str = "pl-s3", cidrs: Iterable[str] = ("198.51.100.128/26",), **fields: Any
) -> PrefixList:
    return PrefixList(
        prefix_list_id=prefix_list_id,
        cidrs=tuple(network(text) for text in cidrs),
        **({"name": f"com.amazonaws.{REGION}.s3"} | fields),
    )


def dhcp_options(*servers: str, dhcp_options_id: str = "dopt-1") -> DhcpOptions:
    return DhcpOptions(dhcp_options_id=dhcp_options_id, domain_name_servers=servers)


def api(api_id: str = "abc123", kind: ApiKind = ApiKind.WEBSOCKET, **fields: Any) -> Api:
    host = f"{api_id}.execute-api.{REGION}.amazonaws.com"
    return Api(api_id=api_id, kind=kind, **({"name": "stocks", "host": host} | fields))


def function(function_name: str = "notify", **fields: Any) -> Function:
    defaults: dict[str, Any] = {
        "function_arn": f"arn:aws:lambda:{REGION}:123456789012:function:{function_name}",
        "vpc_id": "vpc-1",
        "subnet_ids": ("subnet-private",),
        "security_group_ids": ("sg-1",),
        "ipv6_allowed": True,
    }
    return Function(function_name=function_name, **(defaults | fields))


def endpoint_service(service: str, *names: str, **fields: Any) -> EndpointService:
    return EndpointService(
        service_name=f"com.amazonaws.{REGION}.{service}", private_dns_names=names, **fields
    )


def gap(call: str) -> Gap:
    return Gap(call=call, error="UnauthorizedOperation", iam_action=call)


def source(subnet_id: str = "subnet-private", **fields: Any) -> Source:
    defaults: dict[str, Any] = {
        "id": subnet_id,
        "vpc_id": "vpc-1",
        "security_group_ids": ("sg-1",),
        "ipv6_allowed": True,
        "function_name": "notify",
    }
    return Source(subnet_id=subnet_id, **(defaults | fields))


def flow(destination: str = PUBLIC_IPV4, port: int = 443, **fields: Any) -> Flow:
    defaults: dict[str, Any] = {"source": source(), "source_ports": EPHEMERAL}
    return Flow(destination=address(destination), port=port, **(defaults | fields))


def working_vpc() -> tuple[Any, ...]:
    """Return the resources of a dual-stack VPC in which everything works."""
    out = (route("0.0.0.0/0", "nat-1"), route("::/0", "eigw-1"))
    public = (route("0.0.0.0/0", "igw-1"), route("::/0", "igw-1"))
    return (
        vpc(),
        subnet(),
        subnet("subnet-public", "10.0.9.0/24", "2001:db8:1:9::/64"),
        route_table(routes=out),
        route_table("rtb-public", public, ("subnet-public",)),
        route_table("rtb-main", (), (), main=True),
        internet_gateway(),
        internet_gateway("eigw-1"),
        nat_gateway(),
        network_acl(),
        security_group(),
    )


def without(items: Iterable[Any], *ids: str) -> tuple[Any, ...]:
    """Return the resources whose id is none of the given ones."""
    return tuple(item for item in items if getattr(item, _FIELDS[type(item)][1]) not in ids)


def snapshot(*items: Any, **fields: Any) -> Snapshot:
    """Return a snapshot of the resources; a later one replaces an earlier one of the same id."""
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        name, key = _FIELDS[type(item)]
        found.setdefault(name, {})[getattr(item, key)] = item
    lists = {name: tuple(values.values()) for name, values in found.items()}
    return Snapshot(**({"region": REGION} | lists | fields))
