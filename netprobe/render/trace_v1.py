"""A trace in JSON version 1: its shape, and a Trace in that shape."""

from __future__ import annotations

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from netprobe.model.trace import (
    Blocker,
    Component,
    Considered,
    Disposition,
    Half,
    HalfTrace,
    Hop,
    Reason,
    Resolution,
    Trace,
)


class HopV1(TypedDict):
    """One thing on the way."""

    component: Component
    resource_id: str
    entry: str | None
    detail: str
    blocks: bool


class HalfV1(TypedDict):
    """The request's way, or the reply's."""

    disposition: Disposition
    hops: list[HopV1]


class BlockV1(TypedDict):
    """Something that stops the path, or stopped it."""

    component: Component
    resource_id: str
    half: Half
    reason: Reason
    entry: str | None
    detail: str


class BlockerV1(BlockV1):
    """One thing that stops the flow, or in ``warnings`` may stop it."""

    near_misses: list[str]
    subnet_id: str | None


class ResolutionV1(TypedDict):
    """What the name leads to inside the VPC, by the configuration."""

    name: str
    origin: str
    exists: bool | None
    addresses: list[str]
    endpoint_id: str | None
    captured: bool
    assumed: bool
    """The addresses stand for ones that are not known."""
    detail: str


class WeighedV1(TypedDict):
    """One rule, entry or route beside the packet; None for what it does not ask or is unread."""

    text: str
    family: bool
    address: bool | None
    protocol: bool | None
    port: bool | None
    decides: bool


class ConsideredV1(TypedDict):
    """One filter or table on the way, and everything in it that was looked at."""

    component: Component
    resource_ids: list[str]
    half: Half
    packet: str
    rules: list[WeighedV1]


class TraceV1(TypedDict):
    """The word of the configuration."""

    disposition: Disposition
    destination: str
    request: HalfV1
    reply: HalfV1
    blockers: list[BlockerV1]
    warnings: list[BlockerV1]
    unread: list[str]
    resolution: ResolutionV1 | None
    considered: list[ConsideredV1]
    """What was looked at on the way; empty unless ``--verbose`` asks for it."""


def trace_to_v1(trace: Trace) -> TraceV1:
    """Return a trace as JSON values."""
    return {
        "disposition": trace.disposition,
        "destination": str(trace.flow.destination),
        "request": _half(trace.request),
        "reply": _half(trace.reply),
        "blockers": [_blocker(item) for item in trace.blockers],
        "warnings": [_blocker(item) for item in trace.warnings],
        "unread": list(trace.unread),
        "resolution": _resolution(trace.resolution) if trace.resolution else None,
        "considered": [_considered(item) for item in trace.considered],
    }


def _considered(item: Considered) -> ConsideredV1:
    return {
        "component": item.component,
        "resource_ids": list(item.resource_ids),
        "half": item.half,
        "packet": item.packet,
        "rules": [
            {
                "text": rule.text,
                "family": rule.family,
                "address": rule.address,
                "protocol": rule.protocol,
                "port": rule.port,
                "decides": rule.decides,
            }
            for rule in item.rules
        ],
    }


def _half(half: HalfTrace) -> HalfV1:
    return {"disposition": half.disposition, "hops": [_hop(item) for item in half.hops]}


def _hop(hop: Hop) -> HopV1:
    return {
        "component": hop.component,
        "resource_id": hop.resource_id,
        "entry": hop.entry,
        "detail": hop.detail,
        "blocks": hop.blocks,
    }


def write_block(blocker: Blocker) -> BlockV1:
    """Return what stops a path as JSON values."""
    return {
        "component": blocker.component,
        "resource_id": blocker.resource_id,
        "half": blocker.half,
        "reason": blocker.reason,
        "entry": blocker.entry,
        "detail": blocker.detail,
    }


def _blocker(blocker: Blocker) -> BlockerV1:
    return {
        **write_block(blocker),
        "near_misses": list(blocker.near_misses),
        "subnet_id": blocker.subnet_id,
    }


def _resolution(resolution: Resolution) -> ResolutionV1:
    return {
        "name": resolution.name,
        "origin": resolution.origin,
        "exists": resolution.exists,
        "addresses": [str(item) for item in resolution.addresses],
        "endpoint_id": resolution.endpoint_id,
        "captured": resolution.captured,
        "assumed": resolution.assumed,
        "detail": resolution.detail,
    }
