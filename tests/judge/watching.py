"""Sends the requests of many flows at once, and watches which packets arrive where."""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Self

from netprobe.lab.network.linux import inside
from tests.judge.packets import ICMP, ICMPV6, Message, read, write

_ALL_PROTOCOLS = 3
"""ETH_P_ALL of packet(7)."""
_OUTGOING = 4
"""PACKET_OUTGOING: this machine's own packet on its way out."""
_QUIET_SECONDS = 0.1
"""Nothing delays a packet here: what was not seen for this long will not come."""
_LIMIT_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A namespace that packets are sent from and arrive in."""

    namespace: str
    addresses: frozenset[str] | None
    """What it answers for; None for the internet, which has every public address."""
    foreign: tuple[IPv4Network | IPv6Network, ...] = ()
    """Of the internet: where others have their addresses."""
    pings: bool = True
    """An interface endpoint never answers a ping."""

    def has(self, address: str) -> bool:
        """Tell whether an address is one of its own."""
        if self.addresses is not None:
            return address in self.addresses
        return not any(ip_address(address) in network for network in self.foreign)


@dataclass(slots=True, kw_only=True)
class Seen:
    """What became of one flow's packets."""

    sent: bool = False
    request_at: str | None = None
    """The seat the request arrived at."""
    reply: bool = False
    """The reply arrived where the request came from."""


class Watch:
    """Open sockets in every seat of one network; leave it, and they are closed."""

    def __init__(self, seats: Mapping[str, Seat]) -> None:
        self._seats = seats
        self._taps: dict[str, socket.socket] = {}
        self._senders: dict[tuple[str, int], socket.socket] = {}

    def __enter__(self) -> Self:
        """Open a tap and two senders in each namespace."""
        for name, seat in self._seats.items():
            with inside(seat.namespace):
                tap = socket.socket(
                    socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL_PROTOCOLS)
                )
                tap.setblocking(False)  # noqa: FBT003 # the socket module's own signature
                self._taps[name] = tap
                for version, family in ((4, socket.AF_INET), (6, socket.AF_INET6)):
                    self._senders[name, version] = socket.socket(
                        family, socket.SOCK_RAW, socket.IPPROTO_RAW
                    )
        return self

    def __exit__(self, *_: object) -> None:
        """Close everything; each tap makes the kernel wait, so they wait together."""
        taps = list(self._taps.values())
        with ThreadPoolExecutor(max_workers=max(1, len(taps))) as pool:
            list(pool.map(socket.socket.close, taps))
        for sender in self._senders.values():
            sender.close()

    def observe(self, requests: Iterable[tuple[str, Message]]) -> dict[int, Seen]:
        """Send each message from its seat; return what was seen, by token."""
        seen: dict[int, Seen] = {}
        origin: dict[int, tuple[str, Message]] = {}
        with selectors.DefaultSelector() as selector:
            for name, tap in self._taps.items():
                selector.register(tap, selectors.EVENT_READ, name)
            for name, message in requests:
                origin[message.token] = (name, message.answered())
                seen[message.token] = Seen(sent=self._send(name, message))
                self._take(selector, 0, seen, origin)
            started = time.monotonic()
            while time.monotonic() < started + _LIMIT_SECONDS:
                if not self._take(selector, _QUIET_SECONDS, seen, origin):
                    break
        return seen

    def _take(
        self,
        selector: selectors.BaseSelector,
        timeout: float,
        seen: dict[int, Seen],
        origin: dict[int, tuple[str, Message]],
    ) -> bool:
        ready = selector.select(timeout)
        for key, _ in ready:
            name = str(key.data)
            with contextlib.suppress(BlockingIOError):
                while True:
                    packet, address = self._taps[name].recvfrom(2048)
                    if address[2] != _OUTGOING and (message := read(packet)):
                        self._arrive(name, message, seen, origin)
        return bool(ready)

    def _arrive(
        self,
        name: str,
        message: Message,
        seen: dict[int, Seen],
        origin: dict[int, tuple[str, Message]],
    ) -> None:
        seat, found = self._seats[name], seen.get(message.token)
        if found is None:
            return
        if not seat.has(message.destination):
            return  # on its way through
        if message.reply:
            # From another address, or to another port, it is nothing that was waited for.
            found.reply = found.reply or origin[message.token] == (name, message)
        elif (seat.pings or message.protocol not in {ICMP, ICMPV6}) and found.request_at is None:
            found.request_at = name
            self._send(name, message.answered())

    def _send(self, name: str, message: Message) -> bool:
        version = 6 if ":" in message.source else 4
        if (name, version) not in self._senders:
            return False  # nothing runs there
        target = (message.destination, 0) if version == 4 else (message.destination, 0, 0, 0)
        try:
            self._senders[name, version].sendto(write(message), target)
        except OSError:
            return False  # no address or no route of the family here
        return True
