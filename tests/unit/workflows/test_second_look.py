"""What witnesses disagree about is read and asked once more, and then believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from netprobe.errors import NetprobeError
from netprobe.model.report import Report, Verdict, Witnesses
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.capabilities import Asked
from netprobe.workflows.check import CheckRequest, run_check
from netprobe.workflows.sources import Wanted
from probe_lambda.wire import ProbeRequest, ProbeResult
from tests.builders import function, gap, snapshot
from tests.reports import FakeRunner, capabilities
from tests.unit.diagnosis.cases import API, changed
from tests.unit.workflows.test_check import answering

FN = function("fn", subnet_ids=("subnet-private",))
OPEN = snapshot(*changed(FN))
SHUT = snapshot(*changed(FN, gone=("nat-1", "eigw-1")))
REQUEST = CheckRequest(wanted=Wanted(function="fn"), targets=(f"api:{API.api_id}",))
WORKS, SILENT = {"ipv4": "reachable", "ipv6": "reachable"}, {"ipv4": "timeout", "ipv6": "timeout"}
HALF = {"ipv4": "timeout", "ipv6": "reachable"}
Step = Snapshot | NetprobeError


@dataclass
class Changing:
    """A SnapshotSource that tells something else each time, and at last the same for good."""

    steps: list[Step]
    reads: int = 0

    def read(self, vpc_id: str, asked: Asked | None = None) -> Snapshot:
        assert (vpc_id, asked is not None) == ("vpc-1", True)
        step = self.steps[min(self.reads, len(self.steps) - 1)]
        self.reads += 1
        if isinstance(step, NetprobeError):
            raise step
        return step

    def vpc_of_function(self, name: str) -> str:
        assert name
        return "vpc-1"


@dataclass
class Wavering:
    """Answers of a probe, one after the other; the last one for good."""

    said: Iterator[dict[str, str]]
    last: dict[str, str] = field(default_factory=dict)

    def __call__(self, planned: Any, request: ProbeRequest) -> ProbeResult:
        self.last = next(self.said, self.last)
        result: ProbeResult = answering(self.last).answer(planned, request)
        return result


def check(steps: list[Step], *said: dict[str, str]) -> tuple[Report, Changing, FakeRunner]:
    source, runner = Changing(steps), FakeRunner(answer=Wavering(iter(said)))
    report = run_check(REQUEST, replace(capabilities(OPEN, runner), source=source))
    return report, source, runner


def remarks(report: Report, word: str) -> list[str]:
    return [item for item in report.remarks if word in item]


def test_witnesses_that_agree_are_asked_once() -> None:
    """No call and no packet more than without this."""
    report, source, runner = check([OPEN], WORKS)

    assert (source.reads, len(runner.requests)) == (1, 1)
    assert not remarks(report, "once more")


@pytest.mark.parametrize(
    ("before", "after", "said", "verdict"),
    [(SHUT, OPEN, WORKS, Verdict.HEALTHY), (OPEN, SHUT, SILENT, Verdict.BROKEN)],
    ids=["a route was made", "a route was deleted"],
)
def test_change_while_the_check_ran_is_read_and_no_disagreement_is_reported(
    before: Snapshot, after: Snapshot, said: dict[str, str], verdict: Verdict
) -> None:
    """The packets were right about this moment; nothing is probed again."""
    report, source, runner = check([before, after], said)

    assert (source.reads, len(runner.requests)) == (2, 1)
    assert {path.witnesses for path in report.paths} == {Witnesses.AGREE}
    assert report.verdict is verdict
    assert not {"model-disagreement", "unexplained-failure"} & {i.name for i in report.findings}
    (said_so,) = remarks(report, "the configuration changed while this check ran")
    assert f"api:{API.api_id} over ipv4" in said_so


def test_change_that_had_not_reached_the_packets_is_probed_once_more() -> None:
    """Only the sources and targets in question; the answer is the second one, and told."""
    report, source, runner = check([OPEN], SILENT, WORKS)

    assert (source.reads, len(runner.requests)) == (2, 2)
    assert {path.witnesses for path in report.paths} == {Witnesses.AGREE}
    assert report.verdict is Verdict.HEALTHY
    assert len(remarks(report, "timeout at first, reachable when the probe asked once more")) == 2


def test_disagreement_that_stays_is_reported_after_one_more_look() -> None:
    """Bounded: each witness twice, never more."""
    report, source, runner = check([SHUT], WORKS, WORKS, WORKS)

    assert (source.reads, len(runner.requests)) == (2, 2)
    assert "model-disagreement" in {item.name for item in report.findings}
    assert remarks(report, "packets and configuration still disagree")
    assert runner.events == ["deploy 1", "remove"]


def test_only_what_was_in_question_gets_the_second_answer() -> None:
    """A family both witnesses agreed about keeps its first answer."""
    report, _, runner = check([OPEN], HALF, WORKS | {"ipv6": "timeout"})

    assert [target.id for target in runner.requests[1].targets] == [f"api:{API.api_id}"]
    assert {path.key.family.value: path.observation.outcome.value for path in report.paths
            if path.observation} == WORKS  # fmt: skip


@pytest.mark.parametrize(
    "second",
    [
        NetprobeError("throttled", "AWS throttled"),
        replace(OPEN, gaps=(gap("ec2:DescribeRouteTables"),)),
    ],
    ids=["refused", "with a gap"],
)
def test_second_reading_that_fails_leaves_the_first(second: Step) -> None:
    """What was read well is not given up for less; the probe is asked all the same."""
    report, source, runner = check([SHUT, second], WORKS)

    assert (source.reads, len(runner.requests)) == (2, 2)
    assert report.gaps == ()
    assert "model-disagreement" in {item.name for item in report.findings}


def test_second_probe_that_fails_leaves_the_first_answer() -> None:
    """The function may be gone, or throttled."""
    said = Wavering(iter([SILENT]))
    asked: list[ProbeRequest] = []

    def answer(planned: Any, request: ProbeRequest) -> ProbeResult:
        asked.append(request)
        if len(asked) > 1:
            raise NetprobeError("probe-failed", "the probe failed")
        return said(planned, request)

    report = run_check(REQUEST, capabilities(OPEN, FakeRunner(answer=answer)))

    assert len(asked) == 2
    assert {path.witnesses for path in report.paths} == {Witnesses.DISAGREE}
    assert not any("gave no answer" in item for item in report.remarks)
