"""What works already and what could be changed, as a report has it in JSON version 1."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from netprobe.model.changes import Change
from netprobe.model.passage import Carrier, Passage, Saving
from netprobe.model.trace import Component


class ChangeV1(TypedDict):
    """One change of a way out."""

    action: str
    says: str
    """The change as one imperative."""
    values: dict[str, Any]
    """What it is made of; ids that begin with ``new-`` are AWS's to give."""


class DependencyV1(TypedDict):
    """One thing that would break the path if it were gone, whatever else is there."""

    component: Component
    resource_id: str
    entry: str | None
    says: str


class PassageV1(TypedDict):
    """The way a path takes that works."""

    kind: Carrier
    resource_id: str | None
    passes: list[str]
    """All that carries it, in the order it is met."""
    says: str
    standing_cost_usd_per_month: float | None
    """What stands there for it costs; None where that is not known."""
    cost_usd_per_gb: float | None
    depends_on: list[DependencyV1] | None
    """None where that was not examined."""


class SavingV1(TypedDict):
    """A paid resource that nothing of what was asked needs, once a free way is open."""

    id: str
    resource_id: str
    says: str
    usd_per_month: float | None
    changes: list[ChangeV1]
    """What opens the free way; ``--what-if`` takes them."""


def write_change(change: Change) -> ChangeV1:
    """Return a change as JSON values, which ``--what-if`` reads again."""
    return {"action": change.action, "says": str(change), "values": change.values()}


def write_passage(passage: Passage) -> PassageV1:
    """Return a way that works as JSON values."""
    return {
        "kind": passage.carrier,
        "resource_id": passage.resource_id,
        "passes": list(passage.passes),
        "says": passage.says,
        "standing_cost_usd_per_month": passage.standing_cost_usd_per_month,
        "cost_usd_per_gb": passage.cost_usd_per_gb,
        "depends_on": None
        if passage.depends_on is None
        else [
            {
                "component": item.component,
                "resource_id": item.resource_id,
                "entry": item.entry,
                "says": item.says,
            }
            for item in passage.depends_on
        ],
    }


def write_saving(saving: Saving) -> SavingV1:
    """Return a saving as JSON values."""
    return {
        "id": saving.id,
        "resource_id": saving.resource_id,
        "says": saving.says,
        "usd_per_month": saving.usd_per_month,
        "changes": [write_change(item) for item in saving.changes],
    }
