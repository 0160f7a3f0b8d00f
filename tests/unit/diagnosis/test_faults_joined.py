"""Faults of what joins VPCs and of firewalls on the way, and their look-alikes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.model.finding import Confidence, Role
from netprobe.model.interconnect import TransitGateway
from netprobe.model.observation import Observation, Outcome, Stage, StageName
from tests.builders import (
    endpoint,
    interface,
    internet_gateway,
    nat_gateway,
    network_acl,
    route,
    route_table,
    security_group,
    snapshot,
    subnet,
    vpc,
)
from tests.interconnect import (
    BOTH_WAYS,
    FAR,
    NEAR_ATTACHMENT,
    PEERED,
    TRANSIT,
    attachment,
    far_group,
    far_table,
    near_table,
    peering,
    transit_route,
    transit_table,
)
from tests.unit.diagnosis.cases import (
    Row,
    address_target,
    case_of,
    changed,
    names_of,
    seen,
)

FAR_HOST, INTERNET = address_target(FAR), address_target("198.51.100.10")
ON_PREMISES = address_target("172.16.5.9")
OTHER_HOST = address_target("198.51.100.200")
SILENT_FAR = {("subnet-private", FAR_HOST.id, "ipv4"): seen(Outcome.TIMEOUT)}
SILENT_INTERNET = {("subnet-private", INTERNET.id, "ipv4"): seen(Outcome.TIMEOUT)}


def cut_in_handshake(outcome: Outcome) -> Observation:
    """Return what is seen when the connection is made and the ClientHello gets no answer."""
    good = Outcome.REACHABLE
    return Observation(
        outcome=outcome,
        stages=(
            Stage(stage=StageName.RESOLVE, outcome=good, milliseconds=1),
            Stage(stage=StageName.CONNECT, outcome=good, milliseconds=2),
            Stage(stage=StageName.HANDSHAKE, outcome=outcome, milliseconds=1500),
        ),
    )


# A hub with a way out: the spoke's default route leads to it.
SPOKE_OUT = route_table(routes=(route("0.0.0.0/0", "tgw-1"),))
HUB_ROUTES = (*BOTH_WAYS, transit_route("0.0.0.0/0", "att-far"))
HUB_LOCAL = (route("10.1.0.0/16", "local"),)


def hub_table(*routes: Any) -> Any:
    """Return the table of the hub's attachment subnet."""
    return route_table(
        "rtb-far-tgw", (*HUB_LOCAL, *routes), ("subnet-far-tgw",), vpc_id="vpc-2", local=False
    )


HUB: tuple[Any, ...] = (
    *changed(),
    *TRANSIT,
    SPOKE_OUT,
    transit_table(*HUB_ROUTES),
    hub_table(route("0.0.0.0/0", "nat-hub")),
    subnet("subnet-hub-public", "10.1.9.0/24", None, vpc_id="vpc-2"),
    network_acl("acl-hub", subnets=("subnet-hub-public",), vpc_id="vpc-2"),
    route_table(
        "rtb-hub-public",
        (*HUB_LOCAL, route("0.0.0.0/0", "igw-hub"), route("10.0.0.0/16", "tgw-1")),
        ("subnet-hub-public",),
        vpc_id="vpc-2",
        local=False,
    ),
    internet_gateway("igw-hub", attached="vpc-2"),
    nat_gateway("nat-hub", vpc_id="vpc-2", subnet_id="subnet-hub-public"),
)
"""A spoke that goes out by the NAT gateway of a hub."""

