"""The NAT instance on the way does not forward.

## What it means

The route leads to an instance that should pass traffic on, and something of it keeps it from
that: its source/destination check, its security groups, its public address, or it does not run.

## Why traffic fails

An interface that checks source and destination drops packets that are not addressed to it; its
groups have to admit the machines it serves; and it reaches the internet with a public IPv4
address of its own only.

## How netprobe knows

The winning route's target is a network interface, and its `SourceDestCheck`, groups, attachment
and instance state say so. Without a public address in a public subnet the packets have to fail
too. Packets: silence.

## Known limits

What the instance does with packets (its NAT service, its own firewall) is not in the
configuration.

## Example

A NAT instance rebuilt from an image, with the source/destination check on as it is by default.

## Fix

Switch the check off, admit the private subnets in the instance's group, give it an Elastic IP;
or use IPv6 through an egress-only internet gateway, which needs no instance.

## Fix safety

Admit the VPC's blocks and the ports in use only; a NAT instance is reachable from the internet.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html
- https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ways import hops, is_for_public, silence, silent_paths
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding, PathKey
from netprobe.model.report import Path
from netprobe.model.resources import NetworkInterface, TargetKind
from netprobe.model.trace import Component, Reason

_REASONS = (Reason.SOURCE_DEST_CHECK, Reason.INTERFACE_NOT_USABLE, Reason.INGRESS_NOT_ALLOWED)
_WHY = (
    "an instance passes traffic on only while it runs, without source/destination check, admitted "
    "by its groups and with a public address"
)


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per interface on the way that does not pass traffic on."""
    hits = (hit for hit in case.hits(*_REASONS) if _appliance(case, hit) is not None)
    for interface_id, group in by(hits, lambda hit: str(_appliance(case, hit))):
        yield FAULT.found(group, reason=_WHY, advice=_advice(interface_id, group))
    yield from _without_address(case)


def _appliance(case: Case, hit: Hit) -> str | None:
    """Return the interface on the way that the blocker is about."""
    for interface in _on_the_way(case, hit.path):
        names = {interface.network_interface_id, *interface.group_ids}
        if hit.blocker.resource_id in names:
            return interface.network_interface_id
    return None


def _on_the_way(case: Case, path: Path) -> Iterator[NetworkInterface]:
    for hop in hops(path, Component.NETWORK_INTERFACE):
        interface = case.snapshot.network_interface(hop.resource_id)
        if hop.entry is not None and interface is not None:
            yield interface


def _advice(interface_id: str, group: list[Hit]) -> str:
    reasons = {hit.blocker.reason for hit in group}
    steps = []
    if Reason.SOURCE_DEST_CHECK in reasons:
        steps.append(f"switch the source/destination check of {interface_id} off")
    if Reason.INGRESS_NOT_ALLOWED in reasons:
        guards = {h.blocker.resource_id for h in group} - {interface_id}
        steps.append(f"admit the source in {', '.join(sorted(guards))}")
    if Reason.INTERFACE_NOT_USABLE in reasons:
        steps.append(f"start the instance of {interface_id}, or route around it")
    return " and ".join(steps)


def _without_address(case: Case) -> Iterator[Finding]:
    """Yield the instances in public subnets that have no public address, where packets fail."""
    found: dict[str, list[Path]] = {}
    for path in silent_paths(case):
        for interface in _on_the_way(case, path):
            if _lacks_address(case, path, interface):
                found.setdefault(interface.network_interface_id, []).append(path)
    for interface_id, paths in found.items():
        keys: list[PathKey] = [path.key for path in paths]
        says = "has no public IPv4 address and stands in a subnet behind an internet gateway"
        yield FAULT.found_with(
            (Evidence(resource_id=interface_id, says=says), *map(silence, paths)),
            keys,
            reason=_WHY,
            advice=f"associate an Elastic IP with {interface_id}",
            standing_cost="about 3.65 USD a month for the public IPv4 address",
        )


def _lacks_address(case: Case, path: Path, interface: NetworkInterface) -> bool:
    table = case.route_table(interface.subnet_id)
    to_internet = any(
        route.destination == Family.IPV4.everything and route.target is TargetKind.INTERNET_GATEWAY
        for route in (table.routes if table else ())
    )
    ipv4 = path.key.family is Family.IPV4
    return ipv4 and is_for_public(path) and to_internet and not interface.public_addresses


FAULT = Fault(
    code="NP110",
    name="nat-instance-broken",
    title="Self-managed NAT instance does not forward (source/dest check on, no public IP, service not started, its SG blocks VPC)",
    phrase="NAT instance does not forward",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4",),
    check=check,
    doc=__doc__,
)
