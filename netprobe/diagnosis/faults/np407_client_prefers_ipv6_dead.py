"""IPv4 works, and the client tries IPv6 first, where nothing answers.

## What it means

The target has both kinds of address. This client begins with IPv6, which is broken on the way,
and waits for its whole time-out, or tries no other address at all.

## Why traffic fails

In Lambda's sandbox the resolver's order puts IPv6 first wherever the sandbox has an IPv6
address (RFC 6724). Only clients that race the families (RFC 8305) do not feel a silent one.

## How netprobe knows

The function's runtime, or `--client`, tells the client; its order begins with IPv6 and it does
not race. Over IPv6 the target is silent, over IPv4 it answers.

## Known limits

The client is not the cause: what breaks IPv6 has a finding of its own, which is the one to
mend. What a program really uses is not seen.

## Example

boto3 in a dual-stack subnet whose security group forgets IPv6: every new connection waits a
minute.

## Fix

Mend IPv6. Until then switch `Ipv6AllowedForDualStack` off; pinning IPv4 in the client hides the
fault.

## Fix safety

Switching the flag off makes IPv6 fail at once, which clients pass over without waiting.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.states import State, state_of
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding, Role
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding for the client, of all the paths on which it waits in vain."""
    if case.client.order != (Family.IPV6, Family.IPV4) or case.client.races:
        return
    paths = [path for path in case.failing() if _is_in_the_way(case, path)]
    if paths:
        yield FAULT.found_with(
            (
                Evidence(resource_id=case.client.name, says=f"is the client: {_habit(case)}"),
                *(
                    Evidence(
                        resource_id=key.target,
                        says=f"is silent from {key.source} over IPv6 and answers over IPv4",
                    )
                    for key in (path.key for path in paths)
                ),
            ),
            (path.key for path in paths),
            reason="a client that tries IPv6 first waits there before it gets to IPv4, if at all",
            advice="mend what breaks IPv6; until then switch Ipv6AllowedForDualStack off",
        )


def _habit(case: Case) -> str:
    patience = case.client.fallback_seconds
    if patience is None:
        return "it tries IPv6 first and no other address after it"
    return f"it tries IPv6 first and waits {patience:g} s for each address"


def _is_in_the_way(case: Case, path: Path) -> bool:
    """Tell whether IPv6 is silent where IPv4 works."""
    if path.key.family is not Family.IPV6 or state_of(path) is not State.SILENT:
        return False
    other = case.between(case.source(path), case.target(path)).get(Family.IPV4)
    return other is not None and state_of(other) is State.WORKS


FAULT = Fault(
    code="NP407",
    name="client-prefers-ipv6-dead",
    title="IPv4 works but the client picks AAAA first over a broken IPv6 path, with no fallback",
    phrase="client tries dead IPv6 first",
    since="0.1.0",
    symptoms=("connect-timeout-ipv6", "task-timed-out", "slow"),
    check=check,
    doc=__doc__,
    role=Role.CONTRIBUTING,
)
