"""The last blocks of a report: what was not read, how the check was done, what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.diagnosis.states import State, state_of
from netprobe.model.finding import Role
from netprobe.model.report import CleanUp, Report
from netprobe.render.blocks import Block, Line, Tone


def closing_blocks(report: Report) -> Iterator[Block]:
    """Yield what was not read, how the check was done, and what became of its resources."""
    if report.gaps:
        lines = tuple(
            Line(
                text=f"{gap.call}: {gap.error}; allow {gap.iam_action} to read {gap.needed_for}"
                if gap.needed_for
                else f"{gap.call}: {gap.error}; allow {gap.iam_action}",
                mark="○",
            )
            for gap in report.gaps
        )
        yield Block(heading="could not be read", tone=Tone.UNSURE, lines=lines)
    told = (*_judged_as(report), *report.remarks)
    if told:
        lines = tuple(Line(text=text, mark="·") for text in told)
        yield Block(heading="about this check", tone=Tone.QUIET, lines=lines)
    yield _clean_up(report)


_OF_CLIENTS = frozenset({"NP406", "NP407", "NP804", "NP805", "NP813"})
"""Findings that are there for how the client connects."""


def _judged_as(report: Report) -> Iterator[str]:
    """Yield by whose habits the families were weighed, where they decided something."""
    if report.client and (_is_half_silent(report) or _tells_of_clients(report)):
        yield (
            f"judged as {report.client} would fare (--client): its habits decide what a silent "
            "address family costs"
        )


def _is_half_silent(report: Report) -> bool:
    """Tell whether one family works somewhere and the other is silent there."""
    states: dict[tuple[str, str], set[State]] = {}
    for path in report.paths:
        ends = path.key.source, path.key.target
        states.setdefault(ends, set()).add(state_of(path))
    return any({State.WORKS, State.SILENT} <= found for found in states.values())


def _tells_of_clients(report: Report) -> bool:
    return any(i.code in _OF_CLIENTS and i.role is not Role.NOTE for i in report.findings)


def _clean_up(report: Report) -> Block:
    done = report.clean_up
    lines = tuple(Line(text=item, mark="✗", tone=Tone.UNSURE) for item in done.left)
    tone = Tone.UNSURE if lines else Tone.QUIET
    return Block(heading=clean_up_words(done), tone=tone, lines=lines)


def clean_up_words(done: CleanUp) -> str:
    """Return what became of what was created, or the heading of what is left of it."""
    if not done.created:
        return "created nothing in the account"
    if not done.left:
        them = "them" if len(done.created) > 1 else "it"
        return f"created {_listed(done.created)} in the account and removed {them}"
    return "still in the account"


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
