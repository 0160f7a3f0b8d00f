"""Following peerings, transit gateways and VPN gateways: what is asked, and who is read."""

from __future__ import annotations

from botocore.exceptions import ClientError

from netprobe.aws import operations
from netprobe.aws.describe import read_vpc
from netprobe.aws.raw import RawSnapshot
from netprobe.workflows.capabilities import Asked
from tests.canned import CannedAccount
from tests.canned_vpcs import APART, BEHIND, PEER, VPC, account_of, joined_account

NOTHING = Asked(hosts=(), stages_of=())
LINKS = (
    operations.VPN_GATEWAYS,
    operations.PEERINGS,
    operations.TRANSIT_GATEWAYS,
    operations.ATTACHMENTS,
    operations.VPC_ATTACHMENTS,
    operations.PEERING_ATTACHMENTS,
    operations.TRANSIT_ROUTE_TABLES,
    operations.TRANSIT_ROUTES,
    operations.TRANSIT_ASSOCIATIONS,
)


def read(account: CannedAccount, vpc_id: str = VPC) -> RawSnapshot:
    return read_vpc(account.session(), vpc_id, NOTHING)


def asked_ids(account: CannedAccount, call: str) -> list[list[str]]:
    """Return the filter values of every request of a call."""
    return [asked["Filters"][0]["Values"] for name, asked in account.requests if name == call]


def ids(raw: RawSnapshot, operation: operations.Operation, key: str) -> list[str]:
    return [item[key] for item in raw.answers[operation.answer_name][operation.key]]


def test_vpc_without_links_costs_no_call_for_them() -> None:
    """And nothing is missing: there is nothing that such a call could tell of."""
    account = account_of(VPC, PEER)
    raw = read(account)

    assert not {operation.call for operation in LINKS} & set(account.calls)
    assert raw.gaps == ()
    assert all(operation.answer_name in raw.answers for operation in LINKS)


def test_only_links_in_route_tables_are_asked_for() -> None:
    """A peering that no route leads to carries nothing."""
    account = joined_account()
    read(account)

    assert asked_ids(account, "ec2:DescribeVpcPeeringConnections") == [["pcx-1"], ["pcx-2"]]
    assert asked_ids(account, "ec2:DescribeTransitGateways") == [["tgw-1"]]
    assert asked_ids(account, "ec2:DescribeVpnGateways") == [["vgw-1"]]


def test_neighbours_of_the_account_are_read_like_the_vpc_itself() -> None:
    """Peers and VPCs behind the same transit gateway; not the VPC nothing leads to."""
    account = joined_account()
    raw = read(account)

    everyone = [VPC, PEER, BEHIND]
    assert ids(raw, operations.VPCS, "VpcId") == everyone
    for operation in (operations.ROUTE_TABLES, operations.SUBNETS, operations.SECURITY_GROUPS):
        assert ids(raw, operation, "VpcId") == everyone, operation.call
    assert APART not in str(raw.answers["DescribeSubnets"])


def test_vpcs_of_others_are_not_asked_about() -> None:
    """They are behind a peering and a transit gateway, and DescribeVpcs does not show them."""
    account = joined_account()
    read(account)

    values = [value for part in asked_ids(account, "ec2:DescribeSubnets") for value in part]
    assert "vpc-of-others" not in values


def test_links_of_neighbours_are_read_but_not_followed() -> None:
    """Their tables name pcx-2, so it is no unknown; what is behind it is no neighbour."""
    account = joined_account()
    raw = read(account)

    assert ids(raw, operations.PEERINGS, "VpcPeeringConnectionId") == ["pcx-1", "pcx-2"]


def test_transit_gateway_tables_are_searched_once_each() -> None:
    """With the filter that AWS insists on, which leaves no route out."""
    account = joined_account()
    raw = read(account)

    searches = [asked for call, asked in account.requests if "SearchTransit" in call]
    assert [item["TransitGatewayRouteTableId"] for item in searches] == ["tgw-rtb-1"]
    assert searches[0]["Filters"] == [{"Name": "state", "Values": ["active", "blackhole"]}]
    assert raw.answers["SearchTransitGatewayRoutes"][0]["TransitGatewayRouteTableId"] == (
        "tgw-rtb-1"
    )


def test_associations_are_asked_for_only_where_attachments_do_not_tell() -> None:
    """DescribeTransitGatewayAttachments tells the gateway's owner which table is associated."""
    account = joined_account()
    read(account)
    assert "ec2:GetTransitGatewayRouteTableAssociations" in account.calls

    told = joined_account()
    for item in told.answers["ec2:DescribeTransitGatewayAttachments"]:
        item["Association"] = {"TransitGatewayRouteTableId": "tgw-rtb-1"}
    read(told)
    assert "ec2:GetTransitGatewayRouteTableAssociations" not in told.calls


def test_refused_peering_is_a_gap_and_its_vpc_unread() -> None:
    """Nobody knows who is behind it; the rest of the account is read."""
    account = joined_account()
    denied = {"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}
    account.answers["ec2:DescribeVpcPeeringConnections"] = ClientError(denied, "D")
    raw = read(account)

    assert [gap.call for gap in raw.gaps] == ["ec2:DescribeVpcPeeringConnections"]
    assert "DescribeVpcPeeringConnections" not in raw.answers
    assert ids(raw, operations.VPCS, "VpcId") == [VPC, BEHIND]
