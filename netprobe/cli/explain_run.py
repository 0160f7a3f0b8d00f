"""What ``netprobe explain`` does once its options are read."""

from __future__ import annotations

import difflib

from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode, run_guarded
from netprobe.cli.process import process_streams
from netprobe.diagnosis.faults import FAULTS
from netprobe.errors import NetprobeError, UsageError
from netprobe.render import error_pages, finding_pages


def run(code: str | None, *, list_all: bool, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    streams = streams or process_streams()
    return run_guarded(lambda: _run(code, list_all, streams), streams.err)


def _run(code: str | None, list_all: bool, streams: Streams) -> ExitCode:
    if list_all:
        for item in FAULTS:
            print(f"{item.code}  {item.name:38}  {item.title}", file=streams.out)
        for reference, (title, _) in error_pages.PAGES.items():
            print(f"error  {reference:38}  {title}", file=streams.out)
        return ExitCode.HEALTHY
    if code is None:
        raise UsageError(
            "nothing-to-explain", "no finding or error named", hint="netprobe explain --list"
        )
    fault = next((i for i in FAULTS if code.upper() == i.code or code.lower() == i.name), None)
    if fault is not None:
        print(finding_pages.page(fault), file=streams.out)
    elif code.lower() in error_pages.PAGES:
        print(error_pages.error_page(code.lower()), file=streams.out)
    else:
        raise _no_such(code)
    return ExitCode.HEALTHY


def _no_such(code: str) -> NetprobeError:
    names = [*error_pages.PAGES, *(name for item in FAULTS for name in (item.code, item.name))]
    near = difflib.get_close_matches(code, names, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else "netprobe explain --list shows all"
    return NetprobeError("no-such-finding", f"no finding or error {code!r}", hint=hint)
