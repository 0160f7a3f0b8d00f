"""How what works gets there, over whole VPCs: what carries it, and at what price."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.fixes.passages import beside_the_vpc, passages
from netprobe.model.addresses import Family
from netprobe.model.observation import Outcome
from netprobe.model.passage import Carrier, Passage
from tests.builders import (
    endpoint,
    gateway_endpoint,
    interface,
    nat_gateway,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
)
from tests.unit.diagnosis.cases import address_target, case_of, changed, seen, service_target
from tests.unit.diagnosis.hubs import HIDDEN_HUB, INTERNET

SSM = (
    endpoint("vpce-ssm", "ssm"),
    interface("eni-endpoint", "10.0.1.50", group_ids=("sg-endpoint",)),
    security_group("sg-endpoint", ingress=(rule("10.0.0.0/16"),)),
)
S3 = (
    gateway_endpoint(route_table_ids=("rtb-private",)),
    prefix_list(),
    route_table(routes=(route("pl-s3", "vpce-s3"), route("0.0.0.0/0", "nat-1"))),
)


def ways(*items: Any, target: Any = None, **fields: Any) -> dict[Family, Passage]:
    account = snapshot(*changed(*items), **fields)
    found = passages(case_of(account, targets=[target] if target else []))
    return {item.key.family: item for item in found}


def test_nat_gateway_costs_what_it_and_its_address_cost() -> None:
    """The price stands beside the way, whoever else uses it."""
    found = ways()[Family.IPV4]

    assert (found.carrier, found.resource_id) == (Carrier.NAT_GATEWAY, "nat-1")
    assert found.passes == ("nat-1", "igw-1")
    assert found.says == "through the NAT gateway nat-1, then the internet gateway igw-1"
    assert (found.standing_cost_usd_per_month, found.cost_usd_per_gb) == (36.5, 0.045)


def test_egress_only_gateway_costs_nothing() -> None:
    """The free way is told as such."""
    found = ways()[Family.IPV6]

    assert (found.carrier, found.resource_id) == (Carrier.EGRESS_ONLY_INTERNET_GATEWAY, "eigw-1")
    assert (found.standing_cost_usd_per_month, found.cost_usd_per_gb) == (0.0, 0.0)


def test_interface_endpoint_costs_by_zone_and_gb() -> None:
    """It is inside the VPC, and still paid for."""
    found = ways(*SSM, target=service_target("ssm"))[Family.IPV4]

    assert (found.carrier, found.resource_id) == (Carrier.INTERFACE_ENDPOINT, "vpce-ssm")
    assert (found.standing_cost_usd_per_month, found.cost_usd_per_gb) == (7.3, 0.01)


def test_gateway_endpoint_costs_nothing() -> None:
    """As AWS's page says."""
    found = ways(*S3, target=address_target("198.51.100.130"))[Family.IPV4]

    assert (found.carrier, found.resource_id) == (Carrier.GATEWAY_ENDPOINT, "vpce-s3")
    assert found.standing_cost_usd_per_month == 0.0


def test_inside_the_vpc_nothing_carries_it() -> None:
    """A local route is no resource."""
    there = interface("eni-db", "10.0.9.30", subnet_id="subnet-public", group_ids=("sg-open",))
    open_to_all = security_group("sg-open", ingress=(rule("0.0.0.0/0"),))
    found = ways(there, open_to_all, target=address_target("10.0.9.30"))[Family.IPV4]

    assert (found.carrier, found.resource_id, found.passes) == (Carrier.INSIDE_VPC, None, ())
    assert found.says == "inside the VPC"


@pytest.mark.parametrize(
    ("items", "region"),
    [((), "eu-west-1"), ((nat_gateway(availability_mode="regional", subnet_id=None),), "x")],
)
def test_price_that_is_not_known_is_none(items: tuple[Any, ...], region: str) -> None:
    """Another region's prices, and a gateway that is paid for by zones nobody lists."""
    found = ways(*items, region=region)

    assert all(
        item.standing_cost_usd_per_month is None
        for item in found.values()
        if item.carrier is Carrier.NAT_GATEWAY
    )
    free = ways(*items, region=region, target=address_target("3fff:a::10"))[Family.IPV6]
    assert free.standing_cost_usd_per_month == 0.0


def test_path_that_fails_or_contradicts_the_configuration_has_no_way() -> None:
    """Nothing is said of what one witness denies."""
    account = snapshot(*changed(route_table(routes=())))
    worked = {
        ("subnet-private", "api:abc123", "ipv4"): seen(Outcome.REACHABLE, address="198.51.100.10")
    }

    assert not list(passages(case_of(account)))
    assert not list(passages(case_of(account, observations=worked)))


def test_way_through_a_hub_of_others_is_told_as_far_as_it_is_seen() -> None:
    """And what of it would break the call is the VPC's own part."""
    worked = {("subnet-private", INTERNET.id, "ipv4"): seen(Outcome.REACHABLE)}
    case = case_of(snapshot(*HIDDEN_HUB), [INTERNET], observations=worked)
    (found,) = passages(case)

    assert (found.carrier, found.resource_id) == (Carrier.TRANSIT_GATEWAY, "tgw-1")
    assert found.says.startswith("through the transit gateway tgw-1, and on from there where")
    assert {item.resource_id for item in found.depends_on or ()} >= {"rtb-private", "sg-1"}
    assert not list(passages(case_of(snapshot(*HIDDEN_HUB), [INTERNET])))


def test_log_of_a_function_is_no_path_of_the_vpc() -> None:
    """Said once for each function, where the Logs API is asked about, and never else."""
    account, start = snapshot(*changed()), source(function_name="notify")

    said = list(beside_the_vpc(case_of(account, [service_target("logs")], [start])))
    assert len(said) == 1
    assert said[0].startswith("what notify prints reaches CloudWatch Logs through Lambda, not")
    assert not list(
        beside_the_vpc(case_of(account, [service_target("logs")], [source(function_name=None)]))
    )
    assert not list(beside_the_vpc(case_of(account, [service_target("ssm")], [start])))
