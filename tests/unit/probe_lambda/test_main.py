from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from probe_lambda.wire import ProbeRequest, Target, result_from_json, to_json

ROOT = Path(__file__).parents[3]


def run(text):
    return subprocess.run(
        [sys.executable, "-m", "probe_lambda"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=60,
    )


def test_a_request_on_standard_input_is_answered_on_standard_output():
    target = Target(id="nothing", host="127.0.0.1", port=0)

    done = run(to_json(ProbeRequest(targets=(target,))))

    answer = result_from_json(done.stdout)
    assert [result.outcome for result in answer.results] == ["not-probed", "not-probed"]
    assert done.stderr == ""


@pytest.mark.parametrize("text", ["", "not json", "[]"])
def test_what_is_no_request_is_answered_with_the_reason(text):
    answer = result_from_json(run(text).stdout)

    assert answer.error.startswith("the request was refused: expected schema ")
