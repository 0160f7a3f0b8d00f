"""Carrying out a probe plan: create in parallel, hand out the probe, remove on every way out."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from netprobe.aws.invoke import REASONS, Deployed
from netprobe.aws.removal import Removal
from netprobe.aws.session import AWS_ERRORS, AwsSession, as_netprobe_error, error_code, one_line
from netprobe.deploy.bundle import HANDLER, build_bundle
from netprobe.deploy.plan import RUNTIMES, PlannedFunction, PlannedRole, ProbePlan
from netprobe.deploy.policies import execution_policy, trust_policy
from netprobe.errors import NetprobeError
from netprobe.model.report import CleanUp
from netprobe.workflows.capabilities import DeployedProbe, Progress

logger = logging.getLogger(__name__)

PROPAGATION_SECONDS = 60
"""IAM is eventually consistent: a new role is refused for some seconds after CreateRole."""
ACTIVE_SECONDS = 300
"""A new Hyperplane interface takes "several minutes" at worst."""
POLL_SECONDS = 1.0


@dataclass(slots=True)
class AwsProbeRunner:
    """Puts probe functions into the account and takes them away."""

    session: AwsSession
    progress: Progress
    interface_wait_seconds: float = 0.0
    _created: list[str] = field(default_factory=list)
    _clean_up: CleanUp = field(default_factory=CleanUp)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _under_way: threading.Condition = field(default_factory=threading.Condition)
    _creating: int = 0
    """Threads that may be about to create a function; an interrupt can orphan them."""

    @property
    def clean_up(self) -> CleanUp:
        """What was created, removed and left so far."""
        return self._clean_up

    @contextmanager
    def deployed(self, plan: ProbePlan, *, keep: bool) -> Iterator[DeployedProbe]:
        """Create what the plan says; leaving the context removes it, unless ``keep``."""
        try:
            self._create(plan)
            yield Deployed(self.session)
        except BaseException:
            self._remove(plan)
            raise
        if keep:
            command = f"netprobe cleanup --region {self.session.region}"
            self._clean_up = CleanUp(
                created=tuple(self._created),
                left=tuple(f"{item}: kept; remove with: {command}" for item in self._created),
            )
        else:
            self._remove(plan)

    def _create(self, plan: ProbePlan) -> None:
        count = len(plan.functions)
        self.progress.step(f"creating {count} probe function{'s' * (count != 1)}")
        role_arn = plan.role_arn or (
            self._create_role(plan.role, plan.run_id) if plan.role else ""
        )
        bundle = build_bundle()
        with ThreadPoolExecutor(max_workers=min(count, 8)) as pool:
            waiting = [
                pool.submit(self._create_function, function, role_arn, bundle)
                for function in plan.functions
            ]
            try:
                for each in waiting:
                    each.result()
            except BaseException:
                self._stopping.set()  # do not sit out a minute of retries before removing
                raise

    def _create_role(self, role: PlannedRole, run_id: str) -> str:
        iam = self.session.client("iam")
        self._created.append(f"role {role.name}")  # before the call: it may succeed unheard
        try:
            made = iam.create_role(
                RoleName=role.name,
                Path=role.path,
                AssumeRolePolicyDocument=json.dumps(trust_policy()),
                Description="Execution role of a netprobe check; removed when the check ends.",
                Tags=_tag_list(role.tags),
            )
            iam.put_role_policy(
                RoleName=role.name,
                PolicyName="interfaces",
                PolicyDocument=json.dumps(execution_policy(run_id)),
            )
        except AWS_ERRORS as error:
            raise as_netprobe_error(error, "iam:CreateRole", self.session.region) from error
        return str(made["Role"]["Arn"])

    def _create_function(self, function: PlannedFunction, role_arn: str, bundle: bytes) -> None:
        with self._under_way:
            if self._stopping.is_set():
                raise _given_up()
            self._created.append(f"function {function.name}")
            self._creating += 1
        try:
            self._create_until_active(function, role_arn, bundle)
        finally:
            with self._under_way:
                self._creating -= 1
                self._under_way.notify_all()

    def _create_until_active(
        self, function: PlannedFunction, role_arn: str, bundle: bytes
    ) -> None:
        deadline = time.monotonic() + PROPAGATION_SECONDS
        others = iter(RUNTIMES[1:])
        while True:
            try:
                self._call_create(function, role_arn, bundle)
                break
            except AWS_ERRORS as error:
                other = next(others, None) if _is_unsupported(error) else None
                if other is not None:
                    function = replace(function, runtime=other[0], architecture=other[1])
                    continue
                if not _is_propagating(error) or time.monotonic() > deadline:
                    raise self._explained(error, function) from error
            self.progress.step("waiting until Lambda may use the new role")
            self._pause()
        self._wait_until_active(function)

    def _call_create(self, function: PlannedFunction, role_arn: str, bundle: bytes) -> None:
        source = function.source
        self.session.client("lambda").create_function(
            FunctionName=function.name,
            Description=f"netprobe's probe in {source.subnet_id}; removed when the check ends.",
            Runtime=function.runtime,
            Architectures=[function.architecture],
            Handler=HANDLER,
            Role=role_arn,
            Code={"ZipFile": bundle},
            Timeout=function.timeout_seconds,
            MemorySize=function.memory_mb,
            Tags=function.tags,
            VpcConfig={
                "SubnetIds": [source.subnet_id],
                "SecurityGroupIds": list(source.security_group_ids),
                "Ipv6AllowedForDualStack": source.ipv6_allowed,
            },
        )

    def _wait_until_active(self, function: PlannedFunction) -> None:
        deadline = time.monotonic() + ACTIVE_SECONDS
        subnet_id = function.source.subnet_id
        while True:
            try:
                answer = self.session.client("lambda").get_function(FunctionName=function.name)
            except AWS_ERRORS as error:
                raise as_netprobe_error(
                    error, "lambda:GetFunction", self.session.region
                ) from error
            found = answer["Configuration"]
            if found.get("State") == "Active":
                return
            if found.get("State") == "Failed":
                raise _failed(found, subnet_id)
            if time.monotonic() > deadline:
                raise NetprobeError(
                    "probe-stays-pending",
                    f"Lambda had no network interface in {subnet_id} after {ACTIVE_SECONDS} s",
                    hint="try again later, or name another --subnet",
                )
            self.progress.step(f"waiting for Lambda's network interface in {subnet_id}")
            self._pause()

    def _pause(self) -> None:
        if self._stopping.wait(POLL_SECONDS):
            raise _given_up()

    def _explained(self, error: BaseException, function: PlannedFunction) -> NetprobeError:
        if error_code(error) == "InvalidParameterValueException":
            return NetprobeError(
                "probe-refused",
                f"Lambda takes no function in {function.source.subnet_id}",
                why=one_line(error),
                hint="name another --subnet, or ask the configuration alone with --no-probe",
            )
        return as_netprobe_error(error, "lambda:CreateFunction", self.session.region)

    def _remove(self, plan: ProbePlan) -> None:
        """Remove everything; a first interrupt while removing does not stop it.

        An interrupt may hit the pool while it starts a thread, which it then does not wait for:
        so no thread begins to create from here on, and those that have are waited for.
        """
        removal = Removal(self.session, self.interface_wait_seconds, self.progress)
        try:
            self._remove_with(removal, plan)
        except KeyboardInterrupt:
            self.progress.step("still removing what was created; interrupt again to leave it")
            removal.left.clear()
            self._remove_with(removal, plan)
            raise
        finally:
            self._clean_up = removal.clean_up(self._created)

    def _remove_with(self, removal: Removal, plan: ProbePlan) -> None:
        self.progress.step("removing the probe")
        with self._under_way:
            self._stopping.set()
            self._under_way.wait_for(lambda: self._creating == 0)
        functions = [f.name for f in plan.functions if f"function {f.name}" in self._created]
        role = plan.role
        made_role = role is not None and f"role {role.name}" in self._created
        removal.run(functions, [role.name] if role is not None and made_role else [])


def _given_up() -> NetprobeError:
    return NetprobeError("stopped", "the deployment was given up")


def _tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _is_propagating(error: BaseException) -> bool:
    """Tell whether Lambda refuses a role only because IAM has not spread it yet."""
    text = str(error)
    return error_code(error) == "InvalidParameterValueException" and (
        "cannot be assumed by Lambda" in text
        or "permissions to call CreateNetworkInterface" in text
    )


def _is_unsupported(error: BaseException) -> bool:
    """Tell whether Lambda refuses the runtime or the architecture, which vary by region."""
    text = str(error).lower()
    return error_code(error) in {"InvalidParameterValueException", "ValidationException"} and (
        "architecture" in text or "runtime" in text
    )


def _failed(found: dict[str, Any], subnet_id: str) -> NetprobeError:
    code = found.get("StateReasonCode") or "unknown reason"
    why, hint = REASONS.get(code, (found.get("StateReason") or code, "name another --subnet"))
    return NetprobeError(
        "probe-not-attached",
        f"Lambda could not attach the probe to {subnet_id}",
        why=why,
        hint=hint,
    )
