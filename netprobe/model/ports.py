"""Sets of transport ports and the ephemeral ranges AWS's machines use."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

HIGHEST = 65535


@dataclass(frozen=True, slots=True)
class PortSet:
    """A set of ports as sorted, disjoint, non-adjacent inclusive ranges."""

    ranges: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        """Bring the ranges into canonical form; raises ValueError for ports that do not exist."""
        merged: list[tuple[int, int]] = []
        for low, high in sorted(self.ranges):
            if not 0 <= low <= high <= HIGHEST:
                message = f"no port range {low}-{high}"
                raise ValueError(message)
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        object.__setattr__(self, "ranges", tuple(merged))

    @classmethod
    def of(cls, low: int, high: int | None = None) -> PortSet:
        """Return the ports from ``low`` to ``high``, or the one port ``low``."""
        return cls(((low, low if high is None else high),))

    def __contains__(self, port: int) -> bool:
        """Tell whether the port is in the set."""
        return any(low <= port <= high for low, high in self.ranges)

    def __bool__(self) -> bool:
        """Tell whether any port is in the set."""
        return bool(self.ranges)

    def __or__(self, other: PortSet) -> PortSet:
        """Return the union."""
        return PortSet(self.ranges + other.ranges)

    def __and__(self, other: PortSet) -> PortSet:
        """Return the intersection."""
        return PortSet(
            tuple(
                (max(a, c), min(b, d))
                for a, b in self.ranges
                for c, d in other.ranges
                if max(a, c) <= min(b, d)
            )
        )

    def __invert__(self) -> PortSet:
        """Return the complement within all ports."""
        edges = [(-1, -1), *self.ranges, (HIGHEST + 1, HIGHEST + 1)]
        gaps = itertools.pairwise(edges)
        return PortSet(tuple((a[1] + 1, b[0] - 1) for a, b in gaps if a[1] + 1 <= b[0] - 1))

    def __sub__(self, other: PortSet) -> PortSet:
        """Return the ports of this set that are not in the other."""
        return self & ~other

    def __str__(self) -> str:
        """Return the ports as people write them: ``443``, ``1024-65535``, ``80,443``."""
        return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in self.ranges)


@lru_cache(maxsize=4096)
def single_port(port: int) -> PortSet:
    """Return the set of one port, made once for the ports that are asked for often."""
    return PortSet.of(port)


def union(sets: Iterable[PortSet]) -> PortSet:
    """Return the union of any number of sets."""
    return PortSet(tuple(pair for item in sets for pair in item.ranges))


ALL_PORTS = PortSet.of(0, HIGHEST)
EPHEMERAL = PortSet.of(1024, HIGHEST)
"""Source ports of Lambda functions, NAT gateways and load balancers.

"Ephemeral ports" in https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
"""
