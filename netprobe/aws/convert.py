"""AWS's JSON as a Snapshot: tolerant of what is absent, never of what it cannot read.

Unknown keys are ignored and explicit nulls count as absent. What each kind of answer becomes is
in the other ``convert`` modules; here they are put together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import Answers
from netprobe.aws.convert_apis import convert_apis, convert_domain_names
from netprobe.aws.convert_databases import convert_cluster, convert_instance
from netprobe.aws.convert_endpoints import convert_endpoint, convert_endpoint_service
from netprobe.aws.convert_filters import (
    convert_block_public_access,
    convert_exclusion,
    convert_network_acl,
    convert_security_group,
    is_active,
)
from netprobe.aws.convert_instances import convert_instances
from netprobe.aws.convert_interconnect import convert_peering, convert_transit_gateway
from netprobe.aws.convert_names import convert_dhcp_options
from netprobe.aws.convert_policies import convert_bucket_policies, convert_role_policies
from netprobe.aws.convert_prefix_lists import convert_prefix_lists
from netprobe.aws.convert_resources import (
    convert_internet_gateway,
    convert_nat_gateway,
    convert_subnet,
    convert_vpc,
    convert_vpn_gateway,
    region_of_zone,
)
from netprobe.aws.convert_routes import convert_route_table
from netprobe.aws.convert_transit import convert_attachments, convert_transit_tables
from netprobe.aws.convert_workloads import (
    convert_functions,
    convert_listeners,
    convert_load_balancer,
)
from netprobe.aws.convert_zones import (
    convert_firewall,
    convert_hosted_zones,
    convert_resolver_rules,
)
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.reading import UNREADABLE, as_object, text, texts
from netprobe.model.resources import BlockPublicAccess, EndpointService, Vpc
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import LoadBalancer


def convert(raw: RawSnapshot) -> Snapshot:
    """Return the snapshot that AWS's answers describe."""
    answers = Answers(raw)
    snapshot = Snapshot(region=raw.region, account=raw.account)
    snapshot = replace(snapshot, **_network(answers), **_filters(answers))
    snapshot = replace(snapshot, **_beyond(answers), **_names(answers, _resolving(snapshot.vpcs)))
    snapshot = replace(snapshot, **_workloads(answers))
    return replace(snapshot, gaps=tuple(answers.gaps.values()))


def _resolving(vpcs: tuple[Vpc, ...]) -> list[str]:
    """Return the VPCs whose names are to be known: those whose DNS attributes are, if any.

    Where a VPC was read only for what passes through it, its names are unknown for want of the
    attributes, and missing zones of it say nothing about other VPCs.
    """
    known = [vpc.vpc_id for vpc in vpcs if vpc.enable_dns_support is not None]
    return known or [vpc.vpc_id for vpc in vpcs]


def _network(answers: Answers) -> dict[str, Any]:
    """Return VPCs with their subnets, routes and gateways."""
    subnets = answers.each(ops.SUBNETS, convert_subnet)
    return {
        "vpcs": _vpcs(answers, {
            (subnet.vpc_id, region_of_zone(subnet.availability_zone)) for subnet in subnets
        }),
        "subnets": subnets,
        "route_tables": answers.each(ops.ROUTE_TABLES, convert_route_table),
        "internet_gateways": (
            *answers.each(ops.INTERNET_GATEWAYS, convert_internet_gateway),
            *answers.each(ops.EGRESS_ONLY_GATEWAYS, convert_internet_gateway),
        ),
        "nat_gateways": answers.each(ops.NAT_GATEWAYS, convert_nat_gateway),
        "vpc_endpoints": answers.each(ops.VPC_ENDPOINTS, convert_endpoint),
        "prefix_lists": convert_prefix_lists(answers),
        "dhcp_options": answers.each(ops.DHCP_OPTIONS, convert_dhcp_options),
    }  # fmt: skip


def _vpcs(answers: Answers, zones: set[tuple[str, str | None]]) -> tuple[Vpc, ...]:
    """Return the VPCs, each in the region its subnets' zones are in."""
    regions = {vpc_id: region for vpc_id, region in zones if region}
    attributes = _attributes(answers)
    own = answers.raw.region or None
    vpcs = answers.each(
        ops.VPCS,
        lambda item: convert_vpc(item, attributes, regions.get(text(item, "VpcId"), own)),
    )
    answers.want(ops.VPC_ATTRIBUTE, vpcs)
    return vpcs


