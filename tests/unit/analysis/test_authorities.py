"""Who answers a name: the most specific of rules, private zones and private DNS."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.authorities import (
    READ_RULE_ASSOCIATIONS,
    READ_RULES,
    READ_ZONES,
    find_authority,
)
from netprobe.analysis.resolvers import READ_ATTRIBUTE
from tests.builders import API_HOST, endpoint, gap, vpc
from tests.name_builders import V4, question, resolver_rule, zone

HOST = "db.corp.example"
SSM = "ssm.us-east-1.amazonaws.com"
READ_ENDPOINTS = "ec2:DescribeVpcEndpoints"


def who(host: str, *items: Any, **fields: Any) -> str:
    found = find_authority(question(host, V4, *items, **fields))
    if found.rule is not None:
        return found.rule.resolver_rule_id
    if found.zone is not None:
        return found.zone.hosted_zone_id
    return found.endpoint.vpc_endpoint_id if found.endpoint is not None else "public"


# host, items, rules, zones: who answers
AUTHORITIES: dict[str, tuple[str, tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], str]] = {
    "nobody in particular": (HOST, (), (), (), "public"),
    "zone": (HOST, (), (), (zone(),), "Z1"),
    "zone of the very name": (HOST, (), (), (zone(HOST),), "Z1"),
    "zone of another name": (HOST, (), (), (zone("corp2.example"),), "public"),
    "zone of another VPC": (HOST, (), (), (zone(vpc_ids=frozenset({"vpc-2"})),), "public"),
    "the more specific zone": (HOST, (), (), (zone(), zone(HOST, hosted_zone_id="Z2")), "Z2"),
    "rule": (HOST, (), (resolver_rule("example"),), (), "rslvr-rr-example"),
    "rule for everything": (HOST, (), (resolver_rule(""),), (), "rslvr-rr-root"),
    "rule of another VPC": (
        HOST,
        (),
        (resolver_rule("", vpc_ids=frozenset({"vpc-2"})),),
        (),
        "public",
    ),
    "zone under a rule": (HOST, (), (resolver_rule("example"),), (zone(),), "Z1"),
    "rule under a zone": (HOST, (), (resolver_rule(HOST),), (zone(),), f"rslvr-rr-{HOST}"),
    "rule and zone of one name": (
        HOST,
        (),
        (resolver_rule("corp.example"),),
        (zone(),),
        "rslvr-rr-corp.example",
    ),
    "system rule under a rule": (
        HOST,
        (),
        (resolver_rule(""), resolver_rule("corp.example", "SYSTEM")),
        (),
        "public",
    ),
    "system rule keeps the zone": (
        HOST,
        (),
        (resolver_rule("corp.example"), resolver_rule(HOST, "SYSTEM")),
        (zone(),),
        "Z1",
    ),
    "rule of recursion": (HOST, (), (resolver_rule("", "RECURSIVE"),), (), "public"),
    "rule that delegates": (HOST, (), (resolver_rule("", "DELEGATE"),), (), "public"),
    "private DNS": (SSM, (endpoint(service="ssm"),), (), (), "vpce-1"),
    "private DNS under a rule": (
        SSM,
        (endpoint(service="ssm"),),
        (resolver_rule("amazonaws.com"),),
        (),
        "vpce-1",
    ),
    "rule for private DNS's own name": (
        SSM,
        (endpoint(service="ssm"),),
        (resolver_rule(SSM),),
        (),
        f"rslvr-rr-{SSM}",
    ),
    "zone over private DNS": (
        SSM,
        (endpoint(service="ssm"),),
        (),
        (zone("amazonaws.com"),),
        "vpce-1",
    ),
    "zone under a wildcard of private DNS": (
        API_HOST,
        (endpoint(),),
        (),
        (zone(API_HOST),),
        "Z1",
    ),
    "the endpoint's own zone, listed": (
        SSM,
        (endpoint(service="ssm"),),
        (),
        (zone(SSM, records_read=False),),
        "vpce-1",
    ),
    "zone over every AWS name": (SSM, (), (), (zone("amazonaws.com"),), "Z1"),
    "instance name under a rule for everything": (
        "ip-10-0-1-5.ec2.internal",
        (),
        (resolver_rule(""),),
        (),
        "public",
    ),
    "rule for instance names": (
        "ip-10-0-1-5.ec2.internal",
        (),
        (resolver_rule("ec2.internal"),),
        (),
        "rslvr-rr-ec2.internal",
    ),
    "hostnames off: no zone": (HOST, (vpc(enable_dns_hostnames=False),), (), (zone(),), "public"),
    "hostnames off: no private DNS": (
        SSM,
        (vpc(enable_dns_hostnames=False), endpoint(service="ssm")),
        (),
        (),
        "public",
    ),
    "hostnames off: rules all the same": (
        HOST,
        (vpc(enable_dns_hostnames=False),),
        (resolver_rule(""),),
        (),
        "rslvr-rr-root",
    ),
}


@pytest.mark.parametrize("name", AUTHORITIES)
def test_the_most_specific_answers(name: str) -> None:
    host, items, rules, zones, expected = AUTHORITIES[name]
    assert who(host, *items, resolver_rules=rules, hosted_zones=zones) == expected


def test_what_is_switched_off_is_said() -> None:
    off = vpc(enable_dns_hostnames=False)
    found = find_authority(question(HOST, V4, off, hosted_zones=(zone(),)))
    assert found.detail == (
        "enableDnsHostnames of vpc-1 is off, so the private hosted zone Z1 does not answer"
    )
    found = find_authority(question(SSM, V4, off, endpoint(service="ssm")))
    assert found.detail.endswith("so the private DNS of vpce-1 does not answer")


def test_an_attribute_nobody_read_leaves_a_zone_open() -> None:
    asked = question(HOST, V4, vpc(enable_dns_hostnames=None), hosted_zones=(zone(),))
    assert find_authority(asked).unread == (READ_ATTRIBUTE,)


# call, host, items, rules, zones: whether it could still change who answers
NEEDED: dict[str, tuple[str, str, tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], bool]] = {
    "zones, any name": (READ_ZONES, HOST, (), (), (), True),
    "zones, service": (READ_ZONES, SSM, (), (), (), True),
    "zones, less specific zone": (READ_ZONES, HOST, (), (), (zone(),), True),
    "zones, under a wildcard of private DNS": (READ_ZONES, API_HOST, (endpoint(),), (), (), True),
    "zones, private DNS's own name": (READ_ZONES, SSM, (endpoint(service="ssm"),), (), (), False),
    "zones, rule of the very name": (READ_ZONES, HOST, (), (resolver_rule(HOST),), (), False),
    "rules, any name": (READ_RULES, HOST, (), (), (), True),
    "associations, any name": (READ_RULE_ASSOCIATIONS, HOST, (), (), (), True),
    "rules, zone of the very name": (READ_RULES, HOST, (), (), (zone(HOST),), True),
    "endpoints, service": (READ_ENDPOINTS, SSM, (), (), (), True),
    "endpoints, no service": (READ_ENDPOINTS, HOST, (), (), (), False),
    "endpoints, zone of the very name": (READ_ENDPOINTS, SSM, (), (), (zone(SSM),), False),
    "endpoints, rule of the very name": (
        READ_ENDPOINTS,
        SSM,
        (),
        (resolver_rule(SSM),),
        (),
        False,
    ),
}


@pytest.mark.parametrize("name", NEEDED)
def test_a_call_is_needed_where_it_could_name_somebody_more_specific(name: str) -> None:
    call, host, items, rules, zones, needed = NEEDED[name]
    asked = question(host, V4, *items, gap(call), resolver_rules=rules, hosted_zones=zones)
    assert find_authority(asked).unread == ((call,) if needed else ())
