"""VPC Block Public Access: its options and exclusions, which moto lacks. The default is off.

See "Block public access to VPCs and subnets" in the Amazon VPC user guide.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError

from netprobe.lab.control import internals

Json = dict[str, Any]


def _options(backend: Any) -> Json:
    if backend.public_access_options is None:
        backend.public_access_options = {
            "AwsAccountId": backend.account_id,
            "AwsRegion": backend.region_name,
            "State": "default-state",
            "InternetGatewayBlockMode": "off",
            "ManagedBy": "account",
            "ExclusionsAllowed": "allowed",
        }
    found: Json = backend.public_access_options
    return found


def _exclusions(backend: Any) -> dict[str, Json]:
    if backend.public_access_exclusions is None:
        backend.public_access_exclusions = {}
    found: dict[str, Json] = backend.public_access_exclusions
    return found


def states(resource: Any) -> Json:
    """Return the mode in force, as a VPC or subnet tells it."""
    mode = _options(resource.ec2_backend)["InternetGatewayBlockMode"]
    return {"InternetGatewayBlockMode": mode}


def describe_options(response: Any) -> Any:
    """Answer DescribeVpcBlockPublicAccessOptions."""
    return ActionResult({"VpcBlockPublicAccessOptions": _options(response.ec2_backend)})


def modify_options(response: Any) -> Any:
    """Answer ModifyVpcBlockPublicAccessOptions; the change is complete at once."""
    options = _options(response.ec2_backend)
    options["InternetGatewayBlockMode"] = internals.parameter(response, "InternetGatewayBlockMode")
    options["State"] = "update-complete"
    options["LastUpdateTimestamp"] = datetime.now(UTC)  # noqa: TID251 # the answer is stamped
    return ActionResult({"VpcBlockPublicAccessOptions": options})


def create_exclusion(response: Any) -> Any:
    """Answer CreateVpcBlockPublicAccessExclusion for a VPC or a subnet."""
    backend = response.ec2_backend
    vpc_id = internals.parameter(response, "VpcId")
    subnet_id = internals.parameter(response, "SubnetId")
    if bool(vpc_id) is bool(subnet_id):
        raise EC2ClientError(
            "InvalidParameterCombination", "Specify either a VpcId or a SubnetId."
        )
    found = backend.get_vpc(vpc_id) if vpc_id else backend.get_subnet(subnet_id)
    exclusion_id = f"vpcbpa-exclude-{uuid4().hex[:17]}"
    kind = "vpc" if vpc_id else "subnet"
    exclusion = {
        "ExclusionId": exclusion_id,
        "InternetGatewayExclusionMode": internals.parameter(
            response, "InternetGatewayExclusionMode"
        ),
        "ResourceArn": (
            f"arn:aws:ec2:{backend.region_name}:{backend.account_id}:{kind}/{found.id}"
        ),
        "State": "create-complete",
        "CreationTimestamp": datetime.now(UTC),  # noqa: TID251 # the answer is stamped
    }
    _exclusions(backend)[exclusion_id] = exclusion
    return ActionResult({"VpcBlockPublicAccessExclusion": exclusion})


def describe_exclusions(response: Any) -> Any:
    """Answer DescribeVpcBlockPublicAccessExclusions, for all or for the ids asked for."""
    wanted = internals.parameter(response, "ExclusionIds")
    found = [
        item
        for exclusion_id, item in _exclusions(response.ec2_backend).items()
        if not wanted or exclusion_id in wanted
    ]
    return ActionResult({"VpcBlockPublicAccessExclusions": found})


def modify_exclusion(response: Any) -> Any:
    """Answer ModifyVpcBlockPublicAccessExclusion."""
    exclusion = _find(response)
    mode = internals.parameter(response, "InternetGatewayExclusionMode")
    exclusion |= {"InternetGatewayExclusionMode": mode, "State": "update-complete"}
    return ActionResult({"VpcBlockPublicAccessExclusion": exclusion})


def delete_exclusion(response: Any) -> Any:
    """Answer DeleteVpcBlockPublicAccessExclusion; the exclusion is gone at once."""
    exclusion = _find(response)
    del _exclusions(response.ec2_backend)[exclusion["ExclusionId"]]
    return ActionResult(
        {"VpcBlockPublicAccessExclusion": exclusion | {"State": "delete-complete"}}
    )


def _find(response: Any) -> Json:
    wanted = internals.parameter(response, "ExclusionId")
    found = _exclusions(response.ec2_backend).get(wanted)
    if found is None:
        raise EC2ClientError(
            "InvalidVpcBlockPublicAccessExclusionId.NotFound",
            f"The exclusion '{wanted}' does not exist.",
        )
    return found
