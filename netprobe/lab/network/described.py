"""What the Describe calls say about one VPC, as AWS's own JSON, and the lab's look-ups in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
"""One item of a Describe answer, under AWS's own keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The Describe answers of one VPC at one moment."""

    region: str
    vpc: Json
    dns_support: bool
    dns_hostnames: bool
    subnets: tuple[Json, ...]
    route_tables: tuple[Json, ...]
    internet_gateways: tuple[Json, ...]
    """Those attached to the VPC."""
    nat_gateways: tuple[Json, ...]
    security_groups: tuple[Json, ...]
    network_acls: tuple[Json, ...]
    network_interfaces: tuple[Json, ...]
    vpc_endpoints: tuple[Json, ...]
    egress_only_gateways: tuple[Json, ...]
    """Those attached to the VPC."""
    prefix_lists: Mapping[str, tuple[str, ...]]
    """The CIDRs of each prefix list, by id."""
    service_addresses: Mapping[str, tuple[str, ...]]
    """The CIDRs of S3 and DynamoDB, by service name: where their public addresses lie."""

    @property
    def vpc_id(self) -> str:
        """The id of the VPC."""
        return str(self.vpc["VpcId"])

    @property
    def ipv4_cidrs(self) -> tuple[str, ...]:
        """The VPC's IPv4 CIDRs, the primary one first."""
        primary = self.vpc["CidrBlock"]
        more = (item["CidrBlock"] for item in self.vpc.get("CidrBlockAssociationSet") or ())
        return tuple(dict.fromkeys((primary, *more)))

    @property
    def ipv6_cidrs(self) -> tuple[str, ...]:
        """The VPC's IPv6 CIDRs."""
        associations = self.vpc.get("Ipv6CidrBlockAssociationSet") or ()
        return tuple(
            item["Ipv6CidrBlock"]
            for item in associations
            if (item.get("Ipv6CidrBlockState") or {}).get("State") == "associated"
        )

    def route_table_of(self, subnet_id: str) -> Json:
        """Return the table associated with a subnet, else the VPC's main table."""
        main: Json = {"Routes": ()}
        for table in self.route_tables:
            for association in table.get("Associations") or ():
                if association.get("SubnetId") == subnet_id:
                    return table
                if association.get("Main"):
                    main = table
        return main

    def network_acl_of(self, subnet_id: str) -> Json:
        """Return the ACL associated with a subnet; AWS always has one, the default at least."""
        default: Json = {"Entries": ()}
        for acl in self.network_acls:
            if any(a.get("SubnetId") == subnet_id for a in acl.get("Associations") or ()):
                return acl
            if acl.get("IsDefault"):
                default = acl
        return default

    def zone_of(self, subnet_id: str) -> str:
        """Return the name of a subnet's Availability Zone."""
        found = (s["AvailabilityZone"] for s in self.subnets if s["SubnetId"] == subnet_id)
        return str(next(found, ""))
