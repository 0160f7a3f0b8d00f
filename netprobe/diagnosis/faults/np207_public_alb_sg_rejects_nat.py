"""The own public load balancer does not admit the address that the function comes from.

## What it means

The name leads to an internet-facing load balancer of the account. Its security group admits
chosen clients, and the address the function is seen under is none of them.

## Why traffic fails

Also from inside the VPC a public name leads to public addresses. The packet leaves through
the NAT gateway and comes back in, so the load balancer sees the gateway's public address and no
group. Over IPv6 it sees the function's own address.

## How netprobe knows

The address belongs to an interface of an internet-facing load balancer, and no ingress rule
of its groups admits what the request's source becomes on its way. Packets: silence.

## Known limits

A refusal with HTTP 403 comes from the application or a WAF and is another fault. Load balancers
of other accounts cannot be seen.

## Example

An allow-list of office addresses on a public load balancer, called by its public name from a
function behind a NAT gateway.

## Fix

Admit the NAT gateway's public address, and over IPv6 the subnet's block, in the load balancer's
group; or use an internal load balancer with a private hosted zone.

## Fix safety

The rule admits everything behind that NAT gateway.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
- https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.admission import foreign_reference, public_balancer, seen_as, target_hits
from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import ports_of
from netprobe.model.finding import Evidence, Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per group of a public load balancer that keeps the source out."""
    hits = (
        hit
        for hit in target_hits(case)
        if public_balancer(case, hit) is not None and foreign_reference(case, hit) is None
    )
    for group_id, group in by(hits, resource_of):
        balancers = (public_balancer(case, hit) for hit in group)
        names = dict.fromkeys(item.name for item in balancers if item is not None)
        blocks = dict.fromkeys(seen_as(case, hit) for hit in group)
        yield FAULT.found(
            group,
            also=(
                Evidence(resource_id=name, says=f"is internet-facing and guarded by {group_id}")
                for name in names
            ),
            reason="a public name leads to public addresses also from inside, so the load "
            "balancer sees the address the function goes out with",
            advice=f"allow ingress tcp {ports_of(group)} from {', '.join(blocks)} in {group_id}",
        )


FAULT = Fault(
    code="NP207",
    name="public-alb-sg-rejects-nat",
    title="Own internet-facing load balancer allow-lists clients but not the NAT's public IP",
    phrase="load balancer does not admit our address",
    since="0.1.0",
    symptoms=("one-target-timeout",),
    check=check,
    doc=__doc__,
)
