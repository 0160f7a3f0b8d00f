"""Reading a VPC: everything arrives, and what is denied is a gap and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.aws.cleanup import find_leftovers
from netprobe.aws.convert import convert
from netprobe.aws.describe import read_vpc
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.source import AwsSnapshotSource
from netprobe.deploy.plan import plan_probe
from netprobe.deploy.policies import READ_ACTIONS, read_policy
from netprobe.errors import NetprobeError
from netprobe.model.resources import TargetKind
from netprobe.model.snapshot import Gap, Snapshot
from netprobe.model.workloads import ApiKind
from netprobe.workflows.capabilities import Asked
from tests.canned_vpcs import VPC, joined_account
from tests.contract.aws.account import furnish, session_of
from tests.contract.lab.corrected import Cloud

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
READS = {
    "ec2:DescribeSubnets": "subnets",
    "ec2:DescribeRouteTables": "route_tables",
    "ec2:DescribeNatGateways": "nat_gateways",
    "ec2:DescribeNetworkAcls": "network_acls",
    "ec2:DescribeSecurityGroups": "security_groups",
    "ec2:DescribeNetworkInterfaces": "network_interfaces",
    "ec2:DescribeVpcEndpoints": "vpc_endpoints",
    "ec2:DescribeManagedPrefixLists": "prefix_lists",
    "ec2:DescribeDhcpOptions": "dhcp_options",
    "lambda:ListFunctions": "functions",
}
"""Each read whose answer is one field of the snapshot, and no other read's."""


def asked_in_vain(snapshot: Snapshot) -> list[Gap]:
    """Return the gaps of calls that were made; what nothing refers to is not asked for."""
    return [gap for gap in snapshot.gaps if gap.asked]


def test_one_of_everything_arrives(cloud: Cloud) -> None:
    """Every kind of resource that was built is in the snapshot, and nothing is missing."""
    vpc = furnish(cloud)
    snapshot = convert(read_vpc(session_of(cloud), vpc))

    assert asked_in_vain(snapshot) == []
    assert snapshot.account == "123456789012"
    assert [item.vpc_id for item in snapshot.vpcs] == [vpc]
    for field in READS.values():
        assert getattr(snapshot, field), field
    kinds = {route.target for table in snapshot.route_tables for route in table.routes}
    assert kinds >= {
        TargetKind.LOCAL,
        TargetKind.INTERNET_GATEWAY,
        TargetKind.EGRESS_ONLY_INTERNET_GATEWAY,
        TargetKind.VPC_ENDPOINT,
    }
    assert {item.kind for item in snapshot.apis} == {ApiKind.REST, ApiKind.WEBSOCKET}
    assert next(i for i in snapshot.apis if i.kind is ApiKind.WEBSOCKET).stages == ("prod",)
    assert {item.function_name for item in snapshot.functions} == {"fn"}


def test_vpcs_joined_by_peering_and_transit_gateway_arrive(cloud: Cloud) -> None:
    """With the peer's and the neighbour's own subnets, and what the transit gateway routes."""
    ec2, (vpc, peer, behind, apart) = (
        cloud.ec2,
        [cloud.vpc(f"10.{number}.0.0/16") for number in range(4)],
    )
    subnets = {
        item: cloud.subnet(item, f"10.{number}.1.0/24")
        for number, item in enumerate((vpc, peer, behind, apart))
    }
    peering = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=peer)
    peering_id = peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering_id)
    transit = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    for item in (vpc, behind):
        ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=transit, VpcId=item, SubnetIds=[subnets[item]]
        )
    table = cloud.table(vpc)
    ec2.create_route(
        RouteTableId=table, DestinationCidrBlock="10.1.0.0/16", VpcPeeringConnectionId=peering_id
    )
    ec2.create_route(
        RouteTableId=table, DestinationCidrBlock="10.2.0.0/16", TransitGatewayId=transit
    )
    snapshot = convert(read_vpc(session_of(cloud), vpc))

    assert asked_in_vain(snapshot) == []
    assert {item.vpc_id for item in snapshot.vpcs} == {vpc, peer, behind}
    assert {item.subnet_id for item in snapshot.subnets} >= {
        subnets[vpc],
        subnets[peer],
        subnets[behind],
    }
    assert subnets[apart] not in {item.subnet_id for item in snapshot.subnets}
    assert snapshot.peering(peering_id) is not None
    assert {item.resource_id for item in snapshot.transit_gateway_attachments} == {vpc, behind}
    assert all(item.route_table_id for item in snapshot.transit_gateway_attachments)
    assert all(item.routes_read for item in snapshot.transit_gateway_route_tables)


