"""What a check needs from outside, over the account or over what was saved of it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from netprobe.aws.deployer import AwsProbeRunner
from netprobe.aws.saved import Saved, load_saved
from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.aws.session import AwsSession, open_session
from netprobe.aws.source import AwsSnapshotSource, SavedSnapshotSource
from netprobe.aws.standing import StandingProbeRunner
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.capabilities import Progress, Silence, SystemClock, new_run_id
from netprobe.workflows.check import Capabilities, CheckRequest
from netprobe.workflows.replay import ReplayingRunner


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a check gets its answers: from what was saved, else from an account."""

    snapshot: Snapshot | Path | None = None
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None


def capabilities_of(
    request: CheckRequest,
    place: Place,
    progress: Progress | None = None,
    *,
    wait_seconds: float = 0.0,
) -> Capabilities:
    """Return what a check needs there; raises NetprobeError where that cannot be had."""
    progress = Silence() if progress is None else progress
    match place.snapshot:
        case None:
            session = open_session(
                profile=place.profile, region=place.region, endpoint_url=place.endpoint_url
            )
            return account(session, progress, standing=request.standing, wait_seconds=wait_seconds)
        case Path() as path:
            progress.step(f"reading {path}")
            return saved(load_saved(path), str(path), request, progress, region=place.region)
        case snapshot:
            return saved(snapshot, "the snapshot", request, progress, region=place.region)


def account(
    session: AwsSession,
    progress: Progress | None = None,
    *,
    standing: bool = False,
    wait_seconds: float = 0.0,
) -> Capabilities:
    """Return what a check of the account needs.

    ``standing`` uses the probe that ``netprobe deploy`` put in place; ``wait_seconds`` is how
    long Lambda may take to release interfaces.
    """
    progress = Silence() if progress is None else progress
    return Capabilities(
        source=AwsSnapshotSource(session),
        hosts=BotocoreHosts(session.region),
        runner=StandingProbeRunner(session, progress)
        if standing
        else AwsProbeRunner(session, progress, interface_wait_seconds=wait_seconds),
        clock=SystemClock(),
        progress=progress,
        run_id=new_run_id(),
        version=version("netprobe"),
    )


def saved(
    snapshot: Snapshot | Saved,
    place: str,
    request: CheckRequest,
    progress: Progress | None = None,
    *,
    region: str | None = None,
) -> Capabilities:
    """Return what a check of a snapshot needs: no session, and a runner that sends nothing.

    ``place`` is where the snapshot was saved, for words. Hosts are those of the VPC's region,
    whatever the environment says, or of ``region`` where that is not known.
    """
    raws = list(snapshot.raws) if isinstance(snapshot, Saved) else []
    snapshot = snapshot.snapshot if isinstance(snapshot, Saved) else snapshot
    name = request.wanted.function
    function = snapshot.function(name) if name else None
    vpc = snapshot.vpc(request.vpc_id or (function.vpc_id if function else ""))
    return Capabilities(
        source=SavedSnapshotSource(snapshot, place, raws),
        hosts=BotocoreHosts((vpc.region if vpc else None) or region or snapshot.region),
        runner=ReplayingRunner(answers={}),
        clock=SystemClock(),
        progress=Silence() if progress is None else progress,
        run_id=new_run_id(),
        version=version("netprobe"),
    )
