"""What is on the other side of the internet, as the file of ``--world`` declares it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from netprobe.errors import NetprobeError

ICMP, ICMPV6 = 1, 58
"""Protocol numbers; a host that listens on ``icmp`` answers pings of both families."""
PLAIN = frozenset({"https", "refuse", "drop", "reset-after-client-hello"})
WITH_NUMBER = frozenset({"slow", "status"})
_HOST_KEYS = frozenset({"name", "ipv4", "ipv6", "listen", "behaviour"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A name of public DNS, its addresses and how it answers."""

    name: str
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    ports: tuple[int, ...]
    """The TCP ports it listens on."""
    behaviour: str
    number: float = 0
    """The seconds of ``slow``, the status code of ``status``."""
    datagram_ports: tuple[int, ...] = ()
    """The UDP ports it listens on."""
    protocols: tuple[int, ...] = ()
    """IP protocol numbers it takes whole: 1 and 58 answer a ping."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """All its addresses."""
        return (*self.ipv4, *self.ipv6)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything the file declares."""

    hosts: tuple[Host, ...] = ()

    def named(self, name: str) -> Host | None:
        """Return the host with that name."""
        return next((host for host in self.hosts if host.name == name), None)

    def at(self, address: str) -> tuple[Host, ...]:
        """Return the hosts that share an address, in the order of the file."""
        return tuple(host for host in self.hosts if address in host.addresses)


def read_world(text: str) -> World:
    """Read the file's text.

    Raises:
        NetprobeError: it is not TOML, or not of this form.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad("it is not TOML", str(error)) from error
    if document.get("resolver"):
        raise _bad("the lab has no [[resolver]] yet", "remove it")
    unknown = set(document) - {"host", "resolver"}
    if unknown:
        raise _bad(f"unknown tables: {', '.join(sorted(unknown))}", "only [[host]] is known")
    return World(hosts=tuple(_host(item) for item in document.get("host", ())))


def _host(item: Mapping[str, Any]) -> Host:
    name = str(item.get("name", "")).rstrip(".").lower()
    if not name:
        raise _bad("a [[host]] without a name", 'name = "www.example.com"')
    if unknown := set(item) - _HOST_KEYS:
        raise _bad(f"{name} has unknown keys: {', '.join(sorted(unknown))}", "see the manual")
    behaviour, number = _behaviour(name, str(item.get("behaviour", "https")))
    listens = [_listens(name, str(entry)) for entry in item.get("listen", ("tcp/443", "tcp/80"))]
    return Host(
        name=name,
        ipv4=_addresses(name, item.get("ipv4", ()), 4),
        ipv6=_addresses(name, item.get("ipv6", ()), 6),
        ports=tuple(number for kind, number in listens if kind == "tcp"),
        behaviour=behaviour,
        number=number,
        datagram_ports=tuple(number for kind, number in listens if kind == "udp"),
        protocols=tuple(
            each
            for kind, number in listens
            if kind == "protocol"
            for each in ((ICMP, ICMPV6) if number == ICMP else (number,))
        ),
    )


def _behaviour(name: str, given: str) -> tuple[str, float]:
    word, _, rest = given.partition(":")
    if word in PLAIN and not rest:
        return word, 0
    if word in WITH_NUMBER:
        try:
            return word, float(rest)
        except ValueError:
            pass  # falls to the message below
    known = ", ".join((*sorted(PLAIN), "slow:SECONDS", "status:CODE"))
    raise _bad(f"{name} has the behaviour {given!r}", f"known are {known}")


def _addresses(name: str, given: list[str], version: int) -> tuple[str, ...]:
    try:
        found = tuple(ip_address(item) for item in given)
    except ValueError as error:
        raise _bad(f"{name} has a bad address", str(error)) from error
    if any(item.version != version for item in found):
        raise _bad(f"{name} has an address of the other family under ipv{version}", "move it")
    return tuple(str(item) for item in found)


def _listens(name: str, given: str) -> tuple[str, int]:
    """Return ``tcp``, ``udp`` or ``protocol``, and the number that follows it."""
    kind, _, text = given.partition("/")
    if given == "icmp":
        return "protocol", ICMP
    largest = {"tcp": 65535, "udp": 65535, "protocol": 255}.get(kind, 0)
    if not text.isdecimal() or not 0 < int(text) <= largest:
        known = "write it as tcp/443, udp/53, icmp or protocol/47"
        raise _bad(f"{name} listens on {given!r}", known)
    return kind, int(text)


def _bad(what: str, hint: str) -> NetprobeError:
    return NetprobeError("lab-bad-world", "the world file cannot be used", why=what, hint=hint)
