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
        closed = [*_closed(case, group)]
        yield FAULT.found_with(
            (
                *(
                    Evidence(resource_id=item, says=f"no {way} rule allows udp 53 {peers}")
                    for item, way, peers in closed
                ),
                *dict.fromkeys(hit.evidence for hit in group),
            ),
            (hit.path.key for hit in group),
            reason="questions to DNS servers that are not Amazon's are ordinary traffic, which "
            "security groups have to let out, and in where the servers are",
            advice="allow "
            + ", and ".join(
                f"{way} udp 53 and tcp 53 {peers} in {item}" for item, way, peers in closed
            ),
            standing_cost="none",
        )


def _closed(case: Case, group: list[Hit]) -> Iterator[tuple[str, str, str]]:
    """Yield each closed group, the direction it is closed in, and what to open it to."""
    servers = str(group[0].blocker.entry).partition(" = ")[2]
    behind = dict.fromkeys((i.resource_id, i.reason) for i in group[0].blocker.behind)
    for group_id, reason in behind:
        if reason is Reason.EGRESS_NOT_ALLOWED:
            yield group_id, "egress", f"to {servers}"
        elif reason is Reason.INGRESS_NOT_ALLOWED:
            yield group_id, "ingress", f"from {', '.join(_askers(case, group, group_id))}"


def _askers(case: Case, group: Iterable[Hit], group_id: str) -> Iterable[str]:
    """Return the sources' groups, or their subnets' blocks for a group of another VPC."""
    sources = [case.source(hit.path) for hit in group]
    closed = case.snapshot.security_group(group_id)
    if closed is not None and all(closed.vpc_id == item.vpc_id for item in sources):
        return dict.fromkeys(one for item in sources for one in item.security_group_ids)
    subnets = (case.snapshot.subnet(item.subnet_id) for item in sources)
    return dict.fromkeys(str(item.ipv4_cidr) for item in subnets if item)


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
