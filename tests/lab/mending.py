"""A fault made real, the fix that its finding offers, its commands as they stand, and packets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RunningLab
from tests.lab.ground import Ground

WEB = "www.example.com"
ONE_LAB = pytest.mark.parametrize("shared_lab", ["whoever-runs-this"], indirect=True)
"""A fix is the same whoever runs the lab, so these tests run once."""
GOT_THROUGH = frozenset({"reachable", "http-error", "refused"})
"""What the probe meets when the packets arrive: where nobody listens, the far end says so."""

FINE = frozenset({"works", "refused"})
"""Verdicts of paths whose packets arrive."""

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What netprobe is asked in a broken VPC."""

    function: str
    target: str
    more: tuple[str, ...] = ()

    def report(self, lab: RunningLab) -> Json:
        named = ("--function", self.function, "--target", self.target)
        return lab.report(*named, "--timeout", "1", *self.more)


@dataclass(frozen=True, kw_only=True)
class Mend:
    """A fault, how a VPC comes to have it, and what the fix that is offered does."""

    finding: str
    broken: Callable[[Ground], Asked]
    way: str
    actions: tuple[str, ...]
    family: str = "ipv4"
    proved: bool = True
    """False where only the VPC's own resolver knows what it answers."""
    misled: bool = False
    """The packets do arrive before, where nobody meant them to: inside the VPC."""
    refused: bool = False
    """The packets do arrive before, and the far end's policy refuses them."""
    undo: Callable[[Ground], object] | None = None
    """Gives back what is not the VPC's own, but the whole account's."""

    def __str__(self) -> str:
        return f"{self.finding}-{self.way}"


def run(lab: RunningLab, fix: Json) -> None:
    """Run the commands of a fix in one shell, as whoever copies them would."""
    environment = lab.environment
    path = f"{Path(sys.executable).parent}:{environment['PATH']}"
    script = "\n".join(("set -eu", *fix["commands"]["aws_cli"]))
    done = subprocess.run(
        ["sh", "-c", script],
        env=environment | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stderr}"


def mend(lab: RunningLab, case: Mend) -> Json:
    """Break a VPC, see the packets fail, run the fix of the finding, and see them pass."""
    ground = Ground(lab)
    asked = case.broken(ground)
    try:
        before = asked.report(lab)
        fix = offered_by(before, case)
        assert passed(before, fix, case) == {False}, before["summary"]
        run(lab, fix)
        after = asked.report(lab)
        assert passed(after, fix, case) == {True}, after["summary"]
        assert case.finding not in _causes(after), after["summary"]
    finally:
        if case.undo is not None:
            case.undo(ground)
    return fix


def _causes(report: Json) -> dict[str, Json]:
    """Return the findings that are no notes, by their names."""
    return {item["name"]: item for item in report["findings"] if item["role"] != "note"}


def offered_by(report: Json, case: Mend) -> Json:
    """Return the fix that the finding names, of the way and the family that are asked for."""
    causes = _causes(report)
    told = [(item["way"], [str(i["action"]) for i in item["changes"]]) for item in report["fixes"]]
    assert case.finding in causes, (list(causes), report["summary"], told)
    linked = causes[case.finding]["fixes"]
    for fix in report["fixes"]:
        of_family = all(f"({case.family})" in item for item in fix["opens"])
        if fix["id"] in linked and fix["way"] == case.way and of_family:
            actions = tuple(item["action"] for item in fix["changes"])
            assert actions == case.actions, fix["changes"]
            assert fix["proved"] is case.proved
            return dict(fix)
    message = f"no {case.way} for {case.finding}: {told}"
    raise AssertionError(message)


def passed(report: Json, fix: Json, case: Mend) -> set[bool]:
    """Return what became of the packets on the paths that the fix is for."""
    found = set()
    for path in report["paths"]:
        if f"{path['source']} -> {path['target']} ({path['family']})" in fix["opens"]:
            seen = path["observation"] or {}
            astray = case.misled and str(seen["address"]).startswith("10.")
            refused = seen.get("outcome") == "refused"  # it is reached, and nobody listens
            arrived = refused or (seen.get("outcome") in GOT_THROUGH and path["verdict"] in FINE)
            found.add(path["verdict"] == "works" if case.refused else arrived and not astray)
    return found
