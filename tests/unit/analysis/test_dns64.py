"""DNS64 makes AAAA records in subnets that have it, and only where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.dns64 import embed, is_on, might_synthesise, synthesise
from netprobe.analysis.name_resolution import resolve
from netprobe.model.addresses import Address
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Resolution
from tests.builders import (
    API_HOST,
    PUBLIC_IPV4,
    address,
    api,
    gap,
    route,
    route_table,
    snapshot,
    source,
    subnet,
    vpc,
)
from tests.name_builders import V4, V6, firewall_rule, record, resolver_rule, zone

ON = subnet(enable_dns64=True)
DB = zone("corp.example", record("db.corp.example", "A", "10.0.2.9", "10.0.2.10"))
MADE = "64:ff9b::a00:209"


def shot(*items: Any, **fields: Any) -> Snapshot:
    return snapshot(vpc(), ON, *items, **fields)


def made(here: Snapshot, name: str, *observed: str) -> tuple[Resolution, Address] | None:
    seen = tuple(map(address, observed))
    return synthesise(here, source(), resolve(here, "vpc-1", name, V6, seen), seen)


def test_an_ipv4_address_is_the_end_of_the_one_that_is_made() -> None:
    assert embed(address("10.0.2.9")) == address(MADE)
    assert embed(address(PUBLIC_IPV4)) == address("64:ff9b::c633:640a")


def test_every_a_record_makes_one() -> None:
    found = made(shot(hosted_zones=(DB,)), "db.corp.example")
    assert found is not None
    answer, destination = found
    assert answer.addresses == (address(MADE), address("64:ff9b::a00:20a"))
    assert (answer.exists, answer.origin, answer.assumed) == (True, "dns64", False)
    assert destination == address(MADE)


def test_an_a_record_of_unknown_address_is_stood_in_for() -> None:
    found = made(shot(api()), API_HOST)
    assert found is not None
    assert (found[0].exists, found[0].assumed, found[0].addresses) == (True, True, ())
    assert found[1] == address("64:ff9b::c000:201")


def test_what_the_probe_saw_is_taken_if_it_was_made() -> None:
    found = made(shot(api()), API_HOST, "64:ff9b::c633:640a")
    assert found is not None
    assert found[0].addresses == (found[1],) == (address("64:ff9b::c633:640a"),)
    assert (found[0].assumed, found[0].is_certain) == (False, True)


def test_what_keeps_the_a_record_open_keeps_the_made_one_open() -> None:
    forwards = firewall_rule(1, "BLOCK", unread=True, query_type="A")
    here = shot(hosted_zones=(DB,), firewall_rules=(forwards,))
    found = made(here, "db.corp.example")
    assert found is not None
    assert (found[0].exists, bool(found[0].undecided)) == (None, True)


def test_what_is_missing_by_all_that_was_read_is_made_and_stays_open() -> None:
    missing = gap("route53:ListHostedZonesByVPC")
    found = made(shot(api(), missing), API_HOST)
    assert found is not None
    assert (found[0].exists, found[0].expected, found[0].lacks_record) == (None, True, False)
    assert found[0].unread == (missing.call,)
    assert found[1] == address("64:ff9b::c000:201")


AAAA = zone("corp.example", record("db.corp.example", "AAAA", "2001:db8:1:2::9"))
TEXT = zone("corp.example", record("db.corp.example", "TXT", "hello"))
NOT_MADE: dict[str, tuple[Snapshot, str]] = {
    "the subnet does not have it": (
        snapshot(vpc(), subnet(), hosted_zones=(DB,)),
        "db.corp.example",
    ),
    "there is an AAAA record": (shot(hosted_zones=(AAAA,)), "db.corp.example"),
    "there is no A record either": (shot(hosted_zones=(TEXT,)), "db.corp.example"),
    "there is no such name": (shot(hosted_zones=(DB,)), "www.corp.example"),
    "the name is an IPv4 address": (shot(), PUBLIC_IPV4),
    "nothing answers": (snapshot(vpc(enable_dns_support=False), ON), "www.example.com"),
    "nobody knows whether there is an AAAA record": (shot(), "www.example.com"),
    "DNS Firewall has the last word": (
        shot(hosted_zones=(DB,), firewall_rules=(firewall_rule(1, "BLOCK", "*"),)),
        "db.corp.example",
    ),
}


@pytest.mark.parametrize("name", NOT_MADE)
def test_none_is_made_where(name: str) -> None:
    here, host = NOT_MADE[name]
    assert made(here, host) is None


def test_none_is_made_for_the_ipv4_answer() -> None:
    here = shot(hosted_zones=(AAAA,))
    assert synthesise(here, source(), resolve(here, "vpc-1", "db.corp.example", V4), ()) is None


def test_none_is_made_where_the_probe_saw_that_there_is_none() -> None:
    here = shot(api(), gap("route53:ListHostedZonesByVPC"))
    answer = resolve(here, "vpc-1", API_HOST, V6, answered=True)
    assert synthesise(here, source(), answer, ()) is None


def test_the_option_is_the_subnets_own() -> None:
    assert is_on(shot(), source())
    assert not is_on(snapshot(vpc(), subnet()), source())
    assert not is_on(snapshot(vpc()), source())


EVERYWHERE = route_table(routes=(route("::/0", "nat-1"),))
APART = route_table(routes=(route("::/0", "eigw-1"), route("64:ff9b::/96", "nat-1")))
MIGHT: dict[str, tuple[Snapshot, str, bool]] = {
    "routes that part them": (shot(APART), "www.example.com", True),
    "one route for both": (shot(EVERYWHERE), "www.example.com", False),
    "no table": (shot(), "www.example.com", True),
    "an answer that is known": (shot(APART, hosted_zones=(AAAA,)), "db.corp.example", False),
    "a subnet without it": (snapshot(vpc(), subnet(), APART), "www.example.com", False),
}


@pytest.mark.parametrize("name", MIGHT)
def test_an_unknown_answer_may_be_a_made_one(name: str) -> None:
    here, host, expected = MIGHT[name]
    assert might_synthesise(here, source(), resolve(here, "vpc-1", host, V6)) is expected


def test_ipv4_answers_are_never_made() -> None:
    here = shot(APART)
    assert not might_synthesise(here, source(), resolve(here, "vpc-1", "www.example.com", V4))


def test_a_forwarded_name_stays_open() -> None:
    here = shot(resolver_rules=(resolver_rule(""),))
    assert made(here, "www.example.com") is None
