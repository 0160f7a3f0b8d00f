"""Taking probes away: functions first, their interfaces as long as AWS holds them, the role last.

Lambda removes a function's interfaces with the function's execution role, up to 20 minutes after
the function is gone. A role deleted before that leaves interfaces that block the subnet and group:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from netprobe.aws.session import AWS_ERRORS, AwsSession, error_code, one_line
from netprobe.model.report import CleanUp
from netprobe.workflows.capabilities import Progress, Silence

INTERFACE_DESCRIPTION = "AWS Lambda VPC ENI-"
"""Followed by the name of the function that an interface was first made for."""

POLL_SECONDS = 5.0
GONE = frozenset({"ResourceNotFoundException", "NoSuchEntity"})
"""Codes of AWS's errors for what is not there any more."""


@dataclass(slots=True)
class Removal:
    """Removes functions and roles by name; what is gone already counts as removed."""

    session: AwsSession
    wait_seconds: float = 0.0
    """How long to wait for Lambda to release interfaces before the role is left behind."""
    progress: Progress = field(default_factory=Silence)
    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def run(self, function_names: Iterable[str], role_names: Iterable[str]) -> None:
        """Remove what can go and note what cannot; raises nothing of AWS's."""
        functions, roles = list(function_names), list(role_names)
        for name in functions:
            self._delete(f"function {name}", lambda name=name: self._delete_function(name))
        if not roles:
            return
        held = self._interfaces_held(roles)
        for role in roles:
            interfaces = held.get(role, ())
            if interfaces:
                self.left.append(
                    f"role {role}: Lambda needs it until it has released "
                    f"{', '.join(interfaces)} (up to 20 minutes); then run: netprobe cleanup"
                    f" --region {self.session.region}"
                )
            else:
                self._delete(f"role {role}", lambda role=role: self._delete_role(role))

    def clean_up(self, created: Iterable[str]) -> CleanUp:
        """Return what became of what was created."""
        return CleanUp(
            created=tuple(created),
            removed=tuple(dict.fromkeys(self.removed)),
            left=tuple(dict.fromkeys(self.left)),
        )

    def _delete(self, what: str, delete: Any) -> None:
        try:
            delete()
        except AWS_ERRORS as error:
            if error_code(error) not in GONE:
                self.left.append(
                    f"{what}: {one_line(error)}; then run: netprobe cleanup"
                    f" --region {self.session.region}"
                )
                return
        self.removed.append(what)

    def _delete_function(self, name: str) -> None:
        self.session.client("lambda").delete_function(FunctionName=name)

    def _delete_role(self, name: str) -> None:
        iam = self.session.client("iam")
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        iam.delete_role(RoleName=name)

    def _interfaces_held(self, roles: list[str]) -> dict[str, tuple[str, ...]]:
        """Return, per role, the interfaces first made for its functions that still exist."""
        deadline = time.monotonic() + self.wait_seconds
        while True:
            found = self._interfaces(roles)
            left = deadline - time.monotonic()
            if not found or left <= 0:
                return found
            names = ", ".join(name for held in found.values() for name in held)
            self.progress.step(f"waiting up to {left:.0f} s for Lambda to release {names}")
            time.sleep(POLL_SECONDS)

    def _interfaces(self, roles: list[str]) -> dict[str, tuple[str, ...]]:
        try:
            pages = (
                self.session.client("ec2")
                .get_paginator("describe_network_interfaces")
                .paginate(
                    Filters=[
                        {"Name": "description", "Values": [f"{INTERFACE_DESCRIPTION}netprobe-*"]}
                    ]
                )
            )
            interfaces = [item for page in pages for item in page["NetworkInterfaces"]]
        except AWS_ERRORS as error:
            # Not knowing whether interfaces remain is a reason to keep the role, not to drop it.
            return {
                role: (f"its interfaces, which could not be listed: {one_line(error)}",)
                for role in roles
            }
        found: dict[str, tuple[str, ...]] = {}
        for role in roles:
            prefix = f"{INTERFACE_DESCRIPTION}{role}-"
            held = tuple(
                item["NetworkInterfaceId"]
                for item in interfaces
                if str(item.get("Description", "")).startswith(prefix)
            )
            if held:
                found[role] = held
        return found
