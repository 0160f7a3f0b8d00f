"""An Elastic IP was put by hand on an interface that belongs to Lambda.

## What it means

The function gets out over IPv4 only because somebody associated an Elastic IP with one of the
interfaces that Lambda made for it.

## Why traffic fails

Lambda shares these interfaces among functions, replaces them when groups or subnets change and
takes them away from idle functions; the association goes with them. In other subnets of the
function there is none.

## How netprobe knows

An interface of type `lambda` has a public address and the function's way out is an internet
gateway. Packets: they pass today from this interface.

## Known limits

While it works it is a note. Which interface an execution environment uses is Lambda's choice.

## Example

A working set-up that times out after the function's security group was changed.

## Fix

Use a private subnet behind a NAT gateway, IPv6 through an egress-only internet gateway, or
endpoints; then release the Elastic IP.

## Fix safety

Make the new way first: releasing the address cuts the function off at once.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.prices import NAT_GATEWAY_COST
from netprobe.diagnosis.ways import hops
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path
from netprobe.model.resources import NetworkInterface
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per interface of Lambda with a public address that calls rely on."""
    found: dict[NetworkInterface, list[Path]] = {}
    for path in case.paths:
        interface = _with_address(case, path)
        if interface is not None and _uses_internet_gateway(path):
            found.setdefault(interface, []).append(path)
    for interface, paths in found.items():
        address = interface.public_addresses[0]
        eni = interface.network_interface_id
        yield FAULT.found_with(
            (
                Evidence(resource_id=eni, says=f"is Lambda's own and has {address} by hand"),
                *_bare(case, paths),
            ),
            (path.key for path in paths),
            reason="Lambda replaces its interfaces when it likes, and an Elastic IP on one goes "
            "with it",
            advice=f"give the function IPv6 or a subnet behind a NAT gateway, then release {address}",
            standing_cost="none for IPv6; NAT gateway: " + NAT_GATEWAY_COST,
        )


def _with_address(case: Case, path: Path) -> NetworkInterface | None:
    source = case.source(path)
    if path.key.family is not Family.IPV4:
        return None
    interface = case.snapshot.lambda_interface(source.subnet_id, source.security_group_ids)
    return interface if interface is not None and interface.public_addresses else None


def _uses_internet_gateway(path: Path) -> bool:
    nat = any(hops(path, Component.NAT_GATEWAY))
    return any(hops(path, Component.INTERNET_GATEWAY)) and not nat


def _bare(case: Case, paths: list[Path]) -> tuple[Evidence, ...]:
    """Return the failing siblings of the same function that lack an address."""
    names = {case.source(path).function_name for path in paths}
    hits: list[Hit] = list(case.hits(Reason.NO_PUBLIC_IPV4, family=Family.IPV4))
    mine = [hit for hit in hits if case.source(hit.path).function_name in names]
    return tuple(dict.fromkeys(hit.evidence for hit in mine))


FAULT = Fault(
    code="NP114",
    name="eip-on-lambda-eni",
    title="Elastic IP attached by hand to the Lambda-managed ENI: works, then breaks when Lambda replaces the ENI",
    phrase="Elastic IP on Lambda's interface",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4", "some-subnets"),
    check=check,
    doc=__doc__,
)
