"""Faults of routes and gateways, and oddities of them that hurt nobody."""

from __future__ import annotations

from tests.judge_diagnosis.kinds import NAT_WAY, Kind
from tests.judge_diagnosis.site import EVERYTHING, Site

NAT = frozenset({"behind-nat", "dual-stack", "peered", "own-resolver"})
"""Bases whose function goes out by a NAT gateway of its own VPC."""
PUBLIC = NAT | {"nat64"}
SIX = frozenset({"dual-stack", "ipv6-only-egress", "nat64"})


def _drop_default(site: Site) -> None:
    site.unroute("table", "0.0.0.0/0")


def _to_internet_gateway(site: Site) -> None:
    site.route("table", "0.0.0.0/0", replaces=True, GatewayId=site.ids["igw"])


def _to_private_nat(site: Site) -> None:
    private = site.nat("private-nat", "public", private=True)
    site.route("table", "0.0.0.0/0", replaces=True, NatGatewayId=private)


def _to_peering(site: Site) -> None:
    if "peering" not in site.ids:
        site.vpc("other", "10.9.0.0/16")
        site.peering("peering", "other")
    peering = site.ids["peering"]
    site.route("table", "0.0.0.0/0", replaces=True, VpcPeeringConnectionId=peering)


def _to_empty_transit(site: Site) -> None:
    gateway = site.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    site.ids["tgw"] = gateway
    site.attach("tgw", "vpc", "private-a", "private-b")
    site.route("table", "0.0.0.0/0", replaces=True, TransitGatewayId=gateway)


def _to_nat_instance(site: Site) -> None:
    """Lead to an instance that still checks source and destination, as all do at first."""
    group = site.group("instance-group", EVERYTHING)
    made = site.ec2.create_network_interface(SubnetId=site.ids["public"], Groups=[group])
    interface = made["NetworkInterface"]["NetworkInterfaceId"]
    site.ec2.run_instances(
        ImageId=site.image,
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface}],
    )
    address = site.ec2.allocate_address(Domain="vpc")["AllocationId"]
    site.ec2.associate_address(AllocationId=address, NetworkInterfaceId=interface)
    site.route("table", "0.0.0.0/0", replaces=True, NetworkInterfaceId=interface)


def _delete_nat(site: Site) -> None:
    site.ec2.delete_nat_gateway(NatGatewayId=site.ids["nat"])


def _fall_back_to_main(site: Site) -> None:
    for role in ("private-a", "private-b"):
        site.disassociate(role)


def _lose_one_subnet(site: Site) -> None:
    site.disassociate("private-b")


def _give_one_subnet_a_bare_table(site: Site) -> None:
    site.disassociate("private-b")
    site.table("bare-table")
    site.associate("private-b", "bare-table")


def _swallow(site: Site) -> None:
    """Take the target's network away from the default route, by a peering that lacks it."""
    if "peering" not in site.ids:
        site.vpc("other", "10.9.0.0/16")
        site.peering("peering", "other")
    for half in ("192.0.0.0/5", "198.51.0.0/16"):
        site.route("table", half, VpcPeeringConnectionId=site.ids["peering"])


def _make_public_subnet_private(site: Site) -> None:
    site.unroute("public-table", "0.0.0.0/0")


def _detach_gateway(site: Site) -> None:
    site.ec2.detach_internet_gateway(InternetGatewayId=site.ids["igw"], VpcId=site.ids["vpc"])


def _block_public_access(site: Site) -> None:
    site.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-bidirectional")


def _drop_default6(site: Site) -> None:
    site.unroute("table", "::/0")


def _delete_egress_only(site: Site) -> None:
    gateway = site.ids["eigw"]
    site.ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=gateway)


def _drop_nat64_route(site: Site) -> None:
    site.unroute("table", "64:ff9b::/96")


def _take_public_block(site: Site) -> None:
    site.ec2.associate_vpc_cidr_block(VpcId=site.ids["vpc"], CidrBlock="192.0.2.0/24")


def _leave_dead_route(site: Site) -> None:
    """Delete a peering whose route stays: a black hole for a block nobody asks about."""
    site.vpc("gone", "10.99.0.0/16")
    gone = site.peering("gone-peering", "gone")
    site.route("table", "10.99.0.0/16", VpcPeeringConnectionId=gone)
    site.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=gone)


def _leave_dead_nat(site: Site) -> None:
    """Delete a NAT gateway that only an unused table still names."""
    site.table("unused-table")
    site.route("unused-table", "0.0.0.0/0", NatGatewayId=site.nat("old-nat", "public"))
    site.ec2.delete_nat_gateway(NatGatewayId=site.ids["old-nat"])


def _leave_idle_gateway(site: Site) -> None:
    site.ids["idle-igw"] = site.ec2.create_internet_gateway()["InternetGateway"][
        "InternetGatewayId"
    ]


def _public_default_beside_ipv6(site: Site) -> None:
    """Send IPv4 to an internet gateway where IPv6 carries every call."""
    site.internet_gateway("side-igw")
    site.route("table", "0.0.0.0/0", GatewayId=site.ids["side-igw"])


def _block_ingress_only(site: Site) -> None:
    site.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")


