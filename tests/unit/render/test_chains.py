"""Paths as links: what passes, what stops, and what no packet comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.model.addresses import Family
from netprobe.model.report import Path, Report
from netprobe.model.trace import Disposition, HalfTrace
from netprobe.render.chains import Chain, State, chains_of, kind_of
from netprobe.render.topology import pictures_of
from tests.recorded import report_of_scenario
from tests.reports import report_of_step


def path_of(report: Report, family: Family, number: int = 0) -> Path:
    return [path for path in report.paths if path.key.family is family][number]


def told(chain: Chain) -> list[tuple[str, str, str]]:
    """Return the links without ids, which differ from one recording to the next."""
    return [(link.kind, str(link.state), link.says.partition("->")[0]) for link in chain.links]


def test_request_and_reply_stop_where_the_acl_has_no_entry() -> None:
    """Both halves are told; what lies behind the first stop and stops too is told as well."""
    report = report_of_scenario("S12")
    request, reply = chains_of(report, path_of(report, Family.IPV6))

    assert [(c.title, c.fate) for c in (request, reply)] == [
        ("request", "stops"),
        ("reply", "stops"),
    ]
    assert told(request) == [
        ("function", "passes", ""),
        ("security group", "passes", "allows all traffic to ::/0"),
        ("network ACL", "stops", "no entry allows"),
        ("route table", "stops", "no route"),
        ("target", "behind", ""),
    ]
    assert told(reply) == [
        ("target", "passes", ""),
        ("network ACL", "stops", "no entry allows"),
        ("function", "behind", ""),
    ]


def test_a_way_that_works_leads_from_the_function_to_the_target() -> None:
    """And back; a gateway met in two subnets is met twice."""
    report = report_of_scenario("S12")
    request, reply = chains_of(report, path_of(report, Family.IPV4))

    assert {link.state for chain in (request, reply) for link in chain.links} == {"passes"}
    assert [request.links[0].kind, request.links[-1].kind] == ["function", "target"]
    assert [reply.links[0].kind, reply.links[-1].kind] == ["target", "function"]
    assert [link.kind for link in request.links].count("network ACL") == 3


def test_a_name_that_has_no_address_is_a_way_of_its_own() -> None:
    """There is no packet yet."""
    report = report_of_scenario("S13")
    name, *_ = chains_of(report, path_of(report, Family.IPV6))

    assert (name.title, told(name)) == ("name", [("resolver", "stops", "no address record")])


def test_a_way_behind_a_name_without_address_is_open_all_the_same() -> None:
    """The story, one change away: all that is missing is the API's AAAA record."""
    report = report_of_step(3)
    name, request, reply = chains_of(report, path_of(report, Family.IPV6))

    assert [(chain.title, chain.fate) for chain in (name, request, reply)] == [
        ("name", "stops"),
        ("request", "would pass if it had an address"),
        ("reply", "passes"),
    ]
    assert {link.state for link in request.links} == {State.PASSES}


@pytest.mark.parametrize(
    ("disposition", "fate"),
    [
        (Disposition.UNKNOWN, "cannot be told"),
        (Disposition.LEFT_VIEW, "goes on where the account cannot see"),
    ],
)
def test_an_end_that_cannot_be_seen_is_not_said_to_be_reached(
    disposition: Disposition, fate: str
) -> None:
    """Neither in words nor by a wire of the picture."""
    report = report_of_scenario("S12")
    path = path_of(report, Family.IPV4)
    assert path.trace is not None
    halves = {
        half: HalfTrace(disposition=disposition, hops=walked.hops)
        for half, walked in (("request", path.trace.request), ("reply", path.trace.reply))
    }
    unsure = replace(path, trace=replace(path.trace, **halves))
    whole = replace(report, paths=(unsure,))

    for chain in chains_of(whole, unsure):
        assert (chain.fate, chain.links[-1].state) == (fate, State.UNSEEN)
        assert {link.state for link in chain.links[:-1]} == {State.PASSES}
    [drawn], [sure] = pictures_of(whole), pictures_of(replace(report, paths=(path,)))
    assert len(drawn.across.wires) == len(sure.across.wires) - 1


def test_kinds_are_written_as_people_write_them() -> None:
    assert [kind_of(kind) for kind in ("nat-gateway", "websocket-api", "network-acl")] == [
        "NAT gateway",
        "WebSocket API",
        "network ACL",
    ]
