from __future__ import annotations

import asyncio
import math
import socket
import threading

from probe_lambda.connect import Peer
from probe_lambda.datagram import exchange_datagrams
from probe_lambda.stage import Budget
from probe_lambda.wire import Datagram
from tests.unit.probe_lambda.loopback import sandbox


def send(port, payload="", *, seconds=1.0):
    peer = Peer(address="127.0.0.1", family="ipv4", port=port, sandbox=sandbox())
    budget = Budget(timeout_seconds=seconds, ends_at=math.inf)
    return asyncio.run(exchange_datagrams(Datagram(payload=payload), peer, budget))


def test_the_beginning_of_the_reply_is_kept():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def echo():
            data, sender = server.recvfrom(2000)
            server.sendto(data * 600, sender)

        thread = threading.Thread(target=echo)
        thread.start()
        stage = send(server.getsockname()[1], "0a0b")
        thread.join()

    assert (stage.stage, stage.outcome) == ("datagram", "reachable")
    assert stage.detail == {"source_address": "127.0.0.1", "reply": "0a0b" * 256}


def test_silence_is_a_timeout():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        assert send(server.getsockname()[1], "00", seconds=0.1).outcome == "timeout"


def test_a_closed_port_refuses():
    """Its host answers with ICMP, which a connected socket hears."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

    assert send(port, "00").outcome == "refused"
