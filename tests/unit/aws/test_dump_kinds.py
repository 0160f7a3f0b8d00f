"""Answers are told apart by their keys, whoever saved them and under whatever name."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.aws.dump_kinds import recognise, recognise_broken, unwrapped

Json = dict[str, Any]

TOLD: list[tuple[Json, str, list[str]]] = [
    ({"Vpcs": []}, "x", ["DescribeVpcs"]),
    ({"Vpcs": [], "Subnets": []}, "x", ["DescribeVpcs", "DescribeSubnets"]),
    ({"Vpcs": None}, "x", []),
    ({"Things": [{"VpcId": "v"}]}, "x", []),
    ({"status_code": 200, "data": {"Vpcs": []}}, "x", ["DescribeVpcs"]),
    ({"data": {"Vpcs": []}}, "x", []),
    ({"DescribeVpcs": {"Vpcs": []}}, "x", ["DescribeVpcs"]),
    ({"ec2:DescribeVpcs": {"Vpcs": []}}, "x", ["DescribeVpcs"]),
    ({"SearchTransitGatewayRoutes": [{"TransitGatewayRouteTableId": "t", "Routes": []}] * 2}, "x",
     ["SearchTransitGatewayRoutes"] * 2),
    ({"TransitGatewayRouteTableId": "t", "Routes": []}, "x", ["SearchTransitGatewayRoutes"]),
    ({"Routes": []}, "tgw-rtb-0a1b.json", ["SearchTransitGatewayRoutes"]),
    ({"Routes": []}, "routes.json", []),
    ({"Entries": [{"Cidr": "10.0.0.0/8"}]}, "pl-0a1b.json", ["GetManagedPrefixListEntries"]),
    ({"Entries": []}, "pl-1 and pl-2.json", []),
    ({"HostedZone": {"Id": "Z1"}, "VPCs": []}, "x", ["GetHostedZone"]),
    ({"VpcId": "v", "EnableDnsSupport": {"Value": True}}, "x", ["DescribeVpcAttribute"]),
    ({"items": [{"id": "a", "apiKeySource": "HEADER"}]}, "x", ["GetRestApis"]),
    ({"items": [{"domainName": "a.example"}]}, "x", ["apigateway:GetDomainNames"]),
    ({"items": [{"id": "a", "name": "a key"}]}, "x", []),
    ({"items": []}, "apigateway-get-rest-apis.json", ["GetRestApis"]),
    ({"items": []}, "x", []),
    ({"Items": [{"ApiId": "a", "ProtocolType": "HTTP"}]}, "x", ["GetApis"]),
    ({"Items": [{"DomainName": "a", "DomainNameConfigurations": []}]}, "x",
     ["apigatewayv2:GetDomainNames"]),
    ({"Items": []}, "apigatewayv2-get-apis.json", ["GetApis"]),
    ({"GetStages": [{"restApiId": "a", "item": []}, {"ApiId": "b", "Items": []}]}, "x",
     ["apigateway:GetStages", "apigatewayv2:GetStages"]),
    ({"PrefixLists": [{"PrefixListId": "pl-1", "Cidrs": []}]}, "x", ["DescribePrefixLists"]),
    ({"PrefixLists": [{"PrefixListId": "pl-1"}]}, "x", ["DescribeManagedPrefixLists"]),
    ({"ServiceNames": ["s3"]}, "x", ["DescribeVpcEndpointServices"]),
    ({"ServiceNames": ["s3"], "ServiceDetails": []}, "x", ["DescribeVpcEndpointServices"]),
    ({"internet_gateways": [{"InternetGatewayId": "i"}]}, "x", ["DescribeInternetGateways"]),
    ({"SubnetsList": [{"SubnetId": "s"}]}, "x", ["DescribeSubnets"]),
    ({"subnets": [{"id": "terraform's"}]}, "x", []),
    ({"functions": []}, "serverless.json", []),
    ({"instances": [], "vpcs": [{"VpcId": "v"}]}, "x", ["DescribeInstances", "DescribeVpcs"]),
    ({"InstancesList": [{"InstanceId": "i"}]}, "x", ["DescribeInstances"]),
    ({"Instances": []}, "ClassicLinkInstances.json", []),
]  # fmt: skip


@pytest.mark.parametrize(("document", "name", "expected"), TOLD)
def test_answers_are_told_apart(document: Json, name: str, expected: list[str]) -> None:
    """By their keys; by what is in them or the file's name where the key says too little."""
    assert [found.operation.answer_name for found in recognise(document, name)] == expected


def test_answer_about_a_subject_gets_its_id_from_the_file() -> None:
    """Where the answer itself does not say whose it is."""
    (found,) = recognise({"Routes": []}, "us-east-1-tgw-rtb-0a1b.json")

    assert found.answer == {"Routes": [], "TransitGatewayRouteTableId": "tgw-rtb-0a1b"}


def test_instances_without_reservations_get_one() -> None:
    """The shape is AWS's again."""
    (plain,) = recognise({"InstancesList": [{"InstanceId": "i"}]}, "x")
    (reserved,) = recognise({"instances": [{"ReservationId": "r", "Instances": []}]}, "x")

    assert plain.answer == {"Reservations": [{"Instances": [{"InstanceId": "i"}]}]}
    assert reserved.answer == {"Reservations": [{"ReservationId": "r", "Instances": []}]}


def test_only_a_recorders_wrapper_is_taken_off() -> None:
    """A document may have data of its own."""
    assert unwrapped({"data": {"Vpcs": []}}) == {"data": {"Vpcs": []}}


BROKEN = [
    ('{"Vpcs": [{"VpcId": "vpc-1", "Subnets": [', "x", {"DescribeVpcs"}),
    ('{"status_code": 200, "data": {"Subnets": [{"SubnetId"', "x", {"DescribeSubnets"}),
    ('{"Vpcs": [], "Subnets": [{', "x", {"DescribeVpcs", "DescribeSubnets"}),
    ('{"DescribeVpcs": {"Vpcs', "x", {"DescribeVpcs"}),
    ('{"PrefixLists": [', "x", {"DescribePrefixLists", "DescribeManagedPrefixLists"}),
    ('{"Net', "ec2-network-acls.json", {"DescribeNetworkAcls"}),
    ("", "ec2.DescribeRouteTables_1.json", {"DescribeRouteTables"}),
    ("", "x.json", set()),
    ('{"compilerOptions": {', "tsconfig.json", set()),
]


@pytest.mark.parametrize(("written", "name", "expected"), BROKEN)
def test_file_cut_off_still_says_what_it_was(written: str, name: str, expected: set[str]) -> None:
    """By the keys that are left, or by its name."""
    assert {found.answer_name for found in recognise_broken(written, name)} == expected
