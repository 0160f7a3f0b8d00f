"""Faults of gateways and routes inside one VPC, and their look-alikes."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.model.finding import Role
from netprobe.model.observation import Outcome
from netprobe.model.resources import BlockMode
from tests.builders import (
    address,
    endpoint,
    function,
    interface,
    internet_gateway,
    nat_gateway,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
    vpc,
)
from tests.interconnect import public_access
from tests.unit.diagnosis.cases import (
    Row,
    address_target,
    case_of,
    changed,
    names_of,
    seen,
)

PUBLIC = route_table(routes=(route("0.0.0.0/0", "igw-1"),))
DEFAULT_VPC = vpc(is_default=True, ipv6=())
IPV4_SUBNET = subnet("subnet-private", "10.0.1.0/24", None)
ALL_PUBLIC = (
    *changed(PUBLIC, IPV4_SUBNET, gone=("nat-1", "eigw-1")),
    DEFAULT_VPC,
)
REGIONAL = (
    nat_gateway(
        subnet_id=None,
        route_table_id="rtb-nat",
        availability_mode="regional",
        zones=frozenset({"us-east-1b"}),
        auto_provision_zones=False,
    ),
    route_table("rtb-nat", (route("0.0.0.0/0", "igw-1"),), ()),
)
FAR_IPV4, PRIVATE = address_target("198.51.100.10"), address_target("172.16.5.9")
IPV4_ONLY = route_table(routes=(route("0.0.0.0/0", "nat-1"),))
SILENT_IPV4 = {("subnet-private", FAR_IPV4.id, "ipv4"): seen(Outcome.TIMEOUT)}
APPLIANCE_GROUP = security_group("sg-nat", ingress=(rule("10.0.0.0/16"),))
CLOSED_GROUP = security_group("sg-nat", ingress=(rule("10.9.0.0/16"),))


def instance_way(**fields: Any) -> tuple[Any, ...]:
    """Return the open VPC, whose IPv4 goes out by a NAT instance of these fields."""
    defaults: dict[str, Any] = {
        "subnet_id": "subnet-public",
        "source_dest_check": False,
        "group_ids": ("sg-nat",),
        "public_addresses": (address("203.0.113.7"),),
    }
    out = route_table(routes=(route("0.0.0.0/0", "eni-nat"),))
    appliance = interface("eni-nat", "10.0.9.30", **(defaults | fields))
    return changed(out, appliance, APPLIANCE_GROUP)


def lambda_interface(*public: str) -> Any:
    """Return the function's interface in a public subnet, with public addresses."""
    ours = address("10.0.1.80")
    return interface(
        "eni-lambda",
        "10.0.1.80",
        interface_type="lambda",
        group_ids=("sg-1",),
        public_addresses=tuple(map(address, public)),
        public_of=tuple((ours, address(item)) for item in public),
    )


DETACHED = internet_gateway("igw-1", attached=None)
PUBLIC_BLOCK = vpc(ipv4=("10.0.0.0/16", "198.51.100.0/24"))
HIDING = route_table(
    routes=(route("198.51.100.0/24", "local"), route("0.0.0.0/0", "nat-1")),
)
BOTH_WAYS_BLOCKED = public_access(BlockMode.BLOCK_BIDIRECTIONAL)

