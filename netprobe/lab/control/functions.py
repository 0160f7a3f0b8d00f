"""Lambda functions: handed to whoever can run them, with their states and their logs.

moto runs code in Docker; the lab runs it inside the VPC the function is attached to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.core.exceptions import JsonRESTError

from netprobe.lab.control import function_logs, function_networks, function_states

LOG_TAIL_BYTES = 4096
"""``LogType=Tail`` answers "the last 4 KB of the execution log"."""
GIBIBYTE = 1024**3
CONTROL_PATH = "/netprobe-lab/functions"
_ACCOUNT, _REGION = "123456789012", "us-east-1"
"""Where a lab-only request looks for a function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """One invocation: the function as it is now, and what it is called with."""

    function_name: str
    function_arn: str
    vpc_id: str | None
    """None for a function outside any VPC."""
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    ipv6_allowed: bool
    network_interface_ids: tuple[str, ...]
    """The interfaces it may use, one for each of its subnets."""
    code: bytes
    """The deployment package, a zip archive."""
    handler: str
    environment: dict[str, str]
    timeout_seconds: int
    memory_mb: int
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionAnswer:
    """What came of an invocation."""

    payload: str
    error: bool
    """True when the function failed, which Invoke tells as ``Unhandled``."""
    logs: str


Invoke = Callable[[FunctionCall], FunctionAnswer]


def run(_original: Any, function: Any, event: Any = None) -> tuple[str, bool, str]:
    """Run a function in the lab; its log is kept where its role may write one."""
    payload = json.dumps({} if event is None else event)
    answer: FunctionAnswer = function.run_in_lab(_call(function, payload))
    function_logs.keep(function, answer.logs)
    tail = answer.logs.encode()[-LOG_TAIL_BYTES:].decode(errors="ignore")
    return answer.payload, answer.error, tail


def _call(function: Any, payload: str) -> FunctionCall:
    network = function_networks.network_of(function)
    return FunctionCall(
        function_name=function.function_name,
        function_arn=function.function_arn,
        vpc_id=function_networks.vpc_of(function),
        subnet_ids=network.subnet_ids,
        security_group_ids=network.group_ids,
        ipv6_allowed=network.ipv6_allowed,
        network_interface_ids=function_networks.interfaces_of(function),
        code=function.code_bytes,
        handler=function.handler,
        environment=dict(function.environment_vars),
        timeout_seconds=int(function.timeout),
        memory_mb=int(function.memory_size),
        payload=payload,
    )


def invoke(original: Any, function: Any, body: Any, request: Any, answer: Any) -> Any:
    """Invoke: nothing runs for a DryRun, nothing is answered to an Event, failures are Unhandled.

    "Handled" is what old runtimes said; see FunctionError in the Lambda API reference.
    """
    if function_states.state_of(function) == function_states.INACTIVE:
        refusal = function_states.wake(function, function_networks.obstacle(function))
        function_networks.match_interfaces(function)
        raise refusal
    function_states.refuse_invocation(function)
    kind = request.get("x-amz-invocation-type", "RequestResponse")
    if kind == "DryRun":
        return b""
    text = body.decode() if isinstance(body, bytes) else body or "{}"
    try:
        json.loads(text)
    except ValueError as error:
        raise JsonRESTError(
            "InvalidRequestContentException", f"Could not parse request body into json: {error}"
        ) from error
    payload = original(function, text, request, answer)
    if "x-amz-function-error" in answer:
        answer["x-amz-function-error"] = "Unhandled"
    if kind == "Event":
        answer.pop("x-amz-function-error", None)
        return b""
    return payload


def configuration(original: Any, function: Any, on_create: Any = None) -> Any:
    """Return the configuration with its state; the answer to a creation still says Pending.

    See "Lambda function states": every read after that one finds the function Active, unless
    function_states was told that it takes time.
    """
    found = original(function, on_create)
    found |= function_states.described(function)
    if on_create:
        found |= {
            "State": "Pending",
            "StateReason": "The function is being created.",
            "StateReasonCode": "Creating",
        }
    found["LoggingConfig"] = {"LogFormat": "Text", "LogGroup": function.logs_group_name}
    told = json.dumps(found, sort_keys=True, default=str) + function.code_sha_256
    digest = hashlib.sha256(told.encode()).hexdigest()
    found["RevisionId"] = "-".join(
        (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])
    )
    return found


def list_functions(original: Any, response: Any) -> str:
    """List functions without what only the calls about one function tell."""
    listed = json.loads(original(response))
    for function in listed["Functions"]:
        for key in function_states.UNLISTED:
            function.pop(key, None)
    return json.dumps(listed)


def update_code(original: Any, backend: Any, function_name: str, *given: Any, **named: Any) -> Any:
    """Update a function's code, unless it is being made or updated."""
    function = backend.get_function(function_name)
    function_states.refuse_update(function)
    answer = original(backend, function_name, *given, **named)
    function_states.begin_update(function)
    return answer | {"LastUpdateStatus": "InProgress"}


def control(document: dict[str, Any]) -> None:
    """Carry out a lab-only request about states.

    ``{"seconds": 2}`` makes every creation and update take that long from now on, and
    ``{"function": "fn", "state": "Inactive"}`` puts one function into a state, for a ``reason``
    (``StateReasonCode``) of one's own if wanted.

    Raises:
        UnknownFunctionException: there is no such function.
    """
    if "seconds" in document:
        function_states.PACE.seconds = float(document["seconds"])
    if name := document.get("function"):
        backend = lambda_backends[_ACCOUNT][document.get("region", _REGION)]
        function = backend.get_function(name)
        if function is None:
            raise UnknownFunctionException(name)
        state = str(document.get("state", function_states.ACTIVE))
        function_states.enter(function, state, str(document.get("reason", "")))
        function_networks.match_interfaces(function)


def account_settings(response: Any) -> tuple[int, dict[str, Any], str]:
    """Answer GetAccountSettings with the default quotas ("Lambda quotas")."""
    functions = list(response.backend.list_functions())
    limit = {
        "TotalCodeSize": 75 * GIBIBYTE,
        "CodeSizeUnzipped": 250 * 1024**2,
        "CodeSizeZipped": 50 * 1024**2,
        "ConcurrentExecutions": 1000,
        "UnreservedConcurrentExecutions": 1000,
    }
    usage = {
        "TotalCodeSize": sum(item.code_size for item in functions),
        "FunctionCount": len(functions),
    }
    return 200, {}, json.dumps({"AccountLimit": limit, "AccountUsage": usage})


ACCOUNT_SETTINGS_PATH = r"{0}/(?P<api_version>[^/]+)/account-settings/?$"
