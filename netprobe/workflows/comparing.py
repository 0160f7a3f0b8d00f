"""Two sides beside each other: which path fares otherwise, and which fact made it.

Paths are the same when their function, subnet, target and family are. A subnet that stands for
others in one of both, and not in the other, counts as each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from netprobe.analysis.fact_changes import changed_facts, not_compared
from netprobe.diagnosis.path_changes import path_changes
from netprobe.model.comparison import (
    Comparison,
    Course,
    Fact,
    FactChange,
    Kind,
    KnownFinding,
    PathDifference,
    Side,
    course_between,
)
from netprobe.model.finding import Finding, Role
from netprobe.model.flow import Source
from netprobe.model.path_change import PathChange
from netprobe.model.report import Path
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Hop
from netprobe.workflows.check import Capabilities, CheckRequest, look, prepare

_COURSES = (Course.WORSE, Course.UNCERTAIN, Course.BETTER, Course.SAME)
_ROLES = tuple(Role)
_ID = re.compile(r"[\w.:/@-]*\w")
"""A word of a sentence as long as an id can be: dots and colons at its end are the sentence's."""


def side_of_snapshot(request: CheckRequest, capabilities: Capabilities, name: str) -> Side:
    """Return what the configuration says of every path that is asked about; sends nothing.

    Raises NetprobeError for what the snapshot does not have.
    """
    prepared = prepare(request, capabilities)
    seen = look(prepared, request, ())
    return Side(
        name=name,
        verdict=seen.verdict,
        summary=seen.summary,
        sources=seen.case.sources,
        targets=seen.case.targets,
        paths=seen.case.paths,
        findings=tuple(map(_known, seen.findings)),
    )


def compare_reports(before: Side, now: Side) -> Comparison:
    """Return what two reports say otherwise."""
    return _compare(Kind.REPORT, before, now)


def compare_snapshots(before: tuple[Side, Snapshot], now: tuple[Side, Snapshot]) -> Comparison:
    """Return what is not the same in two configurations, and the paths that fare otherwise."""
    facts = changed_facts(before[1], now[1])
    found = _compare(Kind.SNAPSHOT, before[0], now[0], facts)
    return replace(found, facts=facts, not_compared=not_compared(before[1], now[1]))


def _known(finding: Finding) -> KnownFinding:
    primary = next(item for item in finding.evidence if item.primary)
    return KnownFinding(
        code=finding.code,
        name=finding.name,
        title=finding.title,
        role=finding.role,
        resource_id=primary.resource_id,
        says=primary.says,
    )


def _compare(
    kind: Kind, before: Side, now: Side, facts: tuple[Fact, ...] | None = None
) -> Comparison:
    before, now = _spread(before), _spread(now)
    old = {item.key: item for item in before.paths}
    new = {item.key: item for item in now.paths}
    both = [item for item in now.paths if item.key in old]
    sources = {item.id: item for item in (*before.sources, *now.sources)}
    differences = [
        _difference(change, old[change.key], facts, sources[change.key.source])
        for change in path_changes(before.paths, both)
    ]
    return Comparison(
        kind=kind,
        before=before,
        now=now,
        paths=tuple(sorted(differences, key=lambda item: _COURSES.index(item.course))),
        gone_paths=tuple(key for key in old if key not in new),
        new_paths=tuple(key for key in new if key not in old),
        gone_findings=_missing(before.findings, now.findings),
        new_findings=_missing(now.findings, before.findings),
    )


def _spread(side: Side) -> Side:
    """Return the side with a path from each subnet that another one was looked at for."""
    members = {source.id: tuple(_members(source)) for source in side.sources}
    sources = {item.id: item for group in members.values() for item in group}
    paths = {
        key: replace(path, key=key)
        for path in side.paths
        for member in members[path.key.source]
        for key in (replace(path.key, source=member.id),)
    }
    return replace(side, sources=tuple(sources.values()), paths=tuple(paths.values()))


def _members(source: Source) -> Iterator[Source]:
    """Yield a source for each subnet it stands for; a function's stands for other functions'."""
    if source.function_name is not None:
        yield replace(source, represents=(source.subnet_id,))
        return
    for subnet_id in dict.fromkeys((source.subnet_id, *source.represents)):
        yield replace(source, id=subnet_id, subnet_id=subnet_id, represents=(subnet_id,))


def _missing(
    here: Iterable[KnownFinding], there: Iterable[KnownFinding]
) -> tuple[KnownFinding, ...]:
    """Return the findings that the other side does not have, root causes first."""
    known = {item.identity for item in there}
    found = [item for item in here if item.identity not in known]
    return tuple(sorted(found, key=lambda item: (_ROLES.index(item.role), item.code)))


def _difference(
    change: PathChange, before: Path, facts: tuple[Fact, ...] | None, source: Source
) -> PathDifference:
    """Return the change with the facts on its way.

    Two reports have no configuration to compare; what their packets met, they have.
    """
    course = course_between(change.was, change.path.verdict)
    if facts is None:
        met = tuple(_met_otherwise(change, before))
        return PathDifference(change=change, course=course, facts=met)
    blockers = (*change.gone, *change.new)
    blocking = {item.resource_id for item in blockers}
    blocking |= {word for item in blockers for word in _ID.findall(item.detail)}
    on_the_way = _on_the_way(before) | _on_the_way(change.path) | blocking
    on_the_way |= {source.subnet_id, source.function_name or source.subnet_id}
    entries = {hop.entry for path in (before, change.path) for hop in _hops(path) if hop.entry}
    entries.add(source.subnet_id)  # what a table or an ACL is associated with
    ranked = [(_rank(i, blocking, entries), i) for i in facts if i.resource_id in on_the_way]
    return PathDifference(
        change=change,
        course=course,
        facts=tuple(fact for rank in (0, 1) for found, fact in ranked if found == rank),
        beside=tuple(fact for rank, fact in ranked if rank > 1),
    )


def _rank(fact: Fact, blocking: set[str], entries: set[str]) -> int:
    """Return 0 for the entry that decides at a block, then what else is there or decides."""
    decides = bool(entries & {fact.was, fact.now})
    return 2 - (fact.resource_id in blocking) - decides


def _on_the_way(path: Path) -> set[str]:
    """Return the ids of all that the path meets."""
    ids = {hop.resource_id for hop in _hops(path)}
    if path.trace is None:
        return ids
    ids |= {item.resource_id for item in path.trace.blockers}
    resolution = path.trace.resolution
    if resolution is not None:
        ids |= {item for item in (resolution.endpoint_id, resolution.authority_id) if item}
    return ids


def _hops(path: Path) -> tuple[Hop, ...]:
    return (*path.trace.request.hops, *path.trace.reply.hops) if path.trace else ()


def _met_otherwise(change: PathChange, before: Path) -> Iterator[Fact]:
    """Yield the entries that let the path pass where a block went or came."""
    places = {item.resource_id for item in (*change.gone, *change.new)}
    old, new = (_entries(path, places) for path in (before, change.path))
    for hop in dict.fromkeys((*old, *new)):
        if (hop in old) is not (hop in new):
            gone = hop in old
            component, resource_id, entry = hop
            yield Fact(
                resource_id=resource_id,
                kind=component,
                change=FactChange.REMOVED if gone else FactChange.ADDED,
                what="",
                was=entry if gone else None,
                now=None if gone else entry,
            )


def _entries(path: Path, places: set[str]) -> dict[tuple[str, str, str], None]:
    return {
        (hop.component.value.replace("-", " "), hop.resource_id, hop.entry): None
        for hop in _hops(path)
        if hop.entry and not hop.blocks and hop.resource_id in places
    }
