"""Load balancers as far as the listener."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.flow import ICMP, UDP
from netprobe.model.trace import Disposition
from netprobe.model.workloads import Listener, LoadBalancer
from tests.builders import flow, interface
from tests.unit.analysis.situations import Blocked, Delivered, blockers, trace

FRONT = interface("eni-lb", "10.0.1.8", description="ELB app/web/50dc6c495c0c9188")


def balancer(*listeners: tuple[str, int], read: bool = True) -> Any:
    return LoadBalancer(
        load_balancer_arn="arn:aws:elasticloadbalancing:us-east-1:123456789012:"
        "loadbalancer/app/web/50dc6c495c0c9188",
        name="web",
        dns_name="web.example.com",
        listeners=tuple(Listener(protocol=kind, port=port) for kind, port in listeners)
        if read
        else None,
    )


BLOCKED: Blocked = {
    "another port": (
        (FRONT, balancer(("HTTP", 80))),
        flow("10.0.1.8"),
        [("load-balancer", "no-listener")],
    ),
    "another protocol": (
        (FRONT, balancer(("TCP", 443))),
        flow("10.0.1.8", protocol=UDP),
        [("load-balancer", "no-listener")],
    ),
    "none at all": ((FRONT, balancer()), flow("10.0.1.8"), [("load-balancer", "no-listener")]),
}
DELIVERED: Delivered = {
    "https": ((FRONT, balancer(("HTTPS", 443))), flow("10.0.1.8")),
    "both protocols": ((FRONT, balancer(("TCP_UDP", 443))), flow("10.0.1.8", protocol=UDP)),
    "a ping asks no listener": ((FRONT, balancer()), flow("10.0.1.8", protocol=ICMP)),
    "a balancer that is not in the snapshot": ((FRONT,), flow("10.0.1.8")),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_every_blocker_is_named_in_the_order_it_is_met(name: str) -> None:
    items, asked, expected = BLOCKED[name]
    assert blockers(items, asked) == expected


@pytest.mark.parametrize("name", DELIVERED)
def test_nothing_blocks_what_works(name: str) -> None:
    answer = trace(*DELIVERED[name])
    assert (answer.disposition, answer.blockers) == (Disposition.DELIVERED, ())


def test_listeners_that_were_not_read_are_unknown() -> None:
    answer = trace((FRONT, balancer(read=False)), flow("10.0.1.8"))
    assert (answer.disposition, answer.unread) == (
        Disposition.UNKNOWN,
        ("elbv2:DescribeListeners",),
    )
