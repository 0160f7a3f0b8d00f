"""What is on the other side of the internet, as the file of ``--world`` declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from netprobe.errors import NetprobeError
from netprobe.model.toml_text import read_toml

ICMP, ICMPV6 = 1, 58
"""Protocol numbers; a host that listens on ``icmp`` answers pings of both families."""
PLAIN = frozenset({"https", "refuse", "drop", "reset-after-client-hello"})
WITH_NUMBER = frozenset({"slow", "status"})
FORWARDING = frozenset({"vpc", "public", "none"})
_HOST_KEYS = frozenset({"name", "ipv4", "ipv6", "listen", "behaviour"})
_RESOLVER_KEYS = frozenset({"address", "forwards_to"})


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
class Resolver:
    """A DNS server behind the network interface that has its address."""

    address: str
    forwards_to: str
    """``vpc``: to the Amazon resolver of its VPC; ``public``: to public DNS; ``none``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything the file declares."""

    hosts: tuple[Host, ...] = ()
    resolvers: tuple[Resolver, ...] = ()

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
        document = read_toml(text)
    except ValueError as error:
        raise _bad("it is not TOML", str(error)) from error
    unknown = set(document) - {"host", "resolver"}
    if unknown:
        known = "only [[host]] and [[resolver]] are known"
        raise _bad(f"unknown tables: {', '.join(sorted(unknown))}", known)
    hosts = tuple(_host(key, item) for key, item in _tables(document, "host"))
    resolvers = tuple(_resolver(key, item) for key, item in _tables(document, "resolver"))
    for index, resolver in enumerate(resolvers, 1):
        if resolver.address in {other.address for other in resolvers[: index - 1]}:
            what = f"resolver {index} has the address {resolver.address} of another"
            raise _bad(what, "give each [[resolver]] an address of its own")
    return World(hosts=hosts, resolvers=resolvers)


def _tables(document: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the tables of an array with what to call each in a message: ``host 2``."""
    tables = document.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
        raise _bad(f"{name} is not an array of tables", f"write [[{name}]], with two brackets")
    for index, item in enumerate(tables, 1):
        yield f"{name} {index}", item


def _host(key: str, item: Mapping[str, Any]) -> Host:
    name = str(item.get("name", "")).rstrip(".").lower()
    if not name:
        raise _bad(f"{key} is a [[host]] without a name", 'add name = "www.example.com"')
    label = f"{key} ({name})"
    _refuse_unknown(label, item, _HOST_KEYS)
    behaviour, number = _behaviour(label, str(item.get("behaviour", "https")))
    entries = _listed(label, "listen", item.get("listen", ["tcp/443", "tcp/80"]))
    listens = [_listens(label, str(entry)) for entry in entries]
    return Host(
        name=name,
        ipv4=_addresses(label, "ipv4", item.get("ipv4", []), 4),
        ipv6=_addresses(label, "ipv6", item.get("ipv6", []), 6),
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


def _resolver(key: str, item: Mapping[str, Any]) -> Resolver:
    _refuse_unknown(key, item, _RESOLVER_KEYS)
    try:
        address = str(ip_address(str(item.get("address", ""))))
    except ValueError as error:
        raise _bad(f"{key} has a bad address: {error}", 'write address = "10.0.50.10"') from error
    forwards_to = item.get("forwards_to")
    if forwards_to not in FORWARDING:
        known = ", ".join(sorted(FORWARDING))
        raise _bad(f"{key} ({address}) forwards_to {forwards_to!r}", f"known are {known}")
    return Resolver(address=address, forwards_to=str(forwards_to))


def _refuse_unknown(label: str, item: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := set(item) - known:
        what = f"{label} has unknown keys: {', '.join(sorted(unknown))}"
        raise _bad(what, f"known are {', '.join(sorted(known))}")


def _listed(label: str, key: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise _bad(f"{label}: {key} is not a list", f"write {key} = [...]")
    return given


def _behaviour(label: str, given: str) -> tuple[str, float]:
    word, _, rest = given.partition(":")
    if word in PLAIN and not rest:
        return word, 0
    if word in WITH_NUMBER:
        try:
            return word, float(rest)
        except ValueError:
            pass  # falls to the message below
    known = ", ".join((*sorted(PLAIN), "slow:SECONDS", "status:CODE"))
    raise _bad(f"{label} has the behaviour {given!r}", f"known are {known}")


def _addresses(label: str, key: str, given: Any, version: int) -> tuple[str, ...]:
    try:
        found = tuple(ip_address(str(item)) for item in _listed(label, key, given))
    except ValueError as error:
        raise _bad(f"{label} has a bad address under {key}", str(error)) from error
    if any(item.version != version for item in found):
        raise _bad(f"{label} has an address of the other family under {key}", "move it")
    return tuple(str(item) for item in found)


def _listens(label: str, given: str) -> tuple[str, int]:
    """Return ``tcp``, ``udp`` or ``protocol``, and the number that follows it."""
    kind, _, text = given.partition("/")
    if given == "icmp":
        return "protocol", ICMP
    largest = {"tcp": 65535, "udp": 65535, "protocol": 255}.get(kind, 0)
    if not text.isdecimal() or not 0 < int(text) <= largest:
        known = "write it as tcp/443, udp/53, icmp or protocol/47"
        raise _bad(f"{label} listens on {given!r}", known)
    return kind, int(text)


def _bad(what: str, hint: str) -> NetprobeError:
    return NetprobeError("lab-bad-world", "the world file cannot be used", why=what, hint=hint)
