"""A change while a check runs, in the lab: the second look settles what both witnesses say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import boto3
import pytest

from netprobe.aws.capabilities import account
from netprobe.aws.session import AwsSession
from netprobe.aws.source import AwsSnapshotSource
from netprobe.cli.console import TerminalProgress
from netprobe.cli.process import process_streams
from netprobe.model.report import Report, Verdict, Witnesses
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.capabilities import Asked
from netprobe.workflows.check import CheckRequest, run_check
from netprobe.workflows.sources import Wanted
from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground

pytestmark = pytest.mark.lab


@dataclass
class ThenChanged:
    """The account, in which somebody makes a change right after it was read first."""

    inner: AwsSnapshotSource
    change: Callable[[], object]
    reads: list[str] = field(default_factory=list)

    def read(self, vpc_id: str, asked: Asked | None = None) -> Snapshot:
        found = self.inner.read(vpc_id, asked)
        self.reads.append(vpc_id)
        if len(self.reads) == 1:
            self.change()
        return found

    def vpc_of_function(self, name: str) -> str:
        return self.inner.vpc_of_function(name)


def checked(
    lab: RunningLab, function: str, change: Callable[[], object]
) -> tuple[Report, ThenChanged]:
    """Check STS from the function while a change is made."""
    inner = boto3.Session(
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 # a lab asks for none
    )
    session = AwsSession(region=REGION, inner=inner, endpoint_url=lab.endpoint_url)
    source = ThenChanged(AwsSnapshotSource(session), change)
    request = CheckRequest(
        wanted=Wanted(function=function), targets=("service:sts",), timeout_seconds=2.0
    )
    with TerminalProgress(process_streams()) as progress:
        capabilities = replace(account(session, progress), source=source)
        return run_check(request, capabilities), source


def test_route_made_after_the_reading_is_read_once_more(lab: RunningLab) -> None:
    """Packets pass what the first reading blocks; the second one knows why."""
    ground = Ground(lab)
    nat, function = ground.nat_gateway(), ground.function(ipv6=False)
    report, source = checked(
        lab, function, lambda: ground.route(ground.table, "0.0.0.0/0", NatGatewayId=nat)
    )

    assert len(source.reads) == 2
    assert report.verdict is Verdict.HEALTHY
    assert Witnesses.DISAGREE not in {path.witnesses for path in report.paths}
    assert any("the configuration changed while this check ran" in i for i in report.remarks)
    assert "model-disagreement" not in {item.name for item in report.findings}


def test_route_deleted_after_the_reading_is_the_cause_and_nothing_unexplained(
    lab: RunningLab,
) -> None:
    """Packets are lost where the first reading is open; the second one has the cause."""
    ground = Ground(lab)
    ground.open_both_ways_out()
    function = ground.function(ipv6=False)
    report, source = checked(
        lab,
        function,
        lambda: ground.ec2.delete_route(
            RouteTableId=ground.table, DestinationCidrBlock="0.0.0.0/0"
        ),
    )

    assert len(source.reads) == 2
    assert report.verdict is Verdict.BROKEN
    names = {item.name for item in report.findings}
    assert "service-endpoint-absent" in names
    assert "unexplained-failure" not in names
