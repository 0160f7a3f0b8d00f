from __future__ import annotations

import asyncio
import base64
import hashlib
import math
import socket

import pytest

from probe_lambda.connect import Peer
from probe_lambda.stage import Budget
from probe_lambda.websocket import websocket
from probe_lambda.wire import Target
from tests.unit.probe_lambda.loopback import answering, sandbox, stay_silent

HOST = "ws.example"
PLENTY = Budget(timeout_seconds=2.0, ends_at=math.inf)


def opening(*, accept=None):
    """Answer 101 as RFC 6455 wants it, or with another ``accept``."""

    async def conversation(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        proof = (headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()
        right = base64.b64encode(hashlib.sha1(proof, usedforsecurity=False).digest()).decode()
        writer.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Server: {head.split(' ')[1]} {headers['Sec-WebSocket-Version']}\r\n"
            f"Sec-WebSocket-Accept: {accept or right}\r\n\r\n".encode()
        )
        await reader.read()

    return conversation


def attempt(port, *, context=None, budget=PLENTY):
    tls = context is not None
    target = Target(id="t", host=HOST, port=port, tls=tls, websocket_path="/prod")
    peer = Peer(address="127.0.0.1", family="ipv4", port=port, sandbox=sandbox())
    return asyncio.run(websocket(target, peer, context, budget))


def test_a_websocket_that_opens_is_reachable(loopback, authority):
    port = loopback.serve(opening(), tls=authority.server(HOST))

    stage = attempt(port, context=authority.client())

    assert (stage.stage, stage.outcome, stage.error) == ("websocket", "reachable", None)
    assert stage.detail["status"] == 101
    assert stage.detail["headers"]["server"] == "/prod 13"


def test_a_websocket_without_tls_opens_too(loopback):
    assert attempt(loopback.serve(opening())).outcome == "reachable"


def test_an_accept_for_another_key_is_not_a_websocket(loopback):
    stage = attempt(loopback.serve(opening(accept="AAAAAAAAAAAAAAAAAAAAAAAAAAA=")))

    assert stage.outcome == "http-error"
    assert stage.error == "101 with the Sec-WebSocket-Accept of another key"


@pytest.mark.parametrize("line", ["403 Forbidden", "200 OK", "301 Moved Permanently"])
def test_any_other_status_is_kept_and_is_not_a_websocket(loopback, line):
    response = f"HTTP/1.1 {line}\r\nx-amzn-ErrorType: X\r\nContent-Length: 2\r\n\r\n{{}}".encode()

    stage = attempt(loopback.serve(answering(response)))

    assert (stage.outcome, stage.error) == ("http-error", f"HTTP/1.1 {line}")
    assert stage.detail["status"] == int(line[:3])
    assert stage.detail["headers"] == {"x-amzn-errortype": "X"}
    assert stage.detail["body"] == "{}"


def test_a_port_that_refuses_is_the_stages_outcome():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

    stage = attempt(port)

    assert (stage.outcome, stage.error) == ("refused", "ECONNREFUSED: Connection refused")


def test_a_certificate_for_another_name_is_the_stages_outcome(loopback, authority):
    port = loopback.serve(opening(), tls=authority.server("wrong.example"))

    stage = attempt(port, context=authority.client())

    assert stage.outcome == "tls-failed"
    assert "Hostname mismatch" in stage.error


def test_silence_is_a_timeout(loopback):
    budget = Budget(timeout_seconds=0.2, ends_at=math.inf)

    assert attempt(loopback.serve(stay_silent), budget=budget).outcome == "timeout"
