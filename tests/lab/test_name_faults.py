"""Faults of names in the lab: the packets fail that way, and the cause is named, alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.lab.ground import Ground
from tests.lab.test_names import (
    WEB,
    admit_dns,
    dhcp,
    record,
    resolver_left_as_found,
    rule,
    server,
    zone,
)

__all__ = ["resolver_left_as_found"]

pytestmark = pytest.mark.lab

SSM = f"ssm.{REGION}.amazonaws.com"


def endpoint(ground: Ground, service: str) -> None:
    """Make an interface endpoint that answers for its service's name and admits the VPC."""
    group = ground.new_group(f"endpoint-{service}")
    permission = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.7.0.0/16"}]}
    ground.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    ground.ec2.create_vpc_endpoint(
        VpcId=ground.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.{service}",
        SubnetIds=[ground.subnet],
        SecurityGroupIds=[group],
        PrivateDnsEnabled=True,
    )


def https_only(ground: Ground) -> None:
    """Let the function's group out to tcp 443 and nothing else."""
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ground.ec2.revoke_security_group_egress(GroupId=ground.group, IpPermissions=[everything])
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    anywhere = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    ground.ec2.authorize_security_group_egress(
        GroupId=ground.group, IpPermissions=[https | anywhere]
    )


def close_group(ground: Ground) -> None:
    admit_dns(ground, server(ground, "10.7.50.10"))
    dhcp(ground, "10.7.50.10")
    https_only(ground)


def switch_resolver_off(ground: Ground) -> None:
    ground.ec2.modify_vpc_attribute(VpcId=ground.vpc, EnableDnsSupport={"Value": False})


def ask_public_servers(ground: Ground) -> None:
    endpoint(ground, "ssm")
    admit_dns(ground, server(ground, "10.7.50.11"))
    dhcp(ground, "10.7.50.11")


def forward_to_nobody(ground: Ground) -> None:
    rule(ground, ".", "10.7.50.10")


def hide_in_a_zone(ground: Ground) -> None:
    record(ground, zone(ground, "example.com"), "db.example.com", "A", "10.7.1.77")


def lead_on_premises(ground: Ground) -> None:
    record(ground, zone(ground, "example.com"), WEB, "A", "10.99.0.9")


def keep_a_hubs_zone(ground: Ground) -> None:
    record(ground, zone(ground, SSM), SSM, "A", "10.99.0.70")


CASES: dict[str, tuple[Callable[[Ground], None], str, bool, str]] = {
    "sg-blocks-custom-dns": (close_group, WEB, True, "dns-timeout"),
    "vpc-dns-support-off": (switch_resolver_off, WEB, True, "dns-"),
    "dhcp-dns-unaware": (ask_public_servers, SSM, False, "timeout"),
    "resolver-rule-hijack": (forward_to_nobody, WEB, True, "dns-"),
    "private-zone-shadow": (hide_in_a_zone, WEB, True, "dns-nxdomain"),
    "private-answer-unrouted": (lead_on_premises, WEB, False, "timeout"),
    "stale-central-zone-association": (keep_a_hubs_zone, SSM, False, "timeout"),
}
"""By the fault: what is done to the VPC, the host, whether IPv4 has a way out, and what is met."""


@pytest.mark.parametrize("name", CASES)
def test_fault_of_a_name_is_met_and_named(name: str, ground: Ground) -> None:
    """The packets meet what the page says, and nothing else is called a root cause."""
    spoil, host, has_way_out, met = CASES[name]
    if has_way_out:
        ground.open_both_ways_out()
    else:  # IPv6 has its way, and the names have no AAAA record
        gateway = ground.egress_only_gateway()
        ground.route(ground.table, "::/0", EgressOnlyInternetGatewayId=gateway)
    spoil(ground)

    report = _report(ground, host)

    path = next(item for item in report["paths"] if item["family"] == "ipv4")
    assert path["observation"]["outcome"].startswith(met)
    assert report["verdict"] == "broken", report["summary"]
    roots = {item["name"] for item in report["findings"] if item["role"] == "root-cause"}
    assert roots == {name}, report["summary"]


def test_healthy_names_have_no_finding(ground: Ground) -> None:
    """Servers of one's own that forward, a zone with the record, and a narrow rule."""
    ground.open_both_ways_out()
    admit_dns(ground, server(ground, "10.7.50.10"))
    dhcp(ground, "10.7.50.10")
    own = zone(ground, "example.com")
    record(ground, own, WEB, "A", "192.0.2.80")
    record(ground, own, WEB, "AAAA", "3fff:c::80")

    report = _report(ground, WEB)

    assert report["verdict"] == "healthy", report["summary"]
    assert [item["name"] for item in report["findings"]] == []


def _report(ground: Ground, host: str) -> dict[str, Any]:
    arguments = ("--function", ground.function(), "--timeout", "1.5")
    report: dict[str, Any] = ground.lab.report(*arguments, "--target", f"https://{host}/")
    return report
