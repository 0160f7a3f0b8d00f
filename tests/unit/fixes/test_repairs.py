"""Repairs of what is there: offered where they help, as small as can be, silent elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.fixes.apply import apply
from netprobe.fixes.aws_cli import write_aws_cli
from netprobe.fixes.terraform import write_terraform
from netprobe.fixes.ways_out import WaysOut, find_ways_out
from netprobe.model import changes as ch
from netprobe.model.fix import Fix, Way
from netprobe.model.names import HostedZone, ResolverRule, ResourceRecord
from netprobe.model.observation import Outcome
from netprobe.model.resources import BlockMode, BlockPublicAccess
from netprobe.model.workloads import ApiKind
from tests.builders import (
    REGION,
    api,
    dhcp_options,
    endpoint_service,
    entry,
    function,
    interface,
    internet_gateway,
    network,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
    vpc,
)
from tests.interconnect import PEERED, TRANSIT, far_group, joined, near_table
from tests.unit.diagnosis.cases import case_of, changed, seen, service_target, target_of
from tests.unit.diagnosis.hubs import HIDDEN_HUB, INTERNET, cut_in_handshake
from tests.unit.diagnosis.isolated import answered, host_target, serving

SSM = service_target("ssm")
ZONE = HostedZone(
    hosted_zone_id="Z1",
    name=SSM.host,
    vpc_ids=frozenset({"vpc-1"}),
    records=(ResourceRecord(name=SSM.host, type="A", values=("10.99.0.9",)),),
)
FORWARD = ResolverRule(
    resolver_rule_id="rslvr-rr-1",
    domain_name="",
    rule_type="FORWARD",
    vpc_ids=frozenset({"vpc-1"}),
)
KEY = ("subnet-private", SSM.id)
OWN_SERVERS = (
    vpc(dhcp_options_id="dopt-1"),
    dhcp_options("10.0.1.53"),
    interface("eni-dns", "10.0.1.53", group_ids=("sg-dns",)),
    security_group("sg-dns", ingress=(rule("10.0.0.0/16"),)),
)
ISOLATED_WITH_OWN_SERVERS = (
    *changed(route_table(routes=()), gone=("nat-1", "igw-1", "eigw-1")),
    *serving("ssm"),
    *OWN_SERVERS,
    security_group("sg-endpoint", ingress=(rule("10.0.0.0/16"),)),
)
ASK_AMAZON = "give vpc-1 a DHCP option set with AmazonProvidedDNS"


def ways(*resources: Any, **asked: Any) -> WaysOut:
    asked.setdefault("client", "ipv4-only")
    return find_ways_out(case_of(snapshot(*resources), **asked))


def repairs(out: WaysOut) -> list[list[str]]:
    return [made(fix) for fix in out.fixes if fix.way is Way.REPAIR]


def made(fix: Fix) -> list[str]:
    return [str(item) for item in fix.changes]


def test_route_that_leads_nowhere_and_hides_the_default_is_removed() -> None:
    dead = route("198.51.100.0/24", "pcx-9", "blackhole")
    table = route_table(routes=(route("0.0.0.0/0", "nat-1"), dead))
    out = ways(*changed(table), targets=[target_of(id="x", given="x", host="198.51.100.7")])

    assert repairs(out) == [["remove the route 198.51.100.0/24 -> pcx-9 from rtb-private"]]
    assert next(item for item in out.fixes if item.way is Way.REPAIR).also_touches == ()


@pytest.mark.parametrize(
    "routes",
    [
        (route("0.0.0.0/0", "nat-9", "blackhole"),),
        (route("0.0.0.0/0", "nat-1"), route("198.51.100.0/24", "vgw-1", propagated=True)),
    ],
    ids=["no wider route", "propagated, so it would come back"],
)
def test_route_that_nothing_stands_behind_stays(routes: tuple[Any, ...]) -> None:
    out = ways(
        *changed(route_table(routes=routes)),
        targets=[target_of(id="x", given="x", host="198.51.100.7")],
    )

    assert not any("remove the route" in text for fix in out.fixes for text in made(fix))


def test_nat_gateway_without_any_internet_gateway_gets_a_new_one() -> None:
    """A detached one is not among what AWS answers about a VPC."""
    dead = route("0.0.0.0/0", "igw-1", "blackhole")
    out = ways(*changed(route_table("rtb-public", (dead,), ("subnet-public",)), gone=("igw-1",)))

    assert repairs(out) == [
        [
            "create an internet gateway and attach it to vpc-1",
            "point the route 0.0.0.0/0 in rtb-public to new-igw instead",
        ]
    ]


def test_detached_gateway_that_is_known_is_attached_first() -> None:
    out = ways(*changed(internet_gateway("igw-1", None)))

    assert repairs(out) == [["attach igw-1 to vpc-1"]]


def test_api_with_a_record_of_its_own_needs_no_nat64() -> None:
    """The egress-only gateway takes what the NAT gateway that is not there would have to."""
    made_up = subnet("subnet-private", "10.0.1.0/24", "2001:db8:1:1::/64", enable_dns64=True)
    account = changed(
        made_up,
        route_table(routes=(route("::/0", "eigw-1"),)),
        api("abc123", ApiKind.WEBSOCKET, stages=("prod",)),
        gone=("nat-1",),
    )
    observations = {(KEY[0], "api:abc123", "ipv6"): answered(Outcome.TIMEOUT, "64:ff9b::1")}
    out = ways(*account, client="boto3", observations=observations)

    assert made(out.fixes[0]) == ["set the IP address type of API abc123 to dualstack"]
    assert out.fixes[0].proved


def test_block_of_ingress_alone_leaves_an_egress_only_gateway_alone() -> None:
    """It is offered before an exclusion, which lets in what the block was made against."""
    account = changed(
        route_table(routes=(route("::/0", "igw-1"),)),
        BlockPublicAccess(mode=BlockMode.BLOCK_INGRESS),
        gone=("nat-1", "eigw-1"),
    )
    out = ways(*account, client="boto3")

    assert made(out.fixes[0]) == [
        "create an egress-only internet gateway in vpc-1",
        "point the route ::/0 in rtb-private to new-eigw instead",
    ]
    assert any(isinstance(i, ch.ExcludeFromBlock) for fix in out.fixes for i in fix.changes)


def test_way_round_a_silent_hub_of_others_is_offered_with_its_price() -> None:
    """Nothing here blocks; what the hub does with the packets only its owner knows."""
    silent = {(KEY[0], INTERNET.id, "ipv4"): seen(Outcome.TIMEOUT)}
    out = ways(*HIDDEN_HUB, targets=[INTERNET], observations=silent)
    answered_there = {(KEY[0], INTERNET.id, "ipv4"): seen(Outcome.REACHABLE)}

    assert [made(fix) for fix in out.fixes] == [
        ["point the route 0.0.0.0/0 in rtb-private to nat-1 instead"]
    ]
    assert "rtb-private loses 0.0.0.0/0 -> tgw-1" in out.fixes[0].also_touches
    assert ways(*HIDDEN_HUB, targets=[INTERNET], observations=answered_there).fixes == ()


def test_addresses_of_dns64_are_led_to_the_nat_gateway() -> None:
    table = route_table(routes=(route("::/0", "eigw-1"),))
    target = target_of(id="v4", given="https://v4.example.com/", host="64:ff9b::c000:251")
    out = ways(*changed(table), targets=[target], client="ipv6-only")

    assert repairs(out) == [["add the route 64:ff9b::/96 -> nat-1 in rtb-private"]]


def test_private_destination_is_led_to_the_peer_that_has_it() -> None:
    """Its routes are known: another table of the VPC has them."""
    far = target_of(id="db", given="tcp://10.1.1.9:443", host="10.1.1.9")
    account = joined(
        PEERED, near_table(route("0.0.0.0/0", "nat-1")), far_group("10.0.0.0/16"), *changed()
    )
    out = ways(*account, targets=[far])

    assert repairs(out) == [["add the route 10.1.0.0/16 -> pcx-1 in rtb-private"]]


def test_zone_that_an_attachment_lacks_is_added() -> None:
    """By the source's own subnet: an attachment has one subnet a zone."""
    far = target_of(id="db", given="tcp://10.1.1.9:443", host="10.1.1.9")
    other = subnet("subnet-private", availability_zone=f"{REGION}b")
    out = ways(
        *joined(TRANSIT, *changed(), *TRANSIT, other, far_group("10.0.0.0/16")), targets=[far]
    )

    assert repairs(out) == [["add subnet-private to the transit gateway attachment att-near"]]


