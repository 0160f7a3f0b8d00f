"""Looking again and again: the probe stays in place, and every round tells what changed.

1. read the configuration, choose sources and targets, put the probe in place;
2. invoke every probe, walk every path, tell what changed since the last round;
3. wait, read the configuration again, and go on with 2; what fails for the moment is told and
   tried again in the next round;
4. where a source itself changed (its subnets, groups or IPv6 flag), the probe no longer stands
   where it stands: take it away and put it in place anew;
5. take the probe away, on every way out.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from datetime import datetime

from netprobe.diagnosis.path_changes import explained, is_unexplained, kept, path_changes
from netprobe.errors import NetprobeError
from netprobe.model.finding import PathKey
from netprobe.model.flow import Source
from netprobe.model.observation import ProbeRun
from netprobe.model.path_change import PathChange
from netprobe.model.report import CleanUp, Path, Verdict
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.capabilities import DeployedProbe
from netprobe.workflows.check import (
    Capabilities,
    CheckRequest,
    Prepared,
    Seen,
    look,
    prepare,
    question_of,
)
from netprobe.workflows.probing import invoke_all

PASSING = frozenset({"throttled", "unreachable-endpoint", "aws-error"})
"""Errors after which the next round may well succeed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One look at every path."""

    number: int
    at: datetime
    seconds: float
    """Since the first round."""
    seen: Seen
    verdict: Verdict
    """Unknown where a probe gave no answer."""
    paths: tuple[Path, ...]
    """As they were last seen: a probe that gave no answer in this round closes nothing."""
    changes: tuple[PathChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What a watch needs from outside, and whom it tells."""

    renew: Callable[[], Capabilities]
    """Return capabilities with a run id and a runner of their own, for each probe put in place."""
    tell: Callable[[Round], None]
    trouble: Callable[[str], None]
    """Told what went wrong for the moment: when, and one sentence."""
    wait: Callable[[float], None]
    """Sleep that many seconds."""
    interval_seconds: float
    """From the beginning of a round to that of the next."""
    ended: Callable[[Round], bool]
    """Tell whether this round was the last."""


