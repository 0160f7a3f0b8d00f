"""What the execution role of a function lets Lambda do on its behalf."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.models import iam_backends

_MAKES_INTERFACES = "ec2:CreateNetworkInterface"


def may_make_interfaces(function: Any) -> bool:
    """Tell whether nothing denies it: the lab does not insist on a role that allows it.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    return not says(list(statements(function)), "Deny", _MAKES_INTERFACES)


def says(statements: list[dict[str, Any]], effect: str, action: str) -> bool:
    """Tell whether a statement has this effect on an action; resources are not read."""
    wanted = action.lower()
    return any(
        statement.get("Effect") == effect
        and any(fnmatchcase(wanted, action.lower()) for action in _listed(statement.get("Action")))
        for statement in statements
    )


def statements(function: Any) -> Iterator[dict[str, Any]]:
    """Yield what the policies of a function's role say, its own and those attached to it."""
    role = iam_backends[function.account_id][function.partition].get_role_by_arn(function.role)
    documents = [*role.policies.values(), *(p.document for p in role.managed_policies.values())]
    for document in documents:
        policy = json.loads(document) if isinstance(document, str) else document
        yield from _listed(policy["Statement"])


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
