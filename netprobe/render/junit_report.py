"""A report as JUnit XML: a suite for each target, a case for each source and family.

A case fails where the client of the check feels it: those cases decide the verdict, and with it
the exit code. What fails and nobody feels is skipped, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.finding import Role
from netprobe.model.observation import Outcome
from netprobe.model.report import Path, PathVerdict, Report, Target
from netprobe.render.expectations_junit import expectation_suite
from netprobe.render.findings import Told, block_of, tell_findings
from netprobe.render.junit import Case, Ending, Suite, write_junit
from netprobe.render.labels import target_labels
from netprobe.render.narrative import no_record, path_block


def render_junit(report: Report) -> str:
    """Return the report as JUnit XML.

    Where flows were expected, they are the cases: a flow that must not work is kept by failing.
    """
    if report.expectations:
        return write_junit((expectation_suite(report.expectations),))
    return write_junit(_suite(report, target) for target in report.targets)


def _suite(report: Report, target: Target) -> Suite:
    told = tell_findings(report, report.findings)
    notes = {item.code for item in report.findings if item.role is Role.NOTE}
    felt = tuple(item for item in told if item.code not in notes)
    paths = [path for path in report.paths if path.key.target == target.id]
    return Suite(
        name=target_labels(report)[target.id],
        cases=tuple(_case(report, target, path, felt) for path in paths),
        properties=_properties(report),
        timestamp=report.started_at.removesuffix("Z"),
    )


def _properties(report: Report) -> dict[str, str]:
    return {
        "account": report.account or "",
        "region": report.region,
        "vpc": report.vpc_id,
        "verdict": report.verdict,
        "summary": report.summary,
        "client": report.client,
        "netprobe": report.netprobe_version,
    }


def _case(report: Report, target: Target, path: Path, told: tuple[Told, ...]) -> Case:
    mine = [item for item in told if path.key in item.paths]
    ending, message = _ending(report, target, path)
    bad = ending in {Ending.FAILED, Ending.ERROR}
    if bad and mine:
        message = "; ".join(f"{item.code} {item.title}" for item in mine)
    return Case(
        name=f"{path.key.family.label} from {path.key.source}",
        classname=target_labels(report)[target.id],
        ending=ending,
        message=message,
        kind=_outcome(path) if ending is Ending.FAILED else "",
        text="\n".join(_text(path, mine)) if bad else "",
        seconds=_seconds(path),
    )


def _ending(report: Report, target: Target, path: Path) -> tuple[Ending, str]:
    unread = path.trace is not None and bool(path.trace.unread)
    if path.key in report.felt:
        if path.verdict is PathVerdict.UNKNOWN or unread:
            return Ending.ERROR, "it cannot be told"
        return Ending.FAILED, _outcome(path)
    if path.verdict is PathVerdict.WORKS:
        return Ending.PASSED, ""
    if target.surveyed:
        return Ending.SKIPPED, f"{_outcome(path)}; the target was not asked for"
    return Ending.SKIPPED, _why_unfelt(report, path)


def _why_unfelt(report: Report, path: Path) -> str:
    """Return why a failure is not the client's: only another family that works is a way."""
    seen = path.observation
    if seen is not None and seen.outcome is Outcome.DNS_NODATA:
        return f"{no_record(path.key.family)}: not a fault of this path"
    ends = (path.key.source, path.key.target)
    others = [item for item in report.paths if (item.key.source, item.key.target) == ends]
    if any(item.verdict is PathVerdict.WORKS for item in others):
        return f"{_outcome(path)}; {report.client} gets through without it"
    return f"{_outcome(path)}; the failure that {report.client} meets is another path's"


def _outcome(path: Path) -> str:
    if path.observation is not None:
        return str(path.observation.outcome)
    return str(path.trace.disposition if path.trace else path.verdict)


def _text(path: Path, told: list[Told]) -> Iterator[str]:
    for block in (*(block_of(item) for item in told), path_block(path)):
        yield block.heading
        for line in block.lines:
            yield f"  {line.mark} {line.text}" if line.mark else f"  {line.text}"
        yield ""


def _seconds(path: Path) -> float:
    stages = path.observation.stages if path.observation else ()
    return sum(stage.milliseconds for stage in stages) / 1000
