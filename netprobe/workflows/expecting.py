"""Expectations beside a check: which targets they name, and whether each has a path to judge."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from netprobe.diagnosis.expectations import ends_at, starts_at
from netprobe.errors import UsageError
from netprobe.model.addresses import Family
from netprobe.model.expectation import Expectation, Over
from netprobe.model.flow import Source
from netprobe.model.report import Target

RESOURCE = re.compile(r"(eni|i|vpce)-[0-9a-f]{8,17}")
"""Ids that a trace takes for a destination, and that no packet can be sent to by name."""
_DUAL_STACK = "+dualstack"


def targets_of(expectations: Iterable[Expectation]) -> tuple[str, ...]:
    """Return the targets that have to be asked about, each once, as ``--target`` takes them.

    A service's dual-stack host comes with the service.
    """
    names = (item.target for item in expectations)
    return tuple(
        dict.fromkeys(
            name.removesuffix(_DUAL_STACK) if name.startswith("service:") else name
            for name in names
        )
    )


def require_paths(
    expectations: Iterable[Expectation],
    sources: tuple[Source, ...],
    targets: tuple[Target, ...],
    asked: dict[str, tuple[Family, ...]],
) -> None:
    """Raise UsageError for an expectation that nothing in this check can keep or break.

    ``asked`` holds the families that are asked about, by the id of the target.
    """
    for item in expectations:
        if RESOURCE.fullmatch(item.target):
            raise UsageError(
                "no-such-path",
                f"nothing can keep or break: {item}",
                why="a probe needs an address or a name to send to",
                hint="ask the configuration: netprobe trace --expect",
            )
        if not any(starts_at(item, source) for source in sources):
            names = [source.subnet_id for source in sources]
            names += [f"function:{i.function_name}" for i in sources if i.function_name]
            raise _no_path(item, f"this check does not start at {item.source}", item.source, names)
        ends = ends_at(item, targets)
        if not ends:
            names = [target.given for target in targets]
            raise _no_path(
                item, f"this check does not ask about {item.target}", item.target, names
            )
        families = {family for target in ends for family in asked[target.id]}
        missing = [family for family in item.over.families if family not in families]
        if missing and (item.over is not Over.ANY or not families):
            what = " and ".join(family.label for family in missing)
            raise _no_path(item, f"this check does not ask about {what} there", None, ())


def _no_path(
    expectation: Expectation, why: str, given: str | None, known: Iterable[str]
) -> UsageError:
    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(given or "", names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else ""
    if not hint and names:
        hint = f"it has {', '.join(names[:5])}"
    return UsageError(
        "no-such-path", f"nothing can keep or break: {expectation}", why=why, hint=hint
    )
