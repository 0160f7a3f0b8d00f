"""The pages of findings: one per fault, made of its module's docstring, and two indexes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.faults import FAULTS
from netprobe.diagnosis.symptoms import SYMPTOMS, Symptom

BY_SYMPTOM = "by-symptom.md"
_TITLES = {symptom.name: symptom.title for symptom in SYMPTOMS}


def page(fault: Fault) -> str:
    """Return a fault's page as Markdown."""
    seen = "".join(f"- {_TITLES[name]}\n" for name in fault.symptoms)
    return (
        f"# {fault.code} {fault.name}\n\n{fault.title}.\n\nSeen as:\n\n{seen}\n"
        f"{(fault.doc or '').strip()}\n"
    )


def index(faults: Iterable[Fault]) -> str:
    """Return the table of all pages."""
    rows = "\n".join(
        f"| [{fault.code}]({fault.code}.md) | {fault.name} | {fault.title} |" for fault in faults
    )
    return (
        f"# Findings\n\nWho has a symptom and no finding yet starts [there]({BY_SYMPTOM}).\n\n"
        f"| code | name | what it is |\n|---|---|---|\n{rows}\n"
    )


def showing(symptom: Symptom, faults: Iterable[Fault] = FAULTS) -> list[Fault]:
    """Return the faults that show the symptom."""
    return [fault for fault in faults if symptom.name in fault.symptoms]


def by_symptom(faults: Iterable[Fault]) -> str:
    """Return the index by what is seen."""
    faults = tuple(faults)
    contents = "\n".join(f"- [{item.title}](#{_anchor(item)})" for item in SYMPTOMS)
    sections = "\n".join(_section(item, faults) for item in SYMPTOMS)
    return (
        "# Findings by symptom\n\nWhat is seen, and the faults that look like it; "
        "`netprobe check` tells which of them it is.\n"
        "On a command line: `netprobe explain --symptom NAME`.\n\n"
        f"{contents}\n\n{sections}"
    )


def _section(symptom: Symptom, faults: Iterable[Fault]) -> str:
    rows = "\n".join(
        f"- [{fault.code}]({fault.code}.md) {fault.name}: {fault.title}"
        for fault in showing(symptom, faults)
    )
    return f"## {symptom.title}\n\n`{symptom.name}`. {symptom.seen}\n\n{rows}\n"


def _anchor(symptom: Symptom) -> str:
    """Return what GitHub and Python-Markdown both make of the title."""
    return re.sub(r"[^\w -]", "", symptom.title).lower().replace(" ", "-")


def pages() -> dict[str, str]:
    """Return every file of docs/findings by name."""
    indexes = {"index.md": index(FAULTS), BY_SYMPTOM: by_symptom(FAULTS)}
    return indexes | {f"{fault.code}.md": page(fault) for fault in FAULTS}
