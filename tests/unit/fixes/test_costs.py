"""What changes add to the bill, from one dated table."""

from __future__ import annotations

from netprobe.fixes.costs import cost_per_gb, standing_cost
from netprobe.model import changes as ch
from tests.unit.fixes.every_change import EVERY_CHANGE, NAT

NEW_NAT = [item for item in EVERY_CHANGE if isinstance(item, ch.CreateNatGateway)]
TO_NAT = [i for i in EVERY_CHANGE if isinstance(i, ch.SetRoute) and i.target is NAT]
FREE = [
    item
    for item in EVERY_CHANGE
    if not isinstance(item, ch.CreateNatGateway | ch.CreateInterfaceEndpoint)
]


def test_nat_gateway_costs_730_hours_and_its_address() -> None:
    assert standing_cost(NEW_NAT, "us-east-1") == 36.5


def test_interface_endpoint_costs_by_zone() -> None:
    two = ch.CreateInterfaceEndpoint(
        vpc_endpoint_id="new-x",
        vpc_id="vpc-1",
        service_name="x",
        subnet_ids=("a", "b"),
        group_ids=(),
    )
    assert standing_cost([two], "us-east-1") == 14.6
    assert cost_per_gb([two], "us-east-1") == 0.01


def test_everything_else_stands_for_nothing() -> None:
    assert standing_cost(FREE, "us-east-1") == 0


def test_traffic_through_a_gateway_that_is_there_costs_by_the_gb() -> None:
    assert standing_cost(TO_NAT, "us-east-1") == 0
    assert cost_per_gb(TO_NAT, "us-east-1") == 0.045


def test_prices_of_other_regions_are_unknown_and_nothing_stays_nothing() -> None:
    assert standing_cost(NEW_NAT, "eu-west-1") is None
    assert cost_per_gb(TO_NAT, "eu-west-1") is None
    assert standing_cost(FREE, "eu-west-1") == 0
