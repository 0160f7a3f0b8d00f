"""How Lambda functions sit in VPCs: what is refused, and the interfaces they share.

"When you attach a function to a VPC, Lambda creates a Hyperplane ENI for each unique combination
of security group and subnet"; see "Giving Lambda functions access to resources in an Amazon VPC".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import lambda_backends
from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import ec2_backends

from netprobe.lab.control import (
    addresses,
    function_roles,
    function_states,
    interfaces,
    internals,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A function's VpcConfig."""

    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    ipv6_allowed: bool = False

    @property
    def keys(self) -> list[tuple[str, frozenset[str]]]:
        """What names each interface of the function: its subnet, and the groups together."""
        return [(subnet, frozenset(self.group_ids)) for subnet in self.subnet_ids]


def _network(config: dict[str, Any] | None) -> Network:
    config = config or {}
    return Network(
        subnet_ids=tuple(config.get("SubnetIds") or ()),
        group_ids=tuple(config.get("SecurityGroupIds") or ()),
        ipv6_allowed=bool(config.get("Ipv6AllowedForDualStack")),
    )


def network_of(function: Any) -> Network:
    """Return how a function sits in its VPC; no subnets when it is in none."""
    return _network(internals.given_vpc_config(function))


def _ec2(resource: Any) -> Any:
    region = getattr(resource, "region_name", None) or resource.region
    return ec2_backends[resource.account_id][region]


def vpc_of(function: Any) -> str | None:
    """Return the VPC of a function's subnets, None outside any."""
    network = network_of(function)
    if not network.subnet_ids:
        return None
    return str(_ec2(function).get_subnet(network.subnet_ids[0]).vpc_id)


def vpc_config(function: Any) -> dict[str, Any] | None:
    """Return VpcConfig as Lambda tells it: with the true VPC, and IPv6 off unless asked for."""
    if internals.given_vpc_config(function) is None:
        return None
    network = network_of(function)
    return {
        "SubnetIds": list(network.subnet_ids),
        "SecurityGroupIds": list(network.group_ids),
        "VpcId": vpc_of(function) or "",
        "Ipv6AllowedForDualStack": network.ipv6_allowed,
    }


def create_function(original: Any, backend: Any, spec: dict[str, Any]) -> Any:
    """Create a function after its VpcConfig was found good, and its interfaces."""
    _refuse(backend, _network(spec.get("VpcConfig")))
    with interfaces.CHANGES:
        function = original(backend, spec)
        function_states.begin(function)
        if _lacks_addresses(function):
            function_states.enter(function, function_states.FAILED, function_states.NO_ADDRESS)
        _match_interfaces(backend)
    return function


def obstacle(function: Any) -> str:
    """Return why Lambda could not make a function's interfaces anew, empty where it could."""
    if not function_roles.may_make_interfaces(function):
        return function_states.NO_PERMISSION
    return function_states.NO_ADDRESS if _lacks_addresses(function) else ""


def _lacks_addresses(function: Any) -> bool:
    """Tell whether a subnet is full, and the function finds no interface there to share."""
    ec2 = _ec2(function)
    held = _held(ec2)
    return any(
        key not in held and ec2.get_subnet(key[0]).available_ip_address_count <= 0
        for key in network_of(function).keys
    )


def update_configuration(
    original: Any, backend: Any, function_name: str, qualifier: Any, body: dict[str, Any]
) -> Any:
    """Update a function after its VpcConfig was found good, and the interfaces."""
    function = backend.get_function(function_name, qualifier)
    function_states.refuse_update(function)
    if "VpcConfig" in body:
        _refuse(backend, _network(body["VpcConfig"]))
    with interfaces.CHANGES:
        answer = original(backend, function_name, qualifier, body)
        _match_interfaces(backend)
    function_states.begin_update(function)
    if answer is not None:
        answer["LastUpdateStatus"] = "InProgress"
    return answer


def delete_function(original: Any, backend: Any, *arguments: Any, **named: Any) -> Any:
    """Delete a function, and at once the interfaces that no other function uses."""
    with interfaces.CHANGES:
        answer = original(backend, *arguments, **named)
        _match_interfaces(backend)
    return answer


