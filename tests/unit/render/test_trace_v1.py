"""A trace as JSON values."""

from __future__ import annotations

from pydantic import TypeAdapter

from netprobe.analysis.tracer import Tracer
from netprobe.render.trace_v1 import TraceV1, trace_to_v1
from tests.builders import flow, security_group, snapshot, working_vpc


def test_a_detailed_trace_is_of_the_shape_that_is_promised() -> None:
    """With every rule, entry and route that was looked at."""
    account = snapshot(*working_vpc(), security_group(egress=()))
    document = trace_to_v1(Tracer(account, in_detail=True).trace(flow()))

    assert TypeAdapter(TraceV1).validate_python(document, strict=False) == document
    assert document["disposition"] == "denied"
    assert [item["component"] for item in document["considered"][:2]] == [
        "security-group",
        "network-acl",
    ]
    route = next(i for i in document["considered"] if i["component"] == "route-table")
    assert {rule["port"] for rule in route["rules"]} == {None}