FIRES = {
    "route-v4-default-vpc": [Row("a new account's VPC", ALL_PUBLIC, (FAR_IPV4,))],
    "nat-failed-or-pending": [
        Row("it failed", changed(nat_gateway(state="failed"), IPV4_ONLY), (FAR_IPV4,)),
        Row("it is not ready yet", changed(nat_gateway(state="pending")), (FAR_IPV4,)),
        Row(
            "it failed and the route is dead too",
            changed(
                nat_gateway(state="failed"),
                route_table(routes=(route("0.0.0.0/0", "nat-1", "blackhole"),)),
            ),
            (FAR_IPV4,),
        ),
    ],
    "nat-deleted-blackhole": [
        Row("it is gone and the route does not say so", changed(gone=("nat-1",)), (FAR_IPV4,)),
        Row("deleted a moment ago", changed(nat_gateway(state="deleted")), (FAR_IPV4,)),
    ],
    "nat-private-connectivity": [
        Row(
            "in a public subnet",
            changed(nat_gateway(connectivity_type="private", public_addresses=())),
            (FAR_IPV4,),
        ),
        Row(
            "in a private subnet",
            changed(
                nat_gateway(
                    connectivity_type="private", public_addresses=(), subnet_id="subnet-inner"
                ),
                subnet("subnet-inner", "10.0.7.0/24", None),
                route_table("rtb-inner", (), ("subnet-inner",)),
                network_acl("acl-inner", subnets=("subnet-inner",)),
            ),
            (FAR_IPV4,),
        ),
    ],
    "nat-instance-broken": [
        Row("the check is on", instance_way(source_dest_check=True), (FAR_IPV4,)),
        Row("its group is closed", (*instance_way(), CLOSED_GROUP), (FAR_IPV4,)),
        Row("it is attached to nothing", instance_way(attached=False), (FAR_IPV4,)),
        Row(
            "it has no public address and packets are silent",
            instance_way(public_addresses=()),
            (FAR_IPV4,),
            observations=SILENT_IPV4,
        ),
    ],
    "igw-detached": [
        Row("behind a NAT gateway", changed(DETACHED), (FAR_IPV4,)),
        Row("of a public subnet", changed(DETACHED, PUBLIC), (FAR_IPV4,)),
        Row(
            "the NAT gateway's route is dead",
            changed(
                route_table(
                    "rtb-public", (route("0.0.0.0/0", "igw-1", "blackhole"),), ("subnet-public",)
                )
            ),
            (FAR_IPV4,),
        ),
        Row(
            "the function's own IPv6 route is dead",
            changed(route_table(routes=(route("::/0", "igw-1", "blackhole"),))),
            (address_target("3fff:a::10"),),
        ),
    ],
    "vpc-cidr-public-range": [
        Row("a block of somebody else's", changed(PUBLIC_BLOCK, HIDING), (FAR_IPV4,)),
    ],
    "eip-on-lambda-eni": [
        Row("it works", changed(PUBLIC, lambda_interface("203.0.113.8")), (FAR_IPV4,)),
    ],
    "vpc-bpa": [
        Row("both ways, through NAT", changed(BOTH_WAYS_BLOCKED), (FAR_IPV4,)),
        Row(
            "both ways, through an egress-only gateway",
            changed(BOTH_WAYS_BLOCKED),
            (address_target("3fff:a::10"),),
        ),
    ],
    "egress-only-gateway-detached": [
        Row(
            "not in this VPC",
            changed(internet_gateway("eigw-1", attached="vpc-9")),
            (address_target("3fff:a::10"),),
        ),
        Row(
            "the route is dead",
            changed(route_table(routes=(route("::/0", "eigw-1", "blackhole"),))),
            (address_target("3fff:a::10"),),
        ),
    ],
    "private-destination-via-internet-gateway": [
        Row("through NAT", changed(), (PRIVATE,)),
        Row("from a public subnet", changed(PUBLIC), (PRIVATE,)),
        Row("carrier-grade space", changed(), (address_target("100.64.3.4"),)),
    ],
    "regional-nat-az-missing": [
        Row("zones chosen by hand", (*changed(), *REGIONAL), (FAR_IPV4,)),
    ],
}

