"""Whole accounts and the flows to ask about, as a hypothesis strategy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.judge.building import Answers
from tests.judge.dice import Dice
from tests.judge.drawing_edges import draw_edge_table, draw_public_access
from tests.judge.drawing_filters import draw_acls, draw_groups, fill_groups
from tests.judge.drawing_flows import Question, draw_flows
from tests.judge.drawing_gateways import draw_gateways
from tests.judge.drawing_interconnect import draw_interconnect
from tests.judge.drawing_interfaces import draw_appliances, draw_interfaces
from tests.judge.drawing_routes import draw_tables
from tests.judge.drawing_vpcs import draw_vpcs
from tests.judge.estate import Estate
from tests.judge.mutations import mutate

_VPCS = ((3, 1), (3, 2), (3, 3))
"""How many VPCs an account has, each as often as its weight says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One drawn account, and what is asked about it."""

    answers: Answers
    questions: tuple[Question, ...]


@st.composite
def worlds(draw: Callable[[st.SearchStrategy[Any]], Any], flows: int) -> World:
    """Draw an account that mostly works, break a little of it, and draw flows."""
    dice = Dice(draw)
    estate = Estate(dice)
    draw_vpcs(estate, dice.weighted(_VPCS))
    for vpc in estate.vpcs:
        draw_groups(estate, vpc)
        draw_gateways(estate, vpc)
        draw_interfaces(estate, vpc)
        draw_appliances(estate, vpc)
    draw_interconnect(estate)
    for vpc in estate.vpcs:
        fill_groups(estate, vpc)
        draw_acls(estate, vpc)
        draw_tables(estate, vpc)
        draw_edge_table(estate, vpc)
    draw_public_access(estate)
    mutate(estate)
    return World(answers=estate.answers(), questions=draw_flows(estate, flows))
