"""What a private hosted zone answers: its own records, wildcards, and that it has none."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.hosted_zones import ZoneAnswer, look_up
from tests.builders import address
from tests.name_builders import record, zone

ZONE = zone(
    "corp.example",
    record("corp.example", "A", "10.0.2.1"),
    record("db.corp.example", "A", "10.0.2.9", "10.0.2.10"),
    record("db.corp.example", "AAAA", "2001:db8:1:2::9"),
    record("www.corp.example", "CNAME", "Shop.Example.com."),
    record("api.corp.example", alias="vpce-1.execute-api.us-east-1.vpce.amazonaws.com"),
    record("*.corp.example", "A", "10.0.2.50"),
    record("\\052.dev.corp.example", "CNAME", "db.corp.example"),
    record("deep.below.corp.example", "TXT", "hello"),
    record("many.corp.example", "A", "10.0.2.11", decided=False),
    record("many.corp.example", "A", "10.0.2.12", decided=False),
    record("odd.corp.example", "A", "no address"),
    record("corp.example", "NS", "ns-0.awsdns-00.com"),
    record("away.corp.example", "NS", "ns.elsewhere.example"),
)


def answer(host: str, kind: str = "A") -> tuple[Any, ...]:
    found = look_up(ZONE, host, kind)
    return tuple(map(str, found.addresses)), found.leads_to, found.alias, found.nxdomain


# host, type: addresses, name it leads to, as an alias, no such name
ANSWERS: dict[tuple[str, str], tuple[Any, ...]] = {
    ("corp.example", "A"): (("10.0.2.1",), None, False, False),
    ("db.corp.example", "A"): (("10.0.2.9", "10.0.2.10"), None, False, False),
    ("db.corp.example", "AAAA"): (("2001:db8:1:2::9",), None, False, False),
    ("corp.example", "AAAA"): ((), None, False, False),
    ("www.corp.example", "A"): ((), "shop.example.com", False, False),
    ("www.corp.example", "AAAA"): ((), "shop.example.com", False, False),
    ("api.corp.example", "A"): (
        (),
        "vpce-1.execute-api.us-east-1.vpce.amazonaws.com",
        True,
        False,
    ),
    # An alias is of one type.
    ("api.corp.example", "AAAA"): ((), None, False, False),
    # The wildcard stands for names of any number of labels that do not exist ...
    ("new.corp.example", "A"): (("10.0.2.50",), None, False, False),
    ("very.new.corp.example", "A"): (("10.0.2.50",), None, False, False),
    ("new.corp.example", "AAAA"): ((), None, False, False),
    # ... not below a name that does, nor for a name between two that do (RFC 4592).
    ("a.db.corp.example", "A"): ((), None, False, True),
    ("below.corp.example", "A"): ((), None, False, False),
    ("other.below.corp.example", "A"): ((), None, False, True),
    ("x.dev.corp.example", "A"): ((), "db.corp.example", False, False),
    ("odd.corp.example", "A"): ((), None, False, False),
}


@pytest.mark.parametrize("asked", ANSWERS, ids=" ".join)
def test_a_zone_answers(asked: tuple[str, str]) -> None:
    assert answer(*asked) == ANSWERS[asked]


def test_a_zone_without_a_wildcard_has_no_other_names() -> None:
    small = zone("corp.example", record("db.corp.example", "A", "10.0.2.9"))
    assert look_up(small, "www.corp.example", "A") == ZoneAnswer(nxdomain=True)
    assert look_up(small, "corp.example", "A") == ZoneAnswer()


def test_a_routing_policy_leaves_open_which_record_answers() -> None:
    found = look_up(ZONE, "many.corp.example", "A")
    assert found.addresses == (address("10.0.2.11"), address("10.0.2.12"))
    assert found.doubt == "a routing policy chooses among the A records of many.corp.example"


@pytest.mark.parametrize("host", ["away.corp.example", "www.away.corp.example"])
def test_a_delegated_name_is_answered_elsewhere(host: str) -> None:
    assert look_up(ZONE, host, "A").doubt == "Z1 delegates away.corp.example elsewhere"


def test_the_record_that_answers_is_named() -> None:
    assert look_up(ZONE, "corp.example", "A").record == "corp.example A 10.0.2.1"
    assert look_up(ZONE, "www.corp.example", "A").record == (
        "www.corp.example CNAME Shop.Example.com."
    )
    assert look_up(ZONE, "api.corp.example", "A").record.startswith(
        "api.corp.example A alias vpce"
    )
