"""Paths as links: what passes, what stops, and what no packet comes to."""

from __future__ import annotations

from netprobe.model.addresses import Family
from netprobe.model.report import Path, Report
from netprobe.render.chains import Chain, chains_of, kind_of
from tests.recorded import report_of_scenario


def path_of(report: Report, family: Family, number: int = 0) -> Path:
    return [path for path in report.paths if path.key.family is family][number]


def told(chain: Chain) -> list[tuple[str, str, str]]:
    """Return the links without ids, which differ from one recording to the next."""
    return [(link.kind, str(link.state), link.says.partition("->")[0]) for link in chain.links]


def test_request_and_reply_stop_where_the_acl_has_no_entry() -> None:
    """Both halves are told; what lies behind the first stop and stops too is told as well."""
    report = report_of_scenario("S12")
    request, reply = chains_of(report, path_of(report, Family.IPV6))

    assert (request.title, request.stops, reply.title, reply.stops) == (
        "request",
        True,
        "reply",
        True,
    )
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


def test_kinds_are_written_as_people_write_them() -> None:
    assert [kind_of(kind) for kind in ("nat-gateway", "websocket-api", "network-acl")] == [
        "NAT gateway",
        "WebSocket API",
        "network ACL",
    ]
