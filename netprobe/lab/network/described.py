"""What the Describe calls say about one VPC, as AWS's own JSON, and the lab's look-ups in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]
"""One item of a Describe answer, under AWS's own keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the VPCs of a region share: what connects them, and what holds for all of them."""

    peerings: tuple[Json, ...] = ()
    """Items of DescribeVpcPeeringConnections."""
    transit_gateways: tuple[Json, ...] = ()
    transit_attachments: tuple[Json, ...] = ()
    """Items of DescribeTransitGatewayVpcAttachments."""
    transit_associations: Mapping[str, str] = field(default_factory=dict)
    """The route table each attachment is associated with, by the attachment's id."""
    transit_routes: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    """What SearchTransitGatewayRoutes finds, by the id of the route table."""
    public_access: Json = field(default_factory=dict)
    """The options of Block Public Access; without any it is off."""
    exclusions: tuple[Json, ...] = ()
    """The exclusions from Block Public Access."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The Describe answers of one VPC at one moment.

    ``answers.describe_vpcs`` makes these from raw answers, without any control plane.
    """

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
    idle_instances: frozenset[str] = frozenset()
    """The instances that are known not to run."""
    shared: Shared = field(default_factory=Shared)

    @property
    def vpc_id(self) -> str:
        """The id of the VPC."""
        return str(self.vpc["VpcId"])

    @property
    def ipv4_cidrs(self) -> tuple[str, ...]:
        """The VPC's IPv4 CIDRs, the primary one first."""
        primary = self.vpc["CidrBlock"]
        more = (
            item["CidrBlock"]
            for item in self.vpc.get("CidrBlockAssociationSet") or ()
            if _is_associated(item.get("CidrBlockState"))
        )
        return tuple(dict.fromkeys((primary, *more)))

    @property
    def ipv6_cidrs(self) -> tuple[str, ...]:
        """The VPC's IPv6 CIDRs."""
        return tuple(item["Ipv6CidrBlock"] for item in self._ipv6_blocks())

    @property
    def public_ipv6_cidrs(self) -> tuple[str, ...]:
        """Those that gateways to the internet serve.

        "Private IPv6 addresses cannot be used to reach the internet": "IPv6 addressing" in
        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
        """
        return tuple(
            item["Ipv6CidrBlock"]
            for item in self._ipv6_blocks()
            if item.get("Ipv6AddressAttribute") != "private"
        )

    def _ipv6_blocks(self) -> list[Json]:
        return [
            item
            for item in self.vpc.get("Ipv6CidrBlockAssociationSet") or ()
            if (item.get("Ipv6CidrBlockState") or {}).get("State") == "associated"
        ]

    def cidrs_of(self, subnet_id: str) -> tuple[str, ...]:
        """Return a subnet's CIDRs of both families."""
        subnet: Json = next((s for s in self.subnets if s["SubnetId"] == subnet_id), {})
        ipv6 = (
            item["Ipv6CidrBlock"]
            for item in subnet.get("Ipv6CidrBlockAssociationSet") or ()
            if _is_associated(item.get("Ipv6CidrBlockState"))
        )
        return tuple(cidr for cidr in (subnet.get("CidrBlock"), *ipv6) if cidr)

    def route_table(self, table_id: str) -> Json:
        """Return a route table by its id; one that is not there has no routes."""
        found = (t for t in self.route_tables if t.get("RouteTableId") == table_id)
        return next(found, {"Routes": ()})

    def edge_table_of(self, gateway_id: str) -> Json | None:
        """Return the table of what comes in through an internet gateway, if it has one.

        https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
        """
        for table in self.route_tables:
            for association in table.get("Associations") or ():
                if association.get("GatewayId") == gateway_id and _is_associated(
                    association.get("AssociationState")
                ):
                    return table
        return None

    def route_table_of(self, subnet_id: str) -> Json:
        """Return the table associated with a subnet, else the VPC's main table."""
        main: Json = {"Routes": ()}
        for table in self.route_tables:
            for association in table.get("Associations") or ():
                if not _is_associated(association.get("AssociationState")):
                    continue
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
        """Return the name of a subnet's Availability Zone, its id where no name is told."""
        found = (s for s in self.subnets if s["SubnetId"] == subnet_id)
        subnet: Json = next(found, {})
        return str(subnet.get("AvailabilityZone") or subnet.get("AvailabilityZoneId") or "")

    def zone_named(self, item: Json) -> str:
        """Return the zone of an address as the VPC's subnets call it: some tell its id alone."""
        zone_id = item.get("AvailabilityZoneId")
        by_id = {s.get("AvailabilityZoneId"): self.zone_of(s["SubnetId"]) for s in self.subnets}
        return str(item.get("AvailabilityZone") or by_id.get(zone_id) or zone_id or "")


def _is_associated(state: Json | None) -> bool:
    """Tell whether an association is in force; answers that leave its state out mean it is."""
    return str((state or {}).get("State", "associated")) == "associated"