PUBLIC_WITHOUT_BACK = route_table(
    "rtb-hub-public",
    (*HUB_LOCAL, route("0.0.0.0/0", "igw-hub")),
    ("subnet-hub-public",),
    vpc_id="vpc-2",
    local=False,
)
HIDDEN_HUB = (
    *changed(SPOKE_OUT),
    TransitGateway(transit_gateway_id="tgw-1"),
    NEAR_ATTACHMENT,
    attachment("att-hub", "vpc-hidden", "subnet-hidden"),
    transit_table(transit_route("0.0.0.0/0", "att-hub"), *BOTH_WAYS[:1]),
    subnet("subnet-near-tgw", "10.0.8.0/28", None),
    network_acl("acl-near-tgw", subnets=("subnet-near-tgw",)),
)
"""The same with a hub in another account."""

SWALLOWING = near_table(route("198.51.100.0/24", "pcx-1"))

# A firewall before the internet gateway: the public subnet of the NAT gateway is inspected.
FIREWALL = endpoint(
    "vpce-fw",
    endpoint_type="GatewayLoadBalancer",
    service_name="com.amazonaws.vpce.us-east-1.vpce-svc-1",
    subnet_ids=("subnet-fw",),
    group_ids=(),
    network_interface_ids=(),
    private_dns_enabled=False,
)
INSPECTED: tuple[Any, ...] = changed(
    FIREWALL,
    subnet("subnet-fw", "10.0.20.0/28", None),
    network_acl("acl-fw", subnets=("subnet-fw",)),
    route_table("rtb-fw", (route("0.0.0.0/0", "igw-1"),), ("subnet-fw",)),
    route_table("rtb-public", (route("0.0.0.0/0", "vpce-fw"),), ("subnet-public",)),
    route_table(
        "rtb-edge", (route("10.0.9.0/24", "vpce-fw"),), (), gateway_ids=frozenset({"igw-1"})
    ),
)
NO_EDGE = (*INSPECTED, route_table("rtb-edge", (), (), gateway_ids=frozenset({"igw-1"})))
# A firewall before the NAT gateway: the private subnet is inspected.
BEFORE_NAT: tuple[Any, ...] = changed(
    FIREWALL,
    subnet("subnet-fw", "10.0.20.0/28", None),
    network_acl("acl-fw", subnets=("subnet-fw",)),
    route_table(routes=(route("0.0.0.0/0", "vpce-fw"),)),
    route_table("rtb-fw", (route("0.0.0.0/0", "nat-1"),), ("subnet-fw",)),
    route_table(
        "rtb-public",
        (route("0.0.0.0/0", "igw-1"), route("10.0.1.0/24", "vpce-fw")),
        ("subnet-public",),
    ),
)
# East-west through a firewall VPC, from zone a to zone b.
HUB_FIREWALL = replace(FIREWALL, vpc_id="vpc-3", subnet_ids=("subnet-fw",))
EAST_WEST: tuple[Any, ...] = (
    *changed(),
    *TRANSIT,
    HUB_FIREWALL,
    vpc("vpc-3", ("10.3.0.0/16",), ()),
    *(
        subnet(
            f"subnet-in-{zone}", block, None, vpc_id="vpc-3", availability_zone=f"us-east-1{zone}"
        )
        for zone, block in (("a", "10.3.1.0/28"), ("b", "10.3.2.0/28"))
    ),
    subnet("subnet-fw", "10.3.20.0/28", None, vpc_id="vpc-3"),
    network_acl("acl-in", subnets=("subnet-in-a", "subnet-in-b", "subnet-fw"), vpc_id="vpc-3"),
    route_table(
        "rtb-in",
        (route("10.3.0.0/16", "local"), route("0.0.0.0/0", "vpce-fw")),
        ("subnet-in-a", "subnet-in-b"),
        vpc_id="vpc-3",
        local=False,
    ),
    attachment("att-fw", "vpc-3", "subnet-in-a", "subnet-in-b"),
    transit_table(transit_route("0.0.0.0/0", "att-fw")),
    subnet("subnet-far", "10.1.1.0/24", None, vpc_id="vpc-2", availability_zone="us-east-1b"),
)

