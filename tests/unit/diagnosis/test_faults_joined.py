"""Faults of what joins VPCs, and their look-alikes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.model.finding import Confidence, Role
from netprobe.model.observation import Outcome
from tests.builders import (
    endpoint,
    interface,
    route,
    route_table,
    security_group,
    snapshot,
    subnet,
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
from tests.unit.diagnosis.hubs import (
    HIDDEN_HUB,
    HUB,
    HUB_ROUTES,
    INTERNET,
    PUBLIC_WITHOUT_BACK,
    cut_in_handshake,
    hub_table,
)

FAR_HOST = address_target(FAR)
ON_PREMISES = address_target("172.16.5.9")
SILENT_FAR = {("subnet-private", FAR_HOST.id, "ipv4"): seen(Outcome.TIMEOUT)}
SILENT_INTERNET = {("subnet-private", INTERNET.id, "ipv4"): seen(Outcome.TIMEOUT)}


SWALLOWING = near_table(route("198.51.100.0/24", "pcx-1"))

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
            "the hub leads back to where it came from",
            (*HUB, transit_table(*BOTH_WAYS, transit_route("0.0.0.0/0", "att-near"))),
            (INTERNET,),
        ),
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
        Row(
            "the request to a central endpoint is lost",
            (*CENTRAL, transit_table(BOTH_WAYS[0])),
            (FAR_HOST,),
        ),
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
        Row(
            "a firewall elsewhere cuts the handshake",
            HIDDEN_HUB,
            (INTERNET,),
            observations={
                ("subnet-private", INTERNET.id, "ipv4"): cut_in_handshake(Outcome.TIMEOUT)
            },
        ),
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
        Row("a central endpoint's reply is another fault", (*CENTRAL, far_table()), (FAR_HOST,)),
    ],
    "route-table-main-implicit": [
        Row(
            "the main table leads to a hub, which loses it",
            (
                *HUB,
                hub_table(),
                route_table(routes=(route("0.0.0.0/0", "tgw-1"),), subnets=(), main=True),
                route_table("rtb-main", (route("0.0.0.0/0", "nat-1"),), ("subnet-other",)),
            ),
            (INTERNET,),
        ),
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


def test_what_cannot_be_read_stays_unsure() -> None:
    """A guess about somebody else's hub or firewall is called one."""
    row = FIRES["tgw-egress-or-return-missing"][10]
    account = snapshot(*row.resources)
    found = examine(case_of(account, row.targets, row.sources, row.observations))

    assert {item.name: item.confidence for item in found} == {
        "tgw-egress-or-return-missing": Confidence.LOW
    }


def test_circle_is_cut_in_the_table_that_leads_back() -> None:
    """The hub's own, or the transit gateway's where the packets come straight back."""
    of_gateway = (
        *HUB,
        replace(NEAR_ATTACHMENT, subnet_ids=("subnet-private",)),
        transit_table(*BOTH_WAYS, transit_route("0.0.0.0/0", "att-near")),
    )
    of_hub = (*HUB, hub_table(route("0.0.0.0/0", "tgw-1")))
    advice = [
        next(
            item.advice
            for item in examine(case_of(snapshot(*resources), (INTERNET,)))
            if item.name == "tgw-egress-or-return-missing"
        )
        for resources in (of_gateway, of_hub)
    ]

    assert advice[0].startswith("lead the destination on in the transit gateway's table")
    assert advice[1] == "lead the destination to a way out in rtb-far-tgw, not back to the hub"
