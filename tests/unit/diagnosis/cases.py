"""Cases for the diagnosis, made of whole VPCs that are walked, and of observations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from netprobe.analysis.name_resolution import read_literal
from netprobe.analysis.tracer import trace_name
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.clients import CLIENTS
from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.paths import judge_path
from netprobe.diagnosis.refusing import refusing_statuses
from netprobe.model.addresses import Family, family_of, parse_address
from netprobe.model.finding import Finding, PathKey, Role
from netprobe.model.flow import Source
from netprobe.model.observation import Observation, Outcome, Sandbox, Stage, StageName
from netprobe.model.report import Path, Target, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import ApiKind
from tests.builders import (
    REGION,
    api,
    source,
    without,
    working_vpc,
)

API = api("abc123", ApiKind.WEBSOCKET, ip_address_type="dualstack", stages=("prod",))
OPEN = (*working_vpc(), API)
"""A dual-stack VPC in which everything works, and a dual-stack WebSocket API."""


def changed(*items: Any, gone: Iterable[str] = ()) -> tuple[Any, ...]:
    """Return the open VPC with some resources replaced, added or gone."""
    return (*without(OPEN, *gone), *items)


def target_of(item: Any = API, **fields: Any) -> Target:
    """Return the target that asks for an API."""
    kinds = {
        ApiKind.WEBSOCKET: TargetKind.WEBSOCKET_API,
        ApiKind.REST: TargetKind.REST_API,
        ApiKind.HTTP: TargetKind.HTTP_API,
    }
    defaults: dict[str, Any] = {
        "id": f"api:{item.api_id}",
        "given": f"api:{item.api_id}",
        "host": item.host,
        "port": 443,
        "kind": kinds[item.kind],
        "path": "/prod/@connections/netprobe" if item.kind is ApiKind.WEBSOCKET else "/prod/",
        "api_id": item.api_id,
    }
    return Target(**(defaults | fields))


def address_target(address: str, **fields: Any) -> Target:
    """Return the target that asks for an address itself."""
    defaults: dict[str, Any] = {
        "id": address,
        "given": f"https://{address}/",
        "host": address,
        "port": 443,
        "kind": TargetKind.HTTPS,
        "path": "/",
    }
    return Target(**(defaults | fields))


def service_target(name: str, **fields: Any) -> Target:
    """Return the target that asks for an AWS service by its plain host."""
    defaults: dict[str, Any] = {
        "id": f"service:{name}",
        "given": f"service:{name}",
        "host": f"{name}.{REGION}.amazonaws.com",
        "port": 443,
        "kind": TargetKind.SERVICE,
        "path": "/",
        "service": name,
    }
    return Target(**(defaults | fields))


def seen(outcome: Outcome, **fields: Any) -> Observation:
    """Return an observation that ended so, with the stages that lead there."""
    stages = [Stage(stage=StageName.RESOLVE, outcome=Outcome.REACHABLE, milliseconds=1)]
    if str(outcome).startswith("dns"):
        stages = [Stage(stage=StageName.RESOLVE, outcome=outcome, milliseconds=1)]
    elif outcome in {Outcome.HTTP_ERROR, Outcome.REACHABLE}:
        stages.append(Stage(stage=StageName.CONNECT, outcome=Outcome.REACHABLE, milliseconds=1))
        status = fields.pop("status", 200)
        headers = fields.pop("headers", {})
        detail = {"status": status, "headers": headers, "body": fields.pop("body", "")}
        stages.append(
            Stage(stage=StageName.REQUEST, outcome=outcome, milliseconds=1, detail=detail)
        )
    else:
        stages.append(Stage(stage=StageName.CONNECT, outcome=outcome, milliseconds=5))
    return Observation(outcome=outcome, stages=tuple(stages), **fields)


Seen = dict[tuple[str, str, str], Observation]
"""Observations by source, target and family."""


@dataclass(frozen=True)
class Row:
    """One situation: what stands in the account and what is asked."""

    situation: str
    resources: tuple[Any, ...]
    targets: tuple[Target, ...] = ()
    sources: tuple[Source, ...] = ()
    observations: Seen = field(default_factory=dict)
    sandboxes: tuple[Sandbox, ...] = ()


_NO_ADDRESS = frozenset({Outcome.DNS_NODATA, Outcome.DNS_NXDOMAIN})


def case_of(
    account: Snapshot,
    targets: Iterable[Target] = (),
    sources: Iterable[Source] = (),
    observations: Seen | None = None,
    client: str = "boto3",
) -> Case:
    """Return the case of these questions, with traces walked over the account."""
    targets, sources = tuple(targets) or (target_of(),), tuple(sources) or (source(),)
    observations = observations or {}
    paths = []
    for start in sources:
        for target in targets:
            for family in families(target.host):
                observation = observations.get((start.id, target.id, family.value))
                seen_here = observation.resolved_addresses if observation else ()
                trace = trace_name(
                    account,
                    start,
                    target.host,
                    family,
                    port=target.port,
                    observed=tuple(parse_address(text) for text in seen_here),
                    answered=observation is not None and observation.outcome in _NO_ADDRESS,
                )
                refused = refusing_statuses(account, start, target, trace)
                verdict, witnesses = judge_path(target, trace, observation, refused)
                key = PathKey(source=start.id, target=target.id, family=family)
                paths.append(
                    Path(
                        key=key,
                        verdict=verdict,
                        witnesses=witnesses,
                        trace=trace,
                        observation=observation,
                    )
                )
    return Case(
        snapshot=account,
        sources=sources,
        targets=targets,
        paths=tuple(paths),
        client=CLIENTS[client],
    )


def families(host: str) -> tuple[Family, ...]:
    """Return the families a check asks about: a literal address has only its own."""
    literal = read_literal(host)
    return tuple(Family) if literal is None else (family_of(literal),)


def named(findings: Iterable[Finding], role: Role | None = None) -> set[str]:
    """Return the names of findings, of one role or of all."""
    return {item.name for item in findings if role in {None, item.role}}


def names_of(case: Case, role: Role | None = None) -> set[str]:
    """Return the names that examining the case gives."""
    return named(examine(case), role)


def rows_of(table: dict[str, list[Row]]) -> list[Any]:
    """Return the parameters of a test that takes each situation with the name of its fault."""
    return [
        pytest.param(name, row, id=f"{name}: {row.situation}")
        for name, rows in table.items()
        for row in rows
    ]
