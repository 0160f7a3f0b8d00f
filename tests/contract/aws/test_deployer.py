"""The probe's life in the account, broken off at every single AWS call."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from netprobe.aws import deployer, removal
from netprobe.aws.cleanup import find_leftovers, remove_leftovers
from netprobe.aws.deployer import AwsProbeRunner
from netprobe.aws.removal import Removal
from netprobe.deploy.plan import ProbePlan, plan_probe
from netprobe.errors import NetprobeError
from netprobe.lab.control.functions import FunctionAnswer
from netprobe.model.flow import Source
from netprobe.workflows.capabilities import Silence
from probe_lambda.wire import ProbeRequest, ProbeResult, to_json
from tests.contract.aws.account import session_of
from tests.contract.lab.corrected import Cloud

QUESTION = ProbeRequest(targets=(), timeout_seconds=1.0)
NOON = "2026-11-24T12:00:00Z"
ANSWER = to_json(
    ProbeResult(results=(), local_addresses={}, resolvers=(), started_at=NOON, finished_at=NOON)
)


@dataclass
class Sabotage:
    """Breaks one call of a session, by its number, before or after AWS has heard it."""

    number: int
    error: BaseException
    event: str
    calls: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, model: Any = None, **_: Any) -> None:
        with self._lock:
            self.calls.append(model.name)
            strikes = len(self.calls) == self.number + 1
        if strikes:
            raise self.error


@contextmanager
def sabotaged(runner: AwsProbeRunner, sabotage: Sabotage) -> Iterator[None]:
    for service in ("iam", "lambda", "ec2"):
        runner.session.client(service).meta.events.register(sabotage.event, sabotage)
    runner.session.invoking_client(30).meta.events.register(sabotage.event, sabotage)
    yield


def plan_in(cloud: Cloud) -> ProbePlan:
    vpc, subnet = cloud.dual_stack()
    other = cloud.subnet(vpc, "10.0.2.0/24")
    group = cloud.group(vpc)
    sources = [
        Source(
            id=item,
            vpc_id=vpc,
            subnet_id=item,
            security_group_ids=(group,),
            ipv6_allowed=item == subnet,
        )
        for item in (subnet, other)
    ]
    expires = "2026-11-24T13:00:00Z"
    return plan_probe(sources, run_id="0123abcd", expires=expires, timeout_seconds=30)


def run(cloud: Cloud, plan: ProbePlan, sabotage: Sabotage | None = None) -> AwsProbeRunner:
    runner = AwsProbeRunner(session_of(cloud), Silence())
    if sabotage is not None:
        with sabotaged(runner, sabotage):
            pass
    with runner.deployed(plan, keep=False) as probe:
        for function in plan.functions:
            probe.invoke(function, QUESTION)
    return runner


@dataclass
class Told:
    """Progress that remembers what was awaited."""

    steps: list[str]

    def step(self, text: str) -> None:
        self.steps.append(text)


def remains(cloud: Cloud) -> list[str]:
    functions = cloud.client("lambda").list_functions()["Functions"]
    roles = cloud.client("iam").list_roles(PathPrefix="/netprobe/")["Roles"]
    return [*(i["FunctionName"] for i in functions), *(i["RoleName"] for i in roles)]


@pytest.fixture
def answering(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """An account whose functions answer as a probe does; nobody waits a second for a poll."""
    monkeypatch.setattr(deployer, "POLL_SECONDS", 0.01)
    cloud.answer = FunctionAnswer(payload=ANSWER, error=False, logs="")
    return cloud


def calls_of_a_whole_run(cloud: Cloud) -> int:
    counter = Sabotage(number=-2, error=RuntimeError(), event="before-call")
    run(cloud, plan_in(cloud), counter)
    return len(counter.calls)


def test_everything_created_is_removed_and_told(answering: Cloud) -> None:
    """The role last, because Lambda needs it until its interfaces are gone."""
    runner = run(answering, plan_in(answering))
    names = (
        "role netprobe-0123abcd",
        "function netprobe-0123abcd-1",
        "function netprobe-0123abcd-2",
    )

    assert set(runner.clean_up.created) == set(names)
    assert set(runner.clean_up.removed) == set(names)
    assert runner.clean_up.removed[-1] == "role netprobe-0123abcd"
    assert runner.clean_up.left == ()
    assert remains(answering) == []


GRANTED_WITHOUT_A_CALL = {"iam:PassRole", "iam:TagRole", "lambda:TagResource"}
"""What CreateRole and CreateFunction need besides."""


def test_calls_are_those_the_plan_asks_permission_for(answering: Cloud) -> None:
    """Not one action more, and none that is never used."""
    plan = plan_in(answering)
    runner = AwsProbeRunner(session_of(answering), Silence())
    made: set[str] = set()

    def note(model: Any, **_: Any) -> None:
        made.add(f"{model.service_model.service_name}:{model.name}")

    clients = [runner.session.client(name) for name in ("iam", "lambda", "ec2")]
    for client in (*clients, runner.session.invoking_client(30)):
        client.meta.events.register("before-call", note)
    with runner.deployed(plan, keep=False) as probe:
        probe.invoke(plan.functions[0], QUESTION)

    actions = {"lambda:InvokeFunction" if name == "lambda:Invoke" else name for name in made}
    assert actions | GRANTED_WITHOUT_A_CALL == set(plan.caller_actions)


@pytest.mark.parametrize("event", ["before-call", "after-call"])
def test_interrupt_at_any_call_leaves_nothing(answering: Cloud, event: str) -> None:
    """Ctrl-C at every call of a run, before AWS hears it and after, one after the other."""
    plan = plan_in(answering)
    total = calls_of_a_whole_run(answering)
    struck = 0

    for number in range(total):
        sabotage = Sabotage(number=number, error=KeyboardInterrupt(), event=event)
        try:
            run(answering, plan, sabotage)
        except KeyboardInterrupt:
            struck += 1
        assert remains(answering) == [], f"call {number}: {sabotage.calls}"

    assert total > 10
    assert struck == total


class Orphaning(ThreadPoolExecutor):
    """A pool that is interrupted just after it started a thread, and does not wait for it."""

    def submit(self, *arguments: Any, **named: Any) -> Any:  # type: ignore[override] # passed on
        super().submit(*arguments, **named)
        time.sleep(0.05)
        raise KeyboardInterrupt

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 # its signature
        super().shutdown(wait=False, cancel_futures=cancel_futures)


def test_thread_orphaned_by_an_interrupt_leaves_nothing(
    answering: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removal waits for what is being created, whoever lost sight of it."""
    monkeypatch.setattr(deployer, "ThreadPoolExecutor", Orphaning)
    runner = AwsProbeRunner(session_of(answering), Silence())
    events = runner.session.client("lambda").meta.events
    events.register("before-call.lambda.CreateFunction", lambda **_: time.sleep(0.3))
    with pytest.raises(KeyboardInterrupt), runner.deployed(plan_in(answering), keep=False):
        pass
    time.sleep(0.6)

    assert remains(answering) == []


