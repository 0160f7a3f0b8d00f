"""Where a check sends from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.errors import NetprobeError
from netprobe.model.resources import BlockMode, BlockPublicAccess, BlockPublicAccessExclusion
from netprobe.workflows.sources import MOST_SOURCES, Wanted, choose_sources
from tests.builders import (
    function,
    internet_gateway,
    nat_gateway,
    network_acl,
    route,
    route_table,
    security_group,
    snapshot,
    subnet,
    vpc,
    working_vpc,
)

DEFAULT_GROUP = security_group("sg-default", group_name="default")
TWINS = (
    vpc(),
    subnet("subnet-a", "10.0.1.0/24", None),
    subnet("subnet-b", "10.0.2.0/24", None),
    subnet("subnet-c", "10.0.3.0/24", None),
    route_table("rtb-1", (route("0.0.0.0/0", "nat-1"),), ("subnet-a", "subnet-b")),
    route_table("rtb-main", (), (), main=True),
    network_acl(subnets=("subnet-a", "subnet-b", "subnet-c")),
    DEFAULT_GROUP,
)


def test_subnets_of_one_class_are_probed_once_and_the_report_says_so() -> None:
    """Equal tables, ACLs and families mean equal paths."""
    found = choose_sources(snapshot(*TWINS), "vpc-1", Wanted())

    assert [(s.subnet_id, s.represents) for s in found.sources] == [
        ("subnet-a", ("subnet-a", "subnet-b")),
        ("subnet-c", ("subnet-c",)),
    ]
    assert any("subnet-a stands for subnet-b" in remark for remark in found.remarks)


def test_all_subnets_probes_each() -> None:
    """A user who doubts the classes can have them all."""
    found = choose_sources(snapshot(*TWINS), "vpc-1", Wanted(all_subnets=True))

    assert [source.subnet_id for source in found.sources] == ["subnet-a", "subnet-b", "subnet-c"]


def test_without_functions_the_default_group_is_used() -> None:
    """It is what a function made without groups would get."""
    found = choose_sources(snapshot(*TWINS), "vpc-1", Wanted())

    assert {source.security_group_ids for source in found.sources} == {("sg-default",)}


def test_public_subnets_are_left_out_when_there_are_others() -> None:
    """The subnet that holds the NAT gateway would show a fault nobody has."""
    found = choose_sources(snapshot(*working_vpc(), DEFAULT_GROUP), "vpc-1", Wanted())

    assert [source.subnet_id for source in found.sources] == ["subnet-private"]
    assert any("subnet-public" in remark for remark in found.remarks)


def test_public_subnets_are_probed_when_they_are_all_there_is() -> None:
    """The default VPC's trap must be seen."""
    only_public = (
        vpc(), subnet(), internet_gateway(), network_acl(), DEFAULT_GROUP,
        route_table("rtb-main", (route("0.0.0.0/0", "igw-1"),), (), main=True),
    )  # fmt: skip

    found = choose_sources(snapshot(*only_public), "vpc-1", Wanted())

    assert [source.subnet_id for source in found.sources] == ["subnet-private"]


def test_function_is_probed_in_each_of_its_subnets_with_its_flag_and_groups() -> None:
    """Any subnet may run an invocation."""
    account = snapshot(
        *TWINS,
        function(
            "fn",
            subnet_ids=("subnet-a", "subnet-c"),
            security_group_ids=("sg-x",),
            ipv6_allowed=False,
        ),
    )

    found = choose_sources(account, "vpc-1", Wanted(function="fn"))

    assert [(s.id, s.security_group_ids, s.ipv6_allowed) for s in found.sources] == [
        ("fn@subnet-a", ("sg-x",), False),
        ("fn@subnet-c", ("sg-x",), False),
    ]


def test_vpc_with_functions_is_probed_where_they_stand() -> None:
    """Functions of one class, group set and flag share a probe."""
    account = snapshot(
        *TWINS,
        function("one", subnet_ids=("subnet-a", "subnet-b"), ipv6_allowed=False),
        function("two", subnet_ids=("subnet-b",), ipv6_allowed=False),
        function("six", subnet_ids=("subnet-b",), ipv6_allowed=True),
    )

    found = choose_sources(account, "vpc-1", Wanted())

    assert [(s.id, s.represents, s.ipv6_allowed) for s in found.sources] == [
        ("one@subnet-a", ("subnet-a", "subnet-b"), False),
        ("six@subnet-b", ("subnet-b",), True),
    ]


