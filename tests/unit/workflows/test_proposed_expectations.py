"""What is proposed to be expected: what works, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netprobe.errors import NetprobeError
from netprobe.model.expectation import Expectation, Over
from netprobe.render.json_v1 import to_json
from netprobe.workflows.proposed_expectations import propose
from netprobe.workflows.saved_reports import read_report
from tests.reports import recording, report_of_step

GIVEN = f"api:{recording()['built']['api_id']}"


def report(
    *paths: tuple[str, str, str, str], surveyed: tuple[str, ...] = (), function: str | None = None
) -> dict[str, Any]:
    """Return a report with the paths: source, target, family, verdict."""
    sources = dict.fromkeys(path[0] for path in paths)
    targets = dict.fromkeys(path[1] for path in paths)
    return {
        "schema": "netprobe.report/1",
        "sources": [{"id": i, "subnet_id": i, "function_name": function} for i in sources],
        "targets": [{"id": i, "given": i, "surveyed": i in surveyed} for i in targets],
        "paths": [
            {"source": source, "target": target, "family": family, "verdict": verdict}
            for source, target, family, verdict in paths
        ],
    }


def test_working_story_is_expected_to_stay_so() -> None:
    """The report as the tool itself writes it."""
    document = read_report(to_json(report_of_step(4)), "r.json")

    proposal = propose(document)

    assert proposal.expectations == (
        Expectation(source="function:push-prices", target=GIVEN, over=Over.IPV6),
    )
    assert proposal.left_out == (f"function:push-prices → {GIVEN} over IPv4: blocked",)


def test_broken_story_gives_nothing_to_expect() -> None:
    """What fails today is nobody's wish."""
    assert propose(json.loads(to_json(report_of_step(0)))).expectations == ()


def test_families_that_work_are_named_by_source() -> None:
    """Each subnet by itself, both families in one flow."""
    proposal = propose(
        report(
            ("subnet-a", "x", "ipv4", "works"),
            ("subnet-a", "x", "ipv6", "works"),
            ("subnet-b", "x", "ipv4", "works"),
            ("subnet-b", "x", "ipv6", "unknown"),
        )
    )

    assert proposal.expectations == (
        Expectation(source="subnet-a", target="x", over=Over.BOTH),
        Expectation(source="subnet-b", target="x", over=Over.IPV4),
    )
    assert proposal.left_out == ("subnet-b → x over IPv6: unknown",)


def test_function_works_only_if_all_its_subnets_do() -> None:
    """Any of them may run it."""
    proposal = propose(
        report(
            ("subnet-a", "x", "ipv4", "works"), ("subnet-b", "x", "ipv4", "refused"), function="fn"
        )
    )

    assert proposal.expectations == ()
    assert proposal.left_out == ("function:fn → x over IPv4: refused and works",)


def test_what_netprobe_only_looked_around_for_is_not_expected() -> None:
    """Unless there is nothing else."""
    both = (("subnet-a", "x", "ipv4", "works"), ("subnet-a", "service:s3", "ipv4", "works"))

    assert [e.target for e in propose(report(*both, surveyed=("service:s3",))).expectations] == [
        "x"
    ]
    assert [e.target for e in propose(report(both[1], surveyed=("service:s3",))).expectations] == [
        "service:s3"
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found["paths"][0].pop("verdict"),
        lambda found: found["paths"][0].update(family="ipv5"),
        lambda found: found["targets"].append(3),
        lambda found: found["sources"].clear(),
    ],
)
def test_strange_report_is_refused(spoil: Any) -> None:
    """It may have been edited by hand."""
    document = report(("subnet-a", "x", "ipv4", "works"))
    spoil(document)

    with pytest.raises(NetprobeError, match=r"r\.json is no whole report"):
        propose(document, "r.json")
