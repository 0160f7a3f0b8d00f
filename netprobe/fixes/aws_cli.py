"""Changes as AWS CLI commands: to be run in order, by a POSIX shell, as they stand.

Ids that AWS gives are kept in shell variables named after what is made.
https://docs.aws.amazon.com/cli/latest/reference/
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from functools import singledispatch

from netprobe.fixes import policy_commands, repair_commands
from netprobe.model import changes as ch
from netprobe.model.flow import PROTOCOL_NAMES
from netprobe.model.resources import TargetKind
from netprobe.model.workloads import ApiKind

_TARGET_OPTION = {
    TargetKind.NAT_GATEWAY: "--nat-gateway-id",
    TargetKind.INTERNET_GATEWAY: "--gateway-id",
    TargetKind.EGRESS_ONLY_INTERNET_GATEWAY: "--egress-only-internet-gateway-id",
    TargetKind.VPC_PEERING_CONNECTION: "--vpc-peering-connection-id",
    TargetKind.TRANSIT_GATEWAY: "--transit-gateway-id",
}
_BLOCK = "IPV6_BLOCK"
_PREFIX = r"s/^([^:]+:[^:]+)::\/56$/\1:0:/; s/^(([^:]+:){2}[^:]+)::\/56$/\1:/; s/00::\/56$//"
"""Leaves of a /56 what comes before the two digits that number its /64s."""


def write_aws_cli(changes: Iterable[ch.Change], region: str) -> tuple[str, ...]:
    """Return the commands that make the changes in a region."""
    where = f" --region {shlex.quote(region)}"
    return tuple(line.replace(" @", where) for change in changes for line in _write(change))


@singledispatch
def _write(change: object) -> list[str]:
    """Return the commands of one change; ``@`` stands where the region goes."""
    message = f"no commands for {change!r}"
    raise TypeError(message)


def _id(text: str) -> str:
    """Return an id for the shell: what is new by its variable."""
    return f'"${_variable(text)}"' if text.startswith(ch.NEW) else shlex.quote(text)


def _variable(new_id: str) -> str:
    return new_id.removeprefix(ch.NEW).replace("-", "_").upper()


def _keep(new_id: str, command: str, query: str) -> str:
    return f"{_variable(new_id)}=$({command} @ --query {query} --output text)"


@_write.register
def _(change: ch.SetRoute) -> list[str]:
    verb = "replace-route" if change.replaces else "create-route"
    family = "-ipv6" if change.destination.version == 6 else ""  # noqa: PLR2004 # IPv6
    where = f"--destination{family}-cidr-block {change.destination}"
    target = f"{_TARGET_OPTION[change.target]} {_id(change.target_id)}"
    table = _id(change.route_table_id)
    return [f"aws ec2 {verb} @ --route-table-id {table} {where} {target}"]


@_write.register
def _(change: ch.CreateInternetGateway) -> list[str]:
    query = "InternetGateway.InternetGatewayId"
    made = _keep(change.gateway_id, "aws ec2 create-internet-gateway", query)
    return [made, _attach(change.gateway_id, change.vpc_id)]


def _attach(gateway_id: str, vpc_id: str) -> str:
    ids = f"--internet-gateway-id {_id(gateway_id)} --vpc-id {_id(vpc_id)}"
    return f"aws ec2 attach-internet-gateway @ {ids}"


@_write.register
def _(change: ch.AttachInternetGateway) -> list[str]:
    return [_attach(change.gateway_id, change.vpc_id)]


@_write.register
def _(change: ch.CreateEgressOnlyGateway) -> list[str]:
    command = f"aws ec2 create-egress-only-internet-gateway --vpc-id {_id(change.vpc_id)}"
    query = "EgressOnlyInternetGateway.EgressOnlyInternetGatewayId"
    return [_keep(change.gateway_id, command, query)]


@_write.register
def _(change: ch.CreatePublicSubnet) -> list[str]:
    vpc, table = _id(change.vpc_id), _id(change.route_table_id)
    zone = shlex.quote(change.availability_zone)
    create = f"aws ec2 create-subnet --vpc-id {vpc} --cidr-block {change.cidr}"
    return [
        _keep(change.subnet_id, f"{create} --availability-zone {zone}", "Subnet.SubnetId"),
        _keep(
            change.route_table_id,
            f"aws ec2 create-route-table --vpc-id {vpc}",
            "RouteTable.RouteTableId",
        ),
        (
            f"aws ec2 create-route @ --route-table-id {table} --destination-cidr-block 0.0.0.0/0 "
            f"--gateway-id {_id(change.gateway_id)}"
        ),
        (
            f"aws ec2 associate-route-table @ --route-table-id {table} "
            f"--subnet-id {_id(change.subnet_id)}"
        ),
    ]


@_write.register
def _(change: ch.CreateNatGateway) -> list[str]:
    address = f"{change.nat_gateway_id}-address"
    create = f"aws ec2 create-nat-gateway --subnet-id {_id(change.subnet_id)}"
    nat = _id(change.nat_gateway_id)
    return [
        _keep(address, "aws ec2 allocate-address --domain vpc", "AllocationId"),
        _keep(
            change.nat_gateway_id,
            f"{create} --allocation-id {_id(address)}",
            "NatGateway.NatGatewayId",
        ),
        f"aws ec2 wait nat-gateway-available @ --nat-gateway-ids {nat}",
    ]


@_write.register
def _(change: ch.CreateGatewayEndpoint) -> list[str]:
    tables = " ".join(map(_id, change.route_table_ids))
    create = (
        f"aws ec2 create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id {_id(change.vpc_id)} "
        f"--service-name {shlex.quote(change.service_name)} --route-table-ids {tables}"
    )
    return [_keep(change.vpc_endpoint_id, create, "VpcEndpoint.VpcEndpointId")]


@_write.register
def _(change: ch.AddEndpointTable) -> list[str]:
    table = _id(change.route_table_id)
    return [f"{_modify_endpoint(change.vpc_endpoint_id)} --add-route-table-ids {table}"]


def _modify_endpoint(endpoint_id: str) -> str:
    return f"aws ec2 modify-vpc-endpoint @ --vpc-endpoint-id {_id(endpoint_id)}"


@_write.register
def _(change: ch.CreateInterfaceEndpoint) -> list[str]:
    subnets = " ".join(map(_id, change.subnet_ids))
    create = (
        f"aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface "
        f"--vpc-id {_id(change.vpc_id)} --service-name {shlex.quote(change.service_name)} "
        f"--subnet-ids {subnets} --security-group-ids {' '.join(map(_id, change.group_ids))} "
        "--private-dns-enabled"
    )
    return [_keep(change.vpc_endpoint_id, create, "VpcEndpoint.VpcEndpointId")]


@_write.register
def _(change: ch.SetPrivateDns) -> list[str]:
    option = "--private-dns-enabled" if change.enabled else "--no-private-dns-enabled"
    return [f"{_modify_endpoint(change.vpc_endpoint_id)} {option}"]


@_write.register
def _(change: ch.AllowInGroup) -> list[str]:
    verb = "egress" if change.egress else "ingress"
    permissions = [_permission(change, *item) for item in change.ports.ranges]
    return [
        (
            f"aws ec2 authorize-security-group-{verb} @ --group-id {_id(change.group_id)} "
            f"--ip-permissions {' '.join(map(shlex.quote, permissions))}"
        )
    ]


def _permission(change: ch.AllowInGroup, low: int, high: int) -> str:
    name = PROTOCOL_NAMES.get(change.protocol, str(change.protocol))
    if change.peer_group_id is not None:
        peer = f"UserIdGroupPairs=[{{GroupId={change.peer_group_id}}}]"
    elif change.prefix_list_id is not None:
        peer = f"PrefixListIds=[{{PrefixListId={change.prefix_list_id}}}]"
    elif change.cidr is not None and change.cidr.version == 6:  # noqa: PLR2004 # IPv6
        peer = f"Ipv6Ranges=[{{CidrIpv6={change.cidr}}}]"
    else:
        peer = f"IpRanges=[{{CidrIp={change.cidr}}}]"
    return f"IpProtocol={name},FromPort={low},ToPort={high},{peer}"


@_write.register
def _(change: ch.AllowInAcl) -> list[str]:
    way = "--egress" if change.egress else "--ingress"
    block = "--ipv6-cidr-block" if change.cidr.version == 6 else "--cidr-block"  # noqa: PLR2004 # IPv6
    low, high = change.ports.ranges[0][0], change.ports.ranges[-1][1]
    return [
        (
            f"aws ec2 create-network-acl-entry @ --network-acl-id {_id(change.network_acl_id)} "
            f"{way} --rule-number {change.rule_number} --protocol {change.protocol} "
            f"--port-range From={low},To={high} --rule-action allow {block} {change.cidr}"
        )
    ]


@_write.register
def _(change: ch.AllowFunctionIpv6) -> list[str]:
    having = (
        "length(Subnets[?Ipv6CidrBlockAssociationSet[?Ipv6CidrBlockState.State=='associated']])"
    )
    read = (
        f"aws ec2 describe-subnets @ --subnet-ids {' '.join(map(_id, change.subnet_ids))} "
        f'--query "{having}" --output text'
    )
    count = len(change.subnet_ids)
    return [
        f'for _ in $(seq 60); do [ "$({read})" != {count} ] || break; sleep 1; done',
        *repair_commands.configure_function(change, ipv6_allowed=True),
    ]


@_write.register
def _(change: ch.AssociateVpcIpv6) -> list[str]:
    vpc = _id(change.vpc_id)
    query = (
        "Vpcs[0].Ipv6CidrBlockAssociationSet[?Ipv6CidrBlockState.State=='associated']"
        ".Ipv6CidrBlock | [0]"
    )
    read = f'aws ec2 describe-vpcs @ --vpc-ids {vpc} --query "{query}" --output text'
    return [
        f"aws ec2 associate-vpc-cidr-block @ --vpc-id {vpc} --amazon-provided-ipv6-cidr-block",
        (
            f"for _ in $(seq 60); do {_BLOCK}=$({read}); "
            f'[ "${_BLOCK}" = None ] || break; sleep 1; done'
        ),
        f'IPV6_56=$(echo "${_BLOCK}" | sed -E {shlex.quote(_PREFIX)})',
    ]


@_write.register
def _(change: ch.AssociateSubnetIpv6) -> list[str]:
    cidr = str(change.cidr)
    if change.block_is_new:
        cidr = f'"${{IPV6_56}}{change.number:02x}::/64"'
    subnet = _id(change.subnet_id)
    return [f"aws ec2 associate-subnet-cidr-block @ --subnet-id {subnet} --ipv6-cidr-block {cidr}"]


@_write.register
def _(change: ch.MakeApiDualStack) -> list[str]:
    api = shlex.quote(change.api_id)
    if change.kind is ApiKind.REST:
        patch = "op=replace,path=/endpointConfiguration/ipAddressType,value=dualstack"
        return [f"aws apigateway update-rest-api @ --rest-api-id {api} --patch-operations {patch}"]
    return [f"aws apigatewayv2 update-api @ --api-id {api} --ip-address-type dualstack"]


@_write.register
def _(change: ch.UseRouteTable) -> list[str]:
    subnet, table = _id(change.subnet_id), _id(change.route_table_id)
    if change.replaces is None:
        return [f"aws ec2 associate-route-table @ --route-table-id {table} --subnet-id {subnet}"]
    query = (
        f"RouteTables[0].Associations[?SubnetId=='{change.subnet_id}'].RouteTableAssociationId"
        " | [0]"
    )
    read = (
        f"aws ec2 describe-route-tables @ --filters Name=association.subnet-id,Values={subnet} "
        f"--query {shlex.quote(query)} --output text"
    )
    return [
        (
            f'aws ec2 replace-route-table-association @ --association-id "$({read})" '
            f"--route-table-id {table}"
        )
    ]


@_write.register
def _(change: ch.EnableDns) -> list[str]:
    option = "--enable-dns-hostnames" if change.hostnames else "--enable-dns-support"
    value = shlex.quote(json.dumps({"Value": True}))
    return [f"aws ec2 modify-vpc-attribute @ --vpc-id {_id(change.vpc_id)} {option} {value}"]


@_write.register
def _(change: ch.ExcludeFromBlock) -> list[str]:
    option = "--subnet-id" if change.is_subnet else "--vpc-id"
    subject = f"{option} {_id(change.resource_id)}"
    return [
        (
            f"aws ec2 create-vpc-block-public-access-exclusion @ {subject} "
            f"--internet-gateway-exclusion-mode {shlex.quote(change.mode)}"
        )
    ]


@_write.register
def _(change: ch.UseDualStackName) -> list[str]:
    del change
    return ["# in the client's environment: AWS_USE_DUALSTACK_ENDPOINT=true"]


for _writer in (*repair_commands.AWS_CLI, *policy_commands.AWS_CLI):
    _write.register(_writer)
