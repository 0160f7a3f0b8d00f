"""What is said about one flow that was asked: a trace, what kept it from one, or an error."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.addresses import Address
from netprobe.model.snapshot import Gap
from netprobe.model.trace import Disposition, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChoice:
    """One address of a name, at the place a client tries it."""

    destination: Address
    source: Address | None
    """The own address it is reached from; None when the source has none of the family."""
    because: str = ""
    """Why it comes before the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAnswer:
    """The answer to one flow; exactly one of ``trace``, ``gaps`` alone, and ``error`` speaks."""

    id: object = None
    """What the asker calls the flow, as it came; None when it has no name."""
    trace: Trace | None = None
    subnets: tuple[tuple[str, Disposition], ...] = ()
    """How the flow fares from each subnet of a function in several; ``trace`` is the worst."""
    choices: tuple[AddressChoice, ...] = ()
    """The addresses of a name that has several, in the order a client tries them."""
    gaps: tuple[Gap, ...] = ()
    """What could not be read, where that makes the answer unknown."""
    remarks: tuple[str, ...] = ()
    """What was taken for granted."""
    error: str = ""
    """Why the flow cannot be asked, in one line."""
    line: int | None = None
    """The line the flow stood in, for errors of flows without a name."""

    @property
    def disposition(self) -> Disposition | None:
        """Return the flow's fate; None for a flow that cannot be asked."""
        if self.trace is not None:
            return self.trace.disposition
        return None if self.error else Disposition.UNKNOWN