def _spare_private_nat(site: Site) -> None:
    """Have a private NAT gateway for a private block that nobody asks about."""
    private = site.nat("spare-nat", "public", private=True)
    site.route("table", "172.20.0.0/16", NatGatewayId=private)


def _main_table_to_gateway(site: Site) -> None:
    """Let the main table, which governs no subnet of the function, lead to a gateway."""
    site.route("vpc-main", "0.0.0.0/0", GatewayId=site.ids["igw"])


def _route4(name: str, inject: object, *names: str, **more: object) -> Kind:
    values = {"bases": NAT, "link": "route4", "hides": NAT_WAY, "names": (names,)} | more
    return Kind(name=name, inject=inject, **values)  # type: ignore[arg-type]


WAYS = (
    _route4("default route deleted", _drop_default, "route-v4-no-default-route"),
    _route4(
        "default route to the internet gateway",
        _to_internet_gateway,
        "route-v4-public-subnet-no-public-ip",
        hides=NAT_WAY - {"igw", "bpa"},
    ),
    _route4("default route to a private NAT gateway", _to_private_nat, "nat-private-connectivity"),
    _route4(
        "default route to a peer",
        _to_peering,
        "peering-transitive",
        touches=frozenset({"peering"}),
    ),
    _route4("default route to an empty hub", _to_empty_transit, "tgw-egress-or-return-missing"),
    _route4("NAT instance that checks", _to_nat_instance, "nat-instance-broken"),
    _route4(
        "NAT gateway deleted", _delete_nat, "nat-deleted-blackhole", touches=frozenset({"nat"})
    ),
    _route4(
        "subnets without association",
        _fall_back_to_main,
        "route-table-main-implicit",
        bases=frozenset({"behind-nat"}),
        touches=frozenset({"table"}),
    ),
    _route4(
        "one subnet without association",
        _lose_one_subnet,
        "route-mixed-subnets-intermittent",
        "route-table-main-implicit",
        bases=frozenset({"behind-nat"}),
        hides=frozenset(),
        also=frozenset({"route-table-main-implicit"}),
        touches=frozenset({"table"}),
    ),
    _route4(
        "one subnet with a bare table",
        _give_one_subnet_a_bare_table,
        "route-mixed-subnets-intermittent",
        "route-v4-no-default-route",  # where another fault leaves no subnet that works
        bases=frozenset({"behind-nat"}),
        hides=frozenset(),
        touches=frozenset({"table"}),
    ),
    _route4(
        "specific routes to a peer",
        _swallow,
        "route-more-specific-swallow",
        touches=frozenset({"peering"}),
        needs_answer=True,
    ),
    _route4(
        "VPC with a public block of the target",
        _take_public_block,
        "vpc-cidr-public-range",
        link="block",
        needs_answer=True,
        hides=frozenset(),
    ),
    Kind(
        name="NAT gateway in a private subnet",
        bases=PUBLIC,
        inject=_make_public_subnet_private,
        names=(("nat-in-private-subnet",),),
        link="public-route",
        hides=frozenset({"igw", "bpa"}),
    ),
    Kind(
        name="internet gateway detached",
        bases=PUBLIC,
        inject=_detach_gateway,
        names=(("igw-detached",),),
        link="igw",
        hides=frozenset({"bpa"}),
    ),
    Kind(
        name="Block Public Access",
        bases=PUBLIC | SIX,
        inject=_block_public_access,
        names=(("vpc-bpa",),),
        link="bpa",
    ),
    Kind(
        name="IPv6 default route deleted",
        bases=SIX,
        inject=_drop_default6,
        names=(("route-v6-no-default",),),
        link="route6",
        hides=frozenset({"bpa"}),
    ),
    Kind(
        name="egress-only gateway deleted",
        bases=SIX,
        inject=_delete_egress_only,
        names=(("egress-only-gateway-detached",),),
        link="route6",
        hides=frozenset({"bpa"}),
    ),
    Kind(
        name="NAT64 route deleted",
        bases=frozenset({"nat64"}),
        inject=_drop_nat64_route,
        names=(("dns64-without-route",),),
        link="route4",
        hides=NAT_WAY,
    ),
    Kind(
        name="dead route that wins nothing",
        bases=NAT | SIX | {"endpoints-only", "private-api"},
        inject=_leave_dead_route,
        link="odd-route",
    ),
    Kind(
        name="dead NAT gateway of an unused table",
        bases=PUBLIC,
        inject=_leave_dead_nat,
        link="odd-nat",
    ),
    Kind(
        name="internet gateway of no VPC",
        bases=NAT | {"endpoints-only"},
        inject=_leave_idle_gateway,
        link="odd-igw",
    ),
    Kind(
        name="0.0.0.0/0 to a gateway beside IPv6",
        bases=frozenset({"ipv6-only-egress"}),
        inject=_public_default_beside_ipv6,
        link="route4",
    ),
    Kind(
        name="Block Public Access of ingress",
        bases=PUBLIC | SIX,
        inject=_block_ingress_only,
        link="bpa",
    ),
    Kind(
        name="private NAT gateway for private blocks",
        bases=NAT,
        inject=_spare_private_nat,
        link="odd-private-nat",
    ),
    Kind(
        name="main table to the internet gateway",
        bases=frozenset({"dual-stack", "peered", "own-resolver"}),
        inject=_main_table_to_gateway,
        link="odd-main",
    ),
)
