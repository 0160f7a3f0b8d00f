"""Rules that almost admit a packet."""

from __future__ import annotations

import pytest

from netprobe.analysis.matching import Packet
from netprobe.analysis.near_misses import (
    MOST,
    candidate,
    find_near_misses,
    write_near_misses,
)
from netprobe.model.flow import TCP, UDP
from netprobe.model.ports import PortSet
from netprobe.model.resources import SecurityGroupRule
from tests.builders import address, network, rule

HTTPS = Packet(protocol=TCP, ports=PortSet.of(443))
REMOTE = address("198.51.100.10")


def near_misses(
    *rules: SecurityGroupRule, cidrs: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    candidates = []
    for item in rules:
        covered = (item.cidr,) if item.cidr else ()
        listed = covered if cidrs is None else tuple(network(text) for text in cidrs)
        candidates.append(candidate(item, "it", listed, (4, TCP, None)))
    found = find_near_misses(candidates, int(REMOTE), 443, 443, frozenset({"sg-1"}))
    return write_near_misses(found, HTTPS, REMOTE)


NEAR_MISSES = {
    "none": (rule(port="443"), ("it, an entry before it denies",)),
    "family": (rule("::/0", "443"), ("it, the flow is IPv4",)),
    "address": (rule("10.0.0.0/8", "443"), ("it, 198.51.100.10 is outside",)),
    "protocol": (rule(protocol=UDP), ("it, the flow is tcp 443",)),
    "port": (rule(port="80"), ("it, the flow needs tcp 443",)),
    "family and port": (rule("::/0", "80"), ()),
    "another group": (rule("sg-9", "443"), ("it, 198.51.100.10 is not in that group",)),
    "the group at another port": (rule("sg-1", "80"), ("it, the flow needs tcp 443",)),
}


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_the_one_thing_that_keeps_a_rule_from_admitting_is(name: str) -> None:
    item, expected = NEAR_MISSES[name]
    assert near_misses(item) == expected


LISTED = {
    "a list without the address": (
        ("10.0.0.0/8",),
        "443",
        ("it, 198.51.100.10 is not in that list",),
    ),
    "a list of the other family": (("::/0",), "443", ("it, 198.51.100.10 is not in that list",)),
    "a list with it at another port": (
        ("198.51.100.0/24",),
        "80",
        ("it, the flow needs tcp 443",),
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_a_prefix_list_misses_by_its_entries(name: str) -> None:
    cidrs, port, expected = LISTED[name]
    assert near_misses(rule("pl-1", port), cidrs=cidrs) == expected


def test_no_more_are_named_than_a_person_reads() -> None:
    assert len(near_misses(*[rule("10.0.0.0/8", "443")] * (MOST + 5))) == MOST
