"""Which of the egress faults a flow is that no rule of the source's groups lets out."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from netprobe.diagnosis.arns import api_behind
from netprobe.diagnosis.case import Case, Hit
from netprobe.diagnosis.names import zone_answering
from netprobe.diagnosis.ways import gateway_endpoint_on
from netprobe.model.addresses import Family, Network, contains, covers, family_of, is_private
from netprobe.model.finding import Evidence
from netprobe.model.resources import SecurityGroupRule, Vpc
from netprobe.model.service_names import service_of_host
from netprobe.model.trace import Reason


class EgressGap(Enum):
    """What the rules that admit the port have in common; a flow has exactly one."""

    NO_IPV4 = auto()
    """None of them is for IPv4."""
    NO_IPV6 = auto()
    """Everything over IPv4, or nothing at all, and nothing over IPv6."""
    INSIDE_ONLY = auto()
    """They are for the VPC and for groups, and the target is public."""
    PREFIX_LIST = auto()
    """They are for other things than the prefixes that a gateway endpoint serves."""
    OTHER = auto()


KEEPS_INSIDE = frozenset(
    {
        *("central-endpoint-zone-not-associated", "dhcp-dns-unaware", "gateway-endpoint-absent"),
        *("endpoint-private-dns-disabled", "gateway-endpoint-not-in-table"),
        *("private-zone-shadow", "resolver-rule-hijack", "service-endpoint-absent"),
        *("stale-central-zone-association", "vpc-dns-support-off"),
        *("private-api-name-unresolvable",),
    }
)
"""Names of faults but for which the call of a service would stay inside."""

_OF_THE_RESOLVER = frozenset({"vpc-dns-support-off"})
"""Of these, what keeps a call inside only where the VPC's own resolver would lead it there."""
_WHATEVER_THE_TARGET = frozenset({EgressGap.NO_IPV4, EgressGap.NO_IPV6})


def egress_hits(case: Case, gap: EgressGap) -> Iterator[Hit]:
    """Yield the flows that the source's groups do not let out for this reason.

    A group that keeps one call inside is not called by another name for a second one.
    """
    found = [(hit, classify(case, hit)) for hit in case.hits(Reason.EGRESS_NOT_ALLOWED)]
    inside = {hit.blocker.resource_id for hit, its in found if its is EgressGap.INSIDE_ONLY}
    for hit, its in found:
        also = hit.blocker.resource_id in inside and _all_inside(case, hit)
        called = EgressGap.INSIDE_ONLY if its is EgressGap.OTHER and also else its
        if called is gap and (gap in _WHATEVER_THE_TARGET or _has_address(hit)):
            yield hit


def _all_inside(case: Case, hit: Hit) -> bool:
    return all(_is_inside(case, hit, rule) for rule in admitting_rules(case, hit))


def classify(case: Case, hit: Hit) -> EgressGap:
    """Return what keeps a flow in."""
    rules = admitting_rules(case, hit)
    ipv6 = hit.path.key.family is Family.IPV6
    if rules and gateway_endpoint_on(case, hit.path) is not None:
        return EgressGap.PREFIX_LIST
    if rules and _is_for_public(case, hit) and _all_inside(case, hit):
        return EgressGap.INSIDE_ONLY
    if ipv6 and (not rules or any(_is_everything(rule, Family.IPV4) for rule in rules)):
        known = any(_is_of(case, rule, Family.IPV6) for rule in rules)
        return EgressGap.OTHER if known else EgressGap.NO_IPV6
    if not ipv6 and not any(_is_of(case, rule, Family.IPV4) for rule in rules):
        return EgressGap.NO_IPV4
    return EgressGap.OTHER


def admitting_rules(case: Case, hit: Hit) -> tuple[SecurityGroupRule, ...]:
    """Return the egress rules of the source's groups that admit the port to somewhere."""
    groups = map(case.snapshot.security_group, case.source(hit.path).security_group_ids)
    flow = hit.path.trace.flow if hit.path.trace else None
    return tuple(
        rule
        for group in groups
        if group is not None and flow is not None
        for rule in group.egress
        if rule.protocol in {None, flow.protocol} and flow.port in rule.ports
    )


