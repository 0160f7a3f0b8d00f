"""What a fault is to the judge: what it does to a site, where on the way, and its names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.judge_diagnosis.site import Site

NAT_WAY = frozenset({"nat", "public-acl", "public-route", "igw", "bpa"})
"""What a packet to a NAT gateway meets behind the route to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of fault, or a harmless oddity when it has no names.

    Labels come from findings.yaml and the documents it goes back to, never from the diagnosis.
    """

    name: str
    bases: frozenset[str]
    inject: Callable[[Site], None]
    names: tuple[tuple[str, ...], ...] = ()
    """The findings it must lead to; of each, names that say the same in other words."""
    also: frozenset[str] = frozenset()
    """What may be called a root cause beside it: it is true, and one of the names implies it."""
    link: str
    """Where on the way it lies."""
    hides: frozenset[str] = frozenset()
    """Links that no packet comes to because of it: what is wrong there may be named or not."""
    needs_answer: bool = False
    """It hangs on the target's address, which no configuration tells: where no name is answered,
    nobody can know of it, and it may be named or not."""
    unanswers: bool = False
    """It leaves names without an answer."""
    touches: frozenset[str] = frozenset()
    """What it changes, beside its link; two that change one thing are never drawn together."""

    @property
    def harmless(self) -> bool:
        """Tell whether nothing may come of it."""
        return not self.names

    @property
    def claims(self) -> frozenset[str]:
        """Return every root cause that may come of it."""
        return self.also.union(*self.names) if self.names else self.also

    def fits(self, other: Kind) -> bool:
        """Tell whether both can be in one site without undoing each other."""
        mine, others = self.touches | {self.link}, other.touches | {other.link}
        return mine.isdisjoint(others)
