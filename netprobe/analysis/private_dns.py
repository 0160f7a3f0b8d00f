"""Which interface endpoint answers for a name inside a VPC, and with which records.

"Private DNS": https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

import re

from netprobe.analysis.endpoints import GATEWAY, INTERFACE
from netprobe.model.addresses import Address, Family, family_of
from netprobe.model.resources import VpcEndpoint
from netprobe.model.service_names import matches_name, private_names, service_suffix
from netprobe.model.snapshot import Snapshot

_ENDPOINT_ID = re.compile(r"vpce-[0-9a-z]+")
_ENDPOINT_ZONE = ".vpce.amazonaws.com"


def answering_endpoint(snapshot: Snapshot, vpc_id: str, host: str) -> VpcEndpoint | None:
    """Return the endpoint of the VPC whose private DNS has this name."""
    for endpoint in snapshot.vpc_endpoints:
        if (
            endpoint.vpc_id == vpc_id
            and endpoint.endpoint_type == INTERFACE
            and endpoint.private_dns_enabled
            and endpoint.state.lower() == "available"
            and any(matches_name(name, host) for name in _private_names(snapshot, endpoint))
        ):
            return endpoint
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


def endpoint_addresses(
    snapshot: Snapshot, endpoint: VpcEndpoint, family: Family
) -> tuple[Address, ...]:
    """Return the addresses of an endpoint's interfaces, as far as they were read."""
    interfaces = map(snapshot.network_interface, endpoint.network_interface_ids)
    return tuple(
        address
        for interface in interfaces
        if interface is not None
        for address in interface.addresses
        if family_of(address) is family
    )


def _private_names(snapshot: Snapshot, endpoint: VpcEndpoint) -> set[str]:
    """Return the names in the endpoint's hidden private zone: told by AWS, or documented."""
    service = service_suffix(endpoint.service_name, snapshot.region)
    if service == "s3" and _has_gateway_endpoint(snapshot, endpoint):
        # PrivateDnsOnlyForInboundResolverEndpoint is the default and needs a gateway endpoint:
        # look-ups inside the VPC then stay public.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
        return set()
    listed = [name for name in endpoint.dns_names if not name.endswith(_ENDPOINT_ZONE)]
    told = [
        name
        for item in snapshot.endpoint_services
        if item.service_name == endpoint.service_name
        for name in item.private_dns_names
    ]
    documented = private_names(service, snapshot.region)
    return {name.rstrip(".").lower() for name in (*listed, *told, *documented)}


def _has_gateway_endpoint(snapshot: Snapshot, endpoint: VpcEndpoint) -> bool:
    return any(
        item.endpoint_type == GATEWAY
        and item.vpc_id == endpoint.vpc_id
        and item.service_name == endpoint.service_name
        for item in snapshot.vpc_endpoints
    )
