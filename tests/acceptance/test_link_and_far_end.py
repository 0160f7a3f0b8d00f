"""Who answers beside the interface, and what the farthest end says of us."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.test_names import Ground
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

CLOCK = "ntp://169.254.169.123"


def path_of(report: dict[str, Any], target: str, family: str) -> dict[str, Any]:
    (found,) = (
        item for item in report["paths"] if (item["target"], item["family"]) == (target, family)
    )
    return dict(found)


def test_far_end_tells_the_nat_gateways_address(lab: RunningLab) -> None:
    """What an allow-list at the far end has to hold, and whose address it is."""
    ground = Ground(lab)
    (gateway,) = lab.client("ec2").describe_nat_gateways()["NatGateways"]
    public = gateway["NatGatewayAddresses"][0]["PublicIp"]
    where = ("--vpc", ground.vpc_id, "--subnet", ground.subnet_id, "--timeout", "1")

    report = lab.report(*where, "--target", "https://checkip.amazonaws.com/")
    told = lab.netprobe("check", *where, "--target", "https://checkip.amazonaws.com/").stdout

    assert report["verdict"] == "healthy"
    assert f"the far end saw {public}, the address of {gateway['NatGatewayId']}" in " ".join(
        told.split()
    )


def test_clock_answers_where_no_group_lets_anything_out(lab: RunningLab) -> None:
    """Neither groups nor network ACLs nor routes apply to 169.254.169.123."""
    ground = Ground(lab)
    ec2 = lab.client("ec2")
    made = ec2.create_security_group(GroupName="shut", Description="x", VpcId=ground.vpc_id)
    (group,) = ec2.describe_security_groups(GroupIds=[made["GroupId"]])["SecurityGroups"]
    ec2.revoke_security_group_egress(
        GroupId=made["GroupId"], IpPermissions=group["IpPermissionsEgress"]
    )

    report = lab.report(
        *("--vpc", ground.vpc_id, "--subnet", ground.subnet_id, "--timeout", "1"),
        *("--security-group", made["GroupId"], "--target", CLOCK),
        *("--target", "https://checkip.amazonaws.com/"),
    )
    clock, beyond = (target["id"] for target in report["targets"])

    assert path_of(report, clock, "ipv4")["observation"]["outcome"] == "reachable"
    assert path_of(report, beyond, "ipv4")["observation"]["outcome"] == "timeout"
