"""Flows over one snapshot: both ends found, the family chosen, the worst subnet told."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.errors import NetprobeError
from netprobe.model.addresses import Family
from netprobe.model.answer import FlowAnswer
from netprobe.model.changes import AllowInGroup, UseDualStackName
from netprobe.model.flow import ICMP
from netprobe.model.ports import EPHEMERAL, PortSet
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition, Trace
from netprobe.workflows.flow_requests import FlowRequest
from netprobe.workflows.trace import FlowTracer, Memory, TraceScope
from tests.builders import (
    PUBLIC_IPV4,
    PUBLIC_IPV6,
    api,
    function,
    gap,
    interface,
    route_table,
    rule,
    security_group,
    snapshot,
    subnet,
    working_vpc,
)

OPEN = security_group("sg-open", ingress=(rule("0.0.0.0/0"), rule("::/0")))
APP = interface("eni-app", "10.0.1.20", "2001:db8:1:1::20", group_ids=("sg-1",))
DATA = interface(
    "eni-db", "10.0.9.30", "2001:db8:1:9::30", subnet_id="subnet-public", group_ids=("sg-open",)
)
V4 = interface("eni-v4", "10.0.9.40", subnet_id="subnet-public", group_ids=("sg-open",))
V6 = interface("eni-v6", "2001:db8:1:9::50", subnet_id="subnet-public", group_ids=("sg-open",))


class NoHosts:
    """No service is asked for here."""

    def host(self, service: str, *, dual_stack: bool) -> str:
        raise NetprobeError("unknown-service", f"{service} {dual_stack}")


def world(*items: Any) -> Snapshot:
    return snapshot(*working_vpc(), OPEN, APP, DATA, V4, V6, *items)


def ask(source: str, destination: str, *items: Any, **fields: Any) -> FlowAnswer:
    request = FlowRequest(source=source, destination=destination, **({"port": 443} | fields))
    return FlowTracer(world(*items), NoHosts()).answer(request, "flow-1")


def trace(source: str, destination: str, *items: Any, **fields: Any) -> Trace:
    found = ask(source, destination, *items, **fields).trace
    assert found is not None
    return found


@pytest.mark.parametrize("destination", [PUBLIC_IPV4, PUBLIC_IPV6, "10.0.9.30", "eni-db"])
def test_flow_is_traced_and_keeps_its_id(destination: str) -> None:
    """There and back."""
    answer = ask("eni-app", destination)

    assert answer.id == "flow-1"
    assert answer.disposition is Disposition.DELIVERED
    assert answer.trace is not None
    assert answer.trace.request.hops
    assert answer.trace.reply.hops


@pytest.mark.parametrize(
    ("source", "destination", "family", "address"),
    [
        ("eni-app", "eni-db", None, "10.0.9.30"),
        ("eni-app", "eni-db", Family.IPV6, "2001:db8:1:9::30"),
        ("eni-app", "eni-v6", None, "2001:db8:1:9::50"),
        ("2001:db8:1:1::20", "eni-db", None, "2001:db8:1:9::30"),
        ("subnet-private", "eni-db", None, "10.0.9.30"),
        ("subnet-private", "eni-v6", None, "2001:db8:1:9::50"),
    ],
)
def test_family_between_two_interfaces(
    source: str, destination: str, family: Family | None, address: str
) -> None:
    """The one asked for, else that of the source's address, else IPv4 if both ends have it."""
    default = security_group("sg-default", group_name="default")

    found = trace(source, destination, default, family=family)
    assert str(found.flow.destination) == address


@pytest.mark.parametrize(
    ("source", "destination", "family", "says"),
    [
        ("10.0.1.20", PUBLIC_IPV6, None, "is IPv6, the flow is IPv4"),
        ("eni-app", PUBLIC_IPV6, Family.IPV4, "is IPv6, the flow is IPv4"),
        ("10.0.1.20", "eni-db", Family.IPV6, "10.0.1.20 is IPv4, the flow is IPv6"),
        ("eni-app", "eni-v4", Family.IPV6, "eni-v4 has IPv4, the flow needs IPv6"),
        ("eni-v4", "eni-v6", None, "eni-v6 has IPv6, the flow needs a family both ends have"),
    ],
)
def test_flow_of_two_families_cannot_be_asked(
    source: str, destination: str, family: Family | None, says: str
) -> None:
    """The other end's answer would be about another flow."""
    answer = ask(source, destination, family=family)

    assert says in answer.error
    assert answer.disposition is None


