"""Probes that stay in the account for repeated use: put in place, used, taken away.

A standing probe's names follow from what it stands for (``deploy.plan.standing_run_id``), so each
of the three can be done twice: what stands is not made again, and what is gone counts as removed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from netprobe.aws.cleanup import Leftover, find_leftovers, remove_leftovers
from netprobe.aws.deployer import POLL_SECONDS, AwsProbeRunner
from netprobe.aws.invoke import Deployed
from netprobe.aws.session import AWS_ERRORS, AwsSession, as_netprobe_error, error_code
from netprobe.deploy.plan import PlannedFunction, ProbePlan
from netprobe.errors import NetprobeError
from netprobe.model.report import CleanUp
from netprobe.workflows.capabilities import DeployedProbe, Progress

WAKING_SECONDS = 300
"""A function that nobody called for weeks gets a new network interface first.

"Inactive" in https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""


def put_in_place(session: AwsSession, runner: AwsProbeRunner, plan: ProbePlan) -> CleanUp:
    """Create what of a plan does not stand yet, and remove what stood for the same thing before.

    Raises NetprobeError; what this call created is then taken back, what stood before stays.
    """
    missing = tuple(item for item in plan.functions if _state(session, item) is None)
    if missing:
        role_arn = plan.role_arn or _role_arn(session, plan)
        part = replace(
            plan, functions=missing, role=None if role_arn else plan.role, role_arn=role_arn
        )
        with runner.deployed(part, keep=True):
            pass
    wanted = {item.name for item in plan.functions} | ({plan.role.name} if plan.role else set())
    outdated = tuple(
        item
        for item in find_leftovers(session)
        if item.standing_for == plan.standing_for and item.name not in wanted
    )
    done = remove_leftovers(session, outdated, wait_seconds=0) if outdated else CleanUp()
    return replace(done, created=runner.clean_up.created)


def take_away(
    session: AwsSession,
    standing_for: str,
    *,
    wait_seconds: float,
    progress: Progress | None = None,
) -> CleanUp:
    """Remove every probe that stands for a VPC or function; raises NetprobeError."""
    found = standing(session, standing_for)
    return remove_leftovers(session, found, wait_seconds=wait_seconds, progress=progress)


def standing(session: AwsSession, standing_for: str) -> tuple[Leftover, ...]:
    """Return what stands for a VPC or function; raises NetprobeError."""
    return tuple(i for i in find_leftovers(session) if i.standing_for == standing_for)


@dataclass(frozen=True, slots=True)
class StandingProbeRunner:
    """A ProbeRunner that creates nothing and removes nothing: it uses what stands."""

    session: AwsSession
    progress: Progress
    clean_up: CleanUp = field(default_factory=CleanUp)

    @contextmanager
    def deployed(self, plan: ProbePlan, *, keep: bool) -> Iterator[DeployedProbe]:  # noqa: ARG002 # it is kept anyway
        """Wait until every function of the plan can be invoked; raises NetprobeError."""
        missing = [
            item.source.subnet_id for item in plan.functions if _state(self.session, item) is None
        ]
        if missing:
            raise NetprobeError(
                "probe-not-deployed",
                f"no probe stands in {', '.join(missing)}",
                hint="put one there with netprobe deploy and the same options",
            )
        for function in plan.functions:
            self._wait_until_active(function)
        yield Deployed(self.session)

    def _wait_until_active(self, function: PlannedFunction) -> None:
        deadline = time.monotonic() + WAKING_SECONDS
        while (state := _state(self.session, function)) != "Active":
            if state == "Inactive":
                self._wake(function)
            if state in {None, "Failed"} or time.monotonic() > deadline:
                raise NetprobeError(
                    "probe-not-usable",
                    f"the probe in {function.source.subnet_id} is {state or 'gone'}",
                    hint="deploy it again after netprobe destroy, with the same options",
                )
            self.progress.step(f"waiting for the probe in {function.source.subnet_id}")
            time.sleep(POLL_SECONDS)

    def _wake(self, function: PlannedFunction) -> None:
        """Invoke an inactive function: the call fails, and Lambda makes it ready again."""
        try:
            self.session.client("lambda").invoke(FunctionName=function.name, Payload=b"{}")
        except AWS_ERRORS:
            self.progress.step(f"waking the probe in {function.source.subnet_id}")


def _state(session: AwsSession, function: PlannedFunction) -> str | None:
    """Return the function's state, None when there is no such function."""
    try:
        answer = session.client("lambda").get_function(FunctionName=function.name)
    except AWS_ERRORS as error:
        if error_code(error) == "ResourceNotFoundException":
            return None
        raise as_netprobe_error(error, "lambda:GetFunction", session.region) from error
    return str(answer["Configuration"].get("State") or "Active")


def _role_arn(session: AwsSession, plan: ProbePlan) -> str | None:
    """Return the ARN of the plan's role where it stands already."""
    if plan.role is None:
        return None
    try:
        answer = session.client("iam").get_role(RoleName=plan.role.name)
    except AWS_ERRORS as error:
        if error_code(error) == "NoSuchEntity":
            return None
        raise as_netprobe_error(error, "iam:GetRole", session.region) from error
    return str(answer["Role"]["Arn"])
