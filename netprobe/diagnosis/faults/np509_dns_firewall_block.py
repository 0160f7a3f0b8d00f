"""Route 53 Resolver DNS Firewall keeps the name from being answered.

## What it means

A rule group of DNS Firewall is associated with the VPC, and the first of its rules that matches
the name, or a name that its records lead to, blocks.

## Why traffic fails

Questions pass the firewall before anyone answers. A blocked one is answered with NXDOMAIN, an
empty answer, or another name.

## How netprobe knows

The rules by priority and their domain lists were read. Packets: NXDOMAIN or an empty answer at
once, or the address of the other name.

## Known limits

AWS's own lists cannot be read: what they might block is unknown. Names that public CNAME
records lead to are not known either.

## Example

A walled garden that allows a list of domains and blocks `*`.

## Fix

Allow the name, and every name its records lead to, in a rule of higher priority.

## Fix safety

Allow exact names: a wildcard reopens a channel that the firewall is there to close.

## References

- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html
- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-actions.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import NO_WAY_OUT, host_of, resolution_of
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path
from netprobe.model.trace import Reason, Resolution


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per rule group that blocks names on failing paths."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in case.failing():
        resolution = resolution_of(path)
        if (
            resolution is not None
            and case.is_in_play(path)
            and _is_blocked(case, path, resolution)
        ):
            found[resolution.authority_id or case.source(path).vpc_id].append(path)
    for group_id, paths in found.items():
        hosts = ", ".join(sorted({host_of(case, path) for path in paths}))
        said = dict.fromkeys(r.detail for path in paths if (r := resolution_of(path)))
        yield FAULT.found_with(
            (Evidence(resource_id=group_id, says=detail) for detail in said),
            (path.key for path in paths),
            reason="DNS Firewall decides before anyone answers: the first rule that matches",
            advice=f"allow {hosts} and the names its records lead to in {group_id}, before the "
            "rule that blocks",
            standing_cost="none",
        )


def _is_blocked(case: Case, path: Path, resolution: Resolution) -> bool:
    """Tell whether a rule answers in the name's place: a block, or another name's address."""
    if path.trace and any(item.reason is Reason.DNS_FIREWALL for item in path.trace.blockers):
        return True
    groups = {item.rule_group_id for item in case.snapshot.firewall_rules}
    return resolution.authority_id in groups - {""} and resolution.origin in {
        "dns-firewall",
        "observed",
    }


FAULT = Fault(
    code="NP509",
    name="dns-firewall-block",
    title="Route 53 Resolver DNS Firewall blocks the name (NXDOMAIN, NODATA or override)",
    phrase="DNS Firewall blocks the name",
    since="0.1.0",
    symptoms=("name-fails",),
    check=check,
    doc=__doc__,
    explains=NO_WAY_OUT,
)
