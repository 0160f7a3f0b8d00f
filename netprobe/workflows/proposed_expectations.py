"""Expectations that hold today: a report of JSON version 1 to what must keep working."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.model.addresses import Family
from netprobe.model.expectation import Expectation, Over
from netprobe.model.report import PathVerdict
from netprobe.workflows.saved_reports import unreadable_report


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What to expect, and what was left out because it does not work."""

    expectations: tuple[Expectation, ...]
    left_out: tuple[str, ...]
    """One sentence each."""


def propose(report: Mapping[str, Any], name: str = "the report") -> Proposal:
    """Return what works in a report as expectations; raises NetprobeError for a strange one.

    Surveyed targets, which netprobe chose to look around, count only where there are no others.
    """
    try:
        return _propose(report)
    except (KeyError, TypeError, ValueError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else "a part has another shape"
        raise unreadable_report(name, "is no whole report", why) from error


def _propose(report: Mapping[str, Any]) -> Proposal:
    starts = {item["id"]: _start(item) for item in report["sources"]}
    targets = [item for item in report["targets"] if not item["surveyed"]] or report["targets"]
    flows: dict[tuple[str, str], dict[Family, set[PathVerdict]]]
    flows = defaultdict(lambda: defaultdict(set))
    for path in report["paths"]:
        verdicts = flows[starts[path["source"]], path["target"]]
        verdicts[Family(path["family"])].add(PathVerdict(path["verdict"]))
    expected: list[Expectation] = []
    left_out: list[str] = []
    for target in targets:
        for start in dict.fromkeys(starts.values()):
            found = flows[start, target["id"]]
            working = [family for family, seen in found.items() if seen == {PathVerdict.WORKS}]
            if working:
                expected.append(
                    Expectation(source=start, target=_name(target), over=_over(working))
                )
            left_out += _left_out(start, target["given"], found)
    return Proposal(expectations=tuple(expected), left_out=tuple(left_out))


def _start(source: Mapping[str, Any]) -> str:
    name = source["function_name"]
    return f"function:{name}" if name else str(source["subnet_id"])


def _name(target: Mapping[str, Any]) -> str:
    """Return the target as an expectation names it: a service's dual-stack host by its id."""
    identity = str(target["id"])
    return identity if identity.startswith("service:") else str(target["given"])


def _over(families: Iterable[Family]) -> Over:
    several = tuple(families)
    return Over.BOTH if len(several) > 1 else Over(several[0].value)


def _left_out(start: str, target: str, found: Mapping[Family, set[PathVerdict]]) -> Iterator[str]:
    for family, seen in found.items():
        if seen != {PathVerdict.WORKS}:
            how = " and ".join(sorted(seen))
            yield f"{start} → {target} over {family.label}: {how}"
