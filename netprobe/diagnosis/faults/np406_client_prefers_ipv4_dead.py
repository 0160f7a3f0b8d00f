"""IPv6 works, and the client tries IPv4 first, where nothing answers.

## What it means

The target has both kinds of address. This client begins with IPv4, which has no way out, and
spends its patience there.

## Why traffic fails

Clients try addresses in an order of their own. One that begins with IPv4 and waits for its
whole time-out, or tries no other address, never gets to the family that works.

## How netprobe knows

The function's runtime, or `--client`, tells the client; its order begins with IPv4. Over IPv4
the target is silent, over IPv6 it answers.

## Known limits

What a program really uses is not seen: another library in the same runtime may behave
otherwise. Where both families fail, or the client knows IPv4 only, IPv4's own fault stands.

## Example

A Java function in a subnet with an egress-only gateway and no NAT gateway.

## Fix

Let the client prefer IPv6: `-Djava.net.preferIPv6Addresses=true` in Java,
`dns.setDefaultResultOrder('ipv6first')` in Node; and give it a short connect time-out.

## Fix safety

Targets that are broken over IPv6 only would fail then: check them first.

## References

- https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/net/doc-files/net-properties.html
- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.states import State, state_of
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding for the client, of all the paths on which it waits in vain."""
    if case.client.order != (Family.IPV4, Family.IPV6) or case.client.races:
        return
    paths = [path for path in case.failing() if _is_in_the_way(case, path)]
    if paths:
        yield FAULT.found_with(
            (
                Evidence(resource_id=case.client.name, says="is the client: it tries IPv4 first"),
                *(
                    Evidence(
                        resource_id=key.target,
                        says=f"is silent from {key.source} over IPv4 and answers over IPv6",
                    )
                    for key in (path.key for path in paths)
                ),
            ),
            (path.key for path in paths),
            reason="a client waits for the first address it tries, and gets to the family that "
            "works late or never",
            advice=f"let {case.client.name} prefer IPv6 (java.net.preferIPv6Addresses=true in "
            "Java), with a short connect time-out",
        )


def _is_in_the_way(case: Case, path: Path) -> bool:
    """Tell whether IPv4 is silent where IPv6 works."""
    if path.key.family is not Family.IPV4 or state_of(path) is not State.SILENT:
        return False
    other = case.between(case.source(path), case.target(path)).get(Family.IPV6)
    return other is not None and state_of(other) is State.WORKS


FAULT = Fault(
    code="NP406",
    name="client-prefers-ipv4-dead",
    title="IPv6 works but the client tries dead IPv4 first and burns the whole timeout",
    phrase="client tries dead IPv4 first",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4", "task-timed-out", "slow"),
    check=check,
    doc=__doc__,
    # IPv4 is absent by design where IPv6 leads out.
    explains=frozenset(
        {
            "route-v4-public-subnet-no-public-ip",
            "route-v4-no-default-route",
            "service-endpoint-absent",
            "gateway-endpoint-absent",
        }
    ),
)
