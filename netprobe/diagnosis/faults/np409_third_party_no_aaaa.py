"""The target answers over IPv4 only, and the subnet leads out over IPv6 only.

## What it means

The name has no AAAA record, so IPv6 cannot be used for it, and over IPv4 there is no way out.

## Why traffic fails

Without an AAAA record there is no address to send to over IPv6. Nothing in the VPC can add
one, DNS64 apart.

## How netprobe knows

The resolver answers AAAA of the target's host with no data, nothing else stops IPv6 here, and
no IPv4 route leads to the target. Packets: no data over IPv6, silence over IPv4.

## Known limits

It is the VPC's resolver that is asked: servers of the VPC's own may leave out AAAA records that
exist. Names of AWS services and of the account's APIs have faults of their own.

## Example

A payment provider's webhook host, after the NAT gateway was removed in favour of IPv6.

## Fix

Keep an IPv4 way out (a NAT gateway), or DNS64 with a route for `64:ff9b::/96` to one, or move
the call out of the VPC.

## Fix safety

A NAT gateway costs while it stands, and opens IPv4 for every subnet that is routed to it.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.designs import is_ipv4_meant
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ipv4_only import answer, without_record
from netprobe.diagnosis.prices import NAT_GATEWAY_COST
from netprobe.model.finding import Finding
from netprobe.model.report import Path

_OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws", ".amazonaws.eu")


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per host that cannot be reached over IPv6."""
    found: dict[str, list[Path]] = {}
    for path in without_record(case):
        if _is_of_others(case, path) and not is_ipv4_meant(case, case.source(path)):
            found.setdefault(case.target(path).host, []).append(path)
    for host, paths in found.items():
        subnets = dict.fromkeys(case.source(path).subnet_id for path in paths)
        yield FAULT.found_with(
            dict.fromkeys(map(answer, paths)),
            (path.key for path in paths),
            reason="a name without an AAAA record cannot be reached over IPv6, and IPv4 has no "
            "way out here",
            advice=f"give {', '.join(subnets)} an IPv4 way out (NAT gateway, or DNS64 with a "
            f"route for 64:ff9b::/96 to one) for {host}",
            standing_cost=NAT_GATEWAY_COST,
        )


def _is_of_others(case: Case, path: Path) -> bool:
    host = case.target(path).host.rstrip(".").lower()
    own = {item.domain_name for item in case.snapshot.domain_names}
    own |= {item.dns_name for item in case.snapshot.load_balancers}
    canonical = path.trace.resolution.canonical if path.trace and path.trace.resolution else host
    names = {host, canonical.rstrip(".").lower()}
    return not names & own and not any(name.endswith(_OF_AWS) for name in names)


FAULT = Fault(
    code="NP409",
    name="third-party-no-aaaa",
    title="Third-party (or AWS) target is IPv4-only while the VPC has only IPv6 egress",
    phrase="target has no IPv6",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4", "one-target-timeout", "no-aaaa"),
    check=check,
    doc=__doc__,
)
