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
    from netprobe.api import (
        check,
        load_changes,
        load_expectations,
        load_snapshot,
        read_snapshot,
        to_json,
        trace,
        tracer,
    )
    from netprobe.errors import NetprobeError, UsageError
    from netprobe.model.addresses import Family
    from netprobe.model.answer import AddressChoice, FlowAnswer
    from netprobe.model.changes import Change
    from netprobe.model.expectation import Expectation, JudgedExpectation, Kept, Must, Over
    from netprobe.model.finding import Confidence, Evidence, Finding, PathKey, Role, Severity
    from netprobe.model.fix import Commands, Fix, Way, WayOut, WayState
    from netprobe.model.flow import Flow, Source
    from netprobe.model.observation import (
        Attempt,
        NameAnswer,
        Observation,
        Outcome,
        Sandbox,
        SeenName,
        Stage,
        StageName,
    )
    from netprobe.model.passage import Carrier, Dependency, Passage, Saving
    from netprobe.model.ports import PortSet
    from netprobe.model.report import (
        CleanUp,
        ClientHabit,
        ClientOutcome,
        Path,
        PathVerdict,
        Report,
        Target,
        TargetKind,
        Verdict,
        Witnesses,
    )
    from netprobe.model.snapshot import Gap, Snapshot
    from netprobe.model.trace import (
        Blocker,
        Component,
        Considered,
        Disposition,
        Dropped,
        Half,
        HalfTrace,
        Hop,
        Reason,
        Resolution,
        Trace,
        Weighed,
    )
    from netprobe.workflows.capabilities import Progress
    from netprobe.workflows.flow_requests import FlowRequest
    from netprobe.workflows.trace import FlowTracer

__all__ = [
    "AddressChoice",
    "Attempt",
    "Blocker",
    "Carrier",
    "Change",
    "CleanUp",
    "ClientHabit",
    "ClientOutcome",
    "Commands",
    "Component",
    "Confidence",
    "Considered",
    "Dependency",
    "Disposition",
    "Dropped",
    "Evidence",
    "Expectation",
    "Family",
    "Finding",
    "Fix",
    "Flow",
    "FlowAnswer",
    "FlowRequest",
    "FlowTracer",
    "Gap",
    "Half",
    "HalfTrace",
    "Hop",
    "JudgedExpectation",
    "Kept",
    "Must",
    "NameAnswer",
    "NetprobeError",
    "Observation",
    "Outcome",
    "Over",
    "Passage",
    "Path",
    "PathKey",
    "PathVerdict",
    "PortSet",
    "Progress",
    "Reason",
    "Report",
    "Resolution",
    "Role",
    "Sandbox",
    "Saving",
    "SeenName",
    "Severity",
    "Snapshot",
    "Source",
    "Stage",
    "StageName",
    "Target",
    "TargetKind",
    "Trace",
    "UsageError",
    "Verdict",
    "Way",
    "WayOut",
    "WayState",
    "Weighed",
    "Witnesses",
    "check",
    "load_changes",
    "load_expectations",
    "load_snapshot",
    "read_snapshot",
    "to_json",
    "trace",
    "tracer",
]

_HOMES = {
    "api": (
        "check",
        "load_changes",
        "load_expectations",
        "load_snapshot",
        "read_snapshot",
        "to_json",
        "trace",
        "tracer",
    ),
    "errors": ("NetprobeError", "UsageError"),
    "model.addresses": ("Family",),
    "model.answer": ("AddressChoice", "FlowAnswer"),
    "model.changes": ("Change",),
    "model.expectation": ("Expectation", "JudgedExpectation", "Kept", "Must", "Over"),
    "model.finding": ("Confidence", "Evidence", "Finding", "PathKey", "Role", "Severity"),
    "model.fix": ("Commands", "Fix", "Way", "WayOut", "WayState"),
    "model.flow": ("Flow", "Source"),
    "model.observation": (
        "Attempt",
        "NameAnswer",
        "Observation",
        "Outcome",
        "Sandbox",
        "SeenName",
        "Stage",
        "StageName",
    ),
    "model.passage": ("Carrier", "Dependency", "Passage", "Saving"),
    "model.ports": ("PortSet",),
    "model.report": (
        "CleanUp",
        "ClientHabit",
        "ClientOutcome",
        "Path",
        "PathVerdict",
        "Report",
        "Target",
        "TargetKind",
        "Verdict",
        "Witnesses",
    ),
    "model.snapshot": ("Gap", "Snapshot"),
    "model.trace": (
        "Blocker",
        "Component",
        "Considered",
        "Disposition",
        "Dropped",
        "Half",
        "HalfTrace",
        "Hop",
        "Reason",
        "Resolution",
        "Trace",
        "Weighed",
    ),
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
