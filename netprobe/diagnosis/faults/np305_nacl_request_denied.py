"""A network ACL entry drops the request.

## What it means

The request meets a network ACL whose first matching entry denies it, or in which none matches.

## Why traffic fails

Entries are read by ascending number; the first that matches decides, and what matches none is
denied. Each subnet boundary is crossed by request and reply, both ways through a NAT gateway's
subnet too.

## How netprobe knows

The entry that decides, or the lack of one, is shown with the subnet where it was met. Packets:
silence.

## Known limits

The cases with names of their own, IPv4 on the function's subnet (NP301, NP304), a NAT gateway's
subnet (NP302) and ACLs without IPv6 (NP303), are left to them.

## Example

An ACL with IPv6 entries for tcp 443 in both directions and none for the port asked for.

## Fix

Add an entry that allows the flow's port, with a number below the one that denies.

## Fix safety

Other subnets share the ACL: the entry opens it for them too.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
- https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import entries_to_add, other_acl_hits, ports_of
from netprobe.model.finding import Finding
from netprobe.model.trace import Half


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per ACL that drops the request and that no named fault covers."""
    hits = (hit for hit in other_acl_hits(case) if hit.blocker.half is Half.REQUEST)
    for acl_id, group in by(hits, resource_of):
        cidr = group[0].path.key.family.everything
        yield FAULT.found(
            group,
            reason="the first entry that matches decides, and what matches none is denied",
            advice=entries_to_add(acl_id, {Half.REQUEST}, ports_of(group), str(cidr)),
        )


FAULT = Fault(
    code="NP305",
    name="nacl-request-denied",
    title="A network ACL entry denies the request (other cases than the named ones)",
    phrase="ACL drops the request",
    since="0.1.0",
    symptoms=("connect-timeout",),
    check=check,
    doc=__doc__,
)
