"""Asking the probes and reading what they say: targets to the wire, results to observations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from netprobe.deploy.plan import PlannedFunction, ProbePlan
from netprobe.errors import NetprobeError
from netprobe.model.addresses import Family
from netprobe.model.flow import Source
from netprobe.model.observation import (
    Attempt,
    NameAnswer,
    Observation,
    Outcome,
    ProbeRun,
    Sandbox,
    SeenName,
    Stage,
    StageName,
)
from netprobe.model.report import Target
from netprobe.workflows.address_order import explain_order
from netprobe.workflows.capabilities import DeployedProbe, ProbeRunner, Progress
from probe_lambda.wire import (
    Datagram,
    FamilyResult,
    HttpRequest,
    NameResult,
    ProbeRequest,
    ProbeResult,
)
from probe_lambda.wire import Target as WireTarget

STAGES_WITH_A_DEADLINE = 7
"""resolve (UDP, then TCP), connect, handshake, request, and a second connection for WebSocket, or
a third for a large request."""
START_UP_SECONDS = 5
SECONDS_BETWEEN_ATTEMPTS = 0.1
AMAZON_RESOLVERS = ("169.254.169.253", "fd00:ec2::253")
"""Asked beside the sandbox's own: where the answers differ, a custom resolver is in the way.

https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""


def seconds_needed(timeout_seconds: float, attempts: int) -> int:
    """Return how long a probe function may need when every stage of a target is silent."""
    waiting = STAGES_WITH_A_DEADLINE * timeout_seconds + SECONDS_BETWEEN_ATTEMPTS * attempts
    return math.ceil(waiting) + START_UP_SECONDS


def ask(
    targets: Iterable[Target],
    families: tuple[Family, ...],
    *,
    timeout_seconds: float,
    attempts: int,
    path_mtu: bool,
) -> ProbeRequest:
    """Return the one request that every probe function gets."""
    return ProbeRequest(
        targets=tuple(_wire_target(item, families, path_mtu=path_mtu) for item in targets),
        timeout_seconds=timeout_seconds,
        attempts=attempts,
        names=True,
        other_resolvers=AMAZON_RESOLVERS,
    )


@contextmanager
def run_probes(
    plan: ProbePlan,
    question: ProbeRequest,
    runner: ProbeRunner,
    progress: Progress,
    *,
    keep: bool,
) -> Iterator[tuple[DeployedProbe, tuple[ProbeRun, ...]]]:
    """Deploy, invoke every function at once, give both, and remove at last, unless ``keep``."""
    with runner.deployed(plan, keep=keep) as deployed:
        count, asked = len(plan.functions), len(question.targets)
        progress.step(
            f"probing {asked} target{'s' * (asked != 1)} from {count} subnet{'s' * (count != 1)}"
        )
        yield deployed, invoke_all(deployed, plan, question)


def invoke_all(
    deployed: DeployedProbe, plan: ProbePlan, question: ProbeRequest
) -> tuple[ProbeRun, ...]:
    """Invoke every function of a plan that stands, at once."""
    with ThreadPoolExecutor(max_workers=len(plan.functions)) as pool:
        return tuple(pool.map(lambda item: _run_one(deployed, item, question), plan.functions))


def _run_one(
    deployed: DeployedProbe, function: PlannedFunction, question: ProbeRequest
) -> ProbeRun:
    """Invoke one probe; one that fails leaves its subnet to the configuration alone."""
    try:
        result = deployed.invoke(function, question)
    except NetprobeError as error:
        return _without_answer(function.source, str(error))
    if result.error is not None:
        return _without_answer(function.source, result.error)
    return read_run(function.source.id, result)


def _without_answer(source: Source, why: str) -> ProbeRun:
    missing = (f"the probe in {source.subnet_id} gave no answer: {why}",)
    return ProbeRun(source_id=source.id, observations={}, missing=missing)


def _wire_target(target: Target, families: Iterable[Family], *, path_mtu: bool) -> WireTarget:
    return WireTarget(
        id=target.id,
        host=target.host,
        port=target.port,
        tls=target.tls,
        http=HttpRequest(path=target.path) if target.path is not None else None,
        websocket_path=target.websocket_path,
        families=tuple(family.value for family in families),
        datagram=Datagram(payload=target.payload) if target.payload is not None else None,
        large_request=path_mtu and target.path is not None,
    )


def read_run(source_id: str, result: ProbeResult) -> ProbeRun:
    """Return what one probe's result says, as the values of the model."""
    return ProbeRun(
        source_id=source_id,
        observations={
            (item.target, Family(item.family)): _observation(item) for item in result.results
        },
        sandbox=Sandbox(
            source_id=source_id,
            interfaces=result.interfaces,
            resolvers=result.resolvers,
            names=tuple(_seen_name(item) for item in result.names),
            request_id=result.request_id,
            started_at=result.started_at,
        ),
        missing=result.missing,
    )


def _seen_name(result: NameResult) -> SeenName:
    return SeenName(
        host=result.host,
        getaddrinfo=result.getaddrinfo,
        error=result.error,
        sources=result.sources,
        because=explain_order(result.getaddrinfo, result.sources),
        answers=tuple(
            NameAnswer(
                server=item.server,
                family=Family(item.family),
                outcome=Outcome(item.outcome),
                addresses=item.addresses,
                error=item.error,
            )
            for item in result.answers
        ),
    )


def _observation(result: FamilyResult) -> Observation:
    return Observation(
        outcome=Outcome(result.outcome),
        address=result.address,
        source_address=result.source_address,
        stages=tuple(
            Stage(
                stage=StageName(item.stage),
                outcome=Outcome(item.outcome),
                milliseconds=item.milliseconds,
                error=item.error,
                detail=item.detail,
            )
            for item in result.stages
        ),
        attempts=tuple(
            Attempt(
                outcome=Outcome(item.outcome),
                address=item.address,
                milliseconds={StageName(k): v for k, v in item.milliseconds.items()},
            )
            for item in result.attempts
        ),
    )
