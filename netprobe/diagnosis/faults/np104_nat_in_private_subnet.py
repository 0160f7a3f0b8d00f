"""The NAT gateway itself has no way to the internet.

## What it means

Traffic reaches a public NAT gateway, but the subnet the gateway stands in does not lead to an
attached internet gateway, so nothing gets further.

## Why traffic fails

A NAT gateway forwards by the route table of its own subnet. It must stand in a public subnet,
one whose table sends the destination to an internet gateway.

## How netprobe knows

The route that wins in the NAT gateway's own subnet is missing, dead, or something other than
an attached internet gateway. Packets: silence.

## Known limits

A private NAT gateway is another fault (NP107), and so is an internet gateway that is not
attached (NP111).

## Example

A NAT gateway created in the same private subnet it should serve.

## Fix

Recreate the NAT gateway in a public subnet and point the private table at the new one; a NAT
gateway cannot be moved.

## Fix safety

Never add an internet-gateway default route to the private table to mend this: its machines
would lose their way out.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.routes import route_evidence
from netprobe.diagnosis.ways import is_private_nat, target_of_entry
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per NAT gateway without a way out of its own subnet."""
    hits = (hit for hit in case.hits(Reason.NAT_WITHOUT_INTERNET) if _fits(case, hit))
    for nat_gateway_id, group in by(hits, resource_of):
        gateway = case.snapshot.nat_gateway(nat_gateway_id)
        subnet_id = gateway.subnet_id if gateway and gateway.subnet_id else None
        yield FAULT.found(
            group,
            also=route_evidence(case, subnet_id) if subnet_id else (),
            reason="a NAT gateway forwards by the route table of its own subnet, which must lead "
            "to an internet gateway",
            advice=f"recreate {nat_gateway_id} in a public subnet and point the private route "
            "table at the new one",
            standing_cost="none beyond the NAT gateway that is paid for already",
        )


def _fits(case: Case, hit: Hit) -> bool:
    """Leave out private NAT gateways, and those whose internet gateway is what is missing."""
    to_gateway = target_of_entry(hit).startswith("igw-")
    return not to_gateway and not is_private_nat(case, hit.blocker.resource_id)


FAULT = Fault(
    code="NP104",
    name="nat-in-private-subnet",
    title="Public-type NAT gateway created in a subnet without an internet-gateway route",
    phrase="NAT gateway without internet",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4",),
    check=check,
    doc=__doc__,
)
