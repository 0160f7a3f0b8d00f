"""The functions behind ``import netprobe``; the command line is a user of them.

A function that asks AWS takes ``profile``, ``region`` and ``endpoint_url`` as the command line
does, and otherwise finds credentials where boto3 looks for them. Where a ``snapshot`` is given
(a Snapshot, or the path of a file or folder), nothing is sent and no credentials are needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from netprobe.errors import NetprobeError, UsageError
from netprobe.model.addresses import Family
from netprobe.model.answer import FlowAnswer
from netprobe.model.changes import Change
from netprobe.model.expectation import Expectation
from netprobe.model.report import Report
from netprobe.model.snapshot import Snapshot
from netprobe.model.words import meant_or_known
from netprobe.workflows.capabilities import Asked, Progress, ServiceHosts
from netprobe.workflows.flow_requests import flow_request
from netprobe.workflows.trace import FlowTracer, TraceScope

# What only some callers need is imported where it is used: AWS's SDK takes 300 ms, the diagnosis
# and its fixes 100 ms, and a trace of a snapshot needs neither.
if TYPE_CHECKING:
    from netprobe.aws.session import AwsSession

Saved = Snapshot | str | PathLike[str]
"""A snapshot, or the file or folder it is in."""


def check(  # noqa: PLR0913 # the options of the command, by name only
    *,
    vpc: str | None = None,
    function: str | None = None,
    targets: Iterable[str] = (),
    subnets: Iterable[str] = (),
    all_subnets: bool = False,
    security_groups: Iterable[str] = (),
    families: Iterable[Family] = (Family.IPV4, Family.IPV6),
    client: str | None = None,
    timeout_seconds: float = 5.0,
    attempts: int = 1,
    path_mtu: bool = False,
    probe: bool = True,
    keep: bool = False,
    role_arn: str | None = None,
    wait_seconds: float = 0.0,
    assumed: Iterable[Change] = (),
    expectations: Iterable[Expectation] = (),
    snapshot: Saved | None = None,
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Probe a VPC or a function, walk its configuration, and return what ``check`` reports.

    Args:
        vpc: The VPC to ask from; exactly one of ``vpc`` and ``function`` is given.
        function: The function whose subnets, groups and IPv6 flag are used.
        targets: What to reach, written as for ``--target``; none asks about what is around.
        subnets: Probe only these subnets.
        all_subnets: Probe each subnet, not one of each class.
        security_groups: Probe with these groups instead of the function's or the VPC's default.
        families: Address families to ask about.
        client: Whose habits decide what a dead family costs; from the function's runtime if None.
        timeout_seconds: Deadline of each stage of a probe, 0.1 to 60.
        attempts: How often everything is tried, 1 to 100.
        path_mtu: Also send requests longer than one packet.
        probe: Put a probe into the account and send packets; False changes nothing in AWS.
            Nothing is sent into a snapshot either.
        keep: Leave the probe in place.
        role_arn: Execution role of the probe instead of a new one.
        wait_seconds: How long to wait for Lambda to release network interfaces.
        assumed: Changes that are taken for made, such as those of a fix; nothing is sent then.
        expectations: What must work and what must not.
        snapshot: Judge this, without a call to AWS.
        profile: Profile of the AWS configuration files.
        region: AWS region.
        endpoint_url: Send AWS calls to this URL.
        progress: Told what is being waited for.

    Returns:
        The report, with verdict, paths, findings and ways out. What was created is removed
        before this returns or raises, also on KeyboardInterrupt.

    Raises:
        UsageError: The arguments contradict themselves or name something that cannot be.
        NetprobeError: netprobe could not do its job.
    """
    from netprobe.aws.capabilities import Place, capabilities_of  # noqa: PLC0415 # as above
    from netprobe.workflows.check import CheckRequest, run_check  # noqa: PLC0415 # as above
    from netprobe.workflows.sense import sensible  # noqa: PLC0415 # as above
    from netprobe.workflows.sources import Wanted  # noqa: PLC0415 # as above

    request = CheckRequest(
        vpc_id=vpc,
        wanted=Wanted(
            function=function,
            subnet_ids=_several("subnets", subnets),
            all_subnets=all_subnets,
            security_group_ids=_several("security_groups", security_groups),
        ),
        targets=_several("targets", targets),
        families=tuple(Family(item) for item in families),
        client=client,
        timeout_seconds=timeout_seconds,
        attempts=attempts,
        path_mtu=path_mtu,
        probe=probe and snapshot is None,
        keep=keep,
        role_arn=role_arn,
        assumed=tuple(assumed),
        expectations=tuple(expectations),
    )
    request = sensible(request)
    place = Place(
        snapshot=snapshot
        if snapshot is None or isinstance(snapshot, Snapshot)
        else Path(snapshot),
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
    )
    return run_check(request, capabilities_of(request, place, progress, wait_seconds=wait_seconds))


