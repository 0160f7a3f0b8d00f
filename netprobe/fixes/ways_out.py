"""The ways out of everything that fails: found, proved by tracing again, priced and ranked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from netprobe.analysis.routing import effective_route_table
from netprobe.diagnosis.case import Case
from netprobe.fixes.commands import write_commands
from netprobe.fixes.costs import cost_per_gb, standing_cost
from netprobe.fixes.effects import also_opened, closes, touches
from netprobe.fixes.goals import Goal, goals
from netprobe.fixes.neighbours import leaves_hub, makes_private
from netprobe.fixes.ordering import in_order
from netprobe.fixes.passages import carried
from netprobe.fixes.policies import (
    POLICY_CHANGES,
    admitted,
    is_refused_by_policy,
    refusals_left,
)
from netprobe.fixes.retrace import World
from netprobe.fixes.search import find_set, opens_all
from netprobe.fixes.strategies import Strategy, closed_ways, strategies
from netprobe.fixes.titles import title_of
from netprobe.fixes.waiting import waits, waits_in_vain
from netprobe.model.changes import (
    Change,
    ExcludeFromBlock,
    LeaveSubnets,
    SetRoute,
    UseAmazonDns,
    UseRouteTable,
)
from netprobe.model.finding import Finding, PathKey, Role
from netprobe.model.fix import Fix, Way, WayOut, WayState, steps_of
from netprobe.model.flow import Source
from netprobe.model.report import Path
from netprobe.model.resources import TargetKind
from netprobe.model.trace import Reason

MOST_SEARCHED = 40
"""Goals that are searched anew; a set found for one is tried on all others first."""


_APART = (UseAmazonDns, LeaveSubnets)


@dataclass(slots=True, kw_only=True)
class _Found:
    """A set of changes, and what it opens."""

    way: Way
    world: World
    opens: tuple[PathKey, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysOut:
    """What can be done about a case."""

    fixes: tuple[Fix, ...] = ()
    ways: tuple[WayOut, ...] = ()


def find_ways_out(case: Case) -> WaysOut:
    """Return the fixes, cheapest first, and for each failing target where every way stands."""
    found: list[_Found] = []
    wanted = list(goals(case))
    start = World(case=case)
    for number, goal in enumerate(wanted):
        if number < MOST_SEARCHED or any(_reuse(item, goal) for item in found):
            _solve(start, goal, found)
    ranked = sorted(_without_refused(found), key=_rank)
    fixes = tuple(_fix(item, f"fix-{number}") for number, item in enumerate(ranked, start=1))
    return WaysOut(fixes=fixes, ways=tuple(_ways(case, wanted, fixes)))


def _without_refused(found: list[_Found]) -> list[_Found]:
    """Return the sets without those whose call is refused in the end, where another one's is not.

    A client is content with either family, so what counts is which ends are joined.
    """
    refused = [
        item
        for item in found
        if any(is_refused_by_policy(item.world, item.world.case.path(key)) for key in item.opens)
    ]
    joined = {
        (key.source, key.target) for item in found if item not in refused for key in item.opens
    }
    return [
        item
        for item in found
        if item not in refused or not {(key.source, key.target) for key in item.opens} <= joined
    ]


def linked(findings: Iterable[Finding], fixes: Iterable[Fix]) -> tuple[Finding, ...]:
    """Return the findings with the fixes that open any path they explain."""
    offered = tuple(fixes)
    return tuple(
        item
        if item.role is Role.NOTE
        else replace(
            item,
            fixes=tuple(fix.id for fix in offered if not set(fix.opens).isdisjoint(item.paths)),
        )
        for item in findings
    )


def _solve(start: World, goal: Goal, found: list[_Found]) -> None:
    """Find the smallest set for each way to a goal, those found for others first."""
    reused = {_slot(item.way, item.world.changes) for item in found if _reuse(item, goal)}
    best: dict[tuple[Way, type | None], World] = {}
    for strategy in strategies(start.case, goal):
        slot = _slot(strategy.way, strategy.begin)
        if slot in reused or (goal.is_refusal and strategy.way is not Way.REPAIR):
            continue
        world = _opened(start, goal, strategy)
        if world is None:
            continue
        held = best.get(slot)
        if held is None or _cost(world) < _cost(held):
            best[slot] = world
    for (way, _), world in best.items():
        _add(found, way, world, goal)


def _slot(way: Way, changes: Iterable[Change]) -> tuple[Way, type | None]:
    """Return what one set is kept for.

    To ask other servers, or from other subnets, is another way than to mend what is asked now.
    """
    return way, next((type(item) for item in changes if isinstance(item, _APART)), None)


def _opened(start: World, goal: Goal, strategy: Strategy) -> World | None:
    """Return the world in which a strategy opens a goal and closes nothing; None for none."""
    found_set = find_set(start.after(strategy.begin), goal.paths, strategy.opener, goal.siblings)
    world = _whole(found_set, goal) if found_set else None
    if world is None or not opens_all(world, goal.paths):
        return None
    return None if closes(world, (path.key for path in goal.paths)) else world


def _add(found: list[_Found], way: Way, world: World, goal: Goal) -> None:
    """Add a set to those found, or the goal to the one that makes the same changes."""
    keys = tuple(path.key for path in goal.paths)
    mine = _Found(way=way, world=world, opens=keys, sources=goal.sources)
    same = next((item for item in found if item.world.changes == world.changes), None)
    if same is not None:
        _widen(same, goal)
    elif not any(_is_covered(mine, item) for item in found):
        found.append(mine)


def _whole(found_set: World, goal: Goal) -> World | None:
    """Return the set with the policies that have to admit the call, in the order to make it."""
    changes = in_order(admitted(found_set, goal.paths).changes)
    return World(case=found_set.case, changes=changes) if changes else None


def _reuse(item: _Found, goal: Goal) -> bool:
    """Tell whether a set found for another goal opens this one too, and note that it does.

    A policy that refuses this goal as well has to admit it first; where policies are all there is
    to change, nothing else is asked of the set.
    """
    keys = tuple(path.key for path in goal.paths)
    if set(keys) <= set(item.opens):
        return True
    if goal.is_refusal != _sets_policies_only(item.world):
        return False
    of_family = goal.is_refusal or keys[0].family is item.opens[0].family
    if not of_family or not opens_all(item.world, goal.paths):
        return False
    item.world = _whole(item.world, goal) or item.world
    if goal.is_refusal and any(is_refused_by_policy(item.world, path) for path in goal.paths):
        return False
    _widen(item, goal)
    return True


def _widen(item: _Found, goal: Goal) -> None:
    keys = (path.key for path in goal.paths)
    item.opens = tuple(dict.fromkeys((*item.opens, *keys)))
    item.sources = tuple({one.id: one for one in (*item.sources, *goal.sources)}.values())


def _sets_policies_only(world: World) -> bool:
    return all(isinstance(item, POLICY_CHANGES) for item in world.changes)


def _is_covered(mine: _Found, other: _Found) -> bool:
    """Tell whether a set found earlier does the same with the same changes or fewer."""
    return set(other.world.changes) <= set(mine.world.changes) and set(mine.opens) <= set(
        other.opens
    )


def _cost(world: World) -> tuple[float, int]:
    """Return the standing cost, and the steps; those that take from others count for more."""
    cost = standing_cost(world.changes, world.case.snapshot.region)
    taken = sum(_takes_away(world.case, item) for item in world.changes)
    return (float("inf") if cost is None else cost, len(steps_of(world.changes)) + taken)


def _takes_away(case: Case, change: Change) -> int:
    """Return how many steps of others a change is worth: a guard, a zone, names, a way out."""
    snapshot = case.snapshot
    match change:
        case UseAmazonDns():
            return 6 if any(map(_is_shut_off, case.paths)) else 2
        case LeaveSubnets():
            return 2
        case ExcludeFromBlock():
            return 1
        case UseRouteTable():
            table = effective_route_table(snapshot, change.subnet_id)
            routes = table.routes if table else ()
            return 3 * any(item.target is TargetKind.INTERNET_GATEWAY for item in routes)
        case SetRoute(replaces=True):
            return 3 * (leaves_hub(snapshot, change) or makes_private(snapshot, change))
        case _:
            return 0


def _is_shut_off(path: Path) -> bool:
    """Tell whether the servers that are asked now cannot be reached: to open the way is less."""
    blockers = path.trace.blockers if path.trace else ()
    return any(item.reason is Reason.NO_RESOLVER for item in blockers)


def _rank(item: _Found) -> tuple[bool, float, int, int]:
    """Order by cost and size, last what a client gains nothing by while it waits for IPv6."""
    joined = {(key.source, key.target) for key in item.opens}
    return (waits_in_vain(item.world, item.opens), *_cost(item.world), -len(joined))


def _fix(item: _Found, fix_id: str) -> Fix:
    changes, case = item.world.changes, item.world.case
    region = case.snapshot.region
    others = also_opened(item.world, item.opens)
    return Fix(
        id=fix_id,
        title=title_of(item.way, changes, _through(item)),
        way=item.way,
        changes=changes,
        opens=item.opens,
        proved=all(item.world.proves(case.path(key)) for key in item.opens),
        standing_cost_usd_per_month=standing_cost(changes, region),
        cost_usd_per_gb=cost_per_gb(
            changes, region, through=(item.world.trace(case.path(key)) for key in item.opens)
        ),
        also_touches=(
            *touches(item.world, item.sources, others),
            *dict.fromkeys(waits(item.world, item.opens)),
            *dict.fromkeys(refusals_left(item.world, map(case.path, item.opens))),
        ),
        commands=write_commands(changes, case.snapshot),
    )


def _through(item: _Found) -> str:
    """Return what carries the calls afterwards, where that is one thing."""
    world = item.world
    paths = (path for key in item.opens if not world.leaves(path := world.case.path(key)))
    found = {carried(world.tracer.snapshot, world.trace(path)) for path in paths}
    return found.pop() if len(found) == 1 else ""


def _ways(case: Case, wanted: Iterable[Goal], fixes: tuple[Fix, ...]) -> Iterator[WayOut]:
    """Yield where each way stands for each target that fails."""
    by_target: dict[str, list[Goal]] = {}
    for goal in wanted:
        by_target.setdefault(goal.target.id, []).append(goal)
    for target_id, mine in by_target.items():
        for fix in fixes:
            if any(key.target == target_id for key in fix.opens):
                yield WayOut(
                    target=target_id,
                    way=fix.way,
                    state=WayState.FIX,
                    says=fix.title,
                    fix_id=fix.id,
                )
        said = {
            (way, state, says) for goal in mine for way, state, says in closed_ways(case, goal)
        }
        for way, state, says in sorted(said):
            yield WayOut(target=target_id, way=way, state=state, says=says)
        yield from _without_fix(case, target_id, mine, fixes)


def _without_fix(
    case: Case, target_id: str, mine: list[Goal], fixes: tuple[Fix, ...]
) -> Iterator[WayOut]:
    """Yield the ways that were tried for a target and that no known change opens."""
    if any(key.target == target_id for fix in fixes for key in fix.opens):
        return
    tried: list[Way] = [item.way for goal in mine for item in strategies(case, goal)]
    for way in dict.fromkeys(tried):
        if way is not Way.REPAIR:
            says = "no change that netprobe knows opens it here without closing something else"
            yield WayOut(target=target_id, way=way, state=WayState.NO_FIX, says=says)
