"""The name leads to a private address that no route of the subnet reaches.

## What it means

The name resolves, to an address of some other private network. The subnet's route table has no
route to it, or only the default route to the internet.

## Why traffic fails

A name does not bring a route with it. What no route matches is dropped, and private addresses
are dropped at the edge of the internet.

## How netprobe knows

The answer, by configuration or as the probe saw it, is a private address outside the VPC, and
the walk to it ends at the source's route table or at the gateway of the default route.

## Known limits

Whether the address belongs to anything at all is not known. Zones of AWS services that lead to
a central endpoint have a finding of their own (NP511).

## Example

A record for an on-premises database in a VPC that has no route to the VPN.

## Fix

Add a route to that network, by a transit gateway, a peering connection or a VPN; or give the
name an address that can be reached.

## Fix safety

A route alone opens the way there; the other side needs one back.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import UNROUTED_FAULTS, host_of, unrouted
from netprobe.model.finding import Evidence, Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per name and address that no route reaches."""
    for _, group in by(unrouted(case), lambda hit: f"{host_of(case, hit.path)} {_address(hit)}"):
        host, address = host_of(case, group[0].path), _address(group[0])
        tables = dict.fromkeys(
            table.route_table_id
            for hit in group
            if (table := case.route_table(case.source(hit.path).subnet_id))
        )
        yield FAULT.found(
            group,
            also=(Evidence(resource_id=host, says=f"resolves to {address}"),),
            reason="a private address can only be reached by a route to the network that has it",
            advice=f"add a route to the network of {address} in {', '.join(tables)}",
            standing_cost="",
        )


def _address(hit: Hit) -> str:
    return str(hit.path.trace.flow.destination) if hit.path.trace else ""


FAULT = Fault(
    code="NP517",
    name="private-answer-unrouted",
    title="The name resolves to a private address that no route of this subnet reaches",
    phrase="private answer without a route",
    since="0.1.0",
    symptoms=("private-target-timeout", "one-target-timeout", "wrong-address"),
    check=check,
    doc=__doc__,
    explains=UNROUTED_FAULTS,
)
