"""What packets do in the lab's VPCs, feature by feature, as AWS documents it.

Every test drives the lab through its AWS endpoint and looks with a function's own eyes.
"""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.lab.ground import Ground, entry

pytestmark = pytest.mark.lab

WEB = "www.example.com"
EAI_NONAME, EAI_NODATA = socket.EAI_NONAME, socket.EAI_NODATA


def outcome(seen: dict[str, Any]) -> tuple[Any, Any]:
    """Return what became of the connection, per family."""
    return tuple(seen[family].get("tcp", seen[family]["dns"]) for family in ("ipv4", "ipv6"))  # type: ignore[return-value] # two families


def test_isolated_subnet_reaches_nothing(ground: Ground) -> None:
    """Names resolve, packets vanish: a timeout, never an error."""
    seen = ground.look(WEB)

    assert outcome(seen) == ("timeout", "timeout")
    assert seen["ipv4"]["dns"] == ["192.0.2.80"]
    assert seen["ipv6"]["dns"] == ["3fff:c::80"]


def test_nat_gateway_carries_ipv4_and_egress_only_gateway_ipv6(ground: Ground) -> None:
    """Each its own family, there and back; the far end's answer arrives."""
    ground.open_both_ways_out()
    seen = ground.look(WEB, path="/")

    assert outcome(seen) == ("connected", "connected")
    assert seen["ipv4"]["body"] == seen["ipv6"]["body"] == "www.example.com\n"


def test_function_behind_an_internet_gateway_has_no_ipv4(ground: Ground) -> None:
    """A Lambda interface never has a public IPv4 address; its IPv6 one is public already."""
    gateway = ground.internet_gateway()
    ground.route(ground.table, "0.0.0.0/0", GatewayId=gateway)
    ground.route(ground.table, "::/0", GatewayId=gateway)

    assert outcome(ground.look(WEB)) == ("timeout", "connected")


def test_function_without_the_flag_has_no_ipv6_sockets(ground: Ground) -> None:
    """``Ipv6AllowedForDualStack`` off: EAFNOSUPPORT, and DNS answers all the same."""
    ground.open_both_ways_out()
    seen = ground.look(WEB, function=ground.function(ipv6=False))

    assert outcome(seen) == ("connected", "EAFNOSUPPORT")
    assert seen["ipv6"]["dns"] == ["3fff:c::80"]


def test_subnet_without_a_table_uses_the_main_one(ground: Ground) -> None:
    """And an explicit association, once made, wins over it."""
    tables = ground.ec2.describe_route_tables(
        Filters=[
            {"Name": "vpc-id", "Values": [ground.vpc]},
            {"Name": "association.main", "Values": ["true"]},
        ]
    )["RouteTables"]
    main = tables[0]["RouteTableId"]
    ground.route(main, "::/0", EgressOnlyInternetGatewayId=ground.egress_only_gateway())
    function = ground.function()
    before = outcome(ground.look(WEB, function=function))
    own = ground.ec2.describe_route_tables(RouteTableIds=[ground.table])["RouteTables"][0]
    ground.ec2.disassociate_route_table(
        AssociationId=own["Associations"][0]["RouteTableAssociationId"]
    )
    after = outcome(ground.look(WEB, function=function))

    assert (before, after) == (("timeout", "timeout"), ("timeout", "connected"))


def test_longest_prefix_wins(ground: Ground) -> None:
    """A /32 to a gateway without a public address takes one host away from the NAT gateway."""
    ground.open_both_ways_out()
    gateway = ground.ec2.describe_internet_gateways(
        Filters=[{"Name": "attachment.vpc-id", "Values": [ground.vpc]}]
    )["InternetGateways"][0]["InternetGatewayId"]
    ground.route(ground.table, "192.0.2.80/32", GatewayId=gateway)

    assert outcome(ground.look(WEB)) == ("timeout", "connected")
    assert ground.look("v4.example.com", port=8443)["ipv4"]["tcp"] == "connected"


