"""What ``netprobe explain`` shows, a page or a list, in each of its forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.symptoms import SYMPTOMS, Symptom
from netprobe.render.error_pages import PAGES, error_page
from netprobe.render.finding_pages import page, showing
from netprobe.render.finding_search import Entry, entries

Document = dict[str, Any]
_SECTION = re.compile(r"^## (.+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """The page of one finding, or of the error of this name."""

    subject: Fault | str


@dataclass(frozen=True, slots=True)
class Listed:
    """Findings and errors, a line for each."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Symptoms:
    """What people see; ``whole`` lists the findings that look like it too."""

    symptoms: tuple[Symptom, ...]
    whole: bool


Explanation = Page | Listed | Symptoms


def to_text(explained: Explanation) -> str:
    """Return it for people: pages are Markdown, lists have a line for each."""
    match explained:
        case Page():
            return _markdown_page(explained.subject)
        case Listed():
            return "\n".join(_rows(explained.entries))
        case Symptoms(symptoms=symptoms, whole=False):
            return "\n".join(f"{item.name:24}{item.title}" for item in symptoms)
        case Symptoms(symptoms=symptoms):
            return "\n\n".join(
                "\n".join((f"{item.title} ({item.name})", item.seen, *_rows(_findings(item))))
                for item in symptoms
            )


def to_markdown(explained: Explanation) -> str:
    """Return it for tickets and notes."""
    match explained:
        case Page():
            return _markdown_page(explained.subject)
        case Listed():
            rows = (f"| {code} | {name} | {title} |" for code, name, title in explained.entries)
            return "\n".join(("| code | name | what it is |", "|---|---|---|", *rows))
        case Symptoms(symptoms=symptoms, whole=False):
            return "\n".join(f"- `{item.name}`: {item.title}" for item in symptoms)
        case Symptoms(symptoms=symptoms):
            return "\n\n".join(
                "\n".join(
                    (
                        f"## {item.title}\n\n`{item.name}`. {item.seen}\n",
                        *(f"- {code} {name}: {title}" for code, name, title in _findings(item)),
                    )
                )
                for item in symptoms
            )


def to_document(explained: Explanation) -> Document:
    """Return it for programs; ``--format json`` prints it."""
    match explained:
        case Page(subject=subject):
            return _error(subject) if isinstance(subject, str) else _finding(subject)
        case Listed():
            return {"entries": [_entry(item) for item in explained.entries]}
        case Symptoms(symptoms=symptoms, whole=whole):
            return {"symptoms": [_seen(item) if whole else _symptom(item) for item in symptoms]}


def _markdown_page(subject: Fault | str) -> str:
    return error_page(subject) if isinstance(subject, str) else page(subject)


def _rows(listed: Iterable[Entry]) -> Iterator[str]:
    for code, name, title in listed:
        yield f"{code}  {name:38}  {title}"


def _findings(symptom: Symptom) -> list[Entry]:
    return entries(showing(symptom), errors=())


def _entry(entry: Entry) -> Document:
    """Return a line of a list; errors have no code."""
    code, name, title = entry
    kind = {"kind": "error"} if code == "error" else {"kind": "finding", "code": code}
    return kind | {"name": name, "title": title}


def _error(name: str) -> Document:
    return _entry(("error", name, PAGES[name].title)) | {"text": PAGES[name].text}


def _finding(fault: Fault) -> Document:
    summary, *parts = _SECTION.split((fault.doc or "").strip())
    return {
        **_entry((fault.code, fault.name, fault.title)),
        "since": fault.since,
        "summary": summary.strip(),
        "symptoms": [_symptom(item) for item in SYMPTOMS if item.name in fault.symptoms],
        "sections": [
            {"title": title, "text": text.strip()}
            for title, text in zip(parts[::2], parts[1::2], strict=True)
        ],
    }


def _seen(symptom: Symptom) -> Document:
    return _symptom(symptom) | {"entries": [_entry(item) for item in _findings(symptom)]}


def _symptom(symptom: Symptom) -> Document:
    return {"name": symptom.name, "title": symptom.title, "seen": symptom.seen}
