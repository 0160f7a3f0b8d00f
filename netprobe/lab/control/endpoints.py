"""VPC endpoints: addresses, groups and names as PrivateLink gives them.

https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses import EC2Response

from netprobe.lab.control.addresses import free_ipv4, free_ipv6
from netprobe.lab.control.patching import add, wrap

_HOSTS = {
    "execute-api": ("*.execute-api.{region}.amazonaws.com", "execute-api.{region}.amazonaws.com"),
    "ecr.dkr": ("*.dkr.ecr.{region}.amazonaws.com",),
    "ecr.api": ("api.ecr.{region}.amazonaws.com",),
    "kinesis-streams": ("kinesis.{region}.amazonaws.com",),
    "kinesis-firehose": ("firehose.{region}.amazonaws.com",),
    "dynamodb": (),  # its interface endpoint has no private DNS
}
"""Private DNS names by service, where they are not ``{service}.{region}.amazonaws.com``."""


def apply() -> None:
    """Correct what endpoints are made of."""
    wrap(EC2Response, "create_vpc_endpoint", _create)
    wrap(EC2Response, "modify_vpc_endpoint", _modify)
    wrap(EC2Response, "describe_vpc_endpoint_services", _describe_services)
    wrap(VPCEndPoint, "__init__", _init)
    add(VPCEndPoint, "ip_address_type", "ipv4")


def _init(original: Any, endpoint: Any, *arguments: Any, **keywords: Any) -> None:
    original(endpoint, *arguments, **keywords)
    endpoint.dns_options = {"DnsRecordIpType": "ipv4"}
    if not _is_interface(endpoint):
        endpoint.private_dns_enabled = False
        endpoint.dns_options = {"DnsRecordIpType": "service-defined"}


def _is_interface(endpoint: Any) -> bool:
    return str(endpoint.vpc_endpoint_type or "").lower() == "interface"


def _create(original: Any, response: Any) -> Any:
    answer = original(response)
    endpoint = _made(response, answer)
    get = response._get_param  # noqa: SLF001 # moto's own way to parameters
    endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
    endpoint.ip_address_type = get("IpAddressType") or "ipv4"
    if not _is_interface(endpoint):
        return answer
    given = get("PrivateDnsEnabled")
    endpoint.private_dns_enabled = given is None or str(given).lower() == "true"
    options = get("DnsOptions") or {}
    endpoint.dns_options = {
        "DnsRecordIpType": options.get("DnsRecordIpType")
        or get("DnsOptions.DnsRecordIpType")
        or endpoint.ip_address_type
    }
    backend = response.ec2_backend
    if not endpoint.security_group_ids:
        default = backend.get_security_group_from_name("default", vpc_id=endpoint.vpc_id)
        endpoint.security_group_ids = [default.id]
    wanted = {
        item["SubnetId"]: item.get("Ipv4") for item in get("SubnetConfigurations") or [] if item
    }
    _place_interfaces(backend, endpoint, wanted)
    _name(backend, endpoint)
    return answer


def _made(response: Any, answer: Any) -> Any:
    result = getattr(answer, "result", None)
    if isinstance(result, dict) and "VpcEndpoint" in result:
        return result["VpcEndpoint"]
    return list(response.ec2_backend.vpc_end_points.values())[-1]


def _place_interfaces(backend: Any, endpoint: Any, wanted: dict[str, str | None]) -> None:
    """Give each interface an address in its subnet, the endpoint's groups, and AWS's marks."""
    groups = [backend.get_security_group_from_id(i) for i in endpoint.security_group_ids]
    for eni_id in endpoint.network_interface_ids:
        eni = backend.enis[eni_id]
        address = wanted.get(eni.subnet.id) or free_ipv4(backend, eni.subnet)
        eni.private_ip_address = address
        eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
        eni.ipv6_addresses = []
        if endpoint.ip_address_type == "dualstack":
            ipv6 = free_ipv6(backend, eni.subnet)
            eni.ipv6_addresses = [ipv6] if ipv6 else []
        eni._group_set = groups  # noqa: SLF001 # moto's field
        eni.interface_type = "vpc_endpoint"
        eni.requester_managed = True
        eni.status = "in-use"
        eni.description = f"VPC Endpoint Interface {endpoint.id}"


def _name(backend: Any, endpoint: Any) -> None:
    """List regional and zonal names, and the private ones where private DNS is on."""
    region = backend.region_name
    service = endpoint.service_name.rpartition(f".{region}.")[2]
    suffix = f"{service}.{region}.vpce.amazonaws.com"
    names = [f"{endpoint.id}-netprobe.{suffix}"]
    for subnet_id in endpoint.subnet_ids or ():
        zone = backend.get_subnet(subnet_id).availability_zone
        names.append(f"{endpoint.id}-netprobe-{zone}.{suffix}")
    if endpoint.private_dns_enabled:
        patterns = _HOSTS.get(service, (f"{service}.{{region}}.amazonaws.com",))
        names += [pattern.format(region=region) for pattern in patterns]
    endpoint.dns_entries = [{"DnsName": name, "HostedZoneId": "Z00000000LAB"} for name in names]


def _modify(original: Any, response: Any) -> Any:
    """Keep the settings that moto drops, and let names follow private DNS."""
    answer = original(response)
    get = response._get_param  # noqa: SLF001 # moto's own way to parameters
    endpoint = response.ec2_backend.vpc_end_points[get("VpcEndpointId")]
    given = get("PrivateDnsEnabled")
    if given is not None:
        endpoint.private_dns_enabled = str(given).lower() == "true"
    if get("IpAddressType"):
        endpoint.ip_address_type = get("IpAddressType")
    record_type = (get("DnsOptions") or {}).get("DnsRecordIpType")
    if record_type:
        endpoint.dns_options = {"DnsRecordIpType": record_type}
    if _is_interface(endpoint):
        kept = {
            response.ec2_backend.enis[i].subnet.id: response.ec2_backend.enis[i].private_ip_address
            for i in endpoint.network_interface_ids
        }
        _place_interfaces(response.ec2_backend, endpoint, kept)
        _name(response.ec2_backend, endpoint)
    else:
        _route_gateway_endpoint(response.ec2_backend, endpoint)
    return answer


def _route_gateway_endpoint(backend: Any, endpoint: Any) -> None:
    """Keep the prefix-list routes of a gateway endpoint in step with its tables."""
    list_id = endpoint.destination_prefix_list_id
    for table in backend.route_tables.values():
        mine = [route for route in table.routes.values() if route.vpc_endpoint_id == endpoint.id]
        if table.id in endpoint.route_table_ids and not mine and list_id:
            backend.create_route(
                table.id, None, gateway_id=endpoint.id, destination_prefix_list_id=list_id
            )
        elif table.id not in endpoint.route_table_ids:
            for route in mine:
                table.routes.pop(route.id, None)


def _describe_services(original: Any, response: Any) -> Any:
    """Answer without the filters, on which moto fails; callers filter by name themselves."""
    response.params.pop("Filters", None)
    answer: ActionResult = original(response)
    return answer
