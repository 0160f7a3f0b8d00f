"""Expectations as people write them down: TOML to values and back; programs may write JSON."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import tomli_w

from netprobe.errors import UsageError
from netprobe.model.expectation import Expectation, Must, Over
from netprobe.model.toml_text import read_toml
from netprobe.workflows.text_files import read_file

SCHEMA_ID = "netprobe.expect/1"
_KEYS = ("schema", "flow")
_FLOW_KEYS = ("from", "to", "family", "must", "why")
_HEADER = re.compile(r"^\s*\[\[\s*flow\s*\]\]", re.MULTILINE)

Word = TypeVar("Word", bound=StrEnum)


def read_expectations(text: str, name: str) -> tuple[Expectation, ...]:
    """Return what the file ``name`` with this text expects; raises UsageError.

    The error names the file, and the line where it can: of broken TOML the column too.
    """
    as_json = text.lstrip().startswith("{")  # as no TOML does
    try:
        document = json.loads(text) if as_json else read_toml(text)
    except ValueError as error:  # a number too long, for one
        hint = "mend it there: netprobe explain unreadable-expectations shows the form"
        what = f"is not {'JSON' if as_json else 'TOML'}"
        raise _unreadable(name, what, why=str(error), hint=hint) from error
    _refuse_unknown(name, document, _KEYS)
    if document.get("schema", SCHEMA_ID) != SCHEMA_ID:
        what = f"has schema {document['schema']!r}"
        raise _unreadable(name, what, hint=f'this netprobe reads schema = "{SCHEMA_ID}"')
    flows = document.get("flow", [])
    if not isinstance(flows, list) or not all(isinstance(item, dict) for item in flows):
        raise _unreadable(name, "has a flow that is no table", hint="write [[flow]] before each")
    if not flows:
        raise _unreadable(name, "expects nothing", hint="write a [[flow]] with to = TARGET")
    places = _places(text, name, len(flows))
    return tuple(_flow(flow, place) for flow, place in zip(flows, places, strict=True))


def load_expectations(path: Path) -> tuple[Expectation, ...]:
    """Return what a file expects; raises NetprobeError."""
    return read_expectations(read_file(path), str(path))


def write_expectations(expectations: Iterable[Expectation]) -> str:
    """Return the file that expects this, as ``read_expectations`` reads it back."""
    tables = [f"[[flow]]\n{tomli_w.dumps(_table(item))}" for item in expectations]
    return "\n".join([f'schema = "{SCHEMA_ID}"\n', *tables])


def expectations_to_json(expectations: Iterable[Expectation]) -> str:
    """Return the same file as JSON, for programs; ``read_expectations`` reads it too."""
    flows = [_table(item) for item in expectations]
    return json.dumps({"schema": SCHEMA_ID, "flow": flows}, indent=2)


def _table(expectation: Expectation) -> dict[str, str]:
    start = {"from": expectation.source} if expectation.source is not None else {}
    why = {"why": expectation.why} if expectation.why else {}
    return {
        **start,
        "to": expectation.target,
        "family": expectation.over.value,
        "must": expectation.must.value,
        **why,
    }


def _places(text: str, name: str, count: int) -> list[str]:
    """Return how to name each flow: by line where its header can be told from the text."""
    starts = [text.count("\n", 0, found.end()) + 1 for found in _HEADER.finditer(text)]
    if len(starts) != count:
        return [f"{name}, flow {number}" for number in range(1, count + 1)]
    return [f"{name}, flow {number} (line {line})" for number, line in enumerate(starts, start=1)]


def _flow(flow: dict[str, object], place: str) -> Expectation:
    _refuse_unknown(place, flow, _FLOW_KEYS)
    values = {key: _text(place, key, value) for key, value in flow.items()}
    if not values.get("to"):
        raise _unreadable(place, "names no target", hint='write to = "TARGET"')
    if values.get("from") == "":
        raise _unreadable(place, "names no source", hint="leave from out for every source")
    return Expectation(
        target=values["to"],
        source=values.get("from"),
        over=_word(place, "family", values.get("family", Over.ANY.value), Over),
        must=_word(place, "must", values.get("must", Must.WORK.value), Must),
        why=values.get("why", ""),
    )


def _text(place: str, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _unreadable(place, f"has {key} = {value!r}", hint="write it as text, in quotes")
    return value.strip()


def _word(place: str, key: str, value: str, kind: type[Word]) -> Word:
    known = [item.value for item in kind]
    if value not in known:
        raise _unreadable(place, f"has {key} = {value!r}", hint=_nearest(value, known))
    return kind(value)


def _refuse_unknown(place: str, found: Iterable[str], known: tuple[str, ...]) -> None:
    for key in found:
        if key not in known:
            raise _unreadable(place, f"has an unknown key {key!r}", hint=_nearest(key, known))


def _nearest(given: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"


def _unreadable(place: str, what: str, *, why: str = "", hint: str = "") -> UsageError:
    return UsageError("unreadable-expectations", f"{place} {what}", why=why, hint=hint)
