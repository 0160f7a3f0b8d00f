"""What a client at a source makes of a name: its addresses and the first it tries."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.name_answers import NameAnswers, answer_name, source_addresses
from netprobe.model.addresses import Family
from netprobe.model.flow import Source
from tests.builders import (
    API_HOST,
    PUBLIC_IPV4,
    PUBLIC_IPV6,
    address,
    api,
    endpoint,
    interface,
    snapshot,
    source,
    subnet,
    working_vpc,
)
from tests.name_builders import V4, V6, load_balancer, record, zone

FUNCTION = source()
INSTANCE = source(function_name=None, interface_id="eni-1")
ENI = interface("eni-1", "10.0.1.77", "2001:db8:1:1::77")
DB = zone(
    "corp.example",
    record("db.corp.example", "A", "10.0.2.9"),
    record("db.corp.example", "AAAA", "2001:db8:1:2::9"),
    record("ula.corp.example", "A", "10.0.2.9"),
    record("ula.corp.example", "AAAA", "fd12:3456::9"),
)


def ask(name: str, asked: Source, *items: Any, observed: tuple[str, ...] = ()) -> NameAnswers:
    shot = snapshot(
        *working_vpc(), ENI, *items, hosted_zones=(DB,), load_balancers=(load_balancer(),)
    )
    return answer_name(shot, asked, name, tuple(map(address, observed)))


DUAL = api(ip_address_type="dualstack")
NODE = interface("eni-n", "10.0.1.20", description="ELB app/shop/50dc6c495c0c9188")
# name, source, items: the families in the order they are tried
FIRST: dict[str, tuple[str, Source, tuple[Any, ...], list[Family]]] = {
    "dual-stack API": (API_HOST, FUNCTION, (DUAL,), [V6, V4]),
    "API of type ipv4": (API_HOST, FUNCTION, (api(),), [V4]),
    "dual-stack API, IPv6 not allowed": (API_HOST, source(ipv6_allowed=False), (DUAL,), [V4, V6]),
    "dual-stack API, subnet without IPv6": (
        API_HOST,
        FUNCTION,
        (DUAL, subnet(ipv6=None)),
        [V4, V6],
    ),
    "captured by an endpoint of type ipv4": (
        API_HOST,
        FUNCTION,
        (DUAL, endpoint(), interface("eni-endpoint", "10.0.1.9")),
        [V4],
    ),
    "private zone with both": ("db.corp.example", FUNCTION, (), [V6, V4]),
    "private zone with a ULA, from a function": ("ula.corp.example", FUNCTION, (), [V6, V4]),
    "private zone with a ULA, from an instance": ("ula.corp.example", INSTANCE, (), [V4, V6]),
    "name that does not exist": ("nobody.corp.example", FUNCTION, (), []),
    "load balancer": (load_balancer().dns_name, INSTANCE, (NODE,), [V4]),
    "DNS64": (API_HOST, FUNCTION, (api(), subnet(enable_dns64=True)), [V6, V4]),
    "literal address": (PUBLIC_IPV6, FUNCTION, (), [V6]),
}


@pytest.mark.parametrize("name", FIRST)
def test_the_families_of_a_name_are_tried_in_order(name: str) -> None:
    host, asked, items, expected = FIRST[name]
    answers = ask(host, asked, *items)
    assert [Family(f"ipv{item.destination.version}") for item in answers.choices] == expected
    assert answers.first is (expected[0] if expected else None)


def test_the_answers_of_each_family_are_there() -> None:
    answers = ask(API_HOST, FUNCTION, api())
    four, six = answers.of(V4), answers.of(V6)
    assert four is not None
    assert six is not None
    assert (four.exists, six.exists) == (True, False)
    assert ask(PUBLIC_IPV4, FUNCTION).of(V6) is None


def test_what_the_probe_saw_is_what_a_client_tries() -> None:
    answers = ask("www.example.com", FUNCTION, observed=(PUBLIC_IPV4, PUBLIC_IPV6))
    assert [str(item.destination) for item in answers.choices] == [PUBLIC_IPV6, PUBLIC_IPV4]
    assert answers.choices[0].because == (
        f"rule 2: the scope of {PUBLIC_IPV4} is not that of its source 169.254.100.6 (link-local)"
    )


# source, items: the addresses its client has
OWN: dict[str, tuple[Source, tuple[Any, ...], tuple[str, ...]]] = {
    "function": (FUNCTION, (), ("169.254.100.6", "2001:db8:1:1::4")),
    "function without IPv6": (source(ipv6_allowed=False), (), ("169.254.100.6",)),
    "function with a known interface": (
        source(interface_id="eni-1"),
        (),
        ("169.254.100.6", "2001:db8:1:1::4"),
    ),
    "interface": (INSTANCE, (), ("10.0.1.77", "2001:db8:1:1::77")),
    "subnet": (source(function_name=None), (), ("10.0.1.4", "2001:db8:1:1::4")),
    "subnet without IPv4": (
        source(function_name=None),
        (subnet(ipv4=None),),
        ("2001:db8:1:1::4",),
    ),
    "address": (source(addresses=(address("10.0.1.99"),)), (), ("10.0.1.99",)),
    "unknown subnet": (source("subnet-9", function_name=None), (), ()),
}


@pytest.mark.parametrize("name", OWN)
def test_a_source_has_addresses(name: str) -> None:
    asked, items, expected = OWN[name]
    found = source_addresses(snapshot(*working_vpc(), ENI, *items), asked)
    assert tuple(map(str, found)) == expected
