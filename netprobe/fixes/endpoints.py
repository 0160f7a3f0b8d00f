"""Endpoints that keep a flow inside the VPC: the one there is, or one to be made."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.analysis.routing import effective_route_table
from netprobe.fixes.block import Block, Opener, Set
from netprobe.model.changes import (
    NEW,
    AddEndpointTable,
    CreateGatewayEndpoint,
    CreateInterfaceEndpoint,
    SetPrivateDns,
)
from netprobe.model.flow import Source
from netprobe.model.resources import PrefixList, VpcEndpoint
from netprobe.model.service_names import private_names, service_of_host, service_suffix
from netprobe.model.snapshot import Snapshot

WITH_GATEWAY_ENDPOINTS = frozenset({"s3", "dynamodb"})
"""https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html

Their interface endpoints need more than private DNS, so those are no way out here.
"""
WITH_INTERFACE_ENDPOINTS = frozenset(
    {
        "appconfigdata",
        "athena",
        "autoscaling",
        "bedrock-runtime",
        "cloudformation",
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "ecs",
        "elasticfilesystem",
        "elasticloadbalancing",
        "events",
        "execute-api",
        "glue",
        "kinesis-firehose",
        "kinesis-streams",
        "kms",
        "lambda",
        "logs",
        "monitoring",
        "rds",
        "rds-data",
        "sagemaker.api",
        "sagemaker.runtime",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "ssmmessages",
        "states",
        "sts",
        "xray",
    }
)
"""Services that have interface endpoints wherever they are, where the region's list was not read.

https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""
_OTHER_NAMES = ("cn-", "eusc-")
"""Regions where endpoint services may be called otherwise than ``com.amazonaws.{region}.X``."""


def gateway_endpoint(snapshot: Snapshot, host: str, sources: Iterable[Source]) -> Opener | None:
    """Return the opener that routes to a gateway endpoint; None where the host has none.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    """
    service = service_of_host(host, snapshot.region)
    listed = _list_of(snapshot, service)
    if service not in WITH_GATEWAY_ENDPOINTS or listed is None:
        return None
    tables = tuple(
        dict.fromkeys(
            table.route_table_id
            for source in sources
            if (table := effective_route_table(snapshot, source.subnet_id))
        )
    )

    def use(block: Block) -> Set | None:
        table = effective_route_table(block.snapshot, block.source.subnet_id)
        if table is None:
            return None
        there = _endpoint_of(snapshot, block.source.vpc_id, service, "Gateway")
        if there is None:
            made = CreateGatewayEndpoint(
                vpc_endpoint_id=f"{NEW}{service}-endpoint",
                vpc_id=block.source.vpc_id,
                service_name=f"com.amazonaws.{snapshot.region}.{service}",
                prefix_list_id=listed.prefix_list_id,
                route_table_ids=tables,
            )
            return (made,)
        if table.route_table_id in there.route_table_ids:
            return None
        added = AddEndpointTable(
            vpc_endpoint_id=there.vpc_endpoint_id,
            prefix_list_id=listed.prefix_list_id,
            route_table_id=table.route_table_id,
        )
        return (added,)

    return use


def interface_endpoint(snapshot: Snapshot, host: str, sources: Iterable[Source]) -> Opener | None:
    """Return the opener that answers a service's name inside the VPC; None where nothing can.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    service = service_of_host(host, snapshot.region)
    offered = None if service in WITH_GATEWAY_ENDPOINTS else _offered(snapshot, service)
    starts = tuple(sources)
    if service is None or offered is None or not starts or not starts[0].security_group_ids:
        return None
    subnets = _one_per_zone(snapshot, starts)
    groups = starts[0].security_group_ids[:1]

    def use(block: Block) -> Set | None:
        if _name_is_taken(block.snapshot, block.source.vpc_id, service):
            return None
        there = _endpoint_of(snapshot, block.source.vpc_id, service, "Interface")
        if there is not None:
            if there.private_dns_enabled:
                return None
            return (SetPrivateDns(vpc_endpoint_id=there.vpc_endpoint_id, enabled=True),)
        made = CreateInterfaceEndpoint(
            vpc_endpoint_id=f"{NEW}{service.replace('.', '-')}-endpoint",
            vpc_id=block.source.vpc_id,
            service_name=offered,
            subnet_ids=subnets,
            group_ids=groups,
        )
        return (made,)

    return use


def _name_is_taken(snapshot: Snapshot, vpc_id: str, service: str) -> bool:
    """Tell whether a private zone of the VPC has the service's name: AWS refuses private DNS then.

    "Conflicting DNS domain": https://repost.aws/knowledge-center/vpc-interface-configure-dns
    """
    own = private_names(service, snapshot.region)
    return any(vpc_id in zone.vpc_ids and zone.name in own for zone in snapshot.hosted_zones)


def _list_of(snapshot: Snapshot, service: str | None) -> PrefixList | None:
    name = f"com.amazonaws.{snapshot.region}.{service}"
    return next((item for item in snapshot.prefix_lists if item.name == name), None)


def _endpoint_of(snapshot: Snapshot, vpc_id: str, service: str, kind: str) -> VpcEndpoint | None:
    for item in snapshot.vpc_endpoints:
        named = service_suffix(item.service_name, snapshot.region)
        is_it = item.vpc_id == vpc_id and item.endpoint_type == kind and named == service
        if is_it and item.state.lower() == "available":
            return item
    return None


def _offered(snapshot: Snapshot, service: str | None) -> str | None:
    """Return the service's endpoint name, if AWS says that interface endpoints can be made."""
    for item in snapshot.endpoint_services:
        if (
            service_suffix(item.service_name, snapshot.region) == service
            and "Interface" in item.service_types
        ):
            return item.service_name
    told = bool(snapshot.endpoint_services) or snapshot.region.startswith(_OTHER_NAMES)
    if told or service not in WITH_INTERFACE_ENDPOINTS:
        return None
    return f"com.amazonaws.{snapshot.region}.{service}"


def _one_per_zone(snapshot: Snapshot, sources: Iterable[Source]) -> tuple[str, ...]:
    """Return a subnet of the sources for each zone they are in, so that no call crosses zones."""
    found: dict[str, str] = {}
    for subnet in (snapshot.subnet(item.subnet_id) for item in sources):
        if subnet is not None:
            found.setdefault(subnet.zone, subnet.subnet_id)
    return tuple(found.values())
