"""What the VPC's resolver should answer for a name, and why.

The order of things: the option set says who is asked (``resolvers``); the Amazon resolver puts a
question through DNS Firewall (``dns_firewall``), finds the most specific of its rules, private
zones and private DNS (``authorities``), else asks public DNS (``public_names``), and follows the
records that lead on. What the probe saw comes last: it fills in what configuration does not tell.

"DNS attributes for your VPC": https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"Private DNS": https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

from dataclasses import replace

from netprobe.analysis.api_names import expected_anywhere, find_api
from netprobe.analysis.authorities import Authority, find_authority
from netprobe.analysis.dns_firewall import judge_question
from netprobe.analysis.endpoint_names import answer_endpoint
from netprobe.analysis.hosted_zones import ZoneAnswer, look_up
from netprobe.analysis.public_names import answer_publicly
from netprobe.analysis.questions import MOST_HOPS, Question, within
from netprobe.analysis.resolvers import READ_ATTRIBUTE, choose_resolver
from netprobe.model.addresses import Address, Family, family_of, parse_address
from netprobe.model.names import FirewallRule, HostedZone, ResolverRule
from netprobe.model.resources import Vpc
from netprobe.model.service_names import normalise_host
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Resolution

__all__ = ["READ_ATTRIBUTE", "READ_VPCS", "find_api", "read_literal", "resolve"]

READ_VPCS = "ec2:DescribeVpcs"
READ_RECORDS = "route53:ListResourceRecordSets"


def resolve(  # noqa: PLR0913 # the facts of a question; a value for them would only be unpacked here
    snapshot: Snapshot,
    vpc_id: str,
    name: str,
    family: Family,
    observed: tuple[Address, ...] = (),
    *,
    answered: bool = False,
) -> Resolution:
    """Return what a name should resolve to in one family inside a VPC.

    ``observed`` is what the probe's resolver answered; it fills in what configuration cannot know
    (public addresses, custom resolvers, what calls that failed would have told) and never
    overrides what it does know. ``answered`` says that the probe's resolver did answer, so that
    no address in ``observed`` means that there is no record.
    """
    literal = read_literal(name)
    if literal is not None:
        exists = family_of(literal) is family
        addresses = (literal,) if exists else ()
        return Resolution(
            name=name, family=family, addresses=addresses, exists=exists, origin="literal"
        )
    vpc = snapshot.vpc(vpc_id)
    if vpc is None:
        expected = Resolution(name=name, family=family, unread=(READ_VPCS,))
    else:
        host = normalise_host(name)
        question = Question(snapshot=snapshot, vpc=vpc, name=name, host=host, family=family)
        expected = _ask_resolver(question, vpc)
    seen = tuple(item for item in observed if family_of(item) is family)
    return _believe(expected, seen, answered=answered)


def read_literal(name: str) -> Address | None:
    """Return the address a text is, in brackets or not, None when it is a name."""
    try:
        return parse_address(name.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _believe(expected: Resolution, seen: tuple[Address, ...], *, answered: bool) -> Resolution:
    """Return the answer with what the probe saw, where configuration does not tell."""
    if not seen:
        if answered and not expected.is_certain:
            return _settled(expected, (), exists=False)
        return expected
    if expected.exists is False and expected.is_certain:
        return expected
    listed = tuple(item for item in seen if item in expected.addresses)
    if listed or (expected.endpoint_id and expected.exists and not expected.addresses):
        # Seen where configuration expects it, or at an endpoint with interfaces nobody listed.
        return replace(
            expected,
            addresses=listed or seen,
            exists=True,
            expected=None,
            unread=(),
            undecided="",
            assumed=False,
        )
    if expected.addresses and expected.is_certain and not expected.assumed:
        return expected
    return _settled(expected, seen, exists=True)


def _settled(expected: Resolution, seen: tuple[Address, ...], *, exists: bool) -> Resolution:
    """Return what the probe's resolver answered, in the place of what was expected."""
    return replace(
        expected,
        addresses=seen,
        exists=exists,
        expected=None,
        origin="observed",
        endpoint_id=None,
        captured=False,
        assumed=False,
        nxdomain=False,
        unread=(),
        undecided="",
    )


def _ask_resolver(question: Question, vpc: Vpc) -> Resolution:
    """Return the answer of whichever resolver the VPC's option set names."""
    choice = choose_resolver(question.snapshot, vpc)
    if choice.unread:
        return replace(question.blank, unread=choice.unread)
    if not choice.amazon:
        servers = ", ".join(choice.servers)
        doubt = f"names go to {servers}, whose answers the configuration does not show"
        return replace(
            question.blank, detail=doubt, undecided=doubt, expected=expected_anywhere(question)
        )
    if not choice.enabled:
        detail = f"enableDnsSupport of {vpc.vpc_id} is off, so nothing answers"
        return replace(question.blank, origin="none", exists=False, detail=detail)
    return _ask_amazon(question)


