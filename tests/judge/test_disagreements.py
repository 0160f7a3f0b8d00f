"""Every disagreement of engine and packets that was found, and what AWS does."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest

from netprobe.analysis.tracer import trace_flow
from netprobe.model.trace import Disposition
from tests.conftest import missing_for_a_lab
from tests.judge.building import snapshot_of
from tests.judge.cases import Case, read_cases
from tests.judge.verdicts import flow_of

EXPECTED = {
    True: {Disposition.DELIVERED},
    False: {Disposition.DENIED, Disposition.NO_ROUTE, Disposition.BLACKHOLED},
    None: {Disposition.UNKNOWN},
}
CASES = [pytest.param(case, id=case.name) for case in read_cases()]


@pytest.mark.parametrize("case", CASES)
def test_engine_says_what_aws_does(case: Case) -> None:
    """Request and reply, each for itself; what the file says is what AWS documents."""
    snapshot = snapshot_of(case.answers)

    trace = trace_flow(snapshot, flow_of(snapshot, case.question))

    assert trace.request.disposition in EXPECTED[case.request], case.why
    if case.request:
        assert trace.reply.disposition in EXPECTED[case.reply], case.why


@pytest.mark.lab
@pytest.mark.parametrize("case", CASES)
def test_packets_do_what_aws_does(case: Case) -> None:
    """The same in the lab's namespaces."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    request, reply = carried()[case.name]
    assert case.request in {request, None}, case.why
    assert case.reply in {reply, None}, case.why


@cache
def carried() -> dict[str, tuple[bool, bool]]:
    """Run all cases once, in a process of their own: it leaves this machine's namespaces."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.judge", "--cases"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    lines = map(json.loads, done.stdout.splitlines())
    return {line["name"]: (line["request"], line["reply"]) for line in lines}