def _attributes(answers: Answers) -> dict[str, dict[str, bool]]:
    """Return each VPC's DNS attributes as far as they were read."""
    found: dict[str, dict[str, bool]] = {}
    for answer in answers.pieces(ops.VPC_ATTRIBUTE):
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            try:
                if answer.get(name) is not None:
                    value = as_object(answer[name], name)["Value"]
                    if not isinstance(value, bool):
                        raise TypeError(f"{name} is {value!r:.40}")  # one handler
                    found.setdefault(text(answer, "VpcId"), {})[name] = value
            except UNREADABLE as error:
                answers.fail(ops.VPC_ATTRIBUTE, error)
    return found


def _filters(answers: Answers) -> dict[str, Any]:
    """Return what lets packets pass or not, and the interfaces it is bound to."""
    instances, interfaces = convert_instances(answers)
    return {
        "network_acls": answers.each(ops.NETWORK_ACLS, convert_network_acl),
        "security_groups": answers.each(ops.SECURITY_GROUPS, convert_security_group),
        "network_interfaces": interfaces,
        "instances": instances,
        "block_public_access": tuple(_block_public_access(answers)),
    }


def _block_public_access(answers: Answers) -> Iterator[BlockPublicAccess]:
    """Yield the region's Block Public Access, nothing when its options were not read."""
    exclusions = answers.each(ops.BLOCK_PUBLIC_ACCESS_EXCLUSIONS, convert_exclusion, is_active)
    exclusions_read = ops.BLOCK_PUBLIC_ACCESS_EXCLUSIONS.call not in answers.gaps
    if not answers.knows(ops.BLOCK_PUBLIC_ACCESS):
        answers.miss(ops.BLOCK_PUBLIC_ACCESS)
    for answer in answers.pieces(ops.BLOCK_PUBLIC_ACCESS):
        try:
            yield convert_block_public_access(
                as_object(answer[ops.BLOCK_PUBLIC_ACCESS.key], ops.BLOCK_PUBLIC_ACCESS.key),
                exclusions,
                exclusions_read=exclusions_read,
            )
        except UNREADABLE as error:
            answers.fail(ops.BLOCK_PUBLIC_ACCESS, error)


def _beyond(answers: Answers) -> dict[str, Any]:
    """Return what joins VPCs to each other and to other networks."""
    gateways = answers.each(ops.TRANSIT_GATEWAYS, convert_transit_gateway)
    own = frozenset(gateway.transit_gateway_id for gateway in gateways)
    return {
        "vpn_gateways": answers.each(ops.VPN_GATEWAYS, convert_vpn_gateway),
        "vpc_peering_connections": answers.each(ops.PEERINGS, convert_peering),
        "transit_gateways": gateways,
        "transit_gateway_route_tables": convert_transit_tables(answers),
        "transit_gateway_attachments": convert_attachments(answers, own),
    }


def _names(answers: Answers, vpc_ids: list[str]) -> dict[str, Any]:
    """Return what decides about names."""
    return {
        "hosted_zones": convert_hosted_zones(answers, vpc_ids),
        "resolver_rules": convert_resolver_rules(answers),
        "firewall_rules": convert_firewall(answers),
        "domain_names": convert_domain_names(answers),
        "endpoint_services": _endpoint_services(answers),
    }


def _endpoint_services(answers: Answers) -> tuple[EndpointService, ...]:
    """Return the services; answers from before there were details have names only."""
    if answers.knows(ops.ENDPOINT_SERVICES):
        return answers.each(ops.ENDPOINT_SERVICES, convert_endpoint_service)
    made: list[EndpointService] = []
    for piece in answers.pieces(ops.ENDPOINT_SERVICES, unnamed=True):
        try:
            names = texts(piece, "ServiceNames")
            made += [EndpointService(service_name=name) for name in names]
        except ValueError as error:
            answers.fail(ops.ENDPOINT_SERVICES, error)
    if not made:
        answers.miss(ops.ENDPOINT_SERVICES)
    return tuple(made)


def _workloads(answers: Answers) -> dict[str, Any]:
    """Return what runs behind addresses, and what IAM lets it do."""
    functions = convert_functions(answers)
    return {
        "functions": functions,
        "apis": convert_apis(answers),
        "load_balancers": _load_balancers(answers),
        "databases": (
            *answers.each(ops.DB_CLUSTERS, convert_cluster),
            *answers.each(ops.DB_INSTANCES, convert_instance),
        ),
        "role_policies": convert_role_policies(answers, functions),
        "bucket_policies": convert_bucket_policies(answers),
    }


def _load_balancers(answers: Answers) -> tuple[LoadBalancer, ...]:
    listeners = answers.per_subject(ops.LISTENERS, read=lambda items: [*convert_listeners(items)])
    found = answers.each(
        ops.LOAD_BALANCERS,
        lambda item: convert_load_balancer(item, listeners.get(text(item, "LoadBalancerArn"))),
    )
    answers.want(ops.LISTENERS, found)
    return found
