"""AWS's JSON of VPC endpoints and of the services they can be made for as values."""

from __future__ import annotations

from netprobe.aws.reading import (
    Json,
    each_text,
    is_set,
    maybe_flag,
    maybe_text,
    part,
    parts,
    stated_parts,
    text,
    texts,
)
from netprobe.model.resources import EndpointService, VpcEndpoint


def convert_endpoint(item: Json) -> VpcEndpoint:
    """Return an endpoint of DescribeVpcEndpoints.

    The model spells states ``Available``, real answers ``available``.
    """
    options = part(item, "DnsOptions")
    endpoint_type = _endpoint_type(item)
    guarded = endpoint_type == "Interface"
    groups = stated_parts(item, "Groups") if guarded else parts(item, "Groups")
    return VpcEndpoint(
        vpc_endpoint_id=text(item, "VpcEndpointId"),
        vpc_id=text(item, "VpcId"),
        service_name=maybe_text(item, "ServiceName") or "",
        endpoint_type=endpoint_type,
        state=text(item, "State").lower(),
        subnet_ids=texts(item, "SubnetIds"),
        group_ids=tuple(text(group, "GroupId") for group in groups),
        route_table_ids=texts(item, "RouteTableIds"),
        network_interface_ids=texts(item, "NetworkInterfaceIds"),
        private_dns_enabled=is_set(item, "PrivateDnsEnabled"),
        ip_address_type=maybe_text(item, "IpAddressType") or "ipv4",
        dns_record_ip_type=maybe_text(options, "DnsRecordIpType"),
        dns_names=each_text(parts(item, "DnsEntries"), "DnsName"),
        policy=maybe_text(item, "PolicyDocument"),
        private_dns_only_for_inbound=maybe_flag(
            options, "PrivateDnsOnlyForInboundResolverEndpoint"
        ),
        owner_id=maybe_text(item, "OwnerId"),
        service_region=maybe_text(item, "ServiceRegion"),
    )


def _endpoint_type(item: Json) -> str:
    """Return the type; answers from before there was any told of gateway endpoints only."""
    has_interfaces = any(item.get(key) for key in ("SubnetIds", "NetworkInterfaceIds", "Groups"))
    return text(item, "VpcEndpointType") if has_interfaces else (
        maybe_text(item, "VpcEndpointType") or "Gateway"
    )  # fmt: skip


def convert_endpoint_service(item: Json) -> EndpointService:
    """Return a service of DescribeVpcEndpointServices."""
    names = each_text(parts(item, "PrivateDnsNames"), "PrivateDnsName")
    return EndpointService(
        service_name=text(item, "ServiceName"),
        service_types=frozenset(each_text(parts(item, "ServiceType"), "ServiceType")),
        private_dns_names=names or each_text([item], "PrivateDnsName"),
        ip_address_types=frozenset(texts(item, "SupportedIpAddressTypes")),
    )