def test_name_of_a_service_is_taken_back_from_a_rule_that_forwards_everything() -> None:
    observations = {(*KEY, "ipv4"): seen(Outcome.DNS_SERVFAIL)}
    out = ways(*changed(), FORWARD, targets=[SSM], observations=observations)

    assert repairs(out) == [
        [f"have Amazon's resolver answer {SSM.host} in vpc-1 (SYSTEM rule)"],
    ]


def test_name_of_a_company_is_left_to_its_servers() -> None:
    """Nobody else knows what it should lead to."""
    corporate = target_of(id="db", given="https://db.corp.example/", host="db.corp.example")
    observations = {(KEY[0], corporate.id, "ipv4"): seen(Outcome.DNS_SERVFAIL)}
    out = ways(*changed(), FORWARD, targets=[corporate], observations=observations)

    assert out.fixes == ()


def test_stale_zone_of_a_service_is_left() -> None:
    out = ways(*changed(), ZONE, targets=[SSM])

    (fix,) = out.fixes
    assert made(fix) == ["dissociate the private zone Z1 from vpc-1"]
    assert fix.also_touches[:2] == (
        "every name of Z1 leads elsewhere for everything in vpc-1",
        "AWS keeps a zone's last VPC: if Z1 has no other, delete the zone instead",
    )


