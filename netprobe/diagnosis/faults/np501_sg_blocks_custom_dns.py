"""The VPC's own DNS servers cannot be asked, because a security group has no rule for port 53.

## What it means

The DHCP option set names DNS servers that are not Amazon's, and the function's security groups
let no udp 53 out to any of them. No name resolves.

## Why traffic fails

Questions to the Amazon resolver pass every security group. Those to any other server are
ordinary traffic, which egress rules have to allow.

## How netprobe knows

The option set's first server is not Amazon's, and on the way to every server an egress rule
is missing. Packets: the resolver times out.

## Known limits

Servers that are closed by a route or network ACL only are named as the blocker on the path,
and not by this finding.

## Example

A group that lets out tcp 443 only, in a VPC that was moved to the company's DNS.

## Fix

Allow udp and tcp 53 to the servers.

## Fix safety

The rules open port 53 to the named servers only.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html
- https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per set of groups that lets no question out."""
    hits = (hit for hit in case.hits(Reason.NO_RESOLVER) if _closed_groups(hit))
    for _, group in by(hits, lambda hit: ",".join(_closed_groups(hit))):
        groups = _closed_groups(group[0])
        servers = str(group[0].blocker.entry).partition(" = ")[2]
        first = Evidence(resource_id=groups[0], says=f"no egress rule allows udp 53 to {servers}")
        yield FAULT.found_with(
            (first, *dict.fromkeys(hit.evidence for hit in group)),
            (hit.path.key for hit in group),
            reason="questions to DNS servers that are not Amazon's are ordinary traffic, which "
            "security groups have to let out",
            advice=f"allow egress udp 53 and tcp 53 to {servers} in {', '.join(groups)}",
            standing_cost="none",
        )


def _closed_groups(hit: Hit) -> tuple[str, ...]:
    """Return the groups that let no question out, by id."""
    return tuple(
        dict.fromkeys(
            item.resource_id
            for item in hit.blocker.behind
            if item.reason is Reason.EGRESS_NOT_ALLOWED
        )
    )


FAULT = Fault(
    code="NP501",
    name="sg-blocks-custom-dns",
    title="Custom DNS servers (DHCP options) and a security group without egress 53: names never resolve",
    phrase="custom DNS blocked by a group",
    since="0.1.0",
    symptoms=("name-fails",),
    check=check,
    doc=__doc__,
)
