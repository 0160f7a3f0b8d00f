"""What taking a deployment away relies on: tags, paths, and IAM's own order."""

from __future__ import annotations

import json

from tests.contract.lab.corrected import Cloud, error_of

TAGS = {"netprobe:run": "r1"}


def test_role_is_found_by_path_and_tag(cloud: Cloud) -> None:
    cloud.role("elsewhere")
    cloud.role("probe", Path="/netprobe/", Tags=[{"Key": k, "Value": v} for k, v in TAGS.items()])
    iam = cloud.client("iam")

    roles = iam.list_roles(PathPrefix="/netprobe/")["Roles"]
    assert [item["RoleName"] for item in roles] == ["probe"]
    tags = iam.list_role_tags(RoleName="probe")["Tags"]
    assert {item["Key"]: item["Value"] for item in tags} == TAGS


def test_role_with_a_policy_cannot_be_deleted(cloud: Cloud) -> None:
    cloud.role("probe")
    iam = cloud.client("iam")
    statement = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName="probe", PolicyName="p", PolicyDocument=document)

    assert error_of(iam.delete_role, RoleName="probe") == "DeleteConflict"
    iam.delete_role_policy(RoleName="probe", PolicyName="p")
    iam.delete_role(RoleName="probe")


def test_functions_and_groups_are_found_by_tag(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    group = cloud.group(vpc)
    cloud.ec2.create_tags(
        Resources=[group], Tags=[{"Key": k, "Value": v} for k, v in TAGS.items()]
    )
    wanted = {"SubnetIds": [cloud.subnet(vpc)], "SecurityGroupIds": [group]}
    arn = cloud.function("fn", cloud.role(), wanted, Tags=TAGS)["FunctionArn"]

    tagging = cloud.client("resourcegroupstaggingapi")
    found = tagging.get_resources(TagFilters=[{"Key": "netprobe:run", "Values": ["r1"]}])
    arns = {item["ResourceARN"] for item in found["ResourceTagMappingList"]}
    assert arn in arns
    assert any(item.endswith(f"security-group/{group}") for item in arns)
    assert cloud.client("lambda").list_tags(Resource=arn)["Tags"] == TAGS
    filters = [{"Name": "tag:netprobe:run", "Values": ["r1"]}]
    groups = cloud.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    assert [item["GroupId"] for item in groups] == [group]


def test_role_that_does_not_exist_is_refused(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    wanted = {"SubnetIds": [cloud.subnet(vpc)], "SecurityGroupIds": [cloud.group(vpc)]}
    code = error_of(
        cloud.function,
        name="fn",
        role="arn:aws:iam::123456789012:role/nobody",
        vpc_config=wanted,
    )

    assert code == "InvalidParameterValueException"
    assert cloud.interfaces(vpc) == []


def test_correcting_again_changes_only_where_invocations_go(cloud: Cloud) -> None:
    """A second correction does not correct the corrections."""
    from netprobe.lab.control.apply import PATCHES, apply_corrections  # noqa: PLC0415 # under test

    before = [getattr(patch.owner, patch.name) for patch in PATCHES]
    apply_corrections(cloud.invoke)

    assert [getattr(patch.owner, patch.name) for patch in PATCHES] == before
