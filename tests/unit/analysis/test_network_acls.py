"""What network ACLs let pass, entry by entry and half by half."""

from __future__ import annotations

import pytest

from netprobe.model.ports import PortSet
from netprobe.model.trace import Disposition, Half, Reason
from tests.builders import entry, flow, network_acl
from tests.unit.analysis.situations import (
    IN,
    OPEN_NAT_ACL,
    OUT,
    Blocked,
    blockers,
    own_subnet_acl,
    trace,
)

BLOCKED: Blocked = {
    "numbered entry denies the request": (
        (
            network_acl(
                entries=(entry(50, "deny", egress=True), OUT, IN), subnets=("subnet-private",)
            ),
            OPEN_NAT_ACL,
        ),
        flow(),
        [("network-acl", "entry-denies")],
    ),
    "no entry allows the request": (
        (OPEN_NAT_ACL, network_acl(entries=(IN,), subnets=("subnet-private",))),
        flow(),
        [("network-acl", "no-entry-allows")],
    ),
    "the last entries as AWS returns them": (
        (
            network_acl(
                entries=(entry(32767, "deny", egress=True), entry(32767, "deny")),
                subnets=("subnet-private",),
            ),
            OPEN_NAT_ACL,
        ),
        flow(),
        [("network-acl", "no-entry-allows")] * 2,
    ),
    "ephemeral ports closed for the reply": (
        (
            network_acl(
                entries=(OUT, entry(100, "allow", port="443")), subnets=("subnet-private",)
            ),
            OPEN_NAT_ACL,
        ),
        flow(),
        [("network-acl", "no-entry-allows")],
    ),
    "the one source port that is known is closed": (
        (
            network_acl(
                entries=(OUT, entry(100, "allow", port="32768-60999")), subnets=("subnet-private",)
            ),
            OPEN_NAT_ACL,
        ),
        flow(source_ports=PortSet.of(1500)),
        [("network-acl", "no-entry-allows")],
    ),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_every_blocker_is_named_in_the_order_it_is_met(name: str) -> None:
    items, asked, expected = BLOCKED[name]
    assert blockers(items, asked) == expected


def test_a_reply_is_denied_while_its_request_is_delivered() -> None:
    items, asked, _ = BLOCKED["ephemeral ports closed for the reply"]
    answer = trace(items, asked)
    assert (answer.disposition, answer.request.disposition, answer.reply.disposition) == (
        Disposition.DENIED,
        Disposition.DELIVERED,
        Disposition.DENIED,
    )
    (blocker,) = answer.blockers
    assert (blocker.half, blocker.subnet_id) == (Half.REPLY, "subnet-private")


def test_part_of_the_ephemeral_range_closed_is_a_warning_and_no_block() -> None:
    acl = network_acl(
        entries=(OUT, entry(100, "allow", port="32768-60999")), subnets=("subnet-private",)
    )
    answer = trace((acl, OPEN_NAT_ACL), flow())
    assert answer.disposition is Disposition.DELIVERED
    (warning,) = answer.warnings
    assert (warning.reason, warning.half) == (Reason.SOME_PORTS_DENIED, Half.REPLY)
    assert "1024-32767,61000-65535" in warning.detail


NEAR_MISSES = {
    "too few ports": (
        (OUT, entry(100, "allow", port="80")),
        "entry 100 allows tcp 80 from 0.0.0.0/0, the flow needs tcp 1024-65535",
    ),
    "another family": (
        (OUT, entry(100, "allow", "::/0")),
        "entry 100 allows all traffic from ::/0, the flow is IPv4",
    ),
    "too late": (
        (OUT, entry(50, "deny"), entry(100, "allow", port="1024-65535")),
        "entry 100 allows tcp 1024-65535 from 0.0.0.0/0, an entry before it denies",
    ),
}


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_an_entry_that_almost_allows_is_named(name: str) -> None:
    entries, expected = NEAR_MISSES[name]
    (blocker,) = trace(own_subnet_acl(*entries), flow()).blockers
    assert blocker.near_misses == (expected,)


def test_the_entry_that_denies_most_ports_is_the_one_named() -> None:
    items = own_subnet_acl(OUT, entry(50, "deny", port="3389"))
    (blocker,) = trace(items, flow()).blockers
    assert (blocker.reason, blocker.entry) == (
        Reason.NO_ENTRY_ALLOWS,
        "entry * denies all traffic",
    )
