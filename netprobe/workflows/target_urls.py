"""Targets written as URLs, hosts and addresses."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from netprobe.errors import UsageError
from netprobe.model.addresses import parse_address
from netprobe.model.report import Target, TargetKind

HTTPS_PORT = 443
NTP_PORT = 123
_PAYLOADS = {
    53: "6e700100000100000000000000" + "00020001",  # a query for the root's servers (RFC 1035)
    NTP_PORT: "23" + "00" * 47,  # version 4, mode 3: a client's question (RFC 5905 section 7.3)
}
_ANY_PAYLOAD = "00"
"""What a server of another protocol makes of it, nobody knows; silence then proves nothing."""
_PATH_CHARACTERS = "/?&=@:$%+,;!*'()~-._"
"""What a path keeps as it is; the rest is percent-encoded (RFC 3986)."""


def url_target(text: str) -> Target:
    """Return the target of a URL; raises UsageError for a scheme or form that is none."""
    url = urlsplit(text)
    port = _port_of(url, text)
    name = url.hostname or (url.path.strip("/") if url.scheme == "dns" else "")
    if not name:
        raise _unreadable(text)
    host = _ascii_host(name, text)
    path = quote((url.path or "/") + (f"?{url.query}" if url.query else ""), safe=_PATH_CHARACTERS)
    match url.scheme:
        case "https" | "http":
            return Target(
                id=text,
                given=text,
                host=host,
                kind=TargetKind(url.scheme),
                path=path,
                port=port or (HTTPS_PORT if url.scheme == "https" else 80),
                tls=url.scheme == "https",
                path_given=url.path not in {"", "/"},
            )
        case "wss" | "ws":
            return Target(
                id=text,
                given=text,
                host=host,
                kind=TargetKind.WEBSOCKET,
                websocket_path=path,
                port=port or (HTTPS_PORT if url.scheme == "wss" else 80),
                tls=url.scheme == "wss",
                path_given=True,
            )
        case "tcp" if port:
            return Target(
                id=text, given=text, host=host, port=port, kind=TargetKind.TCP, tls=False
            )
        case "udp" if port:
            return Target(
                id=text, given=text, host=host, port=port, kind=TargetKind.UDP, tls=False,
                payload=_PAYLOADS.get(port, _ANY_PAYLOAD),
            )  # fmt: skip
        case "ntp":
            return Target(
                id=text, given=text, host=host, port=port or NTP_PORT, kind=TargetKind.NTP,
                tls=False, payload=_PAYLOADS[NTP_PORT],
            )  # fmt: skip
        case "dns":
            return Target(id=text, given=text, host=host, port=0, kind=TargetKind.DNS, tls=False)
        case _:
            raise _unreadable(text)


def _port_of(url: SplitResult, text: str) -> int | None:
    try:
        return url.port
    except ValueError as error:
        raise _unreadable(text) from error


def host_target(text: str) -> Target:
    """Return ``host[:port]`` or ``IP[:port]``; TLS is spoken to names on 443, TCP to the rest."""
    url = urlsplit(f"//{text}" if not _is_address(text) or "." in text else f"//[{text}]")
    port = _port_of(url, text) or HTTPS_PORT
    host = url.hostname
    if not host or url.path or not re.fullmatch(r"[\w.:-]+", host):
        raise _unreadable(text)
    tls = port == HTTPS_PORT and not _is_address(host)
    return Target(
        id=text,
        given=text,
        host=_ascii_host(host, text),
        port=port,
        kind=TargetKind.HTTPS if tls else TargetKind.TCP,
        tls=tls,
    )


def _ascii_host(host: str, given: str) -> str:
    """Return the name as DNS and TLS write it (IDNA A-labels); raises UsageError."""
    if _is_address(host):
        return host
    try:
        return host.encode("idna").decode("ascii").rstrip(".")
    except UnicodeError as error:
        raise _unreadable(given) from error


def _is_address(text: str) -> bool:
    try:
        parse_address(text)
    except ValueError:
        return False
    return True


def _unreadable(text: str) -> UsageError:
    return UsageError(
        "unreadable-target",
        f"cannot read target {text!r}",
        hint="write https://HOST/PATH, wss://HOST/PATH, tcp://HOST:PORT, dns://NAME, HOST[:PORT], "
        "api:ID[/STAGE], service:NAME or an ARN",
    )
