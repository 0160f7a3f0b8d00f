"""How the Amazon resolver gets from a name to its answer: firewall, authority, records, doubts."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.name_resolution import READ_RECORDS, resolve
from netprobe.analysis.tracer import Tracer
from netprobe.model.addresses import Family
from netprobe.model.trace import Disposition, Reason, Resolution
from tests.builders import (
    API_HOST,
    PUBLIC_IPV4,
    PUBLIC_IPV6,
    REGION,
    address,
    api,
    endpoint,
    gap,
    interface,
    snapshot,
    source,
    vpc,
    working_vpc,
)
from tests.name_builders import (
    V4,
    V6,
    domain_name,
    firewall_rule,
    load_balancer,
    record,
    resolver_rule,
    zone,
)
from tests.unit.analysis.situations import trace_to

ENI = interface("eni-endpoint", "10.0.1.9", group_ids=("sg-endpoint",))
VPCE = f"vpce-1-abc.execute-api.{REGION}.vpce.amazonaws.com"
TARGET = f"d-abc.execute-api.{REGION}.amazonaws.com"
SSM = f"ssm.{REGION}.amazonaws.com"
NODE = interface("eni-n", "10.0.1.20", description="ELB app/shop/50dc6c495c0c9188")
CORP = zone(
    "corp.example",
    record("db.corp.example", "A", "10.0.2.9"),
    record("www.corp.example", "CNAME", "db.corp.example"),
    record("short.corp.example", alias="db.corp.example"),
    record("shop.corp.example", alias=f"dualstack.{load_balancer().dns_name}"),
    record("out.corp.example", "CNAME", "www.example.com"),
    record("api.corp.example", "CNAME", API_HOST),
    record("alias.corp.example", alias=TARGET),
    record("canonical.corp.example", "CNAME", TARGET),
    record("private.corp.example", alias=VPCE),
    record("ring.corp.example", "CNAME", "round.corp.example"),
    record("round.corp.example", "CNAME", "ring.corp.example"),
    record("loop.corp.example", alias="loop.corp.example"),
    record("many.corp.example", "A", "10.0.2.11", "10.0.2.12", decided=False),
    record("either.corp.example", "CNAME", "db.corp.example", decided=False),
)
PRIVATE_API = api(endpoint_type="PRIVATE")


def ask(
    items: tuple[Any, ...], name: str, family: Family = V4, *observed: str, **fields: Any
) -> Resolution:
    answered = fields.pop("answered", False)
    seen = tuple(address(text) for text in observed)
    return resolve(
        snapshot(vpc(), *items, **fields), "vpc-1", name, family, seen, answered=answered
    )


# items, name: exists, origin, addresses, the names the records led to
RECORDS: dict[str, tuple[tuple[Any, ...], str, tuple[Any, ...]]] = {
    "record": ((), "db.corp.example", (True, "private-zone", ("10.0.2.9",), ())),
    "record in capitals": ((), "DB.Corp.Example.", (True, "private-zone", ("10.0.2.9",), ())),
    "CNAME": (
        (),
        "www.corp.example",
        (True, "private-zone", ("10.0.2.9",), ("db.corp.example",)),
    ),
    "alias in the zone": (
        (),
        "short.corp.example",
        (True, "private-zone", ("10.0.2.9",), ("db.corp.example",)),
    ),
    "alias of a load balancer": (
        (load_balancer(), NODE),
        "shop.corp.example",
        (True, "private-zone", ("10.0.1.20",), (f"dualstack.{load_balancer().dns_name}",)),
    ),
    "CNAME out of the zone": (
        (),
        "out.corp.example",
        (None, "private-zone", (), ("www.example.com",)),
    ),
    "alias of an endpoint": (
        (endpoint(), ENI),
        "private.corp.example",
        (True, "private-zone", ("10.0.1.9",), (VPCE,)),
    ),
    "no such name": ((), "new.corp.example", (False, "private-zone", (), ())),
    # A CNAME is asked for like any name, an alias is not.
    "CNAME to a domain name's target beside an endpoint": (
        (endpoint(), ENI, domain_name()),
        "canonical.corp.example",
        (True, "private-dns", ("10.0.1.9",), (TARGET,)),
    ),
    "alias of a domain name's target beside an endpoint": (
        (endpoint(), ENI, domain_name()),
        "alias.corp.example",
        (True, "private-zone", (), (TARGET,)),
    ),
    "weighted records": (
        (),
        "many.corp.example",
        (None, "private-zone", ("10.0.2.11", "10.0.2.12"), ()),
    ),
    "weighted CNAME": (
        (),
        "either.corp.example",
        (None, "private-zone", ("10.0.2.9",), ("db.corp.example",)),
    ),
}


@pytest.mark.parametrize("name", RECORDS)
def test_the_records_of_a_private_zone_are_followed(name: str) -> None:
    items, host, expected = RECORDS[name]
    answer = ask((CORP, *items), host)
    found = (answer.exists, answer.origin, tuple(map(str, answer.addresses)), answer.chain)
    assert found == expected


@pytest.mark.parametrize("name", ["ring.corp.example", "loop.corp.example"])
def test_records_that_lead_in_a_circle_lead_nowhere(name: str) -> None:
    answer = ask((CORP,), name)
    assert (answer.exists, answer.addresses) == (False, ())
    assert answer.detail.endswith(f"the records of {name} lead on and on")


def test_public_dns_is_not_asked_where_a_private_zone_has_the_name() -> None:
    """Not even for a host that AWS itself has, and whatever type of record is missing."""
    over_all = zone("amazonaws.com")
    missing = ask((over_all, api()), API_HOST)
    assert (missing.exists, missing.nxdomain, missing.origin) == (False, True, "private-zone")
    six = ask((CORP,), "db.corp.example", V6)
    assert (six.exists, six.nxdomain) == (False, False)
    assert six.detail == "the private hosted zone Z1 (corp.example) answers: no AAAA record"


def test_a_custom_domain_name_leads_out_by_an_alias_and_into_the_endpoint_by_a_cname() -> None:
    items = (CORP, endpoint(), ENI, domain_name())
    assert ask(items, "canonical.corp.example").captured
    assert not ask(items, "alias.corp.example").captured


def test_a_name_that_leads_to_a_public_api_over_an_endpoint_is_captured() -> None:
    assert ask((CORP, endpoint(), ENI, api()), "api.corp.example").captured
    assert not ask((CORP, endpoint(), ENI, PRIVATE_API), "api.corp.example").captured


def test_a_name_that_leads_to_a_private_api_outside_its_endpoint_is_blocked() -> None:
    answer = trace_to((CORP, PRIVATE_API), "api.corp.example", V4)
    assert [(item.reason, item.resource_id) for item in answer.blockers] == [
        (Reason.API_IS_PRIVATE, "abc123")
    ]


def test_the_path_is_walked_to_the_address_of_the_record() -> None:
    answer = trace_to((CORP,), "www.corp.example", V4)
    assert answer.flow.destination == address("10.0.2.9")
    assert answer.resolution is not None
    assert answer.resolution.detail == (
        "the private hosted zone Z1 (corp.example) answers: www.corp.example CNAME "
        "db.corp.example; the private hosted zone Z1 (corp.example) answers: db.corp.example A "
        "10.0.2.9"
    )


# rule: exists, no such name, undecided
FIREWALL = {
    "NODATA": (False, False, ""),
    "NXDOMAIN": (False, True, ""),
    "OVERRIDE": (
        None,
        False,
        "DNS Firewall (rslvr-frg-1) blocks db.corp.example and answers with sink.example",
    ),
}


@pytest.mark.parametrize("response", FIREWALL)
def test_dns_firewall_answers_before_anybody_else(response: str) -> None:
    rule = firewall_rule(
        1, "BLOCK", "db.corp.example", block_response=response, override_domain="sink.example"
    )
    answer = ask((CORP, rule), "db.corp.example")
    assert (answer.exists, answer.nxdomain, answer.undecided) == FIREWALL[response]
    assert (answer.origin, answer.addresses) == ("dns-firewall", ())


def test_dns_firewall_looks_at_every_name_on_the_way_unless_it_trusts() -> None:
    block = firewall_rule(2, "BLOCK", "db.corp.example")
    first = firewall_rule(1, "ALLOW", "www.corp.example")
    trusts = firewall_rule(1, "ALLOW", "www.corp.example", trusts_redirection=True)
    assert ask((CORP, block), "www.corp.example").exists is False
    assert ask((CORP, block, first), "www.corp.example").exists is False
    assert ask((CORP, block, trusts), "www.corp.example").exists is True


def test_a_name_that_dns_firewall_blocks_is_blocked_there() -> None:
    answer = trace_to((firewall_rule(1, "BLOCK", "*.example.com"),), "www.example.com", V4)
    (blocker,) = answer.blockers
    assert (blocker.reason, blocker.resource_id) == (Reason.DNS_FIREWALL, "rslvr-frg-1")
    assert blocker.detail == "DNS Firewall (rslvr-frg-1) blocks www.example.com: NODATA"
    assert answer.disposition is Disposition.NO_ROUTE


def test_a_forwarded_name_is_not_known_and_not_taken_for_public() -> None:
    answer = ask((resolver_rule("example.com"),), "www.example.com")
    assert (answer.origin, answer.authority_id) == ("forwarded", "rslvr-rr-example.com")
    assert answer.undecided == "rslvr-rr-example.com (example.com) forwards it to 10.99.0.53"
    traced = trace_to((resolver_rule("example.com"),), "www.example.com", V4)
    assert (traced.disposition, traced.blockers) == (Disposition.UNKNOWN, ())


ROUTE53 = (
    "route53:ListHostedZonesByVPC",
    "route53resolver:ListResolverRules",
    "route53resolver:ListResolverRuleAssociations",
    "route53resolver:ListFirewallRuleGroupAssociations",
    "route53resolver:ListFirewallRules",
)


@pytest.mark.parametrize("call", ROUTE53)
def test_a_name_is_unknown_without_a_call_that_could_change_it(call: str) -> None:
    answer = ask((api(), gap(call)), API_HOST)
    assert (answer.exists, answer.unread) == (None, (call,))
    traced = trace_to((api(), gap(call)), API_HOST, V4)
    assert (traced.disposition, traced.unread) == (Disposition.UNKNOWN, (call,))


def test_a_record_that_is_missing_by_all_that_was_read_is_named_beside_the_gap() -> None:
    missing = gap("route53:ListHostedZonesByVPC")
    answer = ask((api(), missing), API_HOST, V6)
    assert (answer.exists, answer.expected, answer.lacks_record) == (None, False, True)
    traced = trace_to((api(), missing), API_HOST, V6)
    assert traced.disposition is Disposition.UNKNOWN
    assert [(item.reason, item.resource_id) for item in traced.blockers] == [
        (Reason.NO_ADDRESS_RECORD, "abc123")
    ]
    seen = ask((api(), missing), API_HOST, V6, PUBLIC_IPV6)
    assert (seen.exists, seen.expected, seen.lacks_record) == (True, None, False)


@pytest.mark.parametrize("call", ROUTE53)
def test_what_the_packets_told_needs_no_call(call: str) -> None:
    answer = ask((api(), gap(call)), API_HOST, V4, PUBLIC_IPV4)
    assert (answer.exists, answer.unread, answer.origin) == (True, (), "observed")
    traced = trace_to((api(), gap(call)), API_HOST, V4, PUBLIC_IPV4)
    assert traced.disposition is Disposition.DELIVERED


@pytest.mark.parametrize("call", ROUTE53)
def test_an_address_needs_no_call_about_names(call: str) -> None:
    traced = trace_to((gap(call),), PUBLIC_IPV4, V4)
    assert (traced.disposition, traced.unread) == (Disposition.DELIVERED, ())


def test_the_records_of_a_zone_matter_only_to_its_names() -> None:
    unread = zone("corp.example", records_read=False)
    missing = gap(READ_RECORDS)
    answer = ask((unread, missing), "db.corp.example")
    assert (answer.exists, answer.unread) == (None, (READ_RECORDS,))
    assert answer.authority_id == "Z1"
    assert ask((unread, missing), "www.example.com").unread == ()


def test_what_the_probe_saw_at_the_expected_endpoint_confirms_it() -> None:
    items = (api(), endpoint(), ENI, gap("route53:ListHostedZonesByVPC"))
    answer = ask(items, API_HOST, V4, "10.0.1.9")
    assert (answer.origin, answer.captured, answer.is_certain) == ("private-dns", True, True)


def test_what_the_probe_saw_elsewhere_replaces_a_mere_expectation() -> None:
    items = (api(), endpoint(), ENI, gap("route53:ListHostedZonesByVPC"))
    answer = ask(items, API_HOST, V4, PUBLIC_IPV4)
    assert (answer.origin, answer.captured, answer.endpoint_id) == ("observed", False, None)
    assert answer.addresses == (address(PUBLIC_IPV4),)


def test_what_the_probe_saw_chooses_among_weighted_records() -> None:
    answer = ask((CORP,), "many.corp.example", V4, "10.0.2.12")
    assert (answer.addresses, answer.is_certain) == ((address("10.0.2.12"),), True)


def test_what_the_probe_saw_never_moves_a_record() -> None:
    answer = ask((CORP,), "db.corp.example", V4, PUBLIC_IPV4)
    assert (answer.addresses, answer.origin) == ((address("10.0.2.9"),), "private-zone")


def test_an_answer_without_an_address_settles_what_was_open() -> None:
    items = (api(), gap("route53:ListHostedZonesByVPC"))
    answer = ask(items, API_HOST, V6, answered=True)
    assert (answer.exists, answer.origin, answer.unread) == (False, "observed", ())
    assert ask(items, API_HOST, V6).unread == ("route53:ListHostedZonesByVPC",)


@pytest.mark.parametrize("answered", [True, False])
def test_an_answer_without_an_address_changes_nothing_that_was_certain(
    answered: bool,  # noqa: FBT001 # a row of the table
) -> None:
    expected = ask((api(ip_address_type="dualstack"),), API_HOST, V6)
    assert ask((api(ip_address_type="dualstack"),), API_HOST, V6, answered=answered) == expected


def test_the_private_dns_of_an_endpoint_to_another_region_has_that_regions_names() -> None:
    far = endpoint(service_name="com.amazonaws.eu-west-1.ssm", service_region="eu-west-1")
    assert ask((far, ENI), "ssm.eu-west-1.amazonaws.com").endpoint_id == "vpce-1"
    assert ask((far, ENI), SSM).endpoint_id is None


S3_ANSWERS = {True: None, False: "vpce-1"}


@pytest.mark.parametrize("inbound_only", S3_ANSWERS)
def test_s3_says_itself_whether_its_private_dns_is_for_inbound_only(
    inbound_only: bool,  # noqa: FBT001 # a row of the table
) -> None:
    interface_endpoint = endpoint(service="s3", private_dns_only_for_inbound=inbound_only)
    answer = ask((interface_endpoint, ENI), f"s3.{REGION}.amazonaws.com")
    assert answer.endpoint_id == S3_ANSWERS[inbound_only]


def test_what_was_observed_in_the_other_family_tells_nothing() -> None:
    assert ask((), "www.example.com", V4, PUBLIC_IPV6).origin == "public"


def test_a_tracer_remembers_answers_and_never_more_than_it_may() -> None:
    tracer = Tracer(snapshot(*working_vpc(), api()))
    for _ in range(2):
        traces = [tracer.trace_name(source(), API_HOST, family, port=443) for family in Family]
        assert [item.resolution and item.resolution.exists for item in traces] == [True, False]
    seen = tracer.trace_name(source(), API_HOST, V4, port=443, observed=(address(PUBLIC_IPV4),))
    assert seen.flow.destination == address(PUBLIC_IPV4)
    for number in range(5000):
        tracer.trace_name(source(), f"10.0.{number // 256}.{number % 256}", V4, port=443)
    assert len(tracer._answers) <= 4096
