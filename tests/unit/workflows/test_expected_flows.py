"""Expectations that are held against the configuration alone."""

from __future__ import annotations

import pytest

from netprobe.errors import NetprobeError, UsageError
from netprobe.model.expectation import Expectation, JudgedExpectation, Kept, Must, Over
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Database
from netprobe.workflows.expected_flows import judge_flows
from netprobe.workflows.trace import FlowTracer
from tests.builders import (
    function,
    gap,
    route_table,
    rule,
    security_group,
    snapshot,
    subnet,
)
from tests.reports import PlainHosts
from tests.unit.diagnosis.cases import API, changed

OPEN = snapshot(*changed(function("fn")))
CLOSED = snapshot(*changed(function("fn"), route_table(routes=())))
KEPT, BROKEN, UNKNOWN = Kept.KEPT, Kept.BROKEN, Kept.UNKNOWN
NOT_WORK = Must.NOT_WORK
FROM = "function:fn"


def judged(account: Snapshot, expectation: Expectation) -> JudgedExpectation:
    (one,) = judge_flows((expectation,), FlowTracer(account, PlainHosts()))
    return one


STATES = [
    (OPEN, Expectation(source="function:fn", target="api:abc123", over=Over.BOTH), KEPT),
    (OPEN, Expectation(source=FROM, target="api:abc123/prod"), KEPT),
    (OPEN, Expectation(source=FROM, target="https://203.0.113.9:8443/x", over=Over.IPV4), KEPT),
    (OPEN, Expectation(source=FROM, target="203.0.113.9"), KEPT),
    (OPEN, Expectation(source=FROM, target="udp://203.0.113.9:53", must=NOT_WORK), BROKEN),
    (CLOSED, Expectation(source=FROM, target="api:abc123"), BROKEN),
    (CLOSED, Expectation(source=FROM, target="api:abc123", must=NOT_WORK), KEPT),
    (CLOSED, Expectation(source=FROM, target="tcp://203.0.113.9:5432", must=NOT_WORK), KEPT),
]


@pytest.mark.parametrize(("account", "expectation", "expected"), STATES)
def test_walks_keep_and_break_expectations(
    account: Snapshot, expectation: Expectation, expected: Kept
) -> None:
    """However the target is written."""
    assert judged(account, expectation).state is expected


def test_database_is_walked_to_at_its_port() -> None:
    """Which its ARN leaves out: the group lets one port of the two through."""
    arn = "arn:aws:rds:us-east-1:123456789012"
    found = {
        port: judged(
            snapshot(
                *changed(
                    function("fn"),
                    security_group(egress=(rule("0.0.0.0/0", "8182"),)),
                    Database(
                        database_arn=f"{arn}:cluster:graph",
                        engine="neptune",
                        host="203.0.113.9",
                        port=port,
                    ),
                )
            ),
            Expectation(source=FROM, target=f"{arn}:cluster:graph", over=Over.ANY),
        ).state
        for port in (8182, 5432)
    }

    assert found == {8182: KEPT, 5432: BROKEN}


def test_broken_flow_names_what_stops_it() -> None:
    """There are no findings without a check, so the block itself is named."""
    found = judged(CLOSED, Expectation(source=FROM, target="203.0.113.9"))

    assert found.says == (
        "IPv4 blocked from function:fn: 203.0.113.9 goes nowhere: rtb-private has no route to it"
    )


def test_unread_configuration_keeps_nothing() -> None:
    """Not even a flow that must not work."""
    account = snapshot(
        *changed(function("fn"), gone=("acl-1",)), gaps=(gap("ec2:DescribeNetworkAcls"),)
    )

    found = judged(account, Expectation(source=FROM, target="203.0.113.9", must=NOT_WORK))

    assert found.state is UNKNOWN


def test_function_that_works_from_one_subnet_works() -> None:
    """Its other subnet does not make up for a flow that must not work."""
    account = snapshot(
        *changed(
            function("fn", subnet_ids=("subnet-private", "subnet-more")),
            subnet("subnet-more", "10.0.9.0/24", "2001:db8:1:9::/64"),
            route_table("rtb-more", subnets=("subnet-more",)),
        )
    )
    start = Expectation(source="function:fn", target="203.0.113.9", over=Over.IPV4)
    works = judged(account, start)
    fails = judged(
        account,
        Expectation(source="function:fn", target="203.0.113.9", over=Over.IPV4, must=NOT_WORK),
    )

    assert (works.state, [key.source for key in works.paths]) == (BROKEN, ["subnet-more"])
    assert (fails.state, [key.source for key in fails.paths]) == (BROKEN, ["subnet-private"])


REFUSED = [
    (Expectation(target="203.0.113.9"), UsageError, "a trace starts somewhere"),
    (Expectation(source=FROM, target="203.0.113.9", over=Over.BOTH), UsageError, "IPv6"),
    (Expectation(source=FROM, target="dns://a.example"), UsageError, "sends no question"),
    (Expectation(source="subnet-priv", target="203.0.113.9"), NetprobeError, "subnet-priv"),
    (Expectation(source=FROM, target=f"api:{API.api_id}4"), NetprobeError, "abc1234"),
]


@pytest.mark.parametrize(("expectation", "kind", "expected"), REFUSED)
def test_flow_that_cannot_be_asked_is_named(
    expectation: Expectation, kind: type[NetprobeError], expected: str
) -> None:
    """It counts neither as kept nor as broken."""
    with pytest.raises(kind, match=expected):
        judged(OPEN, expectation)