def test_deleted_nat_gateway_is_a_black_hole(ground: Ground) -> None:
    """The route stays, and swallows what it gets."""
    gateway = ground.nat_gateway()
    ground.route(ground.table, "0.0.0.0/0", NatGatewayId=gateway)
    function = ground.function()
    before = outcome(ground.look(WEB, function=function))
    ground.ec2.delete_nat_gateway(NatGatewayId=gateway)
    after = outcome(ground.look(WEB, function=function))

    assert (before, after) == (("connected", "timeout"), ("timeout", "timeout"))


def test_group_without_rules_lets_nothing_out(ground: Ground) -> None:
    """Each family has rules of its own; replies need none."""
    ground.open_both_ways_out()
    everything = ground.ec2.describe_security_groups(GroupIds=[ground.group])
    rules = everything["SecurityGroups"][0]["IpPermissionsEgress"]
    ground.ec2.revoke_security_group_egress(GroupId=ground.group, IpPermissions=rules)
    function = ground.function()
    closed = outcome(ground.look(WEB, function=function))
    only_ipv6 = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    ground.ec2.authorize_security_group_egress(
        GroupId=ground.group, IpPermissions=[only_ipv6 | {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]
    )
    opened = outcome(ground.look(WEB, function=function))
    other_port = outcome(ground.look(WEB, function=function, port=80))

    assert closed == ("timeout", "timeout")
    assert opened == ("timeout", "connected")
    assert other_port == ("timeout", "timeout")


def test_network_acl_is_stateless(ground: Ground) -> None:
    """Without ephemeral ports inbound the reply is lost; in order, the first entry decides."""
    ground.open_both_ways_out()
    out = [
        entry(100, "0.0.0.0/0", egress=True, ports=(443, 443)),
        entry(101, "::/0", egress=True, ports=(443, 443)),
    ]
    acl = ground.use_acl(*out)
    function = ground.function()
    no_replies = outcome(ground.look(WEB, function=function))
    for item in (
        entry(100, "0.0.0.0/0", egress=False, ports=(1024, 65535)),
        entry(101, "::/0", egress=False, ports=(1024, 65535)),
    ):
        ground.ec2.create_network_acl_entry(NetworkAclId=acl, **item)
    replies = outcome(ground.look(WEB, function=function))
    ground.ec2.create_network_acl_entry(
        NetworkAclId=acl, **entry(50, "::/0", egress=False, action="deny")
    )
    denied_first = outcome(ground.look(WEB, function=function))

    assert no_replies == ("timeout", "timeout")
    assert replies == ("connected", "connected")
    assert denied_first == ("connected", "timeout")


def test_acl_does_not_filter_dns(ground: Ground) -> None:
    """Nothing may pass, and names resolve: Amazon DNS is not behind the ACL or the group."""
    ground.use_acl()
    ground.ec2.revoke_security_group_egress(
        GroupId=ground.group,
        IpPermissions=ground.ec2.describe_security_groups(GroupIds=[ground.group])[
            "SecurityGroups"
        ][0]["IpPermissionsEgress"],
    )

    assert ground.look(WEB)["ipv4"]["dns"] == ["192.0.2.80"]


def test_name_that_is_not_there(ground: Ground) -> None:
    """No such name, and a name without an address of the family, are two things."""
    assert ground.look("nosuch.example.com")["ipv4"]["dns"] == EAI_NONAME
    assert ground.look("v4.example.com", port=8443)["ipv6"]["dns"] in {EAI_NODATA, EAI_NONAME}


def test_far_end_that_refuses_drops_resets_or_is_slow(ground: Ground) -> None:
    """The world's behaviours, each told apart by the one who connects."""
    ground.open_both_ways_out()
    function = ground.function()

    def look(host: str, **event: Any) -> dict[str, Any]:
        found: dict[str, Any] = ground.look(host, function=function, path="/", **event)["ipv4"]
        return found

    assert look("refuses.example.com")["tcp"] == "ECONNREFUSED"
    assert look("drops.example.com")["tcp"] == "timeout"
    assert look("resets.example.com")["http"] == "ConnectionResetError"
    assert look("forbids.example.com")["status"] == 403
    assert look("slow.example.com")["http"] == "TimeoutError"
    assert look("www.example.com", port=9443)["tcp"] == "ECONNREFUSED"


def interface_endpoint(ground: Ground, service: str, group: str, **more: Any) -> str:
    made = ground.ec2.create_vpc_endpoint(
        VpcId=ground.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.{service}",
        SubnetIds=[ground.subnet],
        SecurityGroupIds=[group],
        **{"PrivateDnsEnabled": True} | more,
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def allow_https_from_function(ground: Ground, group: str) -> None:
    ground.ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "UserIdGroupPairs": [{"GroupId": ground.group}],
            }
        ],
    )