def test_unknown_ends_are_errors() -> None:
    """With the nearest there is."""
    assert "did you mean eni-app" in ask("eni-apq", "eni-db").error
    assert "did you mean eni-db" in ask("eni-app", "eni-dc").error
    assert "no AWS service" not in ask("eni-app", "service:x").error


def test_end_that_was_not_read_makes_the_answer_unknown() -> None:
    """Naming the call."""
    answer = ask("eni-9", "eni-db", gap("ec2:DescribeNetworkInterfaces"))

    assert answer.disposition is Disposition.UNKNOWN
    assert [item.call for item in answer.gaps] == ["ec2:DescribeNetworkInterfaces"]


def test_unread_call_on_the_way_is_named_with_its_iam_action() -> None:
    """Nobody must look it up."""
    found = snapshot(*working_vpc()[:3], *working_vpc()[10:], APP, gap("ec2:DescribeRouteTables"))
    request = FlowRequest(source="eni-app", destination=PUBLIC_IPV4, port=443)
    answer = FlowTracer(found, NoHosts()).answer(request)

    assert answer.disposition is Disposition.UNKNOWN
    assert "ec2:DescribeRouteTables" in [item.iam_action for item in answer.gaps]


def test_answer_that_was_read_in_part_is_a_gap_too() -> None:
    """What refers to something that the answer lacks makes it unknown, and says what to allow."""
    found = snapshot(*working_vpc(), interface("eni-app", "10.0.1.20", group_ids=("sg-gone",)))
    request = FlowRequest(source="eni-app", destination=PUBLIC_IPV4, port=443)
    answer = FlowTracer(found, NoHosts()).answer(request)

    assert [(item.call, item.error) for item in answer.gaps] == [
        ("ec2:DescribeSecurityGroups", "the answer lacks something on the way")
    ]


def test_block_public_access_that_was_not_read_counts_as_off_and_is_remarked() -> None:
    """Only where a flow crosses to the internet, which is where it would count."""
    unread = gap("ec2:DescribeVpcBlockPublicAccessOptions")
    out = ask("eni-app", PUBLIC_IPV4, unread)

    assert out.disposition is Disposition.DELIVERED
    (remark,) = out.remarks
    assert remark.startswith("VPC Block Public Access was not read and counts as off: allow ec2:")
    assert ask("eni-app", "eni-db", unread).remarks == ()
    assert ask("eni-app", PUBLIC_IPV4).remarks == ()


def test_source_port_is_the_only_one_the_reply_comes_back_to() -> None:
    """Without one it may be any ephemeral port."""
    known = trace("eni-app", PUBLIC_IPV4, source_port=50000)

    assert known.flow.source_ports == PortSet.of(50000)
    assert trace("eni-app", PUBLIC_IPV4).flow.source_ports == EPHEMERAL


def test_icmp_takes_the_family_of_its_destination() -> None:
    """One name for both."""
    assert trace("eni-app", PUBLIC_IPV4, protocol=ICMP, port=0).flow.family is Family.IPV4
    assert trace("eni-app", PUBLIC_IPV6, protocol=ICMP, port=0).flow.family is Family.IPV6


def test_function_fares_as_in_its_worst_subnet() -> None:
    """Any of them may run an invocation, so one that fails is told, and which."""
    cut_off = subnet("subnet-cut-off", "10.0.5.0/24", None)
    alone = route_table("rtb-cut-off", (), ("subnet-cut-off",))
    both = function(subnet_ids=("subnet-private", "subnet-cut-off"))
    answer = ask("function:notify", PUBLIC_IPV4, cut_off, alone, both)

    assert answer.disposition is Disposition.NO_ROUTE
    assert answer.trace is not None
    assert answer.trace.flow.source.subnet_id == "subnet-cut-off"
    assert answer.subnets == (
        ("subnet-private", Disposition.DELIVERED),
        ("subnet-cut-off", Disposition.NO_ROUTE),
    )