def test_error_at_any_call_is_one_line_and_leaves_nothing_unnamed(answering: Cloud) -> None:
    """A failing call ends the run; what it could not remove itself, cleanup does."""
    plan = plan_in(answering)
    total = calls_of_a_whole_run(answering)

    for number in range(total):
        answer = {"Error": {"Code": "InternalError", "Message": "try later"}}
        error = ClientError(answer, "Sabotaged")
        sabotage = Sabotage(number=number, error=error, event="before-call")
        runner = AwsProbeRunner(session_of(answering), Silence())
        with sabotaged(runner, sabotage):
            told = _error_of_run(runner, plan)
        assert "InternalError" in told or any("InternalError" in i for i in runner.clean_up.left)
        for name in remains(answering):
            assert any(name in item for item in runner.clean_up.left), (number, name)
            assert all("netprobe cleanup" in item for item in runner.clean_up.left)
        session = session_of(answering)
        remove_leftovers(session, find_leftovers(session), wait_seconds=0)
        assert remains(answering) == []


def _error_of_run(runner: AwsProbeRunner, plan: ProbePlan) -> str:
    try:
        with runner.deployed(plan, keep=False) as probe:
            for function in plan.functions:
                probe.invoke(function, QUESTION)
    except NetprobeError as error:
        return str(error)
    return ""


