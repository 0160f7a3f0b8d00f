"""Builds a written-down VPC through the AWS API, with nothing but boto3 calls."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

REGION = "us-east-1"
ZONES = {"use1-az1": "us-east-1a", "use1-az2": "us-east-1b", "use1-az3": "us-east-1c"}
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def zip_of(source: str, name: str = "index.py") -> bytes:
    """Return a deployment package with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, source)
    return buffer.getvalue()


@dataclass
class Built:
    """A scenario in the account: AWS ids by the ids of the scenario."""

    client: Any
    """Returns the boto3 client of a service."""
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def ec2(self) -> Any:
        return self.client("ec2")


def build(client: Any, scenario: dict[str, Any]) -> Built:
    """Build the scenario; the function is called ``fn``."""
    built = Built(client)
    _public_access(built, scenario["vpc"]["block_public_access"])
    _vpc(built, scenario["vpc"])
    _gateways(built, scenario["network"])
    for item in scenario["subnets"]:
        _subnet(built, item)
    for item in scenario["network"]["nat_gateways"]:
        _nat_gateway(built, item)
    _groups(built, scenario["security_groups"])
    for item in scenario["network"]["nacls"]:
        _acl(built, item, scenario["subnets"])
    for item in scenario["route_tables"]:
        _route_table(built, item, scenario["subnets"])
    for item in scenario["network"]["endpoints"]:
        _endpoint(built, item)
    _function(built, scenario["function"])
    for target in scenario["targets"]:
        _api(built, target)
    return built


def _gateways(built: Built, network: dict[str, Any]) -> None:
    if network["internet_gateway"]:
        gateway = built.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        built.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=built.ids["vpc"])
        built.ids[network["internet_gateway"]] = gateway
    if network["egress_only_igw"]:
        made = built.ec2.create_egress_only_internet_gateway(VpcId=built.ids["vpc"])
        egress_only = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
        built.ids[network["egress_only_igw"]] = egress_only


def _groups(built: Built, groups: list[dict[str, Any]]) -> None:
    """Make all groups before their rules, because rules name other groups."""
    for item in groups:
        made = built.ec2.create_security_group(
            GroupName=item["id"], Description=item["id"], VpcId=built.ids["vpc"]
        )
        built.ids[item["id"]] = made["GroupId"]
    for item in groups:
        _rules(built, item)


def _vpc(built: Built, vpc: dict[str, Any]) -> None:
    made = built.ec2.create_vpc(CidrBlock=vpc["ipv4_cidrs"][0])["Vpc"]
    built.ids["vpc"] = made["VpcId"]
    for block in vpc["ipv6_cidrs"]:
        built.ec2.associate_vpc_cidr_block(
            VpcId=made["VpcId"], Ipv6CidrBlock=block, Ipv6Pool="ipv6pool-ec2-0123456789abcdef0"
        )
    for name, key in (
        ("EnableDnsSupport", "enable_dns_support"),
        ("EnableDnsHostnames", "enable_dns_hostnames"),
    ):
        built.ec2.modify_vpc_attribute(VpcId=made["VpcId"], **{name: {"Value": vpc[key]}})
    if vpc["dhcp_dns"] != "AmazonProvidedDNS":
        options = built.ec2.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name-servers", "Values": vpc["dhcp_dns"]}]
        )["DhcpOptions"]["DhcpOptionsId"]
        built.ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=made["VpcId"])


def _public_access(built: Built, mode: str) -> None:
    if mode != "off":
        built.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode=mode)


def _subnet(built: Built, subnet: dict[str, Any]) -> None:
    more = {"Ipv6CidrBlock": subnet["ipv6"]} if subnet["ipv6"] else {}
    made = built.ec2.create_subnet(
        VpcId=built.ids["vpc"],
        CidrBlock=subnet["ipv4"],
        AvailabilityZone=ZONES[subnet["az"]],
        **more,
    )
    built.ids[subnet["id"]] = made["Subnet"]["SubnetId"]
    for name, key in (
        ("MapPublicIpOnLaunch", "map_public_ip_on_launch"),
        ("EnableDns64", "dns64"),
    ):
        if subnet[key]:
            built.ec2.modify_subnet_attribute(
                SubnetId=made["Subnet"]["SubnetId"], **{name: {"Value": True}}
            )


def _nat_gateway(built: Built, gateway: dict[str, Any]) -> None:
    address = built.ec2.allocate_address(Domain="vpc", Address=gateway["public_ip"])
    made = built.ec2.create_nat_gateway(
        SubnetId=built.ids[gateway["subnet"]], AllocationId=address["AllocationId"]
    )
    built.ids[gateway["id"]] = made["NatGateway"]["NatGatewayId"]


