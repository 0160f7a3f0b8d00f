"""What holds of every answer to a name, whatever decides about names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from netprobe.analysis.name_answers import answer_name
from netprobe.analysis.name_resolution import resolve
from netprobe.analysis.tracer import trace_name
from netprobe.model.addresses import Address, Family, family_of
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition
from tests.builders import (
    API_HOST,
    REGION,
    api,
    dhcp_options,
    endpoint,
    gap,
    interface,
    snapshot,
    source,
    vpc,
    working_vpc,
)
from tests.name_builders import (
    LOAD_BALANCER_NAME,
    domain_name,
    firewall_rule,
    instance,
    load_balancer,
    record,
    resolver_rule,
    zone,
)
from tests.strategies import addresses

TARGET = f"d-abc.execute-api.{REGION}.amazonaws.com"
HOSTS = (
    "db.corp.example",
    "a.db.corp.example",
    "www.corp.example",
    "corp.example",
    "www.example.com",
    "api.example.com",
    "ip-10-0-1-5.ec2.internal",
    "i-0abc.ec2.internal",
    "ec2-203-0-113-5.compute-1.amazonaws.com",
    f"ssm.{REGION}.amazonaws.com",
    f"db.x.{REGION}.rds.amazonaws.com",
    f"vpce-1-abc-us-east-1a.ssm.{REGION}.vpce.amazonaws.com",
    API_HOST,
    TARGET,
    LOAD_BALANCER_NAME,
)
DOMAINS = ("", "example", "corp.example", "db.corp.example", "amazonaws.com", API_HOST)
CALLS = (
    "route53:ListHostedZonesByVPC",
    "route53:ListResourceRecordSets",
    "route53resolver:ListResolverRules",
    "route53resolver:ListResolverRuleAssociations",
    "route53resolver:ListFirewallRuleGroupAssociations",
    "route53resolver:ListFirewallRules",
    "route53resolver:ListFirewallDomains",
    "elbv2:DescribeLoadBalancers",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeInstances",
    "apigateway:GetRestApis",
    "apigatewayv2:GetApis",
)

hosts = st.sampled_from(HOSTS)
families = st.sampled_from(list(Family))
some_addresses = st.lists(addresses, max_size=2, unique=True).map(tuple)
owners = st.sampled_from((*HOSTS, "*.corp.example", "*.example.com"))
records = st.one_of(
    st.builds(
        lambda name, item: record(name, "A", item), owners, st.sampled_from(("10.0.2.9", "?"))
    ),
    st.builds(lambda name: record(name, "AAAA", "2001:db8:1:2::9", decided=False), owners),
    st.builds(lambda name, to: record(name, "CNAME", to), owners, hosts),
    st.builds(lambda name, to: record(name, alias=to), owners, hosts),
    st.builds(lambda name: record(name, "NS", "ns.example"), owners),
)
zones = st.builds(
    lambda name, items, read: zone(name, *items, hosted_zone_id=f"Z-{name}", records_read=read),
    st.sampled_from(DOMAINS[1:]),
    st.lists(records, max_size=4),
    st.booleans(),
)
resolver_rules = st.builds(
    resolver_rule, st.sampled_from(DOMAINS), st.sampled_from(("FORWARD", "SYSTEM", "DELEGATE"))
)
firewall_rules = st.builds(
    lambda number, action, domain, unread, kind, response: firewall_rule(
        number, action, domain, unread=unread, query_type=kind, block_response=response
    ),
    st.integers(1, 9),
    st.sampled_from(("ALLOW", "ALERT", "BLOCK")),
    st.sampled_from(("*", "*.example", "db.corp.example")),
    st.booleans(),
    st.sampled_from((None, "A", "AAAA")),
    st.sampled_from((None, "NODATA", "NXDOMAIN", "OVERRIDE")),
)
others: st.SearchStrategy[Any] = st.sampled_from(
    (
        vpc(enable_dns_hostnames=False),
        vpc(enable_dns_hostnames=None),
        vpc(enable_dns_support=False),
        vpc(dhcp_options_id="dopt-1"),
        dhcp_options("10.0.5.5", "AmazonProvidedDNS"),
        api(),
        api(endpoint_type="PRIVATE"),
        endpoint(),
        endpoint("vpce-2", "ssm", ip_address_type="dualstack"),
        interface("eni-endpoint", "10.0.1.9", "2001:db8:1:1::9"),
        load_balancer(),
        domain_name(),
    )
)


@st.composite
def accounts(draw: st.DrawFn) -> Snapshot:
    """Draw a working VPC in which anything may decide about names."""
    items = draw(st.lists(st.one_of(others, zones, resolver_rules, firewall_rules), max_size=6))
    gaps = tuple(map(gap, draw(st.lists(st.sampled_from(CALLS), max_size=2, unique=True))))
    return snapshot(*working_vpc(), *items, instances=(instance(),), gaps=gaps)


@given(accounts(), hosts, families, some_addresses, st.booleans())
def test_an_answer_never_raises_and_is_consistent(
    shot: Snapshot,
    host: str,
    family: Family,
    seen: tuple[Address, ...],
    answered: bool,  # noqa: FBT001 # drawn
) -> None:
    answer = resolve(shot, "vpc-1", host, family, seen, answered=answered)
    assert all(family_of(item) is family for item in answer.addresses)
    assert not (answer.exists is False and (answer.addresses or answer.unread))
    assert not (answer.nxdomain and answer.exists)
    assert answer.name == host


@given(accounts(), hosts, families, some_addresses)
def test_what_the_probe_saw_leaves_no_doubt(
    shot: Snapshot, host: str, family: Family, seen: tuple[Address, ...]
) -> None:
    answer = resolve(shot, "vpc-1", host, family, seen, answered=True)
    assert answer.is_certain


@given(accounts(), hosts, families, st.sampled_from(CALLS))
def test_a_missing_call_is_named_or_changes_nothing(
    shot: Snapshot, host: str, family: Family, call: str
) -> None:
    assume(shot.gap(call) is None)
    more = replace(shot, gaps=(*shot.gaps, gap(call)))
    without, with_it = (resolve(item, "vpc-1", host, family) for item in (shot, more))
    assert call in with_it.unread or with_it == without


@given(accounts(), hosts, families)
def test_nothing_is_delivered_to_a_name_whose_answer_is_open(
    shot: Snapshot, host: str, family: Family
) -> None:
    trace = trace_name(shot, source(), host, family, port=443)
    assert trace.resolution is not None
    if not trace.resolution.is_certain:
        assert trace.disposition not in {Disposition.DELIVERED, Disposition.LEFT_VIEW}


@given(accounts(), hosts, some_addresses)
def test_a_client_tries_each_address_of_a_name_once(
    shot: Snapshot, host: str, seen: tuple[Address, ...]
) -> None:
    answers = answer_name(shot, source(), host, seen)
    tried = [item.destination for item in answers.choices]
    given_ = {address for item in answers.resolutions for address in item.addresses}
    assert len(tried) == len(set(tried))
    assert given_ <= set(tried)