def test_interface_endpoint_serves_its_name_inside(ground: Ground) -> None:
    """Private DNS leads to it; its group must admit the function's group by reference."""
    group = ground.new_group("endpoint")
    host = f"ssm.{REGION}.amazonaws.com"
    function = ground.function()
    outside = ground.look(host, function=function)["ipv4"]
    interface_endpoint(ground, "ssm", group)
    closed = ground.look(host, function=function)["ipv4"]
    allow_https_from_function(ground, group)
    opened = ground.look(host, function=function, path="/")["ipv4"]

    assert outside["tcp"] == "timeout"
    assert outside["dns"][0].startswith("198.51.100.")
    assert closed["dns"][0].startswith("10.7.1.")
    assert closed["tcp"] == "timeout"
    assert opened["tcp"] == "connected"
    assert opened["status"] == 403


def test_endpoint_without_private_dns_leaves_the_public_name(ground: Ground) -> None:
    """The service's own name still leads out of the VPC."""
    group = ground.new_group("endpoint")
    allow_https_from_function(ground, group)
    interface_endpoint(ground, "ssm", group, PrivateDnsEnabled=False)
    seen = ground.look(f"ssm.{REGION}.amazonaws.com")["ipv4"]

    assert seen["dns"][0].startswith("198.51.100.")
    assert seen["tcp"] == "timeout"


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
def test_gateway_endpoint_is_a_route(ground: Ground, service: str) -> None:
    """The name stays public; the table's prefix list takes the packets, for IPv4."""
    host = f"{service}.{REGION}.amazonaws.com"
    function = ground.function()
    before = ground.look(host, function=function)["ipv4"]
    ground.ec2.create_vpc_endpoint(
        VpcId=ground.vpc,
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{REGION}.{service}",
        RouteTableIds=[ground.table],
    )
    after = ground.look(host, function=function, path="/")["ipv4"]

    assert (before["tcp"], after["tcp"]) == ("timeout", "connected")
    assert before["dns"] == after["dns"]


def websocket_api(ground: Ground, **more: Any) -> str:
    apis = ground.lab.client("apigatewayv2")
    api_id = apis.create_api(
        Name="ws",
        ProtocolType="WEBSOCKET",
        RouteSelectionExpression="$request.body.action",
        **more,
    )["ApiId"]
    apis.create_stage(ApiId=api_id, StageName="prod")
    return str(api_id)


def host_of(api_id: str) -> str:
    return f"{api_id}.execute-api.{REGION}.amazonaws.com"


def test_address_type_of_an_api_decides_its_aaaa(ground: Ground) -> None:
    """``ipv4``, the default, has none; ``dualstack`` answers over IPv6."""
    ground.open_both_ways_out()
    api_id, function = websocket_api(ground), ground.function()
    path = "/prod/@connections/nobody"
    before = ground.look(host_of(api_id), function=function, path=path)
    ground.lab.client("apigatewayv2").update_api(ApiId=api_id, IpAddressType="dualstack")
    after = ground.look(host_of(api_id), function=function, path=path)

    assert before["ipv4"]["status"] == 403
    assert before["ipv4"]["body"] == '{"message":"Missing Authentication Token"}'
    assert before["ipv4"]["headers"]["x-amzn-errortype"] == "MissingAuthenticationTokenException"
    assert before["ipv6"]["dns"] in {EAI_NODATA, EAI_NONAME}
    assert (after["ipv6"]["tcp"], after["ipv6"]["status"]) == ("connected", 403)


def test_api_that_is_not_there_has_no_name(ground: Ground) -> None:
    """An id nobody has."""
    assert ground.look(host_of("nosuchapi0"))["ipv4"]["dns"] == EAI_NONAME


