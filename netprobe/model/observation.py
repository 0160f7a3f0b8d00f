"""The packets' answer: what the probe saw on the wire, stage by stage."""

from __future__ import annotations

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
    WEBSOCKET = "websocket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step towards a target; ``reachable`` when it went well."""

    stage: StageName
    outcome: Outcome
    milliseconds: float
    error: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    """JSON facts; ``probe_lambda.wire.Stage.detail`` lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one probe saw of one target in one family."""

    outcome: Outcome
    address: str | None = None
    source_address: str | None = None
    stages: tuple[Stage, ...] = ()

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRun:
    """What one probe function reported, or why it could not."""

    source_id: str
    observations: dict[tuple[str, Family], Observation]
    """By target id and family."""
    local_addresses: dict[str, list[str]] = field(default_factory=dict)
    resolvers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """What could not be done, one sentence each."""
