"""Reads what the control plane says about a VPC, through the API that users change it with."""

from __future__ import annotations

import threading
from typing import Any

import boto3
from botocore.config import Config

from netprobe.lab.network.answers import describe_vpcs, service_addresses
from netprobe.lab.network.described import Described
from netprobe.lab.network.sites import connected, regions_behind

_CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
_LISTS = (
    ("describe_vpcs", "Vpcs"),
    ("describe_subnets", "Subnets"),
    ("describe_route_tables", "RouteTables"),
    ("describe_internet_gateways", "InternetGateways"),
    ("describe_egress_only_internet_gateways", "EgressOnlyInternetGateways"),
    ("describe_nat_gateways", "NatGateways"),
    ("describe_security_groups", "SecurityGroups"),
    ("describe_network_acls", "NetworkAcls"),
    ("describe_network_interfaces", "NetworkInterfaces"),
    ("describe_instances", "Reservations"),
    ("describe_vpc_endpoints", "VpcEndpoints"),
    ("describe_vpc_peering_connections", "VpcPeeringConnections"),
    ("describe_transit_gateways", "TransitGateways"),
    ("describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments"),
    ("describe_transit_gateway_route_tables", "TransitGatewayRouteTables"),
    ("describe_managed_prefix_lists", "PrefixLists"),
)


class ControlPlane:
    """The lab's own clients of its own endpoint."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url
        self._session = boto3.session.Session(**_CREDENTIALS)
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str, region: str) -> Any:
        """Return a client; each is made once, and safe to share between threads."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._session.client(
                    service,
                    region_name=region,
                    endpoint_url=self._endpoint_url,
                    config=Config(
                        retries={"total_max_attempts": 1},
                        read_timeout=1000,  # an Invoke may take 15 minutes
                        max_pool_connections=64,
                        parameter_validation=False,
                    ),
                )
            return self._clients[service, region]

    def describe_connected(self, vpc_id: str, region: str) -> tuple[Described, ...]:
        """Return what decides about the packets of a VPC and of all it is connected to."""
        lists = {region: self._lists(region)}
        near = _connected_in(lists, vpc_id)
        while missing := regions_behind(near) - set(lists):
            lists |= {item: self._lists(item) for item in missing}
            near = _connected_in(lists, vpc_id)
        # The rest is asked of one thing at a time: only of what stands in this topology.
        for name, answers in lists.items():
            self._add_details(answers, name, {d.vpc_id for d in near if d.region == name})
        return _connected_in(lists, vpc_id)

    def _lists(self, region: str) -> dict[str, Any]:
        ec2 = self.client("ec2", region)
        return {key: _all(ec2, operation, key) for operation, key in _LISTS}

    def _add_details(self, answers: dict[str, Any], region: str, near: set[str]) -> None:
        ec2 = self.client("ec2", region)
        answers |= {
            "Vpcs": [item for item in answers["Vpcs"] if item["VpcId"] in near],
            "DescribeVpcAttribute": [_attributes(ec2, item) for item in sorted(near)],
            "VpcBlockPublicAccessOptions": ec2.describe_vpc_block_public_access_options()[
                "VpcBlockPublicAccessOptions"
            ],
            "VpcBlockPublicAccessExclusions": ec2.describe_vpc_block_public_access_exclusions()[
                "VpcBlockPublicAccessExclusions"
            ],
            "GetManagedPrefixListEntries": _entries(ec2, answers["PrefixLists"]),
        }
        answers |= _transit(ec2, _tables_near(answers, near))

    def service_addresses(self, region: str) -> dict[str, tuple[str, ...]]:
        """Return the CIDRs of S3 and DynamoDB by service name."""
        ec2 = self.client("ec2", region)
        lists = _all(ec2, "describe_managed_prefix_lists", "PrefixLists")
        answers = {
            "PrefixLists": lists,
            "GetManagedPrefixListEntries": _entries(ec2, lists),
        }
        return dict(service_addresses(answers, region))


def _connected_in(lists: dict[str, dict[str, Any]], vpc_id: str) -> tuple[Described, ...]:
    every = (item for region, answers in lists.items() for item in describe_vpcs(answers, region))
    return connected(tuple(every), vpc_id)


def _all(ec2: Any, operation: str, key: str) -> tuple[Any, ...]:
    return tuple(item for page in ec2.get_paginator(operation).paginate() for item in page[key])


def _attributes(ec2: Any, vpc_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {"VpcId": vpc_id}
    for name, key in (
        ("enableDnsSupport", "EnableDnsSupport"),
        ("enableDnsHostnames", "EnableDnsHostnames"),
    ):
        found[key] = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[key]
    return found


def _entries(ec2: Any, lists: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {
            "PrefixListId": item["PrefixListId"],
            "Entries": ec2.get_managed_prefix_list_entries(PrefixListId=item["PrefixListId"])[
                "Entries"
            ],
        }
        for item in lists
    ]


def _tables_near(answers: dict[str, Any], near: set[str]) -> list[dict[str, Any]]:
    """Return the route tables of the transit gateways that these VPCs are attached to."""
    attachments = answers["TransitGatewayVpcAttachments"]
    gateways = {a["TransitGatewayId"] for a in attachments if a.get("VpcId") in near}
    tables: list[dict[str, Any]] = answers["TransitGatewayRouteTables"]
    return [item for item in tables if item["TransitGatewayId"] in gateways]


def _transit(ec2: Any, tables: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return what each route table of a transit gateway is associated with, and its routes."""
    associations, routes = [], []
    every_state = [{"Name": "state", "Values": ["active", "blackhole"]}]
    for item in tables:
        table_id = item["TransitGatewayRouteTableId"]
        asked = {"TransitGatewayRouteTableId": table_id}
        held = ec2.get_transit_gateway_route_table_associations(**asked)["Associations"]
        found = ec2.search_transit_gateway_routes(**asked, Filters=every_state)["Routes"]
        associations.append(asked | {"Associations": held})
        routes.append(asked | {"Routes": found})
    return {
        "GetTransitGatewayRouteTableAssociations": associations,
        "SearchTransitGatewayRoutes": routes,
    }
