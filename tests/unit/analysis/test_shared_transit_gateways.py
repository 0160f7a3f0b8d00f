"""What a transit gateway does that another account shares: out of view, unless it is read too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.model.interconnect import TransitGateway
from netprobe.model.trace import Component, Disposition, Reason
from tests.builders import flow
from tests.interconnect import FAR, NEAR_ATTACHMENT, TRANSIT
from tests.unit.analysis.situations import trace

SHARED = TransitGateway(transit_gateway_id="tgw-1", owner_id="222222222222")
"""A hub account's; the VPC is of 111111111111."""
LEFT: dict[str, tuple[Any, ...]] = {
    "through the tables of the account that shares it": (
        SHARED,
        replace(NEAR_ATTACHMENT, route_table_id="tgw-rtb-9", resource_owner_id="111111111111"),
    ),
    "through tables of which not even the association is shown": (
        SHARED,
        replace(NEAR_ATTACHMENT, route_table_id=None, resource_owner_id="111111111111"),
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_the_tables_of_others_do_is_out_of_view(name: str) -> None:
    answer = trace((*TRANSIT, *LEFT[name]), flow(FAR))
    assert (answer.disposition, answer.blockers) == (Disposition.LEFT_VIEW, ())
    assert answer.request.hops[-1].component is Component.TRANSIT_GATEWAY_ATTACHMENT


def test_table_that_can_be_read_counts_whoever_shares_the_gateway() -> None:
    """A snapshot may hold what the hub's account reads too."""
    items = (*TRANSIT, SHARED, replace(NEAR_ATTACHMENT, resource_owner_id="111111111111"))
    assert trace(items, flow(FAR)).disposition is Disposition.DELIVERED


def test_ones_own_gateway_without_an_association_blocks() -> None:
    own = replace(SHARED, owner_id="111111111111")
    mine = replace(NEAR_ATTACHMENT, route_table_id=None, resource_owner_id="111111111111")
    (blocker,) = trace((*TRANSIT, own, mine), flow(FAR)).blockers[:1]
    assert blocker.reason is Reason.NOT_ASSOCIATED
