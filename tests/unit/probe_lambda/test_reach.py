from __future__ import annotations

import asyncio
import math
import socket
import time
from dataclasses import replace

import pytest

from probe_lambda.reach import Invocation, reach_target
from probe_lambda.stage import Budget
from probe_lambda.wire import Datagram, HttpRequest, Target
from tests.unit.probe_lambda.loopback import answering, records, sandbox, stay_silent

HOST = "api.example"
LITERAL = Target(id="t", host="127.0.0.1", port=1, tls=False)
NAME = replace(LITERAL, host=HOST)


def reach(target, *resolvers, context=None, ipv6=True, attempts=1):
    async def once():
        invocation = Invocation(
            sandbox=sandbox(*resolvers, ipv6=ipv6),
            budget=Budget(timeout_seconds=0.5, ends_at=math.inf),
            contexts={True: context, False: context} if context else {},
            questions=asyncio.Semaphore(4),
            connections=asyncio.Semaphore(4),
            attempts=attempts,
        )
        return await reach_target(target, invocation)

    ipv4_result, ipv6_result = asyncio.run(once())

    assert (ipv4_result.family, ipv6_result.family) == ("ipv4", "ipv6")
    return ipv4_result, ipv6_result


def zone(loopback, *, a=(), aaaa=()):
    """Serve ``HOST`` with these addresses."""

    def answer(query, _transport):
        rdtype = query.question[0].rdtype.name
        found = a if rdtype == "A" else aaaa
        return records(
            query, *(f"{HOST}. 60 IN {rdtype} {address}" for address in found)
        ).to_wire()

    return loopback.serve_dns(answer)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def names(result):
    return [stage.stage for stage in result.stages]


def test_a_literal_address_is_not_resolved_and_the_other_family_not_probed(loopback):
    port = loopback.serve(stay_silent)

    ipv4, ipv6 = reach(replace(LITERAL, port=port))

    assert (ipv4.outcome, ipv4.address, names(ipv4)) == ("reachable", "127.0.0.1", ["connect"])
    assert (ipv6.outcome, ipv6.address, ipv6.stages) == ("not-probed", None, ())


def test_both_families_are_asked_for_and_each_has_its_outcome(loopback):
    port = loopback.serve(stay_silent)

    ipv4, ipv6 = reach(replace(NAME, port=port), zone(loopback, a=["127.0.0.1"]))

    assert (ipv4.outcome, names(ipv4)) == ("reachable", ["resolve", "connect"])
    assert (ipv6.outcome, names(ipv6)) == ("dns-nodata", ["resolve"])


@pytest.mark.usefixtures("ipv6_loopback")
def test_ipv6_is_reached_beside_ipv4(loopback):
    port = loopback.serve(stay_silent, address="::1")

    ipv4, ipv6 = reach(replace(NAME, port=port), zone(loopback, a=["127.0.0.1"], aaaa=["::1"]))

    assert (ipv4.outcome, ipv6.outcome) == ("refused", "reachable")
    assert (ipv6.address, ipv6.source_address) == ("::1", "::1")


def test_every_address_is_tried_and_the_first_reachable_one_counts(loopback):
    port = loopback.serve(stay_silent, address="127.0.0.2")
    server = zone(loopback, a=["127.0.0.1", "127.0.0.2"])

    ipv4, _ = reach(replace(NAME, port=port), server)

    tried = [(result.address, result.outcome) for result in ipv4.addresses]
    assert tried == [("127.0.0.1", "refused"), ("127.0.0.2", "reachable")]
    assert (ipv4.outcome, ipv4.address) == ("reachable", "127.0.0.2")
    assert ipv4.stages[1:] == ipv4.addresses[1].stages


def test_where_none_is_reachable_the_first_address_counts(loopback):
    server = zone(loopback, a=["127.0.0.3", "127.0.0.1"])

    ipv4, _ = reach(replace(NAME, port=free_port()), server)

    assert (ipv4.outcome, ipv4.address) == ("refused", "127.0.0.3")


def test_no_more_than_sixteen_addresses_are_tried(loopback):
    server = zone(loopback, a=[f"127.0.1.{n}" for n in range(1, 21)])

    ipv4, _ = reach(replace(NAME, port=free_port()), server)

    assert len(ipv4.addresses) == 16
    assert len(ipv4.stages[0].detail["addresses"]) == 20


def test_a_family_that_was_not_asked_for_is_resolved_only(loopback):
    server = zone(loopback, a=["127.0.0.1"], aaaa=["::1"])

    ipv4, ipv6 = reach(replace(NAME, port=free_port(), families=("ipv4",)), server)

    assert (ipv4.outcome, ipv6.outcome) == ("refused", "not-probed")
    assert ipv6.stages[0].detail["addresses"] == ["::1"]


