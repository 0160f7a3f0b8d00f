"""Large packets are lost on the way: a path MTU black hole.

## What it means

Small requests are answered and large ones stall. Somewhere on the way packets have to be
smaller, and the message that would say so does not arrive.

## Why traffic fails

A transit gateway carries 8,500 bytes, a VPN less than 1,500, the internet 1,500. The sender
learns it by ICMP (type 3 code 4, over IPv6 type 2); a network ACL or appliance that drops ICMP
makes a black hole of it.

## How netprobe knows

Packets, with `--path-mtu`: the request was answered and the same request, longer than any one
packet, was not.

## Known limits

Without `--path-mtu` nothing is tried. A far end that stalls on long headers looks the same,
though most refuse them with a status.

## Example

A call through a transit gateway to a VPN, with a network ACL that admits TCP only.

## Fix

Admit the ICMP messages in the network ACLs and appliances on the way, or clamp the MSS.

## Fix safety

The messages carry no data and open no port.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/path_mtu_discovery.html
- https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-quotas.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding, PathKey
from netprobe.model.observation import Outcome, StageName
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target that small packets reach and large ones do not."""
    found: dict[str, list[PathKey]] = defaultdict(list)
    for path in case.paths:
        if _loses_large_packets(path):
            found[path.key.target].append(path.key)
    for target, keys in found.items():
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=target,
                    says="answers a small request, and not one longer than a packet",
                ),
            ),
            keys,
            reason="a smaller MTU on the way, and the ICMP message that says so is dropped",
            advice="admit ICMP type 3 code 4, over IPv6 ICMPv6 type 2, on the way to "
            f"{target}, or clamp the MSS",
        )


def _loses_large_packets(path: Path) -> bool:
    seen = path.observation
    large = seen.stage(StageName.LARGE_REQUEST) if seen else None
    if seen is None or large is None or large.detail.get("cut_short"):
        return False
    return seen.status is not None and large.outcome is Outcome.TIMEOUT


FAULT = Fault(
    code="NP814",
    name="pmtu-blackhole",
    title="Path MTU black hole (TGW 8500, VPN <1500, ICMP filtered): TCP and small requests fine, large bodies or TLS certificate flights stall",
    phrase="large packets are lost",
    since="0.1.0",
    symptoms=("tls-fails", "stalls"),
    check=check,
    doc=__doc__,
)
