from __future__ import annotations

import asyncio
import math
import socket
import threading
import time

import pytest

from probe_lambda import names
from probe_lambda.names import names_of, see_name, source_for
from probe_lambda.stage import Budget
from tests.unit.probe_lambda.loopback import records

BUDGET = Budget(timeout_seconds=0.3, ends_at=math.inf)


def library(monkeypatch, answer):
    """Put a C library of the test's own in the place of this machine's."""
    monkeypatch.setattr(names.socket, "getaddrinfo", answer)


def entries(*addresses):
    return [
        (socket.AF_INET6 if ":" in item else socket.AF_INET, 1, 6, "", (item, 0))
        for item in addresses
    ]


def see(*servers, host="api.example"):
    return asyncio.run(see_name(host, servers, BUDGET))


def test_the_order_of_the_c_library_is_kept(monkeypatch):
    """Clients try the addresses in this order."""
    found = entries("::1", "127.0.0.1", "::1")
    library(monkeypatch, lambda *_arguments, **_options: found)

    seen = see()

    assert (seen.host, seen.getaddrinfo, seen.error) == ("api.example", ("::1", "127.0.0.1"), None)


def test_what_the_c_library_says_is_kept(monkeypatch):
    def refuse(*_arguments, **_options):
        raise socket.gaierror(-5, "No address associated with hostname")

    library(monkeypatch, refuse)

    seen = see()

    assert (seen.getaddrinfo, seen.sources) == ((), {})
    assert seen.error == "[Errno -5] No address associated with hostname"


def test_nobody_waits_for_a_c_library_past_the_deadline(monkeypatch):
    """It cannot be told to stop, and its own patience may be half a minute."""
    gate = threading.Event()
    library(monkeypatch, lambda *_arguments, **_options: [gate.wait(10)][:0])
    begun = time.monotonic()

    seen = see()

    assert time.monotonic() - begun < 2
    assert seen.error == "no answer in 0.3 s"
    gate.set()


def test_the_address_each_destination_is_reached_from_is_told(monkeypatch):
    library(monkeypatch, lambda *_arguments, **_options: entries("127.0.0.5"))

    assert see().sources == {"127.0.0.5": "127.0.0.1"}


def test_a_destination_without_a_way_to_it_has_no_source():
    """The kernel says so at once: a link-local address needs an interface. Nothing is sent."""
    assert source_for("fe80::1") is None


def test_other_servers_are_asked_for_both_families(loopback, monkeypatch):
    def answer(query, _transport):
        lines = ["api.example. 60 IN A 198.51.100.10"]
        return records(query, *(lines if query.question[0].rdtype.name == "A" else [])).to_wire()

    server = loopback.serve_dns(answer)
    library(monkeypatch, lambda *_arguments, **_options: [])

    seen = see(server)

    assert [(one.server, one.family, one.outcome, one.addresses) for one in seen.answers] == [
        ("127.0.0.1", "ipv4", "reachable", ("198.51.100.10",)),
        ("127.0.0.1", "ipv6", "dns-nodata", ()),
    ]


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        (("a.example", "192.0.2.1", "::1", "a.example"), ("a.example",)),
        ((), ()),
    ],
)
def test_only_names_are_looked_at_and_each_once(hosts, expected):
    assert names_of(hosts) == expected
