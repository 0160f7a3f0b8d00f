"""What ``netprobe explain`` does once its options are read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import PageFormat
from netprobe.cli.process import require_writable, run_command, write_report
from netprobe.diagnosis.faults import FAULTS
from netprobe.diagnosis.symptoms import SYMPTOMS
from netprobe.errors import NetprobeError, UsageError
from netprobe.render import finding_search
from netprobe.render.error_pages import PAGES
from netprobe.render.explanations import (
    Explanation,
    Listed,
    Page,
    Symptoms,
    to_document,
    to_markdown,
    to_text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainOptions:
    """The command line of ``netprobe explain``."""

    code: str | None = None
    list_all: bool = False
    search: str | None = None
    symptom: str | None = None
    symptoms: bool = False
    form: PageFormat = PageFormat.TEXT
    output: Path | None = None


def run(options: ExplainOptions, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    return run_command(lambda to: _run(options, to), streams, unwinds=False)


def _run(options: ExplainOptions, streams: Streams) -> ExitCode:
    require_writable(options.output)
    explained = _asked(options)
    write_report(_text(explained, options.form), options.output, streams)
    return ExitCode.HEALTHY


def _text(explained: Explanation, form: PageFormat) -> str:
    match form:
        case PageFormat.TEXT:
            return to_text(explained)
        case PageFormat.MARKDOWN:
            return to_markdown(explained)
        case PageFormat.JSON:
            return json.dumps(to_document(explained), indent=2)


def _asked(options: ExplainOptions) -> Explanation:
    """Return what is asked for; raises NetprobeError where there is no such thing."""
    asked = (options.code, options.list_all, options.search, options.symptom, options.symptoms)
    match [item for item in asked if item is not None and item is not False]:
        case []:
            hint = "netprobe explain --list, --symptoms or --search WORDS"
            raise UsageError("nothing-to-explain", "no finding or error named", hint=hint)
        case [_]:
            pass
        case _:
            what = "a page and a list, or two lists, were asked for at once"
            hint = "give CODE, --list, --search, --symptom or --symptoms alone"
            raise UsageError("nothing-to-explain", what, hint=hint)
    if options.code is not None:
        return _about(options.code)
    if options.search is not None:
        return _found(options.search)
    if options.symptom is not None:
        return _symptoms(options.symptom)
    if options.symptoms:
        return Symptoms(SYMPTOMS, whole=False)
    return Listed(tuple(finding_search.entries()))


def _about(text: str) -> Explanation:
    """Return the page of this code or name, else the lists that its words lead to.

    Raises NetprobeError where they lead nowhere, or are a name misspelt.
    """
    if (page := _page(text)) is not None:
        return page
    words = text.strip(" .\"'`")
    near = finding_search.misspelt(words)
    if near is None and (symptoms := finding_search.symptoms_like(words) if words else []):
        return Symptoms(tuple(symptoms), whole=True)
    if near is None and (entries := finding_search.search(words) if words else []):
        return Listed(tuple(entries))
    if near is None and "-" in words:  # a name for sure; what is near to a word means nothing
        near = finding_search.nearest(words)
    others = "netprobe explain --list shows all, --search WORDS those that speak of something"
    hint = f"did you mean {near}?" if near else others
    raise NetprobeError("no-such-finding", f"no finding or error {text!r}", hint=hint)


def _page(code: str) -> Page | None:
    fault = next((i for i in FAULTS if code.upper() == i.code or code.lower() == i.name), None)
    if fault is not None:
        return Page(fault)
    if code.lower() in PAGES:
        return Page(code.lower())
    return None


def _found(text: str) -> Listed:
    entries = finding_search.search(text) if text.strip() else []
    if not entries:
        what = f"no finding or error has all of {text!r}"
        hint = "use fewer words, or look through netprobe explain --symptoms"
        raise NetprobeError("no-such-finding", what, hint=hint)
    return Listed(tuple(entries))


def _symptoms(text: str) -> Symptoms:
    found = finding_search.symptoms_like(text) if text.strip() else []
    if not found:
        near = finding_search.nearest_symptom(text)
        hint = f"did you mean {near}?" if near else "netprobe explain --symptoms lists them"
        raise NetprobeError("no-such-finding", f"no symptom {text!r}", hint=hint)
    return Symptoms(tuple(found), whole=True)
