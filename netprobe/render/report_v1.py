"""The shape of JSON version 1: a contract, so keys are only ever added.

The builder in ``json_v1`` is type-checked against these, and the JSON Schema that comes with
netprobe is made of them.
"""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from netprobe.model.addresses import Family
from netprobe.model.finding import Confidence, Role, Severity
from netprobe.model.fix import Way, WayState
from netprobe.model.observation import Constancy, Outcome, StageName
from netprobe.model.report import ClientOutcome, PathVerdict, TargetKind, Verdict, Witnesses
from netprobe.render.expectations_v1 import ExpectationV1
from netprobe.render.trace_v1 import TraceV1
from netprobe.render.ways_v1 import ChangeV1, PassageV1, SavingV1

SCHEMA_ID: Literal["netprobe.report/1"] = "netprobe.report/1"


class NameAnswerV1(TypedDict):
    """What a resolver that the sandbox does not use itself said."""

    server: str
    family: Family
    outcome: Outcome
    addresses: list[str]
    error: str | None


class SeenNameV1(TypedDict):
    """A name as the programs in the sandbox see it."""

    host: str
    getaddrinfo: list[str]
    """In the C library's order."""
    error: str | None
    sources: dict[str, str]
    """By destination the address the kernel sends from."""
    because: str | None
    """Why one family comes before the other."""
    answers: list[NameAnswerV1]


class SandboxV1(TypedDict):
    """What the probe's execution environment has of its own."""

    request_id: str | None
    """Lambda's id of the probe's invocation."""
    interfaces: dict[str, list[str]]
    resolvers: list[str]
    names: list[SeenNameV1]


class SourceV1(TypedDict):
    """Where paths begin: the place of one probe."""

    id: str
    subnet_id: str
    represents: list[str]
    """Subnets of the same class, this one among them."""
    security_group_ids: list[str]
    function_name: str | None
    ipv6_allowed: bool
    sandbox: SandboxV1 | None
    """None where no probe ran."""


class TargetV1(TypedDict):
    """What paths lead to."""

    id: str
    given: str
    host: str
    port: int
    kind: TargetKind
    ip_address_type: str | None
    surveyed: bool
    """netprobe chose it to look around."""


class StageV1(TypedDict):
    """One step of a probe."""

    stage: StageName
    outcome: Outcome
    milliseconds: float
    error: str | None
    detail: dict[str, Any]


class SpreadV1(TypedDict):
    """Milliseconds over several attempts."""

    min: float
    median: float
    p95: float


class AttemptsV1(TypedDict):
    """Several attempts at the same thing."""

    sent: int
    answered: int
    constancy: Constancy
    outcomes: dict[Outcome, int]
    milliseconds: dict[StageName, SpreadV1]


class ObservationV1(TypedDict):
    """The word of the packets."""

    outcome: Outcome
    address: str | None
    source_address: str | None
    stages: list[StageV1]
    attempts: AttemptsV1 | None
    """None for a single attempt; outcome and stages are the first's."""


class PathV1(TypedDict):
    """One source, one target, one address family."""

    id: str
    source: str
    target: str
    family: Family
    verdict: PathVerdict
    trace: TraceV1 | None
    observation: ObservationV1 | None
    witnesses: Witnesses
    way: PassageV1 | None
    """None where nothing is known to get there."""


class ClientHabitV1(TypedDict):
    """What one common client makes of a target, from one source."""

    source: str
    target: str
    client: str
    tries: list[Family]
    """The families it has an address of, in the order it tries them."""
    outcome: ClientOutcome
    seconds: float
    """What dead addresses cost it on the way."""


class EvidenceV1(TypedDict):
    """One fact that proves a finding."""

    resource_id: str
    says: str
    primary: bool


class FindingV1(TypedDict):
    """One fault."""

    code: str
    name: str
    title: str
    role: Role
    severity: Severity
    confidence: Confidence
    evidence: list[EvidenceV1]
    paths: list[str]
    fixes: list[str]
    reason: str
    advice: str
    standing_cost: str


class CommandsV1(TypedDict):
    """The changes of a way out in three languages."""

    aws_cli: list[str]
    """In order, for a POSIX shell."""
    terraform: str
    cloudformation: str


class FixV1(TypedDict):
    """One proved way out."""

    id: str
    title: str
    way: Way
    changes: list[ChangeV1]
    opens: list[str]
    """Ids of paths."""
    proved: bool
    """Tracing the changed configuration again delivers every path it opens."""
    standing_cost_usd_per_month: float | None
    """None where the prices of the region are not known."""
    cost_usd_per_gb: float | None
    also_touches: list[str]
    commands: CommandsV1


class WayOutV1(TypedDict):
    """Where one way out stands for one target that fails."""

    target: str
    way: Way
    state: WayState
    says: str
    fix_id: str | None


class GapV1(TypedDict):
    """One call whose answer is missing."""

    call: str
    error: str
    needed_for: str
    iam_action: str


class CleanUpV1(TypedDict):
    """What was created in the account and what became of it."""

    created: list[str]
    removed: list[str]
    left: list[str]


class ReportV1(TypedDict):
    """One check."""

    schema: Literal["netprobe.report/1"]
    netprobe_version: str
    started_at: str
    finished_at: str
    account: str | None
    region: str
    vpc_id: str
    verdict: Verdict
    summary: str
    client: str
    sources: list[SourceV1]
    targets: list[TargetV1]
    paths: list[PathV1]
    clients: list[ClientHabitV1]
    findings: list[FindingV1]
    fixes: list[FixV1]
    ways_out: list[WayOutV1]
    savings: list[SavingV1]
    gaps: list[GapV1]
    clean_up: CleanUpV1
    assumed: list[ChangeV1]
    """What ``--what-if`` took for made."""
    remarks: list[str]
    expectations: list[ExpectationV1]
    """Empty without ``--expect``."""
