"""Paths on which some attempts were answered and others were not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from netprobe.diagnosis.case import Case
from netprobe.model.finding import Evidence, PathKey
from netprobe.model.observation import Constancy, Outcome
from netprobe.model.report import Path
from netprobe.model.trace import Component


def unsteady(case: Case, outcomes: Iterable[Outcome]) -> Iterator[tuple[Evidence, list[PathKey]]]:
    """Yield by target what happened now and then, and on which paths."""
    wanted = frozenset(outcomes)
    keys: dict[str, list[PathKey]] = defaultdict(list)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path in case.paths:
        seen = path.observation
        if seen is None or seen.constancy is not Constancy.SOMETIMES:
            continue
        failed = sum(item.outcome in wanted for item in seen.attempts)
        if failed:
            keys[path.key.target].append(path.key)
            counts[path.key.target][0] += failed
            counts[path.key.target][1] += len(seen.attempts)
    for target, found in keys.items():
        failed, all_of_them = counts[target]
        kinds = ", ".join(sorted(wanted))
        yield (
            Evidence(resource_id=target, says=f"{failed} of {all_of_them} attempts: {kinds}"),
            found,
        )


def through_nat_gateway(path: Path) -> bool:
    """Tell whether the path's request leaves by a NAT gateway."""
    hops = path.trace.request.hops if path.trace else ()
    return any(hop.component is Component.NAT_GATEWAY for hop in hops)
