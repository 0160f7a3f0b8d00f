"""What packets do between VPCs that are peered."""

from __future__ import annotations

import pytest

from tests.lab.account import Account, allow, route
from tests.lab.conftest import Carrier

pytestmark = pytest.mark.lab


class Pair:
    """Two dual-stack VPCs, an interface in each, a peering connection and routes both ways."""

    def __init__(self, state: str = "active") -> None:
        self.account = Account()
        self.near = self.account.vpc("10.1.0.0/16", "2001:db8:1::/56")
        self.far = self.account.vpc("10.2.0.0/16", "2001:db8:2::/56")
        self.peering = self.account.peering(self.near, self.far, state)
        self.near_subnet = self.account.subnet(self.near, "10.1.1.0/24", "2001:db8:1::/64")
        self.far_subnet = self.account.subnet(self.far, "10.2.1.0/24", "2001:db8:2::/64")
        self.one = self.account.interface(self.near_subnet, "10.1.1.9", "2001:db8:1::9")
        self.other = self.account.interface(self.far_subnet, "10.2.1.9", "2001:db8:2::9")
        self.near_table = self.table(self.near, self.near_subnet, "2")
        self.far_table = self.table(self.far, self.far_subnet, "1")

    def table(self, vpc: str, subnet: str, other: str) -> str:
        return self.account.table(
            vpc,
            route(f"10.{other}.0.0/16", VpcPeeringConnectionId=self.peering),
            route(f"2001:db8:{other}::/56", VpcPeeringConnectionId=self.peering),
            of=subnet,
        )


BOTH = ("10.2.1.9", "2001:db8:2::9")


def test_peered_vpcs_reach_each_other_over_both_families(carrier: Carrier) -> None:
    """And the far end sees the private address itself."""
    pair = Pair()
    seen = carrier.send(pair.account, *((pair.one, pair.other, address) for address in BOTH))

    assert seen == ["10.1.1.9", "2001:db8:1::9"]


def test_peering_that_was_not_accepted_carries_nothing(carrier: Carrier) -> None:
    pair = Pair("pending-acceptance")

    assert carrier.send(pair.account, (pair.one, pair.other, "10.2.1.9")) == [None]


def test_reply_needs_a_route_too(carrier: Carrier) -> None:
    """Both sides' tables, each for itself and for its family."""
    pair = Pair()
    routes = pair.account.item("RouteTables", pair.far_table)["Routes"]
    routes.remove(
        next(r for r in routes if r.get("DestinationIpv6CidrBlock") == "2001:db8:1::/56")
    )
    seen = carrier.send(pair.account, *((pair.one, pair.other, address) for address in BOTH))

    assert seen == ["10.1.1.9", None]


def test_peering_is_no_way_through_to_a_third_vpc(carrier: Carrier) -> None:
    """Not even with routes in all three."""
    pair = Pair()
    account = pair.account
    third = account.vpc("10.3.0.0/16")
    subnet = account.subnet(third, "10.3.1.0/24")
    last = account.interface(subnet, "10.3.1.9")
    onward = account.peering(pair.far, third)
    account.table(third, route("10.0.0.0/8", VpcPeeringConnectionId=onward), of=subnet)
    near = account.item("RouteTables", pair.near_table)["Routes"]
    near.append(route("10.3.0.0/16", VpcPeeringConnectionId=pair.peering))
    far = account.item("RouteTables", pair.far_table)["Routes"]
    far.append(route("10.3.0.0/16", VpcPeeringConnectionId=onward))
    seen = carrier.send(account, (pair.one, last, "10.3.1.9"), (pair.other, last, "10.3.1.9"))

    assert seen == [None, "10.2.1.9"]


def test_peering_is_no_way_to_the_peers_internet_gateway(carrier: Carrier) -> None:
    """Nor to its NAT gateway."""
    pair = Pair()
    account = pair.account
    gateway = account.internet_gateway(pair.far)
    for table in (pair.near_table, pair.far_table):
        target = (
            {"VpcPeeringConnectionId": pair.peering}
            if table == pair.near_table
            else {"GatewayId": gateway}
        )
        routes = account.item("RouteTables", table)["Routes"]
        routes += [route("0.0.0.0/0", **target), route("::/0", **target)]
    flows = [(pair.one, "internet", a) for a in ("192.0.2.80", "3fff:c::80")]
    seen = carrier.send(account, *flows, (pair.other, "internet", "3fff:c::80"))

    assert seen == [None, None, "2001:db8:2::9"]


def test_acl_of_either_subnet_filters_what_crosses(carrier: Carrier) -> None:
    """The far one's replies are denied here: ephemeral ports are closed."""
    pair = Pair()
    tcp = {"Protocol": "6", "PortRange": {"From": 443, "To": 443}}
    entries = [
        allow(n, c, egress=e, **tcp)
        for n, c in ((1, "0.0.0.0/0"), (2, "::/0"))
        for e in (True, False)
    ]
    pair.account.acl(pair.far, *entries, of=pair.far_subnet)
    before = carrier.send(pair.account, (pair.one, pair.other, "10.2.1.9"))
    replies = {"Protocol": "6", "PortRange": {"From": 1024, "To": 65535}}
    pair.account.answers["NetworkAcls"][-1]["Entries"] = [
        *entries,
        allow(3, "10.1.0.0/16", egress=True, **replies),
    ]
    after = carrier.send(pair.account, *((pair.one, pair.other, address) for address in BOTH))

    assert (before, after) == ([None], ["10.1.1.9", None])


def test_group_may_be_named_across_a_peering(carrier: Carrier) -> None:
    """Inbound and outbound, by the members' addresses."""
    pair = Pair()
    account = pair.account
    far_group = account.group(pair.far, ingress=())
    near_group = account.group(
        pair.near,
        egress=({"IpProtocol": "6", "UserIdGroupPairs": [{"GroupId": far_group}]},),
    )
    account.item("NetworkInterfaces", pair.one)["Groups"] = [{"GroupId": near_group}]
    account.item("NetworkInterfaces", pair.other)["Groups"] = [{"GroupId": far_group}]
    stranger = account.interface(pair.near_subnet, "10.1.1.10")
    flows = ((pair.one, pair.other, "10.2.1.9"), (stranger, pair.other, "10.2.1.9"))
    closed = carrier.send(account, *flows)
    account.item("SecurityGroups", far_group)["IpPermissions"] = [
        {"IpProtocol": "6", "UserIdGroupPairs": [{"GroupId": near_group}]}
    ]
    opened = carrier.send(account, *flows)

    assert (closed, opened) == ([None, None], ["10.1.1.9", None])


def test_nat_gateway_is_answered_through_the_peering_without_a_route(carrier: Carrier) -> None:
    """AWS calls it return to sender, and documents it for NAT gateways alone."""
    pair = Pair()
    account = pair.account
    public = account.subnet(pair.near, "10.1.2.0/24")
    nat = account.nat_gateway(public, "10.1.2.5")
    account.table(pair.near, route("10.2.0.0/16", VpcPeeringConnectionId=pair.peering), of=public)
    routes = account.item("RouteTables", pair.near_table)["Routes"]
    routes[:] = [r for r in routes if r.get("DestinationCidrBlock") != "10.2.0.0/16"]
    routes.append(route("10.2.0.0/16", NatGatewayId=nat))
    far = account.item("RouteTables", pair.far_table)["Routes"]
    far[:] = [r for r in far if r.get("DestinationCidrBlock") != "10.1.0.0/16"]

    assert carrier.send(account, (pair.one, pair.other, "10.2.1.9")) == ["10.1.2.5"]
