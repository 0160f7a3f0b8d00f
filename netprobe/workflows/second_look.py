"""Looking once more where packets and configuration disagree, before anybody is told so.

Configuration is read before the probe is there, and a change takes a moment to reach packets: a
change made seconds ago makes both witnesses right, each about its own moment. So what they
disagree about is read once more, and if that settles nothing, asked once more; never twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from netprobe.deploy.plan import ProbePlan
from netprobe.errors import NetprobeError
from netprobe.model.addresses import Family
from netprobe.model.finding import PathKey
from netprobe.model.observation import Observation, ProbeRun
from netprobe.model.report import Path, Witnesses
from netprobe.model.snapshot import Snapshot
from netprobe.model.words import first_of
from netprobe.workflows.capabilities import DeployedProbe, Progress
from netprobe.workflows.probing import invoke_all
from probe_lambda.wire import ProbeRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What both witnesses said last, and what the reader should know about that."""

    snapshot: Snapshot
    runs: tuple[ProbeRun, ...]
    paths: tuple[Path, ...]
    """What joining both comes to."""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """How to ask each witness once more."""

    read: Callable[[], Snapshot]
    """Reads the configuration; raises NetprobeError."""
    walk: Callable[[Snapshot, tuple[ProbeRun, ...]], tuple[Path, ...]]
    """Joins both witnesses of every path."""
    deployed: DeployedProbe
    plan: ProbePlan
    question: ProbeRequest
    progress: Progress


def look_again(again: Again, snapshot: Snapshot, runs: tuple[ProbeRun, ...]) -> Looked:
    """Return what the witnesses say once more, where they disagree; else what they said."""
    paths, asked = again.walk(snapshot, runs), runs
    odd = _disagreeing(paths)
    if not odd:
        return Looked(snapshot=snapshot, runs=runs, paths=paths)
    again.progress.step("packets and configuration disagree: reading once more")
    fresh = _read_again(again, snapshot)
    if fresh is not snapshot:
        paths = again.walk(fresh, runs)
    still = _disagreeing(paths)
    if still:
        asked = _ask_again(again, still, runs)
        paths = again.walk(fresh, asked)
    remarks = (
        *_changed(fresh is not snapshot, odd - still),
        *_other_answers(still, runs, asked),
        *_unsettled(_disagreeing(paths)),
    )
    return Looked(snapshot=fresh, runs=asked, paths=paths, remarks=remarks)


def _disagreeing(paths: Iterable[Path]) -> frozenset[PathKey]:
    return frozenset(path.key for path in paths if path.witnesses is Witnesses.DISAGREE)


def _read_again(again: Again, snapshot: Snapshot) -> Snapshot:
    """Return the configuration as it is now; the same object where it tells nothing new.

    A reading that lacks what the first one had settles nothing.
    """
    try:
        fresh = again.read()
    except NetprobeError:
        return snapshot
    lost = {gap.call for gap in fresh.gaps} - {gap.call for gap in snapshot.gaps}
    return snapshot if lost or fresh == snapshot else fresh


def _ask_again(
    again: Again, odd: frozenset[PathKey], runs: tuple[ProbeRun, ...]
) -> tuple[ProbeRun, ...]:
    """Ask the probes of these paths once more, for their targets only; keep their new answers."""
    sources, targets = {key.source for key in odd}, {key.target for key in odd}
    asked = tuple(item for item in again.question.targets if item.id in targets)
    plan = replace(
        again.plan,
        functions=tuple(i for i in again.plan.functions if i.source.id in sources),
    )
    again.progress.step("packets and configuration disagree: probing once more")
    answers = {
        run.source_id: run
        for run in invoke_all(again.deployed, plan, replace(again.question, targets=asked))
    }
    return tuple(_with_answers(run, answers.get(run.source_id), odd) for run in runs)


def _with_answers(run: ProbeRun, more: ProbeRun | None, odd: frozenset[PathKey]) -> ProbeRun:
    if more is None:
        return run
    newer = {
        (target, family): seen
        for (target, family), seen in more.observations.items()
        if PathKey(source=run.source_id, target=target, family=family) in odd
    }
    return replace(run, observations={**run.observations, **newer})


def _changed(is_new: bool, settled: frozenset[PathKey]) -> Iterator[str]:  # noqa: FBT001 # a fact
    if is_new and settled:
        yield (
            "the configuration changed while this check ran; read once more, it agrees with "
            f"the packets: {_named(settled)}"
        )


def _other_answers(
    odd: frozenset[PathKey], before: tuple[ProbeRun, ...], after: tuple[ProbeRun, ...]
) -> Iterator[str]:
    """Yield the paths whose packets met something else the second time."""
    first, second = _observations(before), _observations(after)
    for key in sorted(odd, key=str):
        one, other = first.get(key), second.get(key)
        if one and other and one.outcome is not other.outcome:
            yield (
                f"{_named([key])}: {one.outcome} at first, {other.outcome} when the probe asked "
                "once more; it may be unsteady (--attempts), or was changed a moment ago"
            )


def _observations(runs: Iterable[ProbeRun]) -> dict[PathKey, Observation]:
    return {
        PathKey(source=run.source_id, target=target, family=family): seen
        for run in runs
        for (target, family), seen in run.observations.items()
    }


def _unsettled(odd: frozenset[PathKey]) -> Iterator[str]:
    if odd:
        yield (
            f"read and probed once more, packets and configuration still disagree: {_named(odd)}"
        )


_MOST_NAMED = 3


def _named(keys: Iterable[PathKey]) -> str:
    """Return paths in words, the first few of them."""
    pairs = {(key.target, Family(key.family).value) for key in keys}
    return first_of([f"{target} over {family}" for target, family in sorted(pairs)], _MOST_NAMED)
