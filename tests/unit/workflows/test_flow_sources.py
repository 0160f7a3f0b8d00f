"""Where a flow may start."""

from __future__ import annotations

import pytest

from netprobe.errors import NetprobeError, UsageError
from netprobe.model.addresses import Family
from netprobe.model.resources import NetworkInterface
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Instance
from netprobe.workflows.flow_sources import (
    FlowSources,
    Suggestions,
    UnreadEndError,
    refuse_other_family,
)
from tests.builders import (
    address,
    function,
    gap,
    interface,
    security_group,
    snapshot,
    subnet,
    vpc,
    working_vpc,
)

DEFAULT = security_group("sg-default", group_name="default")
WEB = interface(
    "eni-web",
    "10.0.1.20",
    "10.0.1.21",
    "2001:db8:1:1::20",
    group_ids=("sg-1",),
    public_addresses=(address("203.0.113.20"), address("203.0.113.21")),
    public_of=(
        (address("10.0.1.20"), address("203.0.113.20")),
        (address("10.0.1.21"), address("203.0.113.21")),
    ),
)
SPARE = interface("eni-spare", "10.0.9.30", subnet_id="subnet-public", instance_id="i-two")
FIRST = interface("eni-first", "10.0.1.31", instance_id="i-two")


def world(*items: object, **fields: object) -> Snapshot:
    return snapshot(*working_vpc(), DEFAULT, WEB, SPARE, FIRST, *items, **fields)


def addresses_of(found: Snapshot, text: str) -> list[str]:
    (only,) = FlowSources(found).find(text).sources
    return [str(item) for item in only.addresses]


def test_interface_sends_from_its_primary_addresses() -> None:
    """The first of each family, with its own groups."""
    (found,) = FlowSources(world()).find("eni-web").sources

    assert sorted(map(str, found.addresses)) == ["10.0.1.20", "2001:db8:1:1::20"]
    assert found.interface_id == "eni-web"
    assert found.security_group_ids == ("sg-1",)
    assert found.subnet_id == "subnet-private"


@pytest.mark.parametrize(
    ("text", "own", "family"),
    [
        ("10.0.1.20", "10.0.1.20", Family.IPV4),
        ("10.0.1.21", "10.0.1.21", Family.IPV4),
        ("203.0.113.21", "10.0.1.21", Family.IPV4),
        ("2001:db8:1:1::20", "2001:db8:1:1::20", Family.IPV6),
        ("2001:DB8:1:1:0::20", "2001:db8:1:1::20", Family.IPV6),
    ],
)
def test_address_means_the_interface_that_has_it(text: str, own: str, family: Family) -> None:
    """Private, IPv6, or public: then the private address behind it is what sends."""
    named = FlowSources(world()).find(text)

    assert named.family is family
    assert own in map(str, named.sources[0].addresses)
    assert named.sources[0].interface_id == "eni-web"
    assert len(named.sources[0].addresses) == 2


def test_instance_sends_from_its_primary_interface() -> None:
    """Which the instance names first, in whatever order interfaces are listed."""
    two = Instance(instance_id="i-two", network_interface_ids=("eni-first", "eni-spare"))

    assert addresses_of(world(instances=(two,)), "i-two") == ["10.0.1.31"]


def test_instance_that_was_not_read_is_found_by_its_interface() -> None:
    """DescribeNetworkInterfaces names it too."""
    assert addresses_of(world(), "i-two") == ["10.0.9.30"]


def test_subnet_sends_with_the_default_group_of_its_vpc() -> None:
    """Or with the groups of the command line."""
    chosen = FlowSources(world(), security_group_ids=("sg-1",)).find("subnet-private")

    assert FlowSources(world()).find("subnet-private").sources[0].security_group_ids == (
        "sg-default",
    )
    assert chosen.sources[0].security_group_ids == ("sg-1",)


@pytest.mark.parametrize("items", [(), (gap("ec2:DescribeSecurityGroups"),)])
def test_default_group_that_was_not_read_is_never_taken_for_none(items: tuple[object]) -> None:
    """Without groups everything would pass."""
    with pytest.raises(UnreadEndError, match="ec2:DescribeSecurityGroups"):
        FlowSources(snapshot(*working_vpc(), *items)).find("subnet-private")


