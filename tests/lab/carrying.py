"""A process that builds networks from Describe answers and sends real packets through them.

Started as a program it reads one question a line and answers each with what arrived; it owns its
namespaces, so nothing is left of it. Both ends of a flow are plain sockets in their namespaces.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import struct
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netprobe.lab.network.answers import describe_vpcs
from netprobe.lab.network.isolation import isolate, mount_private_run, tool
from netprobe.lab.network.layout import INTERNET
from netprobe.lab.network.linux import end_with_parent, inside
from netprobe.lab.network.netns import Network
from netprobe.lab.network.topology import compile_vpcs
from netprobe.lab.network.world import read_world

PATIENCE_SECONDS = 0.8
ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
MUCH = b"0123456789" * 2000
"""More than one packet takes."""
_IPV6_FREEBIND = 78
"""IPV6_FREEBIND of linux/in6.h, which Python's socket module has no name for."""
WORLD = """
[[host]]
name = "www.example.com"
ipv4 = ["192.0.2.80"]
ipv6 = ["3fff:c::80"]
listen = ["tcp/443", "udp/53", "icmp", "protocol/99"]
"""


@dataclass(frozen=True)
class Flow:
    """What is asked: from a namespace to an address that another one answers for."""

    source: str
    destination: str
    address: str
    protocol: int = TCP
    port: int = 443
    bind: str | None = None
    """The address to send from, where there is a choice."""


def carry(network: Network, flow: Flow) -> str | None:
    """Return the address the far end saw, None when no answer came back."""
    ends = {TCP: _tcp, UDP: _udp}.get(flow.protocol, _raw)
    try:
        return ends(network, flow)
    except OSError as error:
        if error.errno in {None, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ECONNREFUSED}:
            return None  # nothing came, or a router said so
        raise


def _family(flow: Flow) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in flow.address else socket.AF_INET


@contextlib.contextmanager
def _ends(network: Network, flow: Flow, kind: int, number: int) -> Iterator[list[socket.socket]]:
    """Yield the far end's socket and the near end's, each in its namespace."""
    translated = "." in _own_address(flow)
    far_family = socket.AF_INET if translated else _family(flow)
    far_number = ICMP if translated and number == ICMPV6 else number
    ends = (
        (flow.destination, far_family, far_number),
        (flow.source, _family(flow), number),
    )
    with contextlib.ExitStack() as stack:
        found = []
        for space, family, protocol in ends:
            with inside(network.name(space)):
                found.append(stack.enter_context(socket.socket(family, kind, protocol)))
            found[-1].settimeout(PATIENCE_SECONDS)
            found[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if found[-1].family == socket.AF_INET6:
                found[-1].setsockopt(socket.IPPROTO_IPV6, _IPV6_FREEBIND, 1)
        if flow.bind:
            found[1].bind((flow.bind, 0))
        yield found


def _tcp(network: Network, flow: Flow) -> str | None:
    with _ends(network, flow, socket.SOCK_STREAM, 0) as (far, near):
        far.bind(("", flow.port))
        far.listen()
        near.connect((flow.address, flow.port))
        connection, peer = far.accept()
        with connection:
            connection.settimeout(PATIENCE_SECONDS)
            near.sendall(MUCH)
            there = _receive(connection, len(MUCH))
            connection.sendall(MUCH)
            back = _receive(near, len(MUCH))
        return str(peer[0]) if there == back == MUCH else None


def _receive(talk: socket.socket, length: int) -> bytes:
    """Read that much, or as much as there is: with a timeout, MSG_WAITALL waits for nothing."""
    found = b""
    while len(found) < length and (more := talk.recv(length - len(found))):
        found += more
    return found


def _udp(network: Network, flow: Flow) -> str | None:
    with _ends(network, flow, socket.SOCK_DGRAM, 0) as (far, near):
        far.bind((_own_address(flow), flow.port))
        near.sendto(b"hello", (flow.address, flow.port))
        data, peer = far.recvfrom(64)
        far.sendto(data, peer)
        return str(peer[0]) if near.recv(64) == data else None


def _own_address(flow: Flow) -> str:
    """Return the address the far end answers from: on the internet, the one that was asked."""
    if flow.destination != INTERNET:
        return ""
    packed = socket.inet_pton(_family(flow), flow.address)
    if packed.startswith(b"\x00\x64\xff\x9b"):
        return socket.inet_ntoa(packed[12:])
    return flow.address


def _raw(network: Network, flow: Flow) -> str | None:
    """Ping, or send a packet of any protocol and answer it."""
    if flow.protocol in {ICMP, ICMPV6}:
        return _ping(network, flow)
    with _ends(network, flow, socket.SOCK_RAW, flow.protocol) as (far, near):
        far.bind((_own_address(flow), 0))
        near.sendto(b"hello-raw", (flow.address, 0))
        packet, peer = far.recvfrom(256)
        far.sendto(b"back", peer)
        answer = near.recv(256)
        return str(peer[0]) if answer.endswith(b"back") and packet.endswith(b"raw") else None


def _ping(network: Network, flow: Flow) -> str | None:
    kind, reply = (128, 129) if ":" in flow.address else (8, 0)
    with _ends(network, flow, socket.SOCK_RAW, flow.protocol) as (far, near):
        head = struct.pack("!BBHHH", kind, 0, 0, 77, 1)
        head = struct.pack("!BBHHH", kind, 0, _checksum(head + b"hello"), 77, 1)
        near.sendto(head + b"hello", (flow.address, 0))
        _, peer = far.recvfrom(256)
        while True:  # the near end hears its own requests too
            answer, _ = near.recvfrom(256)
            message = answer if ":" in flow.address else answer[20:]
            if message[0] == reply:
                return str(peer[0])


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def answer(question: dict[str, Any]) -> list[str | None]:
    """Return what the far end of each flow saw."""
    described = describe_vpcs(question["answers"], "us-east-1")
    network = Network(compile_vpcs(described, read_world(WORLD)), "t")
    try:
        network.build()
        flows = [Flow(**item) for item in question["flows"]]
        return [carry(network, flow) for flow in flows]
    finally:
        network.remove()


def main() -> None:
    """Answer questions until there are none left."""
    isolate()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        sys.exit(os.waitstatus_to_exitcode(status))
    end_with_parent()
    mount_private_run()
    subprocess.run([tool("ip"), "link", "set", "lo", "up"], check=True)
    for line in sys.stdin:
        try:
            said: object = answer(json.loads(line))
        except Exception:  # noqa: BLE001 # the test that asked must see it, and the next one go on
            said = traceback.format_exc()
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
