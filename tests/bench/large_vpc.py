"""A VPC of any size as Describe output, and flows through it; the same every time.

Nothing is drawn at random: sizes are given, and flows are numbered.
"""

from __future__ import annotations

import ipaddress
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VPC = "vpc-0be00000000000001"
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
GROUP_RULES_EACH = 10
ENTRIES_EACH = 20
"""Of each direction of an ACL, AWS's default quota."""
INTERFACES_EACH = 4
"""Of each subnet."""

_SUBNETS = tuple(ipaddress.ip_network("10.0.0.0/16").subnets(new_prefix=26))
_IPV6_BLOCKS = tuple(ipaddress.ip_network(f"2001:db8:{i:x}00::/56") for i in range(1, 5))
_IPV6_SUBNETS = tuple(
    itertools.chain.from_iterable(block.subnets(new_prefix=64) for block in _IPV6_BLOCKS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything there is."""

    subnets: int = 200
    tables: int = 50
    routes: int = 100
    """Of each table."""
    group_rules: int = 500
    acls: int = 40

    @property
    def groups(self) -> int:
        """How many groups hold the rules."""
        return max(1, self.group_rules // GROUP_RULES_EACH)


STATED = Size()
"""The size that 10,000 flows a second are promised for."""


def answers(size: Size) -> dict[str, dict[str, Any]]:
    """Return Describe answers by operation."""
    return {
        "DescribeVpcs": {"Vpcs": [_vpc()]},
        "DescribeSubnets": {"Subnets": [_subnet(i) for i in range(size.subnets)]},
        "DescribeRouteTables": {"RouteTables": list(_tables(size))},
        "DescribeNetworkAcls": {"NetworkAcls": list(_acls(size))},
        "DescribeSecurityGroups": {"SecurityGroups": list(_groups(size))},
        "DescribeNetworkInterfaces": {"NetworkInterfaces": list(_interfaces(size))},
        "DescribeInternetGateways": {"InternetGateways": [_attached("InternetGatewayId", "igw")]},
        "DescribeEgressOnlyInternetGateways": {
            "EgressOnlyInternetGateways": [_attached("EgressOnlyInternetGatewayId", "eigw")]
        },
        "DescribeNatGateways": {"NatGateways": [_nat_gateway()]},
        "DescribeVpcEndpoints": {"VpcEndpoints": []},
        "DescribeManagedPrefixLists": {"PrefixLists": []},
        "DescribeVpcPeeringConnections": {"VpcPeeringConnections": []},
        "DescribeVpnGateways": {"VpnGateways": []},
        "DescribeInstances": {"Reservations": []},
        "DescribeDhcpOptions": {"DhcpOptions": []},
        "DescribeVpcBlockPublicAccessOptions": {
            "VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "off"}
        },
        "DescribeVpcBlockPublicAccessExclusions": {"VpcBlockPublicAccessExclusions": []},
    }


def write(size: Size, folder: Path) -> Path:
    """Write the VPC as a folder of Describe output and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for operation, answer in answers(size).items():
        (folder / f"{operation}.json").write_text(json.dumps(answer), encoding="utf-8")
    return folder


def flows(size: Size, count: int) -> Iterator[bytes]:
    """Yield flows as lines, no two the same: inside the VPC, out over both families, dropped."""
    for number in range(count):
        source = number * 7 % size.subnets
        host = number // size.subnets % INTERFACES_EACH
        flow = {
            "id": number,
            "source": _interface_id(source, host),
            "destination": _destination(size, number),
            "protocol": "udp" if number % 5 == 0 else "tcp",
            "port": 443 if number % 3 else 1024 + number % 60_000,
        }
        yield json.dumps(flow).encode() + b"\n"


def _destination(size: Size, number: int) -> str:
    target = number * 13 % size.subnets
    match number % 4:
        case 0 | 1:
            return str(_host(target, number % INTERFACES_EACH))
        case 2:
            return str(ipaddress.IPv4Address(0x08000000 + number * 911 % 0x00FFFFFF))
        case _:
            return str(ipaddress.IPv6Address((0x2600 << 112) + number * 9176003))


def _host(subnet: int, host: int) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(_SUBNETS[subnet].network_address) + 10 + host)


def _interface_id(subnet: int, host: int) -> str:
    return f"eni-{subnet:013x}{host:04x}"


def _vpc() -> dict[str, Any]:
    def associated(name: str, block: object) -> dict[str, Any]:
        return {name: str(block), f"{name}State": {"State": "associated"}}

    return {
        "VpcId": VPC,
        "CidrBlock": "10.0.0.0/16",
        "CidrBlockAssociationSet": [associated("CidrBlock", "10.0.0.0/16")],
        "Ipv6CidrBlockAssociationSet": [associated("Ipv6CidrBlock", i) for i in _IPV6_BLOCKS],
        "DhcpOptionsId": "default",
        "OwnerId": "123456789012",
        "State": "available",
        "IsDefault": False,
    }


def _subnet(index: int) -> dict[str, Any]:
    return {
        "SubnetId": f"subnet-{index:017x}",
        "VpcId": VPC,
        "CidrBlock": str(_SUBNETS[index]),
        "Ipv6CidrBlockAssociationSet": [
            {
                "Ipv6CidrBlock": str(_IPV6_SUBNETS[index]),
                "Ipv6CidrBlockState": {"State": "associated"},
            }
        ],
        "AvailabilityZone": ZONES[index % len(ZONES)],
        "AvailabilityZoneId": f"use1-az{index % len(ZONES) + 1}",
        "AvailableIpAddressCount": 50,
        "State": "available",
        "EnableDns64": False,
    }


def _tables(size: Size) -> Iterator[dict[str, Any]]:
    """Yield tables: the first is that of the NAT gateway's subnet, the others lead out by it."""
    for index in range(size.tables):
        members = range(index, size.subnets, size.tables)
        public = index == 0
        out = {"GatewayId": "igw-1"} if public else {"NatGatewayId": "nat-1"}
        out6 = {"GatewayId": "igw-1"} if public else {"EgressOnlyInternetGatewayId": "eigw-1"}
        routes = [
            _route("10.0.0.0/16", {"GatewayId": "local"}),
            *(_route(str(block), {"GatewayId": "local"}) for block in _IPV6_BLOCKS),
            _route("0.0.0.0/0", out),
            _route("::/0", out6),
        ]
        routes += itertools.islice(_other_routes(), max(0, size.routes - len(routes)))
        yield {
            "RouteTableId": f"rtb-{index:017x}",
            "VpcId": VPC,
            "Associations": [
                {
                    "Main": False,
                    "SubnetId": f"subnet-{member:017x}",
                    "RouteTableId": f"rtb-{index:017x}",
                    "AssociationState": {"State": "associated"},
                }
                for member in members
            ],
            "PropagatingVgws": [],
            "Routes": routes,
        }


def _other_routes() -> Iterator[dict[str, Any]]:
    """Yield routes to a peer, some longer than others, as years of additions leave them."""
    for number in range(4096):
        block = f"172.{16 + number // 256}.{number % 256}.0/{24 + number % 4}"
        if number % 4 == 0:
            block = f"198.{18 + number // 1024}.{number // 4 % 256}.0/24"
        yield _route(block, {"VpcPeeringConnectionId": "pcx-1"})


def _route(destination: str, target: dict[str, str]) -> dict[str, Any]:
    name = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
    origin = "CreateRouteTable" if target.get("GatewayId") == "local" else "CreateRoute"
    return {name: destination, "State": "active", "Origin": origin, **target}


def _acls(size: Size) -> Iterator[dict[str, Any]]:
    for index in range(size.acls):
        name = f"acl-{index:017x}"
        yield {
            "NetworkAclId": name,
            "VpcId": VPC,
            "IsDefault": index == 0,
            "Associations": [
                {"NetworkAclId": name, "SubnetId": f"subnet-{member:017x}"}
                for member in range(index, size.subnets, size.acls)
            ],
            "Entries": [
                *(entry for egress in (True, False) for entry in _entries(egress=egress)),
            ],
        }


def _entries(*, egress: bool) -> Iterator[dict[str, Any]]:
    """Yield denials of single blocks, then what lets the rest pass, then the two last ones."""

    def entry(number: int, action: str, cidr: str, **fields: Any) -> dict[str, Any]:
        key = "Ipv6CidrBlock" if ":" in cidr else "CidrBlock"
        given = {"RuleNumber": number, "RuleAction": action, "Egress": egress, key: cidr}
        return {"Protocol": "-1"} | given | fields

    ports = {"Protocol": "6", "PortRange": {"From": 22, "To": 23}}
    for number in range(ENTRIES_EACH - 4):
        yield entry(100 + number, "deny", f"198.51.{number}.0/24", **ports)
    yield entry(200, "deny", "10.0.3.0/24")
    yield entry(300, "allow", "0.0.0.0/0")
    yield entry(301, "allow", "::/0")
    yield entry(32767, "deny", "0.0.0.0/0")
    yield entry(32768, "deny", "::/0")


def _groups(size: Size) -> Iterator[dict[str, Any]]:
    for index in range(size.groups):
        yield {
            "GroupId": _group_id(index),
            "GroupName": "default" if index == 0 else f"group-{index}",
            "VpcId": VPC,
            "OwnerId": "123456789012",
            "IpPermissions": [
                _permission("tcp", 5000 + 10 * number, f"10.{number}.0.0/17")
                for number in range(GROUP_RULES_EACH // 2 - 1)
            ]
            + [_permission("tcp", 443, "10.0.0.0/16")],
            "IpPermissionsEgress": [
                _permission("tcp", 8000 + number, f"10.{number}.128.0/17")
                for number in range(GROUP_RULES_EACH - GROUP_RULES_EACH // 2 - 1)
            ]
            + [
                {
                    "IpProtocol": "-1",
                    "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                    "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
                    "UserIdGroupPairs": [],
                    "PrefixListIds": [],
                }
            ],
        }


def _permission(protocol: str, port: int, cidr: str) -> dict[str, Any]:
    return {
        "IpProtocol": protocol,
        "FromPort": port,
        "ToPort": port,
        "IpRanges": [{"CidrIp": cidr}],
        "Ipv6Ranges": [],
        "UserIdGroupPairs": [],
        "PrefixListIds": [],
    }


def _group_id(index: int) -> str:
    return f"sg-{index:017x}"


def _interfaces(size: Size) -> Iterator[dict[str, Any]]:
    for index in range(size.subnets):
        for host in range(INTERFACES_EACH):
            address = str(_host(index, host))
            group = _group_id((index + host) % size.groups)
            yield {
                "NetworkInterfaceId": _interface_id(index, host),
                "VpcId": VPC,
                "SubnetId": f"subnet-{index:017x}",
                "AvailabilityZone": ZONES[index % len(ZONES)],
                "InterfaceType": "interface",
                "Status": "in-use",
                "SourceDestCheck": True,
                "PrivateIpAddress": address,
                "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address}],
                "Ipv6Addresses": [{"Ipv6Address": str(_IPV6_SUBNETS[index][10 + host])}],
                "Groups": [{"GroupId": group, "GroupName": group}],
                "OwnerId": "123456789012",
                "Attachment": {"Status": "attached", "DeviceIndex": 0},
            }


def _attached(key: str, prefix: str) -> dict[str, Any]:
    return {key: f"{prefix}-1", "Attachments": [{"State": "attached", "VpcId": VPC}]}


def _nat_gateway() -> dict[str, Any]:
    return {
        "NatGatewayId": "nat-1",
        "VpcId": VPC,
        "SubnetId": f"subnet-{0:017x}",
        "State": "available",
        "ConnectivityType": "public",
        "NatGatewayAddresses": [{"PrivateIp": "10.0.0.60", "PublicIp": "203.0.113.5"}],
    }
