"""Lambda's entry: one request in, one result out, in time and without ever raising."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from probe_lambda.handshake import make_context
from probe_lambda.names import names_of, see_name
from probe_lambda.reach import FAMILIES, MOST_ADDRESSES, Invocation, reach_target
from probe_lambda.sandbox import Resolver, Sandbox, read_sandbox
from probe_lambda.stage import Budget
from probe_lambda.wire import (
    FamilyResult,
    ProbeResult,
    WireError,
    request_from_object,
    to_json,
    to_object,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from probe_lambda.wire import NameResult, ProbeRequest, Target

_QUESTIONS_AT_ONCE = 128
_CONNECTIONS_AT_ONCE = 256
_MARGIN = 0.1
"""Of the time that is left: for the result to be put together and sent."""
_SMALLEST_MARGIN_SECONDS = 0.25
_LARGEST_MARGIN_SECONDS = 1.0
_LARGEST_RESULT = 4_000_000
"""Bytes of JSON; Lambda's limit for an answer is 6 MB."""
_MOST_SENTENCES = 50


class Context(Protocol):
    """The part of Lambda's context object that the probe reads."""

    aws_request_id: str
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long Lambda lets the invocation run on."""


def handle(event: object, context: Context | None = None) -> dict[str, Any]:
    """Return the ProbeResult of a ProbeRequest, both as JSON objects.

    A request that cannot be read, and a fault of the probe, are told in the result's ``error``.
    """
    started_at = _now()
    try:
        request = request_from_object(event)
        ends_at = math.inf if context is None else _end_of(context)
        result = fit(
            replace(probe(request, read_sandbox(), ends_at=ends_at), started_at=started_at)
        )
    except WireError as error:
        result = _failed(f"the request was refused: {error}", started_at)
    except Exception as error:  # noqa: BLE001 - the caller must learn why; Lambda would only log it
        result = _failed(f"the probe failed: {error!r:.500}", started_at)
    return to_object(replace(result, request_id=getattr(context, "aws_request_id", None)))


def probe(request: ProbeRequest, sandbox: Sandbox, *, ends_at: float) -> ProbeResult:
    """Probe all targets at once and be done by ``ends_at``, on the clock of time.monotonic()."""
    started_at = _now()
    budget = Budget(timeout_seconds=request.timeout_seconds, ends_at=ends_at)
    reached, seen = asyncio.run(_see_all(request, sandbox, budget))
    results = tuple(result for family_results, _ in reached for result in family_results)
    faults = [fault for _, fault in (*reached, *seen) if fault is not None]
    return ProbeResult(
        results=results,
        local_addresses={
            "ipv4": list(sandbox.ipv4_addresses),
            "ipv6": list(sandbox.ipv6_addresses),
        },
        resolvers=tuple(resolver.address for resolver in sandbox.resolvers),
        started_at=started_at,
        finished_at=_now(),
        names=tuple(name for name, _ in seen if name is not None),
        interfaces=_by_interface(sandbox),
        missing=_shorten([*faults, *_unfinished(results)]),
    )


def _by_interface(sandbox: Sandbox) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, address in sandbox.interfaces:
        found.setdefault(name, []).append(address)
    return found


def fit(result: ProbeResult, *, limit: int = _LARGEST_RESULT) -> ProbeResult:
    """Return the result small enough to be sent, and say in it what was left out."""
    steps = (
        ("Too large to send: the other addresses' stages were left out.", _without_addresses),
        ("Too large to send: headers, bodies and certificates were left out.", _without_details),
        ("Too large to send: all results were left out; ask for fewer targets.", _without_results),
    )
    for sentence, shrink in steps:
        if len(to_json(result)) <= limit:
            break
        smaller = shrink(result)
        result = replace(smaller, missing=(*smaller.missing, sentence))
    return result


async def _see_all(
    request: ProbeRequest, sandbox: Sandbox, budget: Budget
) -> tuple[
    list[tuple[tuple[FamilyResult, ...], str | None]], list[tuple[NameResult | None, str | None]]
]:
    """Reach the targets and look at their names, all at the same time."""
    used = {resolver.address for resolver in sandbox.resolvers}
    servers = tuple(
        Resolver(address=server) for server in request.other_resolvers if server not in used
    )
    hosts = names_of(target.host for target in request.targets) if request.names else ()
    names = asyncio.gather(*(_see(host, servers, budget) for host in hosts))
    reached, seen = await asyncio.gather(_reach_all(request, sandbox, budget), names)
    return reached, seen


async def _see(
    host: str, servers: tuple[Resolver, ...], budget: Budget
) -> tuple[NameResult | None, str | None]:
    """Return the name as it is seen; a fault in the probe costs this name, not the others."""
    try:
        return await see_name(host, servers, budget), None
    except Exception as error:  # noqa: BLE001 - see above; the error is in the result
        return None, f"{host:.200}: the probe failed: {error!r:.500}"


async def _reach_all(
    request: ProbeRequest, sandbox: Sandbox, budget: Budget
) -> list[tuple[tuple[FamilyResult, ...], str | None]]:
    needs_tls = any(target.tls and target.port for target in request.targets)
    invocation = Invocation(
        sandbox=sandbox,
        budget=budget,
        contexts={http: make_context(http=http) for http in (False, True) if needs_tls},
        questions=asyncio.Semaphore(_QUESTIONS_AT_ONCE),
        connections=asyncio.Semaphore(_CONNECTIONS_AT_ONCE),
        attempts=request.attempts,
    )
    return await asyncio.gather(*(_reach(target, invocation) for target in request.targets))


async def _reach(
    target: Target, invocation: Invocation
) -> tuple[tuple[FamilyResult, ...], str | None]:
    """Return the target's results; a fault in the probe costs this target, not the others."""
    try:
        return await reach_target(target, invocation), None
    except Exception as error:  # noqa: BLE001 - see above; the error is in the result
        results = tuple(
            FamilyResult(
                target=target.id,
                family=family,
                outcome="not-probed",
                address=None,
                source_address=None,
                stages=(),
            )
            for family in FAMILIES
        )
        return results, f"{target.id:.200}: the probe failed: {error!r:.500}"


