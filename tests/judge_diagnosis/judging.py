"""Who is right: what the packets make of the faults of a case, and what the report makes of them.

The oracle knows nothing of routes or filters. A fault blocks an asked path when, as the only one
in its site, packets that got through in the healthy site do not any more and a client would feel
it. Whether it still does beside others, the packets of the whole case say, and ``Kind.hides``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.judge_diagnosis.asking import Answer, Key, Met
from tests.judge_diagnosis.kinds import Kind

FIRST_TRIED = ("ipv6", "ipv4")
"""By boto3, the client of the sites' functions: IPv6 where there is an address of it."""


def harmed(healthy: Answer, seen: Answer) -> frozenset[Key]:
    """Return the paths that a client finds dead or changed, which it did not in the healthy site.

    A question that was not asked of the healthy site counts as one that was answered.
    """
    return frozenset(_harmed(healthy, seen))


def _harmed(healthy: Answer, seen: Answer) -> Iterable[Key]:
    for subnet, target in sorted({key[:2] for key in seen.met}):
        keys = [(subnet, target, family) for family in FIRST_TRIED]
        tried = [key for key in keys if key in seen.met and not seen.met[key].absent]
        for key in tried:
            if _is_as_before(healthy.met.get(key), seen.met[key]):
                break
            yield key
        else:  # nothing is left that works, absent families included
            yield from (key for key in keys if key in seen.met and key not in tried)


def _is_as_before(before: Met | None, now: Met) -> bool:
    """Tell whether a path works, and the same far end answers as it did."""
    if before is None or before.outcome not in {"reachable", "http-error"}:
        return now.outcome == "reachable"
    return now == before


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What became of one case."""

    blocking: tuple[Kind, ...]
    """Faults that have to be among the root causes."""
    behind: tuple[Kind, ...]
    """Faults behind others, that may be named."""
    idle: tuple[Kind, ...]
    """Faults that block nothing here."""
    missed: tuple[tuple[Kind, tuple[str, ...]], ...]
    """Faults and the names of which none is among the root causes."""
    false: tuple[str, ...]
    """Root causes that no fault of the case accounts for."""
    wrong_verdict: str = ""

    @property
    def agrees(self) -> bool:
        return not (self.missed or self.false or self.wrong_verdict)


def judge(
    kinds: tuple[Kind, ...], healthy: Answer, alone: dict[str, Answer], seen: Answer
) -> Judgement:
    """Compare a report with the faults of its site; ``alone`` has the answer with each alone."""
    now = harmed(healthy, seen)
    faults = [kind for kind in kinds if not kind.harmless]
    hidden = frozenset[str]().union(*(kind.hides for kind in faults))
    blocking = [item for item in faults if harmed(healthy, alone[item.name]) & now]
    silent = any(kind.unanswers for kind in faults)
    behind = [i for i in blocking if i.link in hidden or (silent and i.needs_answer)]
    required = [item for item in blocking if item not in behind]
    missed = [(i, names) for i in required for names in i.names if not seen.roots & set(names)]
    claims = frozenset[str]().union(*(kind.claims for kind in faults))
    return Judgement(
        blocking=tuple(required),
        behind=tuple(behind),
        idle=tuple(item for item in faults if item not in blocking),
        missed=tuple(missed),
        false=tuple(sorted(seen.roots - claims)),
        wrong_verdict=_wrong(now, seen),
    )


def _wrong(now: frozenset[Key], seen: Answer) -> str:
    """Return what is wrong with the verdict: healthy where packets fail, or the other way."""
    if seen.error:
        return f"no report: {seen.error}"
    if (seen.verdict == "healthy") is not (not now):
        return f"{seen.verdict}, and the packets of {len(now)} paths fail"
    return ""