def test_too_many_kinds_of_function_are_cut_and_said() -> None:
    """One check creates a bounded number of probes."""
    many = (
        function(f"fn{number}", subnet_ids=("subnet-a",), security_group_ids=(f"sg-{number}",))
        for number in range(MOST_SOURCES + 3)
    )

    found = choose_sources(snapshot(*TWINS, *many), "vpc-1", Wanted())

    assert len(found.sources) == MOST_SOURCES
    assert "19 kinds" in found.remarks[0]


UNKNOWN = [
    (Wanted(subnet_ids=("subnet-x",)), "no subnet 'subnet-x'.*did you mean subnet-"),
    (Wanted(subnet_ids=("s",)), "no subnet 's' in this VPC; subnets here: subnet-"),
    (Wanted(security_group_ids=("sg-1",)), "security groups here: sg-default"),
    (Wanted(security_group_ids=("sg-def",)), "did you mean sg-default"),
    (Wanted(security_group_ids=("sg-defualt",)), "did you mean sg-default"),
    (Wanted(function="nope"), "no function 'nope'"),
]


@pytest.mark.parametrize(("wanted", "message"), UNKNOWN)
def test_unknown_id_names_the_nearest(wanted: Wanted, message: str) -> None:
    """A typo costs one try."""
    with pytest.raises(NetprobeError, match=message):
        choose_sources(snapshot(*TWINS), "vpc-1", wanted)


def test_ipv6_only_subnets_hold_no_function() -> None:
    """Lambda does not support them."""
    native = subnet("subnet-a", None)

    with pytest.raises(NetprobeError, match="no subnet of vpc-1 can hold a function"):
        choose_sources(snapshot(vpc(), native, DEFAULT_GROUP), "vpc-1", Wanted())


ZONES = (
    vpc(),
    subnet("subnet-a", "10.0.1.0/24", None, availability_zone_id="use1-az1"),
    subnet("subnet-b", "10.0.2.0/24", None, availability_zone_id="use1-az2"),
    network_acl(subnets=("subnet-a", "subnet-b")),
    DEFAULT_GROUP,
)
WAYS_OUT = [
    pytest.param("tgw-1", "zonal", 2, id="transit gateway"),
    pytest.param("nat-1", "regional", 2, id="regional NAT gateway"),
    pytest.param("nat-1", "zonal", 1, id="zonal NAT gateway"),
]


@pytest.mark.parametrize(("target_id", "mode", "classes"), WAYS_OUT)
def test_zones_part_classes_only_where_a_way_out_serves_some_zones(
    target_id: str, mode: str, classes: int
) -> None:
    """A transit gateway and a regional NAT gateway are where they were put."""
    account = snapshot(
        *ZONES,
        nat_gateway("nat-1", availability_mode=mode),
        route_table("rtb-1", (route("0.0.0.0/0", target_id),), ("subnet-a", "subnet-b")),
    )

    assert len(choose_sources(account, "vpc-1", Wanted()).sources) == classes


def test_subnet_that_block_public_access_leaves_alone_is_a_class_of_its_own() -> None:
    """Its packets leave where the others' do not."""
    spared = BlockPublicAccessExclusion(resource_id="subnet-a", mode="allow-bidirectional")
    account = replace(
        snapshot(*TWINS),
        block_public_access=(
            BlockPublicAccess(mode=BlockMode.BLOCK_INGRESS, exclusions=(spared,)),
        ),
    )
    found = choose_sources(account, "vpc-1", Wanted()).sources

    assert [item.represents for item in found] == [("subnet-a",), ("subnet-b",), ("subnet-c",)]


def test_probes_of_other_runs_are_no_sources() -> None:
    """A probe that stands, or that of another check, is not what anybody asks about."""
    account = snapshot(*working_vpc(), function("netprobe-0123abcd-1"), function("shop"))

    chosen = choose_sources(account, "vpc-1", Wanted())

    assert {item.function_name for item in chosen.sources} == {"shop"}
