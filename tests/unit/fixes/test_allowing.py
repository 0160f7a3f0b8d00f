"""Rules and entries that let a flow through: no wider than the target is known."""

from __future__ import annotations

from typing import Any

from netprobe.analysis.tracer import trace_name
from netprobe.fixes.allowing import allow_in_acl, allow_in_group
from netprobe.model.addresses import Family
from netprobe.model.changes import AllowInAcl, AllowInGroup
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Trace
from tests.builders import (
    endpoint,
    entry,
    gateway_endpoint,
    interface,
    network_acl,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    working_vpc,
)


def traced(account: Snapshot, host: str, family: Family = Family.IPV4) -> Trace:
    return trace_name(account, source(), host, family, port=443)


def rule_for(account: Snapshot, host: str, family: Family = Family.IPV4) -> AllowInGroup:
    trace = traced(account, host, family)
    blocker = next(i for i in trace.blockers if i.component is Component.SECURITY_GROUP)
    found = allow_in_group(account, trace, blocker)
    assert found is not None
    return found


def entry_for(*entries: Any, host: str = "198.51.100.10") -> AllowInAcl | None:
    account = snapshot(*working_vpc(), network_acl(entries=entries))
    trace = traced(account, host)
    blocker = next(i for i in trace.blockers if i.component is Component.NETWORK_ACL)
    return allow_in_acl(account, trace, blocker)


NO_EGRESS = snapshot(*working_vpc(), security_group(egress=()))


def test_public_name_needs_every_address_and_one_port() -> None:
    """Its addresses change from one answer to the next."""
    assert str(rule_for(NO_EGRESS, "www.example.com")) == (
        "allow egress of tcp 443 to 0.0.0.0/0 in sg-1"
    )
    assert rule_for(NO_EGRESS, "www.example.com", Family.IPV6).peer == "::/0"


def test_address_that_was_asked_for_is_all_that_is_allowed() -> None:
    assert rule_for(NO_EGRESS, "198.51.100.10").peer == "198.51.100.10/32"
    assert rule_for(NO_EGRESS, "3fff:a::10", Family.IPV6).peer == "3fff:a::10/128"


def test_gateway_endpoint_is_allowed_by_its_prefix_list() -> None:
    out = (route("pl-s3", "vpce-s3"), route("0.0.0.0/0", "nat-1"))
    account = snapshot(
        *working_vpc(),
        security_group(egress=()),
        route_table(routes=out),
        gateway_endpoint(),
        prefix_list(),
    )
    assert rule_for(account, "s3.us-east-1.amazonaws.com").peer == "pl-s3"


def test_interface_endpoint_and_function_allow_each_others_group() -> None:
    held = (
        endpoint("vpce-1", "ssm"),
        interface("eni-endpoint", "10.0.1.70", group_ids=("sg-endpoint",)),
        security_group("sg-endpoint", egress=()),
    )
    closed = snapshot(*working_vpc(), *held, security_group(egress=()))
    opened = snapshot(*working_vpc(), *held)

    assert str(rule_for(closed, "ssm.us-east-1.amazonaws.com")) == (
        "allow egress of tcp 443 to sg-endpoint in sg-1"
    )
    assert str(rule_for(opened, "ssm.us-east-1.amazonaws.com")) == (
        "allow ingress of tcp 443 from sg-1 in sg-endpoint"
    )


def test_entry_stands_in_front_of_the_first_that_denies() -> None:
    out = entry(100, "allow", egress=True)
    found = entry_for(out, entry(30, "deny", port="22"), entry(31, "deny"), entry(32, "allow"))

    assert found is not None
    assert found.rule_number == 20  # the next round one; 30 is taken
    assert str(found.cidr) == "10.0.1.0/24"  # the NAT gateway's subnet hears the source's
    unrounded = entry_for(out, entry(5, "deny"))
    assert unrounded is not None
    assert unrounded.rule_number == 4


def test_entry_comes_last_where_only_none_allows() -> None:
    out = entry(100, "allow", egress=True)
    found = entry_for(out, entry(114, "allow", port="22"))

    assert found is not None
    assert (found.rule_number, found.egress) == (120, False)


def test_no_number_is_left_in_front_of_entry_one() -> None:
    assert entry_for(entry(100, "allow", egress=True), entry(1, "deny")) is None


def test_reference_rule_does_not_count_as_an_address() -> None:
    account = snapshot(*working_vpc(), security_group(egress=(rule("sg-9"),)))

    assert rule_for(account, "www.example.com").peer == "0.0.0.0/0"
