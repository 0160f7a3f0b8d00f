"""What a workflow needs from outside, as Protocols; aws and tests implement them.

What is the same for every user of a workflow is here too: the machine's clock, a run's id, and
progress that nobody watches.
"""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from netprobe.deploy.plan import PlannedFunction, ProbePlan
from netprobe.model.report import CleanUp
from netprobe.model.snapshot import Snapshot
from probe_lambda.wire import ProbeRequest, ProbeResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question is about, as far as it decides what has to be read to answer it."""

    hosts: tuple[str, ...] | None = None
    """Names and addresses; None where any may be asked about later."""
    stages_of: tuple[str, ...] | None = None
    """APIs whose stages matter; None for those of the region. Only what is sent needs them."""
    function: str | None = None
    """The function that asks, by name or ARN; None where no single one does."""
    states: bool = True
    """Whether it matters that functions are active."""
    apis: tuple[str, ...] = ()
    """APIs asked about by their id; those asked about by name are among the hosts."""
    databases: tuple[str, ...] | None = None
    """Kinds of databases asked about, ``cluster`` or ``db``; None where any may be later."""
    urls: tuple[str, ...] = ()
    """URLs asked about, which may name a bucket of S3."""


class SnapshotSource(Protocol):
    """Reads an account's configuration."""

    def read(self, vpc_id: str, asked: Asked | None = None) -> Snapshot:
        """Read all that touches paths out of the VPC; raises NetprobeError for an unknown VPC.

        ``asked`` leaves out what only other questions would need.
        """
        ...

    def vpc_of_function(self, name: str) -> str:
        """Return the VPC a function is attached to; raises NetprobeError when there is none."""
        ...


class ServiceHosts(Protocol):
    """Knows the host names AWS's SDKs use."""

    def host(self, service: str, *, dual_stack: bool) -> str:
        """Return the host name of a service in the region; raises NetprobeError if unknown."""
        ...


class DeployedProbe(Protocol):
    """Probe functions that stand in the account."""

    def invoke(self, function: PlannedFunction, request: ProbeRequest) -> ProbeResult:
        """Run one probe; raises NetprobeError when the function itself failed."""
        ...


class ProbeRunner(Protocol):
    """Puts probe functions into the account and takes them away."""

    def deployed(self, plan: ProbePlan, *, keep: bool) -> AbstractContextManager[DeployedProbe]:
        """Create what the plan says; leaving the context removes it, unless ``keep``.

        It is removed on every way out: success, error, KeyboardInterrupt.
        """
        ...

    @property
    def clean_up(self) -> CleanUp:
        """What was created, removed and left so far."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the current UTC time."""
        ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """Return the current UTC time."""
        return datetime.now(UTC)  # noqa: TID251 # the one place that reads it


def new_run_id() -> str:
    """Return eight hexadecimal digits that tell two runs in one account apart."""
    return secrets.token_hex(4)


class Progress(Protocol):
    """Says what is awaited, to people who look at a terminal."""

    def step(self, text: str) -> None:
        """Say what is being done now."""
        ...


class Silence:
    """Progress for pipes."""

    def step(self, text: str) -> None:
        """Say nothing."""
