"""The target's security group does not admit the function.

## What it means

The address belongs to an interface that was read: a database, an instance, an internal load
balancer. No ingress rule of its groups lets the function in on this port.

## Why traffic fails

Both ends must agree: egress of the function's group, ingress of the target's. A group
allows and never denies, and what no rule admits is dropped without an answer.

## How netprobe knows

The address belongs to an interface, and no ingress rule of its groups admits the source, by
address or by group. Packets: silence. A target that is down and admitted answers with a reset.

## Known limits

Interface endpoints (NP205), rules that name a group of another VPC (NP206) and public load
balancers (NP207) have faults of their own.

## Example

A database whose group admits the application servers only.

## Fix

Allow tcp to the port from the function's security group in the target's group.

## Fix safety

The rule admits every member of the function's group to the target.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.admission import (
    foreign_reference,
    keeps_groups,
    public_balancer,
    seen_as,
    target_hits,
    target_interface,
)
from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import ports_of
from netprobe.model.finding import Evidence, Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per group of a target that keeps a source out."""
    hits = (
        hit
        for hit in target_hits(case)
        if public_balancer(case, hit) is None and foreign_reference(case, hit) is None
    )
    for group_id, group in by(hits, resource_of):
        interfaces = (target_interface(case, hit) for hit in group)
        guarded = dict.fromkeys(item.network_interface_id for item in interfaces if item)
        peers = dict.fromkeys(peer for hit in group for peer in _peers(case, hit, group_id))
        yield FAULT.found(
            group,
            also=(
                Evidence(resource_id=item, says=f"is the target, guarded by {group_id}")
                for item in guarded
            ),
            reason="the target's groups must admit the source, and what no ingress rule of them "
            "admits is dropped",
            advice=f"allow ingress tcp {ports_of(group)} from {', '.join(peers)} in {group_id}",
        )


def _peers(case: Case, hit: Hit, group_id: str) -> tuple[str, ...]:
    """Return what to admit: the source's groups where the target knows it by them."""
    groups = case.source(hit.path).security_group_ids
    return groups if groups and keeps_groups(case, hit, group_id) else (seen_as(case, hit),)


FAULT = Fault(
    code="NP208",
    name="target-sg-ingress-missing",
    title="In-VPC target (RDS, EC2, internal ALB) does not admit the function's group on its port",
    phrase="target group closed",
    since="0.1.0",
    symptoms=("private-target-timeout",),
    check=check,
    doc=__doc__,
)
