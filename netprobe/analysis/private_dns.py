"""Which interface endpoint answers for a name inside a VPC, and with which records.

"Private DNS": https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

import re

from netprobe.analysis.endpoints import GATEWAY, INTERFACE
from netprobe.model.addresses import Address, Family, family_of
from netprobe.model.resources import NetworkInterface, VpcEndpoint
from netprobe.model.service_names import matches_name, private_names, service_suffix
from netprobe.model.snapshot import Snapshot

_ENDPOINT_ID = re.compile(r"vpce-[0-9a-z]+")
_ENDPOINT_ZONE = ".vpce.amazonaws.com"


def answering_endpoint(snapshot: Snapshot, vpc_id: str, host: str) -> VpcEndpoint | None:
    """Return the endpoint of the VPC whose private DNS has this name."""
    found = private_answer(snapshot, vpc_id, host)
    return found[0] if found else None


def private_answer(snapshot: Snapshot, vpc_id: str, host: str) -> tuple[VpcEndpoint, str] | None:
    """Return the endpoint whose private DNS has this name, and the domain of its hidden zone."""
    for endpoint in snapshot.vpc_endpoints:
        if (
            endpoint.vpc_id == vpc_id
            and endpoint.endpoint_type == INTERFACE
            and endpoint.private_dns_enabled
            and endpoint.state.lower() == "available"
        ):
            for name in _private_names(snapshot, endpoint):
                if matches_name(name, host):
                    return endpoint, name.removeprefix("*.")
    return None


def named_endpoint(snapshot: Snapshot, host: str) -> VpcEndpoint | None:
    """Return the endpoint whose id is in an endpoint-specific name.

    ``vpce-…-….{service}.{region}.vpce.amazonaws.com`` and, for private APIs,
    ``{api}-vpce-….execute-api.{region}.amazonaws.com`` are public names for private addresses:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
    """
    if not host.endswith(_ENDPOINT_ZONE) and ".execute-api." not in host:
        return None
    found = _ENDPOINT_ID.search(host.partition(".execute-api.")[0])
    return snapshot.vpc_endpoint(found.group()) if found else None


def record_exists(endpoint: VpcEndpoint, family: Family, *, private: bool) -> bool:
    """Tell whether an endpoint's names have a record of the family.

    ``DnsRecordIpType`` follows the endpoint's address type unless it was set; ``service-defined``
    gives private names an A record only:
    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.VpcEndpointDnsRecordIpType.html
    """
    kind = (endpoint.dns_record_ip_type or endpoint.ip_address_type).lower()
    if kind == "service-defined":
        kind = "ipv4" if private else endpoint.ip_address_type.lower()
    return kind in {"dualstack", family.value}


def named_zone(snapshot: Snapshot, endpoint: VpcEndpoint, host: str) -> str | None:
    """Return the Availability Zone at the end of a zonal name's endpoint label.

    ``vpce-…-…-us-east-1a.{service}.{region}.vpce.amazonaws.com`` has the address in that zone:
    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
    """
    own = (label for label in host.split(".") if label.startswith(endpoint.vpc_endpoint_id))
    label = next(own, "")
    for subnet in map(snapshot.subnet, endpoint.subnet_ids):
        if subnet is not None and label.endswith(f"-{subnet.availability_zone}"):
            return subnet.availability_zone
    return None


def endpoint_addresses(
    snapshot: Snapshot, endpoint: VpcEndpoint, family: Family, zone: str | None = None
) -> tuple[Address, ...]:
    """Return the addresses of an endpoint's interfaces, or of one zone's, as they were read."""
    interfaces = map(snapshot.network_interface, endpoint.network_interface_ids)
    return tuple(
        address
        for interface in interfaces
        if interface is not None and zone in {None, _zone_of(snapshot, interface)}
        for address in interface.addresses
        if family_of(address) is family
    )


def _zone_of(snapshot: Snapshot, interface: NetworkInterface) -> str | None:
    subnet = snapshot.subnet(interface.subnet_id)
    return subnet.availability_zone if subnet else None


def _private_names(snapshot: Snapshot, endpoint: VpcEndpoint) -> set[str]:
    """Return the names in the endpoint's hidden private zone: told by AWS, or documented."""
    vpc = snapshot.vpc(endpoint.vpc_id)
    region = endpoint.service_region or (vpc.region if vpc else None) or snapshot.region
    service = service_suffix(endpoint.service_name, region)
    if service == "s3" and _is_for_inbound_only(snapshot, endpoint):
        return set()
    listed = [name for name in endpoint.dns_names if not name.endswith(_ENDPOINT_ZONE)]
    told = [
        name
        for item in snapshot.endpoint_services
        if item.service_name == endpoint.service_name
        for name in item.private_dns_names
    ]
    documented = private_names(service, region)
    return {name.rstrip(".").lower() for name in (*listed, *told, *documented)}


def _is_for_inbound_only(snapshot: Snapshot, endpoint: VpcEndpoint) -> bool:
    """Tell whether look-ups inside the VPC stay public: ``PrivateDnsOnlyForInbound...``.

    It is the default, and needs a gateway endpoint:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
    """
    if endpoint.private_dns_only_for_inbound is not None:
        return endpoint.private_dns_only_for_inbound
    return any(
        item.endpoint_type == GATEWAY
        and item.vpc_id == endpoint.vpc_id
        and item.service_name == endpoint.service_name
        for item in snapshot.vpc_endpoints
    )
