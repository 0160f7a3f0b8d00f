"""What netprobe and its probe say to each other: one request in, one result out, as JSON.

The probe owns this schema because it is the thing deployed furthest away. Both sides refuse a
version they do not know and every value that is not of the shape written here.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast

from probe_lambda.decode import WireError, as_json, is_address, parse_json, read_as

__all__ = [
    "SCHEMA",
    "AddressResult",
    "Attempt",
    "Datagram",
    "Family",
    "FamilyResult",
    "HttpRequest",
    "NameAnswer",
    "NameResult",
    "Outcome",
    "ProbeRequest",
    "ProbeResult",
    "Stage",
    "StageName",
    "Target",
    "WireError",
    "request_from_json",
    "request_from_object",
    "result_from_json",
    "to_json",
    "to_object",
]

SCHEMA = "netprobe.probe/1"

_METHOD = re.compile(r"[A-Z]{1,20}")
# Nothing that could end a request line or a header (RFC 9112 sections 3 and 5), so that a request
# stays the one that was asked for. Names in other scripts travel as A-labels (RFC 5890).
_PATH = re.compile(r"/[!-~]{0,8000}")
_HOST = re.compile(r"[0-9A-Za-z_:][0-9A-Za-z._:%-]{0,254}")
_PAYLOAD = re.compile(r"(?:[0-9a-f]{2}){0,1200}")
_LAST_PORT = 65535
_MOST_ATTEMPTS = 100

Family = Literal["ipv4", "ipv6"]
StageName = Literal[
    "resolve", "connect", "handshake", "request", "large-request", "websocket", "datagram"
]
Outcome = Literal[
    "reachable",
    "dns-nodata",
    "dns-nxdomain",
    "dns-servfail",
    "dns-timeout",
    "no-local-address",
    "timeout",
    "refused",
    "reset",
    "unreachable",
    "tls-failed",
    "http-error",
    "not-probed",
]
"""Of the first stage that failed. An HTTP status below 400 is ``reachable``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One HTTP/1.1 request, sent without credentials."""

    path: str
    """With its query string, percent-encoded: "/prod/items?limit=1"."""
    method: str = "GET"

    def __post_init__(self) -> None:
        _check_path(self.path)
        if not _METHOD.fullmatch(self.method):
            message = f"{self.method!r:.40} is not an HTTP method"
            raise WireError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Datagram:
    """One UDP datagram that the far end is expected to answer."""

    payload: str
    """Its bytes in lower-case hexadecimal, 1,200 at most."""

    def __post_init__(self) -> None:
        if not _PAYLOAD.fullmatch(self.payload):
            message = f"{self.payload!r:.40} is not the hexadecimal of at most 1,200 bytes"
            raise WireError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing to reach."""

    id: str
    host: str
    """A DNS name or a literal address."""
    port: int
    """TCP port, with a datagram UDP port; 0 asks for the name's resolution only."""
    tls: bool = True
    http: HttpRequest | None = None
    websocket_path: str | None = None
    """Also send a WebSocket opening handshake (RFC 6455) for this path, on its own connection."""
    families: tuple[Family, ...] = ("ipv4", "ipv6")
    """What to connect to. A name is asked for both families in any case."""
    datagram: Datagram | None = None
    """Send this over UDP instead of connecting over TCP."""
    large_request: bool = False
    """When the HTTP request was answered, send it again with 6 KB of headers, on a connection of
    its own: where only that one stalls, full-size packets are lost on the way (RFC 4821)."""

    def __post_init__(self) -> None:
        if not _HOST.fullmatch(self.host):
            message = f"{self.host!r:.80} is neither an ASCII host name nor an address"
            raise WireError(message)
        if not 0 <= self.port <= _LAST_PORT:
            message = f"{self.port} is not a TCP port"
            raise WireError(message)
        if self.websocket_path is not None:
            _check_path(self.websocket_path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequest:
    """What one invocation is asked to do. All targets are probed at once."""

    targets: tuple[Target, ...]
    timeout_seconds: float = 5.0
    """Deadline of each stage that waits for the network (one DNS question, one connect, ...)."""
    attempts: int = 1
    """How often everything is tried, a tenth of a second apart; the first is told in full."""
    names: bool = False
    """Also tell what getaddrinfo returns for each name, and from where each answer is reached."""
    other_resolvers: tuple[str, ...] = ()
    """Servers to ask for every name besides those of resolv.conf."""
    schema: str = SCHEMA

    def __post_init__(self) -> None:
        if not 0 < self.timeout_seconds < math.inf:
            message = f"a timeout of {self.timeout_seconds} seconds is none"
            raise WireError(message)
        if not 1 <= self.attempts <= _MOST_ATTEMPTS:
            message = f"{self.attempts} attempts are not between 1 and {_MOST_ATTEMPTS}"
            raise WireError(message)
        for server in self.other_resolvers:
            if not is_address(server):
                message = f"resolver {server!r:.40} is not an address"
                raise WireError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step towards a target, with its time and raw error kept."""

    stage: StageName
    outcome: Outcome
    """``reachable`` when this stage went well."""
    milliseconds: float
    error: str | None = None
    """The raw error: errno name and text, DNS rcode, TLS alert, HTTP status line."""
    detail: dict[str, Any] = field(default_factory=dict)
    """JSON facts of the stage.

    resolve: rcode, addresses, cname (the chain, a list), ttl, server, and synthesised, those of
    the addresses that DNS64 made. connect: errno, source_address. handshake: version, cipher,
    alpn, certificate_names, issuer, not_after, and alert, the one the server sent. request,
    large-request and websocket: status, headers (lower case, only those that tell who answered),
    body (at most 512 characters), and seen_as, where the body is an address: the one the far end
    saw. datagram: source_address, and reply, its first bytes in hexadecimal. Any of them:
    cut_short, true when the invocation ended first.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressResult:
    """How far one address of the target was reached."""

    address: str
    source_address: str | None
    outcome: Outcome
    stages: tuple[Stage, ...]
    """connect and what came after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One of several attempts at one family of one target, in short."""

    outcome: Outcome
    address: str | None
    milliseconds: dict[str, float]
    """By stage, those that went well only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyResult:
    """What one address family of one target answered."""

    target: str
    family: Family
    outcome: Outcome
    address: str | None
    """The address this outcome is of: the first reachable one, else the first."""
    source_address: str | None
    stages: tuple[Stage, ...]
    """resolve, then the stages of ``address``."""
    addresses: tuple[AddressResult, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    """All of them, the first one too, where more than one was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAnswer:
    """What one server said of a name in one family."""

    server: str
    family: Family
    outcome: Outcome
    milliseconds: float
    error: str | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameResult:
    """A name as the programs in the sandbox see it."""

    host: str
    getaddrinfo: tuple[str, ...]
    """The addresses in the order the C library gives them, which most clients keep to."""
    milliseconds: float
    error: str | None = None
    """Why getaddrinfo gave none, in its own words."""
    sources: dict[str, str] = field(default_factory=dict)
    """By destination the address the kernel would send from; absent where it has none."""
    answers: tuple[NameAnswer, ...] = ()
    """Of the other resolvers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """Everything one invocation saw."""

    results: tuple[FamilyResult, ...]
    local_addresses: dict[str, list[str]]
    """Addresses of the sandbox's interfaces that are not loopback, per family."""
    resolvers: tuple[str, ...]
    started_at: str
    """UTC, ISO 8601."""
    finished_at: str
    names: tuple[NameResult, ...] = ()
    """One per name, where the request asked for them."""
    interfaces: dict[str, list[str]] = field(default_factory=dict)
    """Addresses by interface, loopback left out."""
    missing: tuple[str, ...] = ()
    """What could not be done, one sentence each; empty when the result is complete."""
    error: str | None = None
    """Why nothing was probed at all: the request was refused, or the probe has a fault."""
    request_id: str | None = None
    """Lambda's id of this invocation, under which its logs are found."""
    schema: str = SCHEMA


def to_object(message: ProbeRequest | ProbeResult) -> dict[str, Any]:
    """Return the message as a JSON object."""
    return cast("dict[str, Any]", as_json(message))


def to_json(message: ProbeRequest | ProbeResult) -> str:
    """Return the message as JSON text."""
    return json.dumps(to_object(message), separators=(",", ":"), allow_nan=False)


def request_from_json(text: str | bytes) -> ProbeRequest:
    """Read a request; raises WireError for anything else."""
    return _read(ProbeRequest, parse_json(text))


def request_from_object(value: object) -> ProbeRequest:
    """Read a request whose JSON was parsed already, as Lambda does; else raises WireError."""
    return _read(ProbeRequest, value)


def result_from_json(text: str | bytes) -> ProbeResult:
    """Read a result; raises WireError for anything else."""
    return _read(ProbeResult, parse_json(text))


_Message = TypeVar("_Message", ProbeRequest, ProbeResult)


def _read(kind: type[_Message], value: object) -> _Message:
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        found = value.get("schema") if isinstance(value, dict) else type(value).__name__
        message = f"expected schema {SCHEMA}, found {found!r:.80}"
        raise WireError(message)
    return cast("_Message", read_as(kind, value, kind.__name__))


def _check_path(path: str) -> None:
    if not _PATH.fullmatch(path):
        message = f"{path!r:.80} is not a path of printable ASCII that begins with /"
        raise WireError(message)
