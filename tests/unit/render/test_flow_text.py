"""One flow for people."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

import pytest

from netprobe.model.addresses import Family
from netprobe.model.answer import AddressChoice, FlowAnswer
from netprobe.model.snapshot import Gap
from netprobe.model.trace import Disposition, Resolution
from netprobe.render.flow_text import render_flow
from tests.reports import report_of_step
from tests.unit.render.test_flow_lines import BLOCKER, traced

DENIED = """\
denied: a filter or gateway drops it
  eni-1 → 198.51.100.10
  IPv4, tcp 443, to 198.51.100.10

request: delivered
  ✓ subnet subnet-1
  ✓ route-table rtb-1  0.0.0.0/0 -> nat-1  (the VPC's main route table)

reply: denied, and on from there as if it had passed
  ✗ network-acl acl-1  entry 100

what stops it
  1. network-acl acl-1 (reply)  entry 100 denies tcp
     ingress of subnet-1 denies the reply
     · near miss: entry 110 allows all but the port
"""


def text_of(answer: FlowAnswer, width: int = 80, **form: bool) -> str:
    return render_flow("eni-1", "198.51.100.10", answer, width=width, **form)


def test_both_halves_hop_by_hop_and_what_stops_them() -> None:
    """Word for word."""
    assert text_of(FlowAnswer(trace=traced())) == DENIED


def test_no_reply_is_delivered_to_a_request_that_was_not() -> None:
    """The words are those of check, and the hop that stops it says why."""
    text = text_of(FlowAnswer(trace=report_of_step(0).paths[0].trace))

    assert "request: no-route, and on from there as if it had passed\n" in text
    assert "reply: delivered, had the request arrived\n" in text
    assert "✗ route-table rtb-9ed804852e968a8c6  198.51.100.10 goes nowhere:" in text


def test_pipe_gets_ascii_and_no_colour() -> None:
    """A terminal gets both."""
    answer = FlowAnswer(trace=traced())

    assert text_of(answer, ascii=True).isascii()
    assert "x network-acl acl-1" in text_of(answer, ascii=True)
    assert "\x1b" not in text_of(answer)
    assert "\x1b[1;31m" in text_of(answer, colour=True)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_and_ids_stay_whole(width: int) -> None:
    """However narrow the terminal."""
    long = replace(BLOCKER, resource_id="acl-0123456789abcdef0", detail="many words " * 30)
    text = text_of(FlowAnswer(trace=traced(blockers=(long,))), width=width)

    assert "acl-0123456789abcdef0" in text
    assert all(len(line) <= width for line in text.splitlines())


def test_name_that_is_not_known_shows_no_made_up_address() -> None:
    """Nobody ever saw the one that stands for it."""
    name = Resolution(name="www.example.com", family=Family.IPV4, assumed=True, detail="no record")
    text = text_of(FlowAnswer(trace=traced(resolution=name)))

    assert "to any public address, because the name's is not known" in text
    assert "name: no record" in text
    assert "to 198.51.100.10" not in text


def test_order_of_addresses_and_subnets_is_told() -> None:
    """Which is tried first and why, and how each subnet of a function fares."""
    text = text_of(
        FlowAnswer(
            trace=traced(),
            choices=(
                AddressChoice(
                    destination=IPv6Address("3fff::1"), source=None, because="IPv6 goes first"
                ),
                AddressChoice(destination=IPv4Address("10.0.0.9"), source=None),
            ),
            subnets=(("subnet-a", Disposition.DENIED), ("subnet-b", Disposition.DELIVERED)),
        )
    )

    assert "  · tried first: 3fff::1, because IPv6 goes first\n" in text
    assert "  · tried next: 10.0.0.9\n" in text
    assert "  · from subnet-b: delivered\n" in text


def test_unread_call_is_named_with_its_action() -> None:
    """Where nothing could be walked, that is all there is to say."""
    gap = Gap(call="ec2:DescribeSubnets", error="denied", iam_action="ec2:DescribeSubnets")

    assert text_of(FlowAnswer(gaps=(gap,))) == (
        "unknown: something needed could not be read\n"
        "  eni-1 → 198.51.100.10\n\n"
        "could not be read\n"
        "  ec2:DescribeSubnets: denied; allow ec2:DescribeSubnets\n"
    )


def test_what_was_taken_for_granted_stands_at_the_end() -> None:
    """So that nobody takes it for read."""
    text = text_of(FlowAnswer(trace=traced(), remarks=("it counts as off",)))

    assert text.endswith("\nabout this answer\n  · it counts as off\n")


def test_hostile_names_cannot_act() -> None:
    """What AWS or the asker wrote is data."""
    text = render_flow("eni-1\x1b[2J", "a\u202eb", FlowAnswer(trace=traced()))

    assert "\x1b" not in text
    assert "\u202e" not in text
