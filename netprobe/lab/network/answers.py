"""Makes the lab's input of raw Describe answers: no control plane, no network, values only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netprobe.lab.network.described import Described, Json, Shared

Answers = Mapping[str, Any]
"""Lists of items under AWS's own top-level keys, see ``describe_vpcs``."""

_GATEWAY_SERVICES = ("s3", "dynamodb")


def describe_vpcs(answers: Answers, region: str) -> tuple[Described, ...]:
    """Return what each VPC of the answers consists of.

    The keys are AWS's own: ``Vpcs``, ``Subnets``, ``RouteTables``, ``InternetGateways``,
    ``EgressOnlyInternetGateways``, ``NatGateways``, ``SecurityGroups``, ``NetworkAcls``,
    ``NetworkInterfaces``, ``Reservations``, ``VpcEndpoints``, ``VpcPeeringConnections``,
    ``TransitGateways``, ``TransitGatewayVpcAttachments``, ``VpcBlockPublicAccessOptions`` (one
    object) and ``VpcBlockPublicAccessExclusions``. Answers that do not name their subject lie
    under their call's name, each with the id it was asked for: ``DescribeVpcAttribute``
    (``VpcId``), ``GetManagedPrefixListEntries`` (``PrefixListId``, ``Entries``),
    ``GetTransitGatewayRouteTableAssociations`` and ``SearchTransitGatewayRoutes``
    (``TransitGatewayRouteTableId``, with ``Associations`` or ``Routes``). ``PrefixLists`` tells
    which lists are S3's and DynamoDB's. What is left out is not there.

    Whole answers under their calls' names do as well: ``{"DescribeVpcs": {"Vpcs": [...]}}``.
    """
    answers = _lists(answers)
    shared = _shared(answers)
    prefix_lists = _prefix_lists(answers)
    services = service_addresses(answers, region)
    return tuple(
        _described(answers, vpc, region, (prefix_lists, services, shared))
        for vpc in _items(answers, "Vpcs")
    )


def _lists(answers: Answers) -> Answers:
    """Return the lists of whole answers beside those that were given as lists."""
    found = dict(answers)
    for operation, answer in answers.items():
        if operation.startswith("Describe") and isinstance(answer, Mapping):
            found |= answer
    return found


def service_addresses(answers: Answers, region: str) -> Mapping[str, tuple[str, ...]]:
    """Return the CIDRs of S3 and DynamoDB by service name, from ``PrefixLists`` and entries."""
    entries = _prefix_lists(answers)
    services: dict[str, tuple[str, ...]] = {}
    for item in _items(answers, "PrefixLists"):
        name = str(item.get("PrefixListName", ""))
        for service in _GATEWAY_SERVICES:
            if name.startswith("com.amazonaws.") and name.endswith(f"{region}.{service}"):
                known = services.get(service, ())
                services[service] = (*known, *entries.get(item["PrefixListId"], ()))
    return services


def _described(
    answers: Answers,
    vpc: Json,
    region: str,
    common: tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]], Shared],
) -> Described:
    vpc_id = vpc["VpcId"]

    def own(key: str) -> tuple[Json, ...]:
        return tuple(item for item in _items(answers, key) if item.get("VpcId") == vpc_id)

    prefix_lists, services, shared = common
    return Described(
        region=region,
        vpc=vpc,
        dns_support=_attribute(answers, vpc_id, "EnableDnsSupport", default=True),
        dns_hostnames=_attribute(answers, vpc_id, "EnableDnsHostnames", default=False),
        subnets=own("Subnets"),
        route_tables=own("RouteTables"),
        internet_gateways=_attached(answers, vpc_id, "InternetGateways"),
        egress_only_gateways=_attached(answers, vpc_id, "EgressOnlyInternetGateways"),
        nat_gateways=own("NatGateways"),
        security_groups=own("SecurityGroups"),
        network_acls=own("NetworkAcls"),
        network_interfaces=own("NetworkInterfaces"),
        vpc_endpoints=own("VpcEndpoints"),
        prefix_lists=prefix_lists,
        service_addresses=services,
        idle_instances=_idle_instances(answers),
        shared=shared,
    )


def _idle_instances(answers: Answers) -> frozenset[str]:
    return frozenset(
        str(instance["InstanceId"])
        for reservation in _items(answers, "Reservations")
        for instance in reservation.get("Instances") or ()
        if (instance.get("State") or {}).get("Name", "running") != "running"
    )


def _items(answers: Answers, key: str) -> Iterable[Json]:
    return answers.get(key) or ()


def _attribute(answers: Answers, vpc_id: str, name: str, *, default: bool) -> bool:
    for item in _items(answers, "DescribeVpcAttribute"):
        if item.get("VpcId") == vpc_id and name in item:
            return bool(item[name]["Value"])
    return default


def _attached(answers: Answers, vpc_id: str, key: str) -> tuple[Json, ...]:
    """Return the gateways attached to a VPC; the two kinds have different words for it."""
    return tuple(
        item
        for item in _items(answers, key)
        if any(
            a.get("VpcId") == vpc_id and a.get("State", "attached") in {"attached", "available"}
            for a in item.get("Attachments") or ()
        )
    )


def _prefix_lists(answers: Answers) -> dict[str, tuple[str, ...]]:
    return {
        item["PrefixListId"]: tuple(entry["Cidr"] for entry in item["Entries"])
        for item in _items(answers, "GetManagedPrefixListEntries")
    }


def _shared(answers: Answers) -> Shared:
    return Shared(
        peerings=tuple(_items(answers, "VpcPeeringConnections")),
        transit_gateways=tuple(_items(answers, "TransitGateways")),
        transit_attachments=tuple(_items(answers, "TransitGatewayVpcAttachments")),
        transit_associations={
            association["TransitGatewayAttachmentId"]: item["TransitGatewayRouteTableId"]
            for item in _items(answers, "GetTransitGatewayRouteTableAssociations")
            for association in item["Associations"]
            if association.get("State", "associated") == "associated"
        },
        transit_routes={
            item["TransitGatewayRouteTableId"]: tuple(item["Routes"])
            for item in _items(answers, "SearchTransitGatewayRoutes")
        },
        public_access=answers.get("VpcBlockPublicAccessOptions") or {},
        exclusions=tuple(_items(answers, "VpcBlockPublicAccessExclusions")),
    )
