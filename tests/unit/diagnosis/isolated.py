"""A VPC with IPv4 only, with a way out and without, and what a probe meets from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netprobe.model.finding import Role
from netprobe.model.observation import Observation, Outcome, Stage, StageName
from netprobe.model.report import Target, TargetKind
from tests.builders import (
    ALLOW_ALL_RULES,
    endpoint,
    interface,
    route_table,
    security_group,
    snapshot,
    source,
    subnet,
    vpc,
)
from tests.unit.diagnosis.cases import Row, Seen, case_of, changed, names_of

IPV4_VPC = vpc(ipv6=())
IPV4_SUBNET = subnet("subnet-private", "10.0.1.0/24", None)
ISOLATED = route_table(routes=())
ADMITTING = security_group("sg-endpoint", ingress=ALLOW_ALL_RULES)
OPEN: tuple[Any, ...] = (*changed(IPV4_SUBNET, ADMITTING), IPV4_VPC)
CLOSED: tuple[Any, ...] = (*OPEN, ISOLATED)
"""The same, isolated."""


def host_target(host: str, **fields: Any) -> Target:
    """Return the target that asks for a host by its name."""
    defaults: dict[str, Any] = {
        "id": host,
        "given": f"https://{host}/",
        "host": host,
        "port": 443,
        "kind": TargetKind.HTTPS,
        "path": "/",
    }
    return Target(**(defaults | fields))


def met(target: Target, observation: Observation, family: str = "ipv4") -> Seen:
    """Return what the probe met at a target in one family."""
    return {("subnet-private", target.id, family): observation}


def answered(outcome: Outcome, *addresses: str, **detail: Any) -> Observation:
    """Return an observation whose resolver gave these addresses, and which ended so there."""
    good = Outcome.REACHABLE
    stages = [
        Stage(
            stage=StageName.RESOLVE, outcome=good, milliseconds=1, detail={"addresses": addresses}
        )
    ]
    if outcome is Outcome.TIMEOUT:
        stages.append(Stage(stage=StageName.CONNECT, outcome=outcome, milliseconds=1500))
    else:
        last = StageName.HANDSHAKE if outcome is Outcome.TLS_FAILED else StageName.REQUEST
        stages.append(Stage(stage=StageName.CONNECT, outcome=good, milliseconds=1))
        stages.append(Stage(stage=last, outcome=outcome, milliseconds=1, detail=detail))
    return Observation(outcome=outcome, address=addresses[0], stages=tuple(stages))


def refused(address_text: str, kind: str) -> Observation:
    """Return HTTP 403 of an address with this ``x-amzn-errortype``."""
    return answered(
        Outcome.HTTP_ERROR, address_text, status=403, headers={"x-amzn-errortype": kind}
    )


def attributes(**fields: Any) -> Any:
    return vpc(ipv6=(), **fields)


def serving(service: str, endpoint_id: str = "vpce-1", **fields: Any) -> tuple[Any, ...]:
    """Return an interface endpoint at 10.0.1.70 whose group admits everyone."""
    return (
        endpoint(endpoint_id, service, **fields),
        interface("eni-endpoint", "10.0.1.70", group_ids=("sg-endpoint",)),
    )


def title_of(value: str | Row) -> str:
    """Return what a test of a fault and a row is called."""
    return value if isinstance(value, str) else value.situation


def found(row: Row, role: Role | None = None) -> set[str]:
    """Return the names that a row gives, of one role or of all."""
    account = snapshot(*row.resources)
    sources = row.sources or (source(ipv6_allowed=False),)
    case = case_of(account, row.targets, sources, row.observations)
    return names_of(replace(case, sandboxes=row.sandboxes), role)
