"""Accounts in AWS's own JSON for tests that read: plain VPCs, and VPCs joined in every way."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.canned import ACCOUNT, REGION, CannedAccount

Json = dict[str, Any]

VPC, PEER, BEHIND, APART = "vpc-a", "vpc-peer", "vpc-behind", "vpc-apart"


def of_vpc(vpc_id: str, number: int) -> dict[str, Json]:
    """Return one item of each kind that every VPC has."""
    cidr = f"10.{number}.0.0/16"
    return {
        "ec2:DescribeVpcs": {
            "VpcId": vpc_id,
            "CidrBlock": cidr,
            "OwnerId": ACCOUNT,
            "DhcpOptionsId": "dopt-1",
            "BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"},
        },
        "ec2:DescribeSubnets": {
            "SubnetId": f"subnet-{number}",
            "VpcId": vpc_id,
            "CidrBlock": f"10.{number}.1.0/24",
            "AvailabilityZone": f"{REGION}a",
        },
        "ec2:DescribeRouteTables": {
            "RouteTableId": f"rtb-{number}",
            "VpcId": vpc_id,
            "Associations": [{"Main": True, "AssociationState": {"State": "associated"}}],
            "Routes": [{"DestinationCidrBlock": cidr, "GatewayId": "local", "State": "active"}],
        },
        "ec2:DescribeNetworkAcls": {
            "NetworkAclId": f"acl-{number}",
            "VpcId": vpc_id,
            "Entries": [],
            "Associations": [{"SubnetId": f"subnet-{number}"}],
        },
        "ec2:DescribeSecurityGroups": {
            "GroupId": f"sg-{number}",
            "GroupName": "default",
            "VpcId": vpc_id,
            "IpPermissions": [],
            "IpPermissionsEgress": [],
        },
        "ec2:DescribeNetworkInterfaces": {
            "NetworkInterfaceId": f"eni-{number}",
            "VpcId": vpc_id,
            "SubnetId": f"subnet-{number}",
            "PrivateIpAddress": f"10.{number}.1.9",
            "Description": "",
            "Status": "in-use",
            "Groups": [],
        },
    }


def account_of(*vpc_ids: str) -> CannedAccount:
    """Return an account of plain VPCs, none joined to another."""
    answers: dict[str, list[Json]] = {}
    for number, vpc_id in enumerate(vpc_ids, start=1):
        for call, item in of_vpc(vpc_id, number).items():
            answers.setdefault(call, []).append(item)
    answers["ec2:DescribeManagedPrefixLists"] = [
        {"PrefixListId": f"pl-{name}", "PrefixListName": f"com.amazonaws.{REGION}.{name}"}
        for name in ("s3", "dynamodb", "global.cloudfront")
    ]
    answers["ec2:DescribeDhcpOptions"] = [{"DhcpOptionsId": "dopt-1", "DhcpConfigurations": []}]
    answers["ec2:DescribeVpcBlockPublicAccessOptions"] = {  # type: ignore[assignment] # a whole answer
        "VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "off"}
    }
    return CannedAccount(answers)


def joined_account() -> CannedAccount:
    """Return an account in which everything netprobe knows to read is there and in use."""
    account = account_of(VPC, PEER, BEHIND, APART)
    answers = account.answers
    answers["ec2:DescribeRouteTables"][0]["Routes"] += [
        {
            "DestinationCidrBlock": "10.2.0.0/16",
            "VpcPeeringConnectionId": "pcx-1",
            "State": "active",
        },
        {"DestinationCidrBlock": "10.3.0.0/16", "TransitGatewayId": "tgw-1", "State": "active"},
        {"DestinationCidrBlock": "192.168.0.0/16", "GatewayId": "vgw-1", "State": "active"},
        {"DestinationPrefixListId": "pl-mine", "NatGatewayId": "nat-1", "State": "active"},
    ]
    answers["ec2:DescribeRouteTables"][2]["Routes"] += [
        {
            "DestinationCidrBlock": "10.9.0.0/16",
            "VpcPeeringConnectionId": "pcx-2",
            "State": "active",
        }
    ]
    answers["ec2:DescribeManagedPrefixLists"].append(
        {"PrefixListId": "pl-mine", "PrefixListName": "mine"}
    )
    answers |= _links() | _workloads() | _names() | policies()
    return account


def _links() -> dict[str, Any]:
    attachment = {"TransitGatewayId": "tgw-1", "State": "available"}
    return {
        "ec2:DescribeVpcPeeringConnections": [
            _peering("pcx-1", VPC, PEER),
            _peering("pcx-2", BEHIND, "vpc-of-others"),
            _peering("pcx-3", VPC, APART),
        ],
        "ec2:DescribeTransitGateways": [{"TransitGatewayId": "tgw-1", "State": "available"}],
        "ec2:DescribeTransitGatewayAttachments": [
            attachment
            | {"TransitGatewayAttachmentId": f"tgw-attach-{i}", "ResourceType": kind}
            | {"ResourceId": resource}
            | ({"Association": {"TransitGatewayRouteTableId": "tgw-rtb-1"}} if i != 2 else {})
            for i, (kind, resource) in enumerate(
                (("vpc", VPC), ("vpc", BEHIND), ("peering", "tgw-2"), ("vpc", "vpc-of-others")),
                start=1,
            )
        ],
        "ec2:DescribeTransitGatewayVpcAttachments": [
            attachment
            | {"TransitGatewayAttachmentId": f"tgw-attach-{i}", "VpcId": vpc_id, "SubnetIds": []}
            for i, vpc_id in ((1, VPC), (2, BEHIND))
        ],
        "ec2:DescribeTransitGatewayPeeringAttachments": [
            {
                "TransitGatewayAttachmentId": "tgw-attach-3",
                "State": "available",
                "RequesterTgwInfo": {"TransitGatewayId": "tgw-1"},
                "AccepterTgwInfo": {"TransitGatewayId": "tgw-2"},
            }
        ],
        "ec2:DescribeTransitGatewayRouteTables": [
            {"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}
        ],
        "ec2:SearchTransitGatewayRoutes": [
            {"DestinationCidrBlock": "10.3.0.0/16", "Type": "static", "State": "active"}
        ],
        "ec2:DescribeVpnGateways": [{"VpnGatewayId": "vgw-1", "VpcAttachments": []}],
    }


def _peering(peering_id: str, requester: str, accepter: str) -> Json:
    return {
        "VpcPeeringConnectionId": peering_id,
        "Status": {"Code": "active"},
        "RequesterVpcInfo": {"VpcId": requester},
        "AccepterVpcInfo": {"VpcId": accepter},
    }


def _workloads() -> dict[str, Any]:
    interface = {"VpcId": VPC, "SubnetId": "subnet-1", "Status": "in-use", "Groups": []}
    return {
        "ec2:DescribeNetworkInterfaces": [
            interface
            | {"NetworkInterfaceId": "eni-i", "Attachment": {"InstanceId": "i-1"}}
            | {"PrivateIpAddress": "10.1.1.4"},
            interface
            | {"NetworkInterfaceId": "eni-lb", "Description": "ELB app/web/0123"}
            | {"PrivateIpAddress": "10.1.1.5"},
        ],
        "ec2:DescribeInstances": [
            {"Instances": [{"InstanceId": "i-1", "VpcId": VPC, "State": {"Name": "running"}}]}
        ],
        "ec2:DescribeVpcBlockPublicAccessOptions": {
            "VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "block-ingress"}
        },
        "elbv2:DescribeLoadBalancers": [
            {
                "LoadBalancerArn": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:{name}",
                "LoadBalancerName": name,
                "DNSName": f"{name}-1.{REGION}.elb.amazonaws.com",
                "VpcId": vpc_id,
                "Type": "application",
                "State": {"Code": "active"},
            }
            for name, vpc_id in (("web", VPC), ("quiet", VPC), ("apart", APART))
        ],
        "apigateway:GetRestApis": [{"id": "rest1", "name": "r"}, {"id": "rest2", "name": "s"}],
        "apigatewayv2:GetApis": [{"ApiId": "ws1", "Name": "w", "ProtocolType": "WEBSOCKET"}],
        "apigateway:GetDomainNames": [{"domainName": "api.example.com"}],
        "apigatewayv2:GetDomainNames": [{"DomainName": "api.example.com"}],
    }


def policies() -> dict[str, Any]:
    """Return a function whose role has a policy of its own and an attached one, and a bucket."""
    statement = {"Effect": "Allow", "Action": "execute-api:ManageConnections", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    quoted = quote(document)
    arn = f"arn:aws:iam::{ACCOUNT}:policy/push"
    function = {
        "FunctionName": "fn",
        "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:fn",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/service/fn-role",
        "VpcConfig": {"VpcId": VPC, "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
    }
    own = {"RoleName": "fn-role", "PolicyName": "own", "PolicyDocument": quoted}
    return {
        "lambda:ListFunctions": [function | {"Environment": {"Variables": {"SECRET": "s3cr3t"}}}],
        "lambda:GetFunctionConfiguration": function
        | {"State": "Active", "Environment": {"Variables": {"SECRET": "s3cr3t"}}},
        "iam:ListRolePolicies": ["own"],
        "iam:ListAttachedRolePolicies": [{"PolicyName": "push", "PolicyArn": arn}],
        "iam:GetRolePolicy": own,
        "iam:GetPolicy": {"Policy": {"Arn": arn, "DefaultVersionId": "v3"}},
        "iam:GetPolicyVersion": {"PolicyVersion": {"VersionId": "v3", "Document": quoted}},
        "s3:GetBucketPolicy": {"Policy": document},
    }


def _names() -> dict[str, Any]:
    return {
        "route53:ListHostedZonesByVPC": [
            {"HostedZoneId": "Z1", "Name": "corp.", "Owner": {"OwningAccount": ACCOUNT}},
            {"HostedZoneId": "Z2", "Name": "efs.", "Owner": {"OwningService": "efs"}},
            {"HostedZoneId": "Z3", "Name": "far.", "Owner": {"OwningAccount": "210987654321"}},
        ],
        "route53:ListResourceRecordSets": [
            {
                "Name": "web.corp.",
                "Type": "A",
                "AliasTarget": {"DNSName": f"web-1.{REGION}.elb.amazonaws.com."},
            }
        ],
        "route53resolver:ListResolverRuleAssociations": [
            {"VPCId": VPC, "ResolverRuleId": "rslvr-rr-1"}
        ],
        "route53resolver:ListResolverRules": [
            {"Id": "rslvr-rr-1", "DomainName": "corp.", "RuleType": "FORWARD"}
        ],
        "route53resolver:ListFirewallRuleGroupAssociations": [
            {"VpcId": VPC, "FirewallRuleGroupId": "rslvr-frg-1", "Priority": 101}
        ],
        "route53resolver:ListFirewallRules": [
            {
                "FirewallRuleGroupId": "rslvr-frg-1",
                "FirewallDomainListId": f"rslvr-fdl-{name}",
                "Priority": number,
                "Action": "BLOCK",
                "BlockResponse": "NODATA",
            }
            for number, name in enumerate(("1", "aws"))
        ],
        "route53resolver:ListFirewallDomainLists": {
            "FirewallDomainLists": [
                {"Id": "rslvr-fdl-1"},
                {"Id": "rslvr-fdl-aws", "ManagedOwnerName": "Route 53 Resolver DNS Firewall"},
            ]
        },
        "route53resolver:ListFirewallDomains": {"Domains": ["*.bad.example."]},
    }
