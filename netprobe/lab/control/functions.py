"""Lambda: VPC settings that are checked and shown, interfaces, and Invoke as a hook.

moto runs functions in Docker and gives them no interface; the lab runs them itself, behind the
interfaces made here, which any client sees through DescribeNetworkInterfaces.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random

from netprobe.lab.control.addresses import free_ipv4, free_ipv6, ipv6_block
from netprobe.lab.control.patching import add, wrap

DESCRIPTION = "AWS Lambda VPC ENI-"
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """One invocation, as the data plane needs it."""

    function_name: str
    function_arn: str
    vpc_id: str | None
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    ipv6_allowed: bool
    network_interface_ids: tuple[str, ...]
    code: bytes
    """The deployment package, a zip."""
    handler: str
    environment: dict[str, str]
    timeout_seconds: int
    memory_mb: int
    payload: str
    """The event, JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionAnswer:
    """What an invocation answered."""

    payload: str
    error: bool
    """The function failed: ``X-Amz-Function-Error: Unhandled``."""
    logs: str = ""


Invoke = Callable[[FunctionCall], FunctionAnswer]


def apply(invoke: Invoke) -> None:
    """Correct Lambda and send every invocation to the hook."""
    add(LambdaFunction, "vpc_config", property(_vpc_config))
    wrap(LambdaFunction, "get_configuration", _configuration)
    wrap(LambdaFunction, "update_configuration", _update)
    wrap(LambdaBackend, "create_function", _create)
    wrap(LambdaBackend, "delete_function", _delete)
    add(LambdaFunction, "_invoke_lambda", lambda fn, event=None: _run(invoke, fn, event))
    add(LambdaFunction, "invoke", _invoke)
    add(LambdaResponse, "get_account_settings", _account_settings)


def _vpc_config(function: Any) -> dict[str, Any] | None:
    """Return the settings with the subnets' own VPC and the flag that is off by default."""
    given = function._vpc_config  # noqa: SLF001 # moto's field
    if not given or not given.get("SubnetIds"):
        return None
    backend = ec2_backends[function.account_id][function.region]
    return {
        "SubnetIds": list(given["SubnetIds"]),
        "SecurityGroupIds": list(given.get("SecurityGroupIds") or ()),
        "VpcId": backend.get_subnet(given["SubnetIds"][0]).vpc_id,
        "Ipv6AllowedForDualStack": bool(given.get("Ipv6AllowedForDualStack", False)),
    }


