"""Which findings and errors somebody may mean: by words, by what is seen, by a name misspelt."""

from __future__ import annotations

import difflib
import re
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
    """Return the symptom of this name or title, else those that have all its words somewhere."""
    asked = text.strip().lower()
    named = [item for item in SYMPTOMS if asked in {item.name, item.title.lower()}]
    words = text.lower().split()
    return named or [
        item for item in SYMPTOMS if _has(words, f"{item.name} {item.title} {item.seen}")
    ]


def misspelt(text: str) -> str | None:
    """Return the code or name that was written all but right; words that people say are none."""
    is_name = re.fullmatch(r"(?i)np[0-9]*|[a-z0-9]+(-[a-z0-9]+)+", text) is not None
    is_symptom = text.lower() in {item.name for item in SYMPTOMS}
    return _nearest(text, _names(), cutoff=0.75) if is_name and not is_symptom else None


def nearest(text: str) -> str | None:
    """Return the code or name somebody meant who wrote this, if any is near."""
    return _nearest(text, _names())


def _names() -> list[str]:
    return [*(name for item in FAULTS for name in (item.code, item.name)), *PAGES]


def nearest_symptom(text: str) -> str | None:
    """Return the name of a symptom that is near to the text."""
    return _nearest(text, [item.name for item in SYMPTOMS])


def _nearest(text: str, names: Iterable[str], *, cutoff: float = 0.4) -> str | None:
    spelt = {name.lower(): name for name in names}
    begun = [name for lowered, name in spelt.items() if lowered.startswith(text.lower())]
    if begun and text.strip():
        return begun[0]
    near = difflib.get_close_matches(text.lower(), spelt, n=1, cutoff=cutoff)
    return spelt[near[0]] if near else None


def _has(words: Iterable[str], text: str) -> bool:
    lowered = text.lower()
    return all(word in lowered for word in words)
