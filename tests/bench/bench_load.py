"""How long a snapshot takes to load: ``python -m tests.bench.bench_load [MEGABYTES]``.

The snapshot is made here, of what large accounts have most of: interfaces, instances, groups and
route tables, each as AWS's own JSON with the keys nobody needs too.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from netprobe.aws.saved import load_snapshot
from tests.bench.figures import show

Json = dict[str, Any]

ACCOUNT, REGION = "123456789012", "us-east-1"
DEFAULT_MEGABYTES = 50
SUBNETS = 400


def address(number: int) -> str:
    """Return the private address with this number."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def network_interface(number: int) -> Json:
    """Return one interface as DescribeNetworkInterfaces tells it."""
    return {
        "Association": {
            "IpOwnerId": ACCOUNT,
            "PublicDnsName": f"ec2-{number}.compute-1.amazonaws.com",
            "PublicIp": f"52.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        },
        "Attachment": {
            "AttachTime": "2026-01-01T00:00:00+00:00",
            "AttachmentId": f"eni-attach-{number:017x}",
            "DeleteOnTermination": True,
            "DeviceIndex": 0,
            "NetworkCardIndex": 0,
            "InstanceId": f"i-{number:017x}",
            "InstanceOwnerId": ACCOUNT,
            "Status": "attached",
        },
        "AvailabilityZone": f"{REGION}a",
        "Description": "",
        "Groups": [{"GroupName": f"group-{number % 500}", "GroupId": f"sg-{number % 500:017x}"}],
        "InterfaceType": "interface",
        "Ipv6Addresses": [{"Ipv6Address": f"2001:db8:0:{number % SUBNETS:x}::{number:x}"}],
        "MacAddress": "0a:58:a9:fe:00:01",
        "NetworkInterfaceId": f"eni-{number:017x}",
        "OwnerId": ACCOUNT,
        "PrivateDnsName": f"ip-{number}.ec2.internal",
        "PrivateIpAddress": address(number),
        "PrivateIpAddresses": [
            {
                "Association": {
                    "IpOwnerId": ACCOUNT,
                    "PublicDnsName": f"ec2-{number}.compute-1.amazonaws.com",
                    "PublicIp": f"52.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
                },
                "Primary": True,
                "PrivateDnsName": f"ip-{number}.ec2.internal",
                "PrivateIpAddress": address(number),
            }
        ],
        "RequesterManaged": False,
        "SourceDestCheck": True,
        "Status": "in-use",
        "SubnetId": f"subnet-{number % SUBNETS:017x}",
        "TagSet": [{"Key": "Name", "Value": f"interface {number}"}],
        "VpcId": "vpc-1",
    }


def security_group(number: int) -> Json:
    """Return one group with 50 rules."""
    rules = [
        {
            "FromPort": 1000 + rule,
            "IpProtocol": "tcp",
            "IpRanges": [{"CidrIp": f"10.{rule}.0.0/16", "Description": f"rule {rule}"}],
            "Ipv6Ranges": [],
            "PrefixListIds": [],
            "ToPort": 1000 + rule,
            "UserIdGroupPairs": [{"GroupId": f"sg-{rule:017x}", "UserId": ACCOUNT}],
        }
        for rule in range(50)
    ]
    return {
        "Description": f"group {number}",
        "GroupName": f"group-{number}",
        "IpPermissions": rules,
        "OwnerId": ACCOUNT,
        "GroupId": f"sg-{number:017x}",
        "IpPermissionsEgress": rules[:1],
        "VpcId": "vpc-1",
    }


def route_table(number: int) -> Json:
    """Return one table with 100 routes."""
    return {
        "Associations": [
            {
                "Main": False,
                "RouteTableAssociationId": f"rtbassoc-{number:017x}",
                "RouteTableId": f"rtb-{number:017x}",
                "SubnetId": f"subnet-{number:017x}",
                "AssociationState": {"State": "associated"},
            }
        ],
        "PropagatingVgws": [],
        "RouteTableId": f"rtb-{number:017x}",
        "Routes": [
            {
                "DestinationCidrBlock": f"10.{route}.0.0/16",
                "TransitGatewayId": "tgw-1",
                "Origin": "CreateRoute",
                "State": "active",
            }
            for route in range(100)
        ],
        "Tags": [],
        "VpcId": "vpc-1",
        "OwnerId": ACCOUNT,
    }


def subnet(number: int) -> Json:
    """Return one subnet."""
    return {
        "AvailabilityZone": f"{REGION}a",
        "AvailableIpAddressCount": 200,
        "CidrBlock": f"10.{number >> 8}.{number & 255}.0/24",
        "State": "available",
        "SubnetId": f"subnet-{number:017x}",
        "VpcId": "vpc-1",
        "OwnerId": ACCOUNT,
        "Ipv6CidrBlockAssociationSet": [
            {
                "Ipv6CidrBlock": f"2001:db8:0:{number:x}::/64",
                "Ipv6CidrBlockState": {"State": "associated"},
            }
        ],
    }


def answers(size: int) -> Iterator[tuple[str, str, list[Json]]]:
    """Yield operation, key and items of about ``size`` bytes together."""
    made = {
        "DescribeVpcs": ("Vpcs", [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/8"}]),
        "DescribeSubnets": ("Subnets", [subnet(number) for number in range(SUBNETS)]),
        "DescribeRouteTables": ("RouteTables", [route_table(number) for number in range(200)]),
        "DescribeSecurityGroups": ("SecurityGroups", [security_group(n) for n in range(500)]),
    }
    rest = size - sum(len(orjson.dumps(items)) for _key, items in made.values())
    each = len(orjson.dumps(network_interface(1)))
    interfaces = [network_interface(number) for number in range(1, max(2, rest // each))]
    made["DescribeNetworkInterfaces"] = ("NetworkInterfaces", interfaces)
    for operation, (key, items) in made.items():
        yield operation, key, items


def write_large_snapshot(path: Path, megabytes: int) -> None:
    """Write a snapshot of about this size."""
    found = {operation: {key: items} for operation, key, items in answers(megabytes * 10**6)}
    document = {"region": REGION, "account": ACCOUNT, "answers": found, "gaps": []}
    path.write_bytes(orjson.dumps(document))


def main() -> None:
    """Print the figures, one a line."""
    megabytes = int(sys.argv[1]) if sys.argv[1:] else DEFAULT_MEGABYTES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.json"
        write_large_snapshot(path, megabytes)
        size = path.stat().st_size / 10**6
        began, worked = time.perf_counter(), time.process_time()
        snapshot = load_snapshot(path)
        took, work = time.perf_counter() - began, time.process_time() - worked
    count = len(snapshot.network_interfaces)
    show(
        f"loading {size:.0f} MB with {count} interfaces",
        f"{work:.2f} s of work, {took:.2f} s in all",
        "under 3 s",
    )


if __name__ == "__main__":
    main()
