"""One target from its name to its answer: both families, every address, stage after stage."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING

from probe_lambda.connect import Peer, connect
from probe_lambda.datagram import exchange_datagrams
from probe_lambda.handshake import handshake, open_stream
from probe_lambda.request import large_request, request
from probe_lambda.resolve import resolve
from probe_lambda.websocket import websocket
from probe_lambda.wire import AddressResult, Attempt, FamilyResult

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Iterable, Mapping

    from probe_lambda.handshake import Stream
    from probe_lambda.sandbox import Sandbox
    from probe_lambda.stage import Budget
    from probe_lambda.wire import Family, Outcome, Stage, Target

FAMILIES: tuple[Family, Family] = ("ipv4", "ipv6")

MOST_ADDRESSES = 16
"""Addresses of one family that are tried; S3 answers with eight."""


SECONDS_BETWEEN_ATTEMPTS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What all targets of one invocation share."""

    sandbox: Sandbox
    budget: Budget
    contexts: Mapping[bool, ssl.SSLContext]
    """TLS for HTTP and for anything else."""
    questions: asyncio.Semaphore
    connections: asyncio.Semaphore
    """Lambda gives a sandbox 1,024 file descriptors; what waits for one has not begun."""
    attempts: int = 1


async def reach_target(target: Target, invocation: Invocation) -> tuple[FamilyResult, ...]:
    """Return what the target answered over IPv4 and over IPv6, which are tried together."""
    results = (_reach_repeatedly(target, family, invocation) for family in FAMILIES)
    return tuple(await asyncio.gather(*results))


async def _reach_repeatedly(
    target: Target, family: Family, invocation: Invocation
) -> FamilyResult:
    """Return the first attempt in full and all of them in short.

    They overlap, so that ten attempts at a silent target take one deadline and a second.
    """

    async def attempt(number: int) -> FamilyResult:
        await asyncio.sleep(number * SECONDS_BETWEEN_ATTEMPTS)
        return await reach_family(target, family, invocation)

    results = await asyncio.gather(*(attempt(number) for number in range(invocation.attempts)))
    if len(results) == 1:
        return results[0]
    return replace(results[0], attempts=tuple(_shorten(result) for result in results))


def _shorten(result: FamilyResult) -> Attempt:
    return Attempt(
        outcome=result.outcome,
        address=result.address,
        milliseconds={
            stage.stage: stage.milliseconds
            for stage in result.stages
            if stage.outcome == "reachable"
        },
    )


async def reach_family(target: Target, family: Family, invocation: Invocation) -> FamilyResult:
    """Return what the target answered over one family; its name is asked for in any case."""
    literal = _literal_family(target.host)
    if literal is not None:
        literals = (target.host,) if literal == family else ()
        return await _reach_addresses(target, family, literals, (), invocation)
    async with invocation.questions:
        resolvers = invocation.sandbox.resolvers
        stage, addresses = await resolve(target.host, family, resolvers, invocation.budget)
    return await _reach_addresses(target, family, addresses, (stage,), invocation)


def _literal_family(host: str) -> Family | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return "ipv4" if isinstance(address, IPv4Address) else "ipv6"


async def _reach_addresses(
    target: Target,
    family: Family,
    addresses: tuple[str, ...],
    resolved: tuple[Stage, ...],
    invocation: Invocation,
) -> FamilyResult:
    reached: list[AddressResult] = []
    if target.port and family in target.families:
        peers = (
            Peer(address=address, family=family, port=target.port, sandbox=invocation.sandbox)
            for address in addresses[:MOST_ADDRESSES]
        )
        attempts = (_reach_address(target, peer, invocation) for peer in peers)
        reached = await asyncio.gather(*attempts)
    if not reached:
        return FamilyResult(
            target=target.id,
            family=family,
            outcome=_outcome_of_name(target, resolved),
            address=None,
            source_address=None,
            stages=resolved,
        )
    best = next((result for result in reached if result.outcome == "reachable"), reached[0])
    return FamilyResult(
        target=target.id,
        family=family,
        outcome=best.outcome,
        address=best.address,
        source_address=best.source_address,
        stages=(*resolved, *best.stages),
        addresses=tuple(reached),
    )


def _outcome_of_name(target: Target, resolved: tuple[Stage, ...]) -> Outcome:
    """Return the outcome where nothing was connected to."""
    failure = _first_failure(resolved)
    only_the_name = target.port == 0 and bool(resolved)
    return failure if failure != "reachable" or only_the_name else "not-probed"


def _first_failure(stages: Iterable[Stage]) -> Outcome:
    return next((stage.outcome for stage in stages if stage.outcome != "reachable"), "reachable")


async def _reach_address(target: Target, peer: Peer, invocation: Invocation) -> AddressResult:
    async with invocation.connections:
        if target.datagram is not None:
            stage = await exchange_datagrams(target.datagram, peer, invocation.budget)
            stages = [stage]
        else:
            stage, connected = await connect(peer, invocation.budget)
            stages = [stage]
            if connected is not None:
                stages += await _converse(target, peer, connected, invocation)
    return AddressResult(
        address=peer.address,
        source_address=stage.detail.get("source_address"),
        outcome=_first_failure(stages),
        stages=tuple(stages),
    )


async def _converse(
    target: Target, peer: Peer, connected: socket.socket, invocation: Invocation
) -> list[Stage]:
    """Return the stages after a connect; the request does not decide if the WebSocket is tried."""
    budget = invocation.budget
    speaks_http = target.http is not None or target.websocket_path is not None
    context = invocation.contexts[speaks_http] if target.tls else None
    stages = []
    if context is None:
        stream: Stream | None = await open_stream(connected, target.host, None)
    else:
        stage, stream = await handshake(connected, target.host, context, budget)
        stages.append(stage)
    if stream is None:
        return stages
    asked = []
    if target.http is not None:
        asked.append(request(stream, target, target.http, budget))
    if target.websocket_path is not None:
        asked.append(websocket(target, peer, context, budget))
    try:
        stages += await asyncio.gather(*asked)
    finally:
        stream.abort()
    answered = any(stage.stage == "request" and "status" in stage.detail for stage in stages)
    if target.large_request and answered:
        stages.append(await large_request(target, peer, context, budget))
    return stages
