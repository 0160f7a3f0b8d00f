"""What the sandbox the probe runs in has of its own: addresses and resolvers."""

from __future__ import annotations

import array
import fcntl
import socket
import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from probe_lambda.wire import Family

_SIOCGIFCONF = 0x8912  # netdevice(7): the IPv4 address of every interface that is up
_IFREQ_NAME_BYTES = 16
_IFREQ_BYTES = 40
_MOST_INTERFACES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """A DNS server to ask."""

    address: str
    port: int = 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """The network of this process, as it was when the invocation began."""

    ipv4_addresses: tuple[str, ...]
    """Not loopback."""
    ipv6_addresses: tuple[str, ...]
    """Not loopback; link-local ones are included."""
    resolvers: tuple[Resolver, ...]
    interfaces: tuple[tuple[str, str], ...] = ()
    """Pairs of an interface's name and one of its addresses, loopback left out."""

    def can_send(self, family: Family) -> bool:
        """Tell whether an interface has an address this family's packets could leave from.

        An IPv6 link-local address (RFC 4291 section 2.5.6) reaches no router's other side. An
        IPv4 one does count: Lambda gives its sandboxes 169.254.0.0/16 and translates.
        """
        if family == "ipv4":
            return bool(self.ipv4_addresses)
        return any(not IPv6Address(address).is_link_local for address in self.ipv6_addresses)


def read_sandbox(
    *, resolv_conf: Path = Path("/etc/resolv.conf"), if_inet6: Path = Path("/proc/net/if_inet6")
) -> Sandbox:
    """Return what this process has now."""
    ipv4, ipv6 = _ipv4_addresses(), _ipv6_addresses(if_inet6)
    return Sandbox(
        ipv4_addresses=tuple(sorted(address for _, address in ipv4)),
        ipv6_addresses=tuple(sorted(address for _, address in ipv6)),
        resolvers=_resolvers(resolv_conf),
        interfaces=(*ipv4, *ipv6),
    )


def _ipv4_addresses() -> tuple[tuple[str, str], ...]:
    buffer = array.array("B", bytes(_IFREQ_BYTES * _MOST_INTERFACES))
    pointer, size = buffer.buffer_info()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anything:
        answer = fcntl.ioctl(anything, _SIOCGIFCONF, struct.pack("iL", size, pointer))
    used, _ = struct.unpack("iL", answer)
    # struct ifreq: 16 bytes of name, then a sockaddr_in whose address starts at byte 4
    found = []
    for start in range(0, used, _IFREQ_BYTES):
        name = bytes(buffer[start : start + _IFREQ_NAME_BYTES]).partition(b"\0")[0]
        at = start + _IFREQ_NAME_BYTES + 4
        address = IPv4Address(bytes(buffer[at : at + 4]))
        if not address.is_loopback:
            found.append((name.decode("ascii", "replace"), str(address)))
    return tuple(found)


def _ipv6_addresses(if_inet6: Path) -> tuple[tuple[str, str], ...]:
    if not if_inet6.exists():  # the kernel has no IPv6: sockets give EAFNOSUPPORT
        return ()
    lines = [line.split() for line in if_inet6.read_text(encoding="ascii").splitlines()]
    found = ((line[-1], IPv6Address(bytes.fromhex(line[0]))) for line in lines)
    return tuple((name, str(address)) for name, address in found if not address.is_loopback)


def _resolvers(resolv_conf: Path) -> tuple[Resolver, ...]:
    """Return the nameservers of resolv.conf(5), which gives three at most to the C library."""
    if not resolv_conf.exists():
        return ()
    words = (line.split() for line in resolv_conf.read_text("utf-8", "replace").splitlines())
    named = [line[1] for line in words if len(line) > 1 and line[0] == "nameserver"]
    return tuple(Resolver(address=address) for address in named[:3])
