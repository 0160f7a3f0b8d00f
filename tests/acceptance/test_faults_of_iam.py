"""What IAM decides about the call asked about, in the lab: buckets' policies and roles."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground

pytestmark = pytest.mark.lab

BUCKET = "photos-of-the-lab"
URL = f"https://{BUCKET}.s3.{REGION}.amazonaws.com/a.jpg"
QUICK = ("--timeout", "3", "--ipv4-only")


def gateway_endpoint(ground: Ground) -> str:
    """Return an S3 gateway endpoint in the function's route table."""
    made = ground.ec2.create_vpc_endpoint(
        VpcId=ground.vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[ground.table],
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def use_policy(ground: Ground, **denied_where: Any) -> None:
    """Open the bucket to everybody but where a condition holds."""
    everybody = {
        "Principal": "*",
        "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
    }
    statements = [
        everybody | {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"]},
        everybody | {"Effect": "Deny", "Action": "s3:*", "Condition": denied_where},
    ]
    ground.lab.client("s3").put_bucket_policy(
        Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements})
    )


def seen_and_said(ground: Ground, function: str) -> tuple[set[int], str, list[str]]:
    """Return the statuses that came back, the verdict, and the root causes."""
    report = ground.lab.report("--function", function, "--target", URL, *QUICK)
    statuses = {
        stage["detail"]["status"]
        for path in report["paths"]
        for stage in path["observation"]["stages"]
        if stage["stage"] == "request"
    }
    roots = [item["name"] for item in report["findings"] if item["role"] == "root-cause"]
    return statuses, report["verdict"], roots


def test_bucket_that_denies_the_way_is_named_and_letting_it_in_mends_it(lab: RunningLab) -> None:
    """The packets are refused as the configuration says, by each way, and then let in."""
    ground = Ground(lab)
    ground.open_both_ways_out()
    function = ground.function()
    lab.client("s3").create_bucket(Bucket=BUCKET)
    denied = ({403}, "application-error", ["bucket-policy-source-ip"])
    let_in = {404}

    use_policy(ground, StringNotEquals={"aws:SourceVpce": "vpce-0123"})
    assert seen_and_said(ground, function) == denied
    endpoint_id = gateway_endpoint(ground)
    assert seen_and_said(ground, function) == denied
    use_policy(ground, StringNotEquals={"aws:SourceVpce": endpoint_id})
    statuses, _, roots = seen_and_said(ground, function)
    assert (statuses, roots) == (let_in, [])
    use_policy(ground, NotIpAddress={"aws:SourceIp": "203.0.113.0/24"})
    assert seen_and_said(ground, function) == denied


def test_refused_bucket_policy_is_a_gap_and_no_claim(lab: RunningLab) -> None:
    """The action to allow is in the report."""
    ground = Ground(lab)
    function = ground.function()
    gateway_endpoint(ground)
    report = lab.report("--function", function, "--target", URL, "--no-probe")

    gaps = {gap["call"]: gap["iam_action"] for gap in report["gaps"]}
    assert gaps == {"s3:GetBucketPolicy": "s3:GetBucketPolicy"}  # there is no such bucket
    assert "bucket-policy-source-ip" not in [item["name"] for item in report["findings"]]


def grant(ground: Ground, role: str, name: str, action: str, resource: str = "*") -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    ground.lab.client("iam").put_role_policy(
        RoleName=role, PolicyName=name, PolicyDocument=document
    )


def test_role_that_may_not_push_is_named_until_it_may(lab: RunningLab) -> None:
    """Beside an open network: the unsigned probe is answered, the role's own call would not be."""
    ground = Ground(lab)
    ground.open_both_ways_out()
    function = ground.function()
    apis = lab.client("apigatewayv2")
    api_id = apis.create_api(
        Name="ws", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    apis.create_stage(ApiId=api_id, StageName="prod")
    stage = f"arn:aws:execute-api:{REGION}:123456789012:{api_id}/prod"
    question = ("--function", function, "--target", f"api:{api_id}", *QUICK)

    grant(ground, function, "interfaces", "ec2:CreateNetworkInterface")
    grant(ground, function, "push", "execute-api:ManageConnections", f"{stage}/GET/*")
    report = lab.report(*question)
    roots = [item for item in report["findings"] if item["role"] == "root-cause"]
    assert (report["verdict"], [item["name"] for item in roots]) == (
        "application-error",
        ["ws-manage-connections-iam"],
    )
    assert roots[0]["evidence"][0]["resource_id"] == function

    made = lab.client("iam").create_policy(
        PolicyName=f"push-{function}",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "execute-api:ManageConnections",
                        "Resource": f"{stage}/POST/@connections/*",
                    }
                ],
            }
        ),
    )["Policy"]["Arn"]
    lab.client("iam").attach_role_policy(RoleName=function, PolicyArn=made)
    report = lab.report(*question)
    assert (report["verdict"], report["gaps"]) == ("healthy", [])
