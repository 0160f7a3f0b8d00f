"""The policies that ``netprobe iam-policy`` prints, held against the calls that are made."""

from __future__ import annotations

from typing import Any

from netprobe.aws.cleanup import find_leftovers, remove_leftovers
from netprobe.aws.deployer import AwsProbeRunner
from netprobe.aws.session import AwsSession
from netprobe.aws.standing import StandingProbeRunner, put_in_place, take_away
from netprobe.deploy.plan import plan_probe
from netprobe.deploy.policies import IMPLIED_ACTIONS, probe_policy
from netprobe.lab.control.functions import FunctionAnswer
from netprobe.workflows.capabilities import Silence
from tests.contract.aws.account import session_of
from tests.contract.aws.test_deployer import ANSWER, QUESTION, plan_in
from tests.contract.lab.corrected import Cloud

WITH_THE_CALL_ITSELF = {"iam:PassRole", "iam:TagRole", "lambda:TagResource"}
"""What creating with a role and with tags takes on top; no call of its own."""
SERVICES = ("iam", "lambda", "ec2")
NAMES = {"lambda:Invoke": "lambda:InvokeFunction"}


def recorded(session: AwsSession) -> set[str]:
    """Return the set that every call of the session is noted in, as an IAM action."""
    calls: set[str] = set()

    def note(model: Any, **_: Any) -> None:
        name = f"{model.service_model.service_name}:{model.name}"
        calls.add(NAMES.get(name, name))

    clients = [session.client(service) for service in SERVICES]
    for client in (*clients, session.invoking_client(30)):
        client.meta.events.register("before-call", note)
    return calls


def test_probing_needs_what_the_policy_allows_and_nothing_more(cloud: Cloud) -> None:
    """One probe's whole life, one that stands, and the finding of leftovers."""
    session = session_of(cloud)
    calls = recorded(session)
    cloud.answer = FunctionAnswer(payload=ANSWER, error=False, logs="")
    plan = plan_in(cloud)
    standing = plan_probe(
        (item.source for item in plan.functions),
        run_id="89abcdef", expires="", timeout_seconds=30, standing_for="vpc-1",
    )  # fmt: skip

    with AwsProbeRunner(session, Silence()).deployed(plan, keep=False) as deployed:
        deployed.invoke(plan.functions[0], QUESTION)
    put_in_place(session, AwsProbeRunner(session, Silence()), standing)
    with StandingProbeRunner(session, Silence()).deployed(standing, keep=True) as stands:
        stands.invoke(standing.functions[0], QUESTION)
    take_away(session, "vpc-1", wait_seconds=0)
    remove_leftovers(session, find_leftovers(session), wait_seconds=0)

    allowed = {
        action
        for statement in probe_policy()["Statement"]
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }
    assert calls == allowed - WITH_THE_CALL_ITSELF - set(IMPLIED_ACTIONS)


def test_what_is_changed_is_narrowed_to_what_netprobe_makes() -> None:
    """No statement that changes anything is for every resource."""
    for statement in probe_policy()["Statement"]:
        actions = statement["Action"]
        changing = [
            item
            for item in ([actions] if isinstance(actions, str) else actions)
            if not item.partition(":")[2].startswith(("Describe", "List", "Get"))
        ]
        if changing:
            assert "netprobe-*" in statement["Resource"]