def test_endpoint_is_no_way_while_a_zone_has_its_name() -> None:
    """AWS refuses its private DNS: a conflicting DNS domain."""
    offered = endpoint_service("ssm", service_types=frozenset({"Interface"}))
    closed = changed(route_table(routes=()), offered, gone=("nat-1",))
    without = ways(*closed, targets=[SSM])
    beside = ways(*closed, ZONE, targets=[SSM])

    assert Way.INTERFACE_ENDPOINT in {fix.way for fix in without.fixes}
    assert not any(
        isinstance(change, ch.CreateInterfaceEndpoint)
        and not any(isinstance(item, ch.LeaveZone) for item in fix.changes)
        for fix in beside.fixes
        for change in fix.changes
    )


@pytest.mark.parametrize("outcome", [Outcome.DNS_NXDOMAIN, Outcome.DNS_SERVFAIL])
def test_route_opens_nothing_where_the_name_has_no_answer(outcome: Outcome) -> None:
    """The address the trace went to only stands for one, and the resolver gave none."""
    observations = {(*KEY, "ipv4"): seen(outcome)}
    out = ways(*changed(route_table(routes=())), targets=[SSM], observations=observations)

    assert not any(fix.way is Way.NAT_GATEWAY for fix in out.fixes)


def test_flag_opens_nothing_where_servers_of_ones_own_do_not_answer() -> None:
    account = changed(
        function(ipv6_allowed=False), vpc(dhcp_options_id="dopt-1"), dhcp_options("192.0.2.53")
    )
    lost = seen(Outcome.DNS_SERVFAIL)
    out = ways(
        *account,
        sources=[source(ipv6_allowed=False)],
        observations={(KEY[0], "api:abc123", family): lost for family in ("ipv4", "ipv6")},
        client="boto3",
    )

    assert all(ASK_AMAZON in made(fix) for fix in out.fixes)
    assert made(out.fixes[0]) == [ASK_AMAZON]


def test_amazon_resolver_is_asked_where_an_endpoint_waits_for_the_call() -> None:
    """The company's servers gave the public address, to which nothing leads."""
    seen_public = {(*KEY, "ipv4"): answered(Outcome.TIMEOUT, "198.51.100.10")}
    out = ways(*ISOLATED_WITH_OWN_SERVERS, targets=[SSM], observations=seen_public)

    assert repairs(out) == [[ASK_AMAZON]]
    assert out.fixes[0].proved
    assert any("only its servers know" in item for item in out.fixes[0].also_touches)


def test_servers_stay_where_another_call_needs_a_name_of_theirs() -> None:
    other = host_target("db.corp.example")
    observations = {
        (*KEY, "ipv4"): answered(Outcome.TIMEOUT, "198.51.100.10"),
        (KEY[0], other.id, "ipv4"): answered(Outcome.REACHABLE, "10.0.1.50"),
    }
    out = ways(*ISOLATED_WITH_OWN_SERVERS, targets=[SSM, other], observations=observations)

    assert repairs(out) == []