def trace(  # noqa: PLR0913 # the options of the command
    source: str,
    destination: str,
    *,
    protocol: str | int = "tcp",
    port: int | str | None = None,
    source_port: int | str | None = None,
    family: Family | str | None = None,
    snapshot: Saved | None = None,
    vpc: str | None = None,
    security_groups: Iterable[str] = (),
    assumed: Iterable[Change] = (),
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
) -> FlowAnswer:
    """Walk one flow through the configuration, request and reply; sends nothing.

    Args:
        source: ``eni-...``, ``i-...``, ``subnet-...``, ``function:NAME``, or an address of a
            known interface.
        destination: An address, ``eni-...``, ``i-...``, ``vpce-...``, a host name, ``api:ID``,
            ``service:NAME`` or ``service:NAME+dualstack``.
        protocol: tcp, udp, icmp, or a protocol number.
        port: Destination port; 443 for tcp if None.
        source_port: Source port; any ephemeral one if None.
        family: That of the address if None, or for a name the one a client tries first.
        snapshot: Walk through this; without it, ``vpc`` is read from the account.
        vpc: The VPC to read; with a snapshot, the one whose addresses ``source`` means.
        security_groups: Groups of a source that is a subnet or function, instead of its own.
        assumed: Changes that are taken for made, such as those of a fix.
        profile: Profile of the AWS configuration files.
        region: AWS region.
        endpoint_url: Send AWS calls to this URL.

    Returns:
        The answer: ``disposition``, and ``trace`` with both halves and all blockers.

    Raises:
        UsageError: The flow, or one of its ends, cannot be asked about.
        NetprobeError: netprobe could not do its job.
    """
    request = flow_request(
        source, destination, protocol=protocol, port=port, source_port=source_port, family=family
    )
    return tracer(
        snapshot=snapshot,
        vpc=vpc,
        security_groups=security_groups,
        assumed=assumed,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
    ).ask(request)


def tracer(  # noqa: PLR0913 # as for trace
    *,
    snapshot: Saved | None = None,
    vpc: str | None = None,
    security_groups: Iterable[str] = (),
    assumed: Iterable[Change] = (),
    in_detail: bool = False,
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
) -> FlowTracer:
    """Return what answers many flows over one snapshot: ``tracer(...).ask(FlowRequest(...))``.

    The arguments are those of ``trace``; ``in_detail`` also keeps every rule, entry and route
    that was considered. Raises NetprobeError.
    """
    place = "the snapshot"
    if snapshot is None:
        if vpc is None:
            hint = "give a snapshot, or a VPC to read from the account"
            raise UsageError("nothing-to-trace", "no configuration was named", hint=hint)
        # Any name may be asked about, and nothing is sent that would need an API's stage.
        asked = Asked(stages_of=(), states=False, databases=())
        known = _read(vpc, _session(profile, region, endpoint_url), asked)
    else:
        known, place = _opened(snapshot)
    if vpc is not None and known.vpc(vpc) is None:
        hint = meant_or_known(vpc, (item.vpc_id for item in known.vpcs), "known")
        raise NetprobeError("no-such-vpc", f"no VPC {vpc!r} in {place}", hint=hint)
    scope = TraceScope(
        vpc_id=vpc,
        security_group_ids=_several("security_groups", security_groups),
        assumed=tuple(assumed),
    )
    return FlowTracer(known, _Hosts(known.region), scope, in_detail=in_detail)


def load_snapshot(path: str | PathLike[str]) -> Snapshot:
    """Return the snapshot in a file of ``netprobe snapshot`` or a folder of describe output.

    Raises NetprobeError.
    """
    from netprobe.aws.saved import load_snapshot as load  # noqa: PLC0415 # as above

    return load(Path(path))


def load_expectations(path: str | PathLike[str]) -> tuple[Expectation, ...]:
    """Return what a file of ``netprobe expect`` expects, for ``check``; raises NetprobeError."""
    from netprobe.workflows.expectation_files import load_expectations as load  # noqa: PLC0415 # as above

    return load(Path(path))


def load_changes(given: str | PathLike[str]) -> tuple[Change, ...]:
    """Return the changes in a file, or of a fix in a report, ``FILE:FIX``, for ``assumed``.

    Raises NetprobeError.
    """
    from netprobe.workflows.what_if import read_what_if  # noqa: PLC0415 # as above

    return read_what_if(fspath(given))


def read_snapshot(
    vpc: str,
    *,
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
) -> Snapshot:
    """Return a VPC's configuration as the account has it now; raises NetprobeError."""
    return _read(vpc, _session(profile, region, endpoint_url))


def to_json(answer: Report | FlowAnswer) -> str:
    """Return what ``--format json`` prints: the report of a check, or the answer to a flow."""
    if isinstance(answer, Report):
        from netprobe.render.json_v1 import to_json as report_json  # noqa: PLC0415 # as above

        return report_json(answer)
    from netprobe.render.flow_lines import to_json as answer_json  # noqa: PLC0415 # as above

    return answer_json(answer)


def _opened(snapshot: Saved) -> tuple[Snapshot, str]:
    """Return a snapshot and where it is, for words."""
    if isinstance(snapshot, Snapshot):
        return snapshot, "the snapshot"
    return load_snapshot(snapshot), fspath(snapshot)


def _session(profile: str | None, region: str | None, endpoint_url: str | None) -> AwsSession:
    from netprobe.aws.session import open_session  # noqa: PLC0415 # as above

    return open_session(profile=profile, region=region, endpoint_url=endpoint_url)


def _read(vpc: str, session: AwsSession, asked: Asked | None = None) -> Snapshot:
    from netprobe.aws.source import AwsSnapshotSource  # noqa: PLC0415 # as above

    return AwsSnapshotSource(session).read(vpc, asked)


def _several(name: str, given: Iterable[str]) -> tuple[str, ...]:
    """Return what was given; text is iterable too, and each of its letters a target."""
    if isinstance(given, str):
        raise UsageError("bad-argument", f"{name} is one text, {given!r}", hint=f"[{given!r}]")
    return tuple(given)


class _Hosts:
    """The SDK's host names, whose rules are read when the first one is asked for."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._known: ServiceHosts | None = None

    def host(self, service: str, *, dual_stack: bool) -> str:
        """Return the host name of a service in the region; raises NetprobeError if unknown."""
        if self._known is None:
            from netprobe.aws.service_hosts import BotocoreHosts  # noqa: PLC0415 # 100 ms few flows need

            self._known = BotocoreHosts(self._region)
        return self._known.host(service, dual_stack=dual_stack)
