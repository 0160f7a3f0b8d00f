"""Replies come back around the firewall that saw the requests.

## What it means

Requests pass a firewall's endpoint, and the routes for the replies lead past it: the table at
the edge, or that of the NAT gateway's subnet, lacks the route back to the endpoint; or a transit
gateway spreads both directions over zones.

## Why traffic fails

AWS Network Firewall has to see both directions at the same endpoint; it drops what belongs to no
connection that it saw begin.

## How netprobe knows

The routes: no table brings what is for the inspected subnet to the same endpoint; or appliance
mode is off at the firewall VPC's attachment while source and destination are in different zones.
The packets have to be silent too, because an appliance that keeps no state would not mind.

## Known limits

Firewalls outside the visible account are not judged, nor is what they do with packets.

## Example

A firewall put before an internet gateway without a route table for the gateway itself.

## Fix

Add routes for the inspected subnets to the firewall's endpoint in the table of the internet
gateway, or of the NAT gateway's subnet; or switch appliance mode on at the attachment.

## Fix safety

A route at the edge takes all traffic for the subnet through the firewall: let its rules allow
what comes in today.

## References

- https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html
- https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.inspection import Bypass, bypass_in_zones, bypass_of_routes
from netprobe.diagnosis.ways import silence, silent_at_connect
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per table or attachment that leads replies around a firewall."""
    found: dict[Bypass, list[Path]] = {}
    for path in silent_at_connect(case):
        bypass = bypass_of_routes(case, path) or bypass_in_zones(case, path)
        if bypass is not None:
            found.setdefault(bypass, []).append(path)
    for bypass, paths in found.items():
        yield FAULT.found_with(
            (
                Evidence(resource_id=bypass.resource_id, says=bypass.says),
                Evidence(resource_id=bypass.endpoint_id, says="sees the requests"),
                *map(silence, paths),
            ),
            (path.key for path in paths),
            reason="a firewall has to see both directions of a connection at the same endpoint",
            advice=bypass.advice,
        )


FAULT = Fault(
    code="NP120",
    name="network-firewall-asymmetric",
    title="Return traffic bypasses the firewall endpoint (missing igw edge route / TGW appliance mode off)",
    phrase="replies bypass the firewall",
    since="0.1.0",
    symptoms=("connect-timeout", "some-subnets"),
    check=check,
    doc=__doc__,
)
