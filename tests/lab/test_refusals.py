"""Who is refused in the lab, and in which words: policies, switched-off endpoints, domains."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.lab.ground import Ground
from tests.lab.test_names import record, zone

pytestmark = pytest.mark.lab

OPEN = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def invoke_policy(effect: str = "Allow", **condition: Any) -> dict[str, Any]:
    made = {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke"}
    made["Resource"] = "execute-api:/*"
    return made | ({"Condition": condition} if condition else {})


def rest_api(ground: Ground, kind: str = "REGIONAL", **more: Any) -> str:
    """Return a REST API with GET /health in its stage prod."""
    rest = ground.lab.client("apigateway")
    api_id = rest.create_rest_api(name="api", endpointConfiguration={"types": [kind]}, **more)[
        "id"
    ]
    root = rest.get_resources(restApiId=api_id)["items"][0]["id"]
    health = rest.create_resource(restApiId=api_id, parentId=root, pathPart="health")["id"]
    where = {"restApiId": api_id, "resourceId": health, "httpMethod": "GET"}
    rest.put_method(**where, authorizationType="NONE")
    rest.put_integration(
        **where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
    )
    rest.put_method_response(**where, statusCode="200")
    rest.put_integration_response(
        **where, statusCode="200", responseTemplates={"application/json": '{"healthy": true}'}
    )
    rest.create_deployment(restApiId=api_id, stageName="prod")
    return str(api_id)


def host_of(api_id: str) -> str:
    return f"{api_id}.execute-api.{REGION}.amazonaws.com"


def endpoint(ground: Ground, service: str, **more: Any) -> str:
    """Return an interface endpoint that admits everybody."""
    group = ground.new_group(f"endpoint-{service}")
    ground.ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )
    made = ground.ec2.create_vpc_endpoint(
        VpcId=ground.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.{service}",
        SubnetIds=[ground.subnet],
        SecurityGroupIds=[group],
        **{"PrivateDnsEnabled": True} | more,
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def answer(ground: Ground, host: str, path: str, function: str | None = None) -> tuple[Any, ...]:
    """Return status, body and error type of a request over IPv4."""
    seen = ground.look(host, path=path, function=function, timeout=5)["ipv4"]
    assert "status" in seen, seen
    return seen["status"], seen["body"], seen["headers"].get("x-amzn-errortype")


def public_address(ground: Ground) -> str:
    """Return the address by which the VPC's NAT gateway is seen."""
    gateways = ground.ec2.describe_nat_gateways(
        Filters=[{"Name": "vpc-id", "Values": [ground.vpc]}]
    )["NatGateways"]
    return str(gateways[0]["NatGatewayAddresses"][0]["PublicIp"])


def test_resource_policy_of_a_public_api_sees_the_nat_gateway(ground: Ground) -> None:
    """An allow-list with another address refuses, with the resource named and masked."""
    ground.open_both_ways_out()
    function = ground.function()
    other = rest_api(
        ground, policy=document(invoke_policy(IpAddress={"aws:SourceIp": ["203.0.113.77/32"]}))
    )
    own = {"aws:SourceIp": [f"{public_address(ground)}/32"]}
    listed = rest_api(ground, policy=document(invoke_policy(IpAddress=own)))
    barred = rest_api(
        ground, policy=document(invoke_policy(), invoke_policy("Deny", IpAddress=own))
    )
    arn = f"arn:aws:execute-api:{REGION}:********9012:{{}}/prod/GET/health"
    text = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "

    status, body, kind = answer(ground, host_of(other), "/prod/health", function)
    assert (status, kind) == (403, "AccessDeniedException")
    assert json.loads(body) == {"Message": text + arn.format(other)}
    assert answer(ground, host_of(listed), "/prod/health", function)[:2] == (
        200,
        '{"healthy": true}',
    )
    status, body, _ = answer(ground, host_of(barred), "/prod/health", function)
    assert json.loads(body)["Message"].endswith("/health with an explicit deny")


def test_private_api_needs_its_own_policy_and_the_endpoints(ground: Ground) -> None:
    """Source addresses mean nothing behind an endpoint; its id and its VPC do."""
    function = ground.function()
    endpoint_id = endpoint(ground, "execute-api")
    by_endpoint = rest_api(
        ground,
        "PRIVATE",
        policy=document(invoke_policy(StringEquals={"aws:SourceVpce": endpoint_id})),
    )
    by_vpc = rest_api(
        ground,
        "PRIVATE",
        policy=document(
            invoke_policy(), invoke_policy("Deny", StringNotEquals={"aws:SourceVpc": ground.vpc})
        ),
    )
    by_address = rest_api(
        ground,
        "PRIVATE",
        policy=document(invoke_policy(IpAddress={"aws:SourceIp": ["10.7.0.0/16"]})),
    )

    def status(api_id: str) -> Any:
        return answer(ground, host_of(api_id), "/prod/health", function)[0]

    assert [status(item) for item in (by_endpoint, by_vpc, by_address)] == [200, 200, 403]
    only = f"arn:aws:execute-api:{REGION}:123456789012:{by_endpoint}/*"
    narrow = OPEN | {"Action": "execute-api:Invoke", "Resource": only}
    ground.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, PolicyDocument=document(narrow))
    assert [status(item) for item in (by_endpoint, by_vpc)] == [200, 403]


