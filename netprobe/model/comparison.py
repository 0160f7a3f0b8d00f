"""Two reports or two snapshots beside each other: which path fares otherwise, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.finding import PathKey, Role
from netprobe.model.flow import Source
from netprobe.model.path_change import PathChange
from netprobe.model.report import Path, PathVerdict, Target, Verdict


class Kind(StrEnum):
    """What is compared."""

    REPORT = "report"
    SNAPSHOT = "snapshot"


class Course(StrEnum):
    """Where a path went from the first to the second."""

    BETTER = "better"
    WORSE = "worse"
    UNCERTAIN = "uncertain"
    """Whether it works was known, and is not any more."""
    SAME = "same"
    """It works as little or as well, or nobody knew before."""


class FactChange(StrEnum):
    """What happened to a fact of the configuration."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing of the configuration that is not as it was."""

    resource_id: str
    kind: str
    """What the resource is, as people say it: ``route table``."""
    change: FactChange
    what: str
    """Which part of it: ``route``, ``IPv6 for outgoing calls``; empty for all of it."""
    was: str | None = None
    now: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFinding:
    """A finding as far as it is compared."""

    code: str
    name: str
    title: str
    role: Role
    resource_id: str
    """Of its primary evidence; a second one there is another occurrence."""
    says: str

    @property
    def identity(self) -> tuple[str, str]:
        """Return what makes it the same finding in another report."""
        return (self.code, self.resource_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: what is known of every path, under keys that hold in both."""

    name: str
    """The file or folder it came from."""
    at: str | None = None
    """When it was read, UTC; None where the file does not say."""
    verdict: Verdict | None = None
    """None where nothing was asked."""
    summary: str = ""
    sources: tuple[Source, ...] = ()
    targets: tuple[Target, ...] = ()
    paths: tuple[Path, ...] = ()
    findings: tuple[KnownFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathDifference:
    """One path that fares otherwise, or as before for other reasons."""

    change: PathChange
    course: Course
    facts: tuple[Fact, ...] = ()
    """What changed where it is blocked or was, and what decided, the primary one first."""
    beside: tuple[Fact, ...] = ()
    """What else changed of the things it meets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that is not the same in both."""

    kind: Kind
    before: Side
    now: Side
    paths: tuple[PathDifference, ...] = ()
    gone_paths: tuple[PathKey, ...] = ()
    """Asked about before only."""
    new_paths: tuple[PathKey, ...] = ()
    """Asked about now only."""
    gone_findings: tuple[KnownFinding, ...] = ()
    new_findings: tuple[KnownFinding, ...] = ()
    facts: tuple[Fact, ...] = ()
    """Of the configuration, where both were snapshots."""
    not_compared: tuple[str, ...] = ()
    """What one of both could not read, one sentence each."""

    @property
    def course(self) -> Course:
        """Return the worst that happened to a path."""
        found = {item.course for item in self.paths}
        order = (Course.WORSE, Course.UNCERTAIN, Course.BETTER)
        return next((item for item in order if item in found), Course.SAME)


_REACH = {PathVerdict.WORKS: 2, PathVerdict.REFUSED: 1, PathVerdict.BLOCKED: 0}
"""How far a packet gets: what is refused has arrived."""


def course_between(was: PathVerdict | None, now: PathVerdict) -> Course:
    """Return where a path went; out of the unknown nothing was seen to get worse or better."""
    if now is PathVerdict.UNKNOWN and was not in {None, now}:
        return Course.UNCERTAIN
    if was is None or PathVerdict.UNKNOWN in {was, now} or was is now:
        return Course.SAME
    return Course.BETTER if _REACH[now] > _REACH[was] else Course.WORSE
