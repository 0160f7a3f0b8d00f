"""What netprobe and its probe say to each other: one request in, one result out, as JSON.

The probe owns this schema because it is the thing deployed furthest away. Both sides refuse a
version they do not know and every value that is not of the shape written here.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from typing import Any, Literal

SCHEMA = "netprobe.probe/1"

Family = Literal["ipv4", "ipv6"]
StageName = Literal["resolve", "connect", "handshake", "request", "websocket"]
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


class WireError(ValueError):
    """The text is not a message of this schema; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One HTTP/1.1 request, sent without credentials."""

    path: str
    method: str = "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing to reach."""

    id: str
    host: str
    """A DNS name or a literal address."""
    port: int
    """TCP port; 0 asks for the name's resolution only."""
    tls: bool = True
    http: HttpRequest | None = None
    websocket_path: str | None = None
    """Also send a WebSocket opening handshake (RFC 6455) for this path, on a connection of its own."""
    families: tuple[Family, ...] = ("ipv4", "ipv6")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequest:
    """What one invocation is asked to do. All targets are probed at once."""

    targets: tuple[Target, ...]
    timeout_seconds: float = 5.0
    """Deadline of each stage that waits for the network (one DNS question, one connect, ...)."""
    schema: str = SCHEMA


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

    resolve: rcode, addresses, cname, ttl, server. connect: errno. handshake: version, cipher,
    certificate_names, issuer, not_after. request and websocket: status, headers (lower case,
    only those that tell who answered), body (at most 512 characters).
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
    missing: tuple[str, ...] = ()
    """What could not be done, one sentence each; empty when the result is complete."""
    schema: str = SCHEMA


def to_json(message: ProbeRequest | ProbeResult) -> str:
    """Return the message as JSON text."""
    return json.dumps(asdict(message), separators=(",", ":"))


def request_from_json(text: str | bytes) -> ProbeRequest:
    """Read a request; raises WireError for anything else."""
    return _read(ProbeRequest, text)


def result_from_json(text: str | bytes) -> ProbeResult:
    """Read a result; raises WireError for anything else."""
    return _read(ProbeResult, text)


_Message = typing.TypeVar("_Message", ProbeRequest, ProbeResult)


def _read(kind: type[_Message], text: str | bytes) -> _Message:
    try:
        value = json.loads(text)
    except ValueError as error:
        message = f"not JSON: {error}"
        raise WireError(message) from error
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        found = value.get("schema") if isinstance(value, dict) else type(value).__name__
        message = f"expected schema {SCHEMA}, found {found!r}"
        raise WireError(message)
    return typing.cast("_Message", _build(kind, value, kind.__name__))


def _build(kind: Any, value: Any, where: str) -> Any:
    """Return ``value`` as ``kind``, checked all the way down; ``where`` names it in errors."""
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if kind is Any:
        return value
    if origin in {typing.Union, types.UnionType}:
        if value is None:
            return None
        return _build(next(part for part in arguments if part is not type(None)), value, where)
    if origin is Literal:
        return _expect(value in arguments, value, where, f"one of {', '.join(arguments)}")
    if origin is tuple:
        _expect(isinstance(value, list), value, where, "a list")
        return tuple(_build(arguments[0], item, f"{where}[{n}]") for n, item in enumerate(value))
    if origin is list:
        _expect(isinstance(value, list), value, where, "a list")
        return [_build(arguments[0], item, f"{where}[{n}]") for n, item in enumerate(value)]
    if origin is dict:
        _expect(isinstance(value, dict), value, where, "an object")
        return {key: _build(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
    if is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    if kind is float:
        return float(_expect(isinstance(value, int | float) and not isinstance(value, bool), value, where, "a number"))
    exact = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
    return _expect(exact, value, where, f"a {kind.__name__}")


def _build_dataclass(kind: Any, value: Any, where: str) -> Any:
    _expect(isinstance(value, dict), value, where, "an object")
    hints = typing.get_type_hints(kind)
    known = {item.name for item in fields(kind)}
    unknown = sorted(set(value) - known)
    if unknown:
        message = f"{where}: unknown key {unknown[0]!r}"
        raise WireError(message)
    try:
        return kind(**{key: _build(hints[key], item, f"{where}.{key}") for key, item in value.items()})
    except TypeError as error:
        message = f"{where}: {error}"
        raise WireError(message) from error


def _expect(condition: object, value: Any, where: str, wanted: str) -> Any:
    if not condition:
        message = f"{where}: expected {wanted}, found {value!r:.80}"
        raise WireError(message)
    return value
