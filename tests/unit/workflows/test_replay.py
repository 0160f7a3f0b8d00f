"""Recording what probes answer, and answering the same again."""

from __future__ import annotations

import pytest

from netprobe.deploy.plan import plan_probe
from netprobe.errors import NetprobeError
from netprobe.workflows.replay import RecordingRunner, ReplayingRunner
from probe_lambda.wire import ProbeRequest, ProbeResult
from tests.builders import source
from tests.reports import NOON, FakeRunner

NOW = NOON.isoformat()
RESULT = ProbeResult(
    results=(),
    local_addresses={"ipv4": ["10.0.1.5"]},
    resolvers=("169.254.169.253",),
    started_at=NOW,
    finished_at=NOW,
)
PLAN = plan_probe((source(),), run_id="x", expires=NOW, timeout_seconds=30)
REQUEST = ProbeRequest(targets=(), timeout_seconds=1.0)


def test_what_was_recorded_is_answered_again() -> None:
    """By another plan with other names, because answers belong to sources."""
    inner = FakeRunner(answer=lambda *_: RESULT)
    recorder = RecordingRunner(inner)
    with recorder.deployed(PLAN, keep=False) as probe:
        assert probe.invoke(PLAN.functions[0], REQUEST) == RESULT

    other = plan_probe((source(),), run_id="y", expires=NOW, timeout_seconds=30)
    with ReplayingRunner(recorder.answers).deployed(other, keep=False) as probe:
        assert probe.invoke(other.functions[0], REQUEST) == RESULT
    assert inner.events == ["deploy 1", "remove"]
    assert recorder.clean_up is inner.clean_up


def test_source_that_was_not_recorded_has_no_answer() -> None:
    """A replay invents nothing."""
    replaying = ReplayingRunner({})

    with replaying.deployed(PLAN, keep=False) as probe, pytest.raises(NetprobeError):
        probe.invoke(PLAN.functions[0], REQUEST)
    assert replaying.clean_up.created == ()
