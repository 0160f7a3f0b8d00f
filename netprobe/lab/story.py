"""The story netprobe tells first: a function in a VPC that must push to a WebSocket API's clients.

Plain AWS calls through boto3 clients, as a user would make them; nothing here knows the lab.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from ipaddress import IPv6Network
from typing import Any

FUNCTION_NAME = "push-prices"
HANDLER_SOURCE = '''
import json, os, urllib.request

def handle(event, context):
    """Push a price to one client; this is the call that hangs."""
    url = os.environ["CONNECTIONS_URL"] + event["connection_id"]
    request = urllib.request.Request(url, data=json.dumps(event["price"]).encode(), method="POST")
    return urllib.request.urlopen(request).status
'''

ClientOf = Callable[[str], Any]
"""Returns the boto3 client of a service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the story has built: ids that its steps and its reader need."""

    vpc_id: str
    route_table_id: str
    security_group_id: str
    subnet_ids: tuple[str, ...]
    api_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One free fix: what it changes, as people say it and as they type it."""

    title: str
    commands: tuple[str, ...]
    apply: Callable[[ClientOf, Stage], None]

    def typed(self, stage: Stage) -> tuple[str, ...]:
        """Return the commands with the ids of what was built."""
        values = asdict(stage) | {"subnets": ",".join(stage.subnet_ids)}
        return tuple(command.format(**values) for command in self.commands)


def build(client: ClientOf) -> Stage:
    """Make the VPC, the API and the function: dual-stack subnets, no way out at all."""
    ec2 = client("ec2")
    made = ec2.create_vpc(CidrBlock="10.50.0.0/16", AmazonProvidedIpv6CidrBlock=True)
    vpc_id = made["Vpc"]["VpcId"]
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc_id, **{name: {"Value": True}})
    vpc = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    table = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    subnets = tuple(_subnet(ec2, vpc_id, block, number, table) for number in (1, 2))
    group = _ipv4_only_group(ec2, vpc_id)
    api_id = _websocket_api(client("apigatewayv2"))
    _function(client, subnets, group, api_id)
    return Stage(
        vpc_id=vpc_id,
        route_table_id=table,
        security_group_id=group,
        subnet_ids=subnets,
        api_id=api_id,
    )


def _subnet(ec2: Any, vpc_id: str, block: str, number: int, table: str) -> str:
    subnet = ec2.create_subnet(
        VpcId=vpc_id,
        CidrBlock=f"10.50.{number}.0/24",
        Ipv6CidrBlock=str(list(IPv6Network(block).subnets(new_prefix=64))[number]),
        AvailabilityZone=f"{ec2.meta.region_name}{'ab'[number - 1]}",
    )["Subnet"]["SubnetId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return str(subnet)


def _ipv4_only_group(ec2: Any, vpc_id: str) -> str:
    """Return a group as infrastructure code makes it: "all outbound", and IPv4 is meant.

    AWS CDK's SecurityGroup has ``allowAllIpv6Outbound`` off by default.
    """
    group = ec2.create_security_group(
        GroupName="push-prices", Description="the function that pushes prices", VpcId=vpc_id
    )["GroupId"]
    every_address = [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=every_address)
    return str(group)


def _websocket_api(apis: Any) -> str:
    api_id = apis.create_api(
        Name="stock-ticker",
        ProtocolType="WEBSOCKET",
        RouteSelectionExpression="$request.body.action",
    )["ApiId"]
    apis.create_stage(ApiId=api_id, StageName="prod")
    return str(api_id)


def _function(client: ClientOf, subnets: tuple[str, ...], group: str, api_id: str) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = client("iam").create_role(
        RoleName=FUNCTION_NAME, AssumeRolePolicyDocument=json.dumps(trust)
    )["Role"]["Arn"]
    functions = client("lambda")
    region = functions.meta.region_name
    url = f"https://{api_id}.execute-api.{region}.amazonaws.com/prod/@connections/"
    functions.create_function(
        FunctionName=FUNCTION_NAME,
        Runtime="python3.13",
        Role=role,
        Handler="push.handle",
        Code={"ZipFile": _zip("push.py", HANDLER_SOURCE)},
        Timeout=10,
        Environment={"Variables": {"CONNECTIONS_URL": url}},
        VpcConfig={"SubnetIds": list(subnets), "SecurityGroupIds": [group]},
    )


def _zip(name: str, source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, source)
    return buffer.getvalue()


def _add_egress_only_gateway(client: ClientOf, stage: Stage) -> None:
    ec2 = client("ec2")
    gateway = ec2.create_egress_only_internet_gateway(VpcId=stage.vpc_id)
    ec2.create_route(
        RouteTableId=stage.route_table_id,
        DestinationIpv6CidrBlock="::/0",
        EgressOnlyInternetGatewayId=gateway["EgressOnlyInternetGateway"][
            "EgressOnlyInternetGatewayId"
        ],
    )


def _allow_ipv6_egress(client: ClientOf, stage: Stage) -> None:
    client("ec2").authorize_security_group_egress(
        GroupId=stage.security_group_id,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
            }
        ],
    )


def _allow_ipv6_for_function(client: ClientOf, stage: Stage) -> None:
    client("lambda").update_function_configuration(
        FunctionName=FUNCTION_NAME,
        VpcConfig={
            "SubnetIds": list(stage.subnet_ids),
            "SecurityGroupIds": [stage.security_group_id],
            "Ipv6AllowedForDualStack": True,
        },
    )


def _make_api_dual_stack(client: ClientOf, stage: Stage) -> None:
    client("apigatewayv2").update_api(ApiId=stage.api_id, IpAddressType="dualstack")


STEPS = (
    Step(
        title="an egress-only internet gateway, and ::/0 to it",
        commands=(
            "aws ec2 create-egress-only-internet-gateway --vpc-id {vpc_id}",
            (
                "aws ec2 create-route --route-table-id {route_table_id} "
                "--destination-ipv6-cidr-block ::/0 --egress-only-internet-gateway-id eigw-..."
            ),
        ),
        apply=_add_egress_only_gateway,
    ),
    Step(
        title="an IPv6 rule in the function's security group",
        commands=(
            (
                "aws ec2 authorize-security-group-egress --group-id {security_group_id} "
                "--ip-permissions IpProtocol=tcp,FromPort=443,ToPort=443,"
                "Ipv6Ranges='[{{CidrIpv6=::/0}}]'"
            ),
        ),
        apply=_allow_ipv6_egress,
    ),
    Step(
        title="IPv6 for the function",
        commands=(
            (
                "aws lambda update-function-configuration --function-name push-prices "
                "--vpc-config Ipv6AllowedForDualStack=true,"
                "SubnetIds={subnets},SecurityGroupIds={security_group_id}"
            ),
        ),
        apply=_allow_ipv6_for_function,
    ),
    Step(
        title="IPv6 for the API",
        commands=("aws apigatewayv2 update-api --api-id {api_id} --ip-address-type dualstack",),
        apply=_make_api_dual_stack,
    ),
)
"""The free way out, one link at a time."""
