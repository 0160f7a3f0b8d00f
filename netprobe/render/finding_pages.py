"""The pages of findings: one per fault, made of its module's docstring."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.faults import FAULTS


def page(fault: Fault) -> str:
    """Return a fault's page as Markdown."""
    return f"# {fault.code} {fault.name}\n\n{fault.title}.\n\n{(fault.doc or '').strip()}\n"


def index(faults: Iterable[Fault]) -> str:
    """Return the table of all pages."""
    rows = "\n".join(
        f"| [{fault.code}]({fault.code}.md) | {fault.name} | {fault.title} |" for fault in faults
    )
    return f"# Findings\n\n| code | name | what it is |\n|---|---|---|\n{rows}\n"


def pages() -> dict[str, str]:
    """Return every file of docs/findings by name."""
    return {"index.md": index(FAULTS)} | {f"{fault.code}.md": page(fault) for fault in FAULTS}
