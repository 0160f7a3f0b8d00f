"""The example VPCs as they once ran in the lab: ``make record`` runs them, tests replay them.

What is kept is what was read and what the probes answered, nothing that netprobe made of it; a
replay is a whole check over that, at a time that stands still.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from netprobe.aws.convert import convert
from netprobe.aws.deployer import AwsProbeRunner
from netprobe.aws.describe import read_vpc
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.aws.session import open_session
from netprobe.model.report import CleanUp, Report
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.asked import asked_about
from netprobe.workflows.capabilities import Asked, Silence
from netprobe.workflows.check import Capabilities, CheckRequest, run_check
from netprobe.workflows.replay import RecordingRunner, ReplayingRunner
from netprobe.workflows.sources import Wanted
from tests.acceptance.building import REGION, build
from tests.conftest import DUMMY_CREDENTIALS, running_lab
from tests.reports import CheckClock, StoppedClock, capabilities, probed_at_noon

HERE = Path(__file__).parent
RECORDINGS = HERE / "recordings"
SCENARIOS = {
    item["id"]: item
    for item in yaml.safe_load((HERE / "acceptance/scenarios.yaml").read_text())["scenarios"]
}


@dataclass(frozen=True, slots=True)
class _Once:
    """A SnapshotSource that has read what it will say."""

    raw: RawSnapshot
    vpc_id: str

    def read(self, vpc_id: str, asked: Asked | None = None) -> Snapshot:
        assert vpc_id == self.vpc_id, asked
        return convert(self.raw)

    def vpc_of_function(self, name: str) -> str:
        assert name == "fn"
        return self.vpc_id


def request_of(scenario: dict[str, Any], *, in_detail: bool = False) -> CheckRequest:
    """Return the question the scenario is asked: its function, all its targets."""
    return CheckRequest(
        wanted=Wanted(function="fn"),
        targets=tuple(f"https://{t['host']}{t['probe_path']}" for t in scenario["targets"]),
        timeout_seconds=1.5,
        in_detail=in_detail,
    )


@cache
def report_of_scenario(scenario_id: str, *, in_detail: bool = False) -> Report:
    """Return the report on a scenario, judged anew from what was recorded."""
    recorded = json.loads((RECORDINGS / f"{scenario_id}.json").read_text(encoding="utf-8"))
    raw = RawSnapshot.from_document(recorded["raw"])
    done = CleanUp(**{name: tuple(items) for name, items in recorded["clean_up"].items()})
    runner = ReplayingRunner(probed_at_noon(recorded["answers"]), done)
    request = request_of(SCENARIOS[scenario_id], in_detail=in_detail)
    told = capabilities(convert(raw), runner, recorded["vpc_id"], CheckClock())
    return run_check(request, told)


def record(scenario: dict[str, Any]) -> dict[str, Any]:
    """Build the scenario in a lab of its own, check it there, and return what was said."""
    with running_lab() as lab:
        vpc_id = build(lab.client, scenario).ids["vpc"]
        session = open_session(profile=None, region=REGION, endpoint_url=lab.endpoint_url)
        request = request_of(scenario)
        raw = read_vpc(session, vpc_id, asked_about(request.targets, probing=True))
        runner = RecordingRunner(AwsProbeRunner(session, Silence()))
        run_check(
            request,
            Capabilities(
                source=_Once(raw, vpc_id),
                hosts=BotocoreHosts(REGION),
                runner=runner,
                clock=StoppedClock(),
                progress=Silence(),
                run_id="0123abcd",
                version="0.1.0",
            ),
        )
    return {
        "vpc_id": vpc_id,
        "clean_up": asdict(runner.clean_up),
        "raw": raw.document(),
        "answers": runner.answers,
    }


def main() -> None:
    """Record every scenario anew."""
    os.environ.update(DUMMY_CREDENTIALS)
    for scenario_id, scenario in SCENARIOS.items():
        text = json.dumps(record(scenario), indent=1)
        (RECORDINGS / f"{scenario_id}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
