"""Reading a VPC or a region: what is asked for, what can be left out, how many calls it takes."""

from __future__ import annotations

import pytest

from netprobe.aws.describe import MOST_STAGED_APIS, read_region, read_vpc
from netprobe.errors import NetprobeError
from netprobe.workflows.capabilities import Asked
from tests.canned_vpcs import APART, BEHIND, PEER, VPC, account_of, joined_account

DEFAULT = Asked(hosts=(), stages_of=(), databases=())
MOST_CALLS = 30


def test_vpc_takes_no_more_than_thirty_calls() -> None:
    """Six are left for instances, more prefix lists, a private zone and its records."""
    account = account_of(VPC)
    read_vpc(account.session(), VPC, DEFAULT)

    assert len(account.calls) == 24


def test_vpc_behind_a_transit_gateway_takes_no_more_than_thirty_calls() -> None:
    """The neighbours are asked for together with the VPC, not each for itself."""
    account = account_of(VPC, PEER, BEHIND, APART)
    joined = joined_account().answers
    account.answers |= {key: value for key, value in joined.items() if "Transit" in key}
    attachments = account.answers["ec2:DescribeTransitGatewayAttachments"]
    for item in attachments:
        item["Association"] = {"TransitGatewayRouteTableId": "tgw-rtb-1"}
    attachments[:] = [item for item in attachments if item["ResourceType"] == "vpc"]
    account.answers["ec2:DescribeRouteTables"][0]["Routes"].append(
        {"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-1"}
    )
    read_vpc(account.session(), VPC, DEFAULT)

    assert len(account.calls) == MOST_CALLS


def test_more_neighbours_take_no_more_calls() -> None:
    """Filters hold many ids."""
    few, many = joined_account(), joined_account()
    for number in range(5, 105):
        vpc_id = f"vpc-{number}"
        many.answers["ec2:DescribeVpcs"].append({"VpcId": vpc_id, "CidrBlock": "10.0.0.0/16"})
        many.answers["ec2:DescribeTransitGatewayVpcAttachments"].append(
            {"TransitGatewayId": "tgw-1", "VpcId": vpc_id, "SubnetIds": []}
        )
    for account in (few, many):
        raw = read_vpc(account.session(), VPC, DEFAULT)

    assert len(raw.answers["DescribeVpcs"]["Vpcs"]) == 103
    assert len(many.calls) == len(few.calls)


def test_unknown_vpc_is_named_with_the_known_ones() -> None:
    """Before anything else is asked."""
    account = account_of(VPC, PEER)

    with pytest.raises(NetprobeError, match="no VPC 'vpc-x'") as caught:
        read_vpc(account.session(), "vpc-x")
    assert "VPCs here: vpc-a, vpc-peer" in str(caught.value)
    assert sorted(account.calls) == ["ec2:DescribeVpcs", "sts:GetCallerIdentity"]


def test_region_is_read_without_filters() -> None:
    """All VPCs, joined or not, and the names of each."""
    account = joined_account()
    raw = read_region(account.session())

    everyone = [VPC, PEER, BEHIND, APART]
    assert [item["VpcId"] for item in raw.answers["DescribeVpcs"]["Vpcs"]] == everyone
    assert [item["VPCId"] for item in raw.answers["ListHostedZonesByVPC"]] == everyone
    assert len(raw.answers["DescribeVpcAttribute"]) == 2 * len(everyone)
    filters = {call: asked["Filters"] for call, asked in account.requests if asked.get("Filters")}
    assert not [call for call, found in filters.items() if found[0]["Name"] == "vpc-id"]


def test_names_of_neighbours_are_left_alone() -> None:
    """Their resolvers answer nobody here."""
    account = joined_account()
    raw = read_vpc(account.session(), VPC, DEFAULT)

    assert {item["VpcId"] for item in raw.answers["DescribeVpcAttribute"]} == {VPC}
    assert {item["VPCId"] for item in raw.answers["ListHostedZonesByVPC"]} == {VPC}


CONDITIONAL = [
    ("ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces"),
    ("ec2:DescribeVpcBlockPublicAccessExclusions", "ec2:DescribeVpcBlockPublicAccessOptions"),
    ("elbv2:DescribeLoadBalancers", "ec2:DescribeNetworkInterfaces"),
]


@pytest.mark.parametrize(("call", "because_of"), CONDITIONAL)
def test_call_is_made_only_where_something_refers_to_its_answer(
    call: str, because_of: str
) -> None:
    """Interfaces of instances and load balancers; Block Public Access that is on."""
    account, plain = joined_account(), joined_account()
    plain.answers[because_of] = account_of(VPC).answers[because_of]
    read_vpc(account.session(), VPC, DEFAULT)
    raw = read_vpc(plain.session(), VPC, DEFAULT)

    assert call in account.calls
    assert call not in plain.calls
    assert call.partition(":")[2] in raw.answers