def test_private_api_answers_under_all_its_names(ground: Ground) -> None:
    """Without private DNS: the alias of an associated endpoint, or the endpoint's own name."""
    function = ground.function()
    endpoint_id = endpoint(ground, "execute-api", PrivateDnsEnabled=False)
    policy = document(invoke_policy())
    api_id = rest_api(ground, "PRIVATE", policy=policy)
    alias = f"{api_id}-{endpoint_id}.execute-api.{REGION}.amazonaws.com"
    unknown = ground.look(alias, function=function)["ipv4"]["dns"]
    ground.lab.client("apigateway").update_rest_api(
        restApiId=api_id,
        patchOperations=[
            {"op": "add", "path": "/endpointConfiguration/vpcEndpointIds", "value": endpoint_id}
        ],
    )
    entries = ground.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"]
    own = entries[0]["DnsEntries"][0]["DnsName"]

    assert isinstance(unknown, int)
    assert answer(ground, alias, "/prod/health", function)[0] == 200
    assert answer(ground, own, "/prod/health", function)[:2] == (403, '{"message":"Forbidden"}')


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        (OPEN, False),
        (OPEN | {"Effect": "Deny"}, True),
        (OPEN | {"Action": "ssm:GetParameter"}, False),
        (OPEN | {"Action": "sqs:*"}, True),
        (OPEN | {"Principal": {"AWS": "arn:aws:iam::123456789012:role/fn"}}, True),
        (OPEN | {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, True),
    ],
)
def test_policy_of_an_interface_endpoint(
    ground: Ground,
    statement: dict[str, Any],
    denied: bool,  # noqa: FBT001 # a parameter
) -> None:
    """Who shows no signature is anonymous; what is not known to be denied is not refused."""
    endpoint(ground, "ssm", PolicyDocument=document(statement))
    status, body, kind = answer(ground, f"ssm.{REGION}.amazonaws.com", "/")

    assert status == 403
    if denied:
        assert kind == "AccessDeniedException"
        assert "VPC endpoint policy" in json.loads(body)["Message"]
    else:
        assert kind == "MissingAuthenticationTokenException"


