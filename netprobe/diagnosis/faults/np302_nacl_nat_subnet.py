"""The network ACL of the NAT gateway's subnet drops the flow.

## What it means

The function's own subnet is open. The subnet that the NAT gateway stands in has an ACL that
drops the request or the reply, on their way in or out.

## Why traffic fails

Through a NAT gateway every packet crosses that subnet's boundary twice: the request comes in
for the target's port and goes out for it, the reply comes in to a port between 1024 and 65535
and goes on to one. ACLs keep no state, so each of the four needs an entry.

## How netprobe knows

The walk meets an ACL that denies in the subnet of a NAT gateway on the path, and that subnet is
not the function's own. Packets: silence over IPv4; IPv6 does not go through a NAT gateway.

## Known limits

A NAT gateway in the function's own subnet is another fault. Regional NAT gateways stand in no
subnet.

## Example

A public subnet whose ACL admits tcp 80 and 443 from the internet, and no ephemeral ports.

## Fix

Open all four ways in the NAT gateway's ACL: ingress and egress for the port, and for tcp
1024-65535.

## Fix safety

Other subnets share the ACL: the entries open them too. Security groups still guard what stands
there.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
- https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import nat_acl_hits, nat_of, ports_of
from netprobe.model.finding import Evidence, Finding
from netprobe.model.ports import EPHEMERAL


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per ACL that stops flows at a NAT gateway's subnet."""
    for acl_id, group in by(nat_acl_hits(case), resource_of):
        ports = f"tcp {ports_of(group)} and tcp {EPHEMERAL}"
        yield FAULT.found(
            group,
            also=dict.fromkeys(_gateways(case, group)),
            reason="request and reply each cross the NAT gateway's subnet in and out, and network "
            "ACLs keep no state",
            advice=f"allow {ports} in both directions in {acl_id}",
        )


def _gateways(case: Case, group: list[Hit]) -> Iterator[Evidence]:
    for nat in (nat_of(case, hit) for hit in group):
        if nat is not None:
            says = f"is the NAT gateway on the way, in {nat.subnet_id}"
            yield Evidence(resource_id=nat.nat_gateway_id, says=says)


FAULT = Fault(
    code="NP302",
    name="nacl-nat-subnet",
    title="Network ACL on the NAT gateway's (public) subnet blocks either leg",
    phrase="ACL of the NAT gateway's subnet",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4",),
    check=check,
    doc=__doc__,
)