def _unfinished(results: tuple[FamilyResult, ...]) -> Iterator[str]:
    for result in results:
        where = f"{result.target:.200} over {result.family}"
        resolved = result.stages[0].detail.get("addresses", ()) if result.stages else ()
        if result.addresses and len(resolved) > MOST_ADDRESSES:
            yield f"{where}: only {MOST_ADDRESSES} of {len(resolved)} addresses were tried."
        stages = [stage for address in result.addresses for stage in address.stages]
        for stage in stages or result.stages:
            if stage.detail.get("cut_short"):
                spent = f"{stage.milliseconds / 1000:.1f} s"
                yield f"{where}: {stage.stage} was cut short after {spent}, the invocation ended."


def _shorten(sentences: list[str]) -> tuple[str, ...]:
    left_out = len(sentences) - _MOST_SENTENCES
    more = (f"And {left_out} more.",) if left_out > 0 else ()
    return (*sentences[:_MOST_SENTENCES], *more)


def _without_addresses(result: ProbeResult) -> ProbeResult:
    return replace(result, results=tuple(replace(one, addresses=()) for one in result.results))


def _without_details(result: ProbeResult) -> ProbeResult:
    def bare(one: FamilyResult) -> FamilyResult:
        return replace(one, stages=tuple(replace(stage, detail={}) for stage in one.stages))

    return replace(result, results=tuple(bare(one) for one in result.results))


def _without_results(result: ProbeResult) -> ProbeResult:
    return replace(result, results=(), missing=())


def _failed(error: str, started_at: str) -> ProbeResult:
    return ProbeResult(
        results=(),
        local_addresses={},
        resolvers=(),
        started_at=started_at,
        finished_at=_now(),
        error=error,
    )


def _end_of(context: Context) -> float:
    """Return when the probe must be done, so that Lambda still gets its result."""
    left = context.get_remaining_time_in_millis() / 1000
    margin = min(_LARGEST_MARGIN_SECONDS, max(_SMALLEST_MARGIN_SECONDS, left * _MARGIN))
    return time.monotonic() + left - margin


def _now() -> str:
    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
