"""What the names of load balancers resolve to."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.load_balancer_names import (
    answer_load_balancer_name,
    is_load_balancer_name,
    load_balancer_interfaces,
)
from netprobe.model.addresses import Family
from tests.builders import address, gap, interface, subnet
from tests.name_builders import LOAD_BALANCER_NAME, V4, V6, load_balancer, question

NAME = LOAD_BALANCER_NAME
DESCRIPTION = "ELB app/shop/50dc6c495c0c9188"
NODE_A = interface(
    "eni-a",
    "10.0.1.20",
    "2001:db8:1:1::20",
    description=DESCRIPTION,
    public_addresses=(address("203.0.113.20"),),
)
NODE_B = interface("eni-b", "10.0.2.20", subnet_id="subnet-b", description=DESCRIPTION)
OTHER = interface("eni-c", "10.0.1.30", description="ELB app/other/1111")
NODES = (
    subnet(),
    subnet("subnet-b", "10.0.2.0/24", availability_zone="us-east-1b"),
    NODE_A,
    NODE_B,
    OTHER,
)
READ_LOAD_BALANCERS = "elbv2:DescribeLoadBalancers"
READ_INTERFACES = "ec2:DescribeNetworkInterfaces"


def ask(host: str, family: Family, *items: Any, **fields: Any) -> Any:
    balancers = (load_balancer(**fields),)
    return answer_load_balancer_name(question(host, family, *items, load_balancers=balancers))


BOTH = ("10.0.1.20", "10.0.2.20")
# host, family, fields: exists, addresses
ANSWERS: dict[str, tuple[str, Family, dict[str, Any], tuple[Any, ...]]] = {
    "internal": (NAME, V4, {}, (True, BOTH)),
    "internal under its alias prefix": (f"dualstack.{NAME}", V4, {}, (True, BOTH)),
    "internal in one zone": (f"us-east-1b.{NAME}", V4, {}, (True, ("10.0.2.20",))),
    "internal of type ipv4, AAAA": (NAME, V6, {}, (False, ())),
    "internal dual-stack, AAAA": (
        NAME,
        V6,
        {"ip_address_type": "dualstack"},
        (True, ("2001:db8:1:1::20",)),
    ),
    "facing the internet": (
        NAME,
        V4,
        {"scheme": "internet-facing"},
        (True, ("203.0.113.20",)),
    ),
    "facing the internet, AAAA": (
        NAME,
        V6,
        {"scheme": "internet-facing", "ip_address_type": "dualstack"},
        (True, ("2001:db8:1:1::20",)),
    ),
    "without public IPv4, AAAA": (
        NAME,
        V6,
        {"scheme": "internet-facing", "ip_address_type": "dualstack-without-public-ipv4"},
        (True, ("2001:db8:1:1::20",)),
    ),
    "without public IPv4, A": (
        NAME,
        V4,
        {"scheme": "internet-facing", "ip_address_type": "dualstack-without-public-ipv4"},
        (None, ("203.0.113.20",)),
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_load_balancer_is_at_the_addresses_of_its_interfaces(name: str) -> None:
    host, family, fields, expected = ANSWERS[name]
    answer = ask(host, family, *NODES, **fields)
    assert (answer.exists, tuple(map(str, answer.addresses))) == expected


def test_interfaces_are_told_by_their_description() -> None:
    found = list(load_balancer_interfaces((NODE_A, OTHER, NODE_B), load_balancer()))
    assert found == [NODE_A, NODE_B]


def test_an_internal_one_without_known_interfaces_is_not_taken_for_public() -> None:
    answer = ask(NAME, V4)
    assert answer.undecided == "no interface of shop is among those that were read"
    answer = ask(NAME, V4, gap(READ_INTERFACES))
    assert (answer.unread, answer.undecided) == ((READ_INTERFACES,), "")


def test_one_that_faces_the_internet_without_known_interfaces_is_somewhere_public() -> None:
    answer = ask(NAME, V4, scheme="internet-facing")
    assert (answer.exists, answer.addresses, answer.is_certain) == (True, (), True)


def test_one_of_another_account_is_not_known() -> None:
    unknown = answer_load_balancer_name(question(NAME))
    assert unknown is not None
    assert unknown.undecided == "its load balancer is none that was read"
    public = answer_load_balancer_name(question("shop-1.us-east-1.elb.amazonaws.com"))
    assert public is not None
    assert (public.exists, public.is_certain) == (None, True)


def test_load_balancers_that_were_not_read_are_a_gap() -> None:
    answer = answer_load_balancer_name(question(NAME, V4, gap(READ_LOAD_BALANCERS)))
    assert answer is not None
    assert (answer.unread, answer.undecided) == ((READ_LOAD_BALANCERS,), "")


NAMES = {
    NAME: True,
    "net-1.elb.eu-west-1.amazonaws.com": True,
    "net-1.elb.cn-north-1.amazonaws.com.cn": True,
    "shop.elb.example.com": False,
    "elasticloadbalancing.us-east-1.amazonaws.com": False,
}


@pytest.mark.parametrize("host", NAMES)
def test_a_load_balancers_name_is_known_by_its_domain(host: str) -> None:
    assert is_load_balancer_name(host) is NAMES[host]
    assert (answer_load_balancer_name(question(host)) is not None) is NAMES[host]
