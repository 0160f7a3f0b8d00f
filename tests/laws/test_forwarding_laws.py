"""What holds of every trace through several VPCs, whatever joins them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netprobe.analysis.compiled_routes import CompiledTable
from netprobe.analysis.tracer import Tracer, trace_flow
from netprobe.model.addresses import Address
from netprobe.model.flow import Flow
from netprobe.model.resources import NetworkAclEntry, Route, SecurityGroupRule
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition, Half, Reason
from tests.builders import (
    entry,
    flow,
    gap,
    network_acl,
    route,
    route_table,
    security_group,
    snapshot,
    without,
    working_vpc,
)
from tests.connected import connected_snapshots, joined_flows
from tests.interconnect import FAR, PEERED, TRANSIT, far_group
from tests.laws.test_tracer_laws import hold
from tests.strategies import addresses, entries, routes, rules


@given(connected_snapshots(), joined_flows())
def test_a_flow_never_raises_and_its_trace_is_consistent(shot: Snapshot, asked: Flow) -> None:
    answer = trace_flow(shot, asked)
    hold(answer)
    halves = (answer.request.disposition, answer.reply.disposition)
    if answer.disposition is Disposition.DELIVERED:
        assert halves == (Disposition.DELIVERED, Disposition.DELIVERED)


@given(connected_snapshots(), st.lists(joined_flows(), min_size=2, max_size=6))
def test_what_was_traced_before_changes_no_answer(shot: Snapshot, asked: list[Flow]) -> None:
    tracer = Tracer(shot)
    first = [tracer.trace(item) for item in asked]
    assert [tracer.trace(item) for item in reversed(asked)][::-1] == first
    assert [trace_flow(shot, item) for item in asked] == first


@given(st.sampled_from((PEERED, TRANSIT)), st.lists(rules(), max_size=4), rules())
def test_adding_an_allow_at_the_far_end_never_closes_a_flow(
    joined: tuple[Any, ...], some: list[SecurityGroupRule], more: SecurityGroupRule
) -> None:
    before, after = (
        trace_flow(
            snapshot(
                *working_vpc(), *joined, security_group("sg-far", ingress=item, vpc_id="vpc-2")
            ),
            flow(FAR),
        )
        for item in (some, [more, *some])
    )
    assert len(after.blockers) <= len(before.blockers)
    if before.disposition is Disposition.DELIVERED:
        assert after.disposition is Disposition.DELIVERED


@given(st.lists(entries(), max_size=5), st.booleans())
def test_an_acl_that_first_allows_all_blocks_nothing(
    some: list[NetworkAclEntry],
    egress: bool,  # noqa: FBT001 # hypothesis draws it
) -> None:
    acl = network_acl(entries=[*some, entry(0, "allow", egress=egress)])
    answer = trace_flow(snapshot(*working_vpc(), acl), flow())
    half = Half.REQUEST if egress else Half.REPLY
    found = [item for item in answer.blockers if item.half is half]
    assert [item for item in found if item.subnet_id == "subnet-private"] == []


@given(st.lists(routes(), max_size=8), addresses)
def test_a_host_route_decides_where_a_flow_goes(some: list[Route], destination: Address) -> None:
    host = route(str(destination), "lgw-1")
    compiled = CompiledTable(snapshot(), route_table(routes=[*some, host]))
    found = compiled.lookup(destination.version, int(destination))
    assert found is not None
    assert found.prefix == host.destination


ON_THE_PATH = {
    "ec2:DescribeVpcPeeringConnections": (PEERED, ("pcx-1",)),
    "ec2:DescribeTransitGatewayVpcAttachments": (TRANSIT, ("att-near",)),
    "ec2:SearchTransitGatewayRoutes": (TRANSIT, ("tgw-rtb-1",)),
    "ec2:DescribeNetworkInterfaces": (PEERED, ("eni-far",)),
    "ec2:DescribeSecurityGroups": (PEERED, ("sg-far",)),
    "ec2:DescribeNetworkAcls": (TRANSIT, ("acl-far-tgw",)),
    "ec2:DescribeRouteTables": (TRANSIT, ("rtb-far-tgw",)),
}


@given(st.sampled_from(sorted(ON_THE_PATH)))
def test_a_gap_on_the_path_is_unknown_and_names_the_call(call: str) -> None:
    joined, removed = ON_THE_PATH[call]
    items = without((*working_vpc(), *joined), *removed)
    answer = trace_flow(snapshot(*items, gap(call)), flow(FAR))
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())
    assert answer.unread == (call,)


def test_a_blocked_reference_stays_blocked_whatever_reads_it() -> None:
    shot = snapshot(*working_vpc(), *TRANSIT, far_group("sg-1"))
    tracer = Tracer(shot)
    reasons = [[item.reason for item in tracer.trace(flow(FAR)).blockers] for _ in range(2)]
    assert reasons == [[Reason.INGRESS_NOT_ALLOWED]] * 2
