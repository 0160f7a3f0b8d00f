"""Changes as a CloudFormation template: resources beside those that exist, named by their ids.

A stack cannot change what it did not make; such changes, which belong into the template that has
the resource or to the client, are said in comments that name the property:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Any

from netprobe.fixes import policy_commands, repair_commands
from netprobe.model import changes as ch
from netprobe.model.flow import PROTOCOL_NAMES
from netprobe.model.resources import TargetKind
from netprobe.model.workloads import ApiKind

_ROUTE_PROPERTY = {
    TargetKind.NAT_GATEWAY: "NatGatewayId",
    TargetKind.INTERNET_GATEWAY: "GatewayId",
    TargetKind.EGRESS_ONLY_INTERNET_GATEWAY: "EgressOnlyInternetGatewayId",
    TargetKind.VPC_PEERING_CONNECTION: "VpcPeeringConnectionId",
    TargetKind.TRANSIT_GATEWAY: "TransitGatewayId",
}
_ATTACHMENT = "InternetGatewayAttachment"
_NEEDS_GATEWAY = frozenset({"AWS::EC2::Route", "AWS::EC2::EIP", "AWS::EC2::NatGateway"})
"""What AWS makes only behind an attached internet gateway.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
"""

Properties = dict[str, Any]
Resource = tuple[str, str, Properties]
"""Logical id, empty for one that nothing refers to, type and properties."""


def write_cloudformation(changes: Iterable[ch.Change]) -> str:
    """Return one template in YAML; without resources it has comments only."""
    comments: list[str] = []
    resources: Properties = {}
    for change in changes:
        made = _write(change)
        if isinstance(made, str):
            comments.append(f"# not in this template: {' '.join(made.split())}")
            continue
        for logical, kind, properties in made:
            name = logical or f"WayOut{len(resources) + 1}"
            resources[name] = {"Type": kind} | ({"Properties": properties} if properties else {})
            if kind in _NEEDS_GATEWAY and _ATTACHMENT in resources:
                resources[name]["DependsOn"] = _ATTACHMENT
    head = [*comments, 'AWSTemplateFormatVersion: "2010-09-09"'] if resources else comments
    body = list(_yaml({"Resources": resources})) if resources else []
    return "\n".join((*head, *body)) + "\n"


def _yaml(value: Properties, indent: int = 0) -> Iterator[str]:
    """Yield a mapping in block style; scalars as JSON writes them, which YAML reads."""
    lead = " " * indent
    for key, item in value.items():
        if isinstance(item, dict):
            yield f"{lead}{key}:"
            yield from _yaml(item, indent + 2)
        else:
            yield f"{lead}{key}: {json.dumps(item)}"


def _id(text: str) -> str | Properties:
    """Return an id, or the reference to what is new."""
    return {"Ref": _logical(text)} if text.startswith(ch.NEW) else text


def _logical(new_id: str) -> str:
    return "".join(part.title() for part in new_id.removeprefix(ch.NEW).split("-"))


@singledispatch
def _write(change: object) -> list[Resource] | str:
    """Return the resources of one change, or what to change by hand."""
    message = f"no template for {change!r}"
    raise TypeError(message)


@_write.register
def _(change: ch.SetRoute) -> list[Resource] | str:
    ipv6 = change.destination.version == 6  # noqa: PLR2004 # IPv6
    key = "DestinationIpv6CidrBlock" if ipv6 else "DestinationCidrBlock"
    target = _ROUTE_PROPERTY[change.target]
    if change.replaces:
        where = f"AWS::EC2::Route of {change.route_table_id} to {change.destination}"
        return f"{target} = {change.target_id.removeprefix(ch.NEW)} of the {where}"
    return [
        (
            "",
            "AWS::EC2::Route",
            {
                "RouteTableId": _id(change.route_table_id),
                key: str(change.destination),
                target: _id(change.target_id),
            },
        )
    ]


@_write.register
def _(change: ch.CreateInternetGateway) -> list[Resource] | str:
    made = _logical(change.gateway_id)
    attached = {"VpcId": change.vpc_id, "InternetGatewayId": {"Ref": made}}
    return [
        (made, "AWS::EC2::InternetGateway", {}),
        (_ATTACHMENT, "AWS::EC2::VPCGatewayAttachment", attached),
    ]


@_write.register
def _(change: ch.AttachInternetGateway) -> list[Resource] | str:
    attached = {"VpcId": change.vpc_id, "InternetGatewayId": change.gateway_id}
    return [(_ATTACHMENT, "AWS::EC2::VPCGatewayAttachment", attached)]


@_write.register
def _(change: ch.CreateEgressOnlyGateway) -> list[Resource] | str:
    kind = "AWS::EC2::EgressOnlyInternetGateway"
    return [(_logical(change.gateway_id), kind, {"VpcId": change.vpc_id})]


@_write.register
def _(change: ch.CreatePublicSubnet) -> list[Resource] | str:
    subnet, table = _logical(change.subnet_id), _logical(change.route_table_id)
    place = {
        "VpcId": change.vpc_id,
        "CidrBlock": str(change.cidr),
        "AvailabilityZone": change.availability_zone,
    }
    out = {
        "RouteTableId": {"Ref": table},
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": _id(change.gateway_id),
    }
    association = {"RouteTableId": {"Ref": table}, "SubnetId": {"Ref": subnet}}
    return [
        (subnet, "AWS::EC2::Subnet", place),
        (table, "AWS::EC2::RouteTable", {"VpcId": change.vpc_id}),
        ("", "AWS::EC2::Route", out),
        ("", "AWS::EC2::SubnetRouteTableAssociation", association),
    ]


@_write.register
def _(change: ch.CreateNatGateway) -> list[Resource] | str:
    made = _logical(change.nat_gateway_id)
    address = f"{made}Address"
    properties = {
        "AllocationId": {"Fn::GetAtt": [address, "AllocationId"]},
        "SubnetId": _id(change.subnet_id),
    }
    return [
        (address, "AWS::EC2::EIP", {"Domain": "vpc"}),
        (made, "AWS::EC2::NatGateway", properties),
    ]


@_write.register
def _(change: ch.CreateGatewayEndpoint) -> list[Resource] | str:
    properties = {
        "VpcId": change.vpc_id,
        "VpcEndpointType": "Gateway",
        "ServiceName": change.service_name,
        "RouteTableIds": list(change.route_table_ids),
    }
    return [(_logical(change.vpc_endpoint_id), "AWS::EC2::VPCEndpoint", properties)]


@_write.register
def _(change: ch.AddEndpointTable) -> list[Resource] | str:
    added = f"{change.route_table_id} among RouteTableIds"
    return f"{added} of the AWS::EC2::VPCEndpoint {change.vpc_endpoint_id}"


@_write.register
def _(change: ch.CreateInterfaceEndpoint) -> list[Resource] | str:
    properties = {
        "VpcId": change.vpc_id,
        "VpcEndpointType": "Interface",
        "ServiceName": change.service_name,
        "SubnetIds": list(change.subnet_ids),
        "SecurityGroupIds": list(change.group_ids),
        "PrivateDnsEnabled": True,
    }
    return [(_logical(change.vpc_endpoint_id), "AWS::EC2::VPCEndpoint", properties)]


@_write.register
def _(change: ch.SetPrivateDns) -> list[Resource] | str:
    value = json.dumps(change.enabled)
    return f"PrivateDnsEnabled = {value} of the AWS::EC2::VPCEndpoint {change.vpc_endpoint_id}"


@_write.register
def _(change: ch.AllowInGroup) -> list[Resource] | str:
    way = "Egress" if change.egress else "Ingress"
    peer = _peer(change)
    name = PROTOCOL_NAMES.get(change.protocol, str(change.protocol))
    return [
        (
            "",
            f"AWS::EC2::SecurityGroup{way}",
            {
                "GroupId": change.group_id,
                "IpProtocol": name,
                "FromPort": low,
                "ToPort": high,
                peer: change.peer,
            },
        )
        for low, high in change.ports.ranges
    ]


def _peer(change: ch.AllowInGroup) -> str:
    end = "Destination" if change.egress else "Source"
    if change.peer_group_id is not None:
        return f"{end}SecurityGroupId"
    if change.prefix_list_id is not None:
        return f"{end}PrefixListId"
    return "CidrIpv6" if ":" in change.peer else "CidrIp"


@_write.register
def _(change: ch.AllowInAcl) -> list[Resource] | str:
    properties = {
        "NetworkAclId": change.network_acl_id,
        "RuleNumber": change.rule_number,
        "Egress": change.egress,
        "Protocol": change.protocol,
        "RuleAction": "allow",
        "Ipv6CidrBlock" if change.cidr.version == 6 else "CidrBlock": str(change.cidr),  # noqa: PLR2004 # IPv6
        "PortRange": {"From": change.ports.ranges[0][0], "To": change.ports.ranges[-1][1]},
    }
    return [("", "AWS::EC2::NetworkAclEntry", properties)]


@_write.register
def _(change: ch.AllowFunctionIpv6) -> list[Resource] | str:
    where = f"VpcConfig of the AWS::Lambda::Function {json.dumps(change.function_name)}"
    return f"Ipv6AllowedForDualStack = true in {where}"


@_write.register
def _(change: ch.AssociateVpcIpv6) -> list[Resource] | str:
    properties = {"VpcId": change.vpc_id, "AmazonProvidedIpv6CidrBlock": True}
    return [("Ipv6Block", "AWS::EC2::VPCCidrBlock", properties)]


@_write.register
def _(change: ch.AssociateSubnetIpv6) -> list[Resource] | str:
    if change.block_is_new:
        which = f"/64 number {change.number} of {change.vpc_id}'s new block"
        return f"an AWS::EC2::SubnetCidrBlock of {change.subnet_id}: {which}"
    properties = {"SubnetId": change.subnet_id, "Ipv6CidrBlock": str(change.cidr)}
    return [("", "AWS::EC2::SubnetCidrBlock", properties)]


@_write.register
def _(change: ch.MakeApiDualStack) -> list[Resource] | str:
    if change.kind is ApiKind.REST:
        where = f"EndpointConfiguration of the AWS::ApiGateway::RestApi {change.api_id}"
    else:
        where = f"the AWS::ApiGatewayV2::Api {change.api_id}"
    return f"IpAddressType = dualstack in {where}"


@_write.register
def _(change: ch.UseRouteTable) -> list[Resource] | str:
    if change.replaces is not None:
        where = f"the AWS::EC2::SubnetRouteTableAssociation of {change.subnet_id}"
        return f"RouteTableId = {change.route_table_id} in {where}"
    properties = {"RouteTableId": change.route_table_id, "SubnetId": change.subnet_id}
    return [("", "AWS::EC2::SubnetRouteTableAssociation", properties)]


@_write.register
def _(change: ch.EnableDns) -> list[Resource] | str:
    name = "EnableDnsHostnames" if change.hostnames else "EnableDnsSupport"
    return f"{name} = true in the AWS::EC2::VPC {change.vpc_id}"


@_write.register
def _(change: ch.ExcludeFromBlock) -> list[Resource] | str:
    subject = "SubnetId" if change.is_subnet else "VpcId"
    properties = {subject: change.resource_id, "InternetGatewayExclusionMode": change.mode}
    return [("", "AWS::EC2::VPCBlockPublicAccessExclusion", properties)]


@_write.register
def _(change: ch.UseDualStackName) -> list[Resource] | str:
    asks = json.dumps(change.dual_stack_host)
    return f"AWS_USE_DUALSTACK_ENDPOINT=true in the client, so that it asks {asks}"


for _writer in (*repair_commands.CLOUDFORMATION, *policy_commands.CLOUDFORMATION):
    _write.register(_writer)