def rule_evidence(case: Case, hits: list[Hit]) -> Iterator[Evidence]:
    """Yield what the rules that admit the port lead to, as facts."""
    for hit in hits:
        peers = dict.fromkeys(
            str(rule.cidr or rule.prefix_list_id or rule.group_id)
            for rule in admitting_rules(case, hit)
        )
        if peers:
            says = f"lets the port out to {', '.join(peers)} only"
            yield Evidence(resource_id=hit.blocker.resource_id, says=says)


def moot_beside(case: Case, hits: list[Hit]) -> frozenset[str]:
    """Return the faults beside which this is none: a group open to the inside is meant so."""
    inside = all(
        any(_is_for_endpoint(case, hit, rule) for rule in admitting_rules(case, hit))
        for hit in hits
    )
    if not inside:
        return frozenset()
    named_here = any(_is_named_here(case, hit) for hit in hits)
    return KEEPS_INSIDE if named_here else KEEPS_INSIDE - _OF_THE_RESOLVER


def _is_named_here(case: Case, hit: Hit) -> bool:
    """Tell whether the VPC's resolver may lead a target inside: by an endpoint, or by a zone."""
    target, vpc_id = case.target(hit.path), case.source(hit.path).vpc_id
    api = api_behind(case.snapshot, target)
    if api is not None and not api.is_private:
        return False
    service = service_of_host(target.host, case.snapshot.region)
    return service is not None or zone_answering(case, vpc_id, target.host) is not None


def _is_for_endpoint(case: Case, hit: Hit, rule: SecurityGroupRule) -> bool:
    """Tell whether a rule lets out to where an endpoint would answer for the target.

    A gateway endpoint's services keep their public addresses, so they need their prefix list.
    """
    service = service_of_host(case.target(hit.path).host, case.snapshot.region)
    by_gateway = service in {"s3", "dynamodb"}
    return rule.prefix_list_id is not None if by_gateway else _is_inside(case, hit, rule)


def _has_address(hit: Hit) -> bool:
    """Tell whether the flow is for an address of the target, and not for one that stands for it.

    An endpoint that answers in the other family only has none, and is inside the VPC.
    """
    resolution = hit.path.trace.resolution if hit.path.trace else None
    return resolution is None or resolution.endpoint_id is None or not resolution.lacks_record


def _is_for_public(case: Case, hit: Hit) -> bool:
    """Tell whether a flow is for the internet; IPv6 addresses of a VPC are no private ones."""
    if hit.path.trace is None or is_private(hit.path.trace.flow.destination):
        return False
    blocks = [block for vpc in case.snapshot.vpcs for block in blocks_of(vpc)]
    return not any(contains(block, hit.path.trace.flow.destination) for block in blocks)


def _is_inside(case: Case, hit: Hit, rule: SecurityGroupRule) -> bool:
    """Tell whether a rule is for a group, or for addresses of the VPC."""
    if rule.cidr is None:
        return rule.group_id is not None
    vpc = case.snapshot.vpc(case.source(hit.path).vpc_id)
    blocks = blocks_of(vpc) if vpc else ()
    return _is_private_block(rule.cidr) or any(covers(block, rule.cidr) for block in blocks)


def blocks_of(vpc: Vpc) -> tuple[Network, ...]:
    """Return the blocks of a VPC, of both families."""
    return (*vpc.ipv4_cidrs, *(item.cidr for item in vpc.ipv6_blocks))


def _is_private_block(block: Network) -> bool:
    return is_private(block.network_address) and is_private(block.broadcast_address)


def _is_everything(rule: SecurityGroupRule, family: Family) -> bool:
    return rule.cidr == family.everything


def _is_of(case: Case, rule: SecurityGroupRule, family: Family) -> bool:
    """Tell whether a rule is for some addresses of the family; groups are for both."""
    if rule.cidr is not None:
        return family_of(rule.cidr) is family
    listed = case.snapshot.prefix_list(rule.prefix_list_id or "")
    return listed is None or any(family_of(cidr) is family for cidr in listed.cidrs)
