"""From paths to the one answer: what a client would feel, worst target first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.paths import is_captured
from netprobe.diagnosis.states import State, state_of
from netprobe.diagnosis.summary import summarize
from netprobe.model.addresses import Family
from netprobe.model.finding import Finding, PathKey
from netprobe.model.flow import Source
from netprobe.model.observation import Constancy
from netprobe.model.report import Path, Target, Verdict

WORST_FIRST = (
    Verdict.BROKEN,
    Verdict.INTERMITTENT,
    Verdict.APPLICATION_ERROR,
    Verdict.DEGRADED,
    Verdict.UNKNOWN,
    Verdict.HEALTHY,
)
"""An unknown path hides no broken one, and nothing is healthy beside an unknown one."""


@dataclass(frozen=True, slots=True)
class Experience:
    """What a client feels between one source and one target."""

    verdict: Verdict
    felt: frozenset[PathKey]
    """The paths whose failure it feels."""


def judge(case: Case, findings: tuple[Finding, ...]) -> tuple[Verdict, str]:
    """Return the verdict of the worst target that was asked about, and the sentence."""
    verdicts = {target.id: judge_target(case, target) for target in deciding(case.targets)}
    verdict = worst(verdicts.values())
    guilty = tuple(t for t in deciding(case.targets) if verdicts[t.id] is verdict)
    return verdict, summarize(case, findings, verdict, guilty)


def deciding(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Return the targets that decide: those asked about, or all where none was."""
    everything = tuple(targets)
    return tuple(item for item in everything if not item.surveyed) or everything


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict, unknown for none."""
    return min(verdicts, key=WORST_FIRST.index, default=Verdict.UNKNOWN)


def judge_target(case: Case, target: Target) -> Verdict:
    """Return a target's verdict over all sources.

    Any subnet of a function may run an invocation, so one that fails among others that work is
    intermittent; between subnets no function spans, it is a class that does not work: degraded.
    """
    groups: dict[str | None, list[Verdict]] = defaultdict(list)
    for source in case.sources:
        groups[source.function_name].append(experience(case, source, target).verdict)
    return worst(
        _combine(verdicts, mixed=Verdict.DEGRADED if name is None else Verdict.INTERMITTENT)
        for name, verdicts in groups.items()
    )


def _combine(verdicts: list[Verdict], *, mixed: Verdict) -> Verdict:
    found = worst(verdicts)
    works = {Verdict.HEALTHY, Verdict.DEGRADED}
    if found in {Verdict.BROKEN, Verdict.APPLICATION_ERROR} and works & set(verdicts):
        return mixed
    return found


def experience(case: Case, source: Source, target: Target) -> Experience:
    """Return what a client at the source feels of the target."""
    paths = case.between(source, target)
    states = {family: state_of(path) for family, path in paths.items()}
    tried = [
        family
        for family in case.client.order
        if states.get(family, State.ABSENT) is not State.ABSENT
    ]
    if State.WORKS in states.values():
        tried = [family for family in tried if states[family] is not State.PERHAPS]
    if State.WORKS in (states[family] for family in tried):
        found = _with_a_way(case, source, paths, states, tried)
    else:
        found = _without_a_way(case, paths, states, tried)
    unsteady = {p.key for f, p in paths.items() if f in tried and _is_unsteady(p)}
    if unsteady and found.verdict is not Verdict.UNKNOWN:
        found = Experience(Verdict.INTERMITTENT, found.felt | unsteady)
    unread = {p.key for p in paths.values() if case.is_in_play(p) and _is_unread(p)}
    if unread:  # it may hold another fault, or the one that explains the packets
        return Experience(Verdict.UNKNOWN, found.felt | unread)
    return found


def _with_a_way(
    case: Case,
    source: Source,
    paths: dict[Family, Path],
    states: dict[Family, State],
    tried: list[Family],
) -> Experience:
    """Judge by what comes before the first family that works."""
    felt: set[PathKey] = set()
    verdict = Verdict.HEALTHY
    for family in tried:
        state = states[family]
        if state is State.WORKS:
            break
        if state is not State.FAST:
            felt.add(paths[family].key)
            verdict = worst((verdict, cost_of(case, source, state)))
    return Experience(verdict, frozenset(felt))


def cost_of(case: Case, source: Source, state: State) -> Verdict:
    """Return what a family that fails costs when it is tried before one that works."""
    if state is State.UNKNOWN:
        return Verdict.UNKNOWN
    if state is State.REFUSED:  # connected: no client tries another address after an answer
        return Verdict.APPLICATION_ERROR
    patience = case.client.fallback_seconds
    function = case.function(source)
    if patience is None or (function is not None and patience >= function.timeout_seconds):
        return Verdict.BROKEN
    return Verdict.DEGRADED


def _without_a_way(
    case: Case,
    paths: dict[Family, Path],
    states: dict[Family, State],
    tried: list[Family],
) -> Experience:
    found = [states[family] for family in tried]
    felt = frozenset(path.key for path in paths.values() if case.is_in_play(path))
    if State.REFUSED in found:
        refused = [path for family, path in paths.items() if states[family] is State.REFUSED]
        captured = any(is_captured(path) for path in refused)
        verdict = Verdict.BROKEN if captured else Verdict.APPLICATION_ERROR
        return Experience(verdict, frozenset(path.key for path in refused))
    undecided = {State.UNKNOWN, State.PERHAPS} & set(found)
    return Experience(Verdict.UNKNOWN if undecided else Verdict.BROKEN, felt)


def _is_unsteady(path: Path) -> bool:
    """Tell whether some attempts were answered and others were not."""
    seen = path.observation
    return seen is not None and seen.constancy is Constancy.SOMETIMES


def _is_unread(path: Path) -> bool:
    """Tell whether the configuration lacks the answer of a call that was refused or failed."""
    return path.trace is not None and bool(path.trace.unread)


def felt_paths(case: Case) -> frozenset[PathKey]:
    """Return every path whose failure a client of a deciding target feels."""
    return frozenset(_felt(case))


def _felt(case: Case) -> Iterator[PathKey]:
    for target in deciding(case.targets):
        for source in case.sources:
            found = experience(case, source, target)
            if found.verdict is not Verdict.HEALTHY:
                yield from found.felt
