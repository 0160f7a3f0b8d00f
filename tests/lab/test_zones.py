"""Hosted zones, and how the resolver of a VPC chooses between them, rules and endpoint names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.lab.live.answers import Answer, NoAnswerError, follow
from netprobe.lab.live.names import PublicNames, answer_from
from netprobe.lab.live.readings import Readings
from netprobe.lab.live.vpc_resolver import Rule, VpcResolver
from netprobe.lab.live.zones import NOTHING, Records, Zone
from netprobe.lab.network.answers import describe_vpcs
from netprobe.lab.network.endpoints import EndpointName
from netprobe.lab.network.world import World, read_world

PUBLIC = """
[[host]]
name = "www.example.com"
ipv4 = ["192.0.2.80"]
"""


def zone(name: str, *, private: bool = True, **records: Records) -> Zone:
    """Return a zone whose records are named as ``www_A``, or ``_A`` for its own name."""
    held = {}
    for key, value in records.items():
        label, _, kind = key.rpartition("_")
        held[(f"{label.replace('_', '.')}.{name}" if label else name, kind)] = value
    return Zone(
        zone_id=f"Z-{name}",
        name=name,
        private=private,
        vpc_ids=frozenset({"vpc-1"} if private else ()),
        records=held,
    )


HELD = Records(values=("192.0.2.1",))
FOUND = {
    "a record": ("www.example.com", "A", HELD),
    "another type of a name that exists": ("www.example.com", "AAAA", NOTHING),
    "no such name": ("nosuch.example.com", "A", None),
    "the zone itself": ("example.com", "A", NOTHING),
    "a name between": ("b.example.com", "A", NOTHING),
    "below a wildcard": ("x.y.apps.example.com", "A", HELD),
    "the wildcard's parent": ("apps.example.com", "A", NOTHING),
    "below a name that exists beside a wildcard": ("x.known.apps.example.com", "A", None),
}


@pytest.mark.parametrize("case", FOUND.values(), ids=FOUND)
def test_what_a_zone_holds(case: tuple[str, str, Records | None]) -> None:
    """Names between exist, wildcards stand in for names that do not (RFC 4592)."""
    name, kind, expected = case
    held = Zone(
        zone_id="Z",
        name="example.com",
        private=False,
        vpc_ids=frozenset(),
        records={
            ("www.example.com", "A"): HELD,
            ("a.b.example.com", "A"): HELD,
            ("*.apps.example.com", "A"): HELD,
            ("known.apps.example.com", "A"): HELD,
        },
    )

    assert held.find(name, kind) == expected


def test_alias_shows_its_targets_addresses_as_its_own() -> None:
    """In its own zone, or in public DNS; a type the target lacks is NODATA."""
    made = zone(
        "example.com",
        www_A=HELD,
        own_A=Records(alias="www.example.com", alias_zone="Z-example.com"),
        other_A=Records(alias="d-1.example.net", alias_zone="Z-other"),
        circle_A=Records(alias="circle.example.com", alias_zone="Z-example.com"),
    )

    def public(name: str, kind: str) -> Answer:
        return Answer(addresses=(f"{name} {kind}",), cnames=("hidden",))

    assert answer_from(made, "own.example.com", "A", public) == Answer(addresses=("192.0.2.1",))
    assert answer_from(made, "other.example.com", "A", public).addresses == ("d-1.example.net A",)
    assert answer_from(made, "other.example.com", "A", public).cnames == ()
    assert answer_from(made, "circle.example.com", "A", public) == Answer()


def test_chain_without_an_end_has_no_answer() -> None:
    with pytest.raises(NoAnswerError, match="have no end"):
        follow("a", "A", lambda _name, _kind: Answer(cname="a"))


def resolver(
    *zones: Zone, rules: tuple[Rule, ...] = (), world: World | None = None, **vpc: Any
) -> VpcResolver:
    readings = Readings()
    readings.once("zones", lambda: zones)
    attributes = {"VpcId": "vpc-1"} | {
        key: {"Value": vpc.get(key, True)} for key in ("EnableDnsSupport", "EnableDnsHostnames")
    }
    answers = {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}],
        "Subnets": [
            {
                "VpcId": "vpc-1",
                "SubnetId": "subnet-1",
                "CidrBlock": "10.0.1.0/24",
                "EnableDns64": vpc.get("dns64", False),
            }
        ],
        "DescribeVpcAttribute": [attributes],
    }
    (described,) = describe_vpcs(answers, "us-east-1")
    endpoint = EndpointName(
        name="*.svc.example.com", ipv4=("10.0.1.70",), ipv6=(), endpoint_id="vpce-1"
    )
    return VpcResolver(
        described=described,
        names=(endpoint,),
        public=PublicNames(None, world or read_world(PUBLIC), readings),  # type: ignore[arg-type] # nothing is read
        rules=lambda: rules,
        forward=lambda rule, _name, _kind: Answer(addresses=(f"forwarded by {rule.domain}",)),
    )


PRIVATE = zone("example.com", www_A=Records(values=("10.0.0.1",)))
NARROWER = zone("www.example.com", _A=Records(values=("10.0.0.2",)))
ROOT, SAME = Rule(domain="", forwards=True), Rule(domain="example.com", forwards=True)
SYSTEM = Rule(domain="example.com", forwards=False)
CHOICES = {
    "public DNS": ((), (), "www.example.com", ("192.0.2.80",)),
    "a zone before public DNS": ((PRIVATE,), (), "www.example.com", ("10.0.0.1",)),
    "the longer zone": ((PRIVATE, NARROWER), (), "www.example.com", ("10.0.0.2",)),
    "a rule for everything": ((), (ROOT,), "www.example.com", ("forwarded by ",)),
    "a zone before a wider rule": ((PRIVATE,), (ROOT,), "www.example.com", ("10.0.0.1",)),
    "a rule of a zone's own name": (
        (PRIVATE,),
        (SAME,),
        "www.example.com",
        ("forwarded by example.com",),
    ),
    "a longer zone than the rule": ((NARROWER,), (SAME,), "www.example.com", ("10.0.0.2",)),
    "a SYSTEM rule against a wider one": (
        (),
        (ROOT, SYSTEM),
        "www.example.com",
        ("192.0.2.80",),
    ),
    "an endpoint's name": ((PRIVATE,), (SAME,), "a.svc.example.com", ("10.0.1.70",)),
    "a name the zone lacks": ((PRIVATE,), (), "v4.example.com", ()),
}


@pytest.mark.parametrize("case", CHOICES.values(), ids=CHOICES)
def test_most_specific_of_rules_and_zones_decides(
    case: tuple[tuple[Zone, ...], tuple[Rule, ...], str, tuple[str, ...]],
) -> None:
    zones, rules, name, expected = case

    assert resolver(*zones, rules=rules).answer(name, "A", "10.0.1.5").addresses == expected


def test_names_for_inbound_endpoints_only_are_hidden_in_the_vpc() -> None:
    """As S3's are where a gateway endpoint serves the VPC itself."""
    made = resolver(PRIVATE)
    (name,) = made.names
    hidden = replace(made, names=(replace(name, inbound_only=True),))

    assert hidden.answer("a.svc.example.com", "A", "10.0.1.5").addresses == ()
    outside = replace(hidden, inbound=True).answer("a.svc.example.com", "A", "10.9.1.5")
    assert outside.addresses == ("10.0.1.70",)


@pytest.mark.parametrize("attribute", ["EnableDnsSupport", "EnableDnsHostnames"])
def test_private_zones_need_both_attributes(attribute: str) -> None:
    off: dict[str, Any] = {attribute: False}

    assert resolver(PRIVATE, **off).answer("www.example.com", "A", "10.0.1.5").addresses == (
        "192.0.2.80",
    )


def test_dns64_is_the_asking_subnets() -> None:
    """The prefix of RFC 6052, and only for a name that exists without an AAAA."""
    made = resolver(PRIVATE, dns64=True)

    assert made.answer("www.example.com", "AAAA", "10.0.1.5").addresses == ("64:ff9b::a00:1",)
    assert made.answer("www.example.com", "AAAA", "10.0.2.5").addresses == ()
    assert not made.answer("nosuch.example.com", "AAAA", "10.0.1.5").exists
