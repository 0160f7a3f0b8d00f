"""Who answers a question that reached the Amazon resolver: the most specific of all it knows.

"How Resolver determines whether the domain name in a query matches any rules":
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-domain-name-matches.html
"Private hosted zones": https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.analysis.endpoints import READ_ENDPOINTS
from netprobe.analysis.instance_names import instance_domain
from netprobe.analysis.private_dns import private_answer
from netprobe.analysis.questions import Question, depth, within
from netprobe.analysis.resolvers import READ_ATTRIBUTE
from netprobe.model.names import HostedZone, ResolverRule
from netprobe.model.resources import VpcEndpoint
from netprobe.model.service_names import service_of_host

READ_ZONES = "route53:ListHostedZonesByVPC"
READ_RULES = "route53resolver:ListResolverRules"
READ_RULE_ASSOCIATIONS = "route53resolver:ListResolverRuleAssociations"

_STAYS = frozenset({"SYSTEM", "RECURSIVE"})
"""Rules that leave a name to the Amazon resolver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who answers; public DNS when nobody is named."""

    rule: ResolverRule | None = None
    """A rule that forwards the question."""
    zone: HostedZone | None = None
    endpoint: VpcEndpoint | None = None
    """An interface endpoint whose private DNS answers."""
    unread: tuple[str, ...] = ()
    """Calls without which somebody else might answer."""
    detail: str = ""
    """Why somebody who would answer does not."""


def find_authority(question: Question) -> Authority:
    """Return who answers: rules, private zones and private DNS compete by their domain's length.

    On equal names a rule that forwards beats the private zone; a system rule takes its domain back
    from a less specific rule. Zones and private DNS need both DNS attributes of the VPC:
    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    rule = _rule(question)
    zone, (endpoint, endpoint_domain) = _zone(question), _endpoint(question)
    local = max(
        depth(zone.name) if zone else 0,
        depth(endpoint_domain),
        depth(instance_domain(question.host, question.region)),
    )
    if rule is not None and (rule.rule_type in _STAYS or depth(rule.domain_name) < local):
        rule = None
    unread = _unread(question, rule, zone, endpoint_domain)
    if rule is not None:
        return Authority(rule=rule, unread=unread)
    if zone is None and endpoint is None:
        return Authority(unread=unread)
    hostnames = question.vpc.enable_dns_hostnames
    if hostnames is None:
        return Authority(unread=(*unread, READ_ATTRIBUTE))
    if not hostnames:
        return Authority(unread=unread, detail=_switched_off(question, zone, endpoint))
    # A zone of the very domain of private DNS is the endpoint's own, which AWS may list as well.
    if zone is not None and depth(zone.name) > depth(endpoint_domain):
        return Authority(zone=zone, unread=unread)
    return Authority(endpoint=endpoint, unread=unread)


def _rule(question: Question) -> ResolverRule | None:
    """Return the most specific rule of the VPC; those that delegate belong to a zone's records."""
    matching = (
        item
        for item in question.snapshot.resolver_rules
        if question.vpc.vpc_id in item.vpc_ids
        and item.rule_type != "DELEGATE"
        and within(question.host, item.domain_name)
    )
    return max(matching, key=lambda item: depth(item.domain_name), default=None)


def _zone(question: Question) -> HostedZone | None:
    """Return the most specific private zone that is associated with the VPC."""
    matching = (
        item
        for item in question.snapshot.hosted_zones
        if question.vpc.vpc_id in item.vpc_ids and within(question.host, item.name)
    )
    return max(matching, key=lambda item: depth(item.name), default=None)


def _endpoint(question: Question) -> tuple[VpcEndpoint | None, str]:
    """Return the endpoint whose private DNS has the name, and the domain of its hidden zone."""
    found = private_answer(question.snapshot, question.vpc.vpc_id, question.host)
    return found or (None, "")


def _unread(
    question: Question, rule: ResolverRule | None, zone: HostedZone | None, endpoint_domain: str
) -> tuple[str, ...]:
    """Return the calls that could still name somebody more specific.

    Nothing is more specific than the name itself, and no private zone can have the very domain of
    an endpoint's private DNS: AWS refuses the second of the two as a conflicting domain.
    """
    longest = depth(question.host)
    missing = question.gaps(READ_RULES, READ_RULE_ASSOCIATIONS)
    if rule is not None and depth(rule.domain_name) == longest:
        return missing
    if question.host != endpoint_domain:
        missing = (*missing, *question.gaps(READ_ZONES))
    if zone is not None and depth(zone.name) == longest:
        return missing
    if service_of_host(question.host, question.region) is not None:
        missing = (*missing, *question.gaps(READ_ENDPOINTS))
    return missing


def _switched_off(
    question: Question, zone: HostedZone | None, endpoint: VpcEndpoint | None
) -> str:
    if endpoint is not None:
        who = f"the private DNS of {endpoint.vpc_endpoint_id}"
    else:
        who = f"the private hosted zone {zone.hosted_zone_id if zone else ''}"
    return f"enableDnsHostnames of {question.vpc.vpc_id} is off, so {who} does not answer"