def test_policy_of_a_gateway_endpoint_is_an_access_denied_of_s3(ground: Ground) -> None:
    """It refuses what goes by its route, in S3's own XML."""
    made = ground.ec2.create_vpc_endpoint(
        VpcId=ground.vpc,
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=[ground.table],
    )["VpcEndpoint"]["VpcEndpointId"]
    function = ground.function()
    host = f"s3.{REGION}.amazonaws.com"
    assert answer(ground, host, "/", function)[0] == 307
    only = OPEN | {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::own/*"}
    ground.ec2.modify_vpc_endpoint(VpcEndpointId=made, PolicyDocument=document(only))

    status, body, _ = answer(ground, host, "/", function)
    assert status == 403
    assert re.search("<Code>AccessDenied</Code><Message>Access Denied</Message>", body)


def http_api(ground: Ground, function: str, **more: Any) -> str:
    """Return an HTTP API whose default route invokes a function."""
    apis = ground.lab.client("apigatewayv2")
    api_id = apis.create_api(Name="http", ProtocolType="HTTP", **more)["ApiId"]
    apis.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
    arn = ground.lab.client("lambda").get_function(FunctionName=function)["Configuration"]
    integration = apis.create_integration(
        ApiId=api_id,
        IntegrationType="AWS_PROXY",
        IntegrationUri=arn["FunctionArn"],
        PayloadFormatVersion="2.0",
    )["IntegrationId"]
    apis.create_route(ApiId=api_id, RouteKey="$default", Target=f"integrations/{integration}")
    return str(api_id)


SAYS = "def handle(event, context):\n    return {'statusCode': 201, 'body': event['rawPath']}\n"


def test_http_api_invokes_its_function(ground: Ground) -> None:
    """Its status and body come back, with the request id an HTTP API has."""
    ground.open_both_ways_out()
    api_id = http_api(ground, ground.function(source=SAYS))
    seen = ground.look(host_of(api_id), path="/a/b", timeout=5)["ipv4"]

    assert (seen["status"], seen["body"]) == (201, "/a/b")
    assert "apigw-requestid" in seen["headers"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("REST", (403, '{"message":"Forbidden"}', "ForbiddenException")),
        ("HTTP", (404, '{"message":"Not Found"}', None)),
    ],
)
def test_default_endpoint_that_is_switched_off(
    ground: Ground, kind: str, expected: tuple[Any, ...]
) -> None:
    ground.open_both_ways_out()
    function = ground.function(source=SAYS)
    if kind == "REST":
        api_id = rest_api(ground, disableExecuteApiEndpoint=True)
    else:
        api_id = http_api(ground, function, DisableExecuteApiEndpoint=True)

    assert answer(ground, host_of(api_id), "/prod/health") == expected


def domain(ground: Ground, name: str, address_type: str = "ipv4") -> tuple[str, str]:
    """Return the regional name of a custom domain, and the zone its alias goes to."""
    made = ground.lab.client("apigatewayv2").create_domain_name(
        DomainName=name,
        DomainNameConfigurations=[{"EndpointType": "REGIONAL", "IpAddressType": address_type}],
    )["DomainNameConfigurations"][0]
    return made["ApiGatewayDomainName"], made["HostedZoneId"]


def test_custom_domain_leads_past_the_capture_by_an_alias_only(ground: Ground) -> None:
    """A CNAME is resolved again inside, and ends at an endpoint that certifies another name."""
    ground.open_both_ways_out()
    function = ground.function()
    endpoint(ground, "execute-api")
    name = f"api.v{ground.number}.example.net"
    target, target_zone = domain(ground, name, "dualstack")
    apis = ground.lab.client("apigatewayv2")
    api_id = http_api(ground, ground.function(source=SAYS), DisableExecuteApiEndpoint=True)
    apis.create_api_mapping(ApiId=api_id, DomainName=name, Stage="$default", ApiMappingKey="v1")
    public = zone(ground, f"v{ground.number}.example.net", private=False)
    alias = {"DNSName": target, "HostedZoneId": target_zone, "EvaluateTargetHealth": False}
    for kind in ("A", "AAAA"):
        record(ground, public, name, kind, AliasTarget=alias)
    other = f"old.v{ground.number}.example.net"
    record(ground, public, other, "CNAME", target)

    seen = ground.look(name, path="/v1/items", function=function, timeout=5)
    assert seen["ipv4"]["dns"] == ["198.51.100.10"]
    assert seen["ipv6"]["dns"] == ["3fff:a::10"]
    assert [seen[family]["status"] for family in ("ipv4", "ipv6")] == [201, 201]
    assert answer(ground, name, "/v2/items", function)[:2] == (403, '{"message":"Forbidden"}')
    captured = ground.look(other, path="/v1/items", function=function)["ipv4"]
    assert captured["dns"][0].startswith("10.7.1.")
    assert captured["http"] == "SSLCertVerificationError"


def test_custom_domain_has_an_address_type_of_its_own(ground: Ground) -> None:
    """An AAAA alias of an ipv4 domain has no address to give."""
    name = f"api.v{ground.number}.example.net"
    target, target_zone = domain(ground, name)
    public = zone(ground, f"v{ground.number}.example.net", private=False)
    alias = {"DNSName": target, "HostedZoneId": target_zone, "EvaluateTargetHealth": False}
    for kind in ("A", "AAAA"):
        record(ground, public, name, kind, AliasTarget=alias)
    function = ground.function()
    before = ground.look(name, function=function)
    ground.lab.client("apigatewayv2").update_domain_name(
        DomainName=name,
        DomainNameConfigurations=[{"EndpointType": "REGIONAL", "IpAddressType": "dualstack"}],
    )

    assert before["ipv4"]["dns"] == ["198.51.100.10"]
    assert isinstance(before["ipv6"]["dns"], int)
    assert ground.look(name, function=function)["ipv6"]["dns"] == ["3fff:a::10"]


def test_domain_without_a_certificate_is_not_vouched_for(ground: Ground) -> None:
    """A name that points at API Gateway and is no custom domain of anybody's."""
    ground.open_both_ways_out()
    name = f"api.v{ground.number}.example.net"
    public = zone(ground, f"v{ground.number}.example.net", private=False)
    record(ground, public, name, "A", "198.51.100.10")

    assert ground.look(name, path="/")["ipv4"]["http"] == "SSLCertVerificationError"


def test_world_file_moves_names_of_aws(ground: Ground) -> None:
    """An API still answers for itself there; what a behaviour says, the file says."""
    ground.open_both_ways_out()
    function = ground.function()
    own = "moved123.execute-api.us-east-1.amazonaws.com"
    missing = answer(ground, own, "/prod/health", function)
    rest_api(ground, tags={"_custom_id_": "moved123"})
    moved = ground.look(own, path="/prod/health", function=function, timeout=5)["ipv4"]

    assert missing[0] == 200  # a host of the world like any other
    assert (moved["dns"], moved["body"]) == (["192.0.2.90"], '{"healthy": true}')
    assert answer(ground, f"sqs.{REGION}.amazonaws.com", "/", function)[0] == 503
