"""AWS's JSON as values: what is absent or null is tolerated, what cannot be read is a gap."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from netprobe.aws.convert import convert
from netprobe.aws.operations import BLOCK_PUBLIC_ACCESS, OPERATIONS
from netprobe.aws.raw import RawSnapshot
from netprobe.model.snapshot import Gap, Snapshot
from tests.reports import recording

Json = dict[str, Any]

REQUIRED = {
    "DescribeVpcs": {"VpcId", "CidrBlock"},
    "DescribeSubnets": {"SubnetId", "VpcId"},
    "DescribeRouteTables": {"RouteTableId", "VpcId", "Associations", "Routes"},
    "DescribeInternetGateways": {"InternetGatewayId", "Attachments"},
    "DescribeEgressOnlyInternetGateways": {"EgressOnlyInternetGatewayId", "Attachments"},
    "DescribeNatGateways": {"NatGatewayId", "SubnetId", "VpcId", "State"},
    "DescribeNetworkAcls": {"NetworkAclId", "Associations", "Entries"},
    "DescribeSecurityGroups": {"GroupId"},
    "DescribeNetworkInterfaces": {"NetworkInterfaceId", "SubnetId", "VpcId", "Groups"},
    "DescribeVpcEndpoints": {"VpcEndpointId", "State", "VpcId"},
    "DescribeManagedPrefixLists": {"PrefixListId"},
    "DescribeDhcpOptions": {"DhcpOptionsId", "DhcpConfigurations"},
    "ListFunctions": {"FunctionName"},
    "GetRestApis": {"id"},
    "GetApis": {"ApiId", "ProtocolType"},
}
"""The keys without which an item is nothing; every other one may be absent or null."""


ASKED_FOR_ALL = [operation for operation in OPERATIONS if operation.key and not operation.subject]

NOT_RECORDED = (
    "GetBucketPolicy",
    "GetFunctionConfiguration",
    "ListAttachedRolePolicies",
    "ListRolePolicies",
)
"""Calls per subject that were not made when the demo was recorded."""


def recorded(number: int = 4) -> Json:
    """Return a recorded document; what was not asked for then is empty in it."""
    document: Json = copy.deepcopy(recording()["checks"][number]["raw"])
    for operation in ASKED_FOR_ALL:
        document["answers"].setdefault(operation.answer_name, {operation.key: []})
    document["answers"][BLOCK_PUBLIC_ACCESS.name] = {
        BLOCK_PUBLIC_ACCESS.key: {"InternetGatewayBlockMode": "off"}
    }
    for name in NOT_RECORDED:
        document["answers"].setdefault(name, [])
    document["answers"]["ListHostedZonesByVPC"] = [
        {"VPCId": vpc["VpcId"], "HostedZoneSummaries": []}
        for vpc in document["answers"]["DescribeVpcs"]["Vpcs"]
    ]
    return document


def converted(document: Json) -> Snapshot:
    return convert(RawSnapshot.from_document(document))


def items() -> Iterator[tuple[str, str, str]]:
    """Yield call, answer key and item key of everything that was recorded."""
    answers = recorded()["answers"]
    for call in REQUIRED:
        for key, found in answers[call].items():
            names = {name for item in found for name in item}
            yield from ((call, key, name) for name in sorted(names))


def test_everything_recorded_is_read() -> None:
    """The lab's own answers leave no gap."""
    snapshot = converted(recorded())

    assert snapshot.gaps == ()
    assert len(snapshot.subnets) == 2
    assert {str(block.cidr.prefixlen) for i in snapshot.subnets for block in i.ipv6_blocks} == {
        "64"
    }


@pytest.mark.parametrize("value", ["absent", None], ids=["absent", "null"])
@pytest.mark.parametrize(("call", "key", "name"), list(items()))
def test_optional_keys_may_be_missing(call: str, key: str, name: str, value: str | None) -> None:
    """Nothing crashes; only what names the item itself is missed, and then its call is a gap."""
    document = recorded()
    for item in document["answers"][call][key]:
        if value is None:
            item[name] = None
        else:
            item.pop(name, None)
    snapshot = converted(document)

    gaps = {gap.call.partition(":")[2] for gap in snapshot.gaps}
    assert gaps == set() or (gaps == {call} and name in REQUIRED[call]), snapshot.gaps


@pytest.mark.parametrize("call", REQUIRED)
def test_call_nobody_made_is_a_gap(call: str) -> None:
    """Absent is not empty."""
    document = recorded()
    del document["answers"][call]

    assert [gap.call.partition(":")[2] for gap in converted(document).gaps] == [call]


