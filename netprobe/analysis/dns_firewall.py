"""What Route 53 Resolver DNS Firewall does to a question.

"How DNS Firewall works": https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html
"FirewallRule": https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_FirewallRule.html
"""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.analysis.questions import Question
from netprobe.model.names import FirewallRule

READ_ASSOCIATIONS = "route53resolver:ListFirewallRuleGroupAssociations"
READ_FIREWALL_RULES = "route53resolver:ListFirewallRules"
READ_DOMAINS = "route53resolver:ListFirewallDomains"

_BLOCK = "BLOCK"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallVerdict:
    """What the VPC's rules do to one question."""

    rule: FirewallRule | None = None
    """The first rule that is known to match."""
    blocks: bool = False
    doubt: str = ""
    """Why the rules that were read do not tell."""
    unread: tuple[str, ...] = ()


def judge_question(question: Question) -> FirewallVerdict:
    """Return what DNS Firewall does: the first rule by priority that matches decides.

    A list that cannot be read, as AWS's own ones, leaves open what no earlier rule decides, unless
    what comes later does the same. A rule for one type of query leaves the others alone.
    """
    unread = question.gaps(READ_ASSOCIATIONS, READ_FIREWALL_RULES)
    possible: list[FirewallRule] = []
    decider = None
    for rule in _rules(question):
        if rule.query_type not in {None, question.record}:
            continue
        if rule.domains is None:
            possible.append(rule)
        elif any(_matches(domain, question.host) for domain in rule.domains):
            decider = rule
            break
    blocks = decider is not None and decider.action == _BLOCK
    open_ones = [rule for rule in possible if (rule.action == _BLOCK) is not blocks]
    if open_ones:
        unread = (*unread, *question.gaps(READ_DOMAINS))
    groups = ", ".join(dict.fromkeys(rule.rule_group_id for rule in open_ones))
    return FirewallVerdict(
        rule=decider,
        blocks=blocks,
        doubt=f"DNS Firewall ({groups}) has domain lists that cannot be read" if groups else "",
        unread=unread,
    )


def _rules(question: Question) -> list[FirewallRule]:
    if question.trusted:
        return []
    rules = [i for i in question.snapshot.firewall_rules if i.vpc_id == question.vpc.vpc_id]
    return sorted(rules, key=lambda rule: rule.priority)


def _matches(domain: str, host: str) -> bool:
    """Tell whether an entry of a domain list matches; ``*`` in front is any beginning.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_UpdateFirewallDomains.html
    """
    return host.endswith(domain[1:]) if domain.startswith("*") else host == domain
