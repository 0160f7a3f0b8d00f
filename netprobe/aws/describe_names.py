"""Reading what decides about names in a VPC: private zones, resolver rules, DNS Firewall.

Calls for one zone, rule group or domain list are made only where one is there.
"""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.aws import operations
from netprobe.aws.calls import Call, Json, of_subjects
from netprobe.aws.operations import Operation
from netprobe.aws.reader import Reader

FIREWALL_LISTS = Operation(
    "route53resolver",
    "ListFirewallDomainLists",
    "FirewallDomainLists",
    "names that DNS Firewall looks for",
)
"""Read only to tell AWS's own lists, which nobody may open, from lists that were refused."""

_AUTODEFINED = "rslvr-autodefined-"
"""Rules that every VPC has: what nothing else decides is asked of the internet."""


def read_names(reader: Reader, vpc_ids: Iterable[str], account: str | None) -> None:
    """Read the zones, rules and firewall groups that were found associated with these VPCs."""
    mine = frozenset(vpc_ids)
    rules = any(
        item.get("VPCId") in mine and not str(item.get("ResolverRuleId")).startswith(_AUTODEFINED)
        for item in reader.items(operations.RESOLVER_ASSOCIATIONS)
    )
    groups = _distinct(
        str(item["FirewallRuleGroupId"])
        for item in reader.items(operations.FIREWALL_ASSOCIATIONS)
        if item.get("VpcId") in mine and item.get("FirewallRuleGroupId")
    )
    reader.read(*([Call(operations.RESOLVER_RULES)] if rules else []))
    reader.none_of(operations.RESOLVER_RULES)
    reader.read_each(
        of_subjects(operations.RECORDS, _own_zones(reader, account)),
        of_subjects(operations.FIREWALL_RULES, groups),
    )
    _read_domains(reader)


def _own_zones(reader: Reader, account: str | None) -> list[str]:
    """Return the ids of this account's zones; only its owner may list what a zone holds.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZoneOwner.html
    """
    return _distinct(
        str(item["HostedZoneId"])
        for item in reader.items(operations.HOSTED_ZONES)
        if _is_own(item.get("Owner") or {}, account)
    )


def _is_own(owner: Json, account: str | None) -> bool:
    if owner.get("OwningService"):
        return False
    return account is None or owner.get("OwningAccount") in {None, account}


def _read_domains(reader: Reader) -> None:
    """Read the domain lists in use, except AWS's own.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-managed-domain-lists.html
    """
    lists = _distinct(
        str(item["FirewallDomainListId"])
        for item in reader.items(operations.FIREWALL_RULES)
        if item.get("FirewallDomainListId")
    )
    reader.read(*([Call(FIREWALL_LISTS)] if lists else []))
    managed = {
        item.get("Id") for item in reader.items(FIREWALL_LISTS) if item.get("ManagedOwnerName")
    }
    readable = [item for item in lists if item not in managed]
    reader.read_each(of_subjects(operations.FIREWALL_DOMAINS, readable))


def _distinct(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
