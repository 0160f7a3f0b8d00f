"""What ``netprobe explain`` does once its options are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode
from netprobe.cli.process import run_command
from netprobe.diagnosis.faults import FAULTS
from netprobe.diagnosis.symptoms import SYMPTOMS, Symptom
from netprobe.errors import NetprobeError, UsageError
from netprobe.render import error_pages, finding_pages, finding_search
from netprobe.render.finding_search import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainOptions:
    """The command line of ``netprobe explain``."""

    code: str | None = None
    list_all: bool = False
    search: str | None = None
    symptom: str | None = None
    symptoms: bool = False


def run(options: ExplainOptions, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    return run_command(lambda to: _run(options, to), streams, unwinds=False)


def _run(options: ExplainOptions, streams: Streams) -> ExitCode:
    print("\n".join(_lines(options)), file=streams.out)
    return ExitCode.HEALTHY


def _lines(options: ExplainOptions) -> Iterable[str]:
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
        return _table(_found(options.search))
    if options.symptom is not None:
        return _of_symptoms(_symptoms(options.symptom))
    if options.symptoms:
        return [f"{item.name:24}{item.title}" for item in SYMPTOMS]
    return _table(finding_search.entries())


def _table(entries: Iterable[Entry]) -> Iterator[str]:
    for code, name, title in entries:
        yield f"{code}  {name:38}  {title}"


def _about(text: str) -> Iterable[str]:
    """Return the page of this code or name, else the lists that its words lead to.

    Raises NetprobeError where they lead nowhere, or are a name misspelt.
    """
    if (page := _page(text)) is not None:
        return [page]
    words = text.strip(" .\"'`")
    near = finding_search.misspelt(words)
    if near is None and (symptoms := finding_search.symptoms_like(words) if words else []):
        return _of_symptoms(symptoms)
    if near is None and (entries := finding_search.search(words) if words else []):
        return _table(entries)
    if near is None and "-" in words:  # a name for sure; what is near to a word means nothing
        near = finding_search.nearest(words)
    others = "netprobe explain --list shows all, --search WORDS those that speak of something"
    hint = f"did you mean {near}?" if near else others
    raise NetprobeError("no-such-finding", f"no finding or error {text!r}", hint=hint)


def _page(code: str) -> str | None:
    fault = next((i for i in FAULTS if code.upper() == i.code or code.lower() == i.name), None)
    if fault is not None:
        return finding_pages.page(fault)
    if code.lower() in error_pages.PAGES:
        return error_pages.error_page(code.lower())
    return None


def _found(text: str) -> list[Entry]:
    entries = finding_search.search(text) if text.strip() else []
    if not entries:
        what = f"no finding or error has all of {text!r}"
        hint = "use fewer words, or look through netprobe explain --symptoms"
        raise NetprobeError("no-such-finding", what, hint=hint)
    return entries


def _symptoms(text: str) -> list[Symptom]:
    found = finding_search.symptoms_like(text) if text.strip() else []
    if not found:
        near = finding_search.nearest_symptom(text)
        hint = f"did you mean {near}?" if near else "netprobe explain --symptoms lists them"
        raise NetprobeError("no-such-finding", f"no symptom {text!r}", hint=hint)
    return found


def _of_symptoms(symptoms: Iterable[Symptom]) -> Iterator[str]:
    for number, symptom in enumerate(symptoms):
        if number:
            yield ""
        yield f"{symptom.title} ({symptom.name})"
        yield symptom.seen
        yield from _table(finding_search.entries(finding_pages.showing(symptom), errors=()))