def test_vpc_that_says_block_public_access_is_on_is_believed() -> None:
    """The options may be unreadable: a shared VPC follows its owner's."""
    account = account_of(VPC)
    account.answers["ec2:DescribeVpcs"][0]["BlockPublicAccessStates"] = {
        "InternetGatewayBlockMode": "block-bidirectional"
    }
    read_vpc(account.session(), VPC, DEFAULT)

    assert "ec2:DescribeVpcBlockPublicAccessExclusions" in account.calls


def test_prefix_lists_in_use_are_opened() -> None:
    """Those of routes, and those of gateway endpoints, which stand for S3 and DynamoDB."""
    raw = read_vpc(joined_account().session(), VPC, DEFAULT)

    opened = {item["PrefixListId"] for item in raw.answers["GetManagedPrefixListEntries"]}
    assert opened == {"pl-s3", "pl-dynamodb", "pl-mine"}


STAGES = [
    (None, {"rest1", "rest2", "ws1"}),
    ((), set()),
    (("ws1",), {"ws1"}),
]


@pytest.mark.parametrize(("stages_of", "expected"), STAGES)
def test_stages_are_read_of_apis_asked_about(
    stages_of: tuple[str, ...] | None, expected: set[str]
) -> None:
    """One call for each, so none that nobody needs."""
    account = joined_account()
    raw = read_vpc(account.session(), VPC, Asked(hosts=(), stages_of=stages_of))

    found = {item["restApiId"] for item in raw.answers["apigateway:GetStages"]}
    found |= {item["ApiId"] for item in raw.answers["apigatewayv2:GetStages"]}
    assert found == expected


def test_stages_of_a_region_full_of_apis_are_not_all_read() -> None:
    """API Gateway allows ten calls a second to everybody in the account together."""
    account = account_of(VPC)
    account.answers["apigateway:GetRestApis"] = [{"id": f"a{n}"} for n in range(100)]
    read_vpc(account.session(), VPC)

    assert account.calls.count("apigateway:GetStages") == MOST_STAGED_APIS


def test_custom_domain_names_are_read_for_names_that_may_be_one() -> None:
    """Not for AWS's own names, nor for addresses; the mappings only of the name itself."""
    account = joined_account()
    hosts = ("a.execute-api.us-east-1.amazonaws.com", "10.0.0.1", "2001:db8::1")
    read_vpc(account.session(), VPC, Asked(hosts=hosts, stages_of=()))
    assert "apigateway:GetDomainNames" not in account.calls

    read_vpc(account.session(), VPC, Asked(hosts=("www.example.com",), stages_of=()))
    assert "apigateway:GetDomainNames" in account.calls
    assert "apigateway:GetBasePathMappings" not in account.calls

    read_vpc(account.session(), VPC, Asked(hosts=("api.example.com",), stages_of=()))
    assert "apigateway:GetBasePathMappings" in account.calls
    assert "apigatewayv2:GetApiMappings" in account.calls


DATABASES = [
    ((), []),
    (("cluster",), ["rds:DescribeDBClusters"]),
    (("db",), ["rds:DescribeDBInstances"]),
    (None, ["rds:DescribeDBClusters", "rds:DescribeDBInstances"]),
]


@pytest.mark.parametrize(("databases", "expected"), DATABASES)
def test_databases_are_read_where_one_is_asked_about(
    databases: tuple[str, ...] | None, expected: list[str]
) -> None:
    """All of the region and without a filter: what was saved then lacks none of that kind."""
    account = account_of(VPC)
    raw = read_vpc(account.session(), VPC, Asked(hosts=(), stages_of=(), databases=databases))

    assert sorted(call for call in account.calls if call.startswith("rds:")) == expected
    assert [asked for call, asked in account.requests if call.startswith("rds:")] == [{}] * len(
        expected
    )
    assert {f"rds:{name}" for name in raw.answers if "DB" in name} == set(expected)


LISTENERS = [
    (None, ["web", "quiet"]),
    ((), ["web"]),
    (("quiet-1.us-east-1.elb.amazonaws.com",), ["web", "quiet"]),
]


@pytest.mark.parametrize(("hosts", "expected"), LISTENERS)
def test_listeners_are_read_of_load_balancers_that_names_lead_to(
    hosts: tuple[str, ...] | None, expected: list[str]
) -> None:
    """A target's own name, or an alias in a private zone; never those of other VPCs."""
    account = joined_account()
    raw = read_vpc(account.session(), VPC, Asked(hosts=hosts, stages_of=()))

    found = [
        item["LoadBalancerArn"].rpartition(":")[2] for item in raw.answers["DescribeListeners"]
    ]
    assert found == expected
