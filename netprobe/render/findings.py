"""The words for a finding, in the order fact, evidence, reason, fix, cost: the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from netprobe.model.finding import IN_FRONT, Finding, PathKey, Role
from netprobe.model.fix import Fix
from netprobe.model.observation import Outcome
from netprobe.model.report import Path, Report, Witnesses
from netprobe.render.blocks import Block, Line, Tone
from netprobe.render.fix_links import fixes_that_do
from netprobe.render.labels import target_labels

_WORD_OF_ROLE = {Role.ROOT_CAUSE: "cause", Role.CONTRIBUTING: "contributing", Role.NOTE: "note"}
_MOST_PATHS = 4
_NEXT = "; next, "
"""What stands in such advice between what it can be and how to find out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding in words."""

    code: str
    name: str
    title: str
    word: str
    """What it is to the failure: cause, contributing, note."""
    tone: Tone
    affects: tuple[str, ...]
    """The paths it explains, all of them."""
    paths: tuple[PathKey, ...]
    evidence: tuple[Line, ...]
    """What proves it, the fact that decides first."""
    reason: str
    candidates: str
    """What it can be, the likeliest first, where nothing is known to explain it."""
    advice: str
    cost: str
    seen: str
    """Which witness spoke, and how sure netprobe is."""
    fixes: tuple[str, ...]
    """The ways out that do what the advice says, of all that open its paths."""

    @property
    def advice_is(self) -> str:
        """Return what following the advice does: mend it, or tell what is to be mended."""
        return "next test" if _is_open(self.code) else "fix"

    @property
    def heading(self) -> str:
        """Return it in one line."""
        return f"{self.word}[{self.code}] {self.name}: {self.title}"


def _is_open(code: str) -> bool:
    """Tell whether a finding leaves open what failed, so that nothing is known to mend it."""
    return code in {"NP901", "NP903"}


def tell_findings(report: Report, findings: Iterable[Finding]) -> tuple[Told, ...]:
    """Return findings in words, in their order."""
    by_key = {path.key: path for path in report.paths}
    labels = target_labels(report)
    return tuple(_tell(item, by_key, labels, report.fixes) for item in findings)


def path_title(key: PathKey, target: str) -> str:
    """Return a path as people read it; ``target`` is what the target is called."""
    return f"{key.family.label} {key.source} → {target}"


def _tell(
    finding: Finding, paths: dict[PathKey, Path], labels: dict[str, str], fixes: tuple[Fix, ...]
) -> Told:
    seen = _witnesses(finding, [paths[key] for key in finding.paths])
    candidates, advice = "", finding.advice
    if _is_open(finding.code):
        candidates, _, advice = advice.rpartition(_NEXT)
    return Told(
        code=finding.code,
        name=finding.name,
        title=finding.title,
        word=_WORD_OF_ROLE[finding.role],
        tone=Tone.BAD if finding.role is Role.ROOT_CAUSE else Tone.UNSURE,
        affects=tuple(
            path_title(key, labels.get(key.target, key.target)) for key in finding.paths
        ),
        paths=finding.paths,
        evidence=tuple(_evidence(finding)),
        reason=finding.reason,
        candidates=candidates,
        advice=advice,
        cost=finding.standing_cost,
        seen=f"{seen}; confidence {finding.confidence}",
        fixes=() if finding.role is Role.NOTE else fixes_that_do(finding, fixes),
    )


def _evidence(finding: Finding) -> Iterable[Line]:
    for item in sorted(finding.evidence, key=lambda item: not item.primary):
        yield Line(
            text=f"{item.resource_id}  {item.says}",
            mark="✗" if item.primary else "·",
            tone=Tone.BAD if item.primary and finding.role is not Role.NOTE else Tone.PLAIN,
        )


def block_of(told: Told) -> Block:
    """Return a finding as a heading and lines."""
    lines = [Line(text=text, tone=Tone.QUIET) for text in told.affects[:_MOST_PATHS]]
    if len(told.affects) > _MOST_PATHS:
        more = f"and {len(told.affects) - _MOST_PATHS} more paths"
        lines.append(Line(text=more, tone=Tone.QUIET))
    lines += told.evidence
    if told.reason:
        lines.append(Line(text=f"because {told.reason}"))
    if told.candidates:
        lines.append(Line(text=told.candidates))
    if told.advice:
        cost = f"  [standing cost: {told.cost}]" if told.cost else ""
        lines.append(Line(text=f"{told.advice_is}: {told.advice}{cost}", tone=Tone.STRONG))
    more = f"{told.seen}; more: netprobe explain {told.code}"
    lines.append(Line(text=more, tone=Tone.QUIET))
    return Block(heading=told.heading, tone=told.tone, lines=tuple(lines))


def _witnesses(finding: Finding, paths: list[Path]) -> str:
    kinds = {path.witnesses for path in paths}
    outcomes = sorted({str(p.observation.outcome) for p in paths if p.observation})
    packets = f"packets ({', '.join(outcomes)})" if outcomes else "packets"
    if kinds == {Witnesses.CONFIGURATION_ONLY}:
        return "the configuration says so, no packet was sent"
    if kinds == {Witnesses.PACKETS_ONLY}:
        return f"only the {packets} say so"
    if Witnesses.DISAGREE in kinds:
        return f"configuration and {packets} disagree"
    behind = any(IN_FRONT in item.says for item in finding.evidence)
    if behind or not any(met_by_packets(finding.code, path) for path in paths):
        return f"the configuration says so; the {packets} ended before they met it"
    return f"configuration and {packets} agree that it fails"


class _Reach(IntEnum):
    """How far a call gets: what it is stopped at, or how far a finding is down the way."""

    NAME = 0
    SANDBOX = 1
    WAY = 2
    FAR_END = 3


_OF_NAMES = frozenset({"NP405", "NP408", "NP409", "NP410", "NP702", "NP703"})
"""Findings about names outside the group of codes that is about them, NP5."""
_OF_SANDBOXES = frozenset({"NP402", "NP403"})
_ENDED = {
    Outcome.NO_LOCAL_ADDRESS: _Reach.SANDBOX,
    Outcome.TLS_FAILED: _Reach.FAR_END,
    Outcome.HTTP_ERROR: _Reach.FAR_END,
    Outcome.REACHABLE: _Reach.FAR_END,
    Outcome.REFUSED: _Reach.FAR_END,
    Outcome.RESET: _Reach.FAR_END,
}


def met_by_packets(code: str, path: Path) -> bool:
    """Tell whether the packets of a path got to what a finding is about.

    A name that leads nowhere is as far as they came.
    """
    seen = path.observation
    if seen is None or seen.outcome is Outcome.NOT_PROBED:
        return False
    resolution = path.trace.resolution if path.trace else None
    astray = resolution is not None and resolution.captured
    named = str(seen.outcome).startswith("dns-")
    ended = _Reach.NAME if named else _ENDED.get(seen.outcome, _Reach.WAY)
    # At the wrong far end, no packet met what the right one says.
    return _place_of(code) <= min(ended, _Reach.WAY if astray else ended)


def _place_of(code: str) -> _Reach:
    if code in _OF_NAMES or code.startswith("NP5"):
        return _Reach.NAME
    if code in _OF_SANDBOXES:
        return _Reach.SANDBOX
    far = code.startswith(("NP7", "NP604", "NP605", "NP606", "NP607", "NP612", "NP613", "NP614"))
    return _Reach.FAR_END if far else _Reach.WAY
