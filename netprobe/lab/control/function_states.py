"""The states a function goes through, and what Lambda refuses meanwhile.

Functions are Active as soon as they are read, unless the lab is told that it takes time. See
https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from moto.awslambda.exceptions import LambdaClientError

ACTIVE, PENDING, INACTIVE, FAILED = "Active", "Pending", "Inactive", "Failed"
WITHOUT_INTERFACES = frozenset({INACTIVE, FAILED})
"""Lambda has taken the interfaces back, or could not make them."""
_REASONS = {
    PENDING: ("Creating", "The function is being created."),
    INACTIVE: ("Idle", "The function is inactive because it has not been invoked for a while."),
    FAILED: ("EniLimitExceeded", "The function's network interface could not be created."),
}
"""Why a function is in a state, unless the lab is told another reason or knows one."""
NO_PERMISSION, NO_ADDRESS = "InsufficientRolePermissions", "SubnetOutOfIPAddresses"
_WORDS = {
    NO_PERMISSION: "The provided execution role does not have permissions to call"
    " CreateNetworkInterface on EC2",
    NO_ADDRESS: "Lambda was not able to set up VPC access for the function because one or more"
    " configured subnets has no available IP addresses.",
}
UNLISTED = (
    "State",
    "StateReason",
    "StateReasonCode",
    "LastUpdateStatus",
    "LastUpdateStatusReason",
    "LastUpdateStatusReasonCode",
)
"""What ListFunctions leaves out, and only GetFunction and GetFunctionConfiguration tell:
https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html"""


def _error(status: int, name: str, message: str) -> Any:
    made = LambdaClientError(name, message)
    made.code = status
    return made


def _conflict(message: str) -> Any:
    return _error(409, "ResourceConflictException", message)


@dataclass(slots=True)
class _Pace:
    seconds: float = 0


PACE = _Pace()
"""How long creations and updates take."""


def begin(function: Any) -> None:
    """Start a function's life, Pending for as long as creations take."""
    if PACE.seconds:
        enter(function, PENDING)


def begin_update(function: Any) -> None:
    """Start an update; until it is over the function serves as it did before."""
    function.lab_updated_at = time.monotonic() + PACE.seconds


def enter(function: Any, state: str, reason: str = "") -> None:
    """Put a function into a state, for the usual reason or another one."""
    function.lab_state = state
    function.lab_reason = reason
    function.lab_active_at = time.monotonic() + PACE.seconds


def state_of(function: Any) -> str:
    """Return the state a function is in."""
    state = str(function.lab_state)
    if state == PENDING and PACE.seconds and time.monotonic() >= function.lab_active_at:
        function.lab_state = state = ACTIVE
    return state


def described(function: Any) -> dict[str, str]:
    """Return what a function's configuration says of its state."""
    state = state_of(function)
    found = {"State": state, "LastUpdateStatus": "Successful"}
    if state in _REASONS:
        usual, words = _REASONS[state]
        code = function.lab_reason or usual
        found["StateReasonCode"], found["StateReason"] = code, _WORDS.get(code, words)
    if time.monotonic() < function.lab_updated_at:
        found["LastUpdateStatus"] = "InProgress"
        found["LastUpdateStatusReasonCode"] = "Creating"
        found["LastUpdateStatusReason"] = "The function is being created."
    return found


def wake(function: Any, obstacle: str = "") -> Any:
    """Begin to wake an inactive function up, and return what the invocation is answered.

    "When you invoke a function that is inactive, it fails and sets the function to the Pending
    state until those resources are recreated. If Lambda fails to recreate the resources, the
    function is set to the inactive state", and the obstacle is the reason.
    """
    enter(function, INACTIVE if obstacle else PENDING if PACE.seconds else ACTIVE, obstacle)
    message = (
        "The function is inactive and its VPC connection is no longer available. Wait for the VPC"
        " connection to reestablish and try again."
    )
    return _error(502, "ResourceNotReadyException", message)


def refuse_invocation(function: Any) -> None:
    """Raise what Invoke answers for a function that is not there yet, or never will be."""
    state = state_of(function)
    if state != ACTIVE:
        message = (
            "The operation cannot be performed at this time. The function is currently in the"
            f" following state: {state}"
        )
        raise _conflict(message)


def refuse_update(function: Any) -> None:
    """Raise what an update answers while the function is being made or updated."""
    if state_of(function) == PENDING:
        message = (
            "The operation cannot be performed at this time. The function is currently in the"
            " following state: Pending"
        )
        raise _conflict(message)
    if time.monotonic() < function.lab_updated_at:
        message = (
            "The operation cannot be performed at this time. An update is in progress for"
            f" resource: {function.function_arn}"
        )
        raise _conflict(message)
