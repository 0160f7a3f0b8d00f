"""The ways out of a VPC, each as the openers to try for one target.

The table of ways is the product's own; which lead to a target depends on what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from netprobe.diagnosis.case import Case
from netprobe.fixes.block import Opener
from netprobe.fixes.endpoints import (
    WITH_GATEWAY_ENDPOINTS,
    gateway_endpoint,
    interface_endpoint,
)
from netprobe.fixes.goals import Goal
from netprobe.fixes.names import ask_amazon
from netprobe.fixes.placing import leave_subnets
from netprobe.fixes.proposals import lead_to
from netprobe.fixes.routes import ipv6_exits, nat_exits
from netprobe.model.addresses import Family, is_private
from netprobe.model.changes import Change, MakeApiDualStack, UseDualStackName
from netprobe.model.fix import Way, WayState
from netprobe.model.observation import Outcome, StageName
from netprobe.model.report import Path, PathVerdict, Target, TargetKind
from netprobe.model.service_names import service_of_host
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition
from netprobe.model.workloads import Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One way to one target: what to do where there is no usable route, and what to begin with."""

    way: Way
    opener: Opener | None = None
    begin: tuple[Change, ...] = field(default=())


def strategies(case: Case, goal: Goal) -> Iterator[Strategy]:
    """Yield every way that might lead to a goal's target, several of a kind where there are."""
    yield Strategy(way=Way.REPAIR)
    for change in ask_amazon(case, goal):
        yield Strategy(way=Way.REPAIR, begin=(change,))
    for left in leave_subnets(case, goal):
        yield Strategy(way=Way.REPAIR, begin=(left,))
    real = _real_record(case.snapshot, goal)
    if real:
        yield Strategy(way=Way.REPAIR, begin=real)
    if goal.family is Family.IPV4:
        yield from _over_endpoints(case.snapshot, goal)
    if not (_is_inside(case.snapshot, goal) or _is_cut_elsewhere(case, goal)):
        yield from _over_gateways(case, goal)


def _real_record(snapshot: Snapshot, goal: Goal) -> tuple[Change, ...]:
    """Return the API's address type where DNS64 makes up the AAAA record that it lacks.

    With a record of its own nothing is made up, and IPv6 needs no NAT64.
    """
    api, resolution = snapshot.api(goal.target.api_id or ""), goal.trace.resolution
    made_up = resolution is not None and resolution.origin == "dns64"
    if api is None or api.is_private or not made_up:
        return ()
    return (MakeApiDualStack(api_id=api.api_id, kind=api.kind),)


def _over_endpoints(snapshot: Snapshot, goal: Goal) -> Iterator[Strategy]:
    host, sources = goal.target.host, goal.sources
    gateway = gateway_endpoint(snapshot, host, sources)
    if gateway is not None:
        yield Strategy(way=Way.GATEWAY_ENDPOINT, opener=gateway)
    api = snapshot.api(goal.target.api_id or "")
    interface = interface_endpoint(snapshot, host, sources)
    if interface is not None and (api is None or api.is_private):
        yield Strategy(way=Way.INTERFACE_ENDPOINT, opener=interface)


def _over_gateways(case: Case, goal: Goal) -> Iterator[Strategy]:
    source = goal.sources[0]
    if goal.family is Family.IPV4:
        for item in nat_exits(case.snapshot, source):
            yield Strategy(way=Way.NAT_GATEWAY, opener=lead_to(item))
        return
    renamed = _dual_stack_name(case, goal.target)
    for item in ipv6_exits(case.snapshot, source):
        begin = _real_record(case.snapshot, goal)
        yield Strategy(way=Way.IPV6, opener=lead_to(item), begin=begin)
        if renamed is not None:
            yield Strategy(way=Way.DUAL_STACK_NAME, opener=lead_to(item), begin=(renamed,))


def _is_cut_elsewhere(case: Case, goal: Goal) -> bool:
    """Tell whether a connection is made and cut out of view: no way goes round an inspection."""
    return any(map(_is_cut, case.between(goal.sources[0], goal.target).values()))


def _is_cut(path: Path) -> bool:
    stage = path.observation.stage(StageName.CONNECT) if path.observation else None
    connected = stage is not None and stage.outcome is Outcome.REACHABLE
    failed = path.verdict is PathVerdict.BLOCKED
    away = path.trace is not None and path.trace.disposition is Disposition.LEFT_VIEW
    return connected and failed and away


def closed_ways(case: Case, goal: Goal) -> Iterator[tuple[Way, WayState, str]]:
    """Yield the ways that do not lead to a target whatever is changed, or cannot be proved."""
    target, api = goal.target, case.snapshot.api(goal.target.api_id or "")
    if api is not None and not api.is_private:
        yield Way.GATEWAY_ENDPOINT, WayState.CANNOT, "only S3 and DynamoDB have gateway endpoints"
        yield (Way.INTERFACE_ENDPOINT, *_private_api(api, target))
    service = service_of_host(target.host, case.snapshot.region)
    if target.service and service not in WITH_GATEWAY_ENDPOINTS:
        yield Way.GATEWAY_ENDPOINT, WayState.CANNOT, "only S3 and DynamoDB have gateway endpoints"
    functions = dict.fromkeys(item.function_name for item in goal.sources if item.function_name)
    if functions and not _is_inside(case.snapshot, goal):
        names = ", ".join(functions)
        says = f"outside the VPC {names} reaches every public address, and nothing inside the VPC"
        yield Way.LEAVE_VPC, WayState.ADVICE, says


def _private_api(api: Api, target: Target) -> tuple[WayState, str]:
    """Return what PrivateLink can do for an API that is not private.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """
    if target.kind is TargetKind.REST_API:
        return (
            WayState.ADVICE,
            (
                f"{api.api_id} would have to become a private REST API behind an execute-api "
                "endpoint, whose private DNS answers for every execute-api name of the region"
            ),
        )
    kind = "a WebSocket API" if target.kind is TargetKind.WEBSOCKET_API else "an HTTP API"
    return WayState.CANNOT, f"an execute-api endpoint serves private REST APIs only, never {kind}"


def _is_inside(snapshot: Snapshot, goal: Goal) -> bool:
    """Tell whether the target is reached by private addresses only; a captured name is not."""
    api = snapshot.api(goal.target.api_id or "")
    if api is not None and api.is_private:
        return True
    resolution = goal.trace.resolution
    captured = resolution is not None and resolution.captured
    return not captured and is_private(goal.trace.flow.destination)


def _dual_stack_name(case: Case, target: Target) -> UseDualStackName | None:
    """Return the change to the service's dual-stack host, if that was looked up too."""
    if target.service is None:
        return None
    for item in case.targets:
        if item.service == target.service and item.id == f"{target.id}+dualstack":
            return UseDualStackName(
                target_id=target.id, host=target.host, dual_stack_host=item.host
            )
    return None
