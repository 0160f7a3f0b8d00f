"""One VPC in the lab, made by plain AWS calls; its parts are known by the roles they play."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv6Network
from itertools import count
from typing import Any

from tests.acceptance.building import REGION, TRUST, zip_of

_NUMBERS = count(1)
_HANDLER = "def handle(event, context):\n    return {'statusCode': 200, 'body': 'ok'}\n"
EVERYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
EVERYTHING6 = {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
Rule = dict[str, Any]


def tcp(port: int, *cidrs: str, protocol: str = "tcp", **peers: Any) -> Rule:
    """Return a rule of a security group for one port."""
    rule: Rule = {"IpProtocol": protocol, "FromPort": port, "ToPort": port} | peers
    four = [{"CidrIp": cidr} for cidr in cidrs if ":" not in cidr]
    six = [{"CidrIpv6": cidr} for cidr in cidrs if ":" in cidr]
    return rule | ({"IpRanges": four} if four else {}) | ({"Ipv6Ranges": six} if six else {})


@dataclass
class Site:
    """What has been built; ``ids`` holds AWS ids by role, ``targets`` what is asked about."""

    client: Callable[..., Any]
    """Returns the boto3 client of a service."""
    ids: dict[str, str] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    subnets: list[str] = field(default_factory=list)
    """Roles of the function's subnets."""
    ipv6: bool = False
    number: int = field(default_factory=lambda: next(_NUMBERS))

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    @cached_property
    def image(self) -> str:
        return str(self.ec2.describe_images()["Images"][0]["ImageId"])

    @property
    def name(self) -> str:
        """Return the name of the function whose paths are asked about."""
        return f"fn-{self.number}"

    def vpc(self, role: str = "vpc", cidr: str = "10.7.0.0/16", *, ipv6: bool = False) -> str:
        made = self.ec2.create_vpc(CidrBlock=cidr, AmazonProvidedIpv6CidrBlock=ipv6)["Vpc"]
        self.ids[role] = made["VpcId"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            self.ec2.modify_vpc_attribute(VpcId=made["VpcId"], **{name: {"Value": True}})
        tables = self.ec2.describe_route_tables(
            Filters=[{"Name": "vpc-id", "Values": [made["VpcId"]]}]
        )["RouteTables"]
        self.ids[f"{role}-main"] = tables[0]["RouteTableId"]
        return str(made["VpcId"])

    def blocks(self, vpc: str = "vpc") -> list[str]:
        """Return the /64s of a VPC's IPv6 block, none without one."""
        found = self.ec2.describe_vpcs(VpcIds=[self.ids[vpc]])["Vpcs"][0]
        held = found.get("Ipv6CidrBlockAssociationSet") or []
        return [
            str(i) for h in held for i in IPv6Network(h["Ipv6CidrBlock"]).subnets(new_prefix=64)
        ]

    def subnet(
        self,
        role: str,
        number: int,
        *,
        zone: str = "a",
        vpc: str = "vpc",
        table: str | None = None,
    ) -> str:
        """Return a subnet, with both families where its VPC has them, and its table, if named."""
        cidr = self.ec2.describe_vpcs(VpcIds=[self.ids[vpc]])["Vpcs"][0]["CidrBlock"]
        first = ".".join(cidr.split(".")[:2])
        blocks = self.blocks(vpc)
        made = self.ec2.create_subnet(
            VpcId=self.ids[vpc],
            CidrBlock=f"{first}.{number}.0/24",
            AvailabilityZone=f"{REGION}{zone}",
            **({"Ipv6CidrBlock": blocks[number]} if blocks else {}),
        )["Subnet"]["SubnetId"]
        self.ids[role] = made
        if table is not None:
            self.associate(role, table)
        return str(made)

    def table(self, role: str, vpc: str = "vpc") -> str:
        made = self.ec2.create_route_table(VpcId=self.ids[vpc])["RouteTable"]["RouteTableId"]
        self.ids[role] = made
        return str(made)

    def associate(self, subnet: str, table: str) -> None:
        """Put a subnet under a table, made here if it is not there yet."""
        made = self.ec2.associate_route_table(
            RouteTableId=self.ids[table], SubnetId=self.ids[subnet]
        )
        self.ids[f"{subnet}-association"] = made["AssociationId"]

    def disassociate(self, subnet: str) -> None:
        self.ec2.disassociate_route_table(AssociationId=self.ids.pop(f"{subnet}-association"))

    def route(
        self, table: str, destination: str, *, replaces: bool = False, **target: str
    ) -> None:
        key = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
        call = self.ec2.replace_route if replaces else self.ec2.create_route
        call(RouteTableId=self.ids[table], **{key: destination}, **target)

    def unroute(self, table: str, destination: str) -> None:
        key = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
        self.ec2.delete_route(RouteTableId=self.ids[table], **{key: destination})

    def group(self, role: str, *ingress: Rule, vpc: str = "vpc") -> str:
        made = self.ec2.create_security_group(
            GroupName=f"{role}-{next(_NUMBERS)}", Description=role, VpcId=self.ids[vpc]
        )["GroupId"]
        self.ids[role] = made
        for rule in ingress:
            self.ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[rule])
        return str(made)

    def rules(self, group: str, *, egress: bool) -> list[Rule]:
        """Return a group's rules of one direction."""
        found = self.ec2.describe_security_groups(GroupIds=[self.ids[group]])["SecurityGroups"][0]
        return list(found["IpPermissionsEgress" if egress else "IpPermissions"])

    def set_egress(self, group: str, *rules: Rule) -> None:
        """Let the group out by these rules and no others."""
        held = self.rules(group, egress=True)
        if held:
            self.ec2.revoke_security_group_egress(GroupId=self.ids[group], IpPermissions=held)
        for rule in rules:
            self.ec2.authorize_security_group_egress(GroupId=self.ids[group], IpPermissions=[rule])

    def set_ingress(self, group: str, *rules: Rule) -> None:
        held = self.rules(group, egress=False)
        if held:
            self.ec2.revoke_security_group_ingress(GroupId=self.ids[group], IpPermissions=held)
        for rule in rules:
            self.ec2.authorize_security_group_ingress(
                GroupId=self.ids[group], IpPermissions=[rule]
            )

    def acl(self, role: str, *subnets: str, vpc: str = "vpc") -> str:
        """Return an ACL that allows everything, put on subnets; entries come at 100 and 101."""
        acl = self.ec2.create_network_acl(VpcId=self.ids[vpc])["NetworkAcl"]["NetworkAclId"]
        self.ids[role] = acl
        for egress in (True, False):
            self.entry(role, 100, "0.0.0.0/0", egress=egress)
            self.entry(role, 101, "::/0", egress=egress)
        for subnet in subnets:
            self.put_under(role, subnet, vpc)
        return str(acl)

    def put_under(self, acl: str, subnet: str, vpc: str = "vpc") -> None:
        found = self.ec2.describe_network_acls(
            Filters=[{"Name": "vpc-id", "Values": [self.ids[vpc]]}]
        )["NetworkAcls"]
        association = next(
            item["NetworkAclAssociationId"]
            for held in found
            for item in held["Associations"]
            if item["SubnetId"] == self.ids[subnet]
        )
        self.ec2.replace_network_acl_association(
            AssociationId=association, NetworkAclId=self.ids[acl]
        )

    def entry(self, acl: str, number: int, cidr: str, *, egress: bool, **more: Any) -> None:
        """Add an entry: everything unless ``ports`` (of tcp) are given, allowed unless said."""
        entry = {
            "RuleNumber": number,
            "Egress": egress,
            "Protocol": "-1",
            "RuleAction": more.pop("action", "allow"),
            "Ipv6CidrBlock" if ":" in cidr else "CidrBlock": cidr,
        }
        if "ports" in more:
            low, high = more.pop("ports")
            entry |= {"Protocol": "6", "PortRange": {"From": low, "To": high}}
        self.ec2.create_network_acl_entry(NetworkAclId=self.ids[acl], **entry)

    def strike(self, acl: str, number: int, *, egress: bool) -> None:
        """Take an entry away."""
        self.ec2.delete_network_acl_entry(
            NetworkAclId=self.ids[acl], RuleNumber=number, Egress=egress
        )

    def internet_gateway(self, role: str = "igw", vpc: str = "vpc") -> str:
        made = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=self.ids[vpc])
        self.ids[role] = made
        return str(made)

    def nat(self, role: str, subnet: str, *, private: bool = False) -> str:
        how: dict[str, str] = {"ConnectivityType": "private"}
        if not private:
            how = {"AllocationId": self.ec2.allocate_address(Domain="vpc")["AllocationId"]}
        made = self.ec2.create_nat_gateway(SubnetId=self.ids[subnet], **how)["NatGateway"]
        self.ids[role] = made["NatGatewayId"]
        return str(made["NatGatewayId"])

    def egress_only(self, role: str = "eigw") -> str:
        made = self.ec2.create_egress_only_internet_gateway(VpcId=self.ids["vpc"])
        self.ids[role] = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
        return self.ids[role]

    def peering(self, role: str, other: str) -> str:
        made = self.ec2.create_vpc_peering_connection(
            VpcId=self.ids["vpc"], PeerVpcId=self.ids[other]
        )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        self.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=made)
        self.ids[role] = made
        return str(made)

    def attach(self, gateway: str, vpc: str, *subnets: str) -> str:
        made = self.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=self.ids[gateway],
            VpcId=self.ids[vpc],
            SubnetIds=[self.ids[item] for item in subnets],
        )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
        self.ids[f"{vpc}-attachment"] = made
        return str(made)

    def endpoint(self, role: str, service: str, *subnets: str, **more: Any) -> str:
        """Return an interface endpoint whose group, ``ROLE-group``, admits 10.0.0.0/8."""
        vpc = more.pop("vpc", "vpc")
        self.group(f"{role}-group", tcp(443, "10.0.0.0/8"), vpc=vpc)
        made = self.ec2.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=self.ids[vpc],
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            SubnetIds=[self.ids[item] for item in subnets],
            SecurityGroupIds=[self.ids[f"{role}-group"]],
            **({"PrivateDnsEnabled": self._has_dns(vpc)} | more),
        )["VpcEndpoint"]
        self.ids[role] = made["VpcEndpointId"]
        found = self.ec2.describe_network_interfaces(
            NetworkInterfaceIds=made["NetworkInterfaceIds"]
        )["NetworkInterfaces"]
        self.ids[f"{role}-address"] = found[0]["PrivateIpAddress"]
        return str(made["VpcEndpointId"])

    def _has_dns(self, vpc: str) -> bool:
        """Tell whether both DNS attributes are on, without which AWS makes no private DNS."""
        told = (
            self.ec2.describe_vpc_attribute(VpcId=self.ids[vpc], Attribute=name)
            for name in ("enableDnsSupport", "enableDnsHostnames")
        )
        return all(
            answer.get("EnableDnsSupport", answer.get("EnableDnsHostnames"))["Value"]
            for answer in told
        )

    def gateway_endpoint(self, role: str, service: str, *tables: str) -> str:
        made = self.ec2.create_vpc_endpoint(
            VpcEndpointType="Gateway",
            VpcId=self.ids["vpc"],
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            RouteTableIds=[self.ids[item] for item in tables],
        )["VpcEndpoint"]
        self.ids[role] = made["VpcEndpointId"]
        return str(made["VpcEndpointId"])

    def prefix_list(self, service: str) -> str:
        found = self.ec2.describe_prefix_lists()["PrefixLists"]
        name = f"com.amazonaws.{REGION}.{service}"
        return str(next(i["PrefixListId"] for i in found if i["PrefixListName"] == name))

    def server(self, role: str, address: str, subnet: str, vpc: str = "vpc") -> str:
        """Run an instance at an address where the world has a DNS server: tcp 53 answers there."""
        groups = [self.group(f"{role}-group", *dns_from("10.0.0.0/8"), vpc=vpc)]
        made = self.ec2.create_network_interface(
            SubnetId=self.ids[subnet], PrivateIpAddress=address, Groups=groups
        )["NetworkInterface"]["NetworkInterfaceId"]
        self.ids[role] = made
        self.ec2.run_instances(
            ImageId=self.image,
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": made}],
        )
        return str(made)

    def dhcp(self, *servers: str) -> None:
        made = self.ec2.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name-servers", "Values": list(servers)}]
        )["DhcpOptions"]["DhcpOptionsId"]
        self.ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=self.ids["vpc"])

    def zone(self, role: str, name: str, vpc: str = "vpc") -> str:
        made = self.client("route53").create_hosted_zone(
            Name=name,
            CallerReference=f"{self.number}-{next(_NUMBERS)}",
            HostedZoneConfig={"PrivateZone": True, "Comment": ""},
            VPC={"VPCRegion": REGION, "VPCId": self.ids[vpc]},
        )["HostedZone"]["Id"]
        self.ids[role] = made
        return str(made)

    def record(self, zone: str, name: str, *values: str, kind: str = "A") -> None:
        held = {"Name": name, "Type": kind, "TTL": 5}
        held |= {"ResourceRecords": [{"Value": value} for value in values]}
        self.client("route53").change_resource_record_sets(
            HostedZoneId=self.ids[zone],
            ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": held}]},
        )

    def forward(self, domain: str, target: str) -> None:
        """Send a domain's questions to a server, by an outbound endpoint of the VPC's own."""
        group = self.group(f"outbound-{domain}")
        subnets = [
            self.subnet(f"outbound-{number}", number, zone=zone)
            for number, zone in ((60, "a"), (61, "b"))
        ]
        resolver = self.client("route53resolver")
        endpoint = resolver.create_resolver_endpoint(
            CreatorRequestId=f"{self.number}",
            SecurityGroupIds=[group],
            Direction="OUTBOUND",
            IpAddresses=[{"SubnetId": item} for item in subnets],
        )["ResolverEndpoint"]["Id"]
        rule = resolver.create_resolver_rule(
            CreatorRequestId=f"{self.number}",
            RuleType="FORWARD",
            DomainName=domain,
            TargetIps=[{"Ip": target, "Port": 53}],
            ResolverEndpointId=endpoint,
        )["ResolverRule"]["Id"]
        resolver.associate_resolver_rule(
            ResolverRuleId=rule, VPCId=self.ids["vpc"], Name=f"rule-{self.number}"
        )

    def function(self, group: str, *subnets: str, ipv6: bool = False) -> None:
        """Make the function whose paths are asked about."""
        self.ids["group"] = self.ids[group]
        self.subnets, self.ipv6 = list(subnets), ipv6
        role = self.client("iam").create_role(RoleName=self.name, AssumeRolePolicyDocument=TRUST)
        self.client("lambda").create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Role=role["Role"]["Arn"],
            Handler="index.handle",
            Code={"ZipFile": zip_of(_HANDLER)},
            Timeout=10,
            VpcConfig=self._vpc_config(),
        )

    def change_function(self, *, ipv6: bool) -> None:
        self.ipv6 = ipv6
        self.client("lambda").update_function_configuration(
            FunctionName=self.name, VpcConfig=self._vpc_config()
        )

    def _vpc_config(self) -> dict[str, Any]:
        return {
            "SubnetIds": [self.ids[item] for item in self.subnets],
            "SecurityGroupIds": [self.ids["group"]],
            "Ipv6AllowedForDualStack": self.ipv6,
        }

    def websocket_api(self, role: str, address_type: str) -> str:
        """Return a WebSocket API with the stage ``prod``."""
        apis = self.client("apigatewayv2")
        made = apis.create_api(
            Name=role,
            ProtocolType="WEBSOCKET",
            RouteSelectionExpression="$request.body.action",
            IpAddressType=address_type,
        )["ApiId"]
        apis.create_stage(ApiId=made, StageName="prod", AutoDeploy=True)
        self.ids[role] = made
        return str(made)

    def rest_api(
        self,
        role: str,
        *,
        private: bool = False,
        policy: Rule | None = None,
        address_type: str = "ipv4",
    ) -> str:
        """Return a REST API that answers 200 at /prod/health."""
        rest = self.client("apigateway")
        configuration = {"types": ["PRIVATE" if private else "REGIONAL"]}
        made = rest.create_rest_api(
            name=role,
            endpointConfiguration=configuration
            | {"ipAddressType": "dualstack" if private else address_type},
            **({"policy": json.dumps(policy)} if policy else {}),
        )["id"]
        root = rest.get_resources(restApiId=made)["items"][0]["id"]
        health = rest.create_resource(restApiId=made, parentId=root, pathPart="health")["id"]
        where = {"restApiId": made, "resourceId": health, "httpMethod": "GET"}
        rest.put_method(**where, authorizationType="NONE")
        rest.put_integration(
            **where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
        )
        rest.put_method_response(**where, statusCode="200")
        rest.put_integration_response(**where, statusCode="200")
        rest.create_deployment(restApiId=made, stageName="prod")
        self.ids[role] = made
        return str(made)

    def set_api_policy(self, role: str, policy: Rule) -> None:
        """Give a REST API another resource policy, and deploy it."""
        rest, api = self.client("apigateway"), self.ids[role]
        patch = [{"op": "replace", "path": "/policy", "value": json.dumps(policy)}]
        rest.update_rest_api(restApiId=api, patchOperations=patch)
        rest.create_deployment(restApiId=api, stageName="prod")

    def url(self, role: str, path: str) -> str:
        return f"https://{self.ids[role]}.execute-api.{REGION}.amazonaws.com{path}"


def dns_from(*cidrs: str) -> tuple[Rule, Rule]:
    """Return the rules that admit questions for names."""
    return tcp(53, *cidrs), tcp(53, *cidrs, protocol="udp")


def invoke_policy(**condition: Any) -> Rule:
    """Return a resource policy of an API that lets in whom a condition fits."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
    }
    more = {"Condition": condition} if condition else {}
    return {"Version": "2012-10-17", "Statement": [statement | more]}
