"""The API's custom domain name answers over IPv4 only.

## What it means

The custom domain name has the address type ipv4, the default. It gets no AAAA record, whatever
the type of the API behind it.

## Why traffic fails

The address type of a domain name is set apart from the API's. An AAAA alias record that leads to
a domain name of type ipv4 answers nothing.

## How netprobe knows

API Gateway says the domain name's type is ipv4, and no AAAA record is there where the path asks
for one.

## Known limits

In subnets that do not speak IPv6, or where IPv4 works, this is no fault. A dual-stack domain
name whose AAAA record was forgotten is not told apart from a name without IPv6: public zones are
not read.

## Example

A dual-stack API behind a domain name of type ipv4, called from a VPC whose only way out is IPv6.

## Fix

Switch the domain name to dualstack and add the AAAA alias record.

## Fix safety

Clients over IPv6 come from other addresses: extend resource policies and allow-lists first.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-custom-domain-ip-address-type.html
- https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.states import State, state_of
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding, PathKey
from netprobe.model.observation import Outcome
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per domain name of type ipv4 that dual-stack subnets ask for AAAA."""
    for domain in case.snapshot.domain_names:
        if domain.ip_address_type != "ipv4" or domain.endpoint_type == "PRIVATE":
            continue
        names = {domain.domain_name, *domain.target_names}
        keys: list[PathKey] = [
            path.key
            for path in case.paths
            if case.target(path).host in names and _lacks_record(case, path)
        ]
        if keys:
            name = domain.domain_name
            yield FAULT.found_with(
                (Evidence(resource_id=name, says="its address type is ipv4: it has no AAAA"),),
                keys,
                reason="a domain name of type ipv4 has no AAAA record, whatever its API's type",
                advice=f"switch {name} to dualstack (aws apigateway update-domain-name "
                f"--domain-name {name} --patch-operations "
                "op=replace,path=/endpointConfiguration/ipAddressType,value=dualstack) and add "
                "the AAAA alias record",
            )


def _lacks_record(case: Case, path: Path) -> bool:
    if path.key.family is not Family.IPV6 or not case.speaks_ipv6(case.source(path)):
        return False
    seen = path.observation
    if seen is not None and seen.outcome is not Outcome.NOT_PROBED:
        return seen.outcome is Outcome.DNS_NODATA
    lacks = path.trace is not None and path.trace.resolution is not None
    undecided = state_of(path) in {State.ABSENT, State.UNKNOWN}
    other = case.between(case.source(path), case.target(path)).get(Family.IPV4)
    served = other is not None and state_of(other) is State.WORKS
    return lacks and undecided and not served and not (path.trace and path.trace.unread)


FAULT = Fault(
    code="NP703",
    name="api-custom-domain-ipv4-only",
    title="Custom domain is ipv4 while the API is dualstack (or AAAA alias points to an ipv4 domain)",
    phrase="custom domain name is IPv4-only",
    since="0.1.0",
    symptoms=("no-aaaa",),
    check=check,
    doc=__doc__,
)
