"""What probes answered once, kept to be judged again where nothing can be sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace

from netprobe.deploy.plan import PlannedFunction, ProbePlan
from netprobe.errors import NetprobeError
from netprobe.model.report import CleanUp
from netprobe.workflows.capabilities import DeployedProbe, ProbeRunner
from probe_lambda.wire import ProbeRequest, ProbeResult, result_from_json, to_json


@dataclass(slots=True)
class RecordingRunner:
    """A ProbeRunner that keeps, per source, what the probes it passes on answered."""

    inner: ProbeRunner
    answers: dict[str, list[str]] = field(default_factory=dict)
    """Wire JSON by source id, one for each time it was asked."""

    @property
    def clean_up(self) -> CleanUp:
        """What the inner runner created, removed and left."""
        return self.inner.clean_up

    @contextmanager
    def deployed(self, plan: ProbePlan, *, keep: bool) -> Iterator[DeployedProbe]:
        """Deploy by the inner runner."""
        with self.inner.deployed(plan, keep=keep) as probe:
            yield _Recorder(probe, self.answers)


@dataclass(frozen=True, slots=True)
class _Recorder:
    probe: DeployedProbe
    answers: dict[str, list[str]]

    def invoke(self, function: PlannedFunction, request: ProbeRequest) -> ProbeResult:
        try:
            result = self.probe.invoke(function, request)
        except NetprobeError as error:
            self._keep(function, _no_result(str(error)))
            raise
        self._keep(function, result)
        return result

    def _keep(self, function: PlannedFunction, result: ProbeResult) -> None:
        self.answers.setdefault(function.source.id, []).append(to_json(result))


def _no_result(error: str) -> ProbeResult:
    """Return what stands for a probe that failed: nothing seen, and why."""
    return ProbeResult(
        results=(), local_addresses={}, resolvers=(), started_at="", finished_at="", error=error
    )


@dataclass(frozen=True, slots=True)
class ReplayingRunner:
    """A ProbeRunner that sends nothing and answers what was recorded, as far as it is asked."""

    answers: Mapping[str, Sequence[str]]
    """Wire JSON by source id, one for each time it was asked."""
    clean_up: CleanUp = field(default_factory=CleanUp)
    _asked: Counter[str] = field(default_factory=Counter)

    def deployed(
        self,
        plan: ProbePlan,  # noqa: ARG002 # the recording knows what was deployed
        *,
        keep: bool,  # noqa: ARG002 # nothing is
    ) -> AbstractContextManager[DeployedProbe]:
        """Deploy nothing."""
        return _replayed(self)

    def invoke(self, function: PlannedFunction, request: ProbeRequest) -> ProbeResult:
        """Return the recorded answer; raises NetprobeError when there is none.

        Asked again, a source gives its next answer, and its last one for good. What that one does
        not tell, because less was asked then, an earlier one may.
        """
        source = function.source.id
        recorded = self.answers.get(source)
        if not recorded:
            raise NetprobeError("not-recorded", f"no probe was recorded in {source}")
        turn = min(self._asked[source], len(recorded) - 1)
        self._asked[source] += 1
        told = [result_from_json(text) for text in reversed(recorded[: turn + 1])]
        return _as_asked(told, request)


def _as_asked(told: Sequence[ProbeResult], request: ProbeRequest) -> ProbeResult:
    """Return the newest result with what was asked for only, and of it all that was ever told."""
    results = {(item.target, item.family): item for one in reversed(told) for item in one.results}
    names = {item.host: item for one in reversed(told) for item in one.names}
    hosts = dict.fromkeys(target.host for target in request.targets)
    asked = [(target.id, family) for target in request.targets for family in target.families]
    return replace(
        told[0],
        results=tuple(results[key] for key in asked if key in results),
        names=tuple(names[host] for host in hosts if host in names),
    )


@contextmanager
def _replayed(runner: ReplayingRunner) -> Iterator[DeployedProbe]:
    yield runner
