"""The read operations a snapshot is made of: how AWS names them, their answers and subjects."""

from __future__ import annotations

from dataclasses import dataclass

_AMBIGUOUS = frozenset({"GetStages", "GetDomainNames"})
"""Operations that both services of API Gateway have: their answers are named with the service."""

_IAM_PREFIXES = {"elbv2": "elasticloadbalancing", "apigatewayv2": "apigateway"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One read operation of AWS."""

    service: str
    """As the SDK names it."""
    name: str
    key: str
    """The key of its answer that holds what is asked for; empty where several do."""
    needed_for: str
    subject: str = ""
    """The request's key that its answer does not repeat; empty when it is asked once for all."""

    @property
    def call(self) -> str:
        """Return the operation as gaps name it: ``ec2:DescribeSubnets``."""
        return f"{self.service}:{self.name}"

    @property
    def answer_name(self) -> str:
        """Return the name its answer is kept under."""
        return self.call if self.name in _AMBIGUOUS else self.name

    @property
    def iam_action(self) -> str:
        """Return the IAM action it needs; those of API Gateway are HTTP methods.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
        """
        if self.service.startswith("apigateway"):
            return "apigateway:GET"
        return f"{_IAM_PREFIXES.get(self.service, self.service)}:{self.name}"


def _ec2(name: str, key: str, needed_for: str, subject: str = "") -> Operation:
    return Operation("ec2", name, key, needed_for, subject)


VPCS = _ec2("DescribeVpcs", "Vpcs", "VPCs and their address families")
VPC_ATTRIBUTE = _ec2("DescribeVpcAttribute", "", "whether the VPC's resolver answers", "VpcId")
SUBNETS = _ec2("DescribeSubnets", "Subnets", "subnets and their address families")
ROUTE_TABLES = _ec2("DescribeRouteTables", "RouteTables", "routes")
INTERNET_GATEWAYS = _ec2("DescribeInternetGateways", "InternetGateways", "internet gateways")
EGRESS_ONLY_GATEWAYS = _ec2(
    "DescribeEgressOnlyInternetGateways",
    "EgressOnlyInternetGateways",
    "egress-only internet gateways",
)
NAT_GATEWAYS = _ec2("DescribeNatGateways", "NatGateways", "NAT gateways")
NETWORK_ACLS = _ec2("DescribeNetworkAcls", "NetworkAcls", "network ACLs")
SECURITY_GROUPS = _ec2("DescribeSecurityGroups", "SecurityGroups", "security groups")
NETWORK_INTERFACES = _ec2(
    "DescribeNetworkInterfaces", "NetworkInterfaces", "addresses inside the VPC"
)
INSTANCES = _ec2("DescribeInstances", "Reservations", "instances and their state")
VPC_ENDPOINTS = _ec2("DescribeVpcEndpoints", "VpcEndpoints", "endpoints and private DNS")
ENDPOINT_SERVICES = _ec2(
    "DescribeVpcEndpointServices", "ServiceDetails", "what endpoints could be made for"
)
MANAGED_PREFIX_LISTS = _ec2(
    "DescribeManagedPrefixLists", "PrefixLists", "prefix-list routes and rules"
)
PREFIX_LISTS = _ec2("DescribePrefixLists", "PrefixLists", "AWS's own prefix lists")
PREFIX_LIST_ENTRIES = _ec2(
    "GetManagedPrefixListEntries", "Entries", "prefix-list routes and rules", "PrefixListId"
)
DHCP_OPTIONS = _ec2("DescribeDhcpOptions", "DhcpOptions", "the resolver functions use")
VPN_GATEWAYS = _ec2("DescribeVpnGateways", "VpnGateways", "virtual private gateways")
PEERINGS = _ec2(
    "DescribeVpcPeeringConnections", "VpcPeeringConnections", "VPC peering connections"
)
TRANSIT_GATEWAYS = _ec2("DescribeTransitGateways", "TransitGateways", "transit gateways")
VPC_ATTACHMENTS = _ec2(
    "DescribeTransitGatewayVpcAttachments",
    "TransitGatewayVpcAttachments",
    "which subnets reach a transit gateway",
)
ATTACHMENTS = _ec2(
    "DescribeTransitGatewayAttachments",
    "TransitGatewayAttachments",
    "what is attached to a transit gateway",
)
PEERING_ATTACHMENTS = _ec2(
    "DescribeTransitGatewayPeeringAttachments",
    "TransitGatewayPeeringAttachments",
    "peers of a transit gateway",
)
TRANSIT_ROUTE_TABLES = _ec2(
    "DescribeTransitGatewayRouteTables", "TransitGatewayRouteTables", "transit gateway routes"
)
TRANSIT_ROUTES = _ec2(
    "SearchTransitGatewayRoutes", "Routes", "transit gateway routes", "TransitGatewayRouteTableId"
)
TRANSIT_ASSOCIATIONS = _ec2(
    "GetTransitGatewayRouteTableAssociations",
    "Associations",
    "which table routes what comes from an attachment",
    "TransitGatewayRouteTableId",
)
BLOCK_PUBLIC_ACCESS = _ec2(
    "DescribeVpcBlockPublicAccessOptions",
    "VpcBlockPublicAccessOptions",
    "VPC Block Public Access",
)
BLOCK_PUBLIC_ACCESS_EXCLUSIONS = _ec2(
    "DescribeVpcBlockPublicAccessExclusions",
    "VpcBlockPublicAccessExclusions",
    "what VPC Block Public Access leaves alone",
)
FUNCTIONS = Operation("lambda", "ListFunctions", "Functions", "functions in the VPC")
FUNCTION = Operation(
    "lambda",
    "GetFunctionConfiguration",
    "",
    "whether functions are active, and why not",
    "FunctionName",
)
_OF_ROLE = "what the function's role may do"
ROLE_POLICIES = Operation("iam", "ListRolePolicies", "PolicyNames", _OF_ROLE, "RoleName")
ATTACHED_POLICIES = Operation(
    "iam", "ListAttachedRolePolicies", "AttachedPolicies", _OF_ROLE, "RoleName"
)
ROLE_POLICY = Operation("iam", "GetRolePolicy", "", _OF_ROLE, "RoleName")
POLICY = Operation("iam", "GetPolicy", "", _OF_ROLE, "PolicyArn")
POLICY_VERSION = Operation("iam", "GetPolicyVersion", "", _OF_ROLE, "PolicyArn")
BUCKET_POLICY = Operation(
    "s3", "GetBucketPolicy", "", "whether the bucket's own policy refuses", "Bucket"
)
REST_APIS = Operation("apigateway", "GetRestApis", "items", "REST APIs and their address types")
REST_STAGES = Operation("apigateway", "GetStages", "item", "stages of REST APIs", "restApiId")
REST_DOMAINS = Operation("apigateway", "GetDomainNames", "items", "custom domain names")
REST_MAPPINGS = Operation(
    "apigateway", "GetBasePathMappings", "items", "APIs behind custom domain names", "domainName"
)
APIS = Operation("apigatewayv2", "GetApis", "Items", "HTTP and WebSocket APIs")
STAGES = Operation(
    "apigatewayv2", "GetStages", "Items", "stages of HTTP and WebSocket APIs", "ApiId"
)
DOMAINS = Operation("apigatewayv2", "GetDomainNames", "Items", "custom domain names")
MAPPINGS = Operation(
    "apigatewayv2", "GetApiMappings", "Items", "APIs behind custom domain names", "DomainName"
)
LOAD_BALANCERS = Operation("elbv2", "DescribeLoadBalancers", "LoadBalancers", "load balancers")
LISTENERS = Operation(
    "elbv2", "DescribeListeners", "Listeners", "listeners of load balancers", "LoadBalancerArn"
)
DB_CLUSTERS = Operation(
    "rds", "DescribeDBClusters", "DBClusters", "endpoints of Neptune and RDS clusters"
)
DB_INSTANCES = Operation(
    "rds", "DescribeDBInstances", "DBInstances", "endpoints of Neptune and RDS instances"
)
HOSTED_ZONES = Operation(
    "route53", "ListHostedZonesByVPC", "HostedZoneSummaries", "private hosted zones", "VPCId"
)
HOSTED_ZONE = Operation("route53", "GetHostedZone", "", "the VPCs of private hosted zones", "Id")
RECORDS = Operation(
    "route53",
    "ListResourceRecordSets",
    "ResourceRecordSets",
    "records of private hosted zones",
    "HostedZoneId",
)
RESOLVER_RULES = Operation(
    "route53resolver", "ListResolverRules", "ResolverRules", "resolver rules"
)
RESOLVER_ASSOCIATIONS = Operation(
    "route53resolver",
    "ListResolverRuleAssociations",
    "ResolverRuleAssociations",
    "which VPCs follow a resolver rule",
)
FIREWALL_ASSOCIATIONS = Operation(
    "route53resolver",
    "ListFirewallRuleGroupAssociations",
    "FirewallRuleGroupAssociations",
    "DNS Firewall",
)
FIREWALL_RULES = Operation(
    "route53resolver", "ListFirewallRules", "FirewallRules", "DNS Firewall", "FirewallRuleGroupId"
)
FIREWALL_DOMAINS = Operation(
    "route53resolver",
    "ListFirewallDomains",
    "Domains",
    "names that DNS Firewall looks for",
    "FirewallDomainListId",
)

OPERATIONS: tuple[Operation, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Operation)
)
"""Every operation above."""
