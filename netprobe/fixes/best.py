"""The end of the answer's sentence: the way out that costs nothing, where one is proved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.refusing import refusing_statuses
from netprobe.diagnosis.states import State, state_of
from netprobe.diagnosis.verdict import deciding, experience, judge_target
from netprobe.fixes.neighbours import leaves_hub
from netprobe.fixes.retrace import World
from netprobe.fixes.waiting import waits_in_vain
from netprobe.model.changes import SetRoute
from netprobe.model.finding import Finding, PathKey, Role
from netprobe.model.fix import Fix, Way
from netprobe.model.report import Verdict

_ANSWERED = frozenset({State.WORKS, State.REFUSED})
_WANTS_ONE = frozenset(
    {Verdict.BROKEN, Verdict.INTERMITTENT, Verdict.DEGRADED, Verdict.APPLICATION_ERROR}
)


def say_free_way(
    case: Case, verdict: Verdict, findings: Iterable[Finding], fixes: tuple[Fix, ...]
) -> str:
    """Return the way out for all that fails, beginning with a full stop; empty for none.

    A set of changes is claimed to be one only where tracing proved it. Where there is none at
    all, the advice for the only cause is said as what it is.
    """
    if verdict not in _WANTS_ONE:
        return ""
    if fixes:
        wanted = tuple(_felt(case, verdict))
        free = (fix for fix in fixes if _opens_all(fix, wanted))
        found = next(free, None)  # the first one, or none: what takes more comes after it
        if found is None or not found.proved or _goes_round_a_hub(case, found):
            return ""
        return f". {_offer(case, found)}"
    causes = [item for item in findings if item.role is Role.ROOT_CAUSE]
    failing = verdict in {Verdict.BROKEN, Verdict.APPLICATION_ERROR}
    if len(causes) == 1 and causes[0].advice and failing:
        return f". To mend it: {causes[0].advice}"
    return ""


def _offer(case: Case, fix: Fix) -> str:
    """Return the offer, and what is left to do where the fix alone does not help the client."""
    if _is_refused_then(case, fix):
        return f"First, for free: {_words(fix)}; the far end then refuses"
    if waits_in_vain(World(case=case, changes=fix.changes), fix.opens):
        return f"First, for free: {_words(fix)}; the other family has to be mended too"
    paid = bool(fix.cost_usd_per_gb)
    kind = "Way out without a standing cost" if paid else "Free way out"
    return f"{kind}: {_words(fix)}"


def _felt(case: Case, verdict: Verdict) -> Iterator[frozenset[PathKey]]:
    """Yield for each source and target that fails the paths of which one has to open.

    Where no family gets an answer the client is content with either, also with one that nobody
    tries now: a name without AAAA is not felt, and IPv6 may be the way out.
    """
    for target in deciding(case.targets):
        if judge_target(case, target) is verdict:
            for source in case.sources:
                found = experience(case, source, target)
                if found.verdict is Verdict.HEALTHY:
                    continue
                paths = case.between(source, target)
                if any(state_of(path) in _ANSWERED for path in paths.values()):
                    yield found.felt
                else:
                    yield frozenset(
                        paths[family].key for family in case.client.order if family in paths
                    )


def _opens_all(fix: Fix, wanted: tuple[frozenset[PathKey], ...]) -> bool:
    free = fix.standing_cost_usd_per_month == 0
    return free and all(not felt.isdisjoint(fix.opens) for felt in wanted)


def _goes_round_a_hub(case: Case, fix: Fix) -> bool:
    """Tell whether it leads past a hub, which is for the hub's owner to say."""
    return any(isinstance(i, SetRoute) and leaves_hub(case.snapshot, i) for i in fix.changes)


def _is_refused_then(case: Case, fix: Fix) -> bool:
    """Tell whether policies that can be read refuse what the fix lets through."""
    world = World(case=case, changes=fix.changes)
    opened = (case.path(key) for key in fix.opens)
    return any(
        refusing_statuses(
            world.tracer.snapshot, case.source(path), case.target(path), world.trace(path)
        )
        for path in opened
    )


def _words(fix: Fix) -> str:
    count = len(fix.steps)
    steps = f"{count} step{'s' * (count > 1)}"
    if fix.way is Way.IPV6:
        return f"IPv6, {steps} away"
    return fix.title if count == 1 else f"{fix.title}, {steps}"
