"""Packets as bytes: one request of any protocol, the reply to it, and a token that names the flow.

Nothing listens in the judge's namespaces. It sends and answers with packets of its own making, so
that every protocol is watched in the same way and the ports it sends from are the ones it means.
The token rides where no gateway on the way rewrites: in TCP's sequence number (RFC 9293), in the
data of everything else.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from ipaddress import ip_address

ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
_SYN, _ACK = 0x02, 0x10
_ECHO = {ICMP: (8, 0), ICMPV6: (128, 0)}
_ECHO_REPLY = {ICMP: (0, 0), ICMPV6: (129, 0)}
_REQUEST, _REPLY = b"\0\0\0\0judge-q:", b"\0\0\0\0judge-r:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One packet: a request, or the reply to one."""

    source: str
    destination: str
    protocol: int
    source_port: int = 0
    port: int = 0
    token: int
    reply: bool = False

    def answered(self) -> Message:
        """Return the reply to a request, as its receiver sends it."""
        return replace(
            self,
            source=self.destination,
            destination=self.source,
            source_port=self.port,
            port=self.source_port,
            reply=True,
        )


def write(message: Message) -> bytes:
    """Return the packet from the IP header on."""
    source, destination = ip_address(message.source), ip_address(message.destination)
    body = _body(message)
    pseudo = source.packed + destination.packed
    pseudo += (
        struct.pack("!BBH", 0, message.protocol, len(body))
        if source.version == 4
        else struct.pack("!IHBB", len(body), 0, 0, message.protocol)
    )
    body = _with_checksum(message.protocol, body, pseudo)
    if source.version == 4:
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, 64, message.protocol, 0)
        return head + source.packed + destination.packed + body
    head = struct.pack("!IHBB", 6 << 28, len(body), message.protocol, 64)
    return head + source.packed + destination.packed + body


def read(packet: bytes) -> Message | None:
    """Return what a packet is, None when it is none of the judge's."""
    if len(packet) < 20:
        return None
    if packet[0] >> 4 == 4:
        source, destination = ip_address(packet[12:16]), ip_address(packet[16:20])
        protocol, body = packet[9], packet[(packet[0] & 15) * 4 :]
    else:
        source, destination = ip_address(packet[8:24]), ip_address(packet[24:40])
        protocol, body = packet[6], packet[40:]
    found = _read_body(protocol, body)
    if found is None:
        return None
    source_port, port, token, reply = found
    return Message(
        source=str(source),
        destination=str(destination),
        protocol=protocol,
        source_port=source_port,
        port=port,
        token=token,
        reply=reply,
    )


def _body(message: Message) -> bytes:
    data = (_REPLY if message.reply else _REQUEST) + struct.pack("!I", message.token)
    ports = message.source_port, message.port
    match message.protocol:
        case 6:
            flags = _SYN | _ACK if message.reply else _SYN
            sequence, acknowledged = (
                (7, message.token + 1) if message.reply else (message.token, 0)
            )
            return struct.pack(
                "!HHIIBBHHH", *ports, sequence, acknowledged, 0x50, flags, 65535, 0, 0
            )
        case 17:
            return struct.pack("!HHHH", *ports, 8 + len(data), 0) + data
        case 1 | 58:
            kind = (_ECHO_REPLY if message.reply else _ECHO)[message.protocol]
            return struct.pack("!BBHHH", *kind, 0, message.token & 0xFFFF, 1) + data
        case _:
            return data


def _read_body(protocol: int, body: bytes) -> tuple[int, int, int, bool] | None:
    if protocol == TCP and len(body) >= 20:
        source_port, port, sequence, acknowledged, _, flags = struct.unpack_from("!HHIIBB", body)
        if flags & 0x3F == _SYN:
            return source_port, port, sequence, False
        if flags & 0x3F == _SYN | _ACK:
            return source_port, port, (acknowledged - 1) & 0xFFFFFFFF, True
        return None
    source_port = port = 0
    data = body
    if protocol == UDP and len(body) >= 8:
        source_port, port = struct.unpack_from("!HH", body)
        data = body[8:]
    elif protocol in _ECHO:
        data = body[8:]
    for mark, reply in ((_REQUEST, False), (_REPLY, True)):
        if data.startswith(mark) and len(data) >= len(mark) + 4:
            return source_port, port, struct.unpack_from("!I", data, len(mark))[0], reply
    return None


def _with_checksum(protocol: int, body: bytes, pseudo: bytes) -> bytes:
    place = {TCP: 16, UDP: 6, ICMP: 2, ICMPV6: 2}.get(protocol)
    if place is None:
        return body
    total = _checksum(body if protocol == ICMP else pseudo + body)
    if protocol == UDP and total == 0:
        total = 0xFFFF
    return body[:place] + struct.pack("!H", total) + body[place + 2 :]


def _checksum(data: bytes) -> int:
    """Return the internet checksum, see RFC 1071."""
    padded = data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
