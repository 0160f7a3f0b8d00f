"""One question to a VPC's resolver, as it is handed from the modules that may answer it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from netprobe.model.addresses import Family
from netprobe.model.resources import Vpc
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Resolution

MOST_HOPS = 8
"""Records that lead on which are followed; resolvers give up after about as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which address of a family a name has, asked from inside a VPC."""

    snapshot: Snapshot
    vpc: Vpc
    name: str
    """As it was asked."""
    host: str
    """In lower case, without the final dot; of the name the records have led to so far."""
    family: Family
    chain: tuple[str, ...] = ()
    """Names that records led to, ``host`` being the last of them."""
    trusted: bool = False
    """DNS Firewall let an earlier name pass and trusts where its records lead."""

    @property
    def region(self) -> str:
        """Return the VPC's region."""
        return self.vpc.region or self.snapshot.region

    @property
    def record(self) -> str:
        """Return the type of record that is asked for."""
        return record_type(self.family)

    @property
    def blank(self) -> Resolution:
        """Return the answer that says nothing."""
        return Resolution(name=self.name, family=self.family, chain=self.chain)

    def follow(self, host: str) -> Question:
        """Return the question for the name a record leads to."""
        return replace(self, host=host, chain=(*self.chain, host))

    def gaps(self, *calls: str) -> tuple[str, ...]:
        """Return those of the calls whose answers about the VPC are missing."""
        return tuple(call for call in calls if self.snapshot.gap(call, self.vpc.vpc_id))


def record_type(family: Family) -> str:
    """Return the type of record that holds a family's addresses."""
    return "A" if family is Family.IPV4 else "AAAA"


def within(host: str, domain: str) -> bool:
    """Tell whether a host is a domain or below it; everything is below the root."""
    return not domain or host == domain or host.endswith(f".{domain}")


def depth(domain: str) -> int:
    """Return how specific a domain is: its number of labels."""
    return domain.count(".") + 1 if domain else 0
