from __future__ import annotations

import asyncio
import math
import socket
import time
import tracemalloc

import pytest

from probe_lambda.connect import Peer
from probe_lambda.handshake import open_stream
from probe_lambda.request import large_request, request
from probe_lambda.stage import Budget
from probe_lambda.wire import HttpRequest, Target
from tests.unit.probe_lambda.loopback import (
    answering,
    repeating,
    reset_after_first_bytes,
    sandbox,
    stay_silent,
)

OK = b"HTTP/1.1 200 OK\r\n"
FORBIDDEN = (
    b"HTTP/1.1 403 Forbidden\r\n"
    b"Server: CloudFront\r\n"
    b"x-amzn-RequestId: 1234\r\n"
    b"x-amzn-ErrorType: ForbiddenException\r\n"
    b"x-amz-apigw-id: abc=\r\n"
    b"Set-Cookie: session=secret\r\n"
    b"Content-Type: application/json\r\n"
    b"Content-Length: 23\r\n"
    b"\r\n"
    b'{"message":"Forbidden"}'
)


def ask(port, *, host="127.0.0.1", seconds=1.0, http=None):
    target = Target(id="t", host=host, port=port, tls=False)

    async def try_once():
        connected = socket.create_connection(("127.0.0.1", port))
        connected.settimeout(0)
        stream = await open_stream(connected, host, None)
        budget = Budget(timeout_seconds=seconds, ends_at=math.inf)
        try:
            return await request(stream, target, http or HttpRequest(path="/prod/x?y=1"), budget)
        finally:
            stream.abort()

    return asyncio.run(try_once())


def test_a_refusal_keeps_what_tells_who_refused(loopback):
    stage = ask(loopback.serve(answering(FORBIDDEN)))

    assert (stage.stage, stage.outcome) == ("request", "http-error")
    assert stage.error == "HTTP/1.1 403 Forbidden"
    assert stage.detail == {
        "status": 403,
        "headers": {
            "content-type": "application/json",
            "server": "CloudFront",
            "x-amz-apigw-id": "abc=",
            "x-amzn-errortype": "ForbiddenException",
            "x-amzn-requestid": "1234",
        },
        "body": '{"message":"Forbidden"}',
    }


