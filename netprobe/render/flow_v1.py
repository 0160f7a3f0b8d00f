"""The shape of one answer to a flow: a contract, so fields are only ever added.

What ``flow_lines`` writes is held to it by tests, and the JSON Schema that comes with netprobe is
made of it. A field without a value is left out, so most of them may be absent.
"""

from __future__ import annotations

from typing import Any, Required

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from netprobe.model.addresses import Family
from netprobe.model.trace import Component, Disposition, Half, Reason

SCHEMA_ID = "netprobe.flow/1"


class FlowHopV1(TypedDict, total=False):
    """One thing on the way."""

    component: Required[Component]
    resource_id: Required[str]
    entry: str
    """The exact rule, entry or route."""
    detail: str
    blocks: bool


class FlowHalfV1(TypedDict):
    """The request's way, or the reply's."""

    disposition: Disposition
    hops: list[FlowHopV1]


class FlowBlockerV1(TypedDict, total=False):
    """One thing that stops the flow, or in ``warnings`` may stop it."""

    component: Required[Component]
    resource_id: Required[str]
    half: Required[Half]
    reason: Required[Reason]
    entry: str
    detail: str
    near_misses: Required[list[str]]
    subnet_id: str


class FlowResolutionV1(TypedDict, total=False):
    """What a name leads to, by the configuration."""

    name: Required[str]
    family: Required[Family]
    addresses: list[str]
    origin: str
    exists: bool
    endpoint_id: str
    captured: bool
    assumed: bool
    """The address is not known; the walk went to one that stands for it."""
    detail: str


class FlowAddressV1(TypedDict, total=False):
    """One address of a name, at the place a client tries it."""

    destination: Required[str]
    source: str
    because: str
    """Why it comes before the next one."""


class FlowGapV1(TypedDict, total=False):
    """One call whose missing answer makes this one unknown."""

    call: Required[str]
    error: str
    needed_for: str
    iam_action: Required[str]


class FlowAnswerV1(TypedDict, total=False):
    """The answer to one flow: ``error`` alone, or ``disposition`` and both halves."""

    id: Any
    """That of the flow, as it came."""
    disposition: Disposition
    request: FlowHalfV1
    reply: FlowHalfV1
    blockers: list[FlowBlockerV1]
    warnings: list[FlowBlockerV1]
    unread: list[str]
    resolution: FlowResolutionV1
    addresses: list[FlowAddressV1]
    subnets: dict[str, Disposition]
    """How the flow fares from each subnet of a function in several."""
    gaps: list[FlowGapV1]
    remarks: list[str]
    error: str
    """Why the flow cannot be asked."""
    line: int
    """The line of a flow without an id that cannot be asked."""
