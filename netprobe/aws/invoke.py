"""Running a probe function and reading its result, and Lambda's reasons for not running it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from netprobe.aws.session import AWS_ERRORS, AwsSession, as_netprobe_error, error_code
from netprobe.deploy.plan import PlannedFunction
from netprobe.errors import NetprobeError
from probe_lambda.wire import ProbeRequest, ProbeResult, WireError, result_from_json, to_json

REASONS = {
    "EniLimitExceeded": ("the VPC's quota of network interfaces is used up", "raise the quota"),
    "SubnetOutOfIPAddresses": ("the subnet has no free IPv4 address", "name another --subnet"),
    "InsufficientRolePermissions": (
        "the execution role may not create network interfaces",
        "allow it AWSLambdaVPCAccessExecutionRole",
    ),
    "InvalidSubnet": ("the subnet is gone or Lambda cannot use it", "name another --subnet"),
    "InvalidSecurityGroup": ("the security group is gone", "name another --security-group"),
    "EC2RequestLimitExceeded": ("EC2 throttled Lambda", "try again in a minute"),
    "DisallowedByVpcEncryptionControl": (
        "VPC encryption controls keep functions out of this VPC",
        "exclude Lambda from the control",
    ),
}
"""``StateReasonCode`` of a failed function in words a user acts on, and the next step."""

_INVOKE_REASONS = {
    "ENILimitReachedException": "EniLimitExceeded",
    "SubnetIPAddressLimitReachedException": "SubnetOutOfIPAddresses",
    "InvalidSubnetIDException": "InvalidSubnet",
    "InvalidSecurityGroupIDException": "InvalidSecurityGroup",
    "EC2AccessDeniedException": "InsufficientRolePermissions",
    "EC2ThrottledException": "EC2RequestLimitExceeded",
}
"""The same reasons as Invoke's own errors.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""


@dataclass(frozen=True, slots=True)
class Deployed:
    """Probe functions that stand in the account."""

    session: AwsSession

    def invoke(self, function: PlannedFunction, request: ProbeRequest) -> ProbeResult:
        """Run one probe; raises NetprobeError when the function itself failed."""
        client = self.session.invoking_client(function.timeout_seconds)
        try:
            answer = client.invoke(FunctionName=function.name, Payload=to_json(request).encode())
            payload = answer["Payload"].read()
        except AWS_ERRORS as error:
            raise self._explained(error, function.source.subnet_id) from error
        if answer.get("FunctionError"):
            raise NetprobeError("probe-failed", "the probe failed", why=_error_text(payload))
        try:
            return result_from_json(payload)
        except WireError as error:
            raise NetprobeError(
                "probe-unreadable", "the probe answered something unreadable", why=str(error)
            ) from error

    def _explained(self, error: BaseException, subnet_id: str) -> NetprobeError:
        reason = REASONS.get(_INVOKE_REASONS.get(error_code(error) or "", ""))
        if reason is None:
            return as_netprobe_error(error, "lambda:InvokeFunction", self.session.region)
        why, hint = reason
        what = f"Lambda could not run the probe in {subnet_id}"
        return NetprobeError("probe-not-attached", what, why=why, hint=hint)


def _error_text(payload: bytes) -> str:
    try:
        document = json.loads(payload)
    except ValueError:
        return payload[:200].decode(errors="replace")
    return str(document.get("errorMessage", document))[:200]
