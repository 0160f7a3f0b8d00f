"""What the gateways of one VPC do to packets: NAT of every kind, internet, egress-only."""

from __future__ import annotations

import pytest

from tests.lab.account import Account, allow, ipv6_block, route
from tests.lab.carrying import ICMP, ICMPV6, UDP
from tests.lab.conftest import Carrier

pytestmark = pytest.mark.lab

WEB, WEB_IPV6, WEB_NAT64 = "192.0.2.80", "3fff:c::80", "64:ff9b::c000:250"
OTHER = 99
"""A protocol that is none of TCP, UDP and ICMP."""


class Ground:
    """A dual-stack VPC with an internet gateway, a public subnet and a private one."""

    def __init__(self) -> None:
        self.account = Account()
        self.vpc = self.account.vpc("10.1.0.0/16", "2001:db8:1::/56")
        self.gateway = self.account.internet_gateway(self.vpc)
        self.public = self.account.subnet(self.vpc, "10.1.1.0/24", "2001:db8:1:1::/64")
        self.private = self.account.subnet(self.vpc, "10.1.2.0/24", "2001:db8:1:2::/64")
        ways = [route(cidr, GatewayId=self.gateway) for cidr in ("0.0.0.0/0", "::/0")]
        self.public_table = self.account.table(self.vpc, *ways, of=self.public)
        self.private_table = self.account.table(self.vpc, of=self.private)
        self.inner = self.account.interface(self.private, "10.1.2.9", "2001:db8:1:2::9")
        self.outer = self.account.interface(
            self.public, "10.1.1.9", "2001:db8:1:1::9", public="203.0.113.9"
        )

    def lead(self, destination: str, **target: str) -> None:
        """Add a route to the private subnet's table."""
        self.account.item("RouteTables", self.private_table)["Routes"].append(
            route(destination, **target)
        )

    def nat(self) -> str:
        """Return a public NAT gateway that IPv4 of the private subnet goes to."""
        nat = self.account.nat_gateway(self.public, "10.1.1.5", "203.0.113.5")
        self.lead("0.0.0.0/0", NatGatewayId=nat)
        return nat


def to_web(source: str, address: str = WEB, **more: object) -> dict[str, object]:
    return {"source": source, "destination": "internet", "address": address} | more


def test_nat_gateway_carries_tcp_udp_and_icmp_only(carrier: Carrier) -> None:
    ground = Ground()
    ground.nat()
    seen = carrier.send(
        ground.account,
        to_web(ground.inner),
        to_web(ground.inner, protocol=UDP, port=53),
        to_web(ground.inner, protocol=ICMP),
        to_web(ground.inner, protocol=OTHER),
        to_web(ground.outer, protocol=OTHER),
    )

    assert seen == [*["203.0.113.5"] * 3, None, "203.0.113.9"]


def test_private_nat_gateway_gets_nothing_through_an_internet_gateway(carrier: Carrier) -> None:
    """It has no public address; inside the VPC it translates all the same."""
    ground = Ground()
    nat = ground.account.nat_gateway(ground.public, "10.1.1.5")
    ground.lead("0.0.0.0/0", NatGatewayId=nat)

    assert carrier.send(ground.account, to_web(ground.inner)) == [None]


def test_nat_gateway_in_a_subnet_that_leads_back_to_it_is_a_loop(carrier: Carrier) -> None:
    ground = Ground()
    nat = ground.nat()
    routes = ground.account.item("RouteTables", ground.public_table)["Routes"]
    routes[:] = [route("10.1.0.0/16", GatewayId="local"), route("0.0.0.0/0", NatGatewayId=nat)]

    assert carrier.send(ground.account, to_web(ground.inner)) == [None]


