"""Which calls' answers each part of a snapshot is made of, to tell unread from absent."""

from __future__ import annotations

CALLS: dict[str, tuple[str, ...]] = {
    "vpcs": ("ec2:DescribeVpcs",),
    "subnets": ("ec2:DescribeSubnets",),
    "route_tables": ("ec2:DescribeRouteTables",),
    "internet_gateways": (
        "ec2:DescribeInternetGateways",
        "ec2:DescribeEgressOnlyInternetGateways",
    ),
    "nat_gateways": ("ec2:DescribeNatGateways",),
    "network_acls": ("ec2:DescribeNetworkAcls",),
    "security_groups": ("ec2:DescribeSecurityGroups",),
    "network_interfaces": ("ec2:DescribeNetworkInterfaces",),
    "vpc_endpoints": ("ec2:DescribeVpcEndpoints",),
    "prefix_lists": (
        "ec2:DescribeManagedPrefixLists",
        "ec2:DescribePrefixLists",
        "ec2:GetManagedPrefixListEntries",
    ),
    "dhcp_options": ("ec2:DescribeDhcpOptions",),
    "functions": ("lambda:ListFunctions",),
    "apis": ("apigateway:GetRestApis", "apigatewayv2:GetApis"),
    "endpoint_services": ("ec2:DescribeVpcEndpointServices",),
    "instances": ("ec2:DescribeInstances",),
    "vpn_gateways": ("ec2:DescribeVpnGateways",),
    "vpc_peering_connections": ("ec2:DescribeVpcPeeringConnections",),
    "transit_gateways": ("ec2:DescribeTransitGateways",),
    "transit_gateway_attachments": (
        "ec2:DescribeTransitGatewayAttachments",
        "ec2:DescribeTransitGatewayVpcAttachments",
        "ec2:DescribeTransitGatewayPeeringAttachments",
    ),
    "transit_gateway_route_tables": (
        "ec2:DescribeTransitGatewayRouteTables",
        "ec2:SearchTransitGatewayRoutes",
        "ec2:GetTransitGatewayRouteTableAssociations",
    ),
    "block_public_access": (
        "ec2:DescribeVpcBlockPublicAccessOptions",
        "ec2:DescribeVpcBlockPublicAccessExclusions",
    ),
    "hosted_zones": (
        "route53:ListHostedZonesByVPC",
        "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
    ),
    "resolver_rules": (
        "route53resolver:ListResolverRules",
        "route53resolver:ListResolverRuleAssociations",
    ),
    "firewall_rules": (
        "route53resolver:ListFirewallRuleGroupAssociations",
        "route53resolver:ListFirewallRules",
        "route53resolver:ListFirewallDomains",
    ),
    "load_balancers": ("elbv2:DescribeLoadBalancers", "elbv2:DescribeListeners"),
    "databases": ("rds:DescribeDBClusters", "rds:DescribeDBInstances"),
    "domain_names": (
        "apigateway:GetDomainNames",
        "apigateway:GetBasePathMappings",
        "apigatewayv2:GetDomainNames",
        "apigatewayv2:GetApiMappings",
    ),
    "role_policies": (
        "iam:ListRolePolicies",
        "iam:ListAttachedRolePolicies",
        "iam:GetRolePolicy",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
    ),
    "bucket_policies": ("s3:GetBucketPolicy",),
}
"""By field of a snapshot the calls whose answers are in it."""
