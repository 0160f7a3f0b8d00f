"""Look-ups in a snapshot: what is there is found, what is not is None."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import (
    address,
    api,
    endpoint,
    function,
    gap,
    interface,
    prefix_list,
    snapshot,
    working_vpc,
)

LAMBDA = interface("eni-l", "10.0.1.8", interface_type="lambda", group_ids=("sg-2", "sg-1"))
ENI = interface("eni-endpoint", "10.0.1.9")
SHOT = snapshot(
    *working_vpc(), LAMBDA, ENI, endpoint(), prefix_list(), function(), api(), gap("ec2:X")
)

FOUND: dict[str, tuple[tuple[Any, ...], str]] = {
    "gap": (("ec2:X",), "call"),
    "vpc": (("vpc-1",), "vpc_id"),
    "subnet": (("subnet-private",), "subnet_id"),
    "route_table": (("rtb-main",), "route_table_id"),
    "internet_gateway": (("eigw-1",), "gateway_id"),
    "nat_gateway": (("nat-1",), "nat_gateway_id"),
    "security_group": (("sg-1",), "group_id"),
    "network_interface": (("eni-l",), "network_interface_id"),
    "vpc_endpoint": (("vpce-1",), "vpc_endpoint_id"),
    "prefix_list": (("pl-s3",), "prefix_list_id"),
    "api": (("abc123",), "api_id"),
    "function": (("notify",), "function_name"),
}


@pytest.mark.parametrize("look_up", FOUND)
def test_a_resource_is_found_by_its_id(look_up: str) -> None:
    (wanted,), field = FOUND[look_up]
    assert getattr(getattr(SHOT, look_up)(wanted), field) == wanted


@pytest.mark.parametrize("look_up", FOUND)
def test_an_unknown_id_is_none(look_up: str) -> None:
    assert getattr(SHOT, look_up)("x-9") is None


def test_a_function_is_found_by_its_arn_too() -> None:
    assert SHOT.function(function().function_arn) == function()


def test_an_acl_and_a_table_are_found_by_subnet() -> None:
    acl, table = (
        SHOT.network_acl_of("subnet-private"),
        SHOT.associated_route_table("subnet-private"),
    )
    assert acl is not None
    assert table is not None
    assert (acl.network_acl_id, table.route_table_id) == ("acl-1", "rtb-private")
    assert SHOT.network_acl_of("subnet-9") is None
    assert SHOT.associated_route_table("subnet-9") is None


def test_the_main_table_is_found_by_vpc() -> None:
    table = SHOT.main_route_table("vpc-1")
    assert table is not None
    assert table.route_table_id == "rtb-main"
    assert SHOT.main_route_table("vpc-2") is None


def test_an_interface_is_found_by_address_in_its_vpc_only() -> None:
    assert SHOT.interface_at("vpc-1", address("10.0.1.9")) == ENI
    assert SHOT.interface_at("vpc-2", address("10.0.1.9")) is None


def test_the_interface_of_lambda_is_found_by_groups_in_any_order() -> None:
    assert SHOT.lambda_interface("subnet-private", ("sg-1", "sg-2")) == LAMBDA
    assert SHOT.lambda_interface("subnet-private", ("sg-1",)) is None


def test_an_endpoint_is_found_by_its_interface() -> None:
    assert SHOT.endpoint_of_interface("eni-endpoint") == endpoint()
    assert SHOT.endpoint_of_interface("eni-l") is None
