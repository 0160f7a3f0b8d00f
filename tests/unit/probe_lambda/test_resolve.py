from __future__ import annotations

import asyncio
import math
import socket
import time

import pytest

from probe_lambda.resolve import resolve
from probe_lambda.sandbox import Resolver
from probe_lambda.stage import Budget
from tests.unit.probe_lambda.loopback import records, truncated

HOST = "api.example"
A = "api.example. 60 IN A 198.51.100.10"
AAAA = "api.example. 60 IN AAAA 3fff:a::10"


def ask(*resolvers, family="ipv4", host=HOST, seconds=0.6):
    budget = Budget(timeout_seconds=seconds, ends_at=math.inf)
    return asyncio.run(resolve(host, family, resolvers, budget))


def always(*lines, rcode="NOERROR"):
    return lambda query, _transport: records(query, *lines, rcode=rcode).to_wire()


def never(_query, _transport):
    return None


@pytest.mark.parametrize(
    ("rcode", "outcome", "error"),
    [
        ("NOERROR", "dns-nodata", "NODATA"),
        ("NXDOMAIN", "dns-nxdomain", "NXDOMAIN"),
        ("SERVFAIL", "dns-servfail", "SERVFAIL"),
        ("REFUSED", "dns-servfail", "REFUSED"),
        ("NOTIMP", "dns-servfail", "NOTIMP"),
    ],
)
def test_answers_without_an_address_are_told_apart(loopback, rcode, outcome, error):
    stage, addresses = ask(loopback.serve_dns(always(rcode=rcode)))

    assert (stage.outcome, stage.error, addresses) == (outcome, error, ())
    assert (stage.detail["rcode"], stage.detail["server"]) == (rcode, "127.0.0.1")


def test_each_family_has_its_own_answer(loopback):
    def answer(query, _transport):
        return records(query, A if query.question[0].rdtype.name == "A" else AAAA).to_wire()

    server = loopback.serve_dns(answer)

    assert ask(server, family="ipv4")[1] == ("198.51.100.10",)
    assert ask(server, family="ipv6")[1] == ("3fff:a::10",)


def test_the_facts_of_the_answer_are_kept(loopback):
    stage, _ = ask(loopback.serve_dns(always(A)))

    assert stage.outcome == "reachable"
    assert stage.detail == {
        "server": "127.0.0.1",
        "rcode": "NOERROR",
        "addresses": ["198.51.100.10"],
        "cname": [],
        "ttl": 60,
    }


def test_addresses_that_dns64_made_are_marked(loopback):
    """They lie in 64:ff9b::/96 (RFC 6052): only a NAT gateway with NAT64 carries them."""
    made = "api.example. 60 IN AAAA 64:ff9b::c633:640a"
    stage, _ = ask(loopback.serve_dns(always(AAAA, made)), family="ipv6")

    assert stage.detail["synthesised"] == ["64:ff9b::c633:640a"]


def test_a_truncated_answer_is_asked_for_again_over_tcp(loopback):
    def answer(query, transport):
        return truncated(query) if transport == "udp" else records(query, A).to_wire()

    assert ask(loopback.serve_dns(answer))[1] == ("198.51.100.10",)


def test_a_connection_closed_before_its_answer_is_no_answer(loopback):
    def answer(query, transport):
        return truncated(query) if transport == "udp" else None

    stage, _ = ask(loopback.serve_dns(answer))

    assert stage.outcome == "dns-timeout"
    assert stage.error == "the server closed the connection before its answer"


def test_a_silent_server_is_a_timeout_after_the_deadline(loopback):
    begun = time.monotonic()

    stage, _ = ask(loopback.serve_dns(never), seconds=0.3)

    assert (stage.outcome, stage.error) == ("dns-timeout", "no answer in 0.3 s")
    assert 0.25 < time.monotonic() - begun < 3


def test_a_port_that_refuses_is_a_server_that_does_not_answer():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

    stage, _ = ask(Resolver(address="127.0.0.1", port=port))

    assert (stage.outcome, stage.error) == ("dns-timeout", "ECONNREFUSED: Connection refused")


@pytest.mark.parametrize("first", [never, always(rcode="SERVFAIL"), always(rcode="REFUSED")])
def test_the_next_server_is_asked_when_one_is_of_no_use(loopback, first):
    stage, addresses = ask(loopback.serve_dns(first), loopback.serve_dns(always(A)))

    assert addresses == ("198.51.100.10",)
    assert stage.detail["rcode"] == "NOERROR"


def test_a_name_that_does_not_exist_is_not_asked_for_twice(loopback):
    asked = []

    def answer(query, _transport):
        asked.append(query.id)
        return records(query, rcode="NXDOMAIN").to_wire()

    server = loopback.serve_dns(answer)
    ask(server, server)

    assert len(asked) == 1


def test_a_lost_packet_is_sent_again(loopback):
    seen = []

    def answer(query, _transport):
        seen.append(query.id)
        return records(query, A).to_wire() if len(seen) > 1 else None

    assert ask(loopback.serve_dns(answer))[1] == ("198.51.100.10",)


def test_a_slow_server_is_waited_for_until_the_deadline(loopback):
    """Its answer counts also when it comes after the second packet was sent."""

    def answer(query, _transport):
        time.sleep(0.5)
        return records(query, A).to_wire()

    assert ask(loopback.serve_dns(answer), seconds=2.0)[1] == ("198.51.100.10",)


def test_a_server_that_fails_beside_a_silent_one_is_the_failure(loopback):
    failing, silent = always(rcode="SERVFAIL"), never

    stage, _ = ask(loopback.serve_dns(failing), loopback.serve_dns(silent), seconds=0.4)

    assert stage.outcome == "dns-servfail"


def test_garbage_is_a_failure_of_the_server(loopback):
    def answer(query, _transport):
        return query.to_wire()[:2] + b"\x80" + bytes(9) + b"\xff"

    stage, _ = ask(loopback.serve_dns(answer))

    assert (stage.outcome, stage.error.split(":")[0]) == ("dns-servfail", "malformed reply")


def test_a_stranger_s_packet_is_ignored(loopback):
    """Only the transaction's own id answers it; a wrong one must not end the wait."""

    def answer(query, _transport):
        query.id ^= 1
        return records(query, A).to_wire()

    stage, _ = ask(loopback.serve_dns(answer), seconds=0.3)

    assert stage.outcome == "dns-timeout"


def test_no_server_to_ask_is_said():
    stage, _ = ask()

    assert (stage.outcome, stage.error) == ("dns-timeout", "resolv.conf names no server")


def test_what_is_no_name_is_not_asked_for(loopback):
    stage, _ = ask(loopback.serve_dns(always(A)), host="a..example")

    assert stage.outcome == "not-probed"


def test_the_end_of_the_invocation_is_not_the_servers_silence(loopback):
    budget = Budget(timeout_seconds=60, ends_at=time.monotonic() - 1)

    stage, _ = asyncio.run(resolve(HOST, "ipv4", (loopback.serve_dns(always(A)),), budget))

    assert (stage.outcome, stage.detail) == ("not-probed", {"cut_short": True})
