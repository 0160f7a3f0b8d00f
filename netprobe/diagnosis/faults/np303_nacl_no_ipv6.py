"""The network ACL has no entry that allows IPv6.

## What it means

The ACL of the function's subnet was written for IPv4. IPv6 matches none of its entries and
falls to the last one, which denies.

## Why traffic fails

Entries are per family: `0.0.0.0/0` never matches IPv6. A default ACL gets its IPv6 entry by
itself only if nobody had changed it when the IPv6 block arrived; a custom ACL never does.

## How netprobe knows

In the direction that fails, the ACL has no allowing entry with an IPv6 range at all. Packets:
silence.

## Known limits

Where IPv6 entries exist and none fits, the fault is NP305 or NP306.

## Example

A custom ACL with `0.0.0.0/0` in both directions, in a subnet that became dual-stack later.

## Fix

Add entries for `::/0`: egress tcp 443, ingress tcp 1024-65535.

## Fix safety

Other subnets share the ACL: the entries open IPv6 for them too.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
- https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import entries_to_add, knows_no_ipv6, own_acl_hits, ports_of
from netprobe.model.addresses import Family
from netprobe.model.finding import Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per ACL that knows no IPv6 in a direction that needs it."""
    hits = (hit for hit in own_acl_hits(case, Family.IPV6) if knows_no_ipv6(case, hit))
    for acl_id, group in by(hits, resource_of):
        halves = {hit.blocker.half for hit in group}
        yield FAULT.found(
            group,
            reason="network ACL entries are per family: 0.0.0.0/0 never matches IPv6",
            advice=entries_to_add(acl_id, halves, ports_of(group), "::/0"),
        )


FAULT = Fault(
    code="NP303",
    name="nacl-no-ipv6",
    title="Custom NACL has only IPv4 entries; IPv6 hits the implicit deny",
    phrase="ACL without IPv6 entries",
    since="0.1.0",
    symptoms=("connect-timeout-ipv6",),
    check=check,
    doc=__doc__,
)
