"""The subnet has no IPv6 route to the target.

## What it means

The subnet has an IPv6 block, and its route table has no `::/0`, or nothing else that leads to
the target. An egress-only internet gateway that no route names does nothing.

## Why traffic fails

A packet without a matching route is dropped without an answer. `0.0.0.0/0` says nothing about
IPv6.

## How netprobe knows

No route of the subnet's effective table matches the target's IPv6 address. Packets: silence.

## Known limits

A subnet without an IPv6 block is another fault (NP403), and so are addresses that DNS64 makes
(NP408).

## Example

A dual-stack VPC with an egress-only internet gateway that no table uses.

## Fix

Create an egress-only internet gateway if the VPC has none, and add `::/0` to it in this table.
Both are free.

## Fix safety

The route opens IPv6 outbound for every subnet that uses the table; nobody outside can open
connections through an egress-only gateway.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ways import is_own_table, is_synthesised
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.observation import Outcome
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per route table of dual-stack subnets that leads nowhere over IPv6."""
    hits = (
        hit
        for hit in case.hits(Reason.NO_ROUTE, component=Component.ROUTE_TABLE, family=Family.IPV6)
        if is_own_table(case, hit)
        and case.has_ipv6(case.source(hit.path))
        and not is_synthesised(hit.path)
        and not _would_not_help(hit)
    )
    for table_id, group in by(hits, resource_of):
        vpc_id = case.source(group[0].path).vpc_id
        gateway = next(
            (
                item.gateway_id
                for item in case.snapshot.internet_gateways
                if item.egress_only and vpc_id in item.attached_vpc_ids
            ),
            None,
        )
        unused = "is attached, and no route of the table names it"
        yield FAULT.found(
            group,
            also=(Evidence(resource_id=gateway, says=unused),) if gateway else (),
            reason="a packet that no route matches is dropped, and 0.0.0.0/0 never matches IPv6",
            advice=f"add ::/0 -> {gateway or 'a new egress-only internet gateway'} in {table_id}",
        )


def _would_not_help(hit: Hit) -> bool:
    """Tell whether the name has no AAAA record, and nobody here can give it one.

    An API's address type, an endpoint's and a private zone's records are in the account's hands.
    """
    found = hit.path.trace.resolution if hit.path.trace else None
    seen = hit.path.observation
    nodata = seen is not None and seen.outcome is Outcome.DNS_NODATA
    if found is None or found.endpoint_id is not None or not (found.lacks_record or nodata):
        return False
    blockers = hit.path.trace.blockers if hit.path.trace else ()
    ours = any(item.component is Component.API for item in blockers)
    return not ours and found.origin in {"public", "observed"}


FAULT = Fault(
    code="NP404",
    name="route-v6-no-default",
    title="No ::/0 route to an egress-only gateway (or internet gateway) in the effective table",
    phrase="no IPv6 route",
    since="0.1.0",
    symptoms=("connect-timeout-ipv6",),
    check=check,
    doc=__doc__,
)
