"""One DNS question, asked as the sandbox's C library would ask it, with the whole answer kept.

It goes to the servers of resolv.conf over UDP without EDNS, and again over TCP when the answer was
truncated (RFC 7766 section 5). Names are absolute: search domains are not tried.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from functools import partial
from ipaddress import IPv6Network, ip_address
from typing import TYPE_CHECKING

from probe_lambda.stage import StageError, describe, outcome_of, run_stage

if TYPE_CHECKING:
    from probe_lambda.dns_message import Question, Reply
    from probe_lambda.sandbox import Resolver
    from probe_lambda.stage import Budget, Detail
    from probe_lambda.wire import Family, Outcome, Stage

_ROUNDS = 2
"""How often each server is asked before the deadline, since UDP may lose a packet."""
_LARGEST_DATAGRAM = 65535
_NAT64_PREFIX = IPv6Network("64:ff9b::/96")
_OUTCOMES: dict[str, Outcome] = {"NOERROR": "dns-nodata", "NXDOMAIN": "dns-nxdomain"}
"""Of answers without an address; REFUSED and the like count as a SERVFAIL, the rcode is kept."""


async def resolve(
    host: str, family: Family, resolvers: tuple[Resolver, ...], budget: Budget
) -> tuple[Stage, tuple[str, ...]]:
    """Return the resolve stage and the addresses of ``family``, in the order of the answer."""
    import probe_lambda.dns_message  # noqa: F401, PLC0415 - here its 70 ms are not the stage's

    patience = budget.seconds_for_stage() / (_ROUNDS * max(1, len(resolvers)))
    work = partial(_resolve, host, family, resolvers, patience)
    stage, addresses = await run_stage("resolve", budget, work)
    if stage.outcome == "timeout":  # some server may have answered, though nothing of use
        stage = replace(
            stage, outcome="dns-servfail" if "rcode" in stage.detail else "dns-timeout"
        )
    return stage, addresses or ()


def is_synthesised(address: str) -> bool:
    """Tell whether DNS64 made the address: it lies in the well-known prefix of RFC 6052."""
    return ip_address(address) in _NAT64_PREFIX


async def _resolve(
    host: str, family: Family, resolvers: tuple[Resolver, ...], patience: float, detail: Detail
) -> tuple[str, ...]:
    from probe_lambda import dns_message  # noqa: PLC0415 - only where a name is to be resolved

    if not resolvers:
        message = "resolv.conf names no server"
        raise StageError(message, outcome="dns-timeout")
    try:
        question = dns_message.Question(host, family)
    except dns_message.DnsMessageError as error:
        raise StageError(str(error), outcome="not-probed") from error
    try:
        reply = await _ask_in_turn(question, resolvers, patience, detail)
    except dns_message.DnsMessageError as error:
        raise StageError(str(error), outcome="dns-servfail") from error
    except OSError as error:
        ours = outcome_of(error) == "not-probed"
        outcome: Outcome = "not-probed" if ours else "dns-timeout"
        raise StageError(describe(error), outcome=outcome) from error
    if not reply.addresses:
        answer = "NODATA" if reply.rcode == "NOERROR" else reply.rcode
        raise StageError(answer, outcome=_OUTCOMES.get(reply.rcode, "dns-servfail"))
    return reply.addresses


async def _ask_in_turn(
    question: Question, resolvers: tuple[Resolver, ...], patience: float, detail: Detail
) -> Reply:
    """Return the first conclusive reply, else the last one, or raise what came instead.

    The next server is asked when one fails or has been silent for ``patience`` seconds; a reply
    that comes later than that still counts.
    """
    turns = iter(resolvers * _ROUNDS)
    waiting: set[asyncio.Task[Reply]] = set()
    last: asyncio.Task[Reply] | None = None
    try:
        while True:
            resolver = next(turns, None)
            if resolver is not None:
                waiting.add(asyncio.create_task(_ask(question, resolver, detail)))
            elif last is not None and not waiting:
                return last.result()
            done, waiting = await asyncio.wait(
                waiting,
                timeout=None if resolver is None else patience,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for last in done:
                if last.exception() is None and last.result().conclusive:
                    return last.result()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def _ask(question: Question, resolver: Resolver, detail: Detail) -> Reply:
    wire = await _ask_over_udp(question, resolver)
    if question.was_truncated(wire):
        wire = await _ask_over_tcp(question, resolver)
    reply = question.read(wire)
    detail |= {
        "server": resolver.address,
        "rcode": reply.rcode,
        "addresses": list(reply.addresses),
        "cname": list(reply.cname),
        "ttl": reply.ttl,
    }
    synthesised = [item for item in reply.addresses if is_synthesised(item)]
    if synthesised:
        detail["synthesised"] = synthesised
    return reply


async def _ask_over_udp(question: Question, resolver: Resolver) -> bytes:
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in resolver.address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.settimeout(0)
        await loop.sock_connect(udp, (resolver.address, resolver.port))
        await loop.sock_sendall(udp, question.wire)
        while True:
            wire = await loop.sock_recv(udp, _LARGEST_DATAGRAM)
            if question.is_answered_by(wire):
                return wire


async def _ask_over_tcp(question: Question, resolver: Resolver) -> bytes:
    """Ask again on a connection, where a length of two bytes goes before each message."""
    reader, writer = await asyncio.open_connection(resolver.address, resolver.port)
    try:
        writer.write(len(question.wire).to_bytes(2) + question.wire)
        while True:
            wire = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            if question.is_answered_by(wire):
                return wire
    except asyncio.IncompleteReadError as error:
        message = "the server closed the connection before its answer"
        raise ConnectionResetError(message) from error
    finally:
        writer.transport.abort()
