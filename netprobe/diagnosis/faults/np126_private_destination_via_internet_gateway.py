"""A private address is sent to the internet.

## What it means

The destination is a private IPv4 address, and the route that wins for it is the default one, to
an internet gateway or through a NAT gateway to one.

## Why traffic fails

An internet gateway drops what is for addresses that nobody on the internet has: RFC 1918 and
RFC 6598 space.

## How netprobe knows

The flow's destination is such an address and the walk ends at an internet gateway. Packets:
silence.

## Known limits

Which network the address is meant to be in is not known: a peer, on-premises, another VPC.

## Example

A name that resolves to a database in a peered VPC, from a subnet whose table was never given the
route to the peer.

## Fix

Add a route for the address's network to the peering connection, transit gateway or VPN gateway
that leads there; or ask why the name has a private address here.

## Fix safety

The other side needs the route back, and its groups have to admit the source.

## References

- https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
- https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.routes import route_evidence
from netprobe.model.addresses import Family, is_private
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per private destination that is sent to an internet gateway."""
    hits = (hit for hit in case.hits(Reason.PRIVATE_DESTINATION, family=Family.IPV4) if _fits(hit))
    for address, group in by(hits, _destination):
        subnets = dict.fromkeys(case.source(hit.path).subnet_id for hit in group)
        yield FAULT.found(
            group,
            also=dict.fromkeys(
                fact for subnet_id in subnets for fact in route_evidence(case, subnet_id)
            ),
            reason="an internet gateway drops what is for private addresses",
            advice=f"add a route for {address}'s network to the peering connection, transit "
            "gateway or VPN gateway that leads there",
        )


def _destination(hit: Hit) -> str:
    return str(hit.path.trace.flow.destination) if hit.path.trace else ""


def _fits(hit: Hit) -> bool:
    """Leave out what is no host's address at all, such as a multicast group."""
    return hit.path.trace is not None and is_private(hit.path.trace.flow.destination)


FAULT = Fault(
    code="NP126",
    name="private-destination-via-internet-gateway",
    title="A private (RFC 1918 / RFC 6598) destination falls into the default route to an internet gateway",
    phrase="private address sent to the internet",
    since="0.1.0",
    symptoms=("private-target-timeout",),
    check=check,
    doc=__doc__,
    # Another way to the internet would drop it as well.
    explains=frozenset(
        {
            "route-v4-default-vpc",
            "route-v4-public-subnet-no-public-ip",
        }
    ),
)