SILENT = {
    "route-v4-default-vpc": [
        Row("a VPC of one's own", changed(PUBLIC, gone=("nat-1",)), (FAR_IPV4,)),
        Row(
            "a default VPC with a private subnet beside",
            (
                *changed(PUBLIC, DEFAULT_VPC, subnet("subnet-inner", "10.0.7.0/24", None)),
                route_table("rtb-inner", (route("0.0.0.0/0", "nat-1"),), ("subnet-inner",)),
            ),
            (FAR_IPV4,),
        ),
        Row("a default VPC that leads out", (*changed(), DEFAULT_VPC), (FAR_IPV4,)),
    ],
    "nat-failed-or-pending": [
        Row("available", changed(), (FAR_IPV4,)),
        Row("deleted is another fault", changed(nat_gateway(state="deleted")), (FAR_IPV4,)),
        Row(
            "a failed one that no route uses",
            changed(nat_gateway("nat-2", state="failed")),
            (FAR_IPV4,),
        ),
        Row(
            "in a private subnet, available",
            changed(nat_gateway(subnet_id="subnet-private")),
            (FAR_IPV4,),
        ),
    ],
    "nat-deleted-blackhole": [
        Row("failed is another fault", changed(nat_gateway(state="failed")), (FAR_IPV4,)),
    ],
    "nat-private-connectivity": [
        Row("a public one", changed(), (FAR_IPV4,)),
        Row(
            "a private one towards a private network",
            changed(
                nat_gateway(connectivity_type="private", public_addresses=()),
                route_table("rtb-public", (route("172.16.0.0/12", "tgw-9"),), ("subnet-public",)),
            ),
            (PRIVATE,),
        ),
        Row(
            "a public one without internet is another fault",
            changed(nat_gateway(subnet_id="subnet-private")),
            (FAR_IPV4,),
        ),
    ],
    "nat-in-private-subnet": [
        Row(
            "a private one is another fault",
            changed(
                nat_gateway(
                    connectivity_type="private", public_addresses=(), subnet_id="subnet-private"
                )
            ),
            (FAR_IPV4,),
        ),
        Row("a detached internet gateway is another fault", changed(DETACHED), (FAR_IPV4,)),
    ],
    "nat-instance-broken": [
        Row("it forwards", instance_way(), (FAR_IPV4,)),
        Row(
            "terminated is another fault",
            changed(route_table(routes=(route("0.0.0.0/0", "eni-nat", "blackhole"),))),
            (FAR_IPV4,),
        ),
        Row(
            "silence behind one that looks right",
            instance_way(),
            (FAR_IPV4,),
            observations=SILENT_IPV4,
        ),
        Row(
            "the group of a target inside is no NAT instance's",
            changed(
                interface("eni-db", "10.0.9.40", subnet_id="subnet-public", group_ids=("sg-nat",)),
                CLOSED_GROUP,
            ),
            (address_target("10.0.9.40"),),
        ),
    ],
    "igw-detached": [
        Row("attached", changed(), (FAR_IPV4,)),
        Row("Block Public Access is another fault", changed(BOTH_WAYS_BLOCKED), (FAR_IPV4,)),
        Row(
            "a dead route that does not win",
            changed(
                route_table(
                    routes=(route("0.0.0.0/0", "nat-1"), route("9.9.9.0/24", "igw-2", "blackhole"))
                )
            ),
            (FAR_IPV4,),
        ),
        Row(
            "egress-only needs no internet gateway",
            changed(DETACHED),
            (address_target("3fff:a::10"),),
        ),
    ],
    "vpc-cidr-public-range": [
        Row("the address is outside", changed(), (FAR_IPV4,)),
        Row(
            "an interface inside has it",
            changed(
                PUBLIC_BLOCK,
                HIDING,
                subnet("subnet-odd", "198.51.100.0/24", None),
                network_acl("acl-odd", subnets=("subnet-odd",)),
                interface(
                    "eni-odd", "198.51.100.10", subnet_id="subnet-odd", group_ids=("sg-odd",)
                ),
                security_group("sg-odd", ingress=(rule("10.0.0.0/16"),)),
            ),
            (FAR_IPV4,),
        ),
        Row("a private address nobody has", changed(), (address_target("10.0.1.99"),)),
        Row(
            "an endpoint's private address",
            changed(
                endpoint("vpce-api", network_interface_ids=("eni-api",), group_ids=("sg-1",)),
                interface("eni-api", "10.0.1.71", group_ids=("sg-1",)),
            ),
        ),
    ],
    "eip-on-lambda-eni": [
        Row("none has one", changed(PUBLIC, lambda_interface()), (FAR_IPV4,)),
        Row(
            "not needed: the way is a NAT gateway's",
            changed(lambda_interface("203.0.113.8")),
            (FAR_IPV4,),
        ),
        Row(
            "an instance's own",
            changed(PUBLIC, interface("eni-x", "10.0.1.81", public_addresses=())),
            (FAR_IPV4,),
        ),
    ],
    "vpc-bpa": [
        Row("off", changed(public_access(BlockMode.OFF)), (FAR_IPV4,)),
        Row(
            "ingress only leaves NAT alone",
            changed(public_access(BlockMode.BLOCK_INGRESS)),
            (FAR_IPV4,),
        ),
        Row(
            "the VPC is excluded",
            changed(
                public_access(BlockMode.BLOCK_BIDIRECTIONAL, ("vpc-1", "allow-bidirectional"))
            ),
            (FAR_IPV4,),
        ),
        Row(
            "an endpoint's traffic is not touched",
            changed(
                BOTH_WAYS_BLOCKED,
                interface("eni-db", "10.0.9.40", subnet_id="subnet-public", group_ids=("sg-db",)),
                security_group("sg-db", ingress=(rule("10.0.0.0/16"),)),
            ),
            (address_target("10.0.9.40"),),
        ),
    ],
    "egress-only-gateway-detached": [
        Row("attached", changed(), (address_target("3fff:a::10"),)),
        Row("IPv4 does not need it", changed(gone=("eigw-1",)), (FAR_IPV4,)),
        Row(
            "no route at all is another fault",
            changed(route_table(routes=(route("0.0.0.0/0", "nat-1"),))),
            (address_target("3fff:a::10"),),
        ),
    ],
    "private-destination-via-internet-gateway": [
        Row("a public one", changed(), (FAR_IPV4,)),
        Row(
            "a route leads to the private network",
            changed(
                route_table(routes=(route("172.16.0.0/12", "tgw-9"), route("0.0.0.0/0", "nat-1")))
            ),
            (PRIVATE,),
        ),
        Row("an address inside that nobody has", changed(), (address_target("10.0.1.99"),)),
        Row("a multicast group", changed(), (address_target("224.0.0.9"),)),
    ],
    "regional-nat-az-missing": [
        Row(
            "it expands by itself",
            (
                *changed(),
                *REGIONAL,
                nat_gateway(
                    subnet_id=None,
                    route_table_id="rtb-nat",
                    availability_mode="regional",
                    zones=frozenset({"us-east-1b"}),
                    auto_provision_zones=True,
                ),
            ),
            (FAR_IPV4,),
        ),
        Row("a zonal one in another zone", changed(), (FAR_IPV4,)),
    ],
}


