"""One change of every kind, over the open VPC of the diagnosis's cases."""

from __future__ import annotations

import json

from netprobe.model import changes as ch
from netprobe.model.flow import TCP
from netprobe.model.resources import TargetKind
from netprobe.model.workloads import ApiKind
from tests.builders import network, ports

POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
NAT, EIGW = TargetKind.NAT_GATEWAY, TargetKind.EGRESS_ONLY_INTERNET_GATEWAY

EVERY_CHANGE: tuple[ch.Change, ...] = (
    ch.CreateInternetGateway(gateway_id="new-igw", vpc_id="vpc-1"),
    ch.AttachInternetGateway(gateway_id="igw-9", vpc_id="vpc-1"),
    ch.CreateEgressOnlyGateway(gateway_id="new-eigw", vpc_id="vpc-1"),
    ch.CreatePublicSubnet(
        subnet_id="new-subnet",
        route_table_id="new-rtb",
        vpc_id="vpc-1",
        cidr=network("10.0.255.240/28"),
        availability_zone="us-east-1a",
        gateway_id="new-igw",
    ),
    ch.CreateNatGateway(nat_gateway_id="new-nat", subnet_id="new-subnet"),
    ch.SetRoute(
        route_table_id="rtb-private",
        destination=network("0.0.0.0/0"),
        target=NAT,
        target_id="new-nat",
    ),
    ch.SetRoute(
        route_table_id="rtb-private",
        destination=network("::/0"),
        target=EIGW,
        target_id="new-eigw",
        replaces=True,
    ),
    ch.CreateGatewayEndpoint(
        vpc_endpoint_id="new-s3-endpoint",
        vpc_id="vpc-1",
        service_name="com.amazonaws.us-east-1.s3",
        prefix_list_id="pl-s3",
        route_table_ids=("rtb-private",),
    ),
    ch.AddEndpointTable(
        vpc_endpoint_id="vpce-s3", prefix_list_id="pl-s3", route_table_id="rtb-private"
    ),
    ch.CreateInterfaceEndpoint(
        vpc_endpoint_id="new-ssm-endpoint",
        vpc_id="vpc-1",
        service_name="com.amazonaws.us-east-1.ssm",
        subnet_ids=("subnet-private",),
        group_ids=("sg-1",),
    ),
    ch.SetPrivateDns(vpc_endpoint_id="vpce-1", enabled=False),
    ch.AllowInGroup(
        group_id="sg-1", egress=True, protocol=TCP, ports=ports("443"), cidr=network("::/0")
    ),
    ch.AllowInGroup(
        group_id="sg-1", egress=False, protocol=TCP, ports=ports("443"), peer_group_id="sg-2"
    ),
    ch.AllowInGroup(
        group_id="sg-1", egress=True, protocol=TCP, ports=ports("443"), prefix_list_id="pl-s3"
    ),
    ch.AllowInAcl(
        network_acl_id="acl-1",
        rule_number=90,
        egress=False,
        protocol=TCP,
        ports=ports("1024-65535"),
        cidr=network("0.0.0.0/0"),
    ),
    ch.AssociateVpcIpv6(vpc_id="vpc-1", cidr=network("2001:db8:ffff:f00::/56")),
    ch.AssociateSubnetIpv6(
        subnet_id="subnet-private",
        vpc_id="vpc-1",
        number=3,
        cidr=network("2001:db8:ffff:f03::/64"),
        block_is_new=True,
    ),
    ch.AssociateSubnetIpv6(
        subnet_id="subnet-private",
        vpc_id="vpc-1",
        number=4,
        cidr=network("2001:db8:1:4::/64"),
    ),
    ch.AllowFunctionIpv6(
        function_name="notify", subnet_ids=("subnet-private",), group_ids=("sg-1",)
    ),
    ch.MakeApiDualStack(api_id="abc123", kind=ApiKind.WEBSOCKET),
    ch.MakeApiDualStack(api_id="rest1", kind=ApiKind.REST),
    ch.UseRouteTable(subnet_id="subnet-private", route_table_id="rtb-2"),
    ch.UseRouteTable(subnet_id="subnet-private", route_table_id="rtb-2", replaces="rtb-1"),
    ch.EnableDns(vpc_id="vpc-1"),
    ch.EnableDns(vpc_id="vpc-1", hostnames=True),
    ch.ExcludeFromBlock(resource_id="subnet-private", mode="allow-egress"),
    ch.ExcludeFromBlock(resource_id="vpc-1", mode="allow-bidirectional"),
    ch.UseDualStackName(
        target_id="service:s3",
        host="s3.us-east-1.amazonaws.com",
        dual_stack_host="s3.dualstack.us-east-1.amazonaws.com",
    ),
    ch.DeleteRoute(
        route_table_id="rtb-private", destination=network("0.0.0.0/0"), target_id="nat-1"
    ),
    ch.AddAttachmentSubnet(attachment_id="tgw-attach-1", subnet_id="subnet-private"),
    ch.TakeNameBack(
        resolver_rule_id="new-rule", domain_name="ssm.us-east-1.amazonaws.com", vpc_id="vpc-1"
    ),
    ch.UseAmazonDns(vpc_id="vpc-1"),
    ch.LeaveSubnets(
        function_name="notify",
        leaves=("subnet-private",),
        subnet_ids=("subnet-public",),
        group_ids=("sg-1",),
    ),
    ch.LeaveZone(hosted_zone_id="Z1", vpc_id="vpc-1", region="us-east-1"),
    ch.SetApiPolicy(
        api_id="rest1", stages=("prod",), policy=json.dumps(POLICY), admits="203.0.113.20/32"
    ),
    ch.SetApiPolicy(
        api_id="rest1", stages=(), policy=json.dumps(POLICY), admits="203.0.113.20/32"
    ),
    ch.SetEndpointPolicy(
        vpc_endpoint_id="vpce-1", policy=json.dumps(POLICY), admits="s3:* on arn:aws:s3:::mine"
    ),
    ch.SetBucketPolicy(bucket="mine", policy=json.dumps(POLICY), admits="vpce-1"),
)
