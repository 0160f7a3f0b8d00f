"""The symptoms, and that each fault says which it shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.faults import FAULTS
from netprobe.diagnosis.symptoms import SYMPTOMS, SymptomName

GOLDEN = Path(__file__).parent.parent.parent / "golden"
ORDER = [item.name for item in SYMPTOMS]
TIMEOUTS = {
    "connect-timeout-ipv4",
    "connect-timeout-ipv6",
    "connect-timeout",
    "aws-service-timeout",
    "private-target-timeout",
    "one-target-timeout",
    "some-subnets",
    "unexplained",
}
SEEN = {
    "timeout": TIMEOUTS,
    "refused": {"refused", "unexplained"},
    "reset": {"tls-fails", "breaks-after-idle", "refused"},
    "no-local-address": {"no-local-ipv6"},
    "dns-nodata": {"no-aaaa", "name-fails", "wrong-address"},
    "tls-failed": {"tls-fails", "stalls"},
    "http-error": {"forbidden-inside", "access-denied", "api-4xx"},
}
"""What a fault may say it shows, where it alone explains a path with this outcome."""


def test_every_symptom_is_described_once() -> None:
    """The closed list and the descriptions are the same."""
    assert tuple(ORDER) == get_args(SymptomName)
    assert len({item.title for item in SYMPTOMS}) == len(SYMPTOMS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_fault_says_what_it_shows(fault: Fault) -> None:
    """At least one thing, in the order of the list, and nothing twice."""
    assert fault.symptoms
    assert list(fault.symptoms) == [name for name in ORDER if name in fault.symptoms]


@pytest.mark.parametrize("name", ORDER)
def test_symptom_is_shown_by_some_fault(name: str) -> None:
    """An entry of the index leads somewhere."""
    assert any(name in fault.symptoms for fault in FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_family_of_a_name_is_that_of_its_symptoms(fault: Fault) -> None:
    """What is about one family never looks like a dead other one."""
    words = set(fault.name.split("-"))
    if words & {"v6", "ipv6"} and not words & {"v4", "ipv4"}:
        assert "connect-timeout-ipv4" not in fault.symptoms
    if words & {"v4", "ipv4"} and not words & {"v6", "ipv6"}:
        assert "connect-timeout-ipv6" not in fault.symptoms


def explained_alone() -> Iterator[tuple[str, str, str]]:
    """Yield code, family and outcome of the paths that one finding alone explains."""
    for file in sorted(GOLDEN.glob("*.json")):
        report = json.loads(file.read_text(encoding="utf-8"))
        for path in report.get("paths", []):
            codes = [i["code"] for i in report["findings"] if path["id"] in i["paths"]]
            seen = path.get("observation") or {}
            if len(codes) == 1 and seen.get("outcome") in SEEN and path["verdict"] != "works":
                yield codes[0], path["family"], seen["outcome"]


def test_golden_reports_show_what_the_faults_say() -> None:
    """Where one fault alone explains a path, what the packets met is among its symptoms."""
    of = {fault.code: fault for fault in FAULTS}
    alone = sorted(set(explained_alone()))

    assert alone
    for code, family, outcome in alone:
        possible = SEEN[outcome]
        if outcome == "timeout":
            possible = possible - {f"connect-timeout-{'ipv6' if family == 'ipv4' else 'ipv4'}"}
        assert possible & set(of[code].symptoms), (code, family, outcome)