def test_nat_gateway_takes_no_connections(carrier: Carrier) -> None:
    """Neither from the VPC nor from the internet."""
    ground = Ground()
    ground.nat()
    interface = ground.account.answers["NetworkInterfaces"][-1]["NetworkInterfaceId"]
    seen = carrier.send(
        ground.account,
        (ground.inner, interface, "10.1.1.5"),
        {"source": "internet", "destination": interface, "address": "203.0.113.5", "bind": WEB},
    )

    assert seen == [None, None]


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [({}, "203.0.113.6"), ({"AutoProvisionZones": "disabled"}, None)],
)
def test_regional_nat_gateway_follows_its_own_table(
    carrier: Carrier, settings: dict[str, str], outcome: str | None
) -> None:
    """In manual mode a zone that was never added is not served."""
    ground = Ground()
    own = ground.account.table(ground.vpc, route("0.0.0.0/0", GatewayId=ground.gateway), of="none")
    nat = ground.account.regional_nat_gateway(
        ground.vpc, own, {"a": "203.0.113.6", "c": "203.0.113.7"}, **settings
    )
    ground.lead("0.0.0.0/0", NatGatewayId=nat)
    other = ground.account.subnet(ground.vpc, "10.1.4.0/24", zone="b")
    ground.account.table(ground.vpc, route("0.0.0.0/0", NatGatewayId=nat), of=other)
    elsewhere = ground.account.interface(other, "10.1.4.9")
    seen = carrier.send(ground.account, to_web(ground.inner), to_web(elsewhere))
    ground.account.item("RouteTables", own)["Routes"].pop()
    without_route = carrier.send(ground.account, to_web(ground.inner))

    assert (seen, without_route) == (["203.0.113.6", outcome], [None])


def test_nat64_reaches_ipv4_from_ipv6(carrier: Carrier) -> None:
    """TCP, UDP and ping; the far end sees the gateway's public IPv4 address."""
    ground = Ground()
    nat = ground.nat()
    before = carrier.send(ground.account, to_web(ground.inner, WEB_NAT64))
    ground.lead("64:ff9b::/96", NatGatewayId=nat)
    after = carrier.send(
        ground.account,
        to_web(ground.inner, WEB_NAT64),
        to_web(ground.inner, WEB_NAT64, protocol=UDP, port=53),
        to_web(ground.inner, WEB_NAT64, protocol=ICMPV6),
    )

    assert (before, after) == ([None], ["203.0.113.5", "203.0.113.5", "203.0.113.5"])


def test_nat64_needs_the_acl_of_the_gateways_subnet_in_both_families(carrier: Carrier) -> None:
    """IPv6 on the client's side of the gateway, IPv4 on the other."""
    ground = Ground()
    ground.lead("64:ff9b::/96", NatGatewayId=ground.nat())
    entries = [allow(n, c, egress=e) for n, c in ((1, "0.0.0.0/0"), (2, "::/0")) for e in (0, 1)]
    results = []
    for used in (entries, entries[:2], entries[2:]):
        ground.account.answers["NetworkAcls"][1:] = []
        ground.account.acl(ground.vpc, *used, of=ground.public)
        results += carrier.send(ground.account, to_web(ground.inner, WEB_NAT64))

    assert results == ["203.0.113.5", None, None]


def test_internet_reaches_a_public_address_and_an_open_ipv6_one(carrier: Carrier) -> None:
    """By the internet gateway; an egress-only gateway lets nobody in."""
    ground = Ground()
    flows = [
        {"source": "internet", "bind": bind, "destination": ground.outer, "address": address}
        for bind, address in ((WEB, "203.0.113.9"), (WEB_IPV6, "2001:db8:1:1::9"))
    ]
    opened = carrier.send(ground.account, *flows)
    ground.account.answers["InternetGateways"].clear()
    egress = ground.account.egress_only_gateway(ground.vpc)
    ground.account.item("RouteTables", ground.public_table)["Routes"].append(
        route("::/0", EgressOnlyInternetGatewayId=egress)
    )
    closed = carrier.send(ground.account, *flows)

    assert (opened, closed) == ([WEB, WEB_IPV6], [None, None])