# An interface endpoint in the other VPC.
CENTRAL: tuple[Any, ...] = (
    *changed(),
    *TRANSIT,
    endpoint(
        "vpce-central",
        "ssm",
        vpc_id="vpc-2",
        subnet_ids=("subnet-far",),
        group_ids=("sg-far",),
        network_interface_ids=("eni-far",),
    ),
)

FIRES = {
    "route-more-specific-swallow": [
        Row(
            "a block to a peer that has it not",
            (*changed(), *PEERED, SWALLOWING),
            (INTERNET,),
        ),
        Row(
            "a block to a transit gateway that drops it",
            (*changed(), *TRANSIT, near_table(route("198.51.100.0/24", "tgw-1"))),
            (INTERNET,),
        ),
        Row(
            "a block to a VPN that is silent",
            changed(near_table(route("198.51.100.0/24", "tgw-9"))),
            (INTERNET,),
            observations=SILENT_INTERNET,
        ),
    ],
    "tgw-egress-or-return-missing": [
        Row("the spoke's table lacks the default", (*HUB, transit_table(*BOTH_WAYS)), (INTERNET,)),
        Row("the spoke's block is not known", (*HUB, transit_table(*HUB_ROUTES[1:])), (INTERNET,)),
        Row("the hub's public table has no way back", (*HUB, PUBLIC_WITHOUT_BACK), (INTERNET,)),
        Row("the hub has no way out", (*HUB, hub_table()), (INTERNET,)),
        Row(
            "the hub goes out without NAT",
            (*HUB, hub_table(route("0.0.0.0/0", "igw-hub"))),
            (INTERNET,),
        ),
        Row(
            "the attachment is gone and the route is dead",
            changed(route_table(routes=(route("0.0.0.0/0", "tgw-1", "blackhole"),))),
            (INTERNET,),
        ),
        Row("not attached", tuple(i for i in HUB if i != NEAR_ATTACHMENT), (INTERNET,)),
        Row("the other VPC has no way back", (*changed(), *TRANSIT, far_table()), (FAR_HOST,)),
        Row("a silent hub elsewhere", HIDDEN_HUB, (INTERNET,), observations=SILENT_INTERNET),
    ],
    "tgw-attachment-missing-az": [
        Row(
            "the attachment is in another zone",
            (
                *changed(),
                *TRANSIT,
                subnet("subnet-near-tgw", "10.0.8.0/28", None, availability_zone="us-east-1b"),
            ),
            (FAR_HOST,),
        ),
    ],
    "peering-transitive": [
        Row(
            "the default route to a peer",
            (*changed(), *PEERED, route_table(routes=(route("0.0.0.0/0", "pcx-1"),))),
            (INTERNET,),
        ),
        Row(
            "the default route to a peer that is gone",
            changed(route_table(routes=(route("0.0.0.0/0", "pcx-1", "blackhole"),))),
            (INTERNET,),
        ),
    ],
    "peering-return-route": [
        Row("the peer's table knows nothing", (*changed(), *PEERED, far_table()), (FAR_HOST,)),
    ],
    "network-firewall-drop": [
        Row(
            "reset after the ClientHello",
            INSPECTED,
            (INTERNET,),
            observations={
                ("subnet-private", INTERNET.id, "ipv4"): cut_in_handshake(Outcome.RESET)
            },
        ),
        Row(
            "silence after the ClientHello, behind a hub elsewhere",
            HIDDEN_HUB,
            (INTERNET,),
            observations={
                ("subnet-private", INTERNET.id, "ipv4"): cut_in_handshake(Outcome.TIMEOUT)
            },
        ),
        Row(
            "another host is reached",
            INSPECTED,
            (INTERNET, OTHER_HOST),
            observations={
                **SILENT_INTERNET,
                ("subnet-private", OTHER_HOST.id, "ipv4"): seen(Outcome.REACHABLE),
            },
        ),
    ],
    "network-firewall-asymmetric": [
        Row("no route at the edge", NO_EDGE, (INTERNET,), observations=SILENT_INTERNET),
        Row(
            "no table at the edge",
            tuple(i for i in INSPECTED if getattr(i, "route_table_id", "") != "rtb-edge"),
            (INTERNET,),
            observations=SILENT_INTERNET,
        ),
        Row(
            "the NAT gateway answers directly",
            (
                *BEFORE_NAT,
                route_table("rtb-public", (route("0.0.0.0/0", "igw-1"),), ("subnet-public",)),
            ),
            (INTERNET,),
            observations=SILENT_INTERNET,
        ),
        Row("appliance mode is off", EAST_WEST, (FAR_HOST,), observations=SILENT_FAR),
    ],
    "central-endpoint-return-route": [
        Row("the hub has no way back", (*CENTRAL, far_table()), (FAR_HOST,)),
        Row("the gateway has no way back", (*CENTRAL, transit_table(BOTH_WAYS[1])), (FAR_HOST,)),
        Row("its group knows the hub only", (*CENTRAL, far_group("10.1.0.0/16")), (FAR_HOST,)),
    ],
}

