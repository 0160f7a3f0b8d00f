"""Amazon Time Sync of a VPC: one NTP packet back for each that asks (RFC 5905)."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

from netprobe.lab.network.linux import inside

PORT = 123
_PACKET = struct.Struct("!BBbb11I")
"""Leap, version and mode; stratum; poll; precision; delay, dispersion, id; four timestamps."""
_CLIENT, _SERVER = 3, 4
_STRATUM, _PRECISION = 3, -20
_FROM_1900_TO_1970 = 2_208_988_800
"""Seconds between the epochs of NTP and of Unix."""


def reply_to(query: bytes, seconds: float) -> bytes | None:
    """Return the reply to a client's packet at a Unix time, None for anything else."""
    if len(query) < _PACKET.size or query[0] & 7 != _CLIENT:
        return None
    version, poll = query[0] >> 3 & 7, struct.unpack_from("!b", query, 2)[0]
    asked_at = struct.unpack_from("!II", query, 40)
    now = _timestamp(seconds)
    identity = int.from_bytes(socket.inet_aton("169.254.169.122"))
    return _PACKET.pack(
        version << 3 | _SERVER, _STRATUM, poll, _PRECISION, 0, 0, identity,
        *now, *asked_at, *now, *now,
    )  # fmt: skip


def _timestamp(seconds: float) -> tuple[int, int]:
    whole = int(seconds)
    return whole + _FROM_1900_TO_1970, int((seconds - whole) * 2**32)


class TimeServer:
    """Listens at addresses of a namespace until it is closed."""

    def __init__(self, namespace: str, addresses: tuple[str, ...]) -> None:
        self._sockets: list[socket.socket] = []
        with inside(namespace):
            for address in addresses:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                server = socket.socket(family, socket.SOCK_DGRAM)
                server.bind((address, PORT))
                self._sockets.append(server)
        for server in self._sockets:
            threading.Thread(target=_serve, args=(server,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        for server in self._sockets:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            server.close()


def _serve(server: socket.socket) -> None:
    while True:
        try:
            query, peer = server.recvfrom(512)
        except OSError:
            return  # closed
        if not query and not peer:
            return  # being closed: nothing came from nobody
        reply = reply_to(query, time.time())
        if reply is not None:
            with contextlib.suppress(OSError):
                server.sendto(reply, peer)
