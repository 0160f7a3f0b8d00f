"""Which path fares otherwise, and which fact made it."""

from __future__ import annotations

from netprobe.model.comparison import Comparison, Course, Side
from netprobe.model.report import PathVerdict
from netprobe.model.snapshot import Snapshot
from netprobe.render.json_v1 import to_document
from netprobe.workflows.check import CheckRequest
from netprobe.workflows.comparing import compare_reports, compare_snapshots, side_of_snapshot
from netprobe.workflows.report_sides import side_of_report
from netprobe.workflows.sources import Wanted
from tests.builders import (
    entry,
    function,
    gap,
    nat_gateway,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    subnet,
    without,
    working_vpc,
)
from tests.reports import capabilities, report_of_step

TARGET = "https://example.com"


def report_side(step: int) -> Side:
    return side_of_report(to_document(report_of_step(step)), f"{step}.json")


def judged(shot: Snapshot, *subnets: str, target: str = TARGET) -> tuple[Side, Snapshot]:
    request = CheckRequest(
        vpc_id="vpc-1", targets=(target,), probe=False, wanted=Wanted(subnet_ids=subnets)
    )
    return side_of_snapshot(request, capabilities(shot), "shot"), shot


def compared(before: Snapshot, now: Snapshot, *subnets: str) -> Comparison:
    return compare_snapshots(judged(before, *subnets), judged(now, *subnets))


WORKING = snapshot(*working_vpc())
NO_IPV4 = snapshot(*working_vpc(), route_table("rtb-private", routes=[route("::/0", "eigw-1")]))


def only(comparison: Comparison) -> tuple[str, ...]:
    """Return the facts of the one path that fares otherwise."""
    (difference,) = comparison.paths
    return tuple(f"{i.resource_id} {i.change} {i.was} {i.now}" for i in difference.facts)


def test_route_that_went_is_named_with_the_path_it_closed() -> None:
    """The table's route, and not the one that IPv6 still takes."""
    found = compared(WORKING, NO_IPV4, "subnet-private")

    (difference,) = found.paths
    assert difference.course is Course.WORSE
    assert difference.change.was is PathVerdict.WORKS
    assert only(found) == ("rtb-private removed 0.0.0.0/0 -> nat-1 None",)
    assert found.course is Course.WORSE
    assert [item.code for item in found.new_findings]


def test_primary_fact_comes_before_what_only_lies_on_the_way() -> None:
    """A rule for SSH and a denied reply: the entry decides, the rule is told beside it."""
    denied = network_acl(
        entries=[entry(90, "deny"), entry(100, "allow"), entry(100, "allow", egress=True)]
    )
    group = security_group("sg-1", ingress=[rule("192.0.2.0/24", port="22")])
    found = compared(WORKING, snapshot(*working_vpc(), denied, group), "subnet-private")

    over_ipv4 = next(i for i in found.paths if i.change.key.family == "ipv4")
    assert over_ipv4.course is Course.WORSE
    assert over_ipv4.facts[0].resource_id == "acl-1"
    assert "entry 90 denies" in str(over_ipv4.facts[0].now)
    assert [item.resource_id for item in over_ipv4.facts] == ["acl-1"] * len(over_ipv4.facts)


def test_fact_off_the_way_is_listed_and_blamed_for_nothing() -> None:
    """A gateway that no route leads to changes no path."""
    found = compared(WORKING, snapshot(*working_vpc(), nat_gateway("nat-9")), "subnet-private")
    assert found.paths == ()
    assert [item.resource_id for item in found.facts] == ["nat-9"]
    assert found.course is Course.SAME


def test_what_could_not_be_read_any_more_makes_a_path_unknown_and_no_worse() -> None:
    """Nobody saw it close."""
    blind = snapshot(*without(working_vpc(), "acl-1"), gap("ec2:DescribeNetworkAcls"))
    found = compared(WORKING, blind, "subnet-private")
    assert {item.course for item in found.paths} == {Course.UNCERTAIN}
    assert found.course is Course.UNCERTAIN
    assert not any(item.resource_id == "acl-1" for item in found.facts)
    assert found.not_compared


