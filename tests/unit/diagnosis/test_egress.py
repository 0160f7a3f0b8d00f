"""Whose address the far end saw."""

from __future__ import annotations

import pytest

from netprobe.diagnosis.egress import egress_identities
from netprobe.model.addresses import Family
from netprobe.model.finding import PathKey
from netprobe.model.observation import Observation, Outcome, Stage, StageName
from netprobe.model.report import Path, PathVerdict, Witnesses
from tests.builders import address, nat_gateway, snapshot, working_vpc

ACCOUNT = snapshot(*working_vpc(), nat_gateway(public_addresses=(address("203.0.113.10"),)))


def path(seen_as: str | None, source_address: str = "10.0.1.5") -> Path:
    detail = {"seen_as": seen_as} if seen_as else {}
    stage = Stage(
        stage=StageName.REQUEST, outcome=Outcome.REACHABLE, milliseconds=1, detail=detail
    )
    return Path(
        key=PathKey(source="fn", target="t", family=Family.IPV4),
        verdict=PathVerdict.WORKS,
        witnesses=Witnesses.AGREE,
        observation=Observation(
            outcome=Outcome.REACHABLE, source_address=source_address, stages=(stage,)
        ),
    )


@pytest.mark.parametrize(
    ("seen_as", "words"),
    [
        ("203.0.113.10", "saw 203.0.113.10, the address of nat-1"),
        ("2001:db8::5", "saw 2001:db8::5, its own address"),
        ("198.51.100.77", "which is no address of this configuration"),
    ],
)
def test_the_address_is_named_with_its_owner(seen_as: str, words: str) -> None:
    """A NAT gateway's, the sandbox's own, or nobody's here."""
    (sentence,) = egress_identities(ACCOUNT, [path(seen_as, "2001:db8::5")])

    assert words in sentence


def test_nothing_is_said_where_no_far_end_told() -> None:
    """And a sentence stands once, however many targets told it."""
    assert egress_identities(ACCOUNT, [path(None)]) == ()
    assert len(egress_identities(ACCOUNT, [path("203.0.113.10"), path("203.0.113.10")])) == 1
