"""Changes as Terraform: resources beside those that exist, named by their ids.

What only an argument of a resource that exists can change is said in a comment that names both.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import singledispatch
from itertools import count
from typing import Any

from netprobe.fixes import policy_commands, repair_commands
from netprobe.model import changes as ch
from netprobe.model.flow import PROTOCOL_NAMES
from netprobe.model.resources import TargetKind
from netprobe.model.workloads import ApiKind

_ROUTE_ARGUMENT = {
    TargetKind.NAT_GATEWAY: "nat_gateway_id",
    TargetKind.INTERNET_GATEWAY: "gateway_id",
    TargetKind.EGRESS_ONLY_INTERNET_GATEWAY: "egress_only_gateway_id",
    TargetKind.VPC_PEERING_CONNECTION: "vpc_peering_connection_id",
    TargetKind.TRANSIT_GATEWAY: "transit_gateway_id",
}
_TYPE = {
    "igw": "aws_internet_gateway",
    "eigw": "aws_egress_only_internet_gateway",
    "nat": "aws_nat_gateway",
    "subnet": "aws_subnet",
    "rtb": "aws_route_table",
}

Resource = tuple[str, str, dict[str, Any]]
"""Type, name and arguments; values that begin with ``=`` are expressions."""


def write_terraform(changes: Iterable[ch.Change]) -> str:
    """Return one configuration with all changes."""
    numbers = count(1)
    pieces: list[str] = []
    gateway = None
    for change in changes:
        made = _write(change)
        if isinstance(change, ch.SetApiPolicy):
            pieces.append(
                f"# deploy it: name the policy in triggers of {change.api_id}'s "
                "aws_api_gateway_deployment"
            )
        if isinstance(change, ch.CreateInternetGateway):
            gateway = f"=aws_internet_gateway.{_name(change.gateway_id)}"
        if isinstance(made, str):
            pieces.append("\n".join(f"# {line}" for line in made.splitlines()))
        else:
            for kind, name, arguments in made:
                # Terraform cannot see that a NAT gateway works only behind the attached gateway.
                # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/nat_gateway
                needs = gateway is not None and kind == "aws_nat_gateway"
                whole = arguments | ({"depends_on": [gateway]} if needs else {})
                pieces.append(_resource(kind, name or f"way_out_{next(numbers)}", whole))
    return "\n\n".join(pieces) + "\n"


def _resource(kind: str, name: str, arguments: dict[str, Any]) -> str:
    width = max(map(len, arguments))
    lines = [f"  {key.ljust(width)} = {_value(value)}" for key, value in arguments.items()]
    return "\n".join((f'resource "{kind}" "{name}" {{', *lines, "}"))


def _value(value: Any) -> str:  # noqa: ANN401 # any JSON value is an argument's
    if isinstance(value, str) and value.startswith("="):
        return value[1:]
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    return json.dumps(value).replace("${", "$${").replace("%{", "%%{")


def _id(text: str) -> str:
    """Return an id, or the reference to what is new."""
    if not text.startswith(ch.NEW):
        return text
    name = text.removeprefix(ch.NEW)
    return f"={_TYPE.get(name, 'aws_vpc_endpoint')}.{name.replace('-', '_')}.id"


def _name(new_id: str) -> str:
    return new_id.removeprefix(ch.NEW).replace("-", "_")


@singledispatch
def _write(change: object) -> list[Resource] | str:
    """Return the resources of one change, or what to change in one that exists."""
    message = f"no Terraform for {change!r}"
    raise TypeError(message)


@_write.register
def _(change: ch.SetRoute) -> list[Resource] | str:
    ipv6 = change.destination.version == 6  # noqa: PLR2004 # IPv6
    key = "destination_ipv6_cidr_block" if ipv6 else "destination_cidr_block"
    target = _ROUTE_ARGUMENT[change.target]
    if change.replaces:
        there = f'the aws_route of {change.route_table_id} with {key} = "{change.destination}"'
        return f"in {there}: {target} = {_value(_id(change.target_id))}"
    arguments = {
        "route_table_id": _id(change.route_table_id),
        key: str(change.destination),
        target: _id(change.target_id),
    }
    return [("aws_route", "", arguments)]


@_write.register
def _(change: ch.CreateInternetGateway) -> list[Resource] | str:
    return [("aws_internet_gateway", _name(change.gateway_id), {"vpc_id": change.vpc_id})]


@_write.register
def _(change: ch.AttachInternetGateway) -> list[Resource] | str:
    arguments = {"internet_gateway_id": change.gateway_id, "vpc_id": change.vpc_id}
    return [("aws_internet_gateway_attachment", "", arguments)]


@_write.register
def _(change: ch.CreateEgressOnlyGateway) -> list[Resource] | str:
    kind = "aws_egress_only_internet_gateway"
    return [(kind, _name(change.gateway_id), {"vpc_id": change.vpc_id})]


@_write.register
def _(change: ch.CreatePublicSubnet) -> list[Resource] | str:
    subnet, table = _name(change.subnet_id), _name(change.route_table_id)
    return [
        (
            "aws_subnet",
            subnet,
            {
                "vpc_id": change.vpc_id,
                "cidr_block": str(change.cidr),
                "availability_zone": change.availability_zone,
            },
        ),
        ("aws_route_table", table, {"vpc_id": change.vpc_id}),
        (
            "aws_route",
            "",
            {
                "route_table_id": _id(change.route_table_id),
                "destination_cidr_block": "0.0.0.0/0",
                "gateway_id": _id(change.gateway_id),
            },
        ),
        (
            "aws_route_table_association",
            "",
            {
                "route_table_id": _id(change.route_table_id),
                "subnet_id": _id(change.subnet_id),
            },
        ),
    ]


@_write.register
def _(change: ch.CreateNatGateway) -> list[Resource] | str:
    name = _name(change.nat_gateway_id)
    arguments = {"allocation_id": f"=aws_eip.{name}.id", "subnet_id": _id(change.subnet_id)}
    return [("aws_eip", name, {"domain": "vpc"}), ("aws_nat_gateway", name, arguments)]


@_write.register
def _(change: ch.CreateGatewayEndpoint) -> list[Resource] | str:
    arguments = {
        "vpc_id": change.vpc_id,
        "vpc_endpoint_type": "Gateway",
        "service_name": change.service_name,
        "route_table_ids": list(map(_id, change.route_table_ids)),
    }
    return [("aws_vpc_endpoint", _name(change.vpc_endpoint_id), arguments)]


@_write.register
def _(change: ch.AddEndpointTable) -> list[Resource] | str:
    arguments = {
        "vpc_endpoint_id": change.vpc_endpoint_id,
        "route_table_id": change.route_table_id,
    }
    return [("aws_vpc_endpoint_route_table_association", "", arguments)]


@_write.register
def _(change: ch.CreateInterfaceEndpoint) -> list[Resource] | str:
    arguments = {
        "vpc_id": change.vpc_id,
        "vpc_endpoint_type": "Interface",
        "service_name": change.service_name,
        "subnet_ids": list(change.subnet_ids),
        "security_group_ids": list(change.group_ids),
        "private_dns_enabled": True,
    }
    return [("aws_vpc_endpoint", _name(change.vpc_endpoint_id), arguments)]


@_write.register
def _(change: ch.SetPrivateDns) -> list[Resource] | str:
    value = json.dumps(change.enabled)
    return f"in the aws_vpc_endpoint {change.vpc_endpoint_id}: private_dns_enabled = {value}"


@_write.register
def _(change: ch.AllowInGroup) -> list[Resource] | str:
    way = "egress" if change.egress else "ingress"
    kind = f"aws_vpc_security_group_{way}_rule"
    name = PROTOCOL_NAMES.get(change.protocol, str(change.protocol))
    if change.peer_group_id is not None:
        peer = "referenced_security_group_id"
    elif change.prefix_list_id is not None:
        peer = "prefix_list_id"
    else:
        peer = "cidr_ipv6" if ":" in change.peer else "cidr_ipv4"
    return [
        (
            kind,
            "",
            {
                "security_group_id": change.group_id,
                "ip_protocol": name,
                "from_port": low,
                "to_port": high,
                peer: change.peer,
            },
        )
        for low, high in change.ports.ranges
    ]


@_write.register
def _(change: ch.AllowInAcl) -> list[Resource] | str:
    arguments = {
        "network_acl_id": change.network_acl_id,
        "rule_number": change.rule_number,
        "egress": change.egress,
        "protocol": str(change.protocol),
        "rule_action": "allow",
        "ipv6_cidr_block" if change.cidr.version == 6 else "cidr_block": str(change.cidr),  # noqa: PLR2004 # IPv6
        "from_port": change.ports.ranges[0][0],
        "to_port": change.ports.ranges[-1][1],
    }
    return [("aws_network_acl_rule", "", arguments)]


@_write.register
def _(change: ch.AllowFunctionIpv6) -> list[Resource] | str:
    where = f"in vpc_config of the aws_lambda_function {_value(change.function_name)}"
    return f"{where}: ipv6_allowed_for_dual_stack = true"


@_write.register
def _(change: ch.AssociateVpcIpv6) -> list[Resource] | str:
    arguments = {"vpc_id": change.vpc_id, "assign_generated_ipv6_cidr_block": True}
    return [("aws_vpc_ipv6_cidr_block_association", "ipv6", arguments)]


@_write.register
def _(change: ch.AssociateSubnetIpv6) -> list[Resource] | str:
    cidr = json.dumps(str(change.cidr))
    if change.block_is_new:
        block = "aws_vpc_ipv6_cidr_block_association.ipv6.ipv6_cidr_block"
        cidr = f"cidrsubnet({block}, 8, {change.number})"
    return f"in the aws_subnet {change.subnet_id}: ipv6_cidr_block = {cidr}"


@_write.register
def _(change: ch.MakeApiDualStack) -> list[Resource] | str:
    if change.kind is ApiKind.REST:
        where = f"in endpoint_configuration of the aws_api_gateway_rest_api {change.api_id}"
    else:
        where = f"in the aws_apigatewayv2_api {change.api_id}"
    return f'{where}: ip_address_type = "dualstack"'


@_write.register
def _(change: ch.UseRouteTable) -> list[Resource] | str:
    if change.replaces is not None:
        where = f"in the aws_route_table_association of {change.subnet_id}"
        return f"{where}: route_table_id = {json.dumps(change.route_table_id)}"
    arguments = {"route_table_id": change.route_table_id, "subnet_id": change.subnet_id}
    return [("aws_route_table_association", "", arguments)]


@_write.register
def _(change: ch.EnableDns) -> list[Resource] | str:
    name = "enable_dns_hostnames" if change.hostnames else "enable_dns_support"
    return f"in the aws_vpc {change.vpc_id}: {name} = true"


@_write.register
def _(change: ch.ExcludeFromBlock) -> list[Resource] | str:
    subject = "subnet_id" if change.is_subnet else "vpc_id"
    arguments = {
        subject: change.resource_id,
        "internet_gateway_exclusion_mode": change.mode,
    }
    return [("aws_vpc_block_public_access_exclusion", "", arguments)]


@_write.register
def _(change: ch.UseDualStackName) -> list[Resource] | str:
    asks = _value(change.dual_stack_host)
    return f"in the client: AWS_USE_DUALSTACK_ENDPOINT=true, so that it asks {asks}"


for _writer in (*repair_commands.TERRAFORM, *policy_commands.TERRAFORM):
    _write.register(_writer)
