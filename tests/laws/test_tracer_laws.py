"""What holds of every trace, whatever the snapshot."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from netprobe.analysis.tracer import trace_flow, trace_name
from netprobe.model.addresses import Family
from netprobe.model.flow import Flow, Source
from netprobe.model.resources import SecurityGroup, SecurityGroupRule
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition, Half, Reason, Trace
from tests.builders import ALLOW_ALL_RULES, flow, gap, snapshot, without, working_vpc
from tests.strategies import NAMES, addresses, flows, groups, rules, snapshots, sources


def hold(trace: Trace) -> None:
    """Assert what a trace promises about itself."""
    delivered = trace.disposition is Disposition.DELIVERED
    assert not (delivered and (trace.blockers or trace.unread))
    assert (trace.disposition is Disposition.UNKNOWN) <= bool(trace.warnings)
    assert bool(trace.unread) == any(item.reason is Reason.UNREAD for item in trace.warnings)
    halves = [item.half for item in trace.blockers]
    assert halves == sorted(halves, key=lambda half: half is Half.REPLY)
    hops = (*trace.request.hops, *trace.reply.hops)
    assert sum(hop.blocks for hop in hops) == len(trace.blockers)


@given(snapshots(), flows())
def test_a_flow_never_raises_and_its_trace_is_consistent(shot: Snapshot, asked: Flow) -> None:
    hold(trace_flow(shot, asked))


@given(
    snapshots(),
    sources(),
    st.sampled_from(NAMES),
    st.sampled_from(list(Family)),
    st.lists(addresses, max_size=2),
)
def test_a_name_never_raises_and_its_trace_is_consistent(
    shot: Snapshot, start: Source, name: str, family: Family, seen: list[object]
) -> None:
    trace = trace_name(shot, start, name, family, port=443, observed=tuple(seen))  # type: ignore[arg-type] # hypothesis draws addresses
    hold(trace)
    assert trace.flow.family is family


@given(snapshots(), flows())
def test_the_same_question_has_the_same_answer(shot: Snapshot, asked: Flow) -> None:
    assert trace_flow(shot, asked) == trace_flow(replace(shot), asked)


@given(
    group=groups(),
    rule=rules(),
    first=st.booleans(),
    destination=st.sampled_from(("198.51.100.10", "3fff:a::10")),
)
def test_adding_an_allow_never_closes_a_flow(
    *, group: SecurityGroup, rule: SecurityGroupRule, first: bool, destination: str
) -> None:
    more = (rule, *group.egress) if first else (*group.egress, rule)
    before, after = (
        trace_flow(snapshot(*working_vpc(), item), flow(destination))
        for item in (group, replace(group, egress=more))
    )
    if before.disposition is Disposition.DELIVERED:
        assert after.disposition is Disposition.DELIVERED
    assert len(after.blockers) <= len(before.blockers)


@given(groups())
def test_a_group_that_allows_all_makes_the_others_irrelevant(group: SecurityGroup) -> None:
    wide = replace(group, egress=(*group.egress, *ALLOW_ALL_RULES))
    assert trace_flow(snapshot(*working_vpc(), wide), flow()).disposition is Disposition.DELIVERED


ON_THE_PATH = {
    "ec2:DescribeSubnets": ("subnet-private",),
    "ec2:DescribeRouteTables": ("rtb-private", "rtb-public", "rtb-main"),
    "ec2:DescribeNetworkAcls": ("acl-1",),
    "ec2:DescribeSecurityGroups": ("sg-1",),
    "ec2:DescribeInternetGateways": ("igw-1",),
    "ec2:DescribeNatGateways": ("nat-1",),
}


@given(st.sets(st.sampled_from(sorted(ON_THE_PATH)), min_size=1))
def test_gaps_on_the_path_are_unknown_and_name_a_call(calls: set[str]) -> None:
    removed = [item for call in calls for item in ON_THE_PATH[call]]
    shot = snapshot(*without(working_vpc(), *removed), *map(gap, sorted(calls)))
    trace = trace_flow(shot, flow())
    assert (trace.disposition, trace.blockers) == (Disposition.UNKNOWN, ())
    assert trace.unread
    assert set(trace.unread) <= calls


@given(snapshots(), flows())
def test_a_flow_through_an_unknown_group_is_never_delivered(shot: Snapshot, asked: Flow) -> None:
    """Unless it is for the source itself, which nothing stands in front of."""
    own = shot.network_interface(asked.source.interface_id or "")
    assume(own is None or asked.destination not in own.addresses)
    start = replace(asked.source, security_group_ids=("sg-9",))
    trace = trace_flow(shot, replace(asked, source=start, port=443))
    assert trace.disposition is not Disposition.DELIVERED
