"""Whether the paths of a check do what somebody expects of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from netprobe.model.expectation import Expectation, JudgedExpectation, Kept, Must, Over
from netprobe.model.finding import Finding, Role
from netprobe.model.flow import Source
from netprobe.model.report import Path, PathVerdict, Target
from netprobe.model.words import first_of

_FUNCTION = "function:"
_MOST_NAMED = 3
"""Sources that a sentence names; a VPC can have many."""


def starts_at(expectation: Expectation, source: Source) -> bool:
    """Tell whether an expectation is about flows from this source."""
    wanted = expectation.source
    if wanted is None or wanted in {source.id, source.subnet_id, *source.represents}:
        return True
    return source.function_name is not None and wanted == f"{_FUNCTION}{source.function_name}"


def ends_at(expectation: Expectation, targets: Iterable[Target]) -> tuple[Target, ...]:
    """Return the target an expectation names; one by its id comes before those written alike.

    A service is asked at its plain and its dual-stack host, both written ``service:NAME``.
    """
    known = tuple(targets)
    exact = tuple(item for item in known if item.id == expectation.target)
    return exact or tuple(item for item in known if expectation.target in {item.given, item.host})


def judge_expectations(
    expectations: Iterable[Expectation],
    sources: tuple[Source, ...],
    targets: tuple[Target, ...],
    paths: tuple[Path, ...],
    findings: tuple[Finding, ...],
) -> tuple[JudgedExpectation, ...]:
    """Return what became of each; one that no path answers is unknown."""
    judged = []
    for item in expectations:
        starts = {source.id for source in sources if starts_at(item, source)}
        ends = {target.id for target in ends_at(item, targets)}
        mine = tuple(
            path
            for path in paths
            if path.key.source in starts
            and path.key.target in ends
            and path.key.family in item.over.families
        )
        judged.append(judge_paths(item, mine, findings))
    return tuple(judged)


def judge_paths(
    expectation: Expectation, paths: tuple[Path, ...], findings: tuple[Finding, ...] = ()
) -> JudgedExpectation:
    """Return what these paths, all of them the expectation's, make of it."""
    if not paths:
        return JudgedExpectation(
            expectation=expectation, state=Kept.UNKNOWN, says="nothing was asked of it"
        )
    if expectation.must is Must.NOT_WORK:
        state, deciding = _not_working(paths)
    else:
        state, deciding = _working(expectation, paths)
    explained = _explaining(findings, deciding) if expectation.must is Must.WORK else ()
    return JudgedExpectation(
        expectation=expectation,
        state=state,
        says=_says(deciding),
        paths=tuple(path.key for path in deciding),
        findings=explained if state is Kept.BROKEN else (),
    )


Decided = tuple[Kept, tuple[Path, ...]]


def _not_working(paths: tuple[Path, ...]) -> Decided:
    """Judge a flow that must not work: one path that works breaks it; a refusal keeps it."""
    if working := _of(paths, lambda item: item.verdict is PathVerdict.WORKS):
        return Kept.BROKEN, working
    unknown = _of(paths, lambda item: item.verdict is PathVerdict.UNKNOWN)
    return (Kept.UNKNOWN, unknown) if unknown else (Kept.KEPT, paths)


def _working(expectation: Expectation, paths: tuple[Path, ...]) -> Decided:
    """Judge a flow that must work, from every source alike."""
    if expectation.over is not Over.ANY:
        return _all_work(paths)
    each = [
        _any_works(tuple(path for path in paths if path.key.source == source))
        for source in dict.fromkeys(path.key.source for path in paths)
    ]
    for state in (Kept.BROKEN, Kept.UNKNOWN, Kept.KEPT):
        deciding = tuple(path for found, some in each if found is state for path in some)
        if deciding:
            return state, deciding
    return Kept.UNKNOWN, paths


def _all_work(paths: tuple[Path, ...]) -> Decided:
    failing = _of(paths, lambda item: item.verdict in {PathVerdict.BLOCKED, PathVerdict.REFUSED})
    if failing:
        return Kept.BROKEN, failing
    unknown = _of(paths, lambda item: item.verdict is PathVerdict.UNKNOWN)
    return (Kept.UNKNOWN, unknown) if unknown else (Kept.KEPT, paths)


def _any_works(paths: tuple[Path, ...]) -> Decided:
    """Judge the paths of one source, of which one is enough."""
    if working := _of(paths, lambda item: item.verdict is PathVerdict.WORKS):
        return Kept.KEPT, working
    unknown = _of(paths, lambda item: item.verdict is PathVerdict.UNKNOWN)
    return (Kept.UNKNOWN, unknown) if unknown else (Kept.BROKEN, paths)


def _of(paths: tuple[Path, ...], fits: Callable[[Path], bool]) -> tuple[Path, ...]:
    return tuple(path for path in paths if fits(path))


def _explaining(findings: tuple[Finding, ...], paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the codes of what is wrong with the paths: the causes, else what contributes."""
    keys = {path.key for path in paths}
    about = [item for item in findings if keys.intersection(item.paths)]
    for role in (Role.ROOT_CAUSE, Role.CONTRIBUTING):
        codes = tuple(dict.fromkeys(item.code for item in about if item.role is role))
        if codes:
            return codes
    return ()


def _says(paths: tuple[Path, ...]) -> str:
    """Return which families fare how, and from where: ``IPv4 blocked from a, b; IPv6 works``."""
    found: dict[str, list[str]] = {}
    for path in paths:
        start = found.setdefault(f"{path.key.family.label} {path.verdict}", [])
        start.append(path.key.source)
    return "; ".join(
        f"{what} from {first_of(starts, _MOST_NAMED)}" for what, starts in found.items()
    )