def test_kept_probe_stays_and_cleanup_finds_it(answering: Cloud) -> None:
    """``--keep`` leaves it in place, says so, and it is removed by its tag."""
    plan = plan_in(answering)
    runner = AwsProbeRunner(session_of(answering), Silence())
    with runner.deployed(plan, keep=True):
        pass
    session = session_of(answering)
    found = find_leftovers(session)

    assert {item.run_id for item in found} == {"0123abcd"}
    assert len(found) == len(remains(answering)) == 3
    assert all("netprobe cleanup" in item for item in runner.clean_up.left)
    done = remove_leftovers(session, found, wait_seconds=0)
    assert (remains(answering), done.left) == ([], ())


def test_probe_stands_where_its_source_stands(answering: Cloud) -> None:
    """Subnet, groups, the IPv6 flag and the tags are the plan's, to the letter."""
    plan = plan_in(answering)
    runner = AwsProbeRunner(session_of(answering), Silence())
    with runner.deployed(plan, keep=False):
        for function in plan.functions:
            client = answering.client("lambda")
            made = client.get_function(FunctionName=function.name)
            network = made["Configuration"]["VpcConfig"]
            assert network["SubnetIds"] == [function.source.subnet_id]
            assert network["SecurityGroupIds"] == list(function.source.security_group_ids)
            assert network["Ipv6AllowedForDualStack"] == function.source.ipv6_allowed
            assert made["Tags"] == function.tags


FAILURES = [
    (FunctionAnswer(payload='{"errorMessage": "boom"}', error=True, logs=""), "boom"),
    (
        FunctionAnswer(payload='"not an answer"', error=False, logs=""),
        "answered something unreadable",
    ),
]


@pytest.mark.parametrize(("answer", "words"), FAILURES)
def test_probe_that_fails_says_how(answering: Cloud, answer: FunctionAnswer, words: str) -> None:
    """An error of the function, and an answer that is none."""
    answering.answer = answer

    with pytest.raises(NetprobeError, match=words):
        run(answering, plan_in(answering))
    assert remains(answering) == []


def test_what_another_run_removes_meanwhile_is_no_leftover(answering: Cloud) -> None:
    """A check that ends between the listing and the look at the tags disturbs nobody."""
    runner = AwsProbeRunner(session_of(answering), Silence())
    with runner.deployed(plan_in(answering), keep=True):
        pass
    looker, other = session_of(answering), Removal(session_of(answering))
    functions = [f"netprobe-0123abcd-{number}" for number in (1, 2)]
    for client, event, end in (
        ("lambda", "before-call.lambda.ListTags", lambda **_: other.run(functions, [])),
        ("iam", "before-call.iam.ListRoleTags", lambda **_: other.run([], ["netprobe-0123abcd"])),
    ):
        looker.client(client).meta.events.register(event, end)

    assert find_leftovers(looker) == ()
    assert remains(answering) == []


def test_waiting_names_the_interface_that_is_waited_for(
    answering: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lambda takes up to 20 minutes, and nobody likes to look at a wheel that long."""
    monkeypatch.setattr(removal, "POLL_SECONDS", 0.05)
    _, subnet = answering.dual_stack()
    held = answering.client("ec2").create_network_interface(
        SubnetId=subnet, Description=f"{removal.INTERFACE_DESCRIPTION}netprobe-0123abcd-1-x"
    )["NetworkInterface"]["NetworkInterfaceId"]
    told: list[str] = []
    taking = Removal(session_of(answering), wait_seconds=0.2, progress=Told(told))
    taking.run([], ["netprobe-0123abcd"])

    assert all(text.endswith(f"for Lambda to release {held}") for text in told)
    assert len(told) > 1
    assert held in taking.left[0]