def _names(row: Row, role: Role | None = None) -> set[str]:
    account = snapshot(*row.resources)
    return names_of(case_of(account, row.targets, row.sources, row.observations), role)


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in FIRES.items() for row in rows],
    ids=[f"{name}: {row.situation}" for name, rows in FIRES.items() for row in rows],
)
def test_fault_fires(name: str, row: Row) -> None:
    """The situation that the fault is made for shows it."""
    assert name in _names(row)


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in SILENT.items() for row in rows],
    ids=[f"{name}: {row.situation}" for name, rows in SILENT.items() for row in rows],
)
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in _names(row)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("route-v4-default-vpc", 0),
        ("nat-failed-or-pending", 0),
        ("nat-failed-or-pending", 2),
        ("nat-deleted-blackhole", 0),
        ("nat-private-connectivity", 0),
        ("nat-private-connectivity", 1),
        ("nat-instance-broken", 0),
        ("nat-instance-broken", 1),
        ("nat-instance-broken", 3),
        ("igw-detached", 0),
        ("igw-detached", 2),
        ("vpc-cidr-public-range", 0),
        ("vpc-bpa", 0),
        ("private-destination-via-internet-gateway", 0),
        ("private-destination-via-internet-gateway", 1),
        ("private-destination-via-internet-gateway", 2),
        ("regional-nat-az-missing", 0),
        ("egress-only-gateway-detached", 0),
    ],
)
def test_it_is_the_only_root_cause(name: str, number: int) -> None:
    """What is part of it, or met on the way, is no second root cause."""
    assert _names(FIRES[name][number], Role.ROOT_CAUSE) == {name}


def test_a_public_subnet_without_its_gateway_has_both_faults() -> None:
    """Attaching the gateway would leave the function without a public address."""
    roots = _names(FIRES["igw-detached"][1], Role.ROOT_CAUSE)

    assert roots == {"igw-detached", "route-v4-public-subnet-no-public-ip"}


def test_an_elastic_ip_that_works_is_a_note() -> None:
    """It breaks one day, but nothing is broken now."""
    assert _names(FIRES["eip-on-lambda-eni"][0], Role.NOTE) == {"eip-on-lambda-eni"}


def test_one_dead_gateway_of_two_subnets_is_one_finding() -> None:
    """The same fault on many paths is told once."""
    account = snapshot(
        *changed(
            nat_gateway(state="failed"),
            function("fn", subnet_ids=("subnet-private", "subnet-other")),
            subnet("subnet-other", "10.0.2.0/24", None),
            route_table("rtb-other", (route("0.0.0.0/0", "nat-1"),), ("subnet-other",)),
            network_acl(subnets=("subnet-private", "subnet-public", "subnet-other")),
        )
    )
    sources = (source(function_name="fn"), source("subnet-other", function_name="fn"))
    case = case_of(account, (FAR_IPV4,), sources)
    found = [item for item in examine(case) if item.role is Role.ROOT_CAUSE]

    assert [(item.name, len(item.paths)) for item in found] == [("nat-failed-or-pending", 2)]
