"""A report as JSON, version 1; its shape is in ``report_v1``."""

from __future__ import annotations

import json
from collections import Counter

from netprobe.model.finding import Finding
from netprobe.model.fix import Fix
from netprobe.model.flow import Source
from netprobe.model.observation import Observation, Sandbox
from netprobe.model.passage import Passage
from netprobe.model.report import Path, Report, Target
from netprobe.model.snapshot import Gap
from netprobe.render.expectations_v1 import expectation_v1
from netprobe.render.report_v1 import (
    SCHEMA_ID,
    AttemptsV1,
    FindingV1,
    FixV1,
    GapV1,
    ObservationV1,
    PathV1,
    ReportV1,
    SandboxV1,
    SourceV1,
    TargetV1,
)
from netprobe.render.trace_v1 import trace_to_v1
from netprobe.render.ways_v1 import write_change, write_passage, write_saving


def to_json(report: Report) -> str:
    """Return the report as one JSON document."""
    return json.dumps(to_document(report), indent=2, ensure_ascii=True)


def to_document(report: Report) -> ReportV1:
    """Return the report as JSON values."""
    ways = {item.key: item for item in report.passages}
    return {
        "schema": SCHEMA_ID,
        "netprobe_version": report.netprobe_version,
        "started_at": report.started_at,
        "finished_at": report.finished_at,
        "account": report.account,
        "region": report.region,
        "vpc_id": report.vpc_id,
        "verdict": report.verdict,
        "summary": report.summary,
        "client": report.client,
        "sources": [_source(item, report.sandbox(item.id)) for item in report.sources],
        "targets": [_target(item) for item in report.targets],
        "paths": [_path(item, ways.get(item.key)) for item in report.paths],
        "clients": [
            {
                "source": item.source,
                "target": item.target,
                "client": item.client,
                "tries": list(item.tries),
                "outcome": item.outcome,
                "seconds": item.seconds,
            }
            for item in report.clients
        ],
        "findings": [_finding(item) for item in report.findings],
        "fixes": [_fix(item) for item in report.fixes],
        "ways_out": [
            {
                "target": item.target,
                "way": item.way,
                "state": item.state,
                "says": item.says,
                "fix_id": item.fix_id,
            }
            for item in report.ways_out
        ],
        "savings": [write_saving(item) for item in report.savings],
        "gaps": [_gap(item) for item in report.gaps],
        "clean_up": {
            "created": list(report.clean_up.created),
            "removed": list(report.clean_up.removed),
            "left": list(report.clean_up.left),
        },
        "assumed": [write_change(item) for item in report.assumed],
        "remarks": list(report.remarks),
        "expectations": [expectation_v1(item) for item in report.expectations],
    }


def _source(source: Source, sandbox: Sandbox | None) -> SourceV1:
    return {
        "id": source.id,
        "subnet_id": source.subnet_id,
        "represents": list(source.represents),
        "security_group_ids": list(source.security_group_ids),
        "function_name": source.function_name,
        "ipv6_allowed": source.ipv6_allowed,
        "sandbox": _sandbox(sandbox) if sandbox else None,
    }


def _sandbox(sandbox: Sandbox) -> SandboxV1:
    return {
        "request_id": sandbox.request_id,
        "interfaces": sandbox.interfaces,
        "resolvers": list(sandbox.resolvers),
        "names": [
            {
                "host": name.host,
                "getaddrinfo": list(name.getaddrinfo),
                "error": name.error,
                "sources": name.sources,
                "because": name.because,
                "answers": [
                    {
                        "server": item.server,
                        "family": item.family,
                        "outcome": item.outcome,
                        "addresses": list(item.addresses),
                        "error": item.error,
                    }
                    for item in name.answers
                ],
            }
            for name in sandbox.names
        ],
    }


def _target(target: Target) -> TargetV1:
    return {
        "id": target.id,
        "given": target.given,
        "host": target.host,
        "port": target.port,
        "kind": target.kind,
        "ip_address_type": target.ip_address_type,
        "surveyed": target.surveyed,
    }


def _path(path: Path, passage: Passage | None) -> PathV1:
    return {
        "id": str(path.key),
        "source": path.key.source,
        "target": path.key.target,
        "family": path.key.family,
        "verdict": path.verdict,
        "trace": trace_to_v1(path.trace) if path.trace else None,
        "observation": _observation(path.observation) if path.observation else None,
        "witnesses": path.witnesses,
        "way": write_passage(passage) if passage else None,
    }


def _observation(seen: Observation) -> ObservationV1:
    return {
        "outcome": seen.outcome,
        "address": seen.address,
        "source_address": seen.source_address,
        "stages": [
            {
                "stage": item.stage,
                "outcome": item.outcome,
                "milliseconds": item.milliseconds,
                "error": item.error,
                "detail": item.detail,
            }
            for item in seen.stages
        ],
        "attempts": _attempts(seen),
    }


def _attempts(seen: Observation) -> AttemptsV1 | None:
    constancy = seen.constancy
    if constancy is None:
        return None
    return {
        "sent": len(seen.attempts),
        "answered": seen.answered,
        "constancy": constancy,
        "outcomes": dict(Counter(item.outcome for item in seen.attempts)),
        "milliseconds": {
            name: {"min": item.minimum, "median": item.median, "p95": item.p95}
            for name, item in seen.spreads.items()
        },
    }


def _finding(finding: Finding) -> FindingV1:
    return {
        "code": finding.code,
        "name": finding.name,
        "title": finding.title,
        "role": finding.role,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "evidence": [
            {"resource_id": item.resource_id, "says": item.says, "primary": item.primary}
            for item in finding.evidence
        ],
        "paths": [str(item) for item in finding.paths],
        "fixes": list(finding.fixes),
        "reason": finding.reason,
        "advice": finding.advice,
        "standing_cost": finding.standing_cost,
    }


def _fix(fix: Fix) -> FixV1:
    return {
        "id": fix.id,
        "title": fix.title,
        "way": fix.way,
        "changes": [write_change(item) for item in fix.changes],
        "opens": [str(item) for item in fix.opens],
        "proved": fix.proved,
        "standing_cost_usd_per_month": fix.standing_cost_usd_per_month,
        "cost_usd_per_gb": fix.cost_usd_per_gb,
        "also_touches": list(fix.also_touches),
        "commands": {
            "aws_cli": list(fix.commands.aws_cli),
            "terraform": fix.commands.terraform,
            "cloudformation": fix.commands.cloudformation,
        },
    }


def _gap(gap: Gap) -> GapV1:
    return {
        "call": gap.call,
        "error": gap.error,
        "needed_for": gap.needed_for,
        "iam_action": gap.iam_action,
    }