def test_public_addresses_of_one_vpc_reach_each_other_over_the_gateway(carrier: Carrier) -> None:
    """The far end sees the sender's public address."""
    ground = Ground()
    other = ground.account.interface(ground.public, "10.1.1.10", public="203.0.113.8")

    assert carrier.send(ground.account, (ground.outer, other, "203.0.113.8")) == ["203.0.113.9"]


def test_internet_gateway_takes_nothing_to_a_private_address(carrier: Carrier) -> None:
    """RFC 1918 is not routed on the internet, whatever the table says."""
    ground = Ground()
    far = ground.account.vpc("10.9.0.0/16")
    subnet = ground.account.subnet(far, "10.9.1.0/24")
    there = ground.account.interface(subnet, "10.9.1.9")

    assert carrier.send(ground.account, (ground.outer, there, "10.9.1.9")) == [None]


def test_private_ipv6_reaches_no_internet(carrier: Carrier) -> None:
    """Not by its prefix but by its attribute."""
    ground = Ground()
    flow = to_web(ground.outer, WEB_IPV6)
    public = carrier.send(ground.account, flow)
    ground.account.item("Vpcs", ground.vpc)["Ipv6CidrBlockAssociationSet"] = [
        ipv6_block("2001:db8:1::/56", "private")
    ]
    private = carrier.send(ground.account, flow)
    inside = carrier.send(ground.account, (ground.outer, ground.inner, "2001:db8:1:2::9"))

    assert (public, private, inside) == (["2001:db8:1:1::9"], [None], ["2001:db8:1:1::9"])


def test_interface_closed_to_internet_gateways(carrier: Carrier) -> None:
    """``DenyAllIgwTraffic``, as endpoints' interfaces have it."""
    ground = Ground()
    ground.account.item("NetworkInterfaces", ground.outer)["DenyAllIgwTraffic"] = True
    seen = carrier.send(ground.account, to_web(ground.outer), to_web(ground.outer, WEB_IPV6))

    assert seen == [None, None]


BLOCKED = [
    # mode, exclusion, IPv4 by IGW, IPv6 by IGW, in by IGW, NAT, EIGW
    ("off", None, (1, 1, 1, 1, 1)),
    ("block-ingress", None, (0, 0, 0, 1, 1)),
    ("block-bidirectional", None, (0, 0, 0, 0, 0)),
    ("block-ingress", "allow-bidirectional", (1, 1, 1, 1, 1)),
    ("block-bidirectional", "allow-bidirectional", (1, 1, 1, 1, 1)),
    ("block-bidirectional", "allow-egress", (0, 0, 0, 1, 1)),
    ("block-ingress", "allow-egress", (0, 0, 0, 1, 1)),
]


@pytest.mark.parametrize(("mode", "exclusion", "open_ways"), BLOCKED)
def test_block_public_access(
    carrier: Carrier, mode: str, exclusion: str | None, open_ways: tuple[int, ...]
) -> None:
    """Both modes and both exclusions, as the guide's measured scenarios have them."""
    ground = Ground()
    ground.nat()
    egress = ground.account.egress_only_gateway(ground.vpc)
    ground.lead("::/0", EgressOnlyInternetGatewayId=egress)
    ground.account.answers["VpcBlockPublicAccessOptions"] = {"InternetGatewayBlockMode": mode}
    if exclusion:
        ground.account.answers["VpcBlockPublicAccessExclusions"] = [
            {
                "ResourceArn": f"arn:aws:ec2:us-east-1:123456789012:vpc/{ground.vpc}",
                "InternetGatewayExclusionMode": exclusion,
                "State": "create-complete",
            }
        ]
    seen = carrier.send(
        ground.account,
        to_web(ground.outer),
        to_web(ground.outer, WEB_IPV6),
        {
            "source": "internet",
            "bind": WEB,
            "destination": ground.outer,
            "address": "203.0.113.9",
        },
        to_web(ground.inner),
        to_web(ground.inner, WEB_IPV6),
    )

    assert tuple(int(item is not None) for item in seen) == open_ways
