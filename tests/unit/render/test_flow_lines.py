"""Answers as JSON: the shapes of sections 4 and 5 of the product, nothing empty in them."""

from __future__ import annotations

import json
from ipaddress import IPv4Address
from typing import Any

from jsonschema import Draft202012Validator

from netprobe.model.addresses import Family
from netprobe.model.answer import AddressChoice, FlowAnswer
from netprobe.model.snapshot import Gap
from netprobe.model.trace import (
    Blocker,
    Component,
    Disposition,
    Half,
    HalfTrace,
    Hop,
    Reason,
    Resolution,
    Trace,
)
from netprobe.render.flow_lines import AnswerLines, to_json
from netprobe.render.generated import flow_schema
from tests.builders import flow

SHAPE = Draft202012Validator(flow_schema() | {"additionalProperties": False})
"""What comes out is in the schema that comes with netprobe, and nothing else comes out."""
PLAIN = Hop(component=Component.SUBNET, resource_id="subnet-1")
ROUTE = Hop(
    component=Component.ROUTE_TABLE,
    resource_id="rtb-1",
    entry="0.0.0.0/0 -> nat-1",
    detail="the VPC's main route table",
)
STOP = Hop(component=Component.NETWORK_ACL, resource_id="acl-1", entry="entry 100", blocks=True)
BLOCKER = Blocker(
    component=Component.NETWORK_ACL,
    resource_id="acl-1",
    half=Half.REPLY,
    reason=Reason.ENTRY_DENIES,
    entry="entry 100 denies tcp",
    detail="ingress of subnet-1 denies the reply",
    near_misses=("entry 110 allows all but the port",),
    subnet_id="subnet-1",
)


def traced(**fields: Any) -> Trace:
    defaults: dict[str, Any] = {
        "flow": flow(),
        "disposition": Disposition.DENIED,
        "request": HalfTrace(disposition=Disposition.DELIVERED, hops=(PLAIN, ROUTE)),
        "reply": HalfTrace(disposition=Disposition.DENIED, hops=(STOP,)),
        "blockers": (BLOCKER,),
    }
    return Trace(**(defaults | fields))


def line(**fields: Any) -> dict[str, Any]:
    text = AnswerLines().line(FlowAnswer(**fields))
    assert text.endswith(b"\n")
    assert text.count(b"\n") == 1
    found: dict[str, Any] = json.loads(text)
    SHAPE.validate(found)
    return found


def test_whole_answer() -> None:
    """Every hop and blocker with what it has, and no field without a value."""
    assert line(id="web-db", trace=traced()) == {
        "id": "web-db",
        "disposition": "denied",
        "request": {
            "disposition": "delivered",
            "hops": [
                {"component": "subnet", "resource_id": "subnet-1"},
                {
                    "component": "route-table",
                    "resource_id": "rtb-1",
                    "entry": "0.0.0.0/0 -> nat-1",
                    "detail": "the VPC's main route table",
                },
            ],
        },
        "reply": {
            "disposition": "denied",
            "hops": [
                {
                    "component": "network-acl",
                    "resource_id": "acl-1",
                    "entry": "entry 100",
                    "blocks": True,
                }
            ],
        },
        "blockers": [
            {
                "component": "network-acl",
                "resource_id": "acl-1",
                "half": "reply",
                "reason": "entry-denies",
                "entry": "entry 100 denies tcp",
                "detail": "ingress of subnet-1 denies the reply",
                "near_misses": ["entry 110 allows all but the port"],
                "subnet_id": "subnet-1",
            }
        ],
    }


def test_delivered_flow_has_no_blockers() -> None:
    """The list is there all the same, so that programs need not ask."""
    clear = HalfTrace(disposition=Disposition.DELIVERED, hops=(PLAIN,))
    found = line(
        trace=traced(disposition=Disposition.DELIVERED, request=clear, reply=clear, blockers=())
    )

    assert found["blockers"] == []
    assert list(found) == ["disposition", "request", "reply", "blockers"]


