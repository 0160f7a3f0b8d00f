"""An account that answers from a table, behind real clients: every call is built and counted.

The SDK validates and serializes each request; only the wire is missing. EC2's filters by id are
carried out, because netprobe asks for some VPCs and links only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import boto3
import botocore.session
from botocore.loaders import create_loader

from netprobe.aws.operations import OPERATIONS
from netprobe.aws.session import AwsSession

Json = dict[str, Any]

ACCOUNT = "123456789012"
REGION = "us-east-1"

_KEYS = {operation.call: operation.key for operation in OPERATIONS}
_FILTERED = {
    "vpc-id": "VpcId",
    "transit-gateway-id": "TransitGatewayId",
    "transit-gateway-attachment-id": "TransitGatewayAttachmentId",
    "vpc-peering-connection-id": "VpcPeeringConnectionId",
    "vpn-gateway-id": "VpnGatewayId",
}


_MODELS = create_loader()
"""The services' models, which take longer to read than a test to run."""


class _Http:
    status_code = 200


@dataclass
class CannedAccount:
    """What each call answers, and which calls were made."""

    answers: dict[str, Any] = field(default_factory=dict)
    """``{"ec2:DescribeVpcs": [items]}``; a dict is a whole answer, an exception is raised, and a
    function returns one of these."""
    calls: list[str] = field(default_factory=list)
    requests: list[tuple[str, Json]] = field(default_factory=list)

    def session(self) -> AwsSession:
        """Return a session of this account."""
        core = botocore.session.Session()
        core.register_component("data_loader", _MODELS)
        inner = boto3.Session(
            botocore_session=core,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 # nothing is sent
        )
        inner.events.register("before-parameter-build", self._keep)
        inner.events.register("before-call", self.answer)
        return AwsSession(region=REGION, inner=inner, endpoint_url=None)

    @staticmethod
    def _keep(params: Json, context: Json, **_: Any) -> None:
        context["asked"] = dict(params)

    def answer(self, model: Any, context: Json, **_: Any) -> tuple[_Http, Json]:
        """Answer a call instead of the wire."""
        call = f"{model.service_model.service_name}:{model.name}"
        asked = context["asked"]
        self.calls.append(call)
        self.requests.append((call, asked))
        if call == "sts:GetCallerIdentity":
            return _Http(), {"Account": ACCOUNT}
        answer = self.answers.get(call, [])
        if callable(answer):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, dict):
            return _Http(), dict(answer)
        items = [item for item in answer if _passes(item, asked)]
        return _Http(), {_KEYS[call]: items}


def _passes(item: Json, asked: Json) -> bool:
    for wanted in asked.get("Filters") or asked.get("Filter") or ():
        key = _FILTERED.get(wanted["Name"])
        if key and key in item and item[key] not in wanted["Values"]:
            return False
    return True