@dataclass(slots=True)
class Watch:
    """A watch under way."""

    request: CheckRequest
    watching: Watching
    clean_ups: list[CleanUp] = field(default_factory=list)
    _number: int = 0
    _known: dict[PathKey, Path] = field(default_factory=dict)
    _last: dict[PathKey, PathChange] = field(default_factory=dict)
    """By path the last change of facts that its packets did not follow."""
    _began: datetime | None = None

    def run(self) -> Round:
        """Look until the last round, and return it; raises NetprobeError.

        What was created is removed on every way out; ``clean_up`` tells.
        """
        capabilities = self.watching.renew()
        prepared: Prepared = prepare(self.request, capabilities)
        while True:
            found = self._from_one_place(prepared, capabilities)
            if found is not None:
                return found
            capabilities = self.watching.renew()
            prepared = self._read(capabilities)

    @property
    def clean_up(self) -> CleanUp:
        """What was created, removed and left, by all probes that were put in place."""
        return CleanUp(
            created=tuple(name for item in self.clean_ups for name in item.created),
            removed=tuple(name for item in self.clean_ups for name in item.removed),
            left=tuple(name for item in self.clean_ups for name in item.left),
        )

    def _from_one_place(self, prepared: Prepared, capabilities: Capabilities) -> Round | None:
        """Look from one set of sources; return the last round, None when the sources changed."""
        if not self.request.probe:
            return self._rounds(prepared, capabilities, None)
        try:
            with capabilities.runner.deployed(prepared.plan, keep=False) as probe:
                return self._rounds(prepared, capabilities, probe)
        finally:
            self.clean_ups.append(capabilities.runner.clean_up)

    def _rounds(
        self, prepared: Prepared, capabilities: Capabilities, probe: DeployedProbe | None
    ) -> Round | None:
        while True:
            began = capabilities.clock.now()
            done = self._look(prepared, capabilities, began, probe)
            self.watching.tell(done)
            if self.watching.ended(done):
                return done
            self._rest(capabilities, began)
            again = self._same_place(prepared, self._read(capabilities))
            if again is None:
                return None
            prepared = again

    def _look(
        self,
        prepared: Prepared,
        capabilities: Capabilities,
        at: datetime,
        probe: DeployedProbe | None,
    ) -> Round:
        runs: tuple[ProbeRun, ...] = ()
        if probe is not None:
            question = question_of(self.request, prepared.chosen)
            runs = invoke_all(probe, prepared.plan, question)
        silent = {run.source_id: run.missing for run in runs if run.sandbox is None}
        for sentence in (text for missing in silent.values() for text in missing):
            self._say(at, sentence)
        seen, heard = self._walk(prepared, runs, silent)
        if any(map(is_unexplained, path_changes(self._known.values(), heard))):
            # Somebody edited after the configuration was read and before packets were sent.
            fresh = self._read(capabilities)
            now = replace(fresh, sources=prepared.sources, plan=prepared.plan)
            seen, heard = self._walk(now, runs, silent)
        changes = tuple(map(self._with_facts, path_changes(self._known.values(), heard)))
        self._known |= {item.key: kept(self._known.get(item.key), item) for item in heard}
        self._number += 1
        self._began = self._began or at
        return Round(
            number=self._number,
            at=at,
            seconds=(at - self._began).total_seconds(),
            seen=seen,
            verdict=Verdict.UNKNOWN if silent else seen.verdict,
            paths=tuple(self._known.get(path.key, path) for path in seen.case.paths),
            changes=changes,
        )

    def _walk(
        self, prepared: Prepared, runs: tuple[ProbeRun, ...], silent: Container[str]
    ) -> tuple[Seen, tuple[Path, ...]]:
        """Return what is seen, and the paths of the probes that gave an answer."""
        seen = look(prepared, self.request, runs)
        return seen, tuple(i for i in seen.case.paths if i.key.source not in silent)

    def _with_facts(self, change: PathChange) -> PathChange:
        told = explained(change, self._last.pop(change.key, None))
        if change.was is change.path.verdict:
            self._last[change.key] = change
        return told

    def _rest(self, capabilities: Capabilities, began: datetime) -> None:
        spent = (capabilities.clock.now() - began).total_seconds()
        self.watching.wait(max(self.watching.interval_seconds - spent, 0.0))

    def _read(self, capabilities: Capabilities) -> Prepared:
        """Read the configuration again, as often as it takes; raises what will not pass."""
        while True:
            began = capabilities.clock.now()
            try:
                return prepare(self.request, capabilities)
            except NetprobeError as error:
                if error.reference not in PASSING:
                    raise
                self._say(began, f"{error}; trying again")
            self._rest(capabilities, began)

    def _say(self, at: datetime, sentence: str) -> None:
        self.watching.trouble(f"{at:%H:%M:%SZ}  {sentence}")

    def _same_place(self, before: Prepared, now: Prepared) -> Prepared | None:
        """Return the new configuration with the old sources, None where those changed.

        Editing routes splits and joins classes of subnets; the ones first chosen stay.
        """
        old = before.sources.sources
        if not self.request.probe:
            return now
        groups = self.request.wanted.security_group_ids
        still = all(stands_as_before(now.snapshot, item, groups) for item in old)
        if still and (self._has_classes or now.sources.sources == old):
            return replace(now, sources=before.sources, plan=before.plan)
        self._say(now.started_at, "where it starts has changed: putting the probe in place again")
        return None

    @property
    def _has_classes(self) -> bool:
        wanted = self.request.wanted
        return not (wanted.function or wanted.subnet_ids or wanted.all_subnets)


def stands_as_before(snapshot: Snapshot, source: Source, groups: tuple[str, ...]) -> bool:
    """Tell whether a probe made for this source still stands where the source stands.

    ``groups`` are those that the user chose instead of the function's own.
    """
    if source.function_name is None:
        subnet = snapshot.subnet(source.subnet_id)
        return subnet is not None and bool(subnet.ipv6_blocks) == source.ipv6_allowed
    function = snapshot.function(source.function_name)
    return (
        function is not None
        and source.subnet_id in function.subnet_ids
        and function.ipv6_allowed == source.ipv6_allowed
        and (groups or function.security_group_ids) == source.security_group_ids
    )
