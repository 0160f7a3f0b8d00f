"""Pieces of the situations that the tests of the analysis share."""

from __future__ import annotations

from typing import Any

from netprobe.analysis.tracer import trace_flow, trace_name
from netprobe.model.addresses import Family
from netprobe.model.flow import Flow
from netprobe.model.trace import Trace
from tests.builders import (
    address,
    endpoint,
    entry,
    interface,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
    without,
    working_vpc,
)

Blocked = dict[str, tuple[tuple[Any, ...], Flow, list[tuple[str, str]]]]
"""Situation: what differs from the working VPC, the flow, its blockers' component and reason."""
Delivered = dict[str, tuple[tuple[Any, ...], Flow]]
"""Situation: what differs from the working VPC, and the flow that works all the same."""

PUBLIC_TABLE = route_table(routes=(route("0.0.0.0/0", "igw-1"), route("::/0", "igw-1")))
S3_TABLE = route_table(routes=(route("pl-s3", "vpce-s3"), route("::/0", "vpce-s3")))
DATA = (
    subnet("subnet-data", "10.0.2.0/24", "2001:db8:1:2::/64"),
    interface(
        "eni-db", "10.0.2.9", "2001:db8:1:2::9", subnet_id="subnet-data", group_ids=("sg-db",)
    ),
    security_group("sg-db", ingress=(rule("sg-1", "443"),)),
    network_acl("acl-data", subnets=("subnet-data",)),
)
"""A database in another subnet that admits the function's group."""
ENDPOINT = (
    endpoint(),
    interface("eni-endpoint", "10.0.1.9", group_ids=("sg-endpoint",)),
    security_group("sg-endpoint", ingress=(rule("10.0.0.0/16", "443"),)),
)
"""An interface endpoint in the function's own subnet that admits the VPC."""
OUT = entry(100, "allow", egress=True)
IN = entry(100, "allow")
OPEN_NAT_ACL = network_acl("acl-nat", (OUT, IN), ("subnet-public",))


def nat_subnet_acl(*entries: Any) -> tuple[Any, ...]:
    """Return an open ACL for the function's subnet and one with these entries for the NAT's."""
    return (
        network_acl(subnets=("subnet-private",)),
        network_acl("acl-nat", entries, ("subnet-public",)),
    )


def own_subnet_acl(*entries: Any) -> tuple[Any, ...]:
    """Return an ACL with these entries for the function's subnet and an open one for the NAT's."""
    return (network_acl(entries=entries, subnets=("subnet-private",)), OPEN_NAT_ACL)


def trace(items: tuple[Any, ...], asked: Flow, *, removed: str = "", **fields: Any) -> Trace:
    """Trace a flow in the working VPC, changed by ``items`` and without ``removed``."""
    return trace_flow(snapshot(*without(working_vpc(), removed), *items, **fields), asked)


def blockers(items: tuple[Any, ...], asked: Flow) -> list[tuple[str, str]]:
    """Return the component and the reason of every blocker, in the order they are met."""
    return [(item.component, item.reason) for item in trace(items, asked).blockers]


def trace_to(
    items: tuple[Any, ...], name: str, family: Family, *observed: str, **fields: Any
) -> Trace:
    """Trace a name in the working VPC, changed by ``items``."""
    seen = tuple(address(text) for text in observed)
    shot = snapshot(*working_vpc(), *items, **fields)
    return trace_name(shot, source(), name, family, port=443, observed=seen)
