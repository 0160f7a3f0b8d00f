"""Lambda: VpcConfig, the interfaces functions share, Invoke, states and quotas."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from netprobe.lab.control.functions import FunctionAnswer
from tests.contract.lab.corrected import Cloud, error_of, package


def config(subnets: list[str], group: str, **more: Any) -> dict[str, Any]:
    return {"SubnetIds": subnets, "SecurityGroupIds": [group]} | more


def lambda_interfaces(cloud: Cloud, vpc: str) -> list[dict[str, Any]]:
    return [item for item in cloud.interfaces(vpc) if item["InterfaceType"] == "lambda"]


def test_function_names_the_vpc_of_its_subnets(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    wanted = config([cloud.subnet(vpc)], cloud.group(vpc))
    made = cloud.function("fn", cloud.role(), wanted)

    assert made["VpcConfig"] == wanted | {"VpcId": vpc, "Ipv6AllowedForDualStack": False}


def test_function_has_one_interface_for_each_subnet(cloud: Cloud) -> None:
    vpc, subnet = cloud.dual_stack()
    group = cloud.group(vpc)
    cloud.function("fn", cloud.role(), config([subnet], group, Ipv6AllowedForDualStack=True))

    (interface,) = lambda_interfaces(cloud, vpc)
    assert interface["Description"].startswith("AWS Lambda VPC ENI-fn-")
    assert interface["SubnetId"] == subnet
    assert interface["PrivateIpAddress"] == "10.0.1.4"
    assert len(interface["Ipv6Addresses"]) == 1
    assert interface["Status"] == "in-use"
    assert interface["RequesterManaged"] is True
    assert [item["GroupId"] for item in interface["Groups"]] == [group]
    assert "Association" not in interface


def test_functions_with_the_same_subnets_and_groups_share_interfaces(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    wanted = config([cloud.subnet(vpc)], cloud.group(vpc))
    role = cloud.role()
    cloud.function("first", role, wanted)
    cloud.function("second", role, wanted)
    functions = cloud.client("lambda")

    assert len(lambda_interfaces(cloud, vpc)) == 1
    functions.delete_function(FunctionName="first")
    (interface,) = lambda_interfaces(cloud, vpc)
    assert interface["Description"].startswith("AWS Lambda VPC ENI-first-")
    functions.delete_function(FunctionName="second")
    assert lambda_interfaces(cloud, vpc) == []


def test_interfaces_follow_a_changed_vpc_config(cloud: Cloud) -> None:
    vpc, subnet = cloud.dual_stack()
    group = cloud.group(vpc)
    cloud.function("fn", cloud.role(), config([subnet], group))
    functions = cloud.client("lambda")
    assert lambda_interfaces(cloud, vpc)[0]["Ipv6Addresses"] == []

    allowed = config([subnet], group, Ipv6AllowedForDualStack=True)
    functions.update_function_configuration(FunctionName="fn", VpcConfig=allowed)
    assert len(lambda_interfaces(cloud, vpc)[0]["Ipv6Addresses"]) == 1
    detached = {"SubnetIds": [], "SecurityGroupIds": []}
    answer = functions.update_function_configuration(FunctionName="fn", VpcConfig=detached)
    assert answer["VpcConfig"]["VpcId"] == ""
    assert lambda_interfaces(cloud, vpc) == []


def test_groups_and_subnets_of_a_function_cannot_be_deleted(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    subnet, group = cloud.subnet(vpc), cloud.group(vpc)
    cloud.function("fn", cloud.role(), config([subnet], group))

    assert error_of(cloud.ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    assert error_of(cloud.ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    cloud.client("lambda").delete_function(FunctionName="fn")
    cloud.ec2.delete_security_group(GroupId=group)
    cloud.ec2.delete_subnet(SubnetId=subnet)


def unusable(cloud: Cloud) -> list[dict[str, Any]]:
    vpc, other = cloud.vpc(), cloud.vpc("10.1.0.0/16")
    subnet, group = cloud.subnet(vpc), cloud.group(vpc)
    far_subnet, far_group = cloud.subnet(other, "10.1.1.0/24"), cloud.group(other)
    return [
        config(["subnet-0123456789abcdef0"], group),
        config([subnet], "sg-0123456789abcdef0"),
        config([subnet], group, Ipv6AllowedForDualStack=True),
        config([subnet, far_subnet], group),
        config([subnet], far_group),
        {"SubnetIds": [subnet], "SecurityGroupIds": []},
    ]


def test_unusable_vpc_config_is_refused_before_anything_is_kept(cloud: Cloud) -> None:
    role = cloud.role()
    functions = cloud.client("lambda")
    for wanted in unusable(cloud):
        code = error_of(cloud.function, name="fn", role=role, vpc_config=wanted)
        assert code == "InvalidParameterValueException"
    assert functions.list_functions()["Functions"] == []


def test_unusable_update_leaves_the_function_as_it_was(cloud: Cloud) -> None:
    vpc = cloud.vpc("10.2.0.0/16")
    kept = config([cloud.subnet(vpc, "10.2.1.0/24")], cloud.group(vpc))
    cloud.function("fn", cloud.role(), kept)
    functions = cloud.client("lambda")
    for wanted in unusable(cloud):
        code = error_of(
            functions.update_function_configuration, FunctionName="fn", VpcConfig=wanted
        )
        assert code == "InvalidParameterValueException"
    found = functions.get_function_configuration(FunctionName="fn")["VpcConfig"]
    assert found["SubnetIds"] == kept["SubnetIds"]


def test_invocation_carries_all_that_running_it_needs(cloud: Cloud) -> None:
    vpc, subnet = cloud.dual_stack()
    group = cloud.group(vpc)
    made = cloud.function(
        "fn",
        cloud.role(),
        config([subnet], group, Ipv6AllowedForDualStack=True),
        Environment={"Variables": {"TARGET": "example"}},
        Timeout=7,
        MemorySize=256,
        Architectures=["arm64"],
    )
    answer = cloud.client("lambda").invoke(FunctionName="fn", Payload=b'{"a": 1}')

    (call,) = cloud.calls
    assert answer["Payload"].read() == b'"done"'
    assert "FunctionError" not in answer
    assert (call.function_name, call.function_arn) == ("fn", made["FunctionArn"])
    assert (call.vpc_id, call.subnet_ids, call.security_group_ids) == (vpc, (subnet,), (group,))
    assert call.ipv6_allowed is True
    held = tuple(item["NetworkInterfaceId"] for item in lambda_interfaces(cloud, vpc))
    assert call.network_interface_ids == held
    assert call.code[:2] == package()[:2]
    assert (call.handler, call.environment) == ("index.handle", {"TARGET": "example"})
    assert (call.timeout_seconds, call.memory_mb) == (7, 256)
    assert json.loads(call.payload) == {"a": 1}


def test_function_outside_any_vpc_is_called_without_a_network(cloud: Cloud) -> None:
    cloud.client("lambda").create_function(
        FunctionName="fn",
        Runtime="python3.13",
        Handler="index.handle",
        Role=cloud.role(),
        Code={"ZipFile": package()},
    )
    cloud.client("lambda").invoke(FunctionName="fn")

    (call,) = cloud.calls
    assert (call.vpc_id, call.subnet_ids, call.network_interface_ids) == (None, (), ())
    assert call.payload == "{}"


def test_failed_function_is_unhandled(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    cloud.function("fn", cloud.role(), config([cloud.subnet(vpc)], cloud.group(vpc)))
    cloud.answer = FunctionAnswer(payload='{"errorType": "X"}', error=True, logs="one\ntwo")
    answer = cloud.client("lambda").invoke(FunctionName="fn", LogType="Tail")

    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read()) == {"errorType": "X"}
    assert base64.b64decode(answer["LogResult"]) == b"one\ntwo"


@pytest.mark.parametrize(
    ("kind", "status", "calls"),
    [("DryRun", 204, 0), ("Event", 202, 1), ("RequestResponse", 200, 1)],
)
def test_kinds_of_invocation(cloud: Cloud, kind: str, status: int, calls: int) -> None:
    vpc = cloud.vpc()
    cloud.function("fn", cloud.role(), config([cloud.subnet(vpc)], cloud.group(vpc)))
    answer = cloud.client("lambda").invoke(FunctionName="fn", InvocationType=kind)

    assert answer["StatusCode"] == status
    assert len(cloud.calls) == calls
    assert answer["Payload"].read() == (b'"done"' if kind == "RequestResponse" else b"")


def test_payload_that_is_no_json_is_refused(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    cloud.function("fn", cloud.role(), config([cloud.subnet(vpc)], cloud.group(vpc)))
    code = error_of(cloud.client("lambda").invoke, FunctionName="fn", Payload=b"{oops")

    assert code == "InvalidRequestContentException"
    assert cloud.calls == []


LOGS = "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"


@pytest.mark.parametrize(
    ("actions", "written"), [((), False), (("ec2:*",), False), (LOGS, True), (("logs:*",), True)]
)
def test_log_group_appears_only_where_the_role_allows_it(
    cloud: Cloud,
    actions: tuple[str, ...],
    written: bool,  # noqa: FBT001 # a parameter
) -> None:
    vpc = cloud.vpc()
    role = cloud.role()
    if actions:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        cloud.client("iam").put_role_policy(RoleName="fn", PolicyName="p", PolicyDocument=document)
    cloud.answer = FunctionAnswer(payload="1", error=False, logs="a line")
    cloud.function("fn", role, config([cloud.subnet(vpc)], cloud.group(vpc)))
    cloud.client("lambda").invoke(FunctionName="fn")

    found = cloud.client("logs").describe_log_groups()["logGroups"]
    assert [item["logGroupName"] for item in found] == ["/aws/lambda/fn"] * written


def test_creation_says_pending_and_every_read_says_active(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    made = cloud.function("fn", cloud.role(), config([cloud.subnet(vpc)], cloud.group(vpc)))
    functions = cloud.client("lambda")
    functions.get_waiter("function_active_v2").wait(
        FunctionName="fn", WaiterConfig={"Delay": 0, "MaxAttempts": 1}
    )
    functions.get_waiter("function_updated_v2").wait(
        FunctionName="fn", WaiterConfig={"Delay": 0, "MaxAttempts": 1}
    )
    found = functions.get_function(FunctionName="fn")["Configuration"]

    assert (made["State"], made["StateReasonCode"]) == ("Pending", "Creating")
    assert (found["State"], found["LastUpdateStatus"]) == ("Active", "Successful")
    assert "StateReasonCode" not in found
    assert found["LoggingConfig"]["LogGroup"] == "/aws/lambda/fn"


def states(cloud: Cloud, **document: Any) -> None:
    cloud.post("/netprobe-lab/functions", document)


@pytest.fixture
def slow(cloud: Cloud) -> Iterator[Cloud]:
    """Lambda as it takes its time, for as long as a test likes."""
    states(cloud, seconds=600)
    yield cloud
    states(cloud, seconds=0)


def attached(cloud: Cloud) -> str:
    """Return the VPC of a function ``fn``."""
    vpc = cloud.vpc()
    cloud.function("fn", cloud.role(), config([cloud.subnet(vpc)], cloud.group(vpc)))
    return vpc


def test_function_that_is_being_made_refuses_everything(slow: Cloud) -> None:
    """Until it is Active, however long that takes."""
    attached(slow)
    functions = slow.client("lambda")

    found = functions.get_function_configuration(FunctionName="fn")
    assert (found["State"], found["StateReasonCode"]) == ("Pending", "Creating")
    update = {"FunctionName": "fn", "Timeout": 9}
    assert error_of(functions.invoke, FunctionName="fn") == "ResourceConflictException"
    assert error_of(functions.update_function_configuration, **update) == (
        "ResourceConflictException"
    )
    states(slow, seconds=0.01)
    states(slow, function="fn", state="Pending")
    functions.get_waiter("function_active_v2").wait(
        FunctionName="fn", WaiterConfig={"Delay": 1, "MaxAttempts": 3}
    )
    functions.invoke(FunctionName="fn")


def test_function_that_is_being_updated_serves_as_before(cloud: Cloud) -> None:
    """One update at a time; the answer to the first already says so."""
    attached(cloud)
    functions = cloud.client("lambda")
    update = {"FunctionName": "fn", "Timeout": 9}
    assert functions.update_function_configuration(**update)["LastUpdateStatus"] == "InProgress"
    states(cloud, seconds=600)
    functions.update_function_configuration(**update)
    found = functions.get_function_configuration(FunctionName="fn")
    states(cloud, seconds=0)

    assert (found["State"], found["LastUpdateStatus"]) == ("Active", "InProgress")
    functions.invoke(FunctionName="fn")
    assert error_of(functions.update_function_configuration, **update) == (
        "ResourceConflictException"
    )
    code = {"FunctionName": "fn", "ZipFile": package()}
    assert error_of(functions.update_function_code, **code) == "ResourceConflictException"


def test_new_code_is_an_update_too(cloud: Cloud) -> None:
    attached(cloud)
    functions = cloud.client("lambda")
    answer = functions.update_function_code(FunctionName="fn", ZipFile=package())

    assert answer["LastUpdateStatus"] == "InProgress"
    found = functions.get_function_configuration(FunctionName="fn")
    assert found["LastUpdateStatus"] == "Successful"


def test_inactive_function_has_no_interface_and_wakes_up_when_it_is_invoked(cloud: Cloud) -> None:
    """The invocation that wakes it fails, the next one does not."""
    vpc = attached(cloud)
    functions = cloud.client("lambda")
    states(cloud, function="fn", state="Inactive")
    found = functions.get_function_configuration(FunctionName="fn")

    assert (found["State"], found["StateReasonCode"]) == ("Inactive", "Idle")
    assert lambda_interfaces(cloud, vpc) == []
    assert error_of(functions.invoke, FunctionName="fn") == "ResourceNotReadyException"
    assert len(lambda_interfaces(cloud, vpc)) == 1
    functions.invoke(FunctionName="fn")
    assert len(cloud.calls) == 1


def test_revision_changes_with_the_function(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    cloud.function("fn", cloud.role(), config([cloud.subnet(vpc)], cloud.group(vpc)))
    functions = cloud.client("lambda")
    before = functions.get_function_configuration(FunctionName="fn")["RevisionId"]
    same = functions.get_function_configuration(FunctionName="fn")["RevisionId"]
    functions.update_function_configuration(FunctionName="fn", Timeout=9)

    assert same == before
    assert functions.get_function_configuration(FunctionName="fn")["RevisionId"] != before


def test_account_settings_are_told(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    cloud.function("fn", cloud.role(), config([cloud.subnet(vpc)], cloud.group(vpc)))
    found = cloud.client("lambda").get_account_settings()

    assert found["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert found["AccountUsage"]["FunctionCount"] == 1


def test_functions_made_at_once_get_addresses_of_their_own(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    subnet, role = cloud.subnet(vpc), cloud.role()
    groups = [cloud.group(vpc, f"g{number}") for number in range(8)]
    cloud.client("lambda")

    with ThreadPoolExecutor(8) as pool:
        made = [
            pool.submit(cloud.function, f"fn-{group}", role, config([subnet], group))
            for group in groups
        ]
        for one in made:
            one.result()

    found = lambda_interfaces(cloud, vpc)
    assert len({item["PrivateIpAddress"] for item in found}) == len(found) == 8


def test_list_leaves_the_state_out(cloud: Cloud) -> None:
    """Only the calls about one function tell it."""
    attached(cloud)
    (listed,) = cloud.client("lambda").list_functions()["Functions"]

    assert listed["FunctionName"] == "fn"
    assert not {key for key in listed if key.startswith(("State", "LastUpdateStatus"))}


def test_function_that_cannot_be_woken_stays_inactive_and_says_why(cloud: Cloud) -> None:
    """Its role was denied the making of interfaces while Lambda had taken them back."""
    vpc = attached(cloud)
    states(cloud, function="fn", state="Inactive")
    statement = {"Effect": "Deny", "Action": "ec2:CreateNetworkInterface", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    cloud.client("iam").put_role_policy(RoleName="fn", PolicyName="p", PolicyDocument=document)
    functions = cloud.client("lambda")

    assert error_of(functions.invoke, FunctionName="fn") == "ResourceNotReadyException"
    found = functions.get_function_configuration(FunctionName="fn")
    assert (found["State"], found["StateReasonCode"]) == (
        "Inactive",
        "InsufficientRolePermissions",
    )
    assert "CreateNetworkInterface" in found["StateReason"]
    assert lambda_interfaces(cloud, vpc) == []
    cloud.client("iam").delete_role_policy(RoleName="fn", PolicyName="p")
    assert error_of(functions.invoke, FunctionName="fn") == "ResourceNotReadyException"
    functions.invoke(FunctionName="fn")
    assert len(cloud.calls) == 1


def test_function_in_a_full_subnet_fails(cloud: Cloud) -> None:
    """No address is left for its interface, and none of another function can be shared."""
    vpc = cloud.vpc()
    subnet = cloud.subnet(vpc, "10.0.1.0/28")
    for _ in range(11):
        cloud.ec2.create_network_interface(SubnetId=subnet)
    cloud.function("fn", cloud.role(), config([subnet], cloud.group(vpc)))
    functions = cloud.client("lambda")
    found = functions.get_function_configuration(FunctionName="fn")

    assert (found["State"], found["StateReasonCode"]) == ("Failed", "SubnetOutOfIPAddresses")
    assert error_of(functions.invoke, FunctionName="fn") == "ResourceConflictException"


def test_state_for_a_reason_of_ones_own(cloud: Cloud) -> None:
    """What only AWS's own limits bring about."""
    attached(cloud)
    states(cloud, function="fn", state="Failed", reason="EC2RequestLimitExceeded")
    found = cloud.client("lambda").get_function_configuration(FunctionName="fn")

    assert (found["State"], found["StateReasonCode"]) == ("Failed", "EC2RequestLimitExceeded")
    states(cloud, function="fn", state="Failed")
    found = cloud.client("lambda").get_function_configuration(FunctionName="fn")
    assert found["StateReasonCode"] == "EniLimitExceeded"
