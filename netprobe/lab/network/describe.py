"""Reads what the control plane says about a VPC, through the API that users change it with."""

from __future__ import annotations

import threading
from typing import Any

import boto3
from botocore.config import Config

from netprobe.lab.network.described import Described

_CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
_GATEWAY_SERVICES = ("s3", "dynamodb")


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

    def describe_vpc(self, vpc_id: str, region: str) -> Described:
        """Return everything that decides about the packets of a VPC."""
        ec2 = self.client("ec2", region)
        in_vpc = {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]}
        prefix_lists, service_addresses = self._prefix_lists(ec2, region)
        return Described(
            region=region,
            vpc=ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0],
            dns_support=_attribute(ec2, vpc_id, "enableDnsSupport", "EnableDnsSupport"),
            dns_hostnames=_attribute(ec2, vpc_id, "enableDnsHostnames", "EnableDnsHostnames"),
            subnets=_all(ec2, "describe_subnets", "Subnets", in_vpc),
            route_tables=_all(ec2, "describe_route_tables", "RouteTables", in_vpc),
            internet_gateways=_attached(ec2, vpc_id, "describe_internet_gateways"),
            egress_only_gateways=_attached(ec2, vpc_id, "describe_egress_only_internet_gateways"),
            nat_gateways=_of_vpc(ec2, vpc_id, "describe_nat_gateways", "NatGateways"),
            security_groups=_all(ec2, "describe_security_groups", "SecurityGroups", in_vpc),
            network_acls=_all(ec2, "describe_network_acls", "NetworkAcls", in_vpc),
            network_interfaces=_all(
                ec2, "describe_network_interfaces", "NetworkInterfaces", in_vpc
            ),
            vpc_endpoints=_of_vpc(ec2, vpc_id, "describe_vpc_endpoints", "VpcEndpoints"),
            prefix_lists=prefix_lists,
            service_addresses=service_addresses,
        )

    def service_addresses(self, region: str) -> dict[str, tuple[str, ...]]:
        """Return the CIDRs of S3 and DynamoDB by service name."""
        return self._prefix_lists(self.client("ec2", region), region)[1]

    def _prefix_lists(
        self, ec2: Any, region: str
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        lists = _all(ec2, "describe_managed_prefix_lists", "PrefixLists", {})
        entries = {
            item["PrefixListId"]: tuple(entry["Cidr"] for entry in _entries(ec2, item))
            for item in lists
        }
        services: dict[str, tuple[str, ...]] = {}
        for item in lists:
            for service in _GATEWAY_SERVICES:
                name = str(item["PrefixListName"])
                if name.startswith("com.amazonaws.") and name.endswith(f"{region}.{service}"):
                    known = services.get(service, ())
                    services[service] = (*known, *entries[item["PrefixListId"]])
        return entries, services


def _entries(ec2: Any, item: dict[str, Any]) -> list[dict[str, Any]]:
    answer = ec2.get_managed_prefix_list_entries(PrefixListId=item["PrefixListId"])
    return list(answer["Entries"])


def _attribute(ec2: Any, vpc_id: str, name: str, key: str) -> bool:
    answer = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)
    return bool(answer[key]["Value"])


def _all(ec2: Any, operation: str, key: str, arguments: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(
        item for page in ec2.get_paginator(operation).paginate(**arguments) for item in page[key]
    )


def _of_vpc(ec2: Any, vpc_id: str, operation: str, key: str) -> tuple[Any, ...]:
    return tuple(item for item in _all(ec2, operation, key, {}) if item["VpcId"] == vpc_id)


def _attached(ec2: Any, vpc_id: str, operation: str) -> tuple[Any, ...]:
    key = {
        "describe_internet_gateways": "InternetGateways",
        "describe_egress_only_internet_gateways": "EgressOnlyInternetGateways",
    }[operation]
    return tuple(
        item
        for item in _all(ec2, operation, key, {})
        if any(
            a["VpcId"] == vpc_id and a["State"] in {"attached", "available"}
            for a in item.get("Attachments") or ()
        )
    )
