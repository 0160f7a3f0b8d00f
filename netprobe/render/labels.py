"""What targets are called in reports, and sentences that begin with a capital where they may."""

from __future__ import annotations

from collections import Counter

from netprobe.model.report import Report


def target_labels(report: Report) -> dict[str, str]:
    """Return by id what each target is called: as it was asked for.

    With its host where that is said of several, as ``service:s3`` is of a plain and a dual-stack
    name.
    """
    asked = Counter(target.given for target in report.targets)
    return {
        target.id: target.given if asked[target.given] == 1 else f"{target.given} {target.host}"
        for target in report.targets
    }


def capital(text: str) -> str:
    """Return the text with a capital at its beginning, unless it begins with a name or a URL."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.rstrip(",;:").isalpha() else text
