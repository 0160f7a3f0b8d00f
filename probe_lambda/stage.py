"""How one step towards a target is run: its deadline, its time, and what its errors are called."""

from __future__ import annotations

import asyncio
import errno
import os
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from probe_lambda.wire import Stage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from probe_lambda.wire import Outcome, StageName

_T = TypeVar("_T")
Detail = dict[str, Any]

_OUTCOMES: dict[int | None, Outcome] = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "reset",
    errno.ECONNABORTED: "reset",
    errno.EPIPE: "reset",
    errno.ETIMEDOUT: "timeout",
    # The probe's own limits say nothing about the network.
    errno.EMFILE: "not-probed",
    errno.ENFILE: "not-probed",
    errno.ENOBUFS: "not-probed",
    errno.ENOMEM: "not-probed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long a stage may wait."""

    timeout_seconds: float
    ends_at: float
    """When the whole invocation must be done, on the clock of time.monotonic()."""

    def seconds_for_stage(self) -> float:
        """Return how long a stage that begins now may take."""
        return min(self.timeout_seconds, self.ends_at - time.monotonic())

    def capped(self, seconds: float) -> Budget:
        """Return the same with stages that take no longer than this."""
        return Budget(timeout_seconds=min(self.timeout_seconds, seconds), ends_at=self.ends_at)


class StageError(Exception):
    """A stage ended without what it was for, and knows what that is called."""

    def __init__(self, error: str, *, outcome: Outcome) -> None:
        super().__init__(error)
        self.outcome = outcome
        self.error = error


async def run_stage(
    name: StageName, budget: Budget, work: Callable[[Detail], Awaitable[_T]]
) -> tuple[Stage, _T | None]:
    """Return how ``work`` went, and its result or None.

    ``work`` puts the facts it learns into the dictionary it is given as it learns them, so that
    they survive a timeout.
    """
    detail: Detail = {}
    begun = time.monotonic()
    allowed = budget.seconds_for_stage()
    if allowed <= 0:
        detail["cut_short"] = True
        error = "not started: the invocation was about to end"
        return Stage(
            stage=name, outcome="not-probed", milliseconds=0.0, error=error, detail=detail
        ), None
    result: _T | None = None
    outcome: Outcome = "reachable"
    text: str | None = None
    try:
        async with asyncio.timeout(allowed):
            result = await work(detail)
    except StageError as failure:
        outcome, text = failure.outcome, failure.error
    except OSError as failure:  # asyncio's TimeoutError is one too, without an errno
        outcome, text = outcome_of(failure), describe(failure) or f"no answer in {allowed:.1f} s"
        if failure.errno is None and allowed < budget.timeout_seconds:
            detail["cut_short"] = True
    stage = Stage(
        stage=name,
        outcome=outcome,
        milliseconds=round((time.monotonic() - begun) * 1000, 3),
        error=text,
        detail=detail,
    )
    return stage, result


def outcome_of(error: OSError) -> Outcome:
    """Return what an error of a socket is called; ``unreachable`` is what a router says."""
    if isinstance(error, ssl.SSLError):
        return "tls-failed"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionResetError):  # asyncio makes one without an errno
        return "reset"
    return _OUTCOMES.get(error.errno, "unreachable")


def describe(error: OSError) -> str:
    """Return the raw error as one line: the errno's name and text where there is one."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return error.reason or str(error)
    if error.errno is not None:
        return f"{errno.errorcode.get(error.errno, error.errno)}: {os.strerror(error.errno)}"
    return str(error)
