"""The translation between IPv6 and IPv4 that a NAT gateway does for 64:ff9b::/96.

The kernel has none, so a thread does it: in the gateway's namespace a pair of devices joins two
halves, the kernel routes what is to be translated to one end, and the thread reads and writes
packets at the other. Each IPv6 client gets an IPv4 address of the gateway's own; the gateway's
source translation does the rest. See RFC 7915 and
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import threading
from ipaddress import IPv4Address

from netprobe.lab.network.linux import inside

NEAR, FAR = "nat64", "nat64far"
"""The kernel's end of the pair, and the translator's."""
_NEAR_LINK = bytes.fromhex("020000000064")
"""The near end's link-layer address, which what is translated is sent to."""
CLIENTS = "198.19.0.0/16"
"""Addresses that stand for IPv6 clients; they never leave the gateway (RFC 2544)."""

_PREFIX = bytes.fromhex("0064ff9b") + bytes(8)
_FIRST_CLIENT = int(IPv4Address("198.19.0.1"))
_IPV4, _IPV6 = 0x0800, 0x86DD
_ICMP, _TCP, _UDP, _ICMPV6 = 1, 6, 17, 58
_ECHO = {128: 8, 129: 0}
"""ICMPv6 echo request and reply, as ICMP has them (RFC 7915, section 5.2)."""
_CHECKSUM_AT = {_TCP: 16, _UDP: 6}
_HEADER_IPV4, _HEADER_IPV6 = 20, 40


def device_commands() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ``ip`` commands of each family that make the pair and lead packets to it."""
    address = _NEAR_LINK.hex(":")
    return (
        f"link add {NEAR} address {address} type veth peer name {FAR}",
        f"link set {FAR} up",
        # Whole packets only: the kernel passes on bundles of them where it can.
        f"link set {NEAR} gso_max_segs 1",
        f"link set {NEAR} arp off up",
        f"route add {CLIENTS} dev {NEAR}",
    ), (f"route add 64:ff9b::/96 dev {NEAR}",)


class Clients:
    """Which IPv4 address stands for which IPv6 client."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._addresses: list[bytes] = []

    def ipv4_of(self, client: bytes) -> bytes:
        """Return the address that stands for a client, a new one at its first packet."""
        if client not in self._numbers:
            self._numbers[client] = len(self._addresses)
            self._addresses.append(client)
        return (_FIRST_CLIENT + self._numbers[client]).to_bytes(4, "big")

    def ipv6_of(self, address: bytes) -> bytes | None:
        """Return the client an address stands for."""
        number = int.from_bytes(address, "big") - _FIRST_CLIENT
        return self._addresses[number] if 0 <= number < len(self._addresses) else None


def to_ipv4(packet: bytes, clients: Clients) -> bytes | None:
    """Return an IPv6 packet's IPv4 form, None for what a NAT gateway does not carry."""
    if len(packet) < _HEADER_IPV6 or packet[24:36] != _PREFIX:
        return None
    source, destination = clients.ipv4_of(packet[8:24]), packet[36:40]
    protocol = _ICMP if packet[6] == _ICMPV6 else packet[6]
    body = _body(packet[_HEADER_IPV6:], protocol, _ECHO, source + destination)
    if body is None:
        return None
    length = _HEADER_IPV4 + len(body)
    head = struct.pack("!BBHHHBBH", 0x45, 0, length, 0, 0x4000, packet[7], protocol, 0)
    head += source + destination
    checksum = struct.pack("!H", _checksum(head))
    return head[:10] + checksum + head[12:] + body


def to_ipv6(packet: bytes, clients: Clients) -> bytes | None:
    """Return an IPv4 packet's IPv6 form, None when it is for no client."""
    if len(packet) < _HEADER_IPV4:
        return None
    client = clients.ipv6_of(packet[16:20])
    if client is None:
        return None
    source = _PREFIX + packet[12:16]
    protocol = _ICMPV6 if packet[9] == _ICMP else packet[9]
    content = packet[(packet[0] & 15) * 4 : int.from_bytes(packet[2:4], "big")]
    back = {ipv4: ipv6 for ipv6, ipv4 in _ECHO.items()}
    body = _body(content, protocol, back, source + client)
    if body is None:
        return None
    return struct.pack("!IHBB", 6 << 28, len(body), protocol, packet[8]) + source + client + body


def _body(content: bytes, protocol: int, kinds: dict[int, int], addresses: bytes) -> bytes | None:
    """Return the transport part with its checksum made anew for these addresses."""
    if protocol in {_ICMP, _ICMPV6}:
        kind = kinds.get(content[0]) if content else None
        if kind is None:
            return None
        at, content = 2, bytes((kind,)) + content[1:]
        pseudo = b"" if protocol == _ICMP else _pseudo(content, protocol, addresses)
    elif protocol in _CHECKSUM_AT:
        at = _CHECKSUM_AT[protocol]
        pseudo = _pseudo(content, protocol, addresses)
    else:
        return None
    if len(content) < at + 2:
        return None
    blank = content[:at] + b"\0\0" + content[at + 2 :]
    return blank[:at] + struct.pack("!H", _checksum(pseudo + blank) or 0xFFFF) + blank[at + 2 :]


def _pseudo(content: bytes, protocol: int, addresses: bytes) -> bytes:
    """Return what checksums cover beside the packet; both families' forms add up the same."""
    return addresses + struct.pack("!IHBB", len(content), 0, 0, protocol)


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Translator:
    """Translates at the far end of the pair in a namespace until it is closed."""

    def __init__(self, namespace: str) -> None:
        self._clients = Clients()
        self._stop_read, self._stop_write = os.pipe()
        every_protocol = socket.htons(3)  # ETH_P_ALL of packet(7)
        with inside(namespace):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, every_protocol)
        self._socket.bind((FAR, 3))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, and let the namespace go."""
        os.write(self._stop_write, b"x")
        self._thread.join()
        self._socket.close()
        os.close(self._stop_read)
        os.close(self._stop_write)

    def _run(self) -> None:
        while True:
            waiting = [self._socket.fileno(), self._stop_read]
            if self._stop_read in select.select(waiting, [], [])[0]:
                return
            packet, address = self._socket.recvfrom(65535)
            if address[2] == socket.PACKET_OUTGOING:
                continue
            with contextlib.suppress(OSError):
                self._pass_on(packet, address[1])

    def _pass_on(self, packet: bytes, kind: int) -> None:
        if kind == _IPV6 and (changed := to_ipv4(packet, self._clients)):
            self._socket.sendto(changed, (FAR, _IPV4, 0, 0, _NEAR_LINK))
        elif kind == _IPV4 and (changed := to_ipv6(packet, self._clients)):
            self._socket.sendto(changed, (FAR, _IPV6, 0, 0, _NEAR_LINK))
