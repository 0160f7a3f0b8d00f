"""The corrected control plane on loopback, and the few things every test of it builds."""

from __future__ import annotations

import io
import json
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from netprobe.lab.control.apply import apply_corrections
from netprobe.lab.control.denials import Denials
from netprobe.lab.control.functions import FunctionAnswer, FunctionCall

REGION = "us-east-1"
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


DONE = FunctionAnswer(payload='"done"', error=False, logs="")


class Silent(WSGIRequestHandler):
    def log(self, *_arguments: Any) -> None:
        """Keep requests out of the tests' output."""


@dataclass
class Cloud:
    """An account of one test's own."""

    endpoint_url: str = ""
    calls: list[FunctionCall] = field(default_factory=list)
    answer: FunctionAnswer = DONE
    clients: dict[str, Any] = field(default_factory=dict)

    def invoke(self, call: FunctionCall) -> FunctionAnswer:
        self.calls.append(call)
        return self.answer

    def client(self, service: str) -> Any:
        if service not in self.clients:
            self.clients[service] = self._open(service)
        return self.clients[service]

    def _open(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 # the server asks for none
            config=Config(retries={"total_max_attempts": 1}),
        )

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    def post(self, path: str, document: dict[str, Any]) -> None:
        request = urllib.request.Request(  # noqa: S310 # loopback
            self.endpoint_url + path, data=json.dumps(document).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310 # loopback
            pass

    def vpc(self, cidr: str = "10.0.0.0/16", **more: Any) -> str:
        vpc_id = self.ec2.create_vpc(CidrBlock=cidr, **more)["Vpc"]["VpcId"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            self.ec2.modify_vpc_attribute(VpcId=vpc_id, **{name: {"Value": True}})
        return str(vpc_id)

    def subnet(self, vpc: str, cidr: str = "10.0.1.0/24", zone: str = "a", **more: Any) -> str:
        made = self.ec2.create_subnet(
            VpcId=vpc, CidrBlock=cidr, AvailabilityZone=f"{REGION}{zone}", **more
        )
        return str(made["Subnet"]["SubnetId"])

    def dual_stack(self) -> tuple[str, str]:
        """Return a VPC and a subnet, both with blocks of both families."""
        vpc = self.vpc(AmazonProvidedIpv6CidrBlock=True)
        block = self.ipv6_blocks(vpc)[0].replace("::/56", "::/64")
        return vpc, self.subnet(vpc, Ipv6CidrBlock=block)

    def ipv6_blocks(self, vpc: str) -> list[str]:
        found = self.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]
        return [i["Ipv6CidrBlock"] for i in found.get("Ipv6CidrBlockAssociationSet", ())]

    def group(self, vpc: str, name: str = "fn") -> str:
        made = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)
        return str(made["GroupId"])

    def default_group(self, vpc: str) -> dict[str, Any]:
        found = self.ec2.describe_security_groups(
            Filters=[
                {"Name": "vpc-id", "Values": [vpc]},
                {"Name": "group-name", "Values": ["default"]},
            ]
        )
        return dict(found["SecurityGroups"][0])

    def interfaces(self, vpc: str) -> list[dict[str, Any]]:
        filters = [{"Name": "vpc-id", "Values": [vpc]}]
        found = self.ec2.describe_network_interfaces(Filters=filters)
        return list(found["NetworkInterfaces"])

    def routes(self, table: str) -> dict[str, dict[str, Any]]:
        """Return a table's routes by destination."""
        found = self.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
        kinds = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
        return {next(r[k] for k in kinds if k in r): r for r in found["Routes"]}

    def table(self, vpc: str) -> str:
        return str(self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])

    def role(self, name: str = "fn", **more: Any) -> str:
        made = self.client("iam").create_role(
            RoleName=name, AssumeRolePolicyDocument=TRUST, **more
        )
        return str(made["Role"]["Arn"])

    def function(self, name: str, role: str, vpc_config: dict[str, Any], **more: Any) -> Any:
        settings = {"Runtime": "python3.13", "Handler": "index.handle", "Role": role} | more
        return self.client("lambda").create_function(
            FunctionName=name, Code={"ZipFile": package()}, VpcConfig=vpc_config, **settings
        )


def package() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", "def handle(event, context):\n    return event\n")
    return buffer.getvalue()


def error_of(call: Any, **arguments: Any) -> str:
    """Return the error code of a call that must fail."""
    try:
        call(**arguments)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    raise AssertionError(f"{call} was answered")


@contextmanager
def serve() -> Iterator[Cloud]:
    """Serve the corrected control plane on a free port of loopback."""
    cloud = Cloud()
    apply_corrections(cloud.invoke)
    application = Denials(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Silent)
    cloud.endpoint_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    try:
        yield cloud
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
