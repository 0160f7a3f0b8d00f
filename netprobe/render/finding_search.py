"""Which findings and errors somebody may mean: by words, by what is seen, by a name misspelt."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.faults import FAULTS
from netprobe.diagnosis.symptoms import SYMPTOMS, Symptom
from netprobe.render.error_pages import PAGES
from netprobe.render.finding_pages import page

Entry = tuple[str, str, str]
"""A line of a list: a code or "error", a name, a title."""


def entries(faults: Iterable[Fault] = FAULTS, errors: Iterable[str] = PAGES) -> list[Entry]:
    """Return the lines of a list of faults and errors; all, unless told otherwise."""
    found = [(fault.code, fault.name, fault.title) for fault in faults]
    return found + [("error", name, PAGES[name].title) for name in errors]


def search(text: str) -> list[Entry]:
    """Return what has all words of the text, those first that have them in code, name or title.

    Words may stand anywhere in a page and in any order; upper and lower case are one.
    """
    words = text.lower().split()
    in_title = [item for item in entries() if _has(words, " ".join(item))]
    in_page = [
        item for item in entries() if item not in in_title and _has(words, _text_of(item[1]))
    ]
    return in_title + in_page


def _text_of(name: str) -> str:
    """Return all that is written about a finding or an error."""
    if name in PAGES:
        return f"{name} {PAGES[name].title} {PAGES[name].text}"
    fault = next(item for item in FAULTS if item.name == name)
    seen = (item.seen for item in SYMPTOMS if item.name in fault.symptoms)
    return " ".join((page(fault), *seen))


def symptoms_like(text: str) -> list[Symptom]:
    """Return the symptom of this name, else those whose name, title or words have all of it."""
    named = [item for item in SYMPTOMS if item.name == text.strip().lower()]
    words = text.lower().split()
    return named or [
        item for item in SYMPTOMS if _has(words, f"{item.name} {item.title} {item.seen}")
    ]


def nearest(text: str) -> str | None:
    """Return the code or name somebody meant who wrote this, if any is near."""
    names = [name for item in FAULTS for name in (item.code, item.name)]
    return _nearest(text, [*names, *PAGES])


def nearest_symptom(text: str) -> str | None:
    """Return the name of a symptom that is near to the text."""
    return _nearest(text, [item.name for item in SYMPTOMS])


def _nearest(text: str, names: Iterable[str]) -> str | None:
    spelt = {name.lower(): name for name in names}
    begun = [name for lowered, name in spelt.items() if lowered.startswith(text.lower())]
    if begun and text.strip():
        return begun[0]
    near = difflib.get_close_matches(text.lower(), spelt, n=1, cutoff=0.4)
    return spelt[near[0]] if near else None


def _has(words: Iterable[str], text: str) -> bool:
    lowered = text.lower()
    return all(word in lowered for word in words)
