"""A report finds its own sources and targets."""

from __future__ import annotations

import pytest

from netprobe.model.report import Report, Target, TargetKind, Verdict
from tests.builders import source

REPORT = Report(
    netprobe_version="0",
    started_at="t",
    finished_at="t",
    account=None,
    region="us-east-1",
    vpc_id="vpc-1",
    verdict=Verdict.HEALTHY,
    summary="s",
    client="boto3",
    sources=(source(),),
    targets=(Target(id="t-1", given="x", host="x", port=443, kind=TargetKind.HTTPS),),
    paths=(),
    findings=(),
)


def test_sources_and_targets_are_found_by_id() -> None:
    assert REPORT.source("subnet-private") == source()
    assert REPORT.target("t-1") == REPORT.targets[0]


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(KeyError):
        REPORT.source("x")
    with pytest.raises(KeyError):
        REPORT.target("x")
