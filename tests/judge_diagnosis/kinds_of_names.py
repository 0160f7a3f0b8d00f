"""Faults of names, endpoints, hubs, APIs and the function, and oddities that hurt nobody."""

from __future__ import annotations

import json

from tests.acceptance.building import REGION
from tests.judge_diagnosis.kinds import Kind
from tests.judge_diagnosis.kinds_of_filters import ALL
from tests.judge_diagnosis.kinds_of_ways import NAT, SIX
from tests.judge_diagnosis.site import Site, invoke_policy

SSM_HOST = f"ssm.{REGION}.amazonaws.com"
ISOLATED = frozenset({"endpoints-only", "private-api"})


def _resolver_off(site: Site) -> None:
    _attribute(site, "EnableDnsSupport")


def _hostnames_off(site: Site) -> None:
    _attribute(site, "EnableDnsHostnames")


def _attribute(site: Site, name: str) -> None:
    site.ec2.modify_vpc_attribute(VpcId=site.ids["vpc"], **{name: {"Value": False}})


def _shadow(site: Site) -> None:
    """Have a private zone of the target's domain without the target in it."""
    site.zone("shadow", "example.com")
    site.record("shadow", "db.example.com", "10.7.1.77")


def _lead_on_premises(site: Site) -> None:
    """Have a private zone lead the target's name to where no route goes."""
    site.zone("premises", "v4.example.com")
    site.record("premises", "v4.example.com", "172.16.9.9")


def _keep_a_hubs_zone(site: Site) -> None:
    site.ec2.delete_vpc_endpoints(VpcEndpointIds=[site.ids["ssm"]])
    site.zone("hub-zone", SSM_HOST)
    site.record("hub-zone", SSM_HOST, "10.99.0.70")


def _forward_to_nobody(site: Site) -> None:
    site.forward("example.com", "10.7.50.99")


def _ask_public_servers(site: Site) -> None:
    """Let the VPC's own server ask public DNS, which knows nothing private."""
    site.server("public-server", "10.7.50.11", "servers")
    site.dhcp("10.7.50.11")


def _private_dns_off(site: Site) -> None:
    site.ec2.modify_vpc_endpoint(VpcEndpointId=site.ids["ssm"], PrivateDnsEnabled=False)


def _delete_endpoint(site: Site) -> None:
    site.ec2.delete_vpc_endpoints(VpcEndpointIds=[site.ids["ssm"]])


def _delete_api_endpoint(site: Site) -> None:
    site.ec2.delete_vpc_endpoints(VpcEndpointIds=[site.ids["api-endpoint"]])


def _api_private_dns_off(site: Site) -> None:
    endpoint = site.ids["api-endpoint"]
    site.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PrivateDnsEnabled=False)


def _delete_gateway_endpoint(site: Site) -> None:
    site.ec2.delete_vpc_endpoints(VpcEndpointIds=[site.ids["s3"]])


def _gateway_endpoint_elsewhere(site: Site) -> None:
    """Move the gateway endpoint to the main table, which governs no subnet."""
    site.ec2.modify_vpc_endpoint(
        VpcEndpointId=site.ids["s3"],
        RemoveRouteTableIds=[site.ids["table"]],
        AddRouteTableIds=[site.ids["vpc-main"]],
    )


def _policy(action: str) -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _policy_of_ssm(site: Site) -> None:
    site.ec2.modify_vpc_endpoint(VpcEndpointId=site.ids["ssm"], PolicyDocument=_policy("sqs:*"))


def _policy_of_s3(site: Site) -> None:
    site.ec2.modify_vpc_endpoint(VpcEndpointId=site.ids["s3"], PolicyDocument=_policy("sqs:*"))


def _policy_of_api_endpoint(site: Site) -> None:
    site.ec2.modify_vpc_endpoint(
        VpcEndpointId=site.ids["api-endpoint"], PolicyDocument=_policy("s3:GetObject")
    )


def _private_api_for_others(site: Site) -> None:
    allowed = invoke_policy(StringEquals={"aws:SourceVpce": ["vpce-0123456789abcdef0"]})
    site.set_api_policy("rest", allowed)


