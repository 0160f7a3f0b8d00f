"""The last blocks of a report: what was not read, how the check was done, what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.report import CleanUp, PathVerdict, Report
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


def _judged_as(report: Report) -> Iterator[str]:
    """Yield by whose habits the families were weighed, where some path fails."""
    if any(path.verdict is not PathVerdict.WORKS for path in report.paths) and report.client:
        yield (
            f"judged as {report.client} would fare (--client): its habits decide what a silent "
            "address family costs"
        )


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
        return f"created {len(done.created)} resources in the account and removed them"
    return "still in the account"
