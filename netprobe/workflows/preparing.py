"""A check before anything is created: what is asked, what is read, and what would be deployed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from netprobe.deploy.plan import ProbePlan, plan_probe, require_role_arn, standing_run_id
from netprobe.errors import NetprobeError, UsageError
from netprobe.fixes.proposed import ask_instead, propose_all
from netprobe.model.addresses import Address, Family, parse_address
from netprobe.model.changes import Change, UseDualStackName
from netprobe.model.expectation import Expectation
from netprobe.model.report import Target
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.asked import asked_about
from netprobe.workflows.capabilities import (
    Asked,
    Clock,
    ProbeRunner,
    Progress,
    ServiceHosts,
    SnapshotSource,
)
from netprobe.workflows.expecting import require_paths
from netprobe.workflows.probing import seconds_needed
from netprobe.workflows.sources import Sources, Wanted, choose_sources
from netprobe.workflows.targets import Chosen, choose_targets

FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What the user asked, as values."""

    vpc_id: str | None = None
    wanted: Wanted = field(default_factory=Wanted)
    targets: tuple[str, ...] = ()
    families: tuple[Family, ...] = (Family.IPV4, Family.IPV6)
    client: str | None = None
    timeout_seconds: float = 5.0
    attempts: int = 1
    path_mtu: bool = False
    """Also send requests that are too long for one packet."""
    probe: bool = True
    keep: bool = False
    standing: bool = False
    """Use the probe that ``netprobe deploy`` put in place."""
    in_detail: bool = False
    """Keep every rule, entry and route that was looked at."""
    role_arn: str | None = None
    expectations: tuple[Expectation, ...] = ()
    assumed: tuple[Change, ...] = ()
    """Changes that are taken for made, which no packet can be sent to ask about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a check needs from outside."""

    source: SnapshotSource
    hosts: ServiceHosts
    runner: ProbeRunner
    clock: Clock
    progress: Progress
    run_id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A check before anything was created: all of it can be printed."""

    vpc_id: str
    snapshot: Snapshot
    sources: Sources
    chosen: Chosen
    plan: ProbePlan
    started_at: datetime


def prepare(request: CheckRequest, capabilities: Capabilities) -> Prepared:
    """Read the account and decide what to do; changes nothing. Raises NetprobeError."""
    require_role_arn(request.role_arn)
    started_at = capabilities.clock.now()
    vpc_id = request.vpc_id or _vpc_of(request, capabilities)
    capabilities.progress.step(f"reading the configuration of {vpc_id}")
    snapshot = propose_all(capabilities.source.read(vpc_id, asked_by(request)), request.assumed)
    sources = choose_sources(snapshot, vpc_id, request.wanted)
    chosen = choose_targets(request.targets, snapshot, vpc_id, capabilities.hosts)
    standing_for = (request.wanted.function or vpc_id) if request.standing else None
    plan = plan_probe(
        sources.sources,
        run_id=standing_run_id(standing_for, sources.sources)
        if standing_for
        else capabilities.run_id,
        expires=(started_at + FORGOTTEN_AFTER).strftime("%Y-%m-%dT%H:%M:%SZ"),
        timeout_seconds=seconds_needed(request.timeout_seconds, request.attempts),
        role_arn=request.role_arn,
        standing_for=standing_for,
    )
    require_paths(
        request.expectations,
        sources.sources,
        chosen.targets,
        {item.id: families_of(item, request.families) for item in chosen.targets},
    )
    return Prepared(
        vpc_id=vpc_id,
        snapshot=snapshot,
        sources=sources,
        chosen=_renamed(chosen, request.assumed),
        plan=plan,
        started_at=started_at,
    )


def _renamed(chosen: Chosen, assumed: tuple[Change, ...]) -> Chosen:
    """Return the targets under the names that clients are assumed to ask for.

    Raises NetprobeError where a name is assumed for one that nobody asks for.
    """
    hosts = {item.host for item in chosen.targets}
    for change in assumed:
        if isinstance(change, UseDualStackName) and change.host not in hosts:
            what = f"{change.host!r}, the name to replace, is no target of this check"
            raise NetprobeError("no-such-resource", what, hint="name it with --target")
    targets = tuple(replace(item, host=ask_instead(assumed, item.host)) for item in chosen.targets)
    return replace(chosen, targets=targets)


def _vpc_of(request: CheckRequest, capabilities: Capabilities) -> str:
    if request.wanted.function is None:
        what = "neither a VPC nor a function was named"
        raise UsageError("nothing-to-check", what, hint="give --vpc ID or --function NAME")
    return capabilities.source.vpc_of_function(request.wanted.function)


def asked_by(request: CheckRequest) -> Asked:
    """Return what the request is about, as far as it decides what has to be read."""
    return asked_about(request.targets, probing=request.probe, function=request.wanted.function)


def families_of(target: Target, families: tuple[Family, ...]) -> tuple[Family, ...]:
    """Return the families that can be asked about: a literal address has only its own."""
    literal = _parse(target.host)
    if literal is None:
        return families
    return tuple(item for item in families if item is Family(f"ipv{literal.version}"))


def _parse(text: str) -> Address | None:
    try:
        return parse_address(text)
    except ValueError:
        return None
