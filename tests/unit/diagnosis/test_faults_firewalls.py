"""Faults of firewalls on the way, and their look-alikes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.model.finding import Confidence, Role
from netprobe.model.observation import Outcome
from tests.builders import (
    endpoint,
    network_acl,
    route,
    route_table,
    snapshot,
    subnet,
    vpc,
)
from tests.interconnect import FAR, TRANSIT, attachment, transit_route, transit_table
from tests.unit.diagnosis.cases import Row, address_target, case_of, changed, names_of, seen
from tests.unit.diagnosis.hubs import HIDDEN_HUB, INTERNET, cut_in_handshake

FAR_HOST, OTHER_HOST = address_target(FAR), address_target("198.51.100.200")
SILENT_FAR = {("subnet-private", FAR_HOST.id, "ipv4"): seen(Outcome.TIMEOUT)}
SILENT_INTERNET = {("subnet-private", INTERNET.id, "ipv4"): seen(Outcome.TIMEOUT)}
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


FIRES = {
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
}

SILENT = {
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


def test_what_cannot_be_read_stays_unsure() -> None:
    """A guess about somebody else's hub or firewall is called one."""
    row = FIRES["network-firewall-drop"][0]
    account = snapshot(*row.resources)
    found = examine(case_of(account, row.targets, row.sources, row.observations))

    assert {item.name: item.confidence for item in found} == {
        "network-firewall-drop": Confidence.LOW
    }
