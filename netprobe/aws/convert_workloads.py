"""AWS's JSON of functions and load balancers as values."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import Answers
from netprobe.aws.reading import (
    UNREADABLE,
    Json,
    bare_name,
    each_text,
    is_set,
    maybe_number,
    maybe_text,
    number,
    part,
    parts,
    stated_texts,
    text,
    texts,
)
from netprobe.model.workloads import Function, Listener, LoadBalancer

_ALWAYS_GUARDED = "application"
"""Load balancers of the other types may be without groups."""


def is_in_vpc(item: Json) -> bool:
    """Tell whether a function is attached to a VPC; ``VpcConfig`` may be there and empty."""
    return bool(texts(part(item, "VpcConfig"), "SubnetIds"))


def convert_function(item: Json) -> Function:
    """Return a function that is attached to a VPC; ListFunctions leaves its state out."""
    network = part(item, "VpcConfig")
    name = text(item, "FunctionName")
    return Function(
        function_name=name,
        function_arn=maybe_text(item, "FunctionArn") or name,
        vpc_id=maybe_text(network, "VpcId") or "",
        subnet_ids=texts(network, "SubnetIds"),
        security_group_ids=stated_texts(network, "SecurityGroupIds"),
        ipv6_allowed=is_set(network, "Ipv6AllowedForDualStack"),
        runtime=maybe_text(item, "Runtime"),
        timeout_seconds=maybe_number(item, "Timeout") or 3,
        state=maybe_text(item, "State"),
        state_reason_code=maybe_text(item, "StateReasonCode"),
        state_reason=maybe_text(item, "StateReason"),
        last_update_status=maybe_text(item, "LastUpdateStatus"),
        last_update_reason_code=maybe_text(item, "LastUpdateStatusReasonCode"),
        last_update_reason=maybe_text(item, "LastUpdateStatusReason"),
        role_arn=maybe_text(item, "Role"),
    )


def convert_functions(answers: Answers) -> tuple[Function, ...]:
    """Return the functions in VPCs, as ListFunctions and GetFunctionConfiguration tell of them."""
    listed = answers.each(ops.FUNCTIONS, convert_function, is_in_vpc)
    found = {item.function_arn: item for item in listed}
    for answer in answers.pieces(ops.FUNCTION):
        try:
            if is_in_vpc(answer):
                function = convert_function(answer)
                found[function.function_arn] = function
        except UNREADABLE as error:
            answers.fail(ops.FUNCTION, error)
    answers.want(ops.FUNCTION, listed)
    return tuple(found.values())


def convert_load_balancer(item: Json, listeners: list[Json] | None) -> LoadBalancer:
    """Return a load balancer of DescribeLoadBalancers with its listeners, where read."""
    kind = text(item, "Type")
    told = stated_texts if kind == _ALWAYS_GUARDED else texts
    groups = told(item, "SecurityGroups")
    return LoadBalancer(
        load_balancer_arn=text(item, "LoadBalancerArn"),
        name=maybe_text(item, "LoadBalancerName") or "",
        dns_name=bare_name(maybe_text(item, "DNSName") or ""),
        type=kind,
        scheme=maybe_text(item, "Scheme") or "internal",
        vpc_id=maybe_text(item, "VpcId") or "",
        state=text(part(item, "State"), "Code"),
        subnet_ids=each_text(parts(item, "AvailabilityZones"), "SubnetId"),
        group_ids=groups,
        ip_address_type=maybe_text(item, "IpAddressType") or "ipv4",
        listeners=None if listeners is None else tuple(convert_listeners(listeners)),
    )


def convert_listeners(items: list[Json]) -> Iterator[Listener]:
    """Yield listeners; a gateway load balancer's has neither a port nor a protocol.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-listeners.html
    """
    for item in items:
        if item.get("Port") is not None or item.get("Protocol") is not None:
            yield Listener(port=number(item, "Port"), protocol=text(item, "Protocol"))
