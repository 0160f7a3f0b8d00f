"""What packets do between VPCs that are attached to a transit gateway."""

from __future__ import annotations

import pytest

from tests.lab.account import Account, allow, route, transit_route
from tests.lab.conftest import Carrier

pytestmark = pytest.mark.lab


class Hub:
    """Two dual-stack VPCs, each attached to a transit gateway in a subnet of its own."""

    def __init__(self) -> None:
        self.account = Account()
        self.gateway = self.account.transit_gateway("enable")
        self.vpcs, self.subnets, self.interfaces, self.attachments = [], [], [], []
        self.tables, self.attached = [], []
        for number in ("1", "2"):
            vpc = self.account.vpc(f"10.{number}.0.0/16", f"2001:db8:{number}::/56")
            subnet = self.account.subnet(vpc, f"10.{number}.1.0/24", f"2001:db8:{number}::/64")
            attached = self.account.subnet(vpc, f"10.{number}.9.0/28")
            ways = [
                route(destination, TransitGatewayId=self.gateway)
                for destination in ("10.0.0.0/8", "2001:db8::/32")
            ]
            self.tables.append(self.account.table(vpc, *ways, of=subnet))
            self.vpcs.append(vpc)
            self.subnets.append(subnet)
            self.attached.append(attached)
            self.attachments.append(self.account.attach(self.gateway, attached))
            address = (f"10.{number}.1.9", f"2001:db8:{number}::9")
            self.interfaces.append(self.account.interface(subnet, *address))

    def associate(self, *extra: dict[str, object]) -> list[dict[str, object]]:
        """Let both attachments follow one table with both VPCs' blocks, and return its routes."""
        routes = [
            transit_route(cidr, attachment, "propagated")
            for number, attachment in enumerate(self.attachments, 1)
            for cidr in (f"10.{number}.0.0/16", f"2001:db8:{number}::/56")
        ]
        self.account.transit_table(*routes, *extra, of=tuple(self.attachments))
        found: list[dict[str, object]]
        found = self.account.answers["SearchTransitGatewayRoutes"][-1]["Routes"]
        return found

    @property
    def flows(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        one, other = self.interfaces
        return (one, other, "10.2.1.9"), (one, other, "2001:db8:2::9")


THROUGH = ["10.1.1.9", "2001:db8:1::9"]


def test_attached_vpcs_reach_each_other_over_both_families(carrier: Carrier) -> None:
    hub = Hub()
    hub.associate()

    assert carrier.send(hub.account, *hub.flows) == THROUGH


def test_attachment_without_an_association_reaches_nothing(carrier: Carrier) -> None:
    """Propagation alone leads packets to a VPC, not from it."""
    hub = Hub()
    hub.associate()
    hub.account.answers["GetTransitGatewayRouteTableAssociations"][0]["Associations"].pop()

    assert carrier.send(hub.account, *hub.flows) == [None, None]


def test_static_route_beats_a_propagated_one_and_a_longer_one_both(carrier: Carrier) -> None:
    """A static black hole for the same block takes all, a /32 just its host."""
    hub = Hub()
    routes = hub.associate(transit_route("10.2.0.0/16"))
    taken = carrier.send(hub.account, *hub.flows)
    routes.append(transit_route("10.2.1.9/32", hub.attachments[1], "propagated"))
    longer = carrier.send(hub.account, *hub.flows)

    assert (taken, longer) == ([None, THROUGH[1]], THROUGH)


def test_subnet_in_a_zone_without_attachment_cannot_reach_the_gateway(carrier: Carrier) -> None:
    hub = Hub()
    hub.associate()
    subnet = hub.account.subnet(hub.vpcs[0], "10.1.2.0/24", zone="b")
    hub.account.table(hub.vpcs[0], route("10.0.0.0/8", TransitGatewayId=hub.gateway), of=subnet)
    elsewhere = hub.account.interface(subnet, "10.1.2.9")
    seen = carrier.send(hub.account, (elsewhere, hub.interfaces[1], "10.2.1.9"))

    assert seen == [None]


def test_acl_of_the_attachments_subnet_counts_both_ways(carrier: Carrier) -> None:
    """To the gateway its inbound rules see the source, from it its outbound ones the target."""
    hub = Hub()
    hub.associate()
    out = [allow(1, "10.2.1.9/32", egress=True), allow(1, "10.1.1.9/32", egress=False)]
    results = []
    for entries in (out, out[:1], out[1:]):
        hub.account.answers["NetworkAcls"][2:] = []
        hub.account.acl(hub.vpcs[1], *entries, of=hub.attached[1])
        # What comes from the gateway leaves this subnet; what goes to it enters.
        results.append(carrier.send(hub.account, hub.flows[0])[0])
    reply = [allow(1, "10.2.1.9/32", egress=True), allow(1, "10.2.1.9/32", egress=False)]
    hub.account.answers["NetworkAcls"][2:] = []
    hub.account.acl(hub.vpcs[1], *reply, of=hub.attached[1])

    assert results == [None, None, None]
    assert carrier.send(hub.account, hub.flows[0]) == ["10.1.1.9"]


def test_in_the_attachments_own_subnet_only_what_goes_out_meets_the_acl(carrier: Carrier) -> None:
    """From the gateway no rule is evaluated, to it both directions are."""
    hub = Hub()
    hub.associate()
    inside = hub.account.interface(hub.attached[1], "10.2.9.9")
    hub.account.table(
        hub.vpcs[1], route("10.0.0.0/8", TransitGatewayId=hub.gateway), of=hub.attached[1]
    )
    flows = [(hub.interfaces[0], inside, "10.2.9.9"), (inside, hub.interfaces[0], "10.1.1.9")]
    replies = [allow(1, "10.1.1.9/32", egress=True), allow(1, "10.2.9.9/32", egress=False)]
    hub.account.acl(hub.vpcs[1], *replies, of=hub.attached[1])
    answered = carrier.send(hub.account, *flows)
    hub.account.answers["NetworkAcls"][-1]["Entries"] = replies[:1]
    unanswered = carrier.send(hub.account, *flows)

    assert answered == ["10.1.1.9", "10.2.9.9"]
    assert unanswered == [None, None]


def test_what_comes_in_follows_the_table_of_the_attachments_subnet(carrier: Carrier) -> None:
    """Central egress: another VPC's NAT gateway serves, with a route back; its table decides."""
    hub = Hub()
    account = hub.account
    routes = hub.associate()
    routes.append(transit_route("0.0.0.0/0", hub.attachments[1]))
    account.item("RouteTables", hub.tables[0])["Routes"].append(
        route("0.0.0.0/0", TransitGatewayId=hub.gateway)
    )
    internet = account.internet_gateway(hub.vpcs[1])
    public = account.subnet(hub.vpcs[1], "10.2.3.0/24")
    nat = account.nat_gateway(public, "10.2.3.5", "203.0.113.10")
    back = account.table(hub.vpcs[1], route("0.0.0.0/0", GatewayId=internet), of=public)
    flow = (hub.interfaces[0], "internet", "192.0.2.80")
    no_table = carrier.send(account, flow)
    account.table(hub.vpcs[1], route("0.0.0.0/0", NatGatewayId=nat), of=hub.attached[1])
    no_way_back = carrier.send(account, flow)
    account.item("RouteTables", back)["Routes"].append(
        route("10.1.0.0/16", TransitGatewayId=hub.gateway)
    )
    complete = carrier.send(account, flow)

    assert (no_table, no_way_back, complete) == ([None], [None], ["203.0.113.10"])


def test_transit_gateway_leads_to_no_other_vpcs_internet_gateway(carrier: Carrier) -> None:
    """An internet or egress-only gateway serves the addresses of its own VPC."""
    hub = Hub()
    account = hub.account
    routes = hub.associate()
    routes.append(transit_route("::/0", hub.attachments[1]))
    account.item("RouteTables", hub.tables[0])["Routes"].append(
        route("::/0", TransitGatewayId=hub.gateway)
    )
    egress = account.egress_only_gateway(hub.vpcs[1])
    onward = route("::/0", EgressOnlyInternetGatewayId=egress)
    account.table(hub.vpcs[1], onward, of=hub.attached[1])
    account.item("RouteTables", hub.tables[1])["Routes"].append(onward)
    flows = [(item, "internet", "3fff:c::80") for item in hub.interfaces]

    assert carrier.send(account, *flows) == [None, "2001:db8:2::9"]


def test_group_may_be_named_across_a_transit_gateway_inbound_only(carrier: Carrier) -> None:
    """Where the gateway and both attachments allow it."""
    hub = Hub()
    account = hub.account
    hub.associate()
    near = account.group(hub.vpcs[0])
    named = ({"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": near}]},)
    far = account.group(hub.vpcs[1], ingress=named)
    for interface, group in zip(hub.interfaces, (near, far), strict=True):
        account.item("NetworkInterfaces", interface)["Groups"] = [{"GroupId": group}]
    inbound = carrier.send(account, *hub.flows)
    outbound = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": far}]}
    account.item("SecurityGroups", near)["IpPermissionsEgress"] = [outbound]
    by_egress = carrier.send(account, *hub.flows)
    account.item("SecurityGroups", near)["IpPermissionsEgress"] = [
        {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ]
    account.item("TransitGateways", hub.gateway)["Options"] = {}
    switched_off = carrier.send(account, *hub.flows)

    assert (inbound, by_egress, switched_off) == (THROUGH, [None, None], [None, None])
