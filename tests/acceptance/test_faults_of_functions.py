"""Functions that Lambda keeps from working, in the lab: the live check names the reason."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest

from tests.conftest import RunningLab
from tests.lab.ground import Ground

pytestmark = pytest.mark.lab

TARGET = ("--target", "tcp://10.7.1.200:5432", "--no-probe")
FORBIDDEN = {"Effect": "Deny", "Action": "ec2:CreateNetworkInterface", "Resource": "*"}


def post(lab: RunningLab, path: str, **document: Any) -> None:
    """Make a lab-only request."""
    request = urllib.request.Request(  # noqa: S310 # loopback
        lab.endpoint_url + path, data=json.dumps(document).encode(), method="POST"
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310 # loopback
        pass


def states(lab: RunningLab, **document: Any) -> None:
    """Ask the lab for states that only time or AWS's own limits bring about."""
    post(lab, "/netprobe-lab/functions", **document)


def said(report: dict[str, Any], name: str) -> list[str]:
    """Return the evidence of one finding, empty where it is not there."""
    return [
        fact["says"]
        for finding in report["findings"]
        if finding["name"] == name
        for fact in finding["evidence"]
    ]


@pytest.mark.parametrize(
    ("state", "reason", "name"),
    [
        ("Failed", "EniLimitExceeded", "eni-limit"),
        ("Failed", "DisallowedByVpcEncryptionControl", "vpc-encryption-control"),
        ("Failed", "InsufficientRolePermissions", "role-lacks-eni-permissions"),
        ("Inactive", "Idle", "function-pending-or-inactive"),
    ],
)
def test_state_of_the_function_is_read_live(
    lab: RunningLab, state: str, reason: str, name: str
) -> None:
    """By the function's name, and as one of the functions of its VPC."""
    ground = Ground(lab)
    function = ground.function()
    before = lab.report("--function", function, *TARGET)
    states(lab, function=function, state=state, reason=reason)

    assert said(before, name) == []
    for what in (("--function", function), ("--vpc", ground.vpc)):
        (fact,) = said(lab.report(*what, *TARGET), name)
        assert state in fact
        assert reason in fact


def test_function_that_is_being_made_is_pending(lab: RunningLab) -> None:
    """Its creation takes its time, as on AWS."""
    states(lab, seconds=600)
    function = Ground(lab).function()

    (fact,) = said(lab.report("--function", function, *TARGET), "function-pending-or-inactive")
    assert "is in state Pending, reason Creating" in fact


def test_function_that_lost_its_permissions_while_it_slept(lab: RunningLab) -> None:
    """Lambda could not make its interface again, and the packets of a probe are another matter."""
    ground = Ground(lab)
    ground.open_both_ways_out()
    function = ground.function()
    states(lab, function=function, state="Inactive")
    document = json.dumps({"Version": "2012-10-17", "Statement": [FORBIDDEN]})
    lab.client("iam").put_role_policy(RoleName=function, PolicyName="p", PolicyDocument=document)
    with pytest.raises(Exception, match="ResourceNotReady"):
        lab.client("lambda").invoke(FunctionName=function)
    report = lab.report("--function", function, "--target", "service:sts", "--timeout", "2")

    (fact,) = said(report, "role-lacks-eni-permissions")
    assert "state Inactive, reason InsufficientRolePermissions" in fact
    assert "CreateNetworkInterface" in fact
    assert {
        item["observation"]["outcome"] for item in report["paths"] if item["family"] == "ipv4"
    } <= {"http-error", "reachable"}


def test_function_in_a_full_subnet_says_so(lab: RunningLab) -> None:
    """Its state names the reason, beside the subnet's own count."""
    ground = Ground(lab)
    subnet = ground.ec2.create_subnet(VpcId=ground.vpc, CidrBlock="10.7.77.0/28")
    subnet_id = subnet["Subnet"]["SubnetId"]
    for _ in range(11):
        ground.ec2.create_network_interface(SubnetId=subnet_id)
    function = ground.function(ipv6=False, subnets=(subnet_id,))

    facts = said(lab.report("--function", function, *TARGET), "subnet-ip-exhausted")
    assert any("state Failed, reason SubnetOutOfIPAddresses" in fact for fact in facts), facts


def test_refused_read_of_states_is_told_with_the_action_to_allow(lab: RunningLab) -> None:
    """Nothing is said of the state then, least of all that it is fine."""
    ground = Ground(lab)
    function = ground.function()
    states(lab, function=function, state="Failed")
    post(lab, "/netprobe-lab/deny", actions=["lambda:GetFunctionConfiguration"])
    report = lab.report("--vpc", ground.vpc, *TARGET)

    assert said(report, "eni-limit") == []
    assert "lambda:GetFunctionConfiguration" in [gap["iam_action"] for gap in report["gaps"]]
