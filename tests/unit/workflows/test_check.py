"""The main job with everything outside it replaced: what is asked, joined and reported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.errors import NetprobeError, UsageError
from netprobe.model.addresses import Family
from netprobe.model.changes import UseDualStackName
from netprobe.model.finding import Role
from netprobe.model.observation import Outcome
from netprobe.model.report import CleanUp, PathVerdict, Verdict, Witnesses
from netprobe.model.workloads import ApiKind
from netprobe.workflows.check import CheckRequest, prepare, run_check
from netprobe.workflows.sources import Wanted
from probe_lambda.wire import FamilyResult, ProbeResult, Stage
from tests.builders import api, function, gap, route_table, rule, security_group, snapshot
from tests.reports import NOON, FakeRunner, capabilities
from tests.unit.diagnosis.cases import API, changed

TARGET = f"api:{API.api_id}"
NOW = NOON.isoformat()
ACCOUNT = snapshot(*changed(function("fn", subnet_ids=("subnet-private",))))
BY_FUNCTION = CheckRequest(wanted=Wanted(function="fn"), targets=(TARGET,))


def family_result(target: str, family: str, outcome: str, address: str | None) -> FamilyResult:
    stages = (
        Stage(
            stage="resolve",
            outcome="reachable",
            milliseconds=1.0,
            detail={"addresses": [address] if address else []},
        ),
        Stage(stage="connect", outcome=outcome, milliseconds=2.0),
    )
    return FamilyResult(
        target=target,
        family=family,
        outcome=outcome,
        address=address,
        source_address="10.0.1.5",
        stages=stages,
    )


def answering(outcomes: dict[str, str], **fields: Any) -> FakeRunner:
    addresses = {"ipv4": "198.51.100.10", "ipv6": "3fff:a::10"}

    def answer(_function: Any, request: Any) -> ProbeResult:
        results = tuple(
            family_result(
                target.id,
                family,
                outcomes[family],
                None if outcomes[family].startswith("dns-") else addresses[family],
            )
            for target in request.targets
            for family in target.families
        )
        defaults: dict[str, Any] = {
            "results": results,
            "local_addresses": {},
            "resolvers": (),
            "started_at": NOW,
            "finished_at": NOW,
        }
        return ProbeResult(**defaults | fields)

    return FakeRunner(answer=answer)


def test_both_witnesses_are_joined_per_path() -> None:
    """One path a family, with what each witness said of it."""
    runner = answering({"ipv4": "reachable", "ipv6": "reachable"})
    report = run_check(BY_FUNCTION, capabilities(ACCOUNT, runner))

    assert report.verdict is Verdict.HEALTHY
    assert [path.key.family for path in report.paths] == [Family.IPV4, Family.IPV6]
    assert {path.witnesses for path in report.paths} == {Witnesses.AGREE}
    assert [str(path.trace.flow.destination) for path in report.paths if path.trace] == [
        "198.51.100.10",
        "3fff:a::10",
    ]
    assert runner.events == ["deploy 1", "remove"]
    assert (report.started_at, report.vpc_id) == ("2026-11-24T12:00:00Z", "vpc-1")


def test_packets_that_fail_against_the_configuration_are_a_finding() -> None:
    """The difference itself is what is reported, with low confidence."""
    runner = answering({"ipv4": "timeout", "ipv6": "timeout"})
    report = run_check(BY_FUNCTION, capabilities(ACCOUNT, runner))

    assert {path.witnesses for path in report.paths} == {Witnesses.DISAGREE}
    roots = [item.name for item in report.findings if item.role is Role.ROOT_CAUSE]
    assert roots == ["unexplained-failure"]


@pytest.mark.parametrize("call", ["route53:ListHostedZonesByVPC", "apigatewayv2:GetApis"])
def test_what_the_probe_resolved_needs_no_call_about_names(call: str) -> None:
    """A denied call leaves names open; the resolver's own answer settles them, also a none."""
    items = changed(function("fn", subnet_ids=("subnet-private",)), gone=(API.api_id,))
    account = snapshot(*items, gaps=(gap(call),))
    request = CheckRequest(wanted=Wanted(function="fn"), targets=(f"https://{API.host}/",))
    runner = answering({"ipv4": "reachable", "ipv6": "dns-nodata"})
    report = run_check(request, capabilities(account, runner))

    assert report.verdict is Verdict.HEALTHY
    assert [path.trace.unread for path in report.paths if path.trace] == [(), ()]


