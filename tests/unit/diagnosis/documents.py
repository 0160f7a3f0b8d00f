"""Policies, and what they stand beside, for the tests of faults of policies."""

from __future__ import annotations

import json
from typing import Any

from netprobe.model.observation import Observation, Outcome
from netprobe.model.report import TargetKind
from netprobe.model.workloads import ApiKind
from tests.builders import (
    address,
    api,
    gateway_endpoint,
    nat_gateway,
    prefix_list,
    route,
    route_table,
    snapshot,
)
from tests.unit.diagnosis.cases import (
    Row,
    case_of,
    changed,
    names_of,
    seen,
    service_target,
)

ACCOUNT = "123456789012"
NAT = nat_gateway(public_addresses=(address("203.0.113.20"),))
S3_LIST = prefix_list()
ISOLATED = route_table(routes=(route("pl-s3", "vpce-s3"),))
BUCKET = service_target(
    "s3",
    id="bucket",
    host="mine.s3.us-east-1.amazonaws.com",
    kind=TargetKind.HTTPS,
    path="/key",
    path_given=True,
)


def policy(*statements: dict[str, Any], **condition: Any) -> str:
    """Return a document that allows everything under a condition, or of these statements."""
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    return json.dumps({"Statement": list(statements) or [allow | {"Condition": condition}]})


def statement(effect: str, action: str, resource: str = "*", **condition: Any) -> dict[str, Any]:
    """Return a statement about everybody."""
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }


def rest(document: str | None, **fields: Any) -> Any:
    """Return a dual-stack REST API with this resource policy."""
    defaults: dict[str, Any] = {"ip_address_type": "dualstack", "stages": ("prod",)}
    return api("rest1", ApiKind.REST, policy=document, **(defaults | fields))


def answer(status: int = 403, kind: str = "", body: str = "", **fields: Any) -> Observation:
    """Return an observation that ended with an HTTP error."""
    headers = {"x-amzn-errortype": kind} if kind else {}
    return seen(Outcome.HTTP_ERROR, status=status, headers=headers, body=body, **fields)


def by_endpoint(document: str) -> tuple[Any, ...]:
    """Return a VPC whose S3 traffic goes through a gateway endpoint with this policy."""
    return changed(
        gateway_endpoint(policy=document, route_table_ids=("rtb-private",)), S3_LIST, ISOLATED
    )


def found(row: Row) -> set[str]:
    """Return the names of what is found in a situation."""
    account = snapshot(*row.resources, account=ACCOUNT)
    return names_of(case_of(account, row.targets, row.sources, row.observations))
