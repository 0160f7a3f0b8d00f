"""What is paid for and could be had for nothing: NAT gateways, endpoints of S3.

Configuration shows no traffic, so nobody can tell what else uses a gateway. What is said is about
what was asked: a free way carries all of it, proved by tracing with the paid one gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from netprobe.analysis.tracer import Tracer
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.verdict import deciding
from netprobe.fixes.costs import carrying_standing, standing_cost
from netprobe.fixes.effects import closes
from netprobe.fixes.endpoints import WITH_GATEWAY_ENDPOINTS
from netprobe.fixes.goals import Goal
from netprobe.fixes.hanging import without_resource
from netprobe.fixes.ordering import in_order
from netprobe.fixes.passages import carriers
from netprobe.fixes.retrace import World, is_proved, trace_target
from netprobe.fixes.search import find_set
from netprobe.fixes.strategies import strategies
from netprobe.model.addresses import Family
from netprobe.model.changes import (
    AddEndpointTable,
    Change,
    CreateGatewayEndpoint,
    ExcludeFromBlock,
    UseAmazonDns,
)
from netprobe.model.fix import Way, steps_of
from netprobe.model.flow import Source
from netprobe.model.passage import Carrier, Passage, Saving
from netprobe.model.report import Target
from netprobe.model.trace import Trace
from netprobe.model.words import first_of

_PAID = frozenset({Carrier.NAT_GATEWAY, Carrier.INTERFACE_ENDPOINT})
_FREE = frozenset({Way.IPV6, Way.GATEWAY_ENDPOINT, Way.REPAIR})
_COSTS_NOTHING = frozenset(
    {
        Carrier.INSIDE_VPC,
        Carrier.GATEWAY_ENDPOINT,
        Carrier.EGRESS_ONLY_INTERNET_GATEWAY,
        Carrier.INTERNET_GATEWAY,
        Carrier.VPC_PEERING_CONNECTION,
    }
)
_TAKES_GUARD_AWAY = (ExcludeFromBlock, UseAmazonDns)
"""Changes that nobody makes to save money."""
_MOST_NAMED = 4
MOST_PAIRS = 40
"""Sources by targets that are searched for free ways of one resource."""

_Pair = tuple[Source, Target]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paid:
    """One thing that is paid for, and what of the asked it carries."""

    case: Case
    carrier: Carrier
    resource_id: str
    pairs: tuple[_Pair, ...]
    surveyed: bool
    """It carries what netprobe chose to look at as well, which proves nothing of its use."""


def savings(case: Case, passages: tuple[Passage, ...]) -> Iterator[Saving]:
    """Yield each paid resource that nothing of what was asked needs once a free way is open."""
    number = 0
    for paid in _paid(case, passages):
        world = _free_world(paid)
        if world is not None:
            number += 1
            yield _saving(paid, world.changes, f"saving-{number}")


def _paid(case: Case, passages: tuple[Passage, ...]) -> Iterator[_Paid]:
    carrying: dict[tuple[Carrier, str], set[tuple[str, str]]] = {}
    for item in passages:
        if item.carrier in _PAID and item.resource_id and _may_go(case, item):
            key = (item.key.source, item.key.target)
            carrying.setdefault((item.carrier, item.resource_id), set()).add(key)
    for (carrier, resource_id), ends in sorted(carrying.items()):
        pairs = tuple(
            (source, target)
            for target in deciding(case.targets)
            for source in case.sources
            if (source.id, target.id) in ends
        )
        if 0 < len(pairs) <= MOST_PAIRS:
            mine = {(source.id, target.id) for source, target in pairs}
            yield _Paid(
                case=case,
                carrier=carrier,
                resource_id=resource_id,
                pairs=pairs,
                surveyed=bool(ends - mine),
            )


def _may_go(case: Case, passage: Passage) -> bool:
    """Tell whether doing without is good advice: an endpoint keeps its calls inside the VPC.

    What S3 and DynamoDB have instead does so too.
    """
    if passage.carrier is not Carrier.INTERFACE_ENDPOINT:
        return True
    endpoint = case.snapshot.vpc_endpoint(passage.resource_id or "")
    service = endpoint.service_name.rpartition(".")[2] if endpoint else ""
    return service in WITH_GATEWAY_ENDPOINTS


def _free_world(paid: _Paid) -> World | None:
    """Return the world in which free ways carry all of it; None where one pair has none."""
    world = World(case=_without(paid))
    for pair in paid.pairs:
        if not _is_carried(world, pair):
            found = next(_opened(world, pair), None)
            if found is None:
                return None
            world = found
    meant = [path.key for pair in paid.pairs for path in world.case.between(*pair).values()]
    if world.changes and closes(world, meant):
        return None
    return world if all(_is_carried(world, pair) for pair in paid.pairs) else None


def _without(paid: _Paid) -> Case:
    """Return the case with the paid resource gone, and every path traced again."""
    case = paid.case
    gone = without_resource(case.snapshot, paid.resource_id)
    tracer, paths = Tracer(gone), []
    for path in case.paths:
        resolution = path.trace.resolution if path.trace else None
        led_there = resolution is not None and resolution.endpoint_id == paid.resource_id
        seen = None if led_there else path.observation
        trace = trace_target(tracer, case.source(path), case.target(path), path.key.family, seen)
        paths.append(replace(path, trace=trace, observation=seen))
    return replace(case, snapshot=gone, paths=tuple(paths))


def _opened(world: World, pair: _Pair) -> Iterator[World]:
    """Yield the worlds in which a free way carries what one source asks of one target."""
    source, target = pair
    for family in _families(world.case):
        path = world.case.between(source, target).get(family)
        if path is None or path.trace is None:
            continue
        goal = Goal(target=target, family=family, paths=(path,), sources=(source,), siblings=())
        for item in strategies(world.case, goal):
            if item.way in _FREE:
                found = find_set(world.after(item.begin), goal.paths, item.opener)
                after = replace(world, changes=in_order(found.changes)) if found else world
                if after.changes != world.changes and _is_free(after) and _is_carried(after, pair):
                    yield after


def _is_free(world: World) -> bool:
    """Tell whether the changes cost nothing, and open no more than a route or a rule does."""
    if any(isinstance(item, _TAKES_GUARD_AWAY) for item in world.changes):
        return False
    return standing_cost(world.changes, world.case.snapshot.region) == 0.0


def _is_carried(world: World, pair: _Pair) -> bool:
    """Tell whether a family a client uses is delivered for certain, by nothing that is paid."""
    paths = world.case.between(*pair)
    return any(
        (path := paths.get(family)) is not None and _is_freely_delivered(world, world.trace(path))
        for family in _families(world.case)
    )


def _is_freely_delivered(world: World, trace: Trace | None) -> bool:
    if trace is None or not is_proved(trace):
        return False
    return all(kind in _COSTS_NOTHING for kind, _ in carriers(world.tracer.snapshot, trace))


def _families(case: Case) -> tuple[Family, ...]:
    """Return the families a free way may use: IPv6 only where the client tries it first."""
    order = case.client.order
    return tuple(item for item in order if item is Family.IPV4 or order[0] is Family.IPV6)


def _saving(paid: _Paid, changes: tuple[Change, ...], saving_id: str) -> Saving:
    resource_id = paid.resource_id
    carrier = [(paid.carrier, resource_id)]
    usd = carrying_standing(paid.case.snapshot, carrier)
    named = list(dict.fromkeys(target.given for _, target in paid.pairs))
    whole = first_of(named, _MOST_NAMED)
    apart = ", netprobe's own survey apart," if paid.surveyed else ","
    only = f"of what was asked{apart} only {whole} goes through {resource_id}"
    free = "which a free way carries already"
    if changes:
        count = len(steps_of(changes))
        plural = "s" * (count > 1)
        free = f"which {_free_way(changes)} would carry for nothing ({count} step{plural})"
    worth = "what it costs" if usd is None else f"about {usd:.2f} USD a month"
    says = f"{only}, {free}: if nothing else uses it, taking it away saves {worth}"
    return Saving(
        id=saving_id, resource_id=resource_id, says=says, usd_per_month=usd, changes=changes
    )


def _free_way(changes: tuple[Change, ...]) -> str:
    if any(isinstance(item, CreateGatewayEndpoint | AddEndpointTable) for item in changes):
        return "a gateway endpoint"
    return "IPv6"
