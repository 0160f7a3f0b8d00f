"""Addresses replaced so that what is inside of what stays: a prefix-preserving permutation.

Two addresses that share their first n bits share n bits afterwards too, so routes, rules and
entries match as they did (Xu, Fan, Ammar, Moon: "Prefix-Preserving IP Address Anonymization",
ICNP 2002). What an address means is kept as well: private stays private, public public,
documentation documentation; link-local and Amazon's own addresses, and 64:ff9b::/96, stay as they
are. The first addresses of a VPC block stay the first, because its resolver is the third. Only
192.168.0.0/16 moves as a whole, into 172.16.0.0/12 where that has room: in so small a range what
stands for one address is mostly another of the original.
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_network

from netprobe.model.addresses import NAT64_PREFIX, Address, Network, covers

_KEPT = tuple(
    ip_network(cidr)
    for cidr in (
        *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"),
        *("::/96", "fd00:ec2::/32", "ff00::/8"),
    )
)
"""Addresses that are nobody's, or everybody's."""

_MEANT = tuple(
    ip_network(cidr)
    for cidr in (
        *("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"),
        *("192.0.0.0/24", "198.18.0.0/15"),
        *("2000::/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        *("64:ff9b::/96", "64:ff9b:1::/48", "fc00::/7", "fd00::/8", "fe80::/10"),
    )
)
"""Ranges that addresses stay in, because they mean something. IANA's special-purpose registries:
https://www.iana.org/assignments/iana-ipv4-special-registry
https://www.iana.org/assignments/iana-ipv6-special-registry
"""

_EMBEDDED = 0xFFFFFFFF
"""The bits of an IPv4 address inside an IPv6 one (RFC 6052, RFC 4291)."""
_LOW_BITS = 4
"""At the end of an IPv4 address: never changed, so that first addresses keep their place."""
_WIDEST_BLOCK = 16
"""A VPC's IPv4 block is a /16 at most."""


_SMALL = ip_network("192.168.0.0/16")
_ROOMY = ip_network("172.16.0.0/12")


class AddressMap:
    """A keyed permutation of all addresses, one per family."""

    def __init__(self, key: bytes, blocks: Iterable[Network] = ()) -> None:
        """Take a secret key, and the blocks whose first addresses keep their places."""
        blocks = tuple(blocks)
        self._key = key
        self._moved = _room(key, blocks)
        self._fixed = {
            (network.version, bits >> (network.max_prefixlen - length), length)
            for network in (*_KEPT, *_MEANT)
            for bits in (int(network.network_address),)
            for length in range(network.prefixlen)
        }
        for block in blocks:
            if block.version == 4 and block.prefixlen >= _WIDEST_BLOCK:  # noqa: PLR2004 # IPv4
                bits = int(block.network_address)
                self._fixed |= {
                    (4, bits >> (32 - length), length) for length in range(block.prefixlen, 32)
                }
        self._flips = lru_cache(maxsize=1 << 18)(self._flip)

    def address(self, address: Address) -> Address:
        """Return what stands for an address."""
        if any(address in network for network in _KEPT):
            return address
        if isinstance(address, IPv6Address) and (address in NAT64_PREFIX or address.ipv4_mapped):
            inside = IPv4Address(int(address) & _EMBEDDED)
            return IPv6Address(int(address) & ~_EMBEDDED | int(self.address(inside)))
        width, bits, mapped = address.max_prefixlen, int(address), 0
        for length in range(width):
            bit = bits >> (width - length - 1) & 1
            prefix = bits >> (width - length)
            mapped = mapped << 1 | (bit ^ self._flips(address.version, prefix, length))
        if address in _SMALL:
            mapped += self._moved
        return type(address)(mapped)

    def network(self, network: Network) -> Network:
        """Return what stands for a network: all that its addresses become."""
        if not self.is_somebodys(network):
            return network
        first = self.address(network.network_address)
        return ip_network((first, network.prefixlen), strict=False)

    @staticmethod
    def is_somebodys(network: Network) -> bool:
        """Tell whether a network says anything of whose it is: ranges of everybody's do not."""
        return not any(covers(kept, network) for kept in _KEPT) and not any(
            covers(network, meant) for meant in _MEANT
        )

    def _flip(self, version: int, prefix: int, length: int) -> int:
        """Return whether the bit after a prefix is turned over."""
        if (version, prefix, length) in self._fixed:
            return 0
        if version == 4 and length >= 32 - _LOW_BITS:  # noqa: PLR2004 # IPv4
            return 0
        node = f"{version}/{prefix:x}/{length}".encode()
        return blake2b(node, key=self._key, digest_size=1).digest()[0] & 1


def _room(key: bytes, blocks: Iterable[Network]) -> int:
    """Return how far 192.168.0.0/16 moves: to a /16 that nobody uses, or nowhere."""
    used = [item for item in blocks if item.version == 4 and item.prefixlen]  # noqa: PLR2004 # IPv4
    free = [item for item in _ROOMY.subnets(new_prefix=16) if not any(map(item.overlaps, used))]
    if not free:
        return 0
    chosen = free[key[0] % len(free)]
    return int(chosen.network_address) - int(_SMALL.network_address)
