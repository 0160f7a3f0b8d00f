"""What probes answered once, kept to be judged again where nothing can be sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from netprobe.deploy.plan import PlannedFunction, ProbePlan
from netprobe.errors import NetprobeError
from netprobe.model.report import CleanUp
from netprobe.workflows.capabilities import DeployedProbe, ProbeRunner
from probe_lambda.wire import ProbeRequest, ProbeResult, result_from_json, to_json


@dataclass(slots=True)
class RecordingRunner:
    """A ProbeRunner that keeps, per source, what the probes it passes on answered."""

    inner: ProbeRunner
    answers: dict[str, str] = field(default_factory=dict)
    """Wire JSON by source id."""

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
    answers: dict[str, str]

    def invoke(self, function: PlannedFunction, request: ProbeRequest) -> ProbeResult:
        result = self.probe.invoke(function, request)
        self.answers[function.source.id] = to_json(result)
        return result


@dataclass(frozen=True, slots=True)
class ReplayingRunner:
    """A ProbeRunner that sends nothing and answers what was recorded."""

    answers: dict[str, str]
    """Wire JSON by source id."""
    clean_up: CleanUp = field(default_factory=CleanUp)

    def deployed(
        self,
        plan: ProbePlan,  # noqa: ARG002 # the recording knows what was deployed
        *,
        keep: bool,  # noqa: ARG002 # nothing is
    ) -> AbstractContextManager[DeployedProbe]:
        """Deploy nothing."""
        return _replayed(self)

    def invoke(
        self,
        function: PlannedFunction,
        request: ProbeRequest,  # noqa: ARG002 # what was asked is in the recording
    ) -> ProbeResult:
        """Return the recorded answer; raises NetprobeError when there is none."""
        if function.source.id not in self.answers:
            raise NetprobeError("not-recorded", f"no probe was recorded in {function.source.id}")
        return result_from_json(self.answers[function.source.id])


@contextmanager
def _replayed(runner: ReplayingRunner) -> Iterator[DeployedProbe]:
    yield runner
