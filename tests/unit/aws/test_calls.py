"""How calls are asked: for VPCs, for ids, for subjects."""

from __future__ import annotations

import pytest

from netprobe.aws import operations
from netprobe.aws.calls import MOST_FILTER_VALUES, of_ids, of_subjects, of_vpcs
from netprobe.aws.operations import Operation

FILTERS = [
    (operations.SUBNETS, "Filters", "vpc-id"),
    (operations.NAT_GATEWAYS, "Filter", "vpc-id"),
    (operations.INTERNET_GATEWAYS, "Filters", "attachment.vpc-id"),
]
"""EC2 names the parameter of NAT gateways and the filter of internet gateways otherwise."""


@pytest.mark.parametrize(
    ("operation", "parameter", "name"), FILTERS, ids=lambda item: getattr(item, "name", item)
)
def test_some_vpcs_are_a_filter(operation: Operation, parameter: str, name: str) -> None:
    """One request for all of them."""
    call = of_vpcs(operation, ["vpc-1", "vpc-2"])

    assert call.requests == ({parameter: [{"Name": name, "Values": ["vpc-1", "vpc-2"]}]},)


def test_the_whole_region_is_asked_without_a_filter() -> None:
    """One request, no arguments."""
    assert of_vpcs(operations.SUBNETS, None).requests == ({},)


def test_no_id_is_no_request() -> None:
    """An empty filter would ask for everything."""
    assert of_ids(operations.PEERINGS, "vpc-peering-connection-id", []).requests == ()


def test_more_ids_than_a_filter_holds_are_several_requests() -> None:
    """None is left out, none is asked for twice."""
    ids = [f"vpc-{number}" for number in range(MOST_FILTER_VALUES + 1)]
    call = of_vpcs(operations.SUBNETS, ids)

    values = [request["Filters"][0]["Values"] for request in call.requests]
    assert [len(item) for item in values] == [MOST_FILTER_VALUES, 1]
    assert [item for part in values for item in part] == ids


def test_subjects_are_one_request_each() -> None:
    """Under the operation's own parameter, with what else the call insists on."""
    call = of_subjects(operations.HOSTED_ZONES, ["vpc-1", "vpc-2"], VPCRegion="eu-west-1")

    assert call.requests == (
        {"VPCId": "vpc-1", "VPCRegion": "eu-west-1"},
        {"VPCId": "vpc-2", "VPCRegion": "eu-west-1"},
    )
