"""The subnet's IPv6 block is private, and the gateway drops what comes from it.

## What it means

The subnet has an IPv6 block from a private IPAM scope: a unique local range, or a global range
that is not advertised. `::/0` leads to a gateway that carries public addresses only.

## Why traffic fails

IPv6 is not translated at an internet gateway or an egress-only one, so the source must be an
address the internet can answer to. Private IPv6 addresses cannot use them, whatever they look
like.

## How netprobe knows

AWS says of the subnet's block that it is private (`Ipv6AddressAttribute`), and the flow leaves
through a gateway. Packets: silence.

## Known limits

The address alone does not show it: a private global range looks like a public one.

## Example

A VPC whose IPv6 block was taken from a private IPAM pool, with an egress-only gateway.

## Fix

Associate a public IPv6 block, from Amazon or from a public IPAM pool, with the VPC and the
subnet.

## Fix safety

A second block can stand beside the private one; interfaces need an address from it before they
can use it. The function's interfaces are made anew.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per subnet whose private IPv6 block is sent to a gateway."""
    for subnet_id, group in by(case.hits(Reason.PRIVATE_IPV6_SOURCE), _subnet):
        subnet = case.snapshot.subnet(subnet_id)
        blocks = [item.cidr for item in subnet.ipv6_blocks if item.private] if subnet else []
        said = ", ".join(map(str, blocks))
        yield FAULT.found(
            group,
            also=(Evidence(resource_id=subnet_id, says=f"has the private block {said}"),),
            reason="internet and egress-only gateways do not translate IPv6, and drop what comes "
            "from a private block",
            advice=f"associate a public IPv6 block with {subnet_id} and its VPC",
        )


def _subnet(hit: Hit) -> str:
    return hit.blocker.subnet_id or hit.blocker.resource_id


FAULT = Fault(
    code="NP411",
    name="private-ipv6-to-internet",
    title="The subnet IPv6 block is private (IPAM private GUA or ULA): the gateway drops it",
    phrase="private IPv6 block",
    since="0.1.0",
    symptoms=("connect-timeout-ipv6",),
    check=check,
    doc=__doc__,
)