def test_what_is_not_known_is_said() -> None:
    """The warning, the call, and the action to allow."""
    gap = Gap(call="ec2:DescribeSubnets", error="denied", iam_action="ec2:DescribeSubnets")
    trace = traced(
        disposition=Disposition.UNKNOWN, warnings=(BLOCKER,), unread=("ec2:DescribeSubnets",)
    )
    found = line(trace=trace, gaps=(gap,), remarks=("Block Public Access counts as off",))

    assert found["remarks"] == ["Block Public Access counts as off"]
    assert found["unread"] == ["ec2:DescribeSubnets"]
    assert found["warnings"] == found["blockers"]
    assert found["gaps"] == [
        {
            "call": "ec2:DescribeSubnets",
            "error": "denied",
            "iam_action": "ec2:DescribeSubnets",
        }
    ]


def test_flow_that_could_not_be_walked() -> None:
    """Unknown in both halves, without a hop."""
    gap = Gap(call="ec2:DescribeSubnets", error="denied", iam_action="ec2:DescribeSubnets")
    found = line(id=1, gaps=(gap,))

    nothing = {"disposition": "unknown", "hops": []}
    assert (found["disposition"], found["request"], found["reply"]) == (
        "unknown",
        nothing,
        nothing,
    )
    assert found["blockers"] == []
    assert found["gaps"][0]["call"] == "ec2:DescribeSubnets"


def test_error_is_all_there_is_of_a_flow_that_cannot_be_asked() -> None:
    """With the id, else with the line."""
    assert line(id="a", error="no source 'x'") == {"id": "a", "error": "no source 'x'"}
    assert line(error="no JSON", line=7) == {"error": "no JSON", "line": 7}


def test_name_and_subnets_are_told() -> None:
    """What the name leads to, in which order it is tried, and how the other subnets fare."""
    name = Resolution(
        name="db.example.com",
        family=Family.IPV4,
        addresses=(IPv4Address("10.0.1.9"),),
        exists=True,
        origin="private-zone",
        detail="zone Z1 answers",
    )
    found = line(
        trace=traced(resolution=name),
        choices=(
            AddressChoice(destination=IPv4Address("10.0.1.9"), source=None, because="it is near"),
        ),
        subnets=(("subnet-a", Disposition.DENIED), ("subnet-b", Disposition.DELIVERED)),
    )

    assert found["resolution"] == {
        "name": "db.example.com",
        "family": "ipv4",
        "addresses": ["10.0.1.9"],
        "origin": "private-zone",
        "exists": True,
        "detail": "zone Z1 answers",
    }
    assert found["addresses"] == [{"destination": "10.0.1.9", "because": "it is near"}]
    assert found["subnets"] == {"subnet-a": "denied", "subnet-b": "delivered"}


def test_record_that_is_not_there_is_said_and_no_address_made_up() -> None:
    """An address that stands for another one was never seen."""
    none = Resolution(
        name="x.example.com",
        family=Family.IPV6,
        addresses=(IPv4Address("192.0.2.1"),),
        exists=False,
        assumed=True,
    )
    found = line(trace=traced(resolution=none))["resolution"]

    assert found["exists"] is False
    assert "addresses" not in found


def test_hops_are_written_right_however_many_there_were() -> None:
    """What is remembered is bounded, and never mistaken for another hop."""
    writer = AnswerLines(remembered=5)
    for number in range(50):
        hop = Hop(component=Component.SUBNET, resource_id=f"subnet-{number}")
        half = HalfTrace(disposition=Disposition.DELIVERED, hops=(hop, hop))
        found = json.loads(writer.line(FlowAnswer(trace=traced(request=half))))
        names = [item["resource_id"] for item in found["request"]["hops"]]
        assert names == [f"subnet-{number}"] * 2


def test_document_is_the_line_for_people_to_read() -> None:
    """Indented, and in ASCII."""
    answer = FlowAnswer(id="ü", trace=traced())
    text = to_json(answer)

    assert text.isascii()
    assert text.startswith("{\n  ")
    assert json.loads(text) == json.loads(AnswerLines().line(answer))
