"""Every place where the lab's control plane differs from moto, in one list."""

from __future__ import annotations

from moto.apigateway.models import DomainName as OlderDomainName
from moto.apigateway.models import RestAPI
from moto.apigateway.responses import APIGatewayResponse
from moto.apigatewayv2.models import Api, DomainName
from moto.apigatewayv2.responses import ApiGatewayV2Response
from moto.awslambda import urls as lambda_urls
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.ec2 import utils
from moto.ec2.models import EC2Backend
from moto.ec2.models.dhcp_options import DHCPOptionsSetBackend
from moto.ec2.models.elastic_network_interfaces import NetworkInterfaceBackend
from moto.ec2.models.network_acls import NetworkAclBackend
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.models.vpc_peering_connections import (
    VPCPeeringConnection,
    VPCPeeringConnectionBackend,
)
from moto.ec2.models.vpcs import VPC, VPCBackend, VPCEndPoint
from moto.ec2.responses import EC2Response
from moto.route53resolver.models import Route53ResolverBackend
from moto.route53resolver.responses import Route53ResolverResponse

from netprobe.lab.control import (
    acls,
    custom_domains,
    dhcp,
    endpoint_services,
    endpoints,
    firewalls,
    function_networks,
    function_states,
    functions,
    paging,
    peerings,
    requests,
    resolver_rules,
    rest_apis,
    security_groups,
    v2_apis,
    vpc,
)
from netprobe.lab.control.functions import Invoke
from netprobe.lab.control.patching import Patch, added, around, around_static, computed
from netprobe.lab.control.path_corrections import PATHS