def _ask_amazon(question: Question) -> Resolution:
    """Return the Amazon resolver's answer."""
    if len(question.chain) > MOST_HOPS:
        detail = f"the records of {question.name} lead on and on"
        return replace(question.blank, exists=False, detail=detail)
    verdict = judge_question(question)
    if verdict.blocks and verdict.rule is not None:
        blocked = _blocked(question, verdict.rule)
        return _qualify(blocked, verdict.unread, verdict.doubt, "")
    if verdict.rule is not None and verdict.rule.trusts_redirection:
        question = replace(question, trusted=True)
    authority = find_authority(question)
    answer = _ask_authority(question, authority)
    unread = (*verdict.unread, *authority.unread)
    return _qualify(answer, unread, verdict.doubt, authority.detail)


def _qualify(answer: Resolution, unread: tuple[str, ...], doubt: str, detail: str) -> Resolution:
    """Return an answer with what keeps it from being certain."""
    calls = tuple(dict.fromkeys((*unread, *answer.unread)))
    certain = not unread and not doubt
    return replace(
        answer,
        exists=answer.exists if certain else None,
        expected=answer.expected if certain else answer.exists,
        unread=calls,
        undecided=answer.undecided or doubt,
        detail=detail or answer.detail,
    )


def _blocked(question: Question, rule: FirewallRule) -> Resolution:
    """Return what a rule that blocks answers in the place of the name's own records."""
    detail = f"DNS Firewall ({rule.rule_group_id}) blocks {question.host}"
    blocked = replace(
        question.blank,
        origin="dns-firewall",
        authority_id=rule.rule_group_id or None,
        detail=f"{detail}: {rule.block_response or 'no answer'}",
    )
    if rule.block_response == "OVERRIDE":
        other = rule.override_domain or "another name"
        return replace(blocked, undecided=f"{detail} and answers with {other}")
    return replace(blocked, exists=False, nxdomain=rule.block_response == "NXDOMAIN")


def _ask_authority(question: Question, authority: Authority) -> Resolution:
    if authority.rule is not None:
        return _forwarded(question, authority.rule)
    if authority.zone is not None:
        return _ask_zone(question, authority.zone)
    if authority.endpoint is not None:
        return answer_endpoint(question, authority.endpoint, private=True)
    return answer_publicly(question)


def _forwarded(question: Question, rule: ResolverRule) -> Resolution:
    """Return the answer of a name that a rule sends to other servers: nobody here knows it.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-using-rules.html
    """
    targets = ", ".join(str(item) for item in rule.target_addresses) or "other servers"
    doubt = f"{rule.resolver_rule_id} ({rule.domain_name or '.'}) forwards it to {targets}"
    return replace(
        question.blank,
        origin="forwarded",
        authority_id=rule.resolver_rule_id,
        detail=doubt,
        undecided=doubt,
        expected=expected_anywhere(question),
    )


def _ask_zone(question: Question, zone: HostedZone) -> Resolution:
    """Return a private zone's answer, the records that lead on followed."""
    who = f"the private hosted zone {zone.hosted_zone_id} ({zone.name})"
    if not zone.records_read:
        return replace(
            question.blank,
            origin="private-zone",
            authority_id=zone.hosted_zone_id,
            unread=(READ_RECORDS,),
            detail=f"{who} answers",
        )
    found = look_up(zone, question.host, question.record)
    if found.leads_to is not None:
        return _follow(question, zone, found, who)
    exists = bool(found.addresses) if not found.doubt else None
    missing = "no such name" if found.nxdomain else f"no {question.record} record"
    return replace(
        question.blank,
        origin="private-zone",
        authority_id=zone.hosted_zone_id,
        addresses=found.addresses,
        exists=exists,
        nxdomain=found.nxdomain,
        undecided=found.doubt,
        detail=f"{who} answers: {found.record or missing}",
    )


def _follow(question: Question, zone: HostedZone, found: ZoneAnswer, who: str) -> Resolution:
    """Return where a record leads: a CNAME starts over, an alias is looked up by Route 53 itself.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
    """
    further = question.follow(found.leads_to or "")
    if not found.alias or len(question.chain) > MOST_HOPS:
        answer = _ask_amazon(further)
    elif within(further.host, zone.name):
        answer = _ask_zone(further, zone)
    else:
        answer = answer_publicly(further)
    led = f"{who} answers: {found.record}"
    return replace(
        answer,
        origin="private-zone" if answer.origin == "public" else answer.origin,
        authority_id=answer.authority_id or zone.hosted_zone_id,
        undecided=answer.undecided or found.doubt,
        exists=None if found.doubt else answer.exists,
        detail=f"{led}; {answer.detail}" if answer.detail else led,
    )