def test_servers_stay_where_a_name_of_theirs_is_asked_about_in_vain() -> None:
    """It fails now, and would be nobody's then."""
    other = host_target("db.corp.internal")
    lost = seen(Outcome.DNS_TIMEOUT)
    observations = {(KEY[0], item.id, "ipv4"): lost for item in (SSM, other)}
    shut = (*changed(), *OWN_SERVERS, security_group("sg-dns"))
    alone = ways(*shut, targets=[SSM], observations=observations)
    both = ways(*shut, targets=[SSM, other], observations=observations)

    assert [ASK_AMAZON] in repairs(alone)
    assert repairs(alone)[0] != [ASK_AMAZON]  # the way to the servers takes less
    assert not any(ASK_AMAZON in made(fix) for fix in both.fixes)


def test_questions_by_udp_and_tcp_get_entries_of_their_own() -> None:
    """AWS takes a rule number once for each direction."""
    narrow = network_acl(
        entries=(
            entry(100, "allow", "0.0.0.0/0", egress=True, port="443"),
            entry(100, "allow", "0.0.0.0/0", egress=False, port="443"),
        ),
    )
    servers = (*OWN_SERVERS[:2], interface("eni-dns", "10.0.9.53", subnet_id="subnet-public"))
    out = ways(
        *changed(narrow),
        *servers,
        dhcp_options("10.0.9.53"),
        targets=[SSM],
        observations={(*KEY, "ipv4"): seen(Outcome.DNS_TIMEOUT)},
    )
    numbers = [
        (item.egress, item.rule_number)
        for item in out.fixes[0].changes
        if isinstance(item, ch.AllowInAcl)
    ]

    assert len(numbers) > 1
    assert len(set(numbers)) == len(numbers)


def test_inspection_that_cuts_a_connection_is_gone_round_by_no_family() -> None:
    """The hub takes both, and lets the ClientHello of neither pass."""
    both = route_table(routes=(route("0.0.0.0/0", "tgw-1"), route("::/0", "tgw-1")))
    target = target_of()
    cut = {
        (KEY[0], target.id, item): cut_in_handshake(Outcome.TIMEOUT) for item in ("ipv4", "ipv6")
    }
    out = ways(*HIDDEN_HUB, both, targets=[target], observations=cut, client="boto3")

    assert out.fixes == ()


def test_servers_stay_where_their_answer_is_right() -> None:
    """The route is what lacks, and any resolver's answer leads to it."""
    rest = target_of()
    observations = {(KEY[0], rest.id, "ipv4"): answered(Outcome.TIMEOUT, "198.51.100.10")}
    out = ways(
        *changed(route_table(routes=()), gone=("eigw-1",)),
        *OWN_SERVERS,
        targets=[rest],
        observations=observations,
    )

    assert out.fixes
    assert not any(isinstance(i, ch.UseAmazonDns) for fix in out.fixes for i in fix.changes)


def test_names_become_words_of_both_languages() -> None:
    """Two names of one VPC make two rules, and what is no letter or digit is left out."""
    changes = [
        ch.TakeNameBack(resolver_rule_id="new-rule", domain_name=name, vpc_id="vpc-1")
        for name in ("ssm.us-east-1.amazonaws.com", "kms.us-east-1.amazonaws.com")
    ]
    text = write_terraform(changes)

    assert 'resource "aws_route53_resolver_rule" "system_ssm_us_east_1_amazonaws_com"' in text
    assert "aws_route53_resolver_rule.system_kms_us_east_1_amazonaws_com.id" in text
    assert write_aws_cli(changes[:1], REGION) == (
        (
            "RULE=$(aws route53resolver create-resolver-rule --region us-east-1 --rule-type "
            "SYSTEM --domain-name ssm.us-east-1.amazonaws.com --creator-request-id "
            "netprobe-vpc-1-ssm.us-east-1.amazonaws.com --query ResolverRule.Id --output text)"
        ),
        (
            "aws route53resolver associate-resolver-rule --region us-east-1 --resolver-rule-id "
            '"$RULE" --vpc-id vpc-1'
        ),
    )


def test_removed_route_is_gone_and_its_neighbours_stay() -> None:
    table = route_table(routes=(route("0.0.0.0/0", "nat-1"), route("10.9.0.0/16", "pcx-1")))
    change = ch.DeleteRoute(
        route_table_id="rtb-private", destination=network("10.9.0.0/16"), target_id="pcx-1"
    )
    after = apply(change, snapshot(*changed(table))).route_table("rtb-private")

    assert after is not None
    assert network("10.9.0.0/16") not in [item.destination for item in after.routes]
    assert "nat-1" in [item.target_id for item in after.routes]
