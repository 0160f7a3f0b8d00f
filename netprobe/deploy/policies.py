"""The exact IAM policies: to read, to probe, and of the probe's own execution role."""

from __future__ import annotations

from typing import Any

from netprobe.deploy.plan import INTERFACE_ACTIONS, NAME_PREFIX, ROLE_PATH

VERSION = "2012-10-17"

READ_ACTIONS = (
    "apigateway:GET",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeEgressOnlyInternetGateways",
    "ec2:DescribeInstances",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeManagedPrefixLists",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTransitGatewayAttachments",
    "ec2:DescribeTransitGatewayPeeringAttachments",
    "ec2:DescribeTransitGatewayRouteTables",
    "ec2:DescribeTransitGatewayVpcAttachments",
    "ec2:DescribeTransitGateways",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcBlockPublicAccessExclusions",
    "ec2:DescribeVpcBlockPublicAccessOptions",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeVpcs",
    "ec2:DescribeVpnGateways",
    "ec2:GetManagedPrefixListEntries",
    "ec2:GetTransitGatewayRouteTableAssociations",
    "ec2:SearchTransitGatewayRoutes",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancers",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "lambda:GetFunctionConfiguration",
    "lambda:ListFunctions",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "route53:ListHostedZonesByVPC",
    "route53:ListResourceRecordSets",
    "route53resolver:ListFirewallDomainLists",
    "route53resolver:ListFirewallDomains",
    "route53resolver:ListFirewallRuleGroupAssociations",
    "route53resolver:ListFirewallRules",
    "route53resolver:ListResolverRuleAssociations",
    "route53resolver:ListResolverRules",
    "s3:GetBucketPolicy",
    "sts:GetCallerIdentity",
)
"""All that is read of an account; a denied one makes what needs it unknown, nothing else.

``sts:GetCallerIdentity`` needs no permission and is listed for those who deny by default.
"""

IMPLIED_ACTIONS = ("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs")
"""What Lambda asks of whoever creates a function in a VPC, on top of CreateFunction itself.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""


_FUNCTION_ACTIONS = (
    "lambda:CreateFunction",
    "lambda:DeleteFunction",
    "lambda:GetFunction",
    "lambda:InvokeFunction",
    "lambda:ListTags",
    "lambda:TagResource",
)
_ROLE_ACTIONS = (
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:GetRole",
    "iam:ListRolePolicies",
    "iam:ListRoleTags",
    "iam:PutRolePolicy",
    "iam:TagRole",
)


def trust_policy() -> dict[str, Any]:
    """Return who may take the role: Lambda, nobody else."""
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }


def execution_policy(run_id: str) -> dict[str, Any]:
    """Return what the role allows: Lambda may manage interfaces, the probe's own code may not.

    The key ``lambda:SourceFunctionArn`` is only present on calls made by a function's code:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    functions = f"arn:*:lambda:*:*:function:{NAME_PREFIX}{run_id}-*"
    return {
        "Version": VERSION,
        "Statement": [
            {"Effect": "Allow", "Action": list(INTERFACE_ACTIONS), "Resource": "*"},
            {
                "Effect": "Deny",
                "Action": [*INTERFACE_ACTIONS, "ec2:DetachNetworkInterface"],
                "Resource": "*",
                "Condition": {"ArnLike": {"lambda:SourceFunctionArn": functions}},
            },
        ],
    }


def read_policy() -> dict[str, Any]:
    """Return what a check without a probe, ``trace`` and ``snapshot`` need."""
    statement = {"Effect": "Allow", "Action": list(READ_ACTIONS), "Resource": "*"}
    return {"Version": VERSION, "Statement": [statement]}


def probe_policy() -> dict[str, Any]:
    """Return what creating, invoking, finding and removing probes needs, beside reading.

    Functions and roles by the names netprobe gives them; lists cannot be narrowed down:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    """
    functions = f"arn:*:lambda:*:*:function:{NAME_PREFIX}*"
    roles = f"arn:*:iam::*:role{ROLE_PATH}{NAME_PREFIX}*"
    listed = {"ec2:DescribeNetworkInterfaces", *IMPLIED_ACTIONS, "iam:ListRoles",
              "lambda:ListFunctions"}  # fmt: skip
    return {
        "Version": VERSION,
        "Statement": [
            {"Effect": "Allow", "Action": sorted(listed), "Resource": "*"},
            {"Effect": "Allow", "Action": list(_FUNCTION_ACTIONS), "Resource": functions},
            {"Effect": "Allow", "Action": list(_ROLE_ACTIONS), "Resource": roles},
            {
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": roles,
                "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
            },
        ],
    }


def role_policies() -> dict[str, Any]:
    """Return the policies of an execution role of the user's own, for ``--role-arn``."""
    return {"trust": trust_policy(), "permissions": execution_policy("*")}