def _configuration(original: Any, function: Any, on_create: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 # moto's signature
    answer: dict[str, Any] = original(function, on_create=on_create)
    answer["LastUpdateStatus"] = "Successful"
    answer.setdefault("RevisionId", str(uuid.uuid5(uuid.NAMESPACE_OID, function.function_arn)))
    return answer


def _create(original: Any, backend: Any, spec: dict[str, Any]) -> Any:
    _validate(backend, spec.get("VpcConfig"))
    with _lock:
        function = original(backend, spec)
        _attach(backend, function)
    return function


def _update(original: Any, function: Any, updates: dict[str, Any]) -> Any:
    backend = _lambda_backend(function)
    if "VpcConfig" in updates:
        before = function._vpc_config or {}  # noqa: SLF001 # moto's field
        updates["VpcConfig"] = {**before, **updates["VpcConfig"]}
        _validate(backend, updates["VpcConfig"])
    with _lock:
        answer = original(function, updates)
        if "VpcConfig" in updates:
            _attach(backend, function)
            _release(backend)
    return answer


def _delete(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> None:
    with _lock:
        original(backend, *arguments, **keywords)
        _release(backend)


def _lambda_backend(function: Any) -> Any:
    from moto.awslambda.models import lambda_backends  # noqa: PLC0415 # made after this class

    return lambda_backends[function.account_id][function.region]


def _validate(backend: Any, config: dict[str, Any] | None) -> None:
    """Refuse what AWS refuses, before moto stores the function."""
    if not config or not config.get("SubnetIds"):
        return
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    for subnet_id in config["SubnetIds"]:
        subnet = _find_subnet(ec2, subnet_id)
        if subnet is None:
            _refuse(
                "Error occurred while DescribeSubnets. EC2 Error Code: "
                f"InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID '{subnet_id}' "
                "does not exist"
            )
        if config.get("Ipv6AllowedForDualStack") and ipv6_block(subnet) is None:
            _refuse(
                f"Subnet {subnet_id} has no IPv6 CIDR block: Ipv6AllowedForDualStack needs one"
            )
    for group_id in config.get("SecurityGroupIds") or ():
        if ec2.get_security_group_from_id(group_id) is None:
            _refuse(
                "Error occurred while DescribeSecurityGroups. EC2 Error Code: "
                f"InvalidGroup.NotFound. EC2 Error Message: The security group '{group_id}' "
                "does not exist"
            )


def _find_subnet(ec2: Any, subnet_id: str) -> Any:
    return next((zone[subnet_id] for zone in ec2.subnets.values() if subnet_id in zone), None)


def _refuse(message: str) -> None:
    from moto.core.exceptions import JsonRESTError  # noqa: PLC0415 # moto's base of REST errors

    raise JsonRESTError("InvalidParameterValueException", message)


def _attach(backend: Any, function: Any) -> None:
    """Make an interface for each subnet and set of groups that has none; functions share them.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    config = function.vpc_config
    if config is None:
        return
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    for subnet_id in config["SubnetIds"]:
        subnet = _find_subnet(ec2, subnet_id)
        eni = _interface(ec2, subnet_id, config["SecurityGroupIds"])
        if eni is None:
            eni = ec2.create_network_interface(
                subnet,
                free_ipv4(ec2, subnet),
                group_ids=list(config["SecurityGroupIds"]),
                description=f"{DESCRIPTION}{function.function_name}-{mock_random.uuid4()}",
            )
            eni.interface_type = "lambda"
            eni.requester_managed = True
            eni.status = "in-use"
        if config["Ipv6AllowedForDualStack"] and not eni.ipv6_addresses:
            address = free_ipv6(ec2, subnet)
            eni.ipv6_addresses = [address] if address else []


def _interface(ec2: Any, subnet_id: str, group_ids: Iterable[str]) -> Any:
    groups = set(group_ids)
    return next(
        (
            eni
            for eni in ec2.enis.values()
            if eni.interface_type == "lambda"
            and eni.subnet.id == subnet_id
            and {group.id for group in eni.group_set} == groups
        ),
        None,
    )


def _release(backend: Any) -> None:
    """Take away the interfaces that no function uses any more; the lab does so at once."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    used = {
        (subnet_id, frozenset(config["SecurityGroupIds"]))
        for function in backend.list_functions()
        if (config := function.vpc_config)
        for subnet_id in config["SubnetIds"]
    }
    for eni in list(ec2.enis.values()):
        key = (eni.subnet.id, frozenset(group.id for group in eni.group_set))
        if eni.interface_type == "lambda" and key not in used:
            ec2.enis.pop(eni.id, None)


def _run(invoke: Invoke, function: Any, event: Any) -> tuple[str, bool, str]:
    config = function.vpc_config or {}
    backend = ec2_backends[function.account_id][function.region]
    groups = tuple(config.get("SecurityGroupIds", ()))
    found = (_interface(backend, subnet_id, groups) for subnet_id in config.get("SubnetIds", ()))
    answer = invoke(
        FunctionCall(
            function_name=function.function_name,
            function_arn=function.function_arn,
            vpc_id=config.get("VpcId"),
            subnet_ids=tuple(config.get("SubnetIds", ())),
            security_group_ids=groups,
            ipv6_allowed=bool(config.get("Ipv6AllowedForDualStack")),
            network_interface_ids=tuple(eni.id for eni in found if eni is not None),
            code=function.code_bytes,
            handler=function.handler,
            environment=dict(function.environment_vars or {}),
            timeout_seconds=int(function.timeout),
            memory_mb=int(function.memory_size),
            payload=event if isinstance(event, str) else json.dumps(event),
        )
    )
    if answer.logs and _may_log(function):
        function.save_logs(answer.logs)
    return answer.payload, answer.error, answer.logs


def _may_log(function: Any) -> bool:
    """Tell whether the role may write logs; without that, AWS makes no log group."""
    name = str(function.role).rpartition("/")[2]
    iam = iam_backends[function.account_id]["aws"]
    role = next((item for item in iam.roles.values() if item.name == name), None)
    if role is None:
        return False
    attached = any("Lambda" in str(arn) or "Logs" in str(arn) for arn in role.managed_policies)
    return attached or any("logs:" in str(text) for text in role.policies.values())


def _invoke(function: Any, body: Any, request_headers: Any, response_headers: Any) -> Any:
    """Answer Invoke as Lambda does: DryRun runs nothing, errors are Unhandled."""
    import base64  # noqa: PLC0415 # only here

    kind = request_headers.get("x-amz-invocation-type", "RequestResponse")
    if kind == "DryRun":
        return ""
    payload, failed, logs = function._invoke_lambda(event=body or "{}")  # noqa: SLF001 # the hook
    if failed:
        response_headers["x-amz-function-error"] = "Unhandled"
    if kind != "RequestResponse":
        return payload
    tail = logs.encode()[-4096:]
    response_headers["x-amz-log-result"] = base64.b64encode(tail).decode()
    return payload.encode()


def _account_settings(response: Any) -> Any:  # noqa: ARG001 # moto's signature
    limits = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}
    return json.dumps({"AccountLimit": limits, "AccountUsage": {"FunctionCount": 0}})
