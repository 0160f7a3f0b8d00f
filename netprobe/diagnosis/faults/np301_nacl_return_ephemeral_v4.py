"""The subnet's network ACL drops IPv4 requests to this port, or the replies to them.

## What it means

The network ACL of the function's subnet lets the request out but not the reply in, or not even
the request out.

## Why traffic fails

A network ACL keeps no state. The reply comes back to a port the client chose, between 1024 and
65535 for Lambda, and needs an entry of its own.

## How netprobe knows

Walking the entries in order of their numbers, the first that matches the IPv4 request or its
reply denies it, or none matches. Packets: silence.

## Known limits

Where only part of the range 1024-65535 is open, some connections work: that is shown as a
warning of the trace, not as this fault. The ACL of a NAT gateway's subnet is another fault (NP302), and
so is one that only forgets a gateway endpoint's prefixes (NP304).

## Example

A custom ACL with an entry for tcp 443 in both directions and none for the reply's ports.

## Fix

Add an ingress entry that allows tcp 1024-65535 from the target's addresses, and an egress
entry for the port.

## Fix safety

Other subnets share the ACL: the entry opens the range for them too.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.egress_rules import KEEPS_INSIDE
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import (
    entries_to_add,
    forgotten_prefixes,
    is_kept_inside,
    own_acl_hits,
    ports_of,
)
from netprobe.model.addresses import Family
from netprobe.model.finding import Finding
from netprobe.model.trace import Half


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per ACL of a source's subnet that closes IPv4."""
    for acl_id, hits in by(own_acl_hits(case, Family.IPV4), resource_of):
        forgotten = forgotten_prefixes(case, acl_id, hits)
        group = [hit for hit in hits if hit not in forgotten]
        if not group:
            continue
        halves = {hit.blocker.half for hit in group}
        inside = all(is_kept_inside(case, hit) for hit in group)
        yield FAULT.found(
            group,
            moot_beside=KEEPS_INSIDE if inside else frozenset(),
            reason="network ACLs keep no state: the reply needs an entry of its own"
            if Half.REPLY in halves
            else "a network ACL drops what its first matching entry denies or none allows",
            advice=entries_to_add(acl_id, halves, ports_of(group), "0.0.0.0/0"),
        )


FAULT = Fault(
    code="NP301",
    name="nacl-return-ephemeral-v4",
    title="Network ACL blocks inbound ephemeral ports (return traffic) on the function subnet, or outbound 443",
    phrase="ACL drops the reply",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4",),
    check=check,
    doc=__doc__,
)
