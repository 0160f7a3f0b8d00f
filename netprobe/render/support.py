"""What a support engineer asks first: where, when, and under which ids AWS knows the requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.model.finding import PathKey
from netprobe.model.report import Path, Report
from netprobe.render.labels import target_labels
from netprobe.render.narrative import outcome_word

_IDS_OF_ANSWERS = (
    "x-amzn-requestid",
    "apigw-requestid",
    "x-amz-apigw-id",
    "x-amz-request-id",
)
"""Response headers that AWS's support looks a request up by.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/get-request-ids.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One run of a probe function."""

    source: str
    started_at: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStage:
    """One stage of a probe as it ended, in the probe's own words."""

    key: PathKey
    target: str
    """What it is called."""
    stage: str
    outcome: str
    milliseconds: float
    error: str
    address: str
    ids: tuple[tuple[str, str], ...]
    """Ids of the far end's answer, by the header that held them."""


def facts(report: Report) -> tuple[tuple[str, str], ...]:
    """Return names and values: what was looked at, where and when."""
    functions = dict.fromkeys(item.function_name for item in report.sources if item.function_name)
    groups = dict.fromkeys(group for item in report.sources for group in item.security_group_ids)
    subnets = dict.fromkeys(
        subnet for item in report.sources for subnet in (item.represents or (item.subnet_id,))
    )
    rows = (
        ("started (UTC)", report.started_at),
        ("finished (UTC)", report.finished_at),
        ("account", report.account or "not known"),
        ("region", report.region),
        ("VPC", report.vpc_id),
        ("function", ", ".join(functions)),
        ("subnets", ", ".join(subnets)),
        ("security groups", ", ".join(groups)),
        ("judged for the client", report.client),
        ("netprobe", report.netprobe_version),
    )
    return tuple((name, value) for name, value in rows if value)


def invocations(report: Report) -> tuple[Invocation, ...]:
    """Return the probes that ran and what Lambda calls their invocations."""
    return tuple(
        Invocation(source=item.source_id, started_at=item.started_at, request_id=item.request_id)
        for item in report.sandboxes
        if item.request_id
    )


def stages(report: Report) -> tuple[SeenStage, ...]:
    """Return every stage of every probe, path by path."""
    labels = target_labels(report)
    return tuple(
        stage
        for path in report.paths
        for stage in _stages(path, labels.get(path.key.target, path.key.target))
    )


def _stages(path: Path, target: str) -> Iterator[SeenStage]:
    seen = path.observation
    for stage in seen.stages if seen else ():
        headers = stage.detail.get("headers", {})
        yield SeenStage(
            key=path.key,
            target=target,
            stage=str(stage.stage),
            outcome=outcome_word(stage.outcome),
            milliseconds=stage.milliseconds,
            error=stage.error or "",
            address=(seen.address if seen else None) or "",
            ids=tuple((name, str(headers[name])) for name in _IDS_OF_ANSWERS if name in headers),
        )