def test_execute_api_endpoint_captures_every_api_of_the_region(ground: Ground) -> None:
    """With private DNS on, a WebSocket API's name leads to what serves private REST APIs only."""
    ground.open_both_ways_out()
    api_id, function = websocket_api(ground), ground.function()
    group = ground.new_group("endpoint")
    allow_https_from_function(ground, group)
    before = ground.look(host_of(api_id), function=function, path="/prod")["ipv4"]
    interface_endpoint(ground, "execute-api", group)
    after = ground.look(host_of(api_id), function=function, path="/prod")["ipv4"]

    assert before["dns"] == ["198.51.100.10"]
    assert after["dns"][0].startswith("10.7.1.")
    assert after["status"] == 403
    assert after["headers"]["x-amzn-errortype"] == "ForbiddenException"
    assert json.loads(after["body"]) == {"message": "Forbidden"}


def test_private_api_answers_through_its_endpoint_only(ground: Ground) -> None:
    """Its policy names the endpoint; from outside the name has no address."""
    ground.open_both_ways_out()
    function = ground.function()
    rest = ground.lab.client("apigateway")
    group = ground.new_group("endpoint")
    allow_https_from_function(ground, group)
    api_id = private_api(rest, policy=None)
    no_address = ground.look(host_of(api_id), function=function)["ipv4"]
    endpoint = interface_endpoint(ground, "execute-api", group)
    refused = ground.look(host_of(api_id), function=function, path="/prod/health")["ipv4"]
    allowed_id = private_api(rest, policy=endpoint)
    allowed = ground.look(host_of(allowed_id), function=function, path="/prod/health")["ipv4"]

    assert no_address["dns"] in {EAI_NODATA, EAI_NONAME}
    assert refused["status"] == 403
    assert (allowed["status"], allowed["dns"][0].startswith("10.7.1.")) == (200, True)


def private_api(rest: Any, policy: str | None) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"StringEquals": {"aws:SourceVpce": policy}},
    }
    more = (
        {"policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
        if policy
        else {}
    )
    api_id = rest.create_rest_api(
        name="private", endpointConfiguration={"types": ["PRIVATE"]}, **more
    )["id"]
    root = rest.get_resources(restApiId=api_id)["items"][0]["id"]
    health = rest.create_resource(restApiId=api_id, parentId=root, pathPart="health")["id"]
    where = {"restApiId": api_id, "resourceId": health, "httpMethod": "GET"}
    rest.put_method(**where, authorizationType="NONE")
    rest.put_integration(
        **where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
    )
    rest.put_method_response(**where, statusCode="200")
    rest.put_integration_response(**where, statusCode="200")
    rest.create_deployment(restApiId=api_id, stageName="prod")
    return str(api_id)


def test_function_in_no_vpc_has_ipv4_and_no_ipv6(ground: Ground) -> None:
    """Lambda's own network, as every function has it without VpcConfig."""
    name = ground.function()
    ground.lab.client("lambda").update_function_configuration(
        FunctionName=name, VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}
    )
    seen = ground.look(WEB, function=name)

    assert seen["ipv4"]["tcp"] == "connected"
    assert seen["ipv6"]["tcp"] in {"EAFNOSUPPORT", "ENETUNREACH"}


def test_function_in_two_subnets_takes_them_in_turn(ground: Ground) -> None:
    """One subnet is open, the other is not: that is what intermittent means."""
    ground.open_both_ways_out()
    other, _ = ground.new_subnet(2, "b")
    function = ground.function(subnets=(ground.subnet, other))
    seen = [ground.look(WEB, function=function)["ipv4"]["tcp"] for _ in range(4)]

    assert sorted(seen) == ["connected", "connected", "timeout", "timeout"]


def test_vpc_without_dns_support_resolves_nothing(ground: Ground) -> None:
    """Amazon DNS is silent then."""
    ground.ec2.modify_vpc_attribute(VpcId=ground.vpc, EnableDnsHostnames={"Value": False})
    ground.ec2.modify_vpc_attribute(VpcId=ground.vpc, EnableDnsSupport={"Value": False})
    seen = ground.look(WEB, function=ground.function())

    assert seen["ipv4"]["dns"] == socket.EAI_AGAIN