def _permission(built: Built, rule: dict[str, Any]) -> dict[str, Any]:
    permission: dict[str, Any] = {"IpProtocol": "-1" if rule["proto"] == "all" else rule["proto"]}
    if rule["ports"] != "all":
        low, _, high = str(rule["ports"]).partition("-")
        permission |= {"FromPort": int(low), "ToPort": int(high or low)}
    peer = rule["peer"]
    if peer.startswith("sg-"):
        permission["UserIdGroupPairs"] = [{"GroupId": built.ids[peer]}]
    elif ":" in peer:
        permission["Ipv6Ranges"] = [{"CidrIpv6": peer}]
    else:
        permission["IpRanges"] = [{"CidrIp": peer}]
    return permission


def _rules(built: Built, group: dict[str, Any]) -> None:
    group_id = built.ids[group["id"]]
    made = built.ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    if made["IpPermissionsEgress"]:
        built.ec2.revoke_security_group_egress(
            GroupId=group_id, IpPermissions=made["IpPermissionsEgress"]
        )
    for rule in group["egress"]:
        built.ec2.authorize_security_group_egress(
            GroupId=group_id, IpPermissions=[_permission(built, rule)]
        )
    for rule in group["ingress"]:
        built.ec2.authorize_security_group_ingress(
            GroupId=group_id, IpPermissions=[_permission(built, rule)]
        )


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    numbers = {"all": "-1", "tcp": "6", "udp": "17"}
    made = {
        "RuleNumber": entry["n"],
        "Egress": entry["dir"] == "egress",
        "Protocol": numbers[entry["proto"]],
        "RuleAction": entry["action"],
        "Ipv6CidrBlock" if ":" in entry["cidr"] else "CidrBlock": entry["cidr"],
    }
    if entry["ports"] != "all":
        low, _, high = str(entry["ports"]).partition("-")
        made["PortRange"] = {"From": int(low), "To": int(high or low)}
    return made


def _acl(built: Built, acl: dict[str, Any], subnets: list[dict[str, Any]]) -> None:
    if acl["default"]:
        return  # AWS's own default allows everything, and so does each scenario's
    acl_id = built.ec2.create_network_acl(VpcId=built.ids["vpc"])["NetworkAcl"]["NetworkAclId"]
    built.ids[acl["id"]] = acl_id
    for entry in acl["entries"]:
        built.ec2.create_network_acl_entry(NetworkAclId=acl_id, **_entry(entry))
    acls = built.ec2.describe_network_acls(
        Filters=[{"Name": "vpc-id", "Values": [built.ids["vpc"]]}]
    )["NetworkAcls"]
    association_of = {
        item["SubnetId"]: item["NetworkAclAssociationId"]
        for found in acls
        for item in found["Associations"]
    }
    for subnet in subnets:
        if subnet["nacl"] == acl["id"]:
            built.ec2.replace_network_acl_association(
                AssociationId=association_of[built.ids[subnet["id"]]], NetworkAclId=acl_id
            )


def _route_table(built: Built, table: dict[str, Any], subnets: list[dict[str, Any]]) -> None:
    if table["main"]:
        found = built.ec2.describe_route_tables(
            Filters=[
                {"Name": "vpc-id", "Values": [built.ids["vpc"]]},
                {"Name": "association.main", "Values": ["true"]},
            ]
        )["RouteTables"][0]
        table_id = found["RouteTableId"]
    else:
        table_id = built.ec2.create_route_table(VpcId=built.ids["vpc"])["RouteTable"][
            "RouteTableId"
        ]
        for subnet in subnets:
            if subnet["route_table"] == table["id"]:
                built.ec2.associate_route_table(
                    RouteTableId=table_id, SubnetId=built.ids[subnet["id"]]
                )
    built.ids[table["id"]] = table_id
    for route in table["routes"]:
        if route["target"] != "local":
            _route(built, table_id, route)


def _route(built: Built, table_id: str, route: dict[str, Any]) -> None:
    kind, target = route["target"].partition("-")[0], route["target"]
    if route["state"] == "blackhole":
        _route_left_behind(built, table_id, route["dest"])
        return
    field_of = {
        "igw": "GatewayId",
        "nat": "NatGatewayId",
        "eigw": "EgressOnlyInternetGatewayId",
    }
    family = "DestinationIpv6CidrBlock" if ":" in route["dest"] else "DestinationCidrBlock"
    built.ec2.create_route(
        RouteTableId=table_id, **{family: route["dest"], field_of[kind]: built.ids[target]}
    )


def _route_left_behind(built: Built, table_id: str, destination: str) -> None:
    """Make a blackhole the way they come about: the peering goes, its route stays."""
    peer = built.ec2.create_vpc(CidrBlock=destination)["Vpc"]["VpcId"]
    peering = built.ec2.create_vpc_peering_connection(VpcId=built.ids["vpc"], PeerVpcId=peer)
    peering_id = peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    built.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering_id)
    built.ec2.create_route(
        RouteTableId=table_id,
        DestinationCidrBlock=destination,
        VpcPeeringConnectionId=peering_id,
    )
    built.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering_id)


