"""The far end is reached and refuses the connection.

## What it means

A packet came back at once that ends the connection before it is made. The way there and back is
open; at the address nobody listens on this port, or something there rejects.

## Why traffic fails

A host without a listener answers a SYN with a reset (RFC 9293). Security groups and network ACLs
never do: they drop in silence. A firewall with a reject rule can.

## How netprobe knows

Packets: connection refused. Or the load balancer that the name leads to has no listener on this
port.

## Known limits

Who sent the reset is not in the packet: an appliance on the way that rejects looks the same.

## Example

A database's host with another service's port.

## Fix

Check the port and that the service runs and listens on this family's addresses, not on 127.0.0.1
only.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding, PathKey
from netprobe.model.observation import Outcome
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target at which nobody listens."""
    facts: dict[str, list[Evidence]] = defaultdict(list)
    keys: dict[str, list[PathKey]] = defaultdict(list)
    for path in case.failing():
        if path.observation is not None and path.observation.outcome is Outcome.REFUSED:
            where = path.observation.address or path.key.target
            facts[path.key.target].append(
                Evidence(resource_id=where, says="refuses the connection with a reset")
            )
            keys[path.key.target].append(path.key)
    for hit in case.hits(Reason.NO_LISTENER):
        facts[hit.path.key.target].append(hit.evidence)
        keys[hit.path.key.target].append(hit.path.key)
    for target_id, found in keys.items():
        port = next(item.port for item in case.targets if item.id == target_id)
        yield FAULT.found_with(
            dict.fromkeys(facts[target_id]),
            found,
            reason="a reset comes from the far end; groups and ACLs drop in silence",
            advice=f"check that something listens on port {port} of {target_id}",
        )


FAULT = Fault(
    code="NP710",
    name="target-refuses-connection",
    title="The far end answers with a reset: it is reached, nobody listens there or it rejects",
    phrase="nobody listens on this port",
    since="0.1.0",
    symptoms=("refused",),
    check=check,
    doc=__doc__,
)
