"""Connecting habits of common clients: which family first, and what a dead one costs.

In Lambda's sandbox IPv4 has a link-local source, so getaddrinfo (RFC 6724, rule 2) puts IPv6 first
wherever the sandbox has an IPv6 address and the name an AAAA record.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from netprobe.errors import UsageError
from netprobe.model.addresses import Family

IPV6_FIRST = (Family.IPV6, Family.IPV4)
IPV4_FIRST = (Family.IPV4, Family.IPV6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How a client chooses among addresses."""

    name: str
    order: tuple[Family, ...]
    """Families it tries, in this order; one family only for clients that know no other."""
    fallback_seconds: float | None
    """Seconds a silent address costs before the next is tried; None: it tries no other."""
    races: bool = False
    """It tries both families at once after that (RFC 8305), so silence costs it only once."""
    connect_seconds: float | None = None
    """Seconds it waits for one silent address where no other is left; None: not known."""
    calls: int = 1
    """How often its SDK makes a call before it gives up, the first time among them."""


CLIENTS = {
    item.name: item
    for item in (
        # urllib3 tries addresses one after another, each with the full connect timeout: 60 s.
        # https://docs.aws.amazon.com/botocore/latest/reference/config.html
        # Three calls in retry mode standard, the default; in legacy, the older default, five.
        # https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
        Client(name="boto3", order=IPV6_FIRST, fallback_seconds=60, connect_seconds=60, calls=3),
        # requests sets none: the kernel gives up after 127 s (tcp_syn_retries=6).
        Client(name="requests", order=IPV6_FIRST, fallback_seconds=127, connect_seconds=127),
        # Happy Eyeballs (RFC 8305): https://github.com/aio-libs/aiohttp/pull/7954
        Client(name="aiohttp", order=IPV6_FIRST, fallback_seconds=0.25, races=True),
        # The first address only, in the resolver's order: https://nodejs.org/api/dns.html
        # The SDK for JavaScript sets no connect timeout, so the kernel's 127 s count, and makes a
        # call three times: the same page of the SDKs' reference guide, and
        # https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-smithy-node-http-handler
        Client(
            name="node18", order=IPV6_FIRST, fallback_seconds=None, connect_seconds=127, calls=3
        ),
        # autoSelectFamily: https://nodejs.org/api/net.html
        # It gives up one address for the next, never the last, for which the SDK waits as above.
        Client(
            name="node20",
            order=IPV6_FIRST,
            fallback_seconds=0.25,
            races=True,
            connect_seconds=127,
            calls=3,
        ),
        # java.net.preferIPv6Addresses=false, and no second try.
        Client(name="java", order=IPV4_FIRST, fallback_seconds=None),
        # FallbackDelay: https://pkg.go.dev/net#Dialer
        # The SDK for Go dials for 30 s, and makes a call three times: the same page of the guide,
        # and https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/aws/transport/http#pkg-variables
        Client(
            name="go",
            order=IPV6_FIRST,
            fallback_seconds=0.3,
            races=True,
            connect_seconds=30,
            calls=3,
        ),
        # --happy-eyeballs-timeout-ms: https://curl.se/docs/manpage.html
        Client(name="curl", order=IPV6_FIRST, fallback_seconds=0.2, races=True),
        Client(name="ipv4-only", order=(Family.IPV4,), fallback_seconds=None),
        Client(name="ipv6-only", order=(Family.IPV6,), fallback_seconds=None),
    )
}

_NODE_WITHOUT_RACING = 20
"""From this major version on, Node tries the next address after 250 ms."""


def require_client(name: str | None) -> None:
    """Raise UsageError, with the nearest known name, where a client's habits are not known."""
    if name is not None and name not in CLIENTS:
        near = difflib.get_close_matches(name, CLIENTS, n=1, cutoff=0.3)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(CLIENTS)}"
        raise UsageError("no-such-client", f"no client {name!r}", hint=hint)


def client_for_runtime(runtime: str | None) -> Client:
    """Return the client that code of a Lambda runtime most likely uses; boto3 where unknown."""
    name = runtime or "python"
    if name.startswith("nodejs"):
        major = "".join(char for char in name.removeprefix("nodejs").partition(".")[0])
        old = major.isdigit() and int(major) < _NODE_WITHOUT_RACING
        return CLIENTS["node18" if old else "node20"]
    if name.startswith("java"):
        return CLIENTS["java"]
    if name.startswith(("go", "provided")):
        return CLIENTS["go"]
    return CLIENTS["boto3"]
