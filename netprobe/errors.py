"""netprobe could not do its job: which way, what happened, why, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)  # not frozen: Python itself sets the traceback of what is raised
class NetprobeError(Exception):
    """An operational error; findings about the network are never errors.

    ``reference`` is kebab-case and stable, and ``netprobe explain <reference>`` shows its page.
    """

    reference: str
    what: str
    """One clause naming the thing: "no VPC vpc-123 in us-east-1"."""
    why: str = ""
    hint: str = ""
    """The next step, as an imperative."""

    def __str__(self) -> str:
        """Return the error as the one line a user reads."""
        why = f" ({self.why})" if self.why else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.what}{why}{hint}"


@dataclass(eq=False)
class UsageError(NetprobeError):
    """The command line asks for something that cannot be asked: exit code 2."""
