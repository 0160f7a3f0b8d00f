"""Names in the lab: the answer by the configuration is the one the resolver gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

INSIDE = "10.0.9.99"


class Ground:
    """A VPC with a way out for both families, DNS64, an API and a private zone."""

    def __init__(self, lab: RunningLab) -> None:
        self._ec2, self._zones = lab.client("ec2"), lab.client("route53")
        self.vpc_id = self._vpc()
        public = self._subnet("10.0.9.0/24")
        self.subnet_id = self._subnet("10.0.1.0/24", self._ipv6())
        self._ways_out(public)
        self._ec2.modify_subnet_attribute(SubnetId=self.subnet_id, EnableDns64={"Value": True})
        api = lab.client("apigatewayv2").create_api(Name="quotes", ProtocolType="HTTP")
        self.host = str(api["ApiEndpoint"]).removeprefix("https://")

    def _vpc(self) -> str:
        made = self._ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)
        vpc_id = str(made["Vpc"]["VpcId"])
        self._ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
        return vpc_id

    def _ipv6(self) -> str:
        (found,) = self._ec2.describe_vpcs(VpcIds=[self.vpc_id])["Vpcs"]
        block = found["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
        return str(block).replace("::/56", "::/64")

    def _subnet(self, cidr: str, ipv6: str | None = None) -> str:
        more = {"Ipv6CidrBlock": ipv6} if ipv6 else {}
        made = self._ec2.create_subnet(VpcId=self.vpc_id, CidrBlock=cidr, **more)
        return str(made["Subnet"]["SubnetId"])

    def _ways_out(self, public: str) -> None:
        ec2 = self._ec2
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc_id)
        self._table(public, {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway})
        allocation = ec2.allocate_address(Domain="vpc")["AllocationId"]
        made = ec2.create_nat_gateway(SubnetId=public, AllocationId=allocation)
        nat = made["NatGateway"]["NatGatewayId"]
        made = ec2.create_egress_only_internet_gateway(VpcId=self.vpc_id)
        egress_only = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
        self._table(
            self.subnet_id,
            {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": nat},
            {"DestinationIpv6CidrBlock": "64:ff9b::/96", "NatGatewayId": nat},
            {
                "DestinationIpv6CidrBlock": "::/0",
                "EgressOnlyInternetGatewayId": egress_only,
            },
        )

    def _table(self, subnet_id: str, *routes: dict[str, str]) -> None:
        made = self._ec2.create_route_table(VpcId=self.vpc_id)["RouteTable"]
        for route in routes:
            self._ec2.create_route(RouteTableId=made["RouteTableId"], **route)
        self._ec2.associate_route_table(RouteTableId=made["RouteTableId"], SubnetId=subnet_id)

    def zone(self, records: Iterable[tuple[str, str, str]]) -> None:
        made = self._zones.create_hosted_zone(
            Name="corp.example",
            CallerReference="one",
            VPC={"VPCRegion": "us-east-1", "VPCId": self.vpc_id},
            HostedZoneConfig={"PrivateZone": True},
        )
        changes = [
            {
                "Action": "CREATE",
                "ResourceRecordSet": {
                    "Name": name,
                    "Type": kind,
                    "TTL": 60,
                    "ResourceRecords": [{"Value": value}],
                },
            }
            for name, kind, value in records
        ]
        self._zones.change_resource_record_sets(
            HostedZoneId=made["HostedZone"]["Id"], ChangeBatch={"Changes": changes}
        )

    def ask_at(self, server: str) -> None:
        options = self._ec2.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name-servers", "Values": [server]}]
        )
        self._ec2.associate_dhcp_options(
            DhcpOptionsId=options["DhcpOptions"]["DhcpOptionsId"], VpcId=self.vpc_id
        )


# host: what each family's answer is by the configuration, with and without packets; the origin
# of the answer, whether there is a record, and its addresses where configuration knows them
EXPECTED: dict[str, dict[str, tuple[str, bool, list[str]]]] = {
    "six.corp.example": {
        "ipv4": ("private-zone", False, []),
        "ipv6": ("private-zone", True, ["3fff:a::10"]),
    },
    "any.below.corp.example": {
        "ipv4": ("private-zone", True, ["198.51.100.10"]),
        "ipv6": ("dns64", True, ["64:ff9b::c633:640a"]),
    },
    "nobody.corp.example": {
        "ipv4": ("private-zone", False, []),
        "ipv6": ("private-zone", False, []),
    },
}


def paths_of(report: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    hosts = {item["id"]: item["host"] for item in report["targets"]}
    return {(hosts[item["target"]], item["family"]): item for item in report["paths"]}


def test_the_configuration_answers_as_the_resolver_does(lab: RunningLab) -> None:
    """A private zone, its wildcard and its CNAME, DNS64, and names that do not exist."""
    ground = Ground(lab)
    ground.zone(
        (
            ("six.corp.example", "AAAA", "3fff:a::10"),
            ("*.below.corp.example", "A", "198.51.100.10"),
            ("api.corp.example", "CNAME", ground.host),
        )
    )
    hosts = (*EXPECTED, ground.host, "api.corp.example")
    targets = [part for host in hosts for part in ("--target", f"https://{host}/")]
    seen = paths_of(lab.report("--vpc", ground.vpc_id, "--timeout", "1.5", *targets))
    told = paths_of(lab.report("--vpc", ground.vpc_id, "--no-probe", *targets))

    assert {item["witnesses"] for item in seen.values()} == {"agree"}
    for host, families in EXPECTED.items():
        for family, expected in families.items():
            for paths in (seen, told):
                answer = paths[host, family]["trace"]["resolution"]
                assert (answer["origin"], answer["exists"], answer["addresses"]) == expected
            observed = seen[host, family]["observation"]["address"]
            assert ([observed] if observed else []) == expected[2]
    for host in (ground.host, "api.corp.example"):
        made = seen[host, "ipv6"]["trace"]
        assert made["resolution"]["origin"] == told[host, "ipv6"]["trace"]["resolution"]["origin"]
        assert seen[host, "ipv6"]["observation"]["address"].startswith("64:ff9b::")
        assert made["disposition"] == "delivered"


def test_a_resolver_that_nobody_can_reach_is_the_cause(lab: RunningLab) -> None:
    """The option set names an address of the VPC that no interface has."""
    ground = Ground(lab)
    ground.ask_at(INSIDE)
    report = lab.report(
        "--vpc", ground.vpc_id, "--timeout", "1.5", "--target", f"https://{ground.host}/"
    )

    for path in report["paths"]:
        assert path["observation"]["outcome"].startswith("dns-")
        first = path["trace"]["blockers"][0]
        assert (first["reason"], first["entry"]) == (
            "no-resolver",
            f"domain-name-servers = {INSIDE}",
        )
        assert path["witnesses"] == "agree"