def test_function_is_a_source_in_each_of_its_subnets() -> None:
    """With its own groups and flag."""
    both = function("notify", subnet_ids=("subnet-private", "subnet-public"), ipv6_allowed=False)
    found = FlowSources(world(both)).find("function:notify").sources

    assert [item.subnet_id for item in found] == ["subnet-private", "subnet-public"]
    assert {item.ipv6_allowed for item in found} == {False}
    assert {item.security_group_ids for item in found} == {("sg-1",)}


UNKNOWN = [
    ("eni-wep", "eni-web"),
    ("subnet-privat", "subnet-private"),
    ("function:notifi", "function:notify|notify"),
    ("10.0.1.22", "10.0.1.2[01]"),
    ("i-tow", "i-two|eni"),
    ("www.example.com", "eni-…, i-…"),
]


@pytest.mark.parametrize(("text", "hint"), UNKNOWN)
def test_unknown_source_brings_the_nearest(text: str, hint: str) -> None:
    """What was meant is mostly there."""
    with pytest.raises(NetprobeError, match=hint):
        FlowSources(world(function())).find(text)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("eni-9", "ec2:DescribeNetworkInterfaces"),
        ("10.9.9.9", "ec2:DescribeNetworkInterfaces"),
        ("i-9", "ec2:DescribeNetworkInterfaces"),
        ("i-9", "ec2:DescribeInstances"),
        ("subnet-9", "ec2:DescribeSubnets"),
        ("function:x", "lambda:ListFunctions"),
    ],
)
def test_source_that_may_exist_unread_is_not_called_unknown(text: str, call: str) -> None:
    """The call that would tell is named."""
    with pytest.raises(UnreadEndError, match=call):
        FlowSources(world(gap(call))).find(text)


def test_address_of_two_vpcs_needs_the_vpc() -> None:
    """Which of them was meant is not guessed."""
    other = (
        vpc("vpc-2"),
        subnet("subnet-2", vpc_id="vpc-2"),
        NetworkInterface(
            network_interface_id="eni-twin",
            vpc_id="vpc-2",
            subnet_id="subnet-2",
            addresses=(address("10.0.1.20"),),
        ),
    )
    found = world(*other)

    with pytest.raises(NetprobeError, match=r"eni-web \(vpc-1\), eni-twin \(vpc-2\)"):
        FlowSources(found).find("10.0.1.20")
    (chosen,) = FlowSources(found, vpc_id="vpc-2").find("10.0.1.20").sources
    assert chosen.interface_id == "eni-twin"


def test_suggestions_are_of_the_same_kind() -> None:
    """And nothing is said rather than something far off."""
    suggestions = Suggestions()

    assert suggestions.nearest("eni-11", ["subnet-11", "eni-12"]) == "did you mean eni-12?"
    assert suggestions.nearest("eni-11", ["db"]) == ""


@pytest.mark.parametrize(
    ("name", "hint"),
    [("push-price", "did you mean function:push-prices?"), ("x", "functions there: function:pu")],
)
def test_function_that_is_not_there_is_told_from_those_that_are(name: str, hint: str) -> None:
    """A name that is like none of them is answered with all of them."""
    account = snapshot(function("push-prices"))
    with pytest.raises(NetprobeError) as raised:
        FlowSources(account).find(f"function:{name}")

    assert raised.value.hint.startswith(hint)


def test_suggestions_come_to_an_end() -> None:
    """A file made for another account is answered as quickly as any."""
    suggestions = Suggestions(left=1)

    assert suggestions.nearest("eni-11", ["eni-12"]) == "did you mean eni-12?"
    assert suggestions.nearest("eni-11", ["eni-12"]) == ""


def test_one_flow_is_one_family() -> None:
    """The message says which end has which."""
    refuse_other_family(Family.IPV4, Family.IPV4, "10.0.0.1")

    with pytest.raises(UsageError, match=r"10.0.0.1 is IPv4, the flow is IPv6"):
        refuse_other_family(Family.IPV6, Family.IPV4, "10.0.0.1")