def test_without_a_probe_the_configuration_speaks_alone() -> None:
    """Nothing is deployed, nothing is observed."""
    runner = FakeRunner()
    request = CheckRequest(wanted=Wanted(function="fn"), targets=(TARGET,), probe=False)
    report = run_check(request, capabilities(ACCOUNT, runner))

    assert runner.events == []
    assert {path.witnesses for path in report.paths} == {Witnesses.CONFIGURATION_ONLY}
    assert all(path.observation is None for path in report.paths)


def test_one_family_only() -> None:
    """The other one is neither sent nor walked."""
    runner = answering({"ipv6": "reachable"})
    request = CheckRequest(
        wanted=Wanted(function="fn"), targets=(TARGET,), families=(Family.IPV6,)
    )
    report = run_check(request, capabilities(ACCOUNT, runner))

    assert [path.key.family for path in report.paths] == [Family.IPV6]
    assert [target.families for target in runner.requests[0].targets] == [("ipv6",)]


def test_literal_address_has_one_family() -> None:
    """Nobody asks IPv4 about an IPv6 address."""
    runner = answering({"ipv4": "not-probed", "ipv6": "reachable"})
    request = CheckRequest(wanted=Wanted(function="fn"), targets=("tcp://[3fff:c::80]:443",))
    report = run_check(request, capabilities(ACCOUNT, runner))

    assert [path.key.family for path in report.paths] == [Family.IPV6]


FAILURES = [
    (NetprobeError("probe-failed", "the probe failed", why="boom"), "boom"),
    ("the request was refused", "the request was refused"),
]


@pytest.mark.parametrize(("failure", "words"), FAILURES)
def test_probe_without_an_answer_leaves_its_subnet_to_the_configuration(
    failure: NetprobeError | str, words: str
) -> None:
    """The report says so, and is there."""
    if isinstance(failure, str):
        runner = answering({"ipv4": "reachable", "ipv6": "reachable"}, results=(), error=failure)
    else:

        def fail(*_: Any) -> ProbeResult:
            raise failure

        runner = FakeRunner(answer=fail)
    report = run_check(BY_FUNCTION, capabilities(ACCOUNT, runner))

    assert {path.witnesses for path in report.paths} == {Witnesses.CONFIGURATION_ONLY}
    assert any("subnet-private gave no answer" in i and words in i for i in report.remarks)
    assert runner.events == ["deploy 1", "remove"]


def test_what_the_probe_missed_is_remarked_once() -> None:
    """Two subnets, one sentence."""
    runner = answering(
        {"ipv4": "reachable", "ipv6": "reachable"}, missing=("the deadline came first",)
    )
    account = snapshot(*changed(function("fn", subnet_ids=("subnet-private", "subnet-public"))))
    report = run_check(BY_FUNCTION, capabilities(account, runner))

    assert len(report.sources) == 2
    assert report.remarks.count("the deadline came first") == 1


