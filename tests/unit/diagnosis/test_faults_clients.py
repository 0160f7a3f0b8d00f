"""Faults of clients and of Lambda's own doing, and notes on what only logs can show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.diagnosis.clients import client_for_runtime
from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.faults import FAULTS
from netprobe.model.finding import Confidence, Role
from netprobe.model.observation import Attempt, Observation, Outcome, Stage, StageName
from netprobe.model.report import Target, TargetKind
from tests.builders import function, interface, route_table, snapshot, subnet
from tests.unit.diagnosis.cases import (
    Row,
    case_of,
    changed,
    names_of,
    rows_of,
    seen,
    service_target,
)

ISOLATED = route_table(routes=())
KEY = ("subnet-private", "api:abc123", "ipv4")
KEYS = [("subnet-private", "api:abc123", family) for family in ("ipv4", "ipv6")]
SITE = Target(
    id="site", given="site", host="www.example.com", port=443, kind=TargetKind.HTTPS, path="/"
)
SITE_KEYS = [("subnet-private", "site", family) for family in ("ipv4", "ipv6")]
MAIL = replace(SITE, port=25, kind=TargetKind.TCP, path=None)
SILENCE = seen(Outcome.TIMEOUT)
NODE = function(runtime="nodejs20.x")
OPEN = seen(Outcome.REACHABLE)
BARE = service_target("execute-api", kind=TargetKind.HTTPS)


def large(outcome: Outcome, **detail: Any) -> Observation:
    """Return an answered request with a large one after it."""
    stage = Stage(stage=StageName.LARGE_REQUEST, outcome=outcome, milliseconds=9, detail=detail)
    return replace(OPEN, outcome=outcome, stages=(*OPEN.stages, stage))


def now_and_then(outcome: Outcome) -> Observation:
    """Return two answered attempts and one that ended so."""
    ends = (Outcome.REACHABLE, outcome, Outcome.REACHABLE)
    return replace(OPEN, attempts=tuple(Attempt(outcome=end) for end in ends))


def connected_in(milliseconds: float) -> Observation:
    """Return an observation that works, with this connect time."""
    connect = Stage(stage=StageName.CONNECT, outcome=Outcome.REACHABLE, milliseconds=milliseconds)
    return Observation(outcome=Outcome.REACHABLE, stages=(connect,))


def told(reason: str | None, state: str = "Failed") -> Row:
    """Return the row of a function that Lambda says this of."""
    return Row(reason or state, changed(function(state=state, state_reason_code=reason)))


def now(observation: Observation, *items: Any, situation: str = "") -> Row:
    """Return the row in which the API answers so over both families."""
    return Row(situation, changed(*items), observations=dict.fromkeys(KEYS, observation))


def at_site(observation: Observation, target: Target = SITE, situation: str = "") -> Row:
    """Return the row in which a site on the internet answers so over both families."""
    return Row(situation, changed(), (target,), observations=dict.fromkeys(SITE_KEYS, observation))


def refused(kind: str) -> Observation:
    """Return a 403 of this kind."""
    return seen(Outcome.HTTP_ERROR, status=403, headers={"x-amzn-errortype": kind})


FULL = subnet(available_ip_address_count=0)
LEFT = interface(
    "eni-left", "10.0.1.77", description="AWS Lambda VPC ENI-notify-1", status="available"
)
SHARED = interface(
    "eni-fn", "10.0.1.78", interface_type="lambda", group_ids=("sg-1",),
    description="AWS Lambda VPC ENI-notify-1",
)  # fmt: skip
NODE = function(runtime="nodejs22.x")

FIRES = {
    "nat-port-exhaustion": [now(now_and_then(Outcome.TIMEOUT), situation="now and then")],
    "nat-idle-350s": [now(now_and_then(Outcome.RESET), situation="now and then")],
    "function-timeout-masks-error": [
        now(SILENCE, ISOLATED, function(timeout_seconds=3), situation="3 s against 60 s"),
        Row(
            "configuration alone", changed(ISOLATED, function(timeout_seconds=3), gone=("eigw-1",))
        ),
    ],
    "pmtu-blackhole": [now(large(Outcome.TIMEOUT), situation="only the large request stalls")],
    "function-pending-or-inactive": [told("Idle", "Inactive"), told("Creating", "Pending")],
    "subnet-ip-exhausted": [
        told("SubnetOutOfIPAddresses"),
        Row("no address, no interface", changed(FULL, function())),
    ],
    "vpc-encryption-control": [told("DisallowedByVpcEncryptionControl")],
    "eni-limit": [told("EniLimitExceeded"), told("EC2RequestLimitExceeded")],
    "role-lacks-eni-permissions": [told("InsufficientRolePermissions")],
    "management-api-default-host": [Row("no API in the host", changed(), (BARE,))],
    "node-happy-eyeballs-250ms": [now(connected_in(300), NODE, situation="300 ms")],
    "smtp-port-25": [
        at_site(SILENCE, MAIL, "silence"),
        Row("configuration alone", changed(), (MAIL,)),
    ],
    "proxy-misconfigured": [
        at_site(SILENCE, situation="silence without a reason"),
        at_site(seen(Outcome.HTTP_ERROR, status=407), situation="a proxy wants a login"),
    ],
    "dns-eni-throttle": [now(now_and_then(Outcome.DNS_TIMEOUT), situation="now and then")],
    "ws-sdk-no-timeout": [now(SILENCE, ISOLATED, NODE, situation="@connections gives no answer")],
    "hyperplane-eni-capacity": [now(now_and_then(Outcome.TIMEOUT), situation="now and then")],
    "frozen-keepalive-socket": [now(now_and_then(Outcome.RESET), situation="now and then")],
    "eni-cleanup-blocked": [Row("an interface nobody uses", changed(LEFT))],
    "clock-skew-after-thaw": [now(refused("InvalidSignatureException"), situation="too old")],
}

SILENT = {
    "function-timeout-masks-error": [
        now(SILENCE, function(timeout_seconds=90), situation="time enough for one address"),
        now(seen(Outcome.REFUSED), function(timeout_seconds=3), situation="fails at once"),
        now(OPEN, function(timeout_seconds=3), situation="works"),
        now(SILENCE, situation="no function"),
        Row(
            "IPv6 carries the call before the dead IPv4",
            changed(function(timeout_seconds=3)),
            observations=dict(zip(KEYS, (SILENCE, OPEN), strict=True)),
        ),
    ],
    "pmtu-blackhole": [
        now(large(Outcome.REACHABLE), situation="both are answered"),
        now(large(Outcome.HTTP_ERROR), situation="the far end refuses long headers"),
        now(large(Outcome.TIMEOUT, cut_short=True), situation="the probe ran out of time"),
        now(SILENCE, situation="nothing is answered"),
    ],
    "function-pending-or-inactive": [
        Row("active", changed(function())),
        told("EniLimitExceeded"),
    ],
    "subnet-ip-exhausted": [
        Row("the interface is there", changed(FULL, SHARED, function())),
        Row("no function", changed(FULL)),
        told("EniLimitExceeded"),
    ],
    "vpc-encryption-control": [told("InternalError")],
    "eni-limit": [told("SubnetOutOfIPAddresses")],
    "role-lacks-eni-permissions": [told("EniLimitExceeded")],
    "management-api-default-host": [Row("an API's own host", changed())],
    "node-happy-eyeballs-250ms": [
        now(connected_in(20), NODE, situation="20 ms"),
        now(connected_in(300), function(), situation="boto3"),
        now(connected_in(300), function(runtime="nodejs18.x"), situation="an older Node"),
    ],
    "smtp-port-25": [
        at_site(SILENCE, replace(MAIL, port=587), "another port"),
        at_site(OPEN, MAIL, "the restriction was lifted"),
        Row("the route is missing", changed(ISOLATED), (MAIL,)),
    ],
    "proxy-misconfigured": [
        Row(
            "the missing route explains it",
            changed(ISOLATED),
            (SITE,),
            observations=dict.fromkeys(SITE_KEYS, SILENCE),
        ),
        now(SILENCE, situation="an API"),
        Row("no packets", changed(ISOLATED), (SITE,)),
    ],
    "dns-eni-throttle": [
        now(seen(Outcome.DNS_TIMEOUT), situation="always"),
        now(now_and_then(Outcome.TIMEOUT), situation="connects, not names"),
    ],
    "ws-sdk-no-timeout": [
        now(SILENCE, ISOLATED, situation="boto3 gives up by itself"),
        now(OPEN, situation="it works"),
        at_site(SILENCE, situation="not @connections"),
        Row(
            "IPv6 carries the call before the dead IPv4",
            changed(),
            observations=dict(zip(KEYS, (SILENCE, OPEN), strict=True)),
        ),
    ],
    "hyperplane-eni-capacity": [now(SILENCE, situation="always")],
    "nat-port-exhaustion": [
        now(now_and_then(Outcome.TIMEOUT), ISOLATED, situation="no NAT gateway on the way"),
        now(SILENCE, situation="always"),
    ],
    "nat-idle-350s": [
        now(now_and_then(Outcome.RESET), ISOLATED, situation="no NAT gateway on the way"),
        now(now_and_then(Outcome.TIMEOUT), situation="not a reset"),
    ],
    "frozen-keepalive-socket": [now(seen(Outcome.RESET), situation="always")],
    "eni-cleanup-blocked": [
        Row("in use", changed(SHARED)),
        Row("another subnet's", changed(replace(LEFT, subnet_id="subnet-other"))),
        Row("not Lambda's", changed(replace(LEFT, description="mine"))),
    ],
    "clock-skew-after-thaw": [now(refused("AccessDeniedException"), situation="a policy")],
}
LOGS_ONLY = {fault.name for fault in FAULTS if not fault.decidable}


def _case(row: Row) -> Any:
    account = snapshot(*row.resources)
    held = account.function("notify")
    client = client_for_runtime(held.runtime if held else None).name
    return case_of(account, row.targets, row.sources, row.observations, client)


@pytest.mark.parametrize(("name", "row"), rows_of(FIRES))
def test_fault_fires(name: str, row: Row) -> None:
    """The situation that the fault is made for shows it."""
    assert name in names_of(_case(row))


@pytest.mark.parametrize(("name", "row"), rows_of(SILENT))
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in names_of(_case(row))


@pytest.mark.parametrize(("name", "row"), rows_of({n: FIRES[n] for n in sorted(LOGS_ONLY)}))
def test_what_only_logs_show_is_a_note_and_no_more(name: str, row: Row) -> None:
    """It says where to look, and never pretends to know."""
    found = [item for item in examine(_case(row)) if item.name == name]

    assert [(item.role, item.confidence) for item in found] == [(Role.NOTE, Confidence.LOW)]


def test_a_note_explains_no_failure() -> None:
    """Silence without a reason stays unexplained beside it."""
    case = _case(FIRES["proxy-misconfigured"][0])

    assert names_of(case, Role.ROOT_CAUSE) == {"unexplained-failure"}


def test_what_hides_an_error_is_no_cause_of_it() -> None:
    """A short timeout contributes; the missing routes are the causes."""
    case = _case(FIRES["function-timeout-masks-error"][0])

    assert names_of(case, Role.CONTRIBUTING) == {"function-timeout-masks-error"}
    assert "route-v4-no-default-route" in names_of(case, Role.ROOT_CAUSE)


@pytest.mark.parametrize(
    ("client", "says"),
    [
        (
            "boto3",
            (
                "ends after 10 s, before boto3 gives up: it waits 60 s for each silent address, "
                "and its SDK tries 3 times by default: 360 s in all for api:abc123, which has 2 "
                "such addresses"
            ),
        ),
        (
            "node18",
            (
                "ends after 10 s, before node18 gives up: it waits 127 s, and its SDK tries 3 "
                "times by default: 381 s in all for api:abc123"
            ),
        ),
    ],
)
def test_hanging_call_is_told_with_the_numbers_of_client_and_function(
    client: str, says: str
) -> None:
    """How long it hangs, how often, and what hides it."""
    account = snapshot(*changed(ISOLATED, function(timeout_seconds=10)))
    resolved = Stage(
        stage=StageName.RESOLVE,
        outcome=Outcome.REACHABLE,
        milliseconds=1,
        detail={"addresses": ["198.51.100.10", "198.51.100.11"]},
    )
    silent = replace(SILENCE, stages=(resolved, *SILENCE.stages[1:]))
    case = case_of(account, observations={KEYS[0]: silent}, client=client)
    found = next(item for item in examine(case) if item.code == "NP813")

    assert [item.says for item in found.evidence] == [says]


def test_lambda_troubles_are_no_fault_of_a_path_that_works() -> None:
    """The verdict is about packets; that the function is not active stands beside it."""
    for row in (told("Idle", "Inactive"), told("EniLimitExceeded")):
        assert names_of(_case(row), Role.ROOT_CAUSE) == set()


def test_port_25_without_packets_is_a_note() -> None:
    """The restriction can be lifted, which configuration does not tell."""
    assert names_of(_case(FIRES["smtp-port-25"][1]), Role.NOTE) == {"smtp-port-25"}
    assert names_of(_case(FIRES["smtp-port-25"][0]), Role.ROOT_CAUSE) == {"smtp-port-25"}
