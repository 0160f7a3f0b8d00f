"""A VPC in the lab that a test changes, and a function in it that tells what it sees."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from ipaddress import IPv6Network
from itertools import count
from typing import Any

from tests.acceptance.building import REGION, TRUST, zip_of
from tests.conftest import RunningLab

_NUMBERS = count(1)

EYES = """
import errno, http.client, json, os, socket, ssl

FAMILIES = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}

def handle(event, context):
    return {name: look(event, family) for name, family in FAMILIES.items()}

def look(event, family):
    host, port = event["host"], event.get("port", 443)
    try:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except socket.gaierror as error:
        return {"dns": error.args[0]}
    address = found[0][4][0]
    given = event.get("address", "")
    if given and (":" in given) == (family == socket.AF_INET6):
        address = given
    seen = {"dns": sorted({item[4][0] for item in found})}
    try:
        talk = socket.socket(family, socket.SOCK_STREAM)
        talk.settimeout(event.get("timeout", 1.0))
        talk.connect((address, port))
    except OSError as error:
        name = "timeout" if isinstance(error, TimeoutError) else errno.errorcode[error.errno]
        return seen | {"tcp": name}
    seen |= {"tcp": "connected", "from": talk.getsockname()[0]}
    if "path" not in event:
        return seen
    talk.settimeout(event.get("timeout", 2.5))  # a busy machine may take a while over TLS
    try:
        if port != 80:
            talk = ssl.create_default_context().wrap_socket(talk, server_hostname=host)
        lines = [f"GET {event['path']} HTTP/1.1", f"Host: {host}", "Connection: close", "", ""]
        talk.sendall("\\r\\n".join(lines).encode())
        answer = http.client.HTTPResponse(talk)
        answer.begin()
        body = answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return seen | {"http": type(error).__name__}
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return seen | {"status": answer.status, "body": body, "headers": headers}
"""


@dataclass
class Ground:
    """A dual-stack VPC with one private subnet, its own table and group, and nothing else."""

    lab: RunningLab
    number: int = field(default_factory=lambda: next(_NUMBERS))
    network: int = 7
    """The second byte of its IPv4 addresses."""
    region: str = REGION

    def __post_init__(self) -> None:
        self.ec2 = self.lab.client("ec2", self.region)
        made = self.ec2.create_vpc(
            CidrBlock=f"10.{self.network}.0.0/16", AmazonProvidedIpv6CidrBlock=True
        )
        self.vpc = made["Vpc"]["VpcId"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            self.ec2.modify_vpc_attribute(VpcId=self.vpc, **{name: {"Value": True}})
        found = self.ec2.describe_vpcs(VpcIds=[self.vpc])["Vpcs"][0]
        block = IPv6Network(found["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])
        self.blocks = [str(item) for item in block.subnets(new_prefix=64)]
        self.subnet, self.table = self.new_subnet(1)
        self.group = self.new_group("fn")

    def new_subnet(self, number: int, zone: str = "a") -> tuple[str, str]:
        """Return a dual-stack subnet and its route table."""
        subnet = self.ec2.create_subnet(
            VpcId=self.vpc,
            CidrBlock=f"10.{self.network}.{number}.0/24",
            Ipv6CidrBlock=self.blocks[number],
            AvailabilityZone=f"{self.region}{zone}",
        )["Subnet"]["SubnetId"]
        table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return str(subnet), str(table)

    def new_group(self, name: str) -> str:
        made = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)
        return str(made["GroupId"])

    def internet_gateway(self) -> str:
        made = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=self.vpc)
        return str(made)

    def egress_only_gateway(self) -> str:
        made = self.ec2.create_egress_only_internet_gateway(VpcId=self.vpc)
        return str(made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"])

    def route(self, table: str, destination: str, **target: str) -> None:
        key = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
        self.ec2.create_route(RouteTableId=table, **{key: destination}, **target)

    def nat_gateway(self) -> str:
        """Return a NAT gateway in a public subnet of its own."""
        public, table = self.new_subnet(9)
        self.route(table, "0.0.0.0/0", GatewayId=self.internet_gateway())
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        made = self.ec2.create_nat_gateway(SubnetId=public, AllocationId=address)
        return str(made["NatGateway"]["NatGatewayId"])

    def open_both_ways_out(self) -> None:
        """Route IPv4 to a NAT gateway and IPv6 to an egress-only gateway."""
        self.route(self.table, "0.0.0.0/0", NatGatewayId=self.nat_gateway())
        self.route(self.table, "::/0", EgressOnlyInternetGatewayId=self.egress_only_gateway())

    def use_acl(self, *entries: dict[str, Any]) -> str:
        """Put the private subnet under an ACL with just these entries."""
        acl = self.ec2.create_network_acl(VpcId=self.vpc)["NetworkAcl"]["NetworkAclId"]
        for entry in entries:
            self.ec2.create_network_acl_entry(NetworkAclId=acl, **entry)
        acls = self.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])
        association = next(
            item["NetworkAclAssociationId"]
            for found in acls["NetworkAcls"]
            for item in found["Associations"]
            if item["SubnetId"] == self.subnet
        )
        self.ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=acl)
        return str(acl)

    def function(
        self, *, ipv6: bool = True, subnets: tuple[str, ...] = (), source: str = EYES
    ) -> str:
        """Return the name of a function in the private subnet that can look around."""
        name = f"eyes-{self.number}-{next(_NUMBERS)}"
        role = self.lab.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        self.lab.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role["Role"]["Arn"],
            Handler="index.handle",
            Code={"ZipFile": zip_of(source)},
            Timeout=20,
            VpcConfig={
                "SubnetIds": list(subnets or (self.subnet,)),
                "SecurityGroupIds": [self.group],
                "Ipv6AllowedForDualStack": ipv6,
            },
        )
        return name

    def look(self, host: str, *, function: str | None = None, **event: Any) -> dict[str, Any]:
        """Return what a function sees of a host, per family."""
        answer = self.lab.client("lambda").invoke(
            FunctionName=function or self.function(), Payload=json.dumps({"host": host} | event)
        )
        seen: dict[str, Any] = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, seen
        return seen


def entry(
    number: int, cidr: str, *, egress: bool, action: str = "allow", **more: Any
) -> dict[str, Any]:
    """Return an ACL entry for tcp."""
    key = "Ipv6CidrBlock" if ":" in cidr else "CidrBlock"
    low, high = more.pop("ports", (0, 65535))
    return {
        "RuleNumber": number,
        "Egress": egress,
        "Protocol": "6",
        "RuleAction": action,
        "PortRange": {"From": low, "To": high},
        key: cidr,
    } | more
