"""Every AWS call of a check, failing in five ways: what the user is told, and what is left.

The outcome of each is a row of docs/fault-matrix.md, which is held to it word for word.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.parsers import ResponseParserError

from netprobe.aws.cleanup import find_leftovers, remove_leftovers
from netprobe.aws.deployer import AwsProbeRunner
from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.aws.session import AwsSession
from netprobe.aws.source import AwsSnapshotSource
from netprobe.errors import NetprobeError
from netprobe.lab.control.functions import FunctionAnswer
from netprobe.model.report import Report, Verdict
from netprobe.workflows.capabilities import Silence
from netprobe.workflows.check import Capabilities, CheckRequest, run_check
from netprobe.workflows.sources import Wanted
from probe_lambda.wire import FamilyResult, ProbeResult, Stage, to_json
from tests.contract.aws.account import session_of
from tests.contract.lab.corrected import REGION, Cloud
from tests.reports import StoppedClock

TABLE = Path(__file__).parents[3] / "docs" / "fault-matrix.md"
NOON = "2026-11-24T12:00:00Z"
KINDS = ("throttled", "denied", "server error", "time-out", "malformed")
CODES = {
    "throttled": (429, "ThrottlingException"),
    "denied": (403, "AccessDeniedException"),
    "server error": (500, "InternalError"),
}


@dataclass
class Http:
    """The part of botocore's response that decides whether a call failed."""

    status_code: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Saboteur:
    """Makes one operation fail, each time it is called, and notes all that are."""

    operation: str | None = None
    kind: str = ""
    calls: list[str] = field(default_factory=list)

    def __call__(self, model: Any, **_: Any) -> Any:
        name = f"{model.service_model.service_name}:{model.name}"
        self.calls.append(name)
        if name != self.operation:
            return None
        if self.kind == "time-out":
            raise ReadTimeoutError(endpoint_url="http://192.0.2.1/")
        if self.kind == "malformed":
            raise ResponseParserError("Unable to parse response, invalid XML received")
        status, code = CODES[self.kind]
        answer = {"Error": {"Code": code, "Message": "broken on purpose"}, "ResponseMetadata": {}}
        return Http(status), answer


class SabotagedSession(AwsSession):
    """A session whose clients all ask the saboteur first."""

    saboteur: Saboteur

    def _client(self, service: str, key: str, config: Any) -> Any:
        client = super()._client(service, key, config)
        client.meta.events.register_first("before-call", self.saboteur, unique_id="saboteur")
        return client


def sabotaged(cloud: Cloud, saboteur: Saboteur) -> AwsSession:
    plain = session_of(cloud)
    session = SabotagedSession(
        region=plain.region, inner=plain.inner, endpoint_url=plain.endpoint_url
    )
    session.saboteur = saboteur
    return session


def answer_for(api_id: str) -> FunctionAnswer:
    """Return what a probe says where IPv4 is dead and IPv6 works."""

    def stages(*outcomes: tuple[str, str], **detail: Any) -> tuple[Stage, ...]:
        return tuple(
            Stage(stage=name, outcome=outcome, milliseconds=1.0, detail=detail)  # type: ignore[arg-type] # words of the wire
            for name, outcome in outcomes
        )

    dead = FamilyResult(
        target=f"api:{api_id}", family="ipv4", outcome="timeout", address="198.51.100.10",
        source_address="10.0.1.5",
        stages=stages(("resolve", "reachable"), ("connect", "timeout")),
    )  # fmt: skip
    works = FamilyResult(
        target=f"api:{api_id}", family="ipv6", outcome="http-error", address="3fff:a::10",
        source_address="2001:db8::5",
        stages=stages(
            ("resolve", "reachable"), ("connect", "reachable"), ("request", "http-error"),
            status=403, addresses=["3fff:a::10"],
        ),
    )  # fmt: skip
    result = ProbeResult(
        results=(dead, works), local_addresses={}, resolvers=(), started_at=NOON, finished_at=NOON
    )
    return FunctionAnswer(payload=to_json(result), error=False, logs="")


def check(cloud: Cloud, saboteur: Saboteur) -> Report:
    """Run a whole check of one function of a furnished VPC."""
    apis = cloud.client("apigatewayv2").get_apis()["Items"]
    api_id = apis[0]["ApiId"]
    cloud.answer = answer_for(api_id)
    session = sabotaged(cloud, saboteur)
    capabilities = Capabilities(
        source=AwsSnapshotSource(session),
        hosts=BotocoreHosts(REGION),
        runner=AwsProbeRunner(session, Silence()),
        clock=StoppedClock(),
        progress=Silence(),
        run_id="0123abcd",
        version="0.1.0",
    )
    request = CheckRequest(wanted=Wanted(function="fn"), targets=(f"api:{api_id}",))
    return run_check(request, capabilities)


def told(cloud: Cloud, operation: str, kind: str, baseline: Verdict) -> str:
    """Return, in the words of the table, what came of a check with this call failing."""
    try:
        report = check(cloud, Saboteur(operation, kind))
    except NetprobeError as error:
        said = "stops" if "\n" not in str(error) else "more than one line"
    else:
        gaps = {gap.call for gap in report.gaps if gap.asked}
        if report.verdict is Verdict.UNKNOWN:
            assert operation in gaps, (operation, kind, report.summary)
            said = "unknown"
        else:
            assert report.verdict is baseline, (operation, kind, report.summary)
            said = "noted" if operation in gaps or report.clean_up.left else "no effect"
            if any("gave no answer" in remark for remark in report.remarks):
                said = "configuration only"
    session = session_of(cloud)
    remove_leftovers(session, find_leftovers(session), wait_seconds=0)
    assert find_leftovers(session) == ()
    return said


@pytest.fixture
def calls(furnished: Cloud) -> tuple[list[str], Verdict]:
    """Every operation that a check calls, and the verdict when none fails."""
    saboteur = Saboteur()
    report = check(furnished, saboteur)
    return sorted(set(saboteur.calls)), report.verdict


def test_every_call_may_fail_in_every_way(
    furnished: Cloud, calls: tuple[list[str], Verdict]
) -> None:
    """Never a traceback, never a wrong verdict, never a leftover that cleanup does not find."""
    operations, baseline = calls
    found = {
        operation: [told(furnished, operation, kind, baseline) for kind in KINDS]
        for operation in operations
    }
    rows = [f"| `{name}` | {' | '.join(words)} |" for name, words in found.items()]
    head = ["| call | " + " | ".join(KINDS) + " |", "|---" * (len(KINDS) + 1) + "|"]
    table = "\n".join([*head, *rows])
    if os.environ.get("NETPROBE_REWRITE_GOLDEN"):
        text = TABLE.read_text(encoding="utf-8")
        start = text.index("| call |")
        TABLE.write_text(text[:start] + table + "\n", encoding="utf-8")

    assert len(operations) >= 25, json.dumps(operations)
    assert table in TABLE.read_text(encoding="utf-8")
