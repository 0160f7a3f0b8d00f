"""Private zones, resolver rules and DNS Firewall, put together from several answers each."""

from __future__ import annotations

from collections.abc import Collection

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import Answers
from netprobe.aws.convert_names import (
    convert_firewall_rules,
    convert_hosted_zone,
    convert_record,
    convert_resolver_rule,
    stands,
)
from netprobe.aws.reading import (
    UNREADABLE,
    Json,
    as_object,
    bare_name,
    bare_zone,
    is_set,
    part,
    parts,
    text,
)
from netprobe.model.names import FirewallRule, HostedZone, ResolverRule


def convert_hosted_zones(answers: Answers, vpc_ids: Collection[str]) -> tuple[HostedZone, ...]:
    """Return the private zones with their VPCs and records."""
    found = answers.per_subject(ops.RECORDS, read=lambda items: [*map(convert_record, items)])
    records = {bare_zone(zone_id): items for zone_id, items in found.items()}
    zones: dict[str, Json] = {}
    vpcs: dict[str, set[str]] = {}
    for vpc_id, items in answers.per_subject(ops.HOSTED_ZONES, vpc_ids, each=True).items():
        for item in items:
            try:
                zone_id = bare_zone(text(item, "HostedZoneId"))
                zones.setdefault(zone_id, item)
                vpcs.setdefault(zone_id, set()).add(vpc_id)
            except UNREADABLE as error:
                answers.fail(ops.HOSTED_ZONES, error)
    for answer in answers.pieces(ops.HOSTED_ZONE):
        try:
            _add_zone(answer, zones, vpcs)
        except UNREADABLE as error:
            answers.fail(ops.HOSTED_ZONE, error)
    answers.want(ops.RECORDS, zones)
    return _made_zones(answers, zones, vpcs, records)


def _add_zone(answer: Json, zones: dict[str, Json], vpcs: dict[str, set[str]]) -> None:
    """Add the zone of a GetHostedZone answer, when it is a private one."""
    zone = as_object(answer["HostedZone"], "HostedZone")
    if not is_set(part(zone, "Config"), "PrivateZone"):
        return
    zone_id = bare_zone(text(zone, "Id"))
    found = {text(vpc, "VPCId") for vpc in parts(answer, "VPCs")}
    zones.setdefault(zone_id, {"HostedZoneId": zone_id, "Name": text(zone, "Name")})
    vpcs.setdefault(zone_id, set()).update(found)


def _made_zones(
    answers: Answers,
    zones: dict[str, Json],
    vpcs: dict[str, set[str]],
    records: dict[str, list[Json]],
) -> tuple[HostedZone, ...]:
    made: list[HostedZone] = []
    for zone_id, item in zones.items():
        try:
            made.append(convert_hosted_zone(item, frozenset(vpcs[zone_id]), records.get(zone_id)))
        except UNREADABLE as error:
            answers.fail(ops.HOSTED_ZONES, error)
    return tuple(made)


def convert_resolver_rules(answers: Answers) -> tuple[ResolverRule, ...]:
    """Return the resolver rules, each with the VPCs it is associated with."""
    associations = answers.each(
        ops.RESOLVER_ASSOCIATIONS,
        lambda item: (text(item, "ResolverRuleId"), text(item, "VPCId")),
        stands,
    )
    vpcs: dict[str, frozenset[str]] = {}
    for rule_id, vpc_id in associations:
        vpcs[rule_id] = vpcs.get(rule_id, frozenset()) | {vpc_id}
    return answers.each(ops.RESOLVER_RULES, lambda item: convert_resolver_rule(item, vpcs))


def convert_firewall(answers: Answers) -> tuple[FirewallRule, ...]:
    """Return the rules of DNS Firewall as the VPCs meet them."""
    associations = answers.each(
        ops.FIREWALL_ASSOCIATIONS,
        lambda item: item | {"FirewallRuleGroupId": text(item, "FirewallRuleGroupId")},
        stands,
    )
    groups = [item["FirewallRuleGroupId"] for item in associations]
    rules = answers.per_subject(ops.FIREWALL_RULES, groups)
    unread = [item for item in associations if item["FirewallRuleGroupId"] not in rules]
    if unread:
        answers.miss(ops.FIREWALL_RULES, [str(item.get("VpcId")) for item in unread])
    wanted = [i["FirewallDomainListId"] for items in rules.values() for i in items
              if isinstance(i.get("FirewallDomainListId"), str)]  # fmt: skip
    domains = _domains(answers, wanted)
    made: list[FirewallRule] = []
    for item in associations:
        try:
            made.extend(
                convert_firewall_rules(item, rules.get(item["FirewallRuleGroupId"], []), domains)
            )
        except UNREADABLE as error:
            answers.fail(ops.FIREWALL_RULES, error)
    return tuple(made)


def _domains(answers: Answers, wanted: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of each list that was read; AWS's own lists cannot be."""
    found: dict[str, tuple[str, ...]] = {}
    for answer in answers.pieces(ops.FIREWALL_DOMAINS):
        try:
            listed = answer[ops.FIREWALL_DOMAINS.key]
            names = tuple(bare_name(text({"name": name}, "name")) for name in listed)
            list_id = text(answer, ops.FIREWALL_DOMAINS.subject)
        except UNREADABLE as error:
            answers.fail(ops.FIREWALL_DOMAINS, error)
        else:
            found[list_id] = (*found.get(list_id, ()), *names)
    answers.want(ops.FIREWALL_DOMAINS, wanted)
    return found
