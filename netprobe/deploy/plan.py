"""The probe's own footprint in the account, as values: what will be created, by which calls.

A plan is made from sources alone; nothing here reads or changes an account.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from netprobe.errors import UsageError
from netprobe.model.flow import Source

NAME_PREFIX = "netprobe-"
ROLE_PATH = "/netprobe/"
"""IAM path of every role netprobe makes, so that ``cleanup`` finds them with one listing."""
RUN_TAG = "netprobe:run"
EXPIRES_TAG = "netprobe:expires"
STANDING_TAG = "netprobe:standing-for"
"""On what ``netprobe deploy`` put in place: the VPC's id or the function's name."""

RUNTIMES = (("python3.13", "arm64"), ("python3.13", "x86_64"), ("python3.12", "x86_64"))
"""Runtime and architecture, cheapest first; where a region lacks one, the next is taken.

https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html and
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

INTERFACE_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""What Lambda needs of a VPC function's role; no logs, because answers come back with the invoke.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRole:
    """The execution role of the probe's functions."""

    name: str
    path: str = ROLE_PATH
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFunction:
    """One probe function: it stands exactly where its source stands."""

    name: str
    source: Source
    runtime: str
    architecture: str
    timeout_seconds: int
    memory_mb: int
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePlan:
    """Everything one check creates, and what it takes."""

    run_id: str
    role: PlannedRole | None
    """None when the user gave ``role_arn``."""
    role_arn: str | None
    functions: tuple[PlannedFunction, ...]
    standing_for: str | None = None
    """The VPC or function it is put in place for; None for the probe of one check."""

    @property
    def caller_actions(self) -> tuple[str, ...]:
        """Return the IAM actions the caller needs to create, run and remove this plan."""
        role = (
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:ListRolePolicies",
            "iam:PutRolePolicy",
            "iam:TagRole",
        )
        functions = (
            "ec2:DescribeNetworkInterfaces",
            "iam:PassRole",
            "lambda:CreateFunction",
            "lambda:DeleteFunction",
            "lambda:GetFunction",
            "lambda:InvokeFunction",
            "lambda:TagResource",
        )
        return tuple(sorted(functions + (role if self.role else ())))


_PROBE = re.compile(rf"{NAME_PREFIX}[0-9a-f]{{8}}-[0-9]+")


_ROLE_ARN = re.compile(r"arn:aws[\w-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+", re.ASCII)
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"""


def require_role_arn(given: str | None) -> None:
    """Raise UsageError for what is no role's ARN, before Lambda refuses it half-way."""
    if given is not None and _ROLE_ARN.fullmatch(given) is None:
        hint = "it is written arn:aws:iam::ACCOUNT:role/NAME, ACCOUNT being 12 digits"
        raise UsageError("invalid-role", f"{given!r} is no ARN of an IAM role", hint=hint)


def is_probe(function_name: str) -> bool:
    """Tell whether a function is a probe, of whichever run: nobody asks what those can reach."""
    return _PROBE.fullmatch(function_name) is not None


def standing_run_id(standing_for: str, sources: Iterable[Source]) -> str:
    """Return the run id of a standing probe: the same for the same places, each time."""
    places = [
        (item.subnet_id, sorted(item.security_group_ids), item.ipv6_allowed) for item in sources
    ]
    text = json.dumps([standing_for, sorted(places)])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def plan_probe(  # noqa: PLR0913 # what is planned, as values
    sources: Iterable[Source],
    *,
    run_id: str,
    expires: str,
    timeout_seconds: int,
    role_arn: str | None = None,
    standing_for: str | None = None,
) -> ProbePlan:
    """Return the plan for one probe function per source.

    ``expires`` is the UTC time after which ``cleanup`` may take the resources for forgotten.
    ``timeout_seconds`` is that of the function, above the probe's own deadlines.
    """
    tags = {RUN_TAG: run_id, EXPIRES_TAG: expires}
    if standing_for is not None:
        tags = {RUN_TAG: run_id, STANDING_TAG: standing_for}
    functions = tuple(
        PlannedFunction(
            name=f"{NAME_PREFIX}{run_id}-{number}",
            source=source,
            runtime=RUNTIMES[0][0],
            architecture=RUNTIMES[0][1],
            timeout_seconds=timeout_seconds,
            memory_mb=256,
            tags=tags,
        )
        for number, source in enumerate(sources, start=1)
    )
    role = None if role_arn else PlannedRole(name=f"{NAME_PREFIX}{run_id}", tags=tags)
    return ProbePlan(
        run_id=run_id,
        role=role,
        role_arn=role_arn,
        functions=functions,
        standing_for=standing_for,
    )
