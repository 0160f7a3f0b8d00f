"""Functions that Lambda could not attach to their VPC, by the reason Lambda gives.

https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.model.finding import PathKey
from netprobe.model.workloads import Function

NO_ADDRESSES = frozenset({"SubnetOutOfIPAddresses"})
LIMITS = frozenset({"EniLimitExceeded", "EC2RequestLimitExceeded"})
PERMISSIONS = frozenset({"InsufficientRolePermissions"})
ENCRYPTION = frozenset({"DisallowedByVpcEncryptionControl"})
NAMED = NO_ADDRESSES | LIMITS | PERMISSIONS | ENCRYPTION
"""Reasons that have a fault of their own."""


def functions(case: Case) -> Iterator[tuple[Function, tuple[PathKey, ...]]]:
    """Yield the functions that are asked about with their paths."""
    found: dict[str, list[PathKey]] = {}
    known: dict[str, Function] = {}
    for path in case.paths:
        function = case.function(case.source(path))
        if function is not None:
            known[function.function_arn] = function
            found.setdefault(function.function_arn, []).append(path.key)
    for arn, keys in found.items():
        yield known[arn], tuple(keys)


def kept_out(
    case: Case, reasons: frozenset[str]
) -> Iterator[tuple[Function, str, tuple[PathKey, ...]]]:
    """Yield the functions that Lambda keeps from working for one of these reasons."""
    for function, keys in functions(case):
        code = reason_of(function)
        if code in reasons:
            yield function, str(code), keys


def reason_of(function: Function) -> str | None:
    """Return why a function is not active, or else why its last update failed."""
    return function.state_reason_code or _failed_update(function)


def _failed_update(function: Function) -> str | None:
    failed = function.last_update_status in {None, "Failed"}
    return function.last_update_reason_code if failed else None


def says(function: Function, code: str) -> str:
    """Return what Lambda says of a function."""
    if function.state_reason_code:
        words, found = function.state_reason, f"state {function.state}, reason {code}"
    else:
        words, found = function.last_update_reason, f"its last update failed, reason {code}"
    return f"{found}: {words}" if words else found
