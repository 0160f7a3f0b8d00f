"""The packets' answer: what the probe saw on the wire, stage by stage."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from netprobe.model.addresses import Family


class Outcome(StrEnum):
    """How a probe ended; that of the first stage that failed."""

    REACHABLE = "reachable"
    DNS_NODATA = "dns-nodata"
    DNS_NXDOMAIN = "dns-nxdomain"
    DNS_SERVFAIL = "dns-servfail"
    DNS_TIMEOUT = "dns-timeout"
    NO_LOCAL_ADDRESS = "no-local-address"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    RESET = "reset"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls-failed"
    HTTP_ERROR = "http-error"
    NOT_PROBED = "not-probed"


class StageName(StrEnum):
    """The stages of a probe, in order."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    HANDSHAKE = "handshake"
    REQUEST = "request"
    LARGE_REQUEST = "large-request"
    """The request again, too long for one packet: where only it stalls, look at the path MTU."""
    WEBSOCKET = "websocket"
    DATAGRAM = "datagram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step towards a target; ``reachable`` when it went well."""

    stage: StageName
    outcome: Outcome
    milliseconds: float
    error: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    """JSON facts; ``probe_lambda.wire.Stage.detail`` lists them."""


class Constancy(StrEnum):
    """Whether attempts at the same thing end the same way."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One of several attempts, in short."""

    outcome: Outcome
    address: str | None = None
    milliseconds: dict[StageName, float] = field(default_factory=dict)
    """By stage, those that went well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long a stage took over several attempts, in milliseconds."""

    minimum: float
    median: float
    p95: float
    """The 95th percentile by nearest rank: with few attempts, the slowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one probe saw of one target in one family."""

    outcome: Outcome
    address: str | None = None
    source_address: str | None = None
    stages: tuple[Stage, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    """All of them, where more than one was made; the outcome and the stages are the first's."""

    @property
    def answered(self) -> int:
        """Return how many of the attempts were answered: any HTTP answer counts."""
        return sum(item.outcome in ANSWERED for item in self.attempts)

    @property
    def constancy(self) -> Constancy | None:
        """Return whether attempts were answered, None when there was only one."""
        if not self.attempts:
            return None
        if self.answered in {0, len(self.attempts)}:
            return Constancy.ALWAYS if self.answered else Constancy.NEVER
        return Constancy.SOMETIMES

    @property
    def spreads(self) -> dict[StageName, Spread]:
        """Return the spread of each stage over the attempts in which it went well."""
        times: dict[StageName, list[float]] = {}
        for attempt in self.attempts:
            for name, spent in attempt.milliseconds.items():
                times.setdefault(name, []).append(spent)
        return {name: spread(spent) for name, spent in times.items()}

    def stage(self, name: StageName) -> Stage | None:
        """Return the named stage, None when the probe did not get that far."""
        return next((item for item in self.stages if item.stage is name), None)

    @property
    def status(self) -> int | None:
        """Return the HTTP status of the request, None without one."""
        stage = self.stage(StageName.REQUEST)
        value = stage.detail.get("status") if stage else None
        return value if isinstance(value, int) else None

    @property
    def resolved_addresses(self) -> tuple[str, ...]:
        """Return the addresses the sandbox's resolver answered for this family."""
        stage = self.stage(StageName.RESOLVE)
        return tuple(stage.detail.get("addresses", ())) if stage else ()


ANSWERED = frozenset({Outcome.REACHABLE, Outcome.HTTP_ERROR})
"""Outcomes after which the far end has spoken."""


def spread(milliseconds: list[float]) -> Spread:
    """Return minimum, median and 95th percentile; raises ValueError for no times at all."""
    ordered = sorted(milliseconds)
    rank = math.ceil(0.95 * len(ordered))
    return Spread(
        minimum=min(ordered), median=statistics.median(ordered), p95=ordered[max(rank, 1) - 1]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAnswer:
    """What a resolver that the sandbox does not use itself said of a name."""

    server: str
    family: Family
    outcome: Outcome
    addresses: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenName:
    """A name as the programs in the sandbox see it."""

    host: str
    getaddrinfo: tuple[str, ...]
    """In the C library's order, which most clients keep to."""
    error: str | None = None
    sources: dict[str, str] = field(default_factory=dict)
    """By destination the address the kernel sends from; absent where it has none."""
    because: str | None = None
    """Why one family comes before the other; None where there is only one."""
    answers: tuple[NameAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """What a probe's execution environment has of its own."""

    source_id: str
    interfaces: dict[str, list[str]]
    """Addresses by interface, loopback left out."""
    resolvers: tuple[str, ...]
    names: tuple[SeenName, ...] = ()
    request_id: str | None = None
    """Lambda's id of the invocation, which AWS's support asks for; None from an older probe."""
    started_at: str = ""
    """When the probe began: UTC, ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRun:
    """What one probe function reported, or why it could not."""

    source_id: str
    observations: dict[tuple[str, Family], Observation]
    """By target id and family."""
    sandbox: Sandbox | None = None
    """None when the probe gave no answer."""
    missing: tuple[str, ...] = ()
    """What could not be done, one sentence each."""
