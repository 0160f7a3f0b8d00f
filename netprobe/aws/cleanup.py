"""Finding, by tag, what any earlier run left behind in the region, and removing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netprobe.aws.removal import GONE, Removal
from netprobe.aws.session import AWS_ERRORS, AwsSession, as_netprobe_error, error_code
from netprobe.deploy.plan import NAME_PREFIX, ROLE_PATH, RUN_TAG, STANDING_TAG
from netprobe.model.report import CleanUp
from netprobe.workflows.capabilities import Progress, Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """Something an earlier run created."""

    kind: str
    """``function`` or ``role``."""
    name: str
    run_id: str
    standing_for: str | None = None
    """The VPC or function that ``netprobe deploy`` put it in place for."""

    @property
    def resource_id(self) -> str:
        """Return what reports call it."""
        return f"{self.kind} {self.name}"


def find_leftovers(session: AwsSession) -> tuple[Leftover, ...]:
    """Return the functions and roles that carry netprobe's tag; raises NetprobeError."""
    return (*_functions(session), *_roles(session))


def remove_leftovers(
    session: AwsSession,
    leftovers: tuple[Leftover, ...],
    *,
    wait_seconds: float,
    progress: Progress | None = None,
) -> CleanUp:
    """Remove them, roles last; what AWS still holds is reported as left."""
    removal = Removal(session, wait_seconds, progress or Silence())
    removal.run(
        [item.name for item in leftovers if item.kind == "function"],
        [item.name for item in leftovers if item.kind == "role"],
    )
    return removal.clean_up(item.resource_id for item in leftovers)


def _functions(session: AwsSession) -> Iterator[Leftover]:
    client = session.client("lambda")
    try:
        for page in client.get_paginator("list_functions").paginate():
            for item in page["Functions"]:
                if item["FunctionName"].startswith(NAME_PREFIX):
                    tags = _tags_of_function(client, item["FunctionArn"])
                    if RUN_TAG in tags:
                        name = item["FunctionName"]
                        yield Leftover(
                            kind="function",
                            name=name,
                            run_id=tags[RUN_TAG],
                            standing_for=tags.get(STANDING_TAG),
                        )
    except AWS_ERRORS as error:
        raise as_netprobe_error(error, "lambda:ListFunctions", session.region) from error


def _roles(session: AwsSession) -> Iterator[Leftover]:
    client = session.client("iam")
    try:
        for page in client.get_paginator("list_roles").paginate(PathPrefix=ROLE_PATH):
            for item in page["Roles"]:
                tags = _tags_of_role(client, item["RoleName"])
                if RUN_TAG in tags:
                    yield Leftover(
                        kind="role",
                        name=item["RoleName"],
                        run_id=tags[RUN_TAG],
                        standing_for=tags.get(STANDING_TAG),
                    )
    except AWS_ERRORS as error:
        raise as_netprobe_error(error, "iam:ListRoles", session.region) from error


def _tags_of_function(client: Any, arn: str) -> dict[str, str]:
    """Return a function's tags; none where another run has removed it since it was listed."""
    try:
        return dict(client.list_tags(Resource=arn).get("Tags") or {})
    except AWS_ERRORS as error:
        if error_code(error) in GONE:
            return {}
        raise


def _tags_of_role(client: Any, name: str) -> dict[str, str]:
    """Return a role's tags; none where another run has removed it since it was listed."""
    try:
        found = client.list_role_tags(RoleName=name)["Tags"]
    except AWS_ERRORS as error:
        if error_code(error) in GONE:
            return {}
        raise
    return {tag["Key"]: tag["Value"] for tag in found}
