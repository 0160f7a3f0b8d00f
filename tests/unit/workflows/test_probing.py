"""What goes over the wire to the probes, and what is made of what comes back."""

from __future__ import annotations

from dataclasses import replace

from netprobe.model.addresses import Family
from netprobe.model.observation import Constancy, Outcome, StageName
from netprobe.model.report import Target, TargetKind
from netprobe.workflows.probing import AMAZON_RESOLVERS, ask, read_run, seconds_needed
from probe_lambda.wire import (
    Attempt,
    FamilyResult,
    NameAnswer,
    NameResult,
    ProbeRequest,
    ProbeResult,
    Stage,
)

BOTH = (Family.IPV4, Family.IPV6)
PAGE = Target(id="page", given="page", host="a.example", port=443, kind=TargetKind.HTTPS, path="/")
CLOCK = Target(
    id="clock", given="clock", host="192.0.2.123", port=123, kind=TargetKind.NTP, tls=False,
    payload="23" + "00" * 47,
)  # fmt: skip


def asked(*targets: Target, attempts: int = 1, path_mtu: bool = False) -> ProbeRequest:
    return ask(targets, BOTH, timeout_seconds=2.0, attempts=attempts, path_mtu=path_mtu)


def result(*results: FamilyResult, **fields: object) -> ProbeResult:
    return ProbeResult(
        results=results,
        local_addresses={},
        started_at="2026-11-24T12:00:00Z",
        finished_at="2026-11-24T12:00:01Z",
        **({"resolvers": ()} | fields),  # type: ignore[arg-type] # fields of several types
    )


def family_result(outcome: str, **fields: object) -> FamilyResult:
    stage = Stage(stage="connect", outcome=outcome, milliseconds=3.0)  # type: ignore[arg-type] # a word of the wire
    defaults = {"target": "page", "family": "ipv4", "address": "192.0.2.1"}
    return FamilyResult(
        **(defaults | {"outcome": outcome, "source_address": None, "stages": (stage,)} | fields)  # type: ignore[arg-type] # as above
    )


def test_probes_are_asked_for_names_as_the_sandbox_and_as_amazon_see_them() -> None:
    """So that a custom resolver in the way is noticed."""
    request = asked(PAGE)

    assert (request.names, request.other_resolvers) == (True, AMAZON_RESOLVERS)
    assert (request.attempts, request.timeout_seconds) == (1, 2.0)


def test_large_requests_are_sent_when_asked_for_and_where_http_is_spoken() -> None:
    """A bare TCP target has no request that could be large."""
    bare = replace(PAGE, path=None, kind=TargetKind.TCP, tls=False)

    assert [item.large_request for item in asked(PAGE, bare, path_mtu=True).targets] == [
        True,
        False,
    ]
    assert not asked(PAGE).targets[0].large_request


def test_a_target_with_a_payload_is_sent_as_a_datagram() -> None:
    """UDP instead of a TCP connection."""
    (clock,) = asked(CLOCK).targets

    assert clock.datagram is not None
    assert clock.datagram.payload == CLOCK.payload
    assert clock.http is None


def test_attempts_are_kept_and_summed_up() -> None:
    """Three of four answered: sometimes, with the times of those that went well."""
    attempts = tuple(
        Attempt(
            outcome="timeout" if spent is None else "reachable",
            address="192.0.2.1",
            milliseconds={} if spent is None else {"connect": spent},
        )
        for spent in (10.0, None, 30.0, 20.0)
    )
    run = read_run("s", result(family_result("reachable", attempts=attempts)))

    seen = run.observations["page", Family.IPV4]
    assert (seen.outcome, seen.constancy, seen.answered) == (
        Outcome.REACHABLE,
        Constancy.SOMETIMES,
        3,
    )
    spent = seen.spreads[StageName.CONNECT]
    assert (spent.minimum, spent.median, spent.p95) == (10.0, 20.0, 30.0)


def test_what_the_sandbox_has_of_its_own_is_kept() -> None:
    """Its addresses by interface, its resolvers, and names as its programs see them."""
    name = NameResult(
        host="a.example",
        getaddrinfo=("3fff::1", "192.0.2.1"),
        milliseconds=4.0,
        sources={"3fff::1": "2001:db8::5"},
        answers=(
            NameAnswer(
                server="169.254.169.253", family="ipv4", outcome="dns-nxdomain", milliseconds=1.0,
                error="NXDOMAIN",
            ),
        ),
    )  # fmt: skip
    run = read_run(
        "s", result(names=(name,), interfaces={"eth0": ["10.0.1.5"]}, resolvers=("10.0.0.2",))
    )

    assert run.sandbox is not None
    assert run.sandbox.interfaces == {"eth0": ["10.0.1.5"]}
    assert run.sandbox.resolvers == ("10.0.0.2",)
    (seen,) = run.sandbox.names
    assert (seen.getaddrinfo, seen.sources) == (name.getaddrinfo, name.sources)
    assert (seen.because or "").startswith("IPv6 before IPv4, RFC 6724 rule 1")
    assert [(a.server, a.family, a.outcome, a.error) for a in seen.answers] == [
        ("169.254.169.253", Family.IPV4, Outcome.DNS_NXDOMAIN, "NXDOMAIN")
    ]


def test_a_function_gets_the_time_of_all_its_silent_stages() -> None:
    """Each stage's deadline, the pauses between attempts, and time to start."""
    assert seconds_needed(5.0, 1) == 41
    assert seconds_needed(0.5, 100) == 19