def _api_for_other_addresses(site: Site) -> None:
    site.set_api_policy("rest", invoke_policy(IpAddress={"aws:SourceIp": ["203.0.113.250/32"]}))


def _default_endpoint_off(site: Site) -> None:
    site.client("apigateway").update_rest_api(
        restApiId=site.ids["rest"],
        patchOperations=[{"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"}],
    )


def _socket_endpoint_off(site: Site) -> None:
    site.client("apigatewayv2").update_api(
        ApiId=site.ids["socket"], DisableExecuteApiEndpoint=True
    )


def _capture(site: Site) -> None:
    site.endpoint("capture", "execute-api", "private-a", "private-b")


def _socket_ipv4_only(site: Site) -> None:
    site.client("apigatewayv2").update_api(ApiId=site.ids["socket"], IpAddressType="ipv4")


def _function_without_ipv6(site: Site) -> None:
    site.change_function(ipv6=False)


def _ask_an_ipv4_host(site: Site) -> None:
    site.targets.append("https://v4.example.com/")


def _ask_the_plain_name(site: Site) -> None:
    site.targets.append(f"https://{SSM_HOST}/")


def _wrong_stage(site: Site) -> None:
    site.targets.append(site.url("socket", "/nosuch/@connections/abc"))


def _no_route_back(site: Site) -> None:
    site.unroute("hub-table", "10.7.0.0/16")


def _no_route_back_to_the_spoke(site: Site) -> None:
    site.unroute("hub-table", "10.7.0.0/16")
    site.unroute("public-table", "10.7.0.0/16")


def _no_egress_route_in_the_hub(site: Site) -> None:
    site.ec2.delete_transit_gateway_route(
        TransitGatewayRouteTableId=site.ids["tgw-table"], DestinationCidrBlock="0.0.0.0/0"
    )


def _route_to_the_peer_missing(site: Site) -> None:
    site.unroute("table", "10.8.0.0/16")


def _zone_of_others(site: Site) -> None:
    site.zone("odd-zone", "corp.example.net")
    site.record("odd-zone", "db.corp.example.net", "10.7.1.99")


def _endpoint_of_one_zone(site: Site) -> None:
    site.endpoint("odd-endpoint", "sqs", "private-a")


def _gateway_endpoint_beside(site: Site) -> None:
    site.gateway_endpoint("odd-gateway", "dynamodb", "table")


def _full_api_policy(site: Site) -> None:
    site.set_api_policy("rest", invoke_policy())


def _other_table_without_routes(site: Site) -> None:
    site.table("odd-table")
    site.subnet("odd-subnet", 30, table="odd-table")


def _ipv6_for_the_vpc_alone(site: Site) -> None:
    site.ec2.associate_vpc_cidr_block(VpcId=site.ids["vpc"], AmazonProvidedIpv6CidrBlock=True)


