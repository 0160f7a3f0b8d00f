"""A private hosted zone has the domain and lacks the record.

## What it means

A private zone that covers the name is associated with the VPC and has no record of it. Inside
the VPC the name does not exist, wherever else it does.

## Why traffic fails

Where a private zone matches, the resolver does not go on to public DNS: a name that is absent
in the zone is absent.

## How netprobe knows

The most specific zone of the VPC for the name was read with all its records, and none answers.
Packets: NXDOMAIN or an empty answer at once.

## Known limits

Records that are missing for IPv6 only count where the target is known to have IPv6.

## Example

A private zone `example.com` made for a database hides the public `api.example.com`.

## Fix

Add the record to the private zone, or make the zone's domain narrower.

## Fix safety

A record in the private zone answers in every VPC that the zone is associated with.

## References

- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import NO_WAY_OUT, resolution_of, within
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import PathVerdict
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per private zone that lacks records which were asked for."""
    hits = (hit for hit in case.hits(Reason.NO_ADDRESS_RECORD) if _zone_id(case, hit))
    for zone_id, group in by(hits, lambda hit: _zone_id(case, hit)):
        names = ", ".join(sorted({_name(hit) for hit in group}))
        records = sorted({hit.path.key.family for hit in group})
        kinds = " or ".join("A" if item is Family.IPV4 else "AAAA" for item in records)
        zone = next(i for i in case.snapshot.hosted_zones if i.hosted_zone_id == zone_id)
        first = Evidence(
            resource_id=zone_id, says=f"is the private zone {zone.name} without {kinds} of {names}"
        )
        yield FAULT.found_with(
            (first, *dict.fromkeys(hit.evidence for hit in group)),
            (hit.path.key for hit in group),
            reason="where a private zone has the domain, public DNS is not asked",
            advice=f"add {names} to {zone_id}, or narrow the zone {zone.name}",
            standing_cost="none",
        )


def _zone_id(case: Case, hit: Hit) -> str:
    """Return the zone that lacks the record, empty where it is not the zone's to have."""
    resolution = resolution_of(hit.path)
    if resolution is None or resolution.origin != "private-zone":
        return ""
    zone = next(
        (i for i in case.snapshot.hosted_zones if i.hosted_zone_id == resolution.authority_id),
        None,
    )
    if zone is None or not within(_name(hit), zone.name):
        return ""
    return zone.hosted_zone_id if _is_expected(case, hit) else ""


def _is_expected(case: Case, hit: Hit) -> bool:
    """Tell whether the record should be there: A always, AAAA of what is known to have IPv6."""
    resolution = resolution_of(hit.path)
    if resolution and resolution.nxdomain:
        return True
    pair = case.between(case.source(hit.path), case.target(hit.path))
    if any(path.verdict is PathVerdict.WORKS for path in pair.values()):
        return False  # it has the one record that is meant
    if hit.path.key.family is Family.IPV4:
        return True
    host = case.target(hit.path).host
    domain = next((i for i in case.snapshot.domain_names if i.domain_name == host), None)
    return domain is not None and domain.ip_address_type == "dualstack"


def _name(hit: Hit) -> str:
    resolution = resolution_of(hit.path)
    return resolution.canonical.rstrip(".").lower() if resolution else ""


FAULT = Fault(
    code="NP508",
    name="private-zone-shadow",
    title="A private hosted zone with the public domain's name lacks the record: NXDOMAIN only inside the VPC",
    phrase="a private zone lacks the record",
    since="0.1.0",
    symptoms=("no-aaaa", "name-fails"),
    check=check,
    doc=__doc__,
    explains=NO_WAY_OUT,
)
