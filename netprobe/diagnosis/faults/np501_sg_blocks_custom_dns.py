"""The VPC's own DNS servers cannot be asked, because a security group has no rule for port 53.

## What it means

The DHCP option set names DNS servers that are not Amazon's, and the function's security groups
let no udp 53 out to any of them, or the servers' own groups let none in. No name resolves.

## Why traffic fails

Questions to the Amazon resolver pass every security group. Those to any other server are
ordinary traffic, which egress rules have to allow, and ingress rules where the server is.

## How netprobe knows

The option set's first server is not Amazon's, and on the way to every server a rule of a
security group is missing. Packets: the resolver times out.

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

from collections.abc import Iterable, Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import closed_groups
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per set of groups that lets no question out, or none in."""
    hits = [hit for hit in case.hits(Reason.NO_RESOLVER) if closed_groups(hit)]
    for _, group in by(iter(hits), lambda hit: ",".join(closed_groups(hit))):
        groups = closed_groups(group[0])
        servers = str(group[0].blocker.entry).partition(" = ")[2]
        egress = any(i.reason is Reason.EGRESS_NOT_ALLOWED for i in group[0].blocker.behind)
        where = (
            f"egress udp 53 and tcp 53 to {servers}"
            if egress
            else f"ingress udp 53 and tcp 53 from {', '.join(_askers(case, group))}"
        )
        lacks = where.replace(" and tcp 53", "").replace(" udp", " rule allows udp")
        first = Evidence(resource_id=groups[0], says=f"no {lacks}")
        yield FAULT.found_with(
            (first, *dict.fromkeys(hit.evidence for hit in group)),
            (hit.path.key for hit in group),
            reason="questions to DNS servers that are not Amazon's are ordinary traffic, which "
            "security groups have to let out, and in where the servers are",
            advice=f"allow {where} in {', '.join(groups)}",
            standing_cost="none",
        )


def _askers(case: Case, group: Iterable[Hit]) -> Iterable[str]:
    return dict.fromkeys(
        item for hit in group for item in case.source(hit.path).security_group_ids
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
