"""What each common client makes of families that work and families that do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.diagnosis.habits import habits
from netprobe.model.addresses import Family
from netprobe.model.observation import Observation, Outcome, Stage, StageName
from netprobe.model.report import ClientOutcome, TargetKind
from tests.builders import snapshot, source
from tests.unit.diagnosis.cases import case_of, changed, seen, target_of

KEY = ("subnet-private", "api:abc123")
FINE = seen(Outcome.HTTP_ERROR, status=403)
CLOSED = seen(Outcome.REFUSED)
NONE = seen(Outcome.DNS_NODATA)


def dead(*addresses: str) -> Observation:
    resolved = Stage(
        stage=StageName.RESOLVE, outcome=Outcome.REACHABLE, milliseconds=1,
        detail={"addresses": list(addresses)},
    )  # fmt: skip
    stuck = Stage(stage=StageName.CONNECT, outcome=Outcome.TIMEOUT, milliseconds=5)
    return Observation(outcome=Outcome.TIMEOUT, stages=(resolved, stuck))


def ends(ipv4: Observation, ipv6: Observation) -> dict[str, tuple[str, float]]:
    case = case_of(
        snapshot(*changed()),
        sources=(source(),),
        observations={(*KEY, "ipv4"): ipv4, (*KEY, "ipv6"): ipv6},
    )
    return {item.client: (str(item.outcome), item.seconds) for item in habits(case)}


def test_dead_ipv6_costs_a_minute_an_address_in_boto3_and_nothing_in_curl() -> None:
    """Those that race lose a moment, those that wait lose a minute each, and some lose all."""
    found = ends(FINE, dead("3fff:a::10", "3fff:a::11"))

    assert found["boto3"] == ("slow", 120)
    assert found["requests"] == ("slow", 254)
    assert found["curl"] == ("slow", 0.2)
    assert found["aiohttp"] == ("slow", 0.25)
    assert found["node18"] == ("dead", 0)
    assert found["java"] == ("works", 0)
    assert found["ipv4-only"] == ("works", 0)
    assert found["ipv6-only"] == ("dead", 0)


def test_dead_ipv4_is_felt_by_those_that_try_it_first() -> None:
    """With IPv6 at work, only clients that prefer or know IPv4 alone notice."""
    found = ends(dead("198.51.100.10"), FINE)

    assert found["boto3"] == ("works", 0)
    assert found["java"] == ("dead", 0)
    assert found["ipv4-only"] == ("dead", 0)


def test_a_refusal_costs_no_time() -> None:
    """The next address is tried at once, by clients that try one."""
    found = ends(FINE, CLOSED)

    assert found["boto3"] == ("works", 0)
    assert found["node18"] == ("dead", 0)


@pytest.mark.parametrize(("ipv4", "ipv6"), [(FINE, FINE), (dead("192.0.2.1"), dead("3fff::1"))])
def test_nothing_is_said_where_all_clients_fare_alike(
    ipv4: Observation, ipv6: Observation
) -> None:
    """Everything works, or nothing does."""
    assert ends(ipv4, ipv6) == {}


def test_an_absent_family_is_not_tried() -> None:
    """No record, no attempt."""
    case = case_of(
        snapshot(*changed()),
        sources=(source(),),
        observations={(*KEY, "ipv4"): FINE, (*KEY, "ipv6"): NONE},
    )

    tried = {item.client: item.tries for item in habits(case)}
    assert tried["boto3"] == (Family.IPV4,)
    assert tried["ipv6-only"] == ()
    assert {i.client for i in habits(case) if i.outcome is ClientOutcome.DEAD} == {"ipv6-only"}


def test_nothing_is_said_of_what_these_clients_do_not_speak() -> None:
    """No HTTP client asks a clock for the time."""
    clock = target_of(kind=TargetKind.NTP, port=123, path=None)
    case = case_of(
        snapshot(*changed()),
        (clock,),
        sources=(source(),),
        observations={(*KEY, "ipv4"): FINE, (*KEY, "ipv6"): NONE},
    )

    assert list(habits(case)) == []
    spoken = replace(case, targets=(target_of(),))
    assert list(habits(spoken)) != []
