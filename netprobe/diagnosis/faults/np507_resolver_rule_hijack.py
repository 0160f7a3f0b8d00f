"""A Resolver rule sends the names of AWS to DNS servers that do not answer them.

## What it means

A FORWARD rule of Route 53 Resolver, often one for the root or for amazonaws.com, sends the
question to other servers, and what they answer, if anything, does not lead to the service.

## Why traffic fails

The most specific rule wins over public DNS, and on the very same domain over a private zone
too. The servers behind it have to answer for all of it.

## How netprobe knows

The rule is associated with the VPC and has the name; the probe was told nothing, a failure or
that there is no such name, or was not led to the endpoint of the VPC that has it.

## Known limits

It needs the probe: what the servers answer is not in the configuration. That a name outside
AWS does not exist there may be true, and is not called a fault.

## Example

A shared rule for `.` that sends everything to on-premises DNS, which forwards nothing.

## Fix

Narrow the rule to the company's domains, or add SYSTEM rules for amazonaws.com and api.aws.

## Fix safety

A SYSTEM rule takes back its whole domain: private names below it that the servers had answered
are then asked of the Amazon resolver.

## References

- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-domain-name-matches.html
- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import (
    NO_WAY_OUT,
    addresses_of,
    endpoint_answering,
    host_of,
    outcome_of,
    resolution_of,
    seen_addresses,
    stays_public,
    within,
)
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.names import ResolverRule
from netprobe.model.observation import Outcome
from netprobe.model.report import Path

_FAILS = frozenset({Outcome.DNS_TIMEOUT, Outcome.DNS_SERVFAIL})
_NONE = frozenset({Outcome.DNS_NXDOMAIN, Outcome.DNS_NODATA})
_AWS = ("amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "api.aws")


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per rule whose servers do not answer as they must."""
    found: dict[str, list[Path]] = defaultdict(list)
    rules = {item.resolver_rule_id: item for item in case.snapshot.resolver_rules}
    for path in case.failing():
        resolution = resolution_of(path)
        rule_id = resolution.authority_id if resolution else None
        if rule_id in rules and _is_misled(case, path):
            found[str(rule_id)].append(path)
    for rule_id, paths in found.items():
        hosts = ", ".join(sorted({host_of(case, path) for path in paths}))
        yield FAULT.found_with(
            (_rule(rules[rule_id]), *_answers(paths)),
            (path.key for path in paths),
            reason="the most specific rule decides who is asked, before public DNS",
            advice=f"narrow {rule_id}, or add a SYSTEM rule that takes {hosts} back",
            standing_cost="none",
        )


def _is_misled(case: Case, path: Path) -> bool:
    """Tell whether the rule's servers give another answer than the right one."""
    host, outcome = host_of(case, path), outcome_of(path)
    if outcome in _FAILS:
        return True
    if path.key.family is not Family.IPV4:
        return False  # many names have no AAAA record anyway
    if outcome in _NONE:
        return any(within(host, domain) for domain in _AWS)
    endpoint = endpoint_answering(case, case.source(path).vpc_id, host)
    seen = seen_addresses(path)
    mine = addresses_of(case, endpoint) if endpoint else frozenset()
    return bool(mine and seen) and not mine & set(seen) and stays_public(case, path)


def _rule(rule: ResolverRule) -> Evidence:
    targets = ", ".join(str(item) for item in rule.target_addresses) or "other servers"
    said = f"{rule.rule_type} {rule.domain_name or '.'} to {targets}"
    return Evidence(resource_id=rule.resolver_rule_id, says=said)


def _answers(paths: list[Path]) -> Iterator[Evidence]:
    seen = dict.fromkeys((path.key.target, outcome_of(path)) for path in paths)
    for target, outcome in seen:
        yield Evidence(resource_id=target, says=f"the probe was told: {outcome}")


FAULT = Fault(
    code="NP507",
    name="resolver-rule-hijack",
    title="Route 53 Resolver FORWARD rule (often '.' or amazonaws.com) sends AWS names to on-prem DNS",
    phrase="a Resolver rule sends the name elsewhere",
    since="0.1.0",
    symptoms=("slow", "name-fails", "wrong-address"),
    check=check,
    doc=__doc__,
    explains=NO_WAY_OUT,
)
