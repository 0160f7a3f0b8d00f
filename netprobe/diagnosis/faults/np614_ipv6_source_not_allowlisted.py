"""The far end lets IPv4 in and refuses IPv6.

## What it means

The same call is answered over IPv4 and refused over IPv6. Some list of addresses, a policy's or
a partner's, knows the NAT gateway and not the VPC's IPv6 block.

## Why traffic fails

Over IPv6 nothing is translated: the far end sees the function's own address, one of its subnet's
/64, and no longer the NAT gateway's.

## How netprobe knows

Packets: over IPv4 the call works, over IPv6 the connection is made and HTTP 403 comes back.

## Known limits

Whose list it is cannot be seen. An API's resource policy that decides by addresses is told apart
and named by itself.

## Example

A partner who admits the NAT gateway's address, after the VPC was made dual-stack.

## Fix

Have the VPC's IPv6 block added to the list, or let the client use IPv4 for this target.

## Fix safety

Every subnet of the VPC is inside the block; list the subnets' own blocks where that is too much.

## References

- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_dual-stack_endpoint_support.html
- https://docs.aws.amazon.com/secretsmanager/latest/userguide/ip-access.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.answers import refused_by_target
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.denials import denials
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.refusals import Refusal
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path, PathVerdict

_FORBIDDEN = 403


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target that knows only the IPv4 addresses of this VPC."""

    def fits(path: Path, refusal: Refusal) -> bool:
        source, target = case.source(path), case.target(path)
        other = case.between(source, target).get(Family.IPV4)
        if path.key.family is not Family.IPV6 or refusal.status != _FORBIDDEN or other is None:
            return False
        works = other.verdict is PathVerdict.WORKS and other.observation is not None
        return works and not any(denials(case.snapshot, source, target, path.trace))

    for target, found in refused_by_target(case, fits):
        sources = dict.fromkeys(case.source(path).subnet_id for path, _ in found)
        blocks = [
            str(block.cidr)
            for subnet in map(case.snapshot.subnet, sources)
            for block in (subnet.ipv6_blocks if subnet else ())
        ]
        addresses = ", ".join(blocks) or "the VPC's IPv6 block"
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=target,
                    says=f"works over IPv4 and answers {found[0][1].said} over IPv6",
                ),
            ),
            (path.key for path, _ in found),
            reason="over IPv6 the far end sees the function's own address, not the NAT gateway's",
            advice=f"have {addresses} added to the allow-list of {target}, or call it over IPv4",
        )


FAULT = Fault(
    code="NP614",
    name="ipv6-source-not-allowlisted",
    title="After IPv6 is switched on, IAM/resource/partner allow-lists that only hold IPv4 reject the call",
    phrase="the far end's allow-list has no IPv6",
    since="0.1.0",
    symptoms=("access-denied",),
    check=check,
    doc=__doc__,
)