REQUESTS = (
    around(EC2Response, "call_action", requests.call_action, "DryRun is carried out"),
    around(EC2Response, "serialized", paging.serialize, "everything in one page"),
    around(utils, "is_filter_matching", requests.is_filter_matching, "unknown filter: HTTP 500"),
)
VPCS = (
    around(VPC, "associate_vpc_cidr_block", vpc.associate_block, "random public IPv6 blocks"),
    around(
        VPCBackend,
        "associate_vpc_cidr_block",
        vpc.associate_vpc_cidr_block,
        "a later IPv6 block adds no default rules",
    ),
    around(EC2Response, "associate_vpc_cidr_block", vpc.answer_association, "no BYOIP"),
    around(EC2Response, "create_vpc", vpc.answer_creation, "no BYOIP"),
    computed(VPC, "dhcp_options_id", dhcp.options_id, "'default' instead of the default set"),
    added(VPC, "without_dhcp_options", False, "tells no set from the default one"),  # noqa: FBT003 # the value of the attribute
    added(EC2Backend, "default_dhcp_options", None, "the region's default set"),
    around(DHCPOptionsSetBackend, "describe_dhcp_options", dhcp.describe, "no default set"),
    around(DHCPOptionsSetBackend, "associate_dhcp_options", dhcp.associate, "no default set"),
    around(DHCPOptionsSetBackend, "disassociate_dhcp_options", dhcp.disassociate, "as above"),
    around(EC2Response, "create_dhcp_options", dhcp.keep_ipv6_lease, "the IPv6 lease is dropped"),
    around(
        VPCPeeringConnectionBackend,
        "create_vpc_peering_connection",
        peerings.create_peering,
        "blocks may overlap",
    ),
    computed(VPCPeeringConnection, "requester_vpc_info", peerings.requester, "one CIDR only"),
    computed(VPCPeeringConnection, "accepter_vpc_info", peerings.accepter, "one CIDR only"),
)
FILTERS = (
    around(NetworkAclBackend, "create_network_acl", acls.create_network_acl, "no IPv6 entries"),
    around(EC2Response, "create_network_acl_entry", acls.keep_icmp, "drops ICMP type and code"),
    around(EC2Response, "replace_network_acl_entry", acls.keep_icmp, "drops ICMP type and code"),
    around(
        SecurityGroupBackend,
        "create_security_group",
        security_groups.create_security_group,
        "a default group does not admit itself",
    ),
    around(
        SecurityGroupBackend,
        "delete_security_group",
        security_groups.delete_security_group,
        "deletes groups in use",
    ),
)
ENDPOINTS = (
    around(VPCEndPoint, "get_filter_value", endpoints.filter_value, "knows two filters"),
    added(VPCEndPoint, "requester_managed", False, "absent"),  # noqa: FBT003 # the value of the attribute
    around(EC2Response, "create_vpc_endpoint", endpoints.create, "drops half of the request"),
    around(EC2Response, "modify_vpc_endpoint", endpoints.modify, "drops half of the request"),
    around(EC2Response, "delete_vpc_endpoints", endpoints.delete, "endpoints stay as 'deleted'"),
    around_static(
        VPCBackend,
        "_collect_default_endpoint_services",
        endpoint_services.collect,
        "no address families, names without wildcards",
    ),
    around_static(
        VPCBackend, "_filter_endpoint_services", endpoint_services.select, "Filters: HTTP 500"
    ),
)
FUNCTIONS = (
    around(LambdaFunction, "_invoke_lambda", functions.run, "runs code in Docker"),
    around(LambdaFunction, "invoke", functions.invoke, "'Handled'; runs a DryRun"),
    around(LambdaBackend, "update_function_code", functions.update_code, "updates take no time"),
    around(LambdaFunction, "get_configuration", functions.configuration, "no states"),
    added(LambdaFunction, "lab_state", function_states.ACTIVE, "always Active"),
    added(LambdaFunction, "lab_reason", "", "always Active"),
    around(LambdaResponse, "list_functions", functions.list_functions, "lists the states"),
    added(LambdaFunction, "lab_active_at", 0.0, "always Active"),
    added(LambdaFunction, "lab_updated_at", 0.0, "updates take no time"),
    computed(LambdaFunction, "vpc_config", function_networks.vpc_config, "VpcId is a constant"),
    around(
        LambdaBackend, "create_function", function_networks.create_function, "no ENI, any subnet"
    ),
    around(
        LambdaBackend,
        "update_function_configuration",
        function_networks.update_configuration,
        "no ENI, any subnet",
    ),
    around(LambdaBackend, "delete_function", function_networks.delete_function, "no ENI"),
    added(LambdaResponse, "get_account_settings", functions.account_settings, "HTTP 404"),
)
APIS = (
    around(RestAPI, "__init__", rest_apis.make_rest_api, "no ipAddressType"),
    around(RestAPI, "apply_patch_operations", rest_apis.patch, "endpoint patches set the type"),
    around(Api, "__init__", v2_apis.make_api, "https for WebSocket APIs, no custom id"),
    around(Api, "to_json", v2_apis.describe_api, "no IpAddressType"),
    around(ApiGatewayV2Response, "create_api", v2_apis.answer, "drops IpAddressType"),
    around(ApiGatewayV2Response, "update_api", v2_apis.answer, "drops IpAddressType"),
    around(DomainName, "__init__", custom_domains.make_v2, "no regional name"),
    added(ApiGatewayV2Response, "update_domain_name", custom_domains.update_v2, "missing"),
    around(OlderDomainName, "__init__", custom_domains.make_v1, "no ipAddressType"),
    added(APIGatewayResponse, "update_domain_name", custom_domains.update_v1, "missing"),
)
NAMES = (
    added(
        Route53ResolverResponse,
        "list_firewall_rule_group_associations",
        firewalls.list_associations,
        "HTTP 500",
    ),
    around(
        Route53ResolverBackend,
        "create_resolver_rule",
        resolver_rules.name_it,
        "two rules without a name: no list of them any more",
    ),
    around(
        Route53ResolverBackend,
        "create_resolver_endpoint",
        resolver_rules.name_it,
        "two endpoints without a name: no list of them any more",
    ),
    around(
        Route53ResolverBackend,
        "associate_resolver_rule",
        resolver_rules.associate,
        "an association without a name: no list of them any more",
    ),
)

PATCHES: tuple[Patch, ...] = (
    *REQUESTS,
    *VPCS,
    *PATHS,
    *FILTERS,
    *ENDPOINTS,
    *FUNCTIONS,
    *APIS,
    *NAMES,
)


def apply_corrections(invoke: Invoke, manned: frozenset[str] = frozenset()) -> None:
    """Correct moto in this process; invocations of functions go to ``invoke`` from now on.

    At the addresses ``manned`` the world has a server, so that an interface made there is in use.
    Calling it again changes only these two.
    """
    LambdaFunction.run_in_lab = staticmethod(invoke)
    NetworkInterfaceBackend.lab_manned = manned
    if functions.ACCOUNT_SETTINGS_PATH in lambda_urls.url_paths:
        return
    lambda_urls.url_paths[functions.ACCOUNT_SETTINGS_PATH] = LambdaResponse.dispatch
    for patch in PATCHES:
        patch.apply()