@pytest.mark.parametrize("call", REQUIRED)
def test_denied_call_keeps_its_own_gap(call: str) -> None:
    """It is told once, in AWS's words."""
    document = recorded()
    del document["answers"][call]
    service = {"ListFunctions": "lambda", "GetRestApis": "apigateway", "GetApis": "apigatewayv2"}
    told = Gap(call=f"{service.get(call, 'ec2')}:{call}", error="denied", iam_action="x:Y")
    document["gaps"] = [
        {"call": told.call, "error": told.error, "iam_action": "x:Y", "needed_for": ""}
    ]

    assert converted(document).gaps == (told,)


def test_unknown_keys_are_ignored() -> None:
    """AWS adds keys every month."""
    document = recorded()
    for answer in document["answers"].values():
        for found in answer.values() if isinstance(answer, dict) else ():
            for item in found if isinstance(found, list) else ():
                item["SomethingNew"] = {"Deep": [1, None]}

    assert converted(document) == converted(recorded())


def with_group(permission: Json) -> Json:
    document = recorded()
    document["answers"]["DescribeSecurityGroups"]["SecurityGroups"] = [
        {"GroupId": "sg-1", "VpcId": "vpc-1", "IpPermissions": [permission]}
    ]
    return document


PERMISSIONS = [
    ({"IpProtocol": "-1"}, (None, "0-65535", None)),
    ({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}, (6, "443", None)),
    ({"IpProtocol": "6", "FromPort": 1, "ToPort": 2}, (6, "1-2", None)),
    ({"IpProtocol": "udp", "FromPort": 0, "ToPort": 65535}, (17, "0-65535", None)),
    ({"IpProtocol": "tcp", "FromPort": -1, "ToPort": -1}, (6, "0-65535", None)),
    ({"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1}, (1, "0-65535", (8, -1))),
    ({"IpProtocol": "icmpv6", "FromPort": -1, "ToPort": -1}, (58, "0-65535", (-1, -1))),
    ({"IpProtocol": "50", "FromPort": None, "ToPort": None}, (50, "0-65535", None)),
    ({"IpProtocol": -1}, (None, "0-65535", None)),
]


@pytest.mark.parametrize(("permission", "expected"), PERMISSIONS)
def test_rules_of_groups(permission: Json, expected: tuple[Any, ...]) -> None:
    """Protocols by name or number, ports only where there are any."""
    document = with_group(permission | {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]})
    (rule,) = converted(document).security_groups[0].ingress

    assert (rule.protocol, str(rule.ports), rule.icmp) == expected


def test_each_peer_of_a_permission_is_a_rule() -> None:
    """Four lists, independent of each other; an IPv4 range says nothing of IPv6."""
    peers: Json = {
        "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
        "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
        "PrefixListIds": [{"PrefixListId": "pl-1"}],
        "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "123456789012"}],
    }
    rules = converted(with_group({"IpProtocol": "-1"} | peers)).security_groups[0].ingress

    assert [(str(i.cidr), i.prefix_list_id, i.group_id) for i in rules] == [
        ("10.0.0.0/8", None, None),
        ("::/0", None, None),
        ("None", "pl-1", None),
        ("None", None, "sg-2"),
    ]


UNREADABLE = [
    ("DescribeRouteTables", {"RouteTables": [{"RouteTableId": "r", "VpcId": "v", "Routes": [
        {"DestinationCidrBlock": "10.0.0.0/99", "GatewayId": "local"}]}]}),
    ("DescribeSubnets", {"Subnets": ["subnet-1"]}),
    ("DescribeNetworkAcls", {"NetworkAcls": [{"NetworkAclId": "a", "Entries": [
        {"RuleNumber": "x", "Egress": True, "RuleAction": "allow", "Protocol": "6",
         "CidrBlock": "0.0.0.0/0"}]}]}),
    ("DescribeVpcs", {"Vpcs": 7}),
]  # fmt: skip


@pytest.mark.parametrize(("call", "answer"), UNREADABLE)
def test_answer_that_cannot_be_read_is_a_gap(call: str, answer: Json) -> None:
    """A snapshot without the item would be a wrong one."""
    document = recorded()
    document["answers"][call] = answer
    (gap,) = converted(document).gaps

    assert gap.call == f"ec2:{call}"
    assert gap.error.startswith("an answer that cannot be read: ")


def test_document_is_json() -> None:
    """A recording can be written and read as it is."""
    raw = RawSnapshot.from_document(recorded())

    assert RawSnapshot.from_document(json.loads(json.dumps(raw.document()))) == raw
