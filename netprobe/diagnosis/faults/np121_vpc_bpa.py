"""VPC Block Public Access closes the way to the internet.

## What it means

The account, or its organization, has VPC Block Public Access on, and neither the VPC nor the
subnet is excluded. Routes, gateways and groups look right and do not matter.

## Why traffic fails

Block Public Access stands above them all. `block-bidirectional` stops everything through
internet gateways, NAT gateways and egress-only gateways; `block-ingress` leaves what NAT and
egress-only gateways send.

## How netprobe knows

`InternetGatewayBlockMode` of the account or the resource, and the exclusions. Packets: silence.

## Known limits

Traffic to VPC endpoints, peers and transit gateways is not touched, and nothing is said of it.

## Example

A security baseline that switches the bidirectional mode on in all accounts.

## Fix

Create an exclusion that allows egress for the VPC, or for the subnets the traffic leaves from;
the account's owner may also choose `block-ingress`. VPC endpoints reach AWS services without.

## Fix safety

An exclusion for the VPC covers all its subnets: prefer `allow-egress` to `allow-bidirectional`.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
- https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per mode of Block Public Access that stops flows."""
    hits = case.hits(Reason.BLOCK_PUBLIC_ACCESS)
    for _, group in by(hits, lambda hit: str(hit.blocker.entry)):
        places = dict.fromkeys(hit.blocker.resource_id for hit in group)
        yield FAULT.found(
            group,
            reason="VPC Block Public Access stands above routes, gateways, groups and network ACLs",
            advice=f"create an allow-egress exclusion for {', '.join(places)} or the VPC, or have "
            "the mode changed to block-ingress",
        )


FAULT = Fault(
    code="NP121",
    name="vpc-bpa",
    title="VPC Block Public Access (account/org, bidirectional) blocks internet, NAT and egress-only gateways",
    phrase="Block Public Access",
    since="0.1.0",
    symptoms=("connect-timeout",),
    check=check,
    doc=__doc__,
)