SILENT = {
    "route-more-specific-swallow": [
        Row("the way is there", (*changed(), *PEERED), (FAR_HOST,)),
        Row("no default is kept from use", FIRES["peering-transitive"][0].resources, (INTERNET,)),
        Row("a block that is not the target's", (*changed(), *PEERED, SWALLOWING), (FAR_HOST,)),
        Row(
            "only its reply is lost, so the route is meant",
            (
                *HUB,
                transit_table(*HUB_ROUTES[1:]),
                near_table(route("198.51.100.0/24", "tgw-1")),
            ),
            (INTERNET,),
        ),
        Row(
            "what stops it is a filter at the source",
            (
                *changed(),
                *TRANSIT,
                near_table(route("198.51.100.0/24", "tgw-1")),
                transit_table(*HUB_ROUTES),
                *HUB[-6:],
                hub_table(route("0.0.0.0/0", "nat-hub")),
                security_group(egress=()),
            ),
            (INTERNET,),
        ),
    ],
    "tgw-egress-or-return-missing": [
        Row("the hub carries it", HUB, (INTERNET,)),
        Row("the other VPC answers", (*changed(), *TRANSIT), (FAR_HOST,)),
        FIRES["network-firewall-drop"][1],
        Row("a hub elsewhere, without a packet", HIDDEN_HUB, (INTERNET,)),
        Row(
            "a private address behind a VPN",
            (
                *HIDDEN_HUB,
                attachment("att-hub", None, resource_type="vpn"),
                near_table(route("172.16.0.0/12", "tgw-1")),
            ),
            (ON_PREMISES,),
            observations={("subnet-private", ON_PREMISES.id, "ipv4"): seen(Outcome.TIMEOUT)},
        ),
        Row(
            "a dead route to it that does not win",
            changed(near_table(route("172.16.0.0/12", "tgw-1", "blackhole"))),
            (INTERNET,),
        ),
        Row(
            "no route to the transit gateway is another fault",
            (*HUB, route_table(routes=())),
            (INTERNET,),
        ),
        Row("a central endpoint is another fault", (*CENTRAL, far_table()), (FAR_HOST,)),
    ],
    "tgw-attachment-missing-az": [Row("in the zone", (*changed(), *TRANSIT), (FAR_HOST,))],
    "peering-transitive": [
        Row("the peer's own address", (*changed(), *PEERED), (FAR_HOST,)),
        Row("no way back is another fault", (*changed(), *PEERED, far_table()), (FAR_HOST,)),
        Row(
            "a dead route to the peer's own block",
            changed(near_table(route("10.1.0.0/16", "pcx-1", "blackhole"))),
            (FAR_HOST,),
        ),
    ],
    "peering-return-route": [
        Row("a route back", (*changed(), *PEERED), (FAR_HOST,)),
        Row(
            "a group that does not admit is another fault",
            (*changed(), *PEERED, far_group("10.9.0.0/16")),
            (FAR_HOST,),
        ),
        Row(
            "a peer elsewhere whose tables cannot be read",
            (*changed(), peering(), near_table(route("10.1.0.0/16", "pcx-1"))),
            (FAR_HOST,),
            observations=SILENT_FAR,
        ),
        Row("over a transit gateway", (*changed(), *TRANSIT, far_table()), (FAR_HOST,)),
    ],
    "network-firewall-drop": [
        Row("everything is silent", INSPECTED, (INTERNET,), observations=SILENT_INTERNET),
        Row(
            "no firewall on the way",
            changed(),
            (INTERNET,),
            observations={
                ("subnet-private", INTERNET.id, "ipv4"): cut_in_handshake(Outcome.RESET)
            },
        ),
        Row(
            "the far end refuses the certificate",
            INSPECTED,
            (INTERNET,),
            observations={
                ("subnet-private", INTERNET.id, "ipv4"): cut_in_handshake(Outcome.TLS_FAILED)
            },
        ),
    ],
    "network-firewall-asymmetric": [
        Row("symmetric", INSPECTED, (INTERNET,), observations=SILENT_INTERNET),
        Row("symmetric before NAT", BEFORE_NAT, (INTERNET,), observations=SILENT_INTERNET),
        Row(
            "it works all the same: the appliance keeps no state",
            NO_EDGE,
            (INTERNET,),
            observations={("subnet-private", INTERNET.id, "ipv4"): seen(Outcome.REACHABLE)},
        ),
        Row(
            "appliance mode is on",
            (
                *EAST_WEST,
                attachment("att-fw", "vpc-3", "subnet-in-a", "subnet-in-b", appliance_mode=True),
            ),
            (FAR_HOST,),
            observations=SILENT_FAR,
        ),
        Row(
            "both ends in one zone",
            (*EAST_WEST, subnet("subnet-far", "10.1.1.0/24", None, vpc_id="vpc-2")),
            (FAR_HOST,),
            observations=SILENT_FAR,
        ),
    ],
    "central-endpoint-return-route": [
        Row("it answers", CENTRAL, (FAR_HOST,)),
        Row("no endpoint there", (*changed(), *TRANSIT, far_table()), (FAR_HOST,)),
        Row(
            "an endpoint of the own VPC is another fault",
            changed(
                endpoint("vpce-ssm", "ssm", network_interface_ids=("eni-ssm",)),
                interface("eni-ssm", "10.0.1.70", group_ids=("sg-endpoint",)),
                security_group("sg-endpoint", egress=()),
            ),
            (address_target("10.0.1.70"),),
        ),
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
def test_fault_is_the_only_root_cause(name: str, row: Row) -> None:
    """The situation that it is made for shows it, and no second one beside it."""
    assert _names(row, Role.ROOT_CAUSE) == {name}


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in SILENT.items() for row in rows],
    ids=[f"{name}: {row.situation}" for name, rows in SILENT.items() for row in rows],
)
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in _names(row)


def test_what_a_specific_route_runs_into_contributes() -> None:
    """Both are said: that it takes the address, and why it does not get on."""
    row = FIRES["route-more-specific-swallow"][0]

    assert _names(row, Role.CONTRIBUTING) == {"peering-transitive"}


@pytest.mark.parametrize(
    ("name", "number"), [("tgw-egress-or-return-missing", 8), ("network-firewall-drop", 0)]
)
def test_what_cannot_be_read_stays_unsure(name: str, number: int) -> None:
    """A guess about somebody else's hub or firewall is called one."""
    row = FIRES[name][number]
    account = snapshot(*row.resources)
    found = examine(case_of(account, row.targets, row.sources, row.observations))

    assert {item.name: item.confidence for item in found} == {name: Confidence.LOW}