def _refuse(backend: Any, network: Network) -> None:
    """Raise what Lambda raises for a VpcConfig it cannot use, before anything is stored."""
    if bool(network.subnet_ids) is not bool(network.group_ids):
        raise InvalidParameterValueException(
            "SubnetIds and SecurityIds must coexist or be both empty list."
        )
    ec2 = _ec2(backend)
    subnets = [_subnet(ec2, item) for item in network.subnet_ids]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise InvalidParameterValueException("All subnets must be in the same VPC.")
    for group_id in network.group_ids:
        _refuse_group(ec2, group_id, subnets[0].vpc_id)
    for subnet in subnets if network.ipv6_allowed else ():
        if not subnet.cidr_block or addresses.ipv6_block(subnet) is None:
            raise InvalidParameterValueException(
                f"Ipv6AllowedForDualStack needs dual-stack subnets: {subnet.id} has not both an"
                " IPv4 and an IPv6 CIDR block."
            )


def _subnet(ec2: Any, subnet_id: str) -> Any:
    try:
        return ec2.get_subnet(subnet_id)
    except InvalidSubnetIdError as error:
        raise InvalidParameterValueException(
            "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2"
            f" Error Message: The subnet ID '{subnet_id}' does not exist"
        ) from error


def _refuse_group(ec2: Any, group_id: str, vpc_id: str) -> None:
    group = ec2.get_security_group_from_id(group_id)
    if group is None:
        raise InvalidParameterValueException(
            "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound."
            f" EC2 Error Message: The security group '{group_id}' does not exist"
        )
    if group.vpc_id != vpc_id:
        raise InvalidParameterValueException(
            f"The security group {group_id} is not in the VPC {vpc_id} of the subnets."
        )


def _match_interfaces(backend: Any) -> None:
    """Make each (subnet, groups) in use have one interface, and no other interface of Lambda's.

    An interface has an IPv6 address while a function that uses it may send IPv6.
    """
    ec2 = _ec2(backend)
    held = _held(ec2)
    wanted: dict[tuple[str, frozenset[str]], tuple[str, bool]] = {}
    for function in internals.every_function(backend):
        if function_states.state_of(function) in function_states.WITHOUT_INTERFACES:
            continue
        network = network_of(function)
        for key in network.keys:
            first, ipv6 = wanted.get(key, (function.function_name, False))
            wanted[key] = (first, ipv6 or network.ipv6_allowed)
    for key in held.keys() - wanted.keys():
        del ec2.enis[held.pop(key).id]
    for key, (first, ipv6) in wanted.items():
        interface = held.get(key) or _create(ec2, key, first)
        if not ipv6:
            interface.ipv6_addresses = []
        elif not interface.ipv6_addresses:
            interface.ipv6_addresses = [addresses.free_ipv6(ec2, interface.subnet)]


def match_interfaces(function: Any) -> None:
    """Make the interfaces of a function's region follow the states of its functions."""
    with interfaces.CHANGES:
        _match_interfaces(lambda_backends[function.account_id][function.region])


def _held(ec2: Any) -> dict[tuple[str, frozenset[str]], Any]:
    return {
        (item.subnet.id, frozenset(group.id for group in item.group_set)): item
        for item in list(ec2.enis.values())
        if item.interface_type == "lambda"
    }


def _create(ec2: Any, key: tuple[str, frozenset[str]], first: str) -> Any:
    subnet_id, group_ids = key
    interface = ec2.create_network_interface(subnet_id, None, group_ids=sorted(group_ids))
    keeper = interfaces.Keeper(
        interface_type="lambda", description=f"AWS Lambda VPC ENI-{first}-{uuid4()}"
    )
    groups = [ec2.get_security_group_from_id(item) for item in sorted(group_ids)]
    interfaces.hand_over(interface, keeper, groups)
    return interface


def interfaces_of(function: Any) -> tuple[str, ...]:
    """Return the ids of the interfaces a function uses, in the order of its subnets."""
    held = _held(_ec2(function))
    return tuple(held[key].id for key in network_of(function).keys if key in held)
