"""One investigation: sources, targets, both witnesses for each path, findings and the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.addresses import Family
from netprobe.model.changes import Change
from netprobe.model.expectation import JudgedExpectation
from netprobe.model.finding import Finding, PathKey
from netprobe.model.fix import Fix, WayOut
from netprobe.model.flow import Source
from netprobe.model.observation import Observation, Sandbox
from netprobe.model.passage import Passage, Saving
from netprobe.model.snapshot import Gap
from netprobe.model.trace import Trace


class Verdict(StrEnum):
    """The answer to a check."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    INTERMITTENT = "intermittent"
    BROKEN = "broken"
    APPLICATION_ERROR = "application-error"
    UNKNOWN = "unknown"


class PathVerdict(StrEnum):
    """The answer for one path."""

    WORKS = "works"
    BLOCKED = "blocked"
    REFUSED = "refused"
    """Reached; the far end said no."""
    UNKNOWN = "unknown"


class Witnesses(StrEnum):
    """Which witnesses spoke and whether they agree."""

    AGREE = "agree"
    DISAGREE = "disagree"
    CONFIGURATION_ONLY = "configuration-only"
    PACKETS_ONLY = "packets-only"


class TargetKind(StrEnum):
    """What a target is."""

    WEBSOCKET_API = "websocket-api"
    REST_API = "rest-api"
    HTTP_API = "http-api"
    SERVICE = "service"
    HTTPS = "https"
    HTTP = "http"
    WEBSOCKET = "websocket"
    TCP = "tcp"
    UDP = "udp"
    NTP = "ntp"
    DNS = "dns"
    CONTROL = "control"
    """A host known to answer over both families, to tell the network from the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing that was asked about."""

    id: str
    given: str
    """As the user wrote it, or as netprobe would write what it chose."""
    host: str
    port: int
    kind: TargetKind
    path: str | None = None
    """HTTP path to ask for; None when no HTTP is spoken."""
    websocket_path: str | None = None
    tls: bool = True
    payload: str | None = None
    """Hexadecimal bytes of a UDP datagram to send, instead of a TCP connection."""
    ip_address_type: str | None = None
    api_id: str | None = None
    service: str | None = None
    """botocore's service name, for ``service:`` targets."""
    surveyed: bool = False
    """netprobe chose it to look around; it does not decide the verdict when others do."""
    path_given: bool = False
    """The user named the path, so a refusal of it is an answer about the application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One path with the word of each witness."""

    key: PathKey
    verdict: PathVerdict
    witnesses: Witnesses
    trace: Trace | None = None
    observation: Observation | None = None


class ClientOutcome(StrEnum):
    """How a client ends up at a target."""

    WORKS = "works"
    SLOW = "slow"
    """It works after a family that is dead."""
    DEAD = "dead"
    REFUSED = "refused"
    """It connects, and the far end says no."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHabit:
    """What one common client meets between a source and a target."""

    source: str
    target: str
    client: str
    tries: tuple[Family, ...]
    """The families it has an address of, in the order it tries them."""
    outcome: ClientOutcome
    seconds: float = 0.0
    """What dead addresses cost it on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUp:
    """What was created in the account and what became of it; ARNs or ids."""

    created: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """Each with the reason and the command that finishes the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a renderer needs; fixed keys of JSON version 1 come from here."""

    netprobe_version: str
    started_at: str
    finished_at: str
    account: str | None
    region: str
    vpc_id: str
    verdict: Verdict
    summary: str
    client: str
    """The client whose connecting habits the verdict is about."""
    sources: tuple[Source, ...]
    targets: tuple[Target, ...]
    paths: tuple[Path, ...]
    findings: tuple[Finding, ...]
    fixes: tuple[Fix, ...] = ()
    """Ways out that were proved, cheapest first."""
    felt: frozenset[PathKey] = frozenset()
    """Paths whose failure the client feels: those that decide the verdict."""
    ways_out: tuple[WayOut, ...] = ()
    """Where every way out stands, for each target that fails."""
    passages: tuple[Passage, ...] = ()
    """How what works gets there."""
    savings: tuple[Saving, ...] = ()
    """What is paid for and nothing of what was asked needs."""
    gaps: tuple[Gap, ...] = ()
    clean_up: CleanUp = field(default_factory=CleanUp)
    clients: tuple[ClientHabit, ...] = ()
    """What each common client makes of it, by source and target."""
    sandboxes: tuple[Sandbox, ...] = ()
    """What each probe's execution environment had of its own."""
    assumed: tuple[Change, ...] = ()
    """Changes that were taken for made, because the user asked what if."""
    remarks: tuple[str, ...] = ()
    """What the reader should know about how the check was done, one sentence each."""
    expectations: tuple[JudgedExpectation, ...] = ()
    """What ``--expect`` asked for, and what became of it; in the order of the file."""

    def source(self, source_id: str) -> Source:
        """Return the source with this id; raises KeyError."""
        return {item.id: item for item in self.sources}[source_id]

    def sandbox(self, source_id: str) -> Sandbox | None:
        """Return what the probe of a source saw of its own sandbox, None where none ran."""
        return next((item for item in self.sandboxes if item.source_id == source_id), None)

    def target(self, target_id: str) -> Target:
        """Return the target with this id; raises KeyError."""
        return {item.id: item for item in self.targets}[target_id]