def test_port_zero_asks_for_the_name_alone(loopback):
    ipv4, ipv6 = reach(replace(NAME, port=0), zone(loopback, a=["127.0.0.1"]))

    assert (ipv4.outcome, names(ipv4), ipv4.addresses) == ("reachable", ["resolve"], ())
    assert ipv6.outcome == "dns-nodata"


def test_port_zero_of_an_address_is_nothing_to_probe():
    assert [result.outcome for result in reach(replace(LITERAL, port=0))] == ["not-probed"] * 2


def test_a_refused_request_does_not_keep_the_websocket_from_being_tried(loopback, authority):
    """API Gateway refuses an unsigned ``@connections`` call of an API whose WebSocket opens."""
    port = loopback.serve(
        answering(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
        tls=authority.server("127.0.0.1"),
    )
    target = replace(
        LITERAL, port=port, tls=True, http=HttpRequest(path="/"), websocket_path="/prod"
    )

    ipv4, _ = reach(target, context=authority.client())

    assert names(ipv4) == ["connect", "handshake", "request", "websocket"]
    assert [stage.detail.get("status") for stage in ipv4.stages] == [None, None, 403, 403]
    assert ipv4.outcome == "http-error"


def test_a_websocket_alone_is_tried_without_a_request(loopback):
    port = loopback.serve(answering(b"HTTP/1.1 426 Upgrade Required\r\n\r\n"))

    ipv4, _ = reach(replace(LITERAL, port=port, websocket_path="/"))

    assert names(ipv4) == ["connect", "websocket"]


def test_nothing_is_asked_for_after_a_failed_handshake(loopback, authority):
    port = loopback.serve(stay_silent)
    target = replace(LITERAL, port=port, tls=True, http=HttpRequest(path="/"))

    ipv4, _ = reach(target, context=authority.client())

    assert (ipv4.outcome, names(ipv4)) == ("timeout", ["connect", "handshake"])


def test_the_first_stage_that_failed_decides(loopback):
    port = loopback.serve(answering(b"junk\r\n"))
    target = replace(LITERAL, port=port, http=HttpRequest(path="/"))

    ipv4, _ = reach(target)

    assert [stage.outcome for stage in ipv4.stages] == ["reachable", "http-error"]
    assert ipv4.outcome == "http-error"


def test_the_large_request_comes_after_an_answer(loopback):
    port = loopback.serve(answering(b"HTTP/1.1 204 No Content\r\n\r\n"))
    target = replace(LITERAL, port=port, http=HttpRequest(path="/"), large_request=True)

    ipv4, _ = reach(target)

    assert names(ipv4) == ["connect", "request", "large-request"]
    assert ipv4.outcome == "reachable"


def test_without_an_answer_there_is_no_large_request(loopback):
    target = replace(
        LITERAL, port=loopback.serve(stay_silent), http=HttpRequest(path="/"), large_request=True
    )

    assert names(reach(target)[0]) == ["connect", "request"]


def test_every_attempt_is_told_and_the_first_in_full(loopback):
    """Every second connection is refused service: sometimes is neither always nor never."""
    served = iter(range(4))

    async def every_second(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        status = b"200 OK" if next(served) % 2 == 0 else b"503 Service Unavailable"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    target = replace(LITERAL, port=loopback.serve(every_second), http=HttpRequest(path="/"))

    ipv4, ipv6 = reach(target, attempts=4)

    assert [one.outcome for one in ipv4.attempts] == ["reachable", "http-error"] * 2
    assert [sorted(one.milliseconds) for one in ipv4.attempts] == [
        ["connect", "request"], ["connect"], ["connect", "request"], ["connect"],
    ]  # fmt: skip
    assert (ipv4.outcome, names(ipv4)) == ("reachable", ["connect", "request"])
    assert {one.outcome for one in ipv6.attempts} == {"not-probed"}


def test_one_attempt_is_not_told_twice(loopback):
    assert reach(replace(LITERAL, port=loopback.serve(stay_silent)))[0].attempts == ()


def test_attempts_at_silence_overlap(loopback):
    """Ten attempts take one deadline and the second between the first and the last."""
    target = replace(LITERAL, port=loopback.serve(stay_silent), http=HttpRequest(path="/"))
    begun = time.monotonic()

    ipv4, _ = reach(target, attempts=4)

    assert [one.outcome for one in ipv4.attempts] == ["timeout"] * 4
    assert time.monotonic() - begun < 2 * 0.5


def test_a_datagram_goes_over_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        target = replace(LITERAL, port=silent.getsockname()[1], datagram=Datagram(payload="00ff"))

        ipv4, ipv6 = reach(target)

        assert silent.recv(10) == b"\x00\xff"
    assert (ipv4.outcome, names(ipv4)) == ("timeout", ["datagram"])
    assert ipv4.source_address == "127.0.0.1"
    assert ipv6.outcome == "not-probed"
