"""Asks the real command about a site, and reads its report without believing a word of it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from netprobe.cli.check_options import CheckOptions
from netprobe.cli.check_run import run
from netprobe.cli.console import Streams
from netprobe.cli.options import Format
from tests.acceptance.building import REGION
from tests.judge_diagnosis.site import Site

Key = tuple[str, str, str]
"""A path: the role of its subnet, the number of its target, its family."""
ABSENT = frozenset({"dns-nodata", "dns-nxdomain", "no-local-address"})
"""Outcomes that a client does not wait for: it has no address of the family to try."""
_FINE = "reachable"


@dataclass(frozen=True, slots=True)
class Met:
    """What packets met on one path."""

    outcome: str
    status: int | None = None
    error_type: str = ""

    @property
    def absent(self) -> bool:
        return self.outcome in ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What packets met by path, and beside it what the report concludes."""

    met: dict[Key, Met]
    verdict: str
    roots: frozenset[str]
    summary: str
    error: str = ""


def ask(site: Site, endpoint_url: str, timeout_seconds: float = 2.0) -> Answer:
    """Run ``netprobe check`` on the site's function, with packets."""
    streams = Streams(out=io.StringIO(), err=io.StringIO())
    run(
        CheckOptions(
            function=site.name,
            targets=tuple(site.targets),
            timeout_seconds=timeout_seconds,
            endpoint_url=endpoint_url,
            region=REGION,
            format=Format.JSON,
        ),
        streams,
    )
    said = streams.out.getvalue()
    if not said:
        words = streams.err.getvalue()
        return Answer(met={}, verdict="", roots=frozenset(), summary="", error=words)
    return read(json.loads(said), {site.ids[role]: role for role in site.subnets})


def read(report: dict[str, Any], roles: dict[str, str]) -> Answer:
    """Return what a report's packets met, and its conclusions."""
    subnets = {item["id"]: item for item in report["sources"]}
    numbers = {item["id"]: str(number) for number, item in enumerate(report["targets"])}
    met: dict[Key, Met] = {}
    for path in report["paths"]:
        source = subnets[path["source"]]
        for subnet in source["represents"] or [source["subnet_id"]]:
            key = (roles[subnet], numbers[path["target"]], path["family"])
            met[key] = _met(path["observation"])
    roots = (item["name"] for item in report["findings"] if item["role"] == "root-cause")
    return Answer(
        met=met, verdict=report["verdict"], roots=frozenset(roots), summary=report["summary"]
    )


def _met(observation: dict[str, Any] | None) -> Met:
    if observation is None:
        return Met("not-probed")
    stages = {item["stage"]: item for item in observation["stages"]}
    last = stages.get("websocket") or stages.get("request") or {}
    detail = last.get("detail") or {}
    headers = detail.get("headers") or {}
    kind = str(headers.get("x-amzn-errortype", "")).partition(":")[0]
    return Met(observation["outcome"], detail.get("status"), kind)