def test_function_in_one_subnet_has_no_list_of_subnets() -> None:
    """There is nothing to choose."""
    answer = ask("function:notify", PUBLIC_IPV4, function())

    assert answer.disposition is Disposition.DELIVERED
    assert answer.subnets == ()


def test_name_is_resolved_as_the_source_would() -> None:
    """Over IPv6 where both have it, else over IPv4."""
    dual = api(ip_address_type="dualstack")

    assert trace("eni-app", "api:abc123", dual).flow.family is Family.IPV6
    assert trace("eni-app", "api:abc123", api()).flow.family is Family.IPV4
    assert trace("eni-v4", "api:abc123", dual).flow.family is Family.IPV4
    asked = trace("eni-app", "api:abc123", api(), family=Family.IPV6)
    assert asked.disposition is Disposition.NO_ROUTE
    assert asked.resolution is not None
    assert asked.resolution.exists is False


def test_name_whose_aaaa_record_nobody_knows_is_walked_over_ipv4() -> None:
    """Which is what a client falls back to; that, and how to ask otherwise, is said."""
    answer = ask("eni-app", "www.example.com")

    assert answer.trace is not None
    assert answer.trace.flow.family is Family.IPV4
    assert answer.remarks == (
        ("whether www.example.com has an AAAA record is not known; this is the way over IPv4"),
    )
    asked = ask("eni-app", "www.example.com", family=Family.IPV6)
    assert asked.trace is not None
    assert asked.trace.flow.family is Family.IPV6
    assert asked.remarks == ()
    alone = trace("eni-v6", "www.example.com")
    assert alone.flow.family is Family.IPV6


def test_groups_of_the_command_line_are_those_of_subnets_and_functions() -> None:
    """Interfaces keep their own."""
    shut = security_group("sg-shut", egress=())
    scope = TraceScope(security_group_ids=("sg-shut",))
    tracer = FlowTracer(world(shut, function()), NoHosts(), scope)
    found = {
        name: tracer.ask(FlowRequest(source=name, destination=PUBLIC_IPV4, port=443)).disposition
        for name in ("subnet-private", "function:notify", "eni-app")
    }

    assert found == {
        "subnet-private": Disposition.DENIED,
        "function:notify": Disposition.DENIED,
        "eni-app": Disposition.DELIVERED,
    }


def test_memory_is_bounded() -> None:
    """However many names a file has, and still each is looked up right."""
    memory: Memory[int, int] = Memory(lambda key: key * 2, most=10)

    assert [memory(key) for key in (*range(25), *range(25))] == [2 * k for k in range(25)] * 2
    assert len(memory.known) <= 10


def test_changes_that_are_assumed_are_walked_and_told() -> None:
    """A rule that is only proposed opens the way, and the answer says what it hangs on."""
    closed = security_group("sg-open", ingress=())
    change = AllowInGroup(
        group_id="sg-open", egress=False, protocol=6, ports=PortSet.of(443), peer_group_id="sg-1"
    )
    request = FlowRequest(source="eni-app", destination="10.0.9.30", protocol=6, port=443)
    account = world(closed)

    before = FlowTracer(account, NoHosts()).answer(request)
    after = FlowTracer(account, NoHosts(), TraceScope(assumed=(change,))).answer(request)

    assert before.disposition is Disposition.DENIED
    assert before.remarks == ()
    assert after.disposition is Disposition.DELIVERED
    assert after.remarks == (f"assumed: {change}",)


def test_name_that_is_assumed_for_another_is_resolved_instead() -> None:
    """As a client with the SDK's dual-stack setting asks."""
    change = UseDualStackName(
        target_id="service:s3", host="s3.example", dual_stack_host="s3.dualstack.example"
    )
    tracer = FlowTracer(world(), NoHosts(), TraceScope(assumed=(change,)))
    answer = tracer.answer(
        FlowRequest(source="eni-app", destination="s3.example", protocol=6, port=443)
    )

    assert answer.trace is not None
    assert answer.trace.resolution is not None
    assert answer.trace.resolution.name == "s3.dualstack.example"