@pytest.mark.parametrize("action", READS)
def test_denied_read_is_exactly_that_gap(cloud: Cloud, action: str) -> None:
    """The denied part is unknown, the action is named, and all else is there."""
    vpc = furnish(cloud)
    whole = convert(read_vpc(session_of(cloud), vpc))
    cloud.post("/netprobe-lab/deny", {"actions": [action]})
    snapshot = convert(read_vpc(session_of(cloud), vpc))

    (gap,) = asked_in_vain(snapshot)
    assert (gap.call, gap.iam_action) == (action, action)
    assert "not authorized" in gap.error
    assert gap.needed_for
    assert getattr(snapshot, READS[action]) == ()
    for field in set(READS.values()) - {READS[action]}:
        found, expected = getattr(snapshot, field), getattr(whole, field)
        if field != "prefix_lists":  # which lists are in use is known from tables and groups
            assert found == expected, field


def test_denied_api_gateway_is_one_action(cloud: Cloud) -> None:
    """API Gateway's actions are HTTP methods: four calls are missing, one action to add."""
    vpc = furnish(cloud)
    cloud.post("/netprobe-lab/deny", {"actions": ["apigateway:GET"]})
    snapshot = convert(read_vpc(session_of(cloud), vpc))

    assert {gap.iam_action for gap in asked_in_vain(snapshot)} == {"apigateway:GET"}
    assert {gap.call for gap in asked_in_vain(snapshot)} >= {
        "apigateway:GetRestApis",
        "apigatewayv2:GetApis",
    }
    assert snapshot.apis == ()


def test_denied_vpcs_are_an_error(cloud: Cloud) -> None:
    """Without the VPC itself there is nothing to say."""
    vpc = furnish(cloud)
    cloud.post("/netprobe-lab/deny", {"actions": ["ec2:DescribeVpcs"]})

    with pytest.raises(NetprobeError, match="not allowed to call ec2:DescribeVpcs"):
        read_vpc(session_of(cloud), vpc)


def test_denied_identity_costs_only_the_account_id(cloud: Cloud) -> None:
    """Nothing else depends on who is asking."""
    vpc = furnish(cloud)
    cloud.post("/netprobe-lab/deny", {"actions": ["sts:GetCallerIdentity"]})
    snapshot = convert(read_vpc(session_of(cloud), vpc))

    assert (snapshot.account, asked_in_vain(snapshot)) == (None, [])


def test_snapshot_survives_its_file(cloud: Cloud) -> None:
    """What is written down is judged the same."""
    raw = read_vpc(session_of(cloud), furnish(cloud))

    assert convert(RawSnapshot.from_document(raw.document())) == convert(raw)


def test_reading_changes_nothing(cloud: Cloud) -> None:
    """Not one resource more or less."""
    vpc = furnish(cloud)
    before = convert(read_vpc(session_of(cloud), vpc))

    assert convert(read_vpc(session_of(cloud), vpc)) == before
    assert find_leftovers(session_of(cloud)) == ()


def test_readme_lists_the_reads_that_are_made() -> None:
    """The read-only policy is exact: every action is used, and no other."""
    account = joined_account()
    source = AwsSnapshotSource(account.session())
    source.vpc_of_function("fn")
    bucket = f"https://photos.s3.{account.session().region}.amazonaws.com/a.jpg"
    read_vpc(source.session, VPC, Asked(function="fn", apis=("ws1",), urls=(bucket,)))

    printed = json.loads(README.split("```json\n")[1].split("```")[0])
    assert printed == read_policy()
    assert sorted({action_of(call) for call in account.calls}) == list(READ_ACTIONS)


def action_of(call: str) -> str:
    """Return the IAM action of a call: API Gateway's are HTTP methods."""
    service, _, operation = call.partition(":")
    if service.startswith("apigateway"):
        return "apigateway:GET"
    return f"{'elasticloadbalancing' if service == 'elbv2' else service}:{operation}"


def test_readme_lists_what_probing_takes() -> None:
    """The same actions that ``--dry-run`` prints."""
    plan = plan_probe((), run_id="x", expires="", timeout_seconds=1)
    listed = README.split("To probe, besides:\n")[1].split("\n")[0]

    assert listed == ", ".join(f"`{action}`" for action in plan.caller_actions) + "."


def test_vpc_of_a_function(cloud: Cloud) -> None:
    """A function leads to its VPC; a wrong name to the nearest one."""
    vpc = furnish(cloud)
    source = AwsSnapshotSource(session_of(cloud))

    assert source.vpc_of_function("fn") == vpc
    with pytest.raises(NetprobeError, match=r"no function 'fnn' in us-east-1; did you mean fn\?"):
        source.vpc_of_function("fnn")
