"""Snapshots of several places are one: each resource once, as fully as it was read."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from netprobe.aws.merging import merge
from netprobe.model.addresses import parse_network
from netprobe.model.gap import Gap
from netprobe.model.interconnect import (
    PeeredVpc,
    TransitGatewayAttachment,
    TransitGatewayRouteTable,
    VpcPeeringConnection,
)
from netprobe.model.names import DomainName, HostedZone, ResolverRule
from netprobe.model.resources import PrefixList, Vpc
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Listener, LoadBalancer
from tests.every_kind import everything

NET = parse_network("10.0.0.0/8")
ATTACHMENT = TransitGatewayAttachment(
    attachment_id="a", transit_gateway_id="t", resource_type="vpc", subnet_ids=("s",)
)
TABLE = TransitGatewayRouteTable(route_table_id="r", transit_gateway_id="t")
NEAR, FAR = PeeredVpc(vpc_id="v"), PeeredVpc(vpc_id="w")
PEERING = VpcPeeringConnection(
    vpc_peering_connection_id="p", status="active", requester=NEAR, accepter=FAR
)
BALANCER = LoadBalancer(load_balancer_arn="arn", name="n", dns_name="d")

FULLER: dict[str, tuple[str, Any, Any, Any]] = {
    "entries": (
        "prefix_lists",
        PrefixList(prefix_list_id="pl", name="", entries_read=False),
        PrefixList(prefix_list_id="pl", name="", cidrs=(NET,)),
        PrefixList(prefix_list_id="pl", name="", cidrs=(NET,)),
    ),
    "listeners": (
        "load_balancers",
        BALANCER,
        replace(BALANCER, listeners=(Listener(port=1, protocol="TCP"),)),
        replace(BALANCER, listeners=(Listener(port=1, protocol="TCP"),)),
    ),
    "peers": (
        "vpc_peering_connections",
        PEERING,
        replace(PEERING, accepter=replace(FAR, cidrs=(NET,))),
        replace(PEERING, accepter=replace(FAR, cidrs=(NET,))),
    ),
    "zones": (
        "hosted_zones",
        HostedZone(hosted_zone_id="z", name="n", vpc_ids=frozenset("v"), records_read=False),
        HostedZone(hosted_zone_id="z", name="n", vpc_ids=frozenset("w")),
        HostedZone(hosted_zone_id="z", name="n", vpc_ids=frozenset("vw")),
    ),
    "rules": (
        "resolver_rules",
        ResolverRule(resolver_rule_id="r", domain_name="", rule_type="FORWARD"),
        ResolverRule(
            resolver_rule_id="r", domain_name="", rule_type="FORWARD", vpc_ids=frozenset("v")
        ),
        ResolverRule(
            resolver_rule_id="r", domain_name="", rule_type="FORWARD", vpc_ids=frozenset("v")
        ),
    ),
    "mappings": (
        "domain_names",
        DomainName(domain_name="d", api_ids=("a",)),
        DomainName(domain_name="d", api_ids=("b", "a")),
        DomainName(domain_name="d", api_ids=("a", "b")),
    ),
    "tables": (
        "transit_gateway_route_tables",
        replace(TABLE, routes_read=False, attachment_ids=frozenset("a")),
        replace(TABLE, associations_read=False),
        replace(TABLE, attachment_ids=frozenset("a")),
    ),
    "attachments": (
        "transit_gateway_attachments",
        replace(ATTACHMENT, subnet_ids=(), subnets_read=False, route_table_id="r"),
        ATTACHMENT,
        replace(ATTACHMENT, route_table_id="r"),
    ),
    "others": ("vpcs", Vpc(vpc_id="v", name="one"), Vpc(vpc_id="v", name="two"),
               Vpc(vpc_id="v", name="one")),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "one", "other", "expected"), FULLER.values(), ids=FULLER)
def test_resource_told_of_twice_is_there_once(
    kind: str, one: Any, other: Any, expected: Any
) -> None:
    """With what both places tell of it."""
    places = [Snapshot(region="r", **{kind: (item,)}) for item in (one, other)]

    assert getattr(merge(places, ["a", "b"]), kind) == (expected,)


def test_every_kind_of_resource_is_merged() -> None:
    """Nothing that a snapshot can hold is left behind, and nothing doubled."""
    empty, full = Snapshot(region=""), everything()
    merged = merge([empty, full, full], ["a", "b", "c"])

    assert merged == full
    assert all(getattr(full, field.name) for field in fields(full) if field.name != "gaps")


def gap(call: str, error: str = "denied", **rest: Any) -> Gap:
    return Gap(call=call, error=error, iam_action=call, **rest)


def test_gap_of_one_place_is_a_gap_of_all() -> None:
    """It says where it is."""
    places = [Snapshot(region="r", gaps=(gap("x"),)), Snapshot(region="r")]

    assert merge(places, ["a", "b"]).gaps == (gap("x", "denied in a"),)
    assert merge(places[:1], ["a"]).gaps == (gap("x"),)


def test_gap_of_two_places_is_the_graver_one() -> None:
    """A refusal tells more than a file that is not there."""
    places = [
        Snapshot(region="r", gaps=(gap("x", "not read", asked=False, subjects=frozenset("v")),)),
        Snapshot(region="r", gaps=(gap("x", subjects=frozenset("w")),)),
    ]

    expected = gap("x", "denied in b", subjects=frozenset("vw"))
    assert merge(places, ["a", "b"]).gaps == (expected,)


def test_gap_that_concerns_all_stays_one() -> None:
    """Whatever another place lacks."""
    places = [
        Snapshot(region="r", gaps=(gap("x", subjects=frozenset("v")),)),
        Snapshot(region="r", gaps=(gap("x", "not read", asked=False),)),
    ]

    assert merge(places, ["a", "b"]).gaps == (gap("x", "denied in a"),)