def test_interrupt_while_probing_still_removes() -> None:
    """The runner's context is left on every way out."""

    def interrupt(*_: Any) -> ProbeResult:
        raise KeyboardInterrupt

    runner = FakeRunner(answer=interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_check(BY_FUNCTION, capabilities(ACCOUNT, runner))

    assert runner.events == ["deploy 1", "remove"]


def test_kept_probe_is_left_in_place() -> None:
    """``--keep``."""
    runner = answering({"ipv4": "reachable", "ipv6": "reachable"})
    runner.clean_up = CleanUp(created=("a",), left=("a: kept",))
    request = CheckRequest(wanted=Wanted(function="fn"), targets=(TARGET,), keep=True)
    report = run_check(request, capabilities(ACCOUNT, runner))

    assert runner.events == ["deploy 1", "keep"]
    assert report.clean_up.left == ("a: kept",)


def test_preparing_changes_nothing() -> None:
    """What ``--dry-run`` prints is known before anything is deployed."""
    runner = FakeRunner()
    prepared = prepare(BY_FUNCTION, capabilities(ACCOUNT, runner))

    assert runner.events == []
    assert [item.source.subnet_id for item in prepared.plan.functions] == ["subnet-private"]
    assert [item.given for item in prepared.chosen.targets] == [TARGET]
    assert prepared.plan.functions[0].tags["netprobe:expires"] == "2026-11-24T13:00:00Z"


def test_probe_outlives_its_own_deadlines() -> None:
    """The function's timeout is above all stages together, so it ends by its own word."""
    request = CheckRequest(wanted=Wanted(function="fn"), targets=(TARGET,), timeout_seconds=10)
    prepared = prepare(request, capabilities(ACCOUNT))

    assert prepared.plan.functions[0].timeout_seconds > 60
    assert prepared.plan.functions[0].timeout_seconds < 900  # Lambda's own limit


def test_nothing_named_is_a_usage_error() -> None:
    """A VPC or a function."""
    with pytest.raises(UsageError, match="neither a VPC nor a function"):
        run_check(CheckRequest(), capabilities(ACCOUNT))


def test_outcomes_of_the_wire_are_those_of_the_report() -> None:
    """Every word the probe can say is known here."""
    for outcome in Outcome:
        runner = answering({"ipv4": outcome.value, "ipv6": outcome.value})
        report = run_check(BY_FUNCTION, capabilities(ACCOUNT, runner))
        assert {p.observation.outcome for p in report.paths if p.observation} == {outcome}


NOT_READY = snapshot(
    *changed(
        route_table(routes=()),
        security_group(egress=(rule("0.0.0.0/0"),)),
        function("fn", subnet_ids=("subnet-private",), ipv6_allowed=False),
        api("abc123", ApiKind.WEBSOCKET, stages=("prod",)),
    )
)
"""No route, egress for IPv4 only, no IPv6 flag, an IPv4 API."""


def test_each_fix_of_a_report_assumed_opens_what_it_says() -> None:
    """What is offered and what if are the same question, asked twice."""
    ask = replace(BY_FUNCTION, probe=False)
    before = run_check(ask, capabilities(NOT_READY))
    assert before.verdict is Verdict.BROKEN
    assert before.fixes

    for fix in before.fixes:
        after = run_check(replace(ask, assumed=fix.changes), capabilities(NOT_READY))
        works = {path.key for path in after.paths if path.verdict is PathVerdict.WORKS}
        assert set(fix.opens) <= works
        assert after.verdict is Verdict.HEALTHY
        assert after.assumed == fix.changes
        assert after.summary.startswith(f"with {len(fix.changes)} change")
        assert {f"assumed: {change}" for change in fix.changes} <= set(after.remarks)


def test_half_a_fix_is_not_enough() -> None:
    """Each change is needed, so without its last one the verdict stays."""
    ask = replace(BY_FUNCTION, probe=False)
    fix = run_check(ask, capabilities(NOT_READY)).fixes[0]
    after = run_check(replace(ask, assumed=fix.changes[:-1]), capabilities(NOT_READY))

    assert after.verdict is Verdict.BROKEN


def test_name_that_is_assumed_for_another_has_to_be_asked_about() -> None:
    """Else the assumption would go unheard."""
    change = UseDualStackName(target_id="service:s3", host="s3.a", dual_stack_host="s3.b")
    request = replace(BY_FUNCTION, probe=False, assumed=(change,))

    with pytest.raises(NetprobeError, match=r"'s3\.a', the name to replace, is no target"):
        run_check(request, capabilities(ACCOUNT))


def test_service_is_asked_for_under_the_name_that_is_assumed() -> None:
    """The client's setting is a change like any other."""
    plain, dual = "s3.us-east-1.amazonaws.com", "s3.us-east-1.api.aws"
    change = UseDualStackName(target_id="service:s3", host=plain, dual_stack_host=dual)
    request = replace(BY_FUNCTION, targets=("service:s3",), probe=False, assumed=(change,))
    report = run_check(request, capabilities(ACCOUNT))

    assert {target.host for target in report.targets} == {dual}
