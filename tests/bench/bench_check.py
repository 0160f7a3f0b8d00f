"""How long ``netprobe check --no-probe`` thinks about a large VPC.

Run alone: ``python -m tests.bench.bench_check [--all-subnets]``. The VPC is made as Describe
JSON: 1,000 dual-stack subnets over 50 route tables and 5 network ACLs, and 100 targets, so 50
classes of subnets and almost 10,000 paths over both families.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from netprobe.aws.convert import convert
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.deploy.plan import ProbePlan
from netprobe.model.report import CleanUp, Report
from netprobe.model.snapshot import Snapshot
from netprobe.render.json_v1 import to_json
from netprobe.render.terminal import render_terminal
from netprobe.workflows.capabilities import Silence
from netprobe.workflows.check import Capabilities, CheckRequest, run_check
from netprobe.workflows.sources import Wanted
from tests.bench.clock import WallClock
from tests.bench.figures import show

Json = dict[str, Any]
Made = TypeVar("Made")

REGION, VPC = "us-east-1", "vpc-1"
SUBNETS, TABLES, ACLS, TARGETS = 1000, 50, 5, 100


def describe(subnets: int = SUBNETS, tables: int = TABLES) -> RawSnapshot:
    """Return the VPC in AWS's own JSON."""
    numbers = range(subnets)
    answers: Json = {
        "DescribeVpcs": {"Vpcs": [_vpc()]},
        "DescribeSubnets": {"Subnets": [_subnet(n) for n in numbers]},
        "DescribeRouteTables": {"RouteTables": list(_tables(subnets, tables))},
        "DescribeNetworkAcls": {"NetworkAcls": list(_acls(subnets))},
        "DescribeSecurityGroups": {"SecurityGroups": [_group()]},
        "DescribeInternetGateways": {
            "InternetGateways": [
                {
                    "InternetGatewayId": "igw-1",
                    "Attachments": [{"VpcId": VPC, "State": "available"}],
                }
            ]
        },
        "DescribeEgressOnlyInternetGateways": {
            "EgressOnlyInternetGateways": [
                {
                    "EgressOnlyInternetGatewayId": "eigw-1",
                    "Attachments": [{"VpcId": VPC, "State": "attached"}],
                }
            ]
        },
        "DescribeNatGateways": {"NatGateways": [_nat_gateway()]},
        "DescribeNetworkInterfaces": {"NetworkInterfaces": [_interface(n) for n in numbers]},
        "DescribeVpcEndpoints": {"VpcEndpoints": []},
        "DescribeManagedPrefixLists": {"PrefixLists": []},
        "GetManagedPrefixListEntries": [],
        "DescribeDhcpOptions": {"DhcpOptions": []},
        "DescribeVpcAttribute": [
            {"VpcId": VPC, "EnableDnsSupport": {"Value": True}},
            {"VpcId": VPC, "EnableDnsHostnames": {"Value": True}},
        ],
        "ListFunctions": {"Functions": []},
        "GetRestApis": {"items": []},
        "GetApis": {"Items": [_api(n) for n in range(TARGETS // 2)]},
        "ListHostedZonesByVPC": [{"VPCId": VPC, "HostedZoneSummaries": []}],
        "ListResolverRuleAssociations": {"ResolverRuleAssociations": []},
        "ListResolverRules": {"ResolverRules": []},
        "ListFirewallRuleGroupAssociations": {"FirewallRuleGroupAssociations": []},
        "DescribeVpcBlockPublicAccessOptions": {
            "VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "off"}
        },
    }
    return RawSnapshot(REGION, "123456789012", answers)


def targets() -> tuple[str, ...]:
    """Return APIs, half of them dual-stack, names, and addresses of both families."""
    apis = tuple(f"api:api{n}" for n in range(TARGETS // 2))
    addresses = tuple(f"tcp://198.51.100.{n}:5432" for n in range(TARGETS // 4))
    names = tuple(f"https://s{n}.example.com/" for n in range(TARGETS - len(apis + addresses)))
    return apis + addresses + names


def _vpc() -> Json:
    return {
        "VpcId": VPC,
        "CidrBlock": "10.0.0.0/8",
        "DhcpOptionsId": "default",
        "Ipv6CidrBlockAssociationSet": [
            {"Ipv6CidrBlock": "2001:db8::/44", "Ipv6CidrBlockState": {"State": "associated"}}
        ],
    }


def _subnet(number: int) -> Json:
    return {
        "SubnetId": f"subnet-{number}",
        "VpcId": VPC,
        "CidrBlock": f"10.{number // 250}.{number % 250}.0/24",
        "AvailabilityZone": f"{REGION}{'abc'[number % 3]}",
        "AvailabilityZoneId": f"use1-az{number % 3}",
        "Ipv6CidrBlockAssociationSet": [
            {
                "Ipv6CidrBlock": f"2001:db8:0:{number:x}::/64",
                "Ipv6CidrBlockState": {"State": "associated"},
            }
        ],
    }


def _tables(subnets: int, tables: int) -> Iterator[Json]:
    """Yield tables of which every tenth has no way out at all."""
    for number in range(tables):
        out: list[Json] = [
            {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"},
            {
                "DestinationIpv6CidrBlock": "::/0",
                "EgressOnlyInternetGatewayId": "eigw-1",
                "State": "active",
            },
        ]
        yield {
            "RouteTableId": f"rtb-{number}",
            "VpcId": VPC,
            "Associations": [
                {
                    "SubnetId": f"subnet-{n}",
                    "Main": False,
                    "AssociationState": {"State": "associated"},
                }
                for n in range(number, subnets, tables)
            ],
            "Routes": [
                {"DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "local", "State": "active"},
                {
                    "DestinationIpv6CidrBlock": "2001:db8::/44",
                    "GatewayId": "local",
                    "State": "active",
                },
                *(out if number % 10 else []),
            ],
        }
    yield {
        "RouteTableId": "rtb-public",
        "VpcId": VPC,
        "Associations": [{"Main": True, "AssociationState": {"State": "associated"}}],
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "local", "State": "active"},
            {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"},
        ],
    }


def _acls(subnets: int) -> Iterator[Json]:
    everything = [
        {"RuleNumber": number, "Protocol": "-1", "RuleAction": action, "Egress": egress} | network
        for number, action in ((100, "allow"), (32767, "deny"))
        for egress in (True, False)
        for network in ({"CidrBlock": "0.0.0.0/0"}, {"Ipv6CidrBlock": "::/0"})
    ]
    for number in range(ACLS):
        yield {
            "NetworkAclId": f"acl-{number}",
            "VpcId": VPC,
            "Associations": [{"SubnetId": f"subnet-{n}"} for n in range(number, subnets, ACLS)],
            "Entries": everything,
        }


def _group() -> Json:
    return {
        "GroupId": "sg-1",
        "GroupName": "default",
        "VpcId": VPC,
        "IpPermissions": [],
        "IpPermissionsEgress": [
            {
                "IpProtocol": "-1",
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
            }
        ],
    }


def _nat_gateway() -> Json:
    return {
        "NatGatewayId": "nat-1",
        "VpcId": VPC,
        "State": "available",
        "SubnetId": "subnet-public",
        "NatGatewayAddresses": [{"PrivateIp": "10.200.0.9", "PublicIp": "203.0.113.9"}],
    }


def _interface(number: int) -> Json:
    return {
        "NetworkInterfaceId": f"eni-{number}",
        "VpcId": VPC,
        "SubnetId": f"subnet-{number}",
        "PrivateIpAddress": f"10.{number // 250}.{number % 250}.9",
        "Status": "in-use",
        "Groups": [{"GroupId": "sg-1"}],
    }


def _api(number: int) -> Json:
    return {
        "ApiId": f"api{number}",
        "Name": f"api{number}",
        "ProtocolType": "HTTP",
        "IpAddressType": "dualstack" if number % 2 else "ipv4",
    }


class NoRunner:
    """Nothing is sent, so nothing is deployed."""

    clean_up = CleanUp()

    def deployed(self, plan: ProbePlan, *, keep: bool) -> Any:
        raise AssertionError((plan, keep))


class OneSnapshot:
    """A source whose account was read before the clock starts."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def read(self, vpc_id: str, asked: object = None) -> Snapshot:
        assert vpc_id == VPC, asked
        return self.snapshot

    def vpc_of_function(self, name: str) -> str:
        raise AssertionError(name)


def check(snapshot: Snapshot, *, all_subnets: bool) -> Report:
    """Judge every class, or every subnet, by configuration alone."""
    clock = WallClock()
    capabilities = Capabilities(
        source=OneSnapshot(snapshot),
        hosts=BotocoreHosts(REGION),
        runner=NoRunner(),
        clock=clock,
        progress=Silence(),
        run_id="0",
        version="0",
    )
    request = CheckRequest(
        vpc_id=VPC, wanted=Wanted(all_subnets=all_subnets), targets=targets(), probe=False
    )
    return run_check(request, capabilities)


def timed(what: str, work: Callable[[], Made], wanted: str = "") -> Made:
    """Do the work, which waits for nothing, and show how long a core was busy with it."""
    started = time.process_time()
    made = work()
    show(what, f"{time.process_time() - started:.2f} s of one core", wanted)
    return made


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="netprobe check --no-probe on a large VPC")
    parser.add_argument("--all-subnets", action="store_true", help="judge each subnet too")
    arguments = parser.parse_args()
    raw = describe()
    snapshot = timed("convert 1,000 subnets", lambda: convert(raw))
    report = _judge("one subnet per class", snapshot, all_subnets=False)
    timed("write the report as text", lambda: render_terminal(report, width=100))
    timed("write the report as JSON", lambda: to_json(report))
    if arguments.all_subnets:
        _judge("each subnet", snapshot, all_subnets=True)


def _judge(name: str, snapshot: Snapshot, *, all_subnets: bool) -> Report:
    wanted = "" if all_subnets else "< 10 s"
    report = timed(f"judge {name}", lambda: check(snapshot, all_subnets=all_subnets), wanted)
    show("  sources x targets", f"{len(report.sources)} x {len(report.targets)}")
    show("  paths, findings", f"{len(report.paths)}, {len(report.findings)}")
    return report


if __name__ == "__main__":
    main()
