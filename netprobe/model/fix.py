"""Ways out of a failure: what would open a path, proved, priced and written as commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.changes import Change, CreateEgressOnlyGateway, CreateInternetGateway
from netprobe.model.finding import PathKey


class Way(StrEnum):
    """How packets can get out of a VPC, or to a service without leaving it."""

    REPAIR = "repair"
    """The way that is there already, with what blocks it taken away."""
    GATEWAY_ENDPOINT = "gateway-endpoint"
    INTERFACE_ENDPOINT = "interface-endpoint"
    NAT_GATEWAY = "nat-gateway"
    IPV6 = "ipv6"
    DUAL_STACK_NAME = "dual-stack-name"
    LEAVE_VPC = "leave-vpc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """One set of changes in the three languages people keep their networks in."""

    aws_cli: tuple[str, ...]
    """In order; ids of what is made are kept in shell variables."""
    terraform: str
    cloudformation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """The smallest set of changes that opens paths in one way."""

    id: str
    title: str
    way: Way
    changes: tuple[Change, ...]
    opens: tuple[PathKey, ...]
    proved: bool
    """Tracing the changed configuration again delivers every path of ``opens``; False where that
    hangs on what a resolver of the VPC's own answers, and nothing else is in the way."""
    standing_cost_usd_per_month: float | None
    """What the changes add to the bill; None where the region's prices are not known."""
    cost_usd_per_gb: float | None
    also_touches: tuple[str, ...]
    """What else the changes concern, one sentence each."""
    commands: Commands

    @property
    def steps(self) -> tuple[tuple[Change, ...], ...]:
        """Return the things there are to do, each with the changes that make it."""
        return steps_of(self.changes)


def steps_of(changes: Iterable[Change]) -> tuple[tuple[Change, ...], ...]:
    """Return the changes as things to do: a gateway and the first change that needs it are one."""
    steps: list[tuple[Change, ...]] = []
    made: list[CreateEgressOnlyGateway | CreateInternetGateway] = []
    for item in changes:
        if isinstance(item, CreateEgressOnlyGateway | CreateInternetGateway):
            made.append(item)
            continue
        needed = {value for value in item.values().values() if isinstance(value, str)}
        steps.append((*(gateway for gateway in made if gateway.gateway_id in needed), item))
        made = [gateway for gateway in made if gateway.gateway_id not in needed]
    return (*steps, *((gateway,) for gateway in made))


class WayState(StrEnum):
    """Where a way out stands for one target."""

    FIX = "fix"
    """A proved set of changes opens it."""
    CANNOT = "cannot"
    """It does not lead to this target, whatever is changed."""
    NO_FIX = "no-fix"
    """Nothing that netprobe knows to change opens it here."""
    ADVICE = "advice"
    """It would work, and configuration alone cannot prove it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """One way for one target that fails."""

    target: str
    way: Way
    state: WayState
    says: str
    """One sentence."""
    fix_id: str | None = None
