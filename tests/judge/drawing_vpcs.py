"""VPCs, their subnets, DNS attributes, and the prefix lists of the region."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Any

from tests.judge.building import ACCOUNT, REGION
from tests.judge.estate import S3_CIDRS, S3_CIDRS_IPV6, Estate, Item, SubnetPlan, VpcPlan, arn

ZONES = ("a", "b", "c")
ROLES = ((4, "public"), (5, "private"), (1, "isolated"))
"""What a subnet is for: an internet gateway, a NAT gateway, nothing outside."""
ROLES_OF_SEVERAL = (*ROLES, (5, "egress"))
"""With several VPCs, also the way out of another one."""
ROLES_OF_A_SPOKE = ((6, "egress"), (1, "public"), (1, "private"))


def draw_vpcs(estate: Estate, count: int) -> None:
    """Draw the VPCs with one to six subnets each, fewer where there are several VPCs."""
    estate.has_hub = count > 1 and estate.dice.chance(40)
    for number in range(1, count + 1):
        plan = _vpc(estate, number)
        most = 6 if count == 1 else 3
        least = 2 if estate.has_hub and number == 1 else 1
        for index in range(1, estate.dice.number(least, most) + 1):
            _subnet(estate, plan, index, _roles(estate, plan, several=count > 1))
    draw_prefix_lists(estate)


def _roles(estate: Estate, plan: VpcPlan, *, several: bool) -> tuple[tuple[int, str], ...]:
    """Return what the next subnet may be for; the first of a VPC is public."""
    is_spoke = estate.has_hub and plan.number > 1
    if not plan.subnets:
        return ROLES_OF_A_SPOKE if is_spoke else ((1, "public"),)
    if is_spoke:
        return ROLES_OF_A_SPOKE
    if estate.has_hub:
        return ((4, "private"), (1, "public"))
    return ROLES_OF_SEVERAL if several else ROLES


def _vpc(estate: Estate, number: int) -> VpcPlan:
    dice = estate.dice
    vpc_id = estate.new_id("vpc")
    ipv4 = [IPv4Network(f"10.{number}.0.0/16")]
    if dice.chance(15):
        ipv4.append(IPv4Network(f"100.64.{number}.0/24"))
    ipv6 = IPv6Network(f"2600:1f10:{number}::/56") if dice.chance(75) else None
    private = ipv6 is not None and dice.chance(6)
    plan = VpcPlan(vpc_id=vpc_id, number=number, ipv4=ipv4, ipv6=ipv6)
    estate.vpcs.append(plan)
    item: Item = {
        "VpcId": vpc_id,
        "OwnerId": ACCOUNT,
        "State": "available",
        "InstanceTenancy": "default",
        "IsDefault": False,
        "CidrBlock": str(ipv4[0]),
        "DhcpOptionsId": "dopt-1",
        "CidrBlockAssociationSet": [
            {
                "AssociationId": f"vpc-cidr-assoc-{number}{index}",
                "CidrBlock": str(cidr),
                "CidrBlockState": {"State": "associated"},
            }
            for index, cidr in enumerate(ipv4)
        ],
    }
    if ipv6:
        item["Ipv6CidrBlockAssociationSet"] = [_ipv6_block(str(ipv6), "vpc", private=private)]
    estate.add("DescribeVpcs", item)
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        estate.per_subject["DescribeVpcAttribute"].append({"VpcId": vpc_id, name: {"Value": True}})
    return plan


def _ipv6_block(cidr: str, owner: str, *, private: bool) -> Item:
    state = {"State": "associated"}
    return {
        "AssociationId": f"{owner}-cidr-assoc-{cidr}",
        "Ipv6CidrBlock": cidr,
        "Ipv6CidrBlockState": state,
        "Ipv6AddressAttribute": "private" if private else "public",
        "IpSource": "amazon",
    }


def _subnet(estate: Estate, plan: VpcPlan, index: int, roles: tuple[tuple[int, str], ...]) -> None:
    dice = estate.dice
    kinds = [(5, "dual"), (3, "ipv4"), (1, "ipv6")] if plan.ipv6 else [(1, "ipv4")]
    kind = dice.weighted(kinds)
    within = list(plan.ipv4[0].subnets(new_prefix=24))[index]
    if len(plan.ipv4) > 1 and index == 1:
        within = next(plan.ipv4[1].subnets(new_prefix=26))
    ipv6 = None
    if plan.ipv6 and kind != "ipv4":
        ipv6 = IPv6Network((int(plan.ipv6.network_address) + (index << 64), 64))
    zone = dice.choice(ZONES)
    subnet = SubnetPlan(
        subnet_id=estate.new_id("subnet"),
        vpc_id=plan.vpc_id,
        zone=zone,
        ipv4=None if kind == "ipv6" else within,
        ipv6=ipv6,
        role=dice.weighted(roles),
    )
    plan.subnets.append(subnet)
    item: dict[str, Any] = {
        "SubnetId": subnet.subnet_id,
        "SubnetArn": arn("subnet", subnet.subnet_id),
        "VpcId": plan.vpc_id,
        "OwnerId": ACCOUNT,
        "State": "available",
        "AvailabilityZone": f"{REGION}{zone}",
        "AvailabilityZoneId": f"use1-az{ZONES.index(zone) + 1}",
        "AvailableIpAddressCount": 200,
        "Ipv6Native": kind == "ipv6",
        "EnableDns64": False,
        "MapPublicIpOnLaunch": subnet.role == "public",
        "Ipv6CidrBlockAssociationSet": [],
    }
    if subnet.ipv4:
        item["CidrBlock"] = str(subnet.ipv4)
    if ipv6:
        blocks = estate.lists["DescribeVpcs"][-1]["Ipv6CidrBlockAssociationSet"]
        private = blocks[0]["Ipv6AddressAttribute"] == "private"
        item["Ipv6CidrBlockAssociationSet"] = [_ipv6_block(str(ipv6), "subnet", private=private)]
    estate.add("DescribeSubnets", item)


def draw_prefix_lists(estate: Estate) -> None:
    """Draw the list AWS manages for S3 and up to two of the customer's own."""
    dice = estate.dice
    service = _prefix_list(estate, f"com.amazonaws.{REGION}.s3", "AWS", S3_CIDRS)
    estate.service_lists["ipv4"] = service
    if dice.chance(40):
        name = f"com.amazonaws.{REGION}.ipv6.s3"
        estate.service_lists["ipv6"] = _prefix_list(estate, name, "AWS", S3_CIDRS_IPV6)
    pool = ["192.0.2.64/26", "192.0.2.0/24", "198.18.0.0/15", "192.0.2.80/32"]
    pool += [str(item.ipv4) for vpc in estate.vpcs for item in vpc.subnets if item.ipv4]
    ipv6 = ["3fff:c::/48", "2001:db8:9::/64"]
    ipv6 += [str(item.ipv6) for vpc in estate.vpcs for item in vpc.subnets if item.ipv6]
    for index in range(dice.number(0, 2)):
        cidrs = dice.some(ipv6 if dice.chance(30) else pool, 1, 3)
        estate.customer_lists.append(
            _prefix_list(estate, f"customer-{index}", ACCOUNT, tuple(cidrs))
        )


def _prefix_list(estate: Estate, name: str, owner: str, cidrs: tuple[str, ...]) -> str:
    prefix_list_id = estate.new_id("pl")
    estate.add(
        "DescribeManagedPrefixLists",
        {
            "PrefixListId": prefix_list_id,
            "PrefixListName": name,
            "OwnerId": owner,
            "AddressFamily": "IPv6" if ":" in cidrs[0] else "IPv4",
            "State": "create-complete",
            "MaxEntries": 10,
        },
    )
    estate.per_subject["GetManagedPrefixListEntries"].append(
        {"PrefixListId": prefix_list_id, "Entries": [{"Cidr": cidr} for cidr in cidrs]}
    )
    return prefix_list_id
