"""The names EC2 gives, as the VPC's own resolver answers them."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.instance_names import answer_instance_name, instance_domain
from netprobe.model.addresses import Family
from netprobe.model.trace import Resolution
from tests.builders import address, gap, interface, vpc
from tests.name_builders import V4, V6, instance, peering, question

PUBLIC = "ec2-203-0-113-5.compute-1.amazonaws.com"
OWNER = interface(
    "eni-1",
    "10.0.1.7",
    "10.0.1.8",
    "2001:db8:1:1::7",
    public_addresses=(address("203.0.113.5"),),
    public_of=((address("10.0.1.8"), address("203.0.113.5")),),
)
WITHOUT_PAIRS = interface("eni-1", "10.0.1.7", public_addresses=(address("203.0.113.5"),))
ELSEWHERE = interface(
    "eni-9", "10.9.0.7", vpc_id="vpc-2", public_addresses=(address("203.0.113.5"),)
)
READ_INTERFACES = "ec2:DescribeNetworkInterfaces"

DOMAINS = {
    ("ip-10-0-1-5.ec2.internal", "us-east-1"): "ec2.internal",
    ("ip-10-0-1-5.ec2.internal", "eu-west-1"): "",
    ("ip-10-0-1-5.eu-west-1.compute.internal", "eu-west-1"): "eu-west-1.compute.internal",
    ("ip-10-0-1-5.eu-west-2.compute.internal", "eu-west-1"): "",
    (PUBLIC, "us-east-1"): "compute-1.amazonaws.com",
    ("x.eu-west-1.compute.amazonaws.com", "eu-west-1"): "eu-west-1.compute.amazonaws.com",
    ("www.example.com", "us-east-1"): "",
}


@pytest.mark.parametrize("asked", DOMAINS, ids=" in ".join)
def test_a_region_has_its_own_domains(asked: tuple[str, str]) -> None:
    assert instance_domain(*asked) == DOMAINS[asked]


def ask(host: str, family: Family, *items: Any, **fields: Any) -> Resolution | None:
    return answer_instance_name(question(host, family, *items, **fields))


# host, family, items: exists, addresses, does it stay undecided
ANSWERS: dict[str, tuple[str, Family, tuple[Any, ...], tuple[Any, ...]]] = {
    "IP name": ("ip-10-0-1-5.ec2.internal", V4, (), (True, ("10.0.1.5",), False)),
    "IP name, AAAA": ("ip-10-0-1-5.ec2.internal", V6, (), (False, (), False)),
    "IP name of another VPC": (
        "ip-172-31-0-5.ec2.internal",
        V4,
        (),
        (None, ("172.31.0.5",), True),
    ),
    "resource name": ("i-0abc.ec2.internal", V4, (instance(), OWNER), (None, ("10.0.1.7",), True)),
    "resource name, AAAA": (
        "i-0abc.ec2.internal",
        V6,
        (instance(), OWNER),
        (None, ("2001:db8:1:1::7",), True),
    ),
    "resource name without such an address": (
        "i-0abc.ec2.internal",
        V6,
        (instance(), WITHOUT_PAIRS),
        (False, (), False),
    ),
    "resource name of no known instance": ("i-0def.ec2.internal", V4, (), (None, (), True)),
    "resource name of an instance without a known interface": (
        "i-0abc.ec2.internal",
        V4,
        (instance(),),
        (None, (), True),
    ),
    "public name inside": (PUBLIC, V4, (OWNER,), (True, ("10.0.1.8",), False)),
    "public name inside, pairs not told": (
        PUBLIC,
        V4,
        (WITHOUT_PAIRS,),
        (True, ("10.0.1.7",), False),
    ),
    "public name inside, AAAA": (PUBLIC, V6, (OWNER,), (False, (), False)),
    "public name without the attribute": (
        PUBLIC,
        V4,
        (vpc(enable_dns_hostnames=False), OWNER),
        (True, ("203.0.113.5",), False),
    ),
    "public name of nobody known": (PUBLIC, V4, (), (True, ("203.0.113.5",), False)),
    "public name in another VPC": (PUBLIC, V4, (ELSEWHERE,), (True, ("203.0.113.5",), False)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_resolver_knows_instances(name: str) -> None:
    host, family, items, expected = ANSWERS[name]
    answer = ask(host, family, *items)
    assert answer is not None
    found = tuple(str(item) for item in answer.addresses)
    assert (answer.exists, found, bool(answer.undecided)) == expected
    assert answer.unread == ()


@pytest.mark.parametrize("status", ["active", "deleted"])
def test_across_a_peering_that_is_active_it_depends_on_an_option(status: str) -> None:
    answer = ask(PUBLIC, V4, ELSEWHERE, vpc_peering_connections=(peering(status=status),))
    assert answer is not None
    assert bool(answer.undecided) is (status == "active")


OTHERS = (
    "www.example.com",
    "ip-10-0-1-500.ec2.internal",
    "ec2-203-0-113-500.compute-1.amazonaws.com",
    "db.ec2.internal",
    "ec2.internal",
    "ip-10-0-1-5.compute-1.amazonaws.com",
)


@pytest.mark.parametrize("host", OTHERS)
def test_any_other_name_is_left_to_others(host: str) -> None:
    assert ask(host, V4) is None


GAPS = {
    ("i-0abc.ec2.internal", "ec2:DescribeInstances"): (),
    ("i-0abc.ec2.internal", READ_INTERFACES): (instance(),),
    (PUBLIC, READ_INTERFACES): (),
}


@pytest.mark.parametrize("asked", GAPS, ids=" without ".join)
def test_a_gap_is_named(asked: tuple[str, str]) -> None:
    host, call = asked
    answer = ask(host, V4, *GAPS[asked], gap(call))
    assert answer is not None
    assert (answer.unread, answer.undecided) == ((call,), "")