@pytest.mark.parametrize(
    ("response", "outcome", "status", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "reachable", 200, "ok"),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", "reachable", 200, "until the end"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "reachable", 204, ""),
        (b"HTTP/1.1 302 Found\r\nLocation: https://x.example/\r\n\r\n", "reachable", 302, ""),
        (b"HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", "http-error", 404, ""),
        (b"HTTP/1.1 500 Oops\r\n\r\n\xff\xfe", "http-error", 500, "\ufffd\ufffd"),
        (b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nb", "reachable", 200, "b"),
        (b"HTTP/1.1 200 OK\nServer: bare line feeds\n\nb", "reachable", 200, "b"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: junk\r\n\r\nb", "reachable", 200, ""),
        (
            OK + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n",
            "reachable", 200, "abcde",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\nabc",
            "reachable", 200, "abc",
        ),
    ],
    ids=[
        "length", "until end", "no content", "redirect not followed", "no reason phrase",
        "undecodable", "interim first", "bare line feeds", "bad length", "chunked", "bad chunk",
    ],
)  # fmt: skip
def test_an_answer_is_read_as_far_as_it_tells_something(loopback, response, outcome, status, body):
    stage = ask(loopback.serve(answering(response)))

    assert (stage.outcome, stage.detail["status"], stage.detail["body"]) == (outcome, status, body)


@pytest.mark.parametrize(
    ("conversation", "outcome", "error"),
    [
        (answering(b"SSH-2.0-x\r\n"), "http-error", r"not an HTTP answer: b'SSH-2.0-x\r\n'"),
        (answering(b"garbage"), "http-error", "not an HTTP answer: b'garbage'"),
        (answering(b""), "reset", "the server closed the connection without an answer"),
        (
            answering(b"HTTP/1.1 200 OK\r\nServer: x\r\n"),
            "reset",
            "the server closed the connection without an answer",
        ),
        (
            answering(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 40000),
            "http-error",
            "a header line of more than 16384 bytes",
        ),
        (reset_after_first_bytes, "reset", "ECONNRESET: Connection reset by peer"),
        (stay_silent, "timeout", "no answer in 0.3 s"),
    ],
    ids=["ssh", "garbage", "closed", "closed in headers", "endless line", "reset", "silent"],
)
def test_what_is_no_answer_is_told_apart(loopback, conversation, outcome, error):
    stage = ask(loopback.serve(conversation), seconds=0.3)

    assert (stage.outcome, stage.error) == (outcome, error)


@pytest.mark.parametrize(
    ("conversation", "outcome"),
    [
        (repeating(OK + b"Server: x\r\n", b"A: b\r\n" * 1000), "reachable"),
        (repeating(OK, b"A: b\r\n", pause=0.05), "timeout"),
        (repeating(OK + b"Content-Length: 100000000\r\n\r\n", b"x" * 65536), "reachable"),
        (repeating(OK + b"Content-Length: 512\r\n\r\n", b"x", pause=0.05), "reachable"),
        (repeating(b"", b"HTTP/1.1 103 Hints\r\n\r\n" * 99), "reachable"),
        (repeating(b"", b"x", pause=0.05), "timeout"),
    ],
    ids=["headers", "slow headers", "huge body", "slow body", "interim", "slow status line"],
)  # fmt: skip
def test_a_server_without_end_costs_no_more_than_the_deadline(loopback, conversation, outcome):
    begun = time.monotonic()

    stage = ask(loopback.serve(conversation), seconds=0.5)

    assert stage.outcome == outcome
    assert time.monotonic() - begun < 3
    assert len(stage.detail.get("body", "")) <= 512


def test_a_status_that_came_is_kept_when_the_headers_do_not_end(loopback):
    slow = repeating(b"HTTP/1.1 200 OK\r\nServer: x\r\n", b"A: b\r\n", pause=0.05)

    stage = ask(loopback.serve(slow), seconds=0.3)

    assert (stage.outcome, stage.detail) == ("timeout", {"status": 200})


def test_the_body_s_first_512_bytes_are_kept(loopback):
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"y" * 2000

    assert ask(loopback.serve(answering(response))).detail["body"] == "y" * 512


def test_a_long_header_is_cut(loopback):
    response = b"HTTP/1.1 200 OK\r\nServer: " + b"s" * 5000 + b"\r\n\r\n"

    assert ask(loopback.serve(answering(response))).detail["headers"] == {"server": "s" * 512}


@pytest.mark.parametrize(
    ("host", "http", "lines"),
    [
        ("a.example", HttpRequest(path="/p?q=1"), ["GET /p?q=1 HTTP/1.1", "Host: a.example:{}"]),
        ("api.example.", HttpRequest(path="/"), ["GET / HTTP/1.1", "Host: api.example:{}"]),
        ("2001:db8::1", HttpRequest(path="/"), ["GET / HTTP/1.1", "Host: [2001:db8::1]:{}"]),
        ("fe80::1%eth0", HttpRequest(path="/"), ["GET / HTTP/1.1", "Host: [fe80::1]:{}"]),
        (
            "api.example",
            HttpRequest(path="/", method="POST"),
            ["POST / HTTP/1.1", "Host: api.example:{}", "Content-Length: 0"],
        ),
    ],
    ids=["name", "final dot", "ipv6", "zone id", "post"],
)  # fmt: skip
def test_the_request_says_what_was_asked_and_carries_no_credentials(loopback, host, http, lines):
    received = []

    async def listen(reader, writer):
        received.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()

    port = loopback.serve(listen)
    ask(port, host=host, http=http)

    sent = received[0].decode().split("\r\n")
    wanted = [line.format(port) for line in lines]
    assert sent[: len(wanted[:2])] == wanted[:2]
    assert set(sent) == {
        *wanted, "User-Agent: netprobe", "Accept: */*", "Connection: close", "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "seen_as"), [(b"203.0.113.10\n", "203.0.113.10"), (b"2001:db8::1", "2001:db8::1")]
)
def test_an_answer_that_is_an_address_is_the_one_the_far_end_saw(loopback, body, seen_as):
    head = OK + b"Content-Length: %d\r\n\r\n" % len(body)

    assert ask(loopback.serve(answering(head + body))).detail["seen_as"] == seen_as


def test_any_other_answer_tells_no_address(loopback):
    stage = ask(loopback.serve(answering(OK + b"Content-Length: 12\r\n\r\n10.0.0.1 10.")))

    assert "seen_as" not in stage.detail


def ask_largely(port, *, seconds=1.0):
    target = Target(id="t", host="127.0.0.1", port=port, tls=False, http=HttpRequest(path="/prod"))
    peer = Peer(address="127.0.0.1", family="ipv4", port=port, sandbox=sandbox())
    budget = Budget(timeout_seconds=seconds, ends_at=math.inf)
    return asyncio.run(large_request(target, peer, None, budget))


def test_a_large_request_is_longer_than_any_packet_and_any_answer_proves_it(loopback):
    lengths = []

    async def measure(reader, writer):
        lengths.append(len(await reader.readuntil(b"\r\n\r\n")))
        writer.write(b"HTTP/1.1 431 Request Header Fields Too Large\r\n\r\n")
        await writer.drain()

    stage = ask_largely(loopback.serve(measure))

    assert (stage.stage, stage.outcome, stage.detail["status"]) == (
        "large-request", "reachable", 431,
    )  # fmt: skip
    assert lengths[0] > 6000


def test_a_large_request_without_an_answer_stalled(loopback):
    """A far end that got only small packets never sees the end of the request."""
    stage = ask_largely(loopback.serve(stay_silent), seconds=0.2)

    assert (stage.outcome, stage.error) == ("timeout", "no answer in 0.2 s")


GZIPPED = OK + b"Content-Encoding: gzip\r\n\r\n"


@pytest.mark.parametrize(
    "conversation",
    [
        repeating(OK, b"X-Junk: " + b"x" * 1000 + b"\r\n"),
        repeating(OK + b"Content-Length: 104857600\r\n\r\n", b"x" * 4096),
        repeating(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"fff\r\n" + b"x" * 4095 + b"\r\n"),
        repeating(GZIPPED, b"\x1f\x8b\x08" + bytes(4093)),
        repeating(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=[
        "endless headers",
        "100 MB body",
        "endless chunks",
        "gzip bomb",
        "endless interim answers",
    ],
)
def test_a_hostile_server_costs_little_memory(loopback, conversation):
    """What is kept of an answer is small, however much the server sends: under 1 MB in all."""
    port = loopback.serve(conversation)
    ask(port, seconds=0.2)  # what is imported and cached on the way is no cost of the answer
    tracemalloc.start()
    try:
        ask(port, seconds=0.5)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 1_000_000
