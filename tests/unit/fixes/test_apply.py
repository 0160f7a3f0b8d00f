"""A change and a snapshot make another snapshot; the first one stays what it was."""

from __future__ import annotations

import typing

import pytest

from netprobe.fixes.apply import apply, apply_all
from netprobe.model import changes as ch
from netprobe.model.interconnect import TransitGatewayAttachment
from netprobe.model.names import HostedZone
from netprobe.model.policies import BucketPolicy
from netprobe.model.resources import BlockMode, BlockPublicAccess, TargetKind
from netprobe.model.snapshot import Snapshot
from tests.builders import (
    api,
    endpoint,
    entry,
    function,
    gateway_endpoint,
    internet_gateway,
    network,
    network_acl,
    prefix_list,
    route,
    route_table,
    snapshot,
    vpc,
    working_vpc,
)
from tests.unit.fixes.every_change import EVERY_CHANGE


def account() -> Snapshot:
    return snapshot(
        *working_vpc(),
        internet_gateway("igw-9", None),
        api("abc123"),
        api("rest1"),
        function(ipv6_allowed=False),
        gateway_endpoint(),
        endpoint(),
        prefix_list(),
        route_table("rtb-2", (), ()),
        vpc(enable_dns_support=False, enable_dns_hostnames=False, dhcp_options_id="dopt-1"),
        BlockPublicAccess(mode=BlockMode.BLOCK_BIDIRECTIONAL),
        TransitGatewayAttachment(
            attachment_id="tgw-attach-1", transit_gateway_id="tgw-1", resource_type="vpc"
        ),
        BucketPolicy(bucket="mine"),
        HostedZone(hosted_zone_id="Z1", name="ssm", vpc_ids=frozenset({"vpc-1", "vpc-2"})),
    )


def test_table_has_every_kind_of_change() -> None:
    assert {type(item) for item in EVERY_CHANGE} == set(typing.get_args(ch.Change))


@pytest.mark.parametrize("change", EVERY_CHANGE, ids=str)
def test_change_changes_the_snapshot_and_not_the_one_it_was_given(change: ch.Change) -> None:
    """What only a client does, the name it asks for, changes no configuration."""
    before, untouched = account(), account()

    after = apply(change, before)

    assert before == untouched
    assert (after != before) is not isinstance(change, ch.UseDualStackName)


def test_route_takes_the_place_of_one_to_the_same_destination() -> None:
    change = ch.SetRoute(
        route_table_id="rtb-private",
        destination=network("0.0.0.0/0"),
        target=TargetKind.INTERNET_GATEWAY,
        target_id="igw-1",
        replaces=True,
    )
    after = apply(change, account()).route_table("rtb-private")

    assert after is not None
    defaults = [i for i in after.routes if i.destination == network("0.0.0.0/0")]
    assert [item.target_id for item in defaults] == ["igw-1"]


def test_attached_gateway_is_no_blackhole_any_more() -> None:
    table = route_table(routes=(route("0.0.0.0/0", "igw-9", "blackhole"),))
    given = snapshot(*working_vpc(), table, internet_gateway("igw-9", None))

    after = apply(ch.AttachInternetGateway(gateway_id="igw-9", vpc_id="vpc-1"), given)

    found = after.route_table("rtb-private")
    assert found is not None
    assert [item.written for item in found.routes if item.target_id == "igw-9"] == [
        "0.0.0.0/0 -> igw-9"
    ]


def test_new_block_of_a_vpc_is_local_in_every_table() -> None:
    block = network("2001:db8:ffff:f00::/56")
    after = apply(ch.AssociateVpcIpv6(vpc_id="vpc-1", cidr=block), account())

    assert all(
        any(item.destination == block and item.target is TargetKind.LOCAL for item in table.routes)
        for table in after.route_tables
    )


def test_changes_are_made_in_their_order() -> None:
    """A NAT gateway knows the subnet that was made before it."""
    after = apply_all(account(), EVERY_CHANGE[3:5])
    made = after.nat_gateway("new-nat")

    assert made is not None
    assert (made.vpc_id, made.subnet_id) == ("vpc-1", "new-subnet")


def test_what_is_no_change_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot apply 'nothing'"):
        apply("nothing", account())


@pytest.mark.parametrize(
    ("entries", "gains"),
    [
        ([(100, "allow")], True),
        ([(100, "allow"), (90, "deny")], False),
    ],
)
def test_default_acl_that_nobody_changed_lets_a_new_block_through(
    entries: list[tuple[int, str]], *, gains: bool
) -> None:
    """AWS adds entry 101 by itself then, and only then."""
    made = tuple(entry(n, what, egress=egress) for egress in (True, False) for n, what in entries)
    given = snapshot(*working_vpc(), network_acl(entries=made, is_default=True))

    change = ch.AssociateVpcIpv6(vpc_id="vpc-1", cidr=network("2001:db8:ffff:f00::/56"))
    after = apply(change, given).network_acls[0]

    assert any(item.rule_number == 101 for item in after.entries) is gains
