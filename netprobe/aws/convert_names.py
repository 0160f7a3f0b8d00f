"""AWS's JSON of what decides about names as values: zones, resolver rules, DNS Firewall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netprobe.aws.reading import (
    Json,
    bare_name,
    bare_zone,
    each_text,
    maybe_text,
    number,
    part,
    parts,
    stated_parts,
    text,
    wrong,
)
from netprobe.model.addresses import Address, parse_address
from netprobe.model.names import (
    DhcpOptions,
    FirewallRule,
    HostedZone,
    ResolverRule,
    ResourceRecord,
)

_ROUTED_BY = (
    "Weight",
    "Region",
    "GeoLocation",
    "GeoProximityLocation",
    "Failover",
    "MultiValueAnswer",
    "CidrRoutingConfig",
    "TrafficPolicyInstanceId",
    "AZAffinity",
)
"""Fields of record sets whose answer depends on who asks, when, or what is healthy."""

_STANDING = frozenset({"COMPLETE", "UPDATING"})


def convert_dhcp_options(item: Json) -> DhcpOptions:
    """Return a DHCP option set."""
    servers = [
        text(value, "Value")
        for configuration in stated_parts(item, "DhcpConfigurations")
        if text(configuration, "Key") == "domain-name-servers"
        for value in stated_parts(configuration, "Values")
    ]
    return DhcpOptions(
        dhcp_options_id=text(item, "DhcpOptionsId"), domain_name_servers=tuple(servers)
    )


def convert_hosted_zone(
    summary: Json, vpc_ids: frozenset[str], records: list[Json] | None
) -> HostedZone:
    """Return a private hosted zone of ListHostedZonesByVPC or GetHostedZone."""
    return HostedZone(
        hosted_zone_id=bare_zone(text(summary, "HostedZoneId")),
        name=_domain(text(summary, "Name")),
        vpc_ids=vpc_ids,
        records=tuple(convert_record(record) for record in records or ()),
        records_read=records is not None,
    )


def _domain(written: str) -> str:
    r"""Return a name as it is compared; Route 53 writes ``*`` as ``\052``.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
    """
    return bare_name(written.replace("\\052", "*"))


def convert_record(item: Json) -> ResourceRecord:
    """Return a record set of ListResourceRecordSets."""
    alias = part(item, "AliasTarget")
    values = each_text(parts(item, "ResourceRecords"), "Value")
    if not alias and not values and "TrafficPolicyInstanceId" not in item:
        raise wrong("ResourceRecords", item.get("ResourceRecords"))
    return ResourceRecord(
        name=_domain(text(item, "Name")),
        type=text(item, "Type"),
        values=values,
        alias_target=_domain(text(alias, "DNSName")) if alias else None,
        decided=not any(item.get(key) is not None for key in _ROUTED_BY),
    )


def convert_resolver_rule(item: Json, vpc_ids: Mapping[str, frozenset[str]]) -> ResolverRule:
    """Return a rule of ListResolverRules with the VPCs that follow it."""
    rule_id = text(item, "Id")
    return ResolverRule(
        resolver_rule_id=rule_id,
        domain_name=bare_name(maybe_text(item, "DomainName") or ""),
        rule_type=text(item, "RuleType"),
        target_addresses=tuple(_targets(item)),
        vpc_ids=vpc_ids.get(rule_id, frozenset()),
    )


def _targets(item: Json) -> Iterator[Address]:
    for target in parts(item, "TargetIps"):
        yield parse_address(maybe_text(target, "Ip") or text(target, "Ipv6"))


def stands(association: Json) -> bool:
    """Tell whether an association of the resolver is in force."""
    return (maybe_text(association, "Status") or "COMPLETE") in _STANDING


def convert_firewall_rules(
    association: Json, rules: list[Json], domains: Mapping[str, tuple[str, ...]]
) -> Iterator[FirewallRule]:
    """Yield a VPC's rules of one associated group; ``domains`` are those of the lists read.

    What a rule of DNS Firewall Advanced looks for is in no list, so it is not known either.
    """
    for item in rules:
        override = maybe_text(item, "BlockOverrideDomain")
        yield FirewallRule(
            vpc_id=text(association, "VpcId"),
            priority=(number(association, "Priority"), number(item, "Priority")),
            action=text(item, "Action"),
            domains=domains.get(maybe_text(item, "FirewallDomainListId") or ""),
            block_response=maybe_text(item, "BlockResponse"),
            query_type=maybe_text(item, "Qtype"),
            rule_group_id=text(association, "FirewallRuleGroupId"),
            override_domain=bare_name(override) if override else None,
            trusts_redirection=maybe_text(item, "FirewallDomainRedirectionAction")
            == "TRUST_REDIRECTION_DOMAIN",
        )
