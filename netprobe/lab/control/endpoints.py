"""VPC endpoints: their interfaces, names, routes and options.

moto keeps only some of what it is told, makes the names up, and puts the interfaces outside their
subnets. See "Access AWS services through AWS PrivateLink" and "Gateway endpoints".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError

from netprobe.lab.control import addresses, endpoint_services, interfaces, internals

Json = dict[str, Any]

VPCE_ZONE = "Z7HUB22UULQXV"
"""The public hosted zone of ``vpce.amazonaws.com`` names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a CreateVpcEndpoint request asks for beyond what moto reads."""

    private_dns: bool | None
    ip_address_type: str
    dns_options: Json
    addresses: dict[str, str]
    """The IPv4 address asked for, by subnet (SubnetConfigurations)."""


def create(original: Any, response: Any) -> Any:
    """Create an endpoint as asked for, refusing what AWS refuses before anything is kept."""
    kind = internals.parameter(response, "VpcEndpointType") or "Gateway"
    wanted = _read(response, gateway=kind == "Gateway")
    backend = response.ec2_backend
    vpc = backend.get_vpc(internals.parameter(response, "VpcId"))
    service = _service(backend, internals.parameter(response, "ServiceName"))
    if kind == "Interface":
        _refuse_private_dns(vpc, service, explicit=wanted.private_dns is True)
        _refuse_families(backend, response, wanted.ip_address_type)
    answer = original(response)
    endpoint = answer.result["VpcEndpoint"]
    endpoint.vpc_endpoint_type = kind
    endpoint.ip_address_type = wanted.ip_address_type
    endpoint.dns_options = wanted.dns_options
    endpoint.private_dns_enabled = kind == "Interface" and _private_dns(vpc, service, wanted)
    if kind == "Interface":
        _discard_made_up_interfaces(backend, endpoint)
        _match_interfaces(backend, endpoint, wanted.addresses)
    return answer


def _read(response: Any, *, gateway: bool) -> Wanted:
    ip_address_type = internals.parameter(response, "IpAddressType") or "ipv4"
    options = dict(internals.parameter(response, "DnsOptions") or {})
    options.setdefault("DnsRecordIpType", "service-defined" if gateway else ip_address_type)
    configurations = internals.parameter(response, "SubnetConfigurations") or ()
    return Wanted(
        private_dns=internals.parameter(response, "PrivateDnsEnabled"),
        ip_address_type=ip_address_type,
        dns_options=options,
        addresses={i["SubnetId"]: i["Ipv4"] for i in configurations if "Ipv4" in i},
    )


def _service(backend: Any, name: str) -> Json:
    services = internals.endpoint_services(backend)
    return endpoint_services.find_interface_service(services, name, backend.region_name)


def _private_dns(vpc: Any, service: Json, wanted: Wanted) -> bool:
    """Return whether private DNS is on: by default where the service and the VPC allow it."""
    possible = vpc.enable_dns_support and vpc.enable_dns_hostnames
    default = bool(possible and service.get("PrivateDnsNames"))
    return default if wanted.private_dns is None else wanted.private_dns


def _refuse_private_dns(vpc: Any, service: Json, *, explicit: bool) -> None:
    if not explicit:
        return
    if not service.get("PrivateDnsNames"):
        raise EC2ClientError(
            "InvalidParameter",
            f"Private DNS can't be enabled because the service {service['ServiceName']} does not"
            " provide a private DNS name.",
        )
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise EC2ClientError(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC"
            f" attributes set to true for {vpc.id}",
        )


def _refuse_families(backend: Any, response: Any, ip_address_type: str) -> None:
    """Refuse dual-stack unless every subnet has an IPv6 block."""
    for subnet_id in internals.parameter(response, "SubnetIds") or ():
        subnet = backend.get_subnet(subnet_id)
        if ip_address_type != "ipv4" and addresses.ipv6_block(subnet) is None:
            raise EC2ClientError(
                "InvalidParameter",
                f"The IP address type {ip_address_type} is not supported by subnet {subnet_id},"
                " which has no IPv6 CIDR block.",
            )


def _discard_made_up_interfaces(backend: Any, endpoint: Any) -> None:
    for interface_id in endpoint.network_interface_ids:
        del backend.enis[interface_id]
    endpoint.network_interface_ids = []
    if not endpoint.security_group_ids:
        group = backend.get_default_security_group(endpoint.vpc_id)
        endpoint.security_group_ids = [group.id]
    endpoint.dns_suffix = uuid4().hex[:8]
    endpoint.private_zone = f"Z0{uuid4().hex[:18].upper()}"


def _match_interfaces(backend: Any, endpoint: Any, wanted: dict[str, str]) -> None:
    """Give an endpoint one interface in each of its subnets, and the names that follow."""
    held = {backend.enis[i].subnet.id: backend.enis[i] for i in endpoint.network_interface_ids}
    for subnet_id in held.keys() - set(endpoint.subnet_ids):
        del backend.enis[held.pop(subnet_id).id]
    groups = [backend.get_security_group_from_id(i) for i in endpoint.security_group_ids]
    for subnet_id in endpoint.subnet_ids:
        if subnet_id not in held:
            held[subnet_id] = backend.create_network_interface(subnet_id, wanted.get(subnet_id))
        _keep(backend, endpoint, held[subnet_id], groups)
    endpoint.network_interface_ids = [held[item].id for item in endpoint.subnet_ids]
    endpoint.dns_entries = _dns_entries(endpoint, list(held.values()))


def _keep(backend: Any, endpoint: Any, interface: Any, groups: list[Any]) -> None:
    keeper = interfaces.Keeper(
        interface_type="vpc_endpoint",
        description=f"VPC Endpoint Interface {endpoint.id}",
        deny_all_igw_traffic=True,
    )
    interfaces.hand_over(interface, keeper, groups)
    if endpoint.ip_address_type == "ipv4":
        interface.ipv6_addresses = []
    elif not interface.ipv6_addresses:
        interface.ipv6_addresses = [addresses.free_ipv6(backend, interface.subnet)]


def _dns_entries(endpoint: Any, held: list[Any]) -> list[Json]:
    """Return the regional name, one name per zone, and the private names when those are on."""
    service = _service(endpoint.ec2_backend, endpoint.service_name)
    base = service["BaseEndpointDnsNames"][0]
    own = f"{endpoint.id}-{endpoint.dns_suffix}"
    zones = sorted({interface.availability_zone for interface in held})
    wildcard = "*." if base.startswith("s3.") else ""
    public = [f"{wildcard}{own}.{base}", *(f"{wildcard}{own}-{zone}.{base}" for zone in zones)]
    entries = [{"DnsName": name, "HostedZoneId": VPCE_ZONE} for name in public]
    if endpoint.private_dns_enabled:
        entries += [
            {"DnsName": item["PrivateDnsName"], "HostedZoneId": endpoint.private_zone}
            for item in service["PrivateDnsNames"]
        ]
    return entries


def modify(original: Any, response: Any) -> Any:
    """Change an endpoint, its interfaces, names and routes too."""
    backend = response.ec2_backend
    endpoint = backend.get_vpc_end_point(internals.parameter(response, "VpcEndpointId"))
    service = _service(backend, endpoint.service_name)
    private_dns = internals.parameter(response, "PrivateDnsEnabled")
    _refuse_private_dns(backend.get_vpc(endpoint.vpc_id), service, explicit=private_dns is True)
    answer = original(response)
    if private_dns is not None:
        endpoint.private_dns_enabled = private_dns
    endpoint.ip_address_type = (
        internals.parameter(response, "IpAddressType") or endpoint.ip_address_type
    )
    endpoint.dns_options |= internals.parameter(response, "DnsOptions") or {}
    if endpoint.vpc_endpoint_type == "Interface":
        _match_interfaces(backend, endpoint, {})
    else:
        _match_routes(backend, endpoint)
    return answer


def _match_routes(backend: Any, endpoint: Any) -> None:
    """Give each route table of a gateway endpoint its prefix list route, and no other table."""
    for table in backend.route_tables.values():
        held = internals.routes(table)
        own = [key for key, route in held.items() if route.gateway is endpoint]
        if table.id not in endpoint.route_table_ids:
            for key in own:
                del held[key]
        elif not own:
            backend.create_route(
                table.id,
                None,
                gateway_id=endpoint.id,
                destination_prefix_list_id=endpoint.destination_prefix_list_id,
            )


def filter_value(original: Any, endpoint: Any, name: str, method: Any = None) -> Any:
    """Return what a filter of DescribeVpcEndpoints compares; moto knows type, state and tags."""
    held = {
        "vpc-endpoint-id": endpoint.id,
        "vpc-id": endpoint.vpc_id,
        "service-name": endpoint.service_name,
        "ip-address-type": getattr(endpoint, "ip_address_type", "ipv4"),
    }
    return held[name] if name in held else original(endpoint, name, method)


def delete(_original: Any, response: Any) -> Any:
    """Delete endpoints with their interfaces and routes; unknown ids are told one by one."""
    backend = response.ec2_backend
    unsuccessful = []
    for endpoint_id in internals.parameter(response, "VpcEndpointIds") or ():
        endpoint = backend.vpc_end_points.get(endpoint_id)
        if endpoint is None:
            error = {
                "Code": "InvalidVpcEndpoint.NotFound",
                "Message": f"The Vpc Endpoint Id '{endpoint_id}' does not exist",
            }
            unsuccessful.append({"ResourceId": endpoint_id, "Error": error})
            continue
        for interface_id in endpoint.network_interface_ids:
            backend.enis.pop(interface_id, None)
        endpoint.route_table_ids = []
        _match_routes(backend, endpoint)
        del backend.vpc_end_points[endpoint_id]
    return ActionResult({"Unsuccessful": unsuccessful})
