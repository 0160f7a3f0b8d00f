"""Reading what decides about names: only what is there, and of that only what may be read."""

from __future__ import annotations

from botocore.exceptions import ClientError

from netprobe.aws.describe import read_vpc
from netprobe.aws.raw import RawSnapshot
from netprobe.workflows.capabilities import Asked
from tests.canned import CannedAccount
from tests.canned_vpcs import PEER, VPC, account_of, joined_account

NOTHING = Asked(hosts=(), stages_of=())
PER_THING = {
    "route53:ListResourceRecordSets",
    "route53resolver:ListResolverRules",
    "route53resolver:ListFirewallRules",
    "route53resolver:ListFirewallDomainLists",
    "route53resolver:ListFirewallDomains",
}
REFUSED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "List")


def read(account: CannedAccount) -> RawSnapshot:
    return read_vpc(account.session(), VPC, NOTHING)


def test_vpc_without_zones_rules_and_firewall_costs_three_calls() -> None:
    """They tell that there is nothing more to ask."""
    account = account_of(VPC)
    raw = read(account)

    assert not PER_THING & set(account.calls)
    assert len([call for call in account.calls if call.startswith("route53")]) == 3
    assert raw.gaps == ()


def test_rules_every_vpc_has_are_no_reason_to_ask() -> None:
    """AWS associates each VPC with the rule for the internet by itself."""
    account = account_of(VPC)
    account.answers["route53resolver:ListResolverRuleAssociations"] = [
        {"VPCId": VPC, "ResolverRuleId": "rslvr-autodefined-rr-internet-resolver"}
    ]
    read(account)

    assert "route53resolver:ListResolverRules" not in account.calls


def test_rules_and_firewalls_of_other_vpcs_are_no_reason_to_ask() -> None:
    """They do not decide about names here."""
    account = joined_account()
    account.answers["route53resolver:ListResolverRuleAssociations"][0]["VPCId"] = PEER
    account.answers["route53resolver:ListFirewallRuleGroupAssociations"][0]["VpcId"] = PEER
    read(account)

    assert PER_THING & set(account.calls) == {"route53:ListResourceRecordSets"}


def test_only_zones_of_the_account_are_opened() -> None:
    """A service's own zones and those of other accounts tell nobody what they hold."""
    account = joined_account()
    raw = read(account)

    opened = [item["HostedZoneId"] for item in raw.answers["ListResourceRecordSets"]]
    assert opened == ["Z1"]
    assert raw.gaps == ()


def test_lists_that_aws_manages_are_not_opened() -> None:
    """Nobody may read them, so that is no missing permission."""
    account = joined_account()
    raw = read(account)

    opened = [item["FirewallDomainListId"] for item in raw.answers["ListFirewallDomains"]]
    assert opened == ["rslvr-fdl-1"]
    assert raw.gaps == ()


def test_without_permissions_for_names_the_rest_is_read() -> None:
    """Each refused call is a gap of its own."""
    account = joined_account()
    for call in (
        "route53:ListHostedZonesByVPC",
        "route53resolver:ListResolverRuleAssociations",
        "route53resolver:ListFirewallRuleGroupAssociations",
    ):
        account.answers[call] = REFUSED
    raw = read(account)

    assert sorted((gap.call, gap.iam_action) for gap in raw.gaps) == [
        ("route53:ListHostedZonesByVPC", "route53:ListHostedZonesByVPC"),
        (
            "route53resolver:ListFirewallRuleGroupAssociations",
            "route53resolver:ListFirewallRuleGroupAssociations",
        ),
        (
            "route53resolver:ListResolverRuleAssociations",
            "route53resolver:ListResolverRuleAssociations",
        ),
    ]
    assert len(raw.answers["DescribeSubnets"]["Subnets"]) == 3
    assert not PER_THING & set(account.calls)
