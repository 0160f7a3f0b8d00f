"""A hub with a way out, readable and in another account."""

from __future__ import annotations

from typing import Any

from netprobe.model.interconnect import TransitGateway
from netprobe.model.observation import Observation, Outcome, Stage, StageName
from tests.builders import (
    internet_gateway,
    nat_gateway,
    network_acl,
    route,
    route_table,
    subnet,
)
from tests.interconnect import (
    BOTH_WAYS,
    NEAR_ATTACHMENT,
    TRANSIT,
    attachment,
    transit_route,
    transit_table,
)
from tests.unit.diagnosis.cases import address_target, changed

INTERNET = address_target("198.51.100.10")


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