def _endpoint(built: Built, endpoint: dict[str, Any]) -> None:
    more: dict[str, Any] = {}
    if endpoint["type"] == "Gateway":
        more = {"RouteTableIds": [built.ids[item] for item in endpoint["route_tables"]]}
    else:
        more = {
            "SubnetIds": [built.ids[item] for item in endpoint["subnets"]],
            "SecurityGroupIds": [built.ids[item] for item in endpoint["security_groups"]],
            "PrivateDnsEnabled": endpoint["private_dns"],
            "DnsOptions": {"DnsRecordIpType": endpoint["dns_record_ip_type"]},
            "SubnetConfigurations": [
                {"SubnetId": built.ids[subnet], "Ipv4": address}
                for subnet, address in zip(endpoint["subnets"], endpoint["eni_ips"], strict=True)
            ],
        }
    if endpoint["policy"] != "full-access":
        more["PolicyDocument"] = json.dumps(endpoint["policy"])
    made = built.ec2.create_vpc_endpoint(
        VpcEndpointType=endpoint["type"],
        VpcId=built.ids["vpc"],
        ServiceName=f"com.amazonaws.{REGION}.{endpoint['service']}",
        IpAddressType=endpoint["ip_address_type"],
        **more,
    )["VpcEndpoint"]
    built.ids[endpoint["id"]] = made["VpcEndpointId"]


def _function(built: Built, function: dict[str, Any]) -> None:
    iam = built.client("iam")
    role = iam.create_role(RoleName="fn", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    source = "def handle(event, context):\n    return {'statusCode': 200, 'body': 'ok'}\n"
    made = built.client("lambda").create_function(
        FunctionName="fn",
        Runtime=function["runtime"],
        Role=role,
        Handler="index.handle",
        Code={"ZipFile": zip_of(source)},
        Timeout=function["timeout_s"],
        VpcConfig={
            "SubnetIds": [built.ids[item] for item in function["subnets"]],
            "SecurityGroupIds": [built.ids[item] for item in function["security_groups"]],
            "Ipv6AllowedForDualStack": function["ipv6_allowed_for_dual_stack"],
        },
    )
    built.ids["fn"] = made["FunctionArn"]


def _api(built: Built, target: dict[str, Any]) -> None:
    api_id = target["host"].partition(".")[0]
    api = target["api"]
    if api["protocol"] == "REST":
        _rest_api(built, api_id, api)
        return
    apis = built.client("apigatewayv2")
    websocket = api["protocol"] == "WEBSOCKET"
    more = {"RouteSelectionExpression": "$request.body.action"} if websocket else {}
    apis.create_api(
        Name=api_id,
        ProtocolType=api["protocol"],
        IpAddressType=api["ip_address_type"],
        DisableExecuteApiEndpoint=api["default_endpoint_disabled"],
        Tags={"_custom_id_": api_id},
        **more,
    )
    apis.create_stage(ApiId=api_id, StageName="prod" if websocket else "$default", AutoDeploy=True)
    if not websocket:
        integration = apis.create_integration(
            ApiId=api_id,
            IntegrationType="AWS_PROXY",
            IntegrationUri=built.ids["fn"],
            PayloadFormatVersion="2.0",
        )["IntegrationId"]
        apis.create_route(ApiId=api_id, RouteKey="$default", Target=f"integrations/{integration}")


def _rest_api(built: Built, api_id: str, api: dict[str, Any]) -> None:
    rest = built.client("apigateway")
    private = api.get("endpoint_type") == "PRIVATE"
    configuration: dict[str, Any] = {
        "types": ["PRIVATE" if private else "REGIONAL"],
        "ipAddressType": api["ip_address_type"],
    }
    policy = _resource_policy(built, api.get("resource_policy"))
    rest.create_rest_api(
        name=api_id,
        endpointConfiguration=configuration,
        disableExecuteApiEndpoint=api["default_endpoint_disabled"],
        tags={"_custom_id_": api_id},
        **({"policy": policy} if policy else {}),
    )
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


def _resource_policy(built: Built, wanted: dict[str, Any] | None) -> str | None:
    if not wanted:
        return None
    if "allow_source_vpce" in wanted:
        endpoints = [built.ids[item] for item in wanted["allow_source_vpce"]]
        condition: dict[str, Any] = {"StringEquals": {"aws:SourceVpce": endpoints}}
    else:
        condition = {"IpAddress": {"aws:SourceIp": wanted["allow_source_ip"]}}
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
