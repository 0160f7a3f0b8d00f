"""One flow as people and programs ask it: the fields of a line, or of the command line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from netprobe.errors import UsageError
from netprobe.model.addresses import Family
from netprobe.model.flow import ICMP, ICMPV6, TCP, UDP
from netprobe.model.ports import HIGHEST

PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMPV6, "ipv6-icmp": ICMPV6}
"""By the names AWS takes; any other protocol is asked by its number."""
HIGHEST_PROTOCOL = 255
"""The protocol field has eight bits (RFC 791)."""
WITH_PORTS = frozenset({TCP, UDP})

HTTPS = 443

_FAMILIES = {family.value: family for family in Family}
_FIELDS = ("id", "source", "destination", "protocol", "port", "source_port", "family")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRequest:
    """One flow, its ends still as they were written."""

    source: str
    destination: str
    protocol: int = TCP
    port: int = 0
    """The destination port; 0 for protocols without ports."""
    source_port: int | None = None
    family: Family | None = None


def read_request(document: object) -> FlowRequest:
    """Return the flow a JSON value asks for; raises UsageError when it asks for none."""
    if type(document) is not dict:
        raise _unreadable("a flow is a JSON object, with source, destination, protocol and port")
    read = document.get
    protocol = read_protocol(read("protocol"))
    source_port, family = read("source_port"), read("family")
    return FlowRequest(
        source=_read_text("source", read("source"), document),
        destination=_read_text("destination", read("destination"), document),
        protocol=protocol,
        port=read_port("port", read("port"), document) if protocol in WITH_PORTS else 0,
        source_port=None if source_port is None else read_port("source_port", source_port),
        family=None if family is None else read_family(family),
    )


def flow_request(  # noqa: PLR0913 # the fields of a flow
    source: str,
    destination: str,
    *,
    protocol: str | int = "tcp",
    port: int | str | None = None,
    source_port: int | str | None = None,
    family: Family | str | None = None,
) -> FlowRequest:
    """Return the flow between two ends; tcp goes to 443 if no port is given. Raises UsageError."""
    number = read_protocol(protocol)
    if port is None and number == TCP:
        port = HTTPS
    return FlowRequest(
        source=source,
        destination=destination,
        protocol=number,
        port=read_port("port", port) if number in WITH_PORTS else 0,
        source_port=None if source_port is None else read_port("source_port", source_port),
        family=None if family is None else read_family(family),
    )


def read_protocol(value: object) -> int:
    """Return a protocol given by name or number; raises UsageError."""
    if value is None:
        raise _unreadable("field protocol is missing", "tcp, udp, icmp or a number")
    known = PROTOCOLS.get(value.lower()) if isinstance(value, str) else None
    number = known if known is not None else _whole(value)
    if number is None or not 0 <= number <= HIGHEST_PROTOCOL:
        hint = f"tcp, udp, icmp or a number from 0 to {HIGHEST_PROTOCOL}"
        raise _unreadable(f"no protocol {value!r}", hint)
    return number


def read_port(name: str, value: object, document: dict[str, object] | None = None) -> int:
    """Return a port; raises UsageError."""
    if value is None:
        raise _missing(name, document or {})
    number = _whole(value)
    if number is None or not 0 <= number <= HIGHEST:
        raise _unreadable(
            f"no {name.replace('_', ' ')} {value!r}", f"a number from 0 to {HIGHEST}"
        )
    return number


def read_family(value: object) -> Family:
    """Return an address family; raises UsageError."""
    found = _FAMILIES.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        raise _unreadable(f"no family {value!r}", "ipv4 or ipv6")
    return found


def _whole(value: object) -> int | None:
    """Return a whole number, also one written as text; JSON's true and 1.0 are none."""
    if type(value) is int:
        return value
    if (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) <= len("65535")
    ):
        return int(value)
    return None


def _read_text(name: str, value: object, document: dict[str, object]) -> str:
    if value is None:
        raise _missing(name, document)
    if not isinstance(value, str) or not value.strip():
        raise _unreadable(f"field {name} is {value!r}", "give it as text")
    return value.strip()


def _missing(name: str, document: dict[str, object]) -> UsageError:
    others = [key for key in document if key not in _FIELDS]
    near = difflib.get_close_matches(name, others, n=1, cutoff=0.4)
    hint = f"is that what {near[0]!r} means?" if near else ""
    return _unreadable(f"field {name} is missing", hint)


def _unreadable(what: str, hint: str = "") -> UsageError:
    return UsageError("unreadable-flow", what, hint=hint)
