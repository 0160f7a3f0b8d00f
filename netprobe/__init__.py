"""Can it reach that, over IPv4 and over IPv6? The answers of the command line, as values.

``check`` and ``trace`` are functions that return what the commands of these names print::

    import netprobe

    answer = netprobe.trace("i-0abc", "10.0.2.9", port=5432, snapshot="vpc.json")
    print(answer.disposition)

They raise ``NetprobeError`` and nothing else of their own; they print nothing, install no signal
handler and never end the process. A name's module is imported when the name is first used (PEP
562), so that ``import netprobe`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netprobe.api import check, load_snapshot, read_snapshot, to_json, trace, tracer
    from netprobe.errors import NetprobeError, UsageError
    from netprobe.model.addresses import Family
    from netprobe.model.answer import FlowAnswer
    from netprobe.model.finding import Evidence, Finding, PathKey, Role
    from netprobe.model.fix import Fix, WayOut
    from netprobe.model.flow import Source
    from netprobe.model.report import Path, PathVerdict, Report, Target, Verdict, Witnesses
    from netprobe.model.snapshot import Gap, Snapshot
    from netprobe.model.trace import Blocker, Disposition, Hop, Trace
    from netprobe.workflows.capabilities import Progress
    from netprobe.workflows.flow_requests import FlowRequest
    from netprobe.workflows.trace import FlowTracer

__all__ = [
    "Blocker",
    "Disposition",
    "Evidence",
    "Family",
    "Finding",
    "Fix",
    "FlowAnswer",
    "FlowRequest",
    "FlowTracer",
    "Gap",
    "Hop",
    "NetprobeError",
    "Path",
    "PathKey",
    "PathVerdict",
    "Progress",
    "Report",
    "Role",
    "Snapshot",
    "Source",
    "Target",
    "Trace",
    "UsageError",
    "Verdict",
    "WayOut",
    "Witnesses",
    "check",
    "load_snapshot",
    "read_snapshot",
    "to_json",
    "trace",
    "tracer",
]

_HOMES = {
    "api": ("check", "load_snapshot", "read_snapshot", "to_json", "trace", "tracer"),
    "errors": ("NetprobeError", "UsageError"),
    "model.addresses": ("Family",),
    "model.answer": ("FlowAnswer",),
    "model.finding": ("Evidence", "Finding", "PathKey", "Role"),
    "model.fix": ("Fix", "WayOut"),
    "model.flow": ("Source",),
    "model.report": ("Path", "PathVerdict", "Report", "Target", "Verdict", "Witnesses"),
    "model.snapshot": ("Gap", "Snapshot"),
    "model.trace": ("Blocker", "Disposition", "Hop", "Trace"),
    "workflows.capabilities": ("Progress",),
    "workflows.flow_requests": ("FlowRequest",),
    "workflows.trace": ("FlowTracer",),
}
"""The public names by the module they are from."""


if not TYPE_CHECKING:  # a type checker would take any name for a public one

    def __getattr__(name: str) -> object:
        """Return a public name and keep it."""
        home = next((home for home, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 # nobody pays for what is not used

        value: object = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