def test_without_a_question_only_facts_are_told() -> None:
    """A snapshot alone asks nothing."""
    found = compare_snapshots((Side(name="a"), WORKING), (Side(name="b"), NO_IPV4))
    assert found.paths == ()
    assert [item.was for item in found.facts] == ["0.0.0.0/0 -> nat-1"]


def test_subnet_that_stood_for_another_counts_as_both() -> None:
    """A table of its own splits a class; the path from each subnet is still the same path."""
    second = subnet("subnet-second", ipv4="10.0.3.0/24", ipv6="2001:db8:1:3::/64")
    routes = [route("0.0.0.0/0", "nat-1"), route("::/0", "eigw-1")]
    acl = network_acl(subnets=["subnet-private", "subnet-public", "subnet-second"])
    shared = route_table("rtb-private", routes=routes, subnets=["subnet-private", "subnet-second"])
    before = snapshot(*working_vpc(), second, acl, shared)
    now = snapshot(
        *working_vpc(),
        second,
        acl,
        route_table("rtb-private", routes=routes, subnets=["subnet-private"]),
        route_table("rtb-second", routes=[route("::/0", "eigw-1")], subnets=["subnet-second"]),
    )

    found = compared(before, now)

    assert (found.gone_paths, found.new_paths) == ((), ())
    (difference,) = found.paths
    assert str(difference.change.key) == f"subnet-second -> {TARGET} (ipv4)"
    assert difference.course is Course.WORSE
    assert {item.resource_id for item in difference.facts} == {"rtb-second", "rtb-private"}


def test_flag_of_the_function_is_the_fact_of_its_paths() -> None:
    """The function has it, not the subnet."""
    off, on = (
        snapshot(*working_vpc(), function(ipv6_allowed=allowed)) for allowed in (False, True)
    )
    address = "https://[2606:4700::1111]"
    found = compare_snapshots(judged(off, target=address), judged(on, target=address))
    (opened,) = found.paths
    assert opened.course is Course.BETTER
    assert [(item.resource_id, item.was, item.now) for item in opened.facts] == [
        ("notify", "off", "on")
    ]


def test_block_that_went_opens_nothing_where_the_name_is_not_known() -> None:
    """Nobody knows whether example.com has an AAAA record: no packet was sent."""
    off, on = (
        snapshot(*working_vpc(), function(ipv6_allowed=allowed)) for allowed in (False, True)
    )
    (difference,) = compared(off, on).paths
    assert difference.course is Course.UNCERTAIN
    assert [item.resource_id for item in difference.facts] == ["notify"]


def test_reports_of_the_story_tell_which_step_opened_the_path() -> None:
    """The last of its four fixes opens it; the ones before take one block away each."""
    courses = [compare_reports(report_side(n), report_side(n + 1)).course for n in range(4)]
    assert courses == [Course.SAME, Course.SAME, Course.SAME, Course.BETTER]
    whole = compare_reports(report_side(0), report_side(4))
    opened = next(item for item in whole.paths if item.course is Course.BETTER)
    assert len(opened.change.gone) == 4
    assert any("::/0 -> eigw-" in str(item.now) for item in opened.facts)
    assert "NP404" in {item.code for item in whole.gone_findings}


def test_path_that_only_one_asked_about_is_no_change() -> None:
    """It is told as such, and makes nothing better or worse."""
    side = report_side(0)
    fewer = report_side(0)
    cut = Side(name="b", sources=fewer.sources, targets=fewer.targets, paths=fewer.paths[1:])
    found = compare_reports(side, cut)
    assert found.gone_paths == (side.paths[0].key,)
    assert compare_reports(cut, side).new_paths == found.gone_paths
    assert found.course is Course.SAME