CAPTURED = (("apigw-private-dns-hijack-rest-http",), ("apigw-private-dns-hijack-websocket",))
NAMES = (
    Kind(
        name="resolver switched off",
        bases=frozenset({"behind-nat", "endpoints-only", "private-api", "peered"}),
        inject=_resolver_off,
        names=(("vpc-dns-support-off",),),
        link="names",
        unanswers=True,
    ),
    Kind(
        name="hostnames switched off",
        bases=ISOLATED,
        inject=_hostnames_off,
        names=(("vpc-dns-support-off",),),
        link="names",
        hides=frozenset({"endpoint-group", "ssm-policy", "api-policy"}),
    ),
    Kind(
        name="private zone without the host",
        bases=frozenset({"behind-nat", "peered"}),
        inject=_shadow,
        names=(("private-zone-shadow",),),
        link="names",
    ),
    Kind(
        name="private zone that leads on premises",
        bases=frozenset({"behind-nat", "own-resolver"}),
        inject=_lead_on_premises,
        names=(("private-answer-unrouted", "private-destination-via-internet-gateway"),),
        link="names",
    ),
    Kind(
        name="zone of a hub that is gone",
        bases=frozenset({"endpoints-only"}),
        inject=_keep_a_hubs_zone,
        names=(("stale-central-zone-association",),),
        link="ssm",
        hides=frozenset({"endpoint-group"}),
        touches=frozenset({"endpoint-group", "ssm-policy", "odd-endpoint-group", "names"}),
    ),
    Kind(
        name="names forwarded to nobody",
        bases=frozenset({"behind-nat", "dual-stack", "peered"}),
        inject=_forward_to_nobody,
        names=(("resolver-rule-hijack",),),
        link="names",
        unanswers=True,
    ),
    Kind(
        name="own server that asks public DNS",
        bases=frozenset({"own-resolver"}),
        inject=_ask_public_servers,
        names=(("dhcp-dns-unaware",),),
        link="names",
        hides=frozenset({"endpoint-group"}),
    ),
    Kind(
        name="endpoint without private DNS",
        bases=frozenset({"endpoints-only"}),
        inject=_private_dns_off,
        names=(("endpoint-private-dns-disabled",),),
        link="ssm",
        hides=frozenset({"endpoint-group", "ssm-policy"}),
        touches=frozenset({"names"}),
    ),
    Kind(
        name="endpoint deleted",
        bases=frozenset({"endpoints-only"}),
        inject=_delete_endpoint,
        names=(("service-endpoint-absent",),),
        link="ssm",
        hides=frozenset({"endpoint-group"}),
        touches=frozenset({"endpoint-group", "ssm-policy", "odd-endpoint-group"}),
    ),
    Kind(
        name="API endpoint deleted",
        bases=frozenset({"private-api"}),
        inject=_delete_api_endpoint,
        names=(("private-api-name-unresolvable",),),
        link="names",
        touches=frozenset({"endpoint-group", "api-endpoint-policy"}),
        hides=frozenset({"endpoint-group", "api-endpoint-policy", "api-policy", "acl", "group"}),
    ),
    Kind(
        name="API endpoint without private DNS",
        bases=frozenset({"private-api"}),
        inject=_api_private_dns_off,
        names=(("private-api-name-unresolvable", "endpoint-private-dns-disabled"),),
        also=frozenset({"private-api-name-unresolvable", "endpoint-private-dns-disabled"}),
        link="names",
        hides=frozenset({"endpoint-group", "api-endpoint-policy", "api-policy", "acl", "group"}),
    ),
    Kind(
        name="gateway endpoint deleted",
        bases=frozenset({"endpoints-only"}),
        inject=_delete_gateway_endpoint,
        names=(("gateway-endpoint-absent",),),
        link="s3",
        hides=frozenset({"s3-policy"}),
        touches=frozenset({"s3-policy"}),
    ),
    Kind(
        name="gateway endpoint of another table",
        bases=frozenset({"endpoints-only"}),
        inject=_gateway_endpoint_elsewhere,
        names=(("gateway-endpoint-not-in-table",),),
        link="s3",
        hides=frozenset({"s3-policy"}),
    ),
    Kind(
        name="endpoint policy for another service",
        bases=frozenset({"endpoints-only"}),
        inject=_policy_of_ssm,
        names=(("endpoint-policy-deny",),),
        link="ssm-policy",
    ),
    Kind(
        name="gateway endpoint policy for another service",
        bases=frozenset({"endpoints-only"}),
        inject=_policy_of_s3,
        names=(("endpoint-policy-deny",),),
        link="s3-policy",
    ),
    Kind(
        name="API endpoint policy for another service",
        bases=frozenset({"private-api"}),
        inject=_policy_of_api_endpoint,
        names=(("endpoint-policy-deny",),),
        link="api-endpoint-policy",
    ),
    Kind(
        name="private API for another endpoint",
        bases=frozenset({"private-api"}),
        inject=_private_api_for_others,
        names=(("private-api-policy-deny",),),
        link="api-policy",
    ),
    Kind(
        name="API for other addresses",
        bases=frozenset({"behind-nat"}),
        inject=_api_for_other_addresses,
        names=(("api-resource-policy-source-ip",),),
        link="api-policy",
    ),
    Kind(
        name="default endpoint switched off",
        bases=frozenset({"behind-nat", "dual-stack"}),
        inject=_default_endpoint_off,
        names=(("execute-api-default-endpoint-disabled",),),
        link="api",
    ),
    Kind(
        name="WebSocket endpoint switched off",
        bases=frozenset({"behind-nat", "ipv6-only-egress"}),
        inject=_socket_endpoint_off,
        names=(("execute-api-default-endpoint-disabled",),),
        link="socket-api",
    ),
    Kind(
        name="API names captured",
        bases=frozenset({"behind-nat"}),
        inject=_capture,
        names=CAPTURED,
        link="capture",
    ),
    Kind(
        name="WebSocket API of IPv4 alone",
        bases=frozenset({"ipv6-only-egress"}),
        inject=_socket_ipv4_only,
        names=(("api-ipv4-only",),),
        also=frozenset({"route-v4-no-default-route"}),
        link="api",
    ),
    Kind(
        name="function without IPv6",
        bases=SIX,
        inject=_function_without_ipv6,
        names=(("lambda-ipv6-not-allowed",),),
        link="function",
    ),
    Kind(
        name="host of IPv4 alone asked",
        bases=frozenset({"ipv6-only-egress"}),
        inject=_ask_an_ipv4_host,
        names=(("third-party-no-aaaa", "route-v4-no-default-route"),),
        also=frozenset({"route-v4-no-default-route"}),
        link="question",
    ),
    Kind(
        name="service's plain name asked",
        bases=frozenset({"ipv6-only-egress"}),
        inject=_ask_the_plain_name,
        names=(("sdk-not-dualstack", "service-endpoint-absent"),),
        also=frozenset({"service-endpoint-absent"}),
        link="question",
    ),
    Kind(
        name="no such stage",
        bases=frozenset({"behind-nat"}),
        inject=_wrong_stage,
        names=(("ws-wrong-endpoint-path",),),
        link="question",
    ),
    Kind(
        name="no route back from the peer",
        bases=frozenset({"peered"}),
        inject=_no_route_back,
        names=(("peering-return-route",),),
        link="hub-table",
    ),
    Kind(
        name="no route back from the hub",
        bases=frozenset({"behind-transit"}),
        inject=_no_route_back_to_the_spoke,
        names=(("tgw-egress-or-return-missing",),),
        link="hub-table",
    ),
    Kind(
        name="hub's table without egress",
        bases=frozenset({"behind-transit"}),
        inject=_no_egress_route_in_the_hub,
        names=(("tgw-egress-or-return-missing",),),
        link="tgw-table",
        hides=frozenset({"public-acl"}),
    ),
    Kind(
        name="route to the peer missing",
        bases=frozenset({"peered"}),
        inject=_route_to_the_peer_missing,
        names=(
            # the default route takes the peer's addresses, wherever another fault leads it
            ("private-destination-via-internet-gateway", "tgw-egress-or-return-missing"),
        ),
        link="peer-route",
        hides=frozenset({"hub-acl", "server-group", "hub-table", "public-acl"}),
    ),
    Kind(
        name="private zone of others",
        bases=NAT | {"private-api", "behind-transit"},
        inject=_zone_of_others,
        link="odd-zone",
    ),
    Kind(
        name="endpoint in one zone for a service nobody asks about",
        bases=NAT | ISOLATED,
        inject=_endpoint_of_one_zone,
        link="odd-endpoint",
    ),
    Kind(
        name="gateway endpoint nobody uses",
        bases=NAT | SIX | {"private-api"},
        inject=_gateway_endpoint_beside,
        link="odd-gateway",
    ),
    Kind(
        name="API policy that lets all in",
        bases=frozenset({"behind-nat", "dual-stack", "private-api"}),
        inject=_full_api_policy,
        link="api-policy",
    ),
    Kind(
        name="another subnet that leads nowhere",
        bases=ALL,
        inject=_other_table_without_routes,
        link="odd-subnet",
    ),
    Kind(
        name="IPv6 block of the VPC alone",
        bases=NAT - {"dual-stack"},
        inject=_ipv6_for_the_vpc_alone,
        link="odd-block",
    ),
)
