"""Which groups the source's own groups see at the destination."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.interconnect import PeeredVpc
from netprobe.model.trace import Disposition
from tests.builders import flow, gap, network, route, rule, security_group
from tests.interconnect import FAR, PEERED, TRANSIT, near_table, peering
from tests.unit.analysis.situations import DATA, trace

TO_FAR = security_group(egress=(rule("sg-far", "443"),))
TO_DATA = security_group(egress=(rule("sg-db", "443"),))
UNSEEN = peering(accepter=PeeredVpc(vpc_id="vpc-9", cidrs=(network("10.1.0.0/16"),)))

SEEN: dict[str, tuple[tuple[Any, ...], str, Disposition]] = {
    "in the own VPC": ((*DATA, TO_DATA), "10.0.2.9", Disposition.DELIVERED),
    "through a peering of one region": ((*PEERED, TO_FAR), FAR, Disposition.DELIVERED),
    "not through a peering of two regions": (
        (*PEERED, TO_FAR, peering(regions=("us-east-1", "eu-west-1"))),
        FAR,
        Disposition.DENIED,
    ),
    "not behind a transit gateway": ((*TRANSIT, TO_FAR), FAR, Disposition.DENIED),
    "not on the internet": ((TO_FAR,), "198.51.100.10", Disposition.DENIED),
    "unknown in a peer that is not seen": (
        (TO_FAR, UNSEEN, near_table(route("10.1.0.0/16", "pcx-1"))),
        FAR,
        Disposition.UNKNOWN,
    ),
    "unknown through a peering that is not there": (
        (TO_FAR, near_table(route("10.1.0.0/16", "pcx-9"))),
        FAR,
        Disposition.UNKNOWN,
    ),
}


@pytest.mark.parametrize("name", SEEN)
def test_a_group_at_the_destination_is_seen(name: str) -> None:
    items, destination, expected = SEEN[name]
    assert trace(items, flow(destination)).disposition is expected


def test_interfaces_that_were_not_read_leave_it_open() -> None:
    call = "ec2:DescribeNetworkInterfaces"
    answer = trace((DATA[0], DATA[-1], TO_DATA), flow("10.0.2.9"), gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (call,))
