"""Describe answers of a small account, written down item by item, as AWS words them."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import Any

Item = dict[str, Any]
ALL = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]} | {
    "Ipv6Ranges": [{"CidrIpv6": "::/0"}]
}
REGION = "us-east-1"


def allow(number: int, cidr: str, *, egress: bool, action: str = "allow", **more: Any) -> Item:
    """Return an ACL entry for everything, or for what ``more`` says."""
    key = "Ipv6CidrBlock" if ":" in cidr else "CidrBlock"
    entry = {"RuleNumber": number, "Egress": egress, "Protocol": "-1", "RuleAction": action}
    return entry | {key: cidr} | more


EVERYTHING = tuple(
    allow(number, cidr, egress=egress)
    for number, cidr in ((100, "0.0.0.0/0"), (101, "::/0"))
    for egress in (True, False)
)


class Account:
    """Everything a test puts into its VPCs; ids tell what a thing is."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = defaultdict(list)
        self._numbers = count(1)

    def _new(self, key: str, prefix: str, item: Item, name: str) -> str:
        made = f"{prefix}-{next(self._numbers)}"
        self.answers[key].append({name: made} | item)
        return made

    def item(self, key: str, resource_id: str) -> Item:
        """Return the item of a resource, for a test to change."""
        found: Item = next(i for i in self.answers[key] if resource_id in i.values())
        return found

    def vpc(self, cidr: str, ipv6: str | None = None, **more: Any) -> str:
        blocks = [ipv6_block(ipv6)] if ipv6 else []
        item = {"CidrBlock": cidr, "Ipv6CidrBlockAssociationSet": blocks} | more
        vpc = self._new("Vpcs", "vpc", item, "VpcId")
        self.acl(vpc, *EVERYTHING, default=True)
        self.group(vpc, name="default")
        self.table(vpc, main=True)
        return vpc

    def subnet(self, vpc: str, cidr: str, ipv6: str | None = None, zone: str = "a") -> str:
        item = {"VpcId": vpc, "CidrBlock": cidr, "AvailabilityZone": f"{REGION}{zone}"}
        item["AvailabilityZoneId"] = f"use1-az-{zone}"
        item |= {"Ipv6CidrBlockAssociationSet": [ipv6_block(ipv6)] if ipv6 else []}
        return self._new("Subnets", "subnet", item, "SubnetId")

    def table(self, vpc: str, *routes: Item, main: bool = False, of: str = "") -> str:
        """Return a table with the local routes and these, for a subnet or a gateway."""
        found = self.item("Vpcs", vpc)
        cidrs = [found["CidrBlock"]]
        cidrs += [item["Ipv6CidrBlock"] for item in found["Ipv6CidrBlockAssociationSet"]]
        local = [route(c, GatewayId="local") | {"Origin": "CreateRouteTable"} for c in cidrs]
        key = "SubnetId" if of.startswith("subnet") else "GatewayId"
        association: Item = {"Main": True} if main else {"Main": False, key: of}
        item = {"VpcId": vpc, "Routes": [*local, *routes], "Associations": [association]}
        return self._new("RouteTables", "rtb", item, "RouteTableId")

    def acl(self, vpc: str, *entries: Item, default: bool = False, of: str = "") -> str:
        associations = [] if default else [{"SubnetId": of}]
        item = {"VpcId": vpc, "IsDefault": default, "Entries": list(entries)}
        return self._new(
            "NetworkAcls", "acl", item | {"Associations": associations}, "NetworkAclId"
        )

    def group(
        self,
        vpc: str,
        ingress: tuple[Item, ...] = (ALL,),
        egress: tuple[Item, ...] = (ALL,),
        name: str = "own",
    ) -> str:
        item = {"VpcId": vpc, "GroupName": name, "IpPermissions": list(ingress)}
        item |= {"IpPermissionsEgress": list(egress)}
        return self._new("SecurityGroups", "sg", item, "GroupId")

    def interface(
        self,
        subnet: str,
        ipv4: str,
        ipv6: str | None = None,
        *,
        group: str | None = None,
        public: str | None = None,
        **more: Any,
    ) -> str:
        vpc = self.item("Subnets", subnet)["VpcId"]
        default = next(
            g["GroupId"]
            for g in self.answers["SecurityGroups"]
            if g["VpcId"] == vpc and g["GroupName"] == "default"
        )
        address: Item = {"PrivateIpAddress": ipv4, "Primary": True}
        if public:
            address["Association"] = {"PublicIp": public}
        item = {
            "VpcId": vpc,
            "SubnetId": subnet,
            "InterfaceType": "interface",
            "PrivateIpAddresses": [address],
            "Ipv6Addresses": [{"Ipv6Address": ipv6}] if ipv6 else [],
            "Groups": [{"GroupId": group or default}],
            "SourceDestCheck": True,
        }
        return self._new("NetworkInterfaces", "eni", item | more, "NetworkInterfaceId")

    def internet_gateway(self, vpc: str) -> str:
        item = {"Attachments": [{"VpcId": vpc, "State": "available"}]}
        return self._new("InternetGateways", "igw", item, "InternetGatewayId")

    def egress_only_gateway(self, vpc: str) -> str:
        item = {"Attachments": [{"VpcId": vpc, "State": "attached"}]}
        key = "EgressOnlyInternetGatewayId"
        return self._new("EgressOnlyInternetGateways", "eigw", item, key)

    def nat_gateway(self, subnet: str, ipv4: str, public: str | None = None) -> str:
        """Return a zonal NAT gateway: public with an address, private without."""
        interface = self.interface(subnet, ipv4, InterfaceType="nat_gateway", Groups=[])
        address: Item = {"NetworkInterfaceId": interface, "PrivateIp": ipv4, "IsPrimary": True}
        if public:
            address["PublicIp"] = public
        item = {
            "VpcId": self.item("Subnets", subnet)["VpcId"],
            "SubnetId": subnet,
            "State": "available",
            "ConnectivityType": "public" if public else "private",
            "NatGatewayAddresses": [address],
        }
        return self._new("NatGateways", "nat", item, "NatGatewayId")

    def regional_nat_gateway(
        self, vpc: str, table: str, zones: dict[str, str], **more: Any
    ) -> str:
        """Return a regional NAT gateway with an address per zone."""
        addresses = [
            {"AvailabilityZoneId": f"use1-az-{zone}", "PublicIp": public}
            for zone, public in zones.items()
        ]
        item = {"VpcId": vpc, "State": "available", "AvailabilityMode": "regional"}
        item |= {"RouteTableId": table, "NatGatewayAddresses": addresses} | more
        return self._new("NatGateways", "nat", item, "NatGatewayId")

    def peering(self, one: str, other: str, state: str = "active") -> str:
        item = {"RequesterVpcInfo": {"VpcId": one, "Region": REGION}}
        item |= {"AccepterVpcInfo": {"VpcId": other, "Region": REGION}, "Status": {"Code": state}}
        return self._new("VpcPeeringConnections", "pcx", item, "VpcPeeringConnectionId")

    def transit_gateway(self, references: str = "disable") -> str:
        item = {"Options": {"SecurityGroupReferencingSupport": references}}
        return self._new("TransitGateways", "tgw", item, "TransitGatewayId")

    def attach(self, gateway: str, *subnets: str, references: str = "enable") -> str:
        item = {
            "TransitGatewayId": gateway,
            "VpcId": self.item("Subnets", subnets[0])["VpcId"],
            "SubnetIds": list(subnets),
            "State": "available",
            "Options": {"SecurityGroupReferencingSupport": references},
        }
        key = "TransitGatewayAttachmentId"
        return self._new("TransitGatewayVpcAttachments", "tgw-attach", item, key)

    def transit_table(self, *routes: Item, of: tuple[str, ...]) -> str:
        """Return a transit gateway's table that attachments are associated with."""
        table = f"tgw-rtb-{next(self._numbers)}"
        asked = {"TransitGatewayRouteTableId": table}
        held = [{"TransitGatewayAttachmentId": a, "State": "associated"} for a in of]
        self.answers["GetTransitGatewayRouteTableAssociations"].append(
            asked | {"Associations": held}
        )
        self.answers["SearchTransitGatewayRoutes"].append(asked | {"Routes": list(routes)})
        return table


def ipv6_block(cidr: str, attribute: str = "public") -> Item:
    state = {"State": "associated"}
    return {
        "Ipv6CidrBlock": cidr,
        "Ipv6CidrBlockState": state,
        "Ipv6AddressAttribute": attribute,
    }


def route(destination: str, **target: Any) -> Item:
    """Return a live route of a VPC's table."""
    key = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
    if destination.startswith("pl-"):
        key = "DestinationPrefixListId"
    return {key: destination, "State": "active", "Origin": "CreateRoute"} | target


def transit_route(destination: str, attachment: str = "", kind: str = "static") -> Item:
    """Return a transit gateway's route, a black hole without an attachment."""
    named = [{"TransitGatewayAttachmentId": attachment, "ResourceType": "vpc"}]
    item = {"DestinationCidrBlock": destination, "Type": kind}
    item["State"] = "active" if attachment else "blackhole"
    return item | {"TransitGatewayAttachments": named if attachment else []}
