"""netprobe's own side of the AWS API, against the corrected control plane on loopback."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3

from netprobe.aws.session import AwsSession
from tests.contract.lab.corrected import REGION, Cloud


@cache
def _inner() -> Any:
    """Return one boto3 session for all tests: it keeps the services' models once read."""
    return boto3.Session(
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 # the server asks for none
    )


def session_of(cloud: Cloud) -> AwsSession:
    """Return a session of the account, with clients of its own."""
    return AwsSession(region=REGION, inner=_inner(), endpoint_url=cloud.endpoint_url)


def furnish(cloud: Cloud) -> str:
    """Build a VPC that has one of everything a check reads; return its id."""
    ec2 = cloud.ec2
    vpc, subnet = cloud.dual_stack()
    table = cloud.table(vpc)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    made = ec2.create_egress_only_internet_gateway(VpcId=vpc)["EgressOnlyInternetGateway"]
    egress_only = made["EgressOnlyInternetGatewayId"]
    ec2.create_route(
        RouteTableId=table,
        DestinationIpv6CidrBlock="::/0",
        EgressOnlyInternetGatewayId=egress_only,
    )
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[table],
    )
    group = cloud.group(vpc)
    cloud.function("fn", cloud.role(), {"SubnetIds": [subnet], "SecurityGroupIds": [group]})
    cloud.client("apigateway").create_rest_api(name="rest")
    apis = cloud.client("apigatewayv2")
    api_id = apis.create_api(
        Name="ws", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    apis.create_stage(ApiId=api_id, StageName="prod")
    return vpc
