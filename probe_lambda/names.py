"""A name as the programs in the sandbox see it, and what other servers say of it."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING

from probe_lambda.decode import is_address
from probe_lambda.resolve import resolve
from probe_lambda.wire import NameAnswer, NameResult

if TYPE_CHECKING:
    from collections.abc import Iterable

    from probe_lambda.sandbox import Resolver
    from probe_lambda.stage import Budget
    from probe_lambda.wire import Family

_FAMILIES: tuple[Family, Family] = ("ipv4", "ipv6")
_ANY_PORT = 53
_PATIENCE_SECONDS = 1.0
"""With servers the sandbox does not use itself; on most machines nobody is at their addresses."""


async def see_name(host: str, servers: tuple[Resolver, ...], budget: Budget) -> NameResult:
    """Return what the C library gives for a name, and what each of the servers says."""
    asked = [_ask(host, family, server, budget) for server in servers for family in _FAMILIES]
    library = asyncio.create_task(_getaddrinfo(host, budget))
    answers = await asyncio.gather(*asked)
    addresses, error, spent = await library
    seen = dict.fromkeys((*addresses, *(item for answer in answers for item in answer.addresses)))
    return NameResult(
        host=host,
        getaddrinfo=addresses,
        milliseconds=spent,
        error=error,
        sources={
            address: source for address in seen if (source := source_for(address)) is not None
        },
        answers=tuple(answers),
    )


def source_for(address: str) -> str | None:
    """Return the address the kernel would send from, None when it has none.

    Connecting a UDP socket chooses one (RFC 6724 section 5) and sends nothing.
    """
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET  # noqa: PLR2004 # the protocol's own number
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.connect((address, _ANY_PORT))
        return str(udp.getsockname()[0])
    return None


async def _getaddrinfo(host: str, budget: Budget) -> tuple[tuple[str, ...], str | None, float]:
    """Return the addresses in the C library's order, or its error, and the milliseconds.

    It cannot be told to stop, so it runs in a thread that nobody waits for past the deadline.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[str, ...]] = loop.create_future()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            _tell(loop, answer, error)
        else:
            _tell(loop, answer, tuple(dict.fromkeys(str(item[4][0]) for item in found)))

    begun = time.monotonic()
    addresses: tuple[str, ...] = ()
    text: str | None = None
    threading.Thread(target=ask, daemon=True).start()
    allowed = max(0.0, budget.seconds_for_stage())
    try:
        async with asyncio.timeout(allowed):
            addresses = await answer
    except TimeoutError:
        text = f"no answer in {allowed:.1f} s"
    except (OSError, UnicodeError) as error:
        text = str(error)
    return addresses, text, round((time.monotonic() - begun) * 1000, 3)


def _tell(
    loop: asyncio.AbstractEventLoop,
    answer: asyncio.Future[tuple[str, ...]],
    value: tuple[str, ...] | Exception,
) -> None:
    def settle() -> None:
        if answer.done():  # nobody waited so long
            return
        if isinstance(value, Exception):
            answer.set_exception(value)
        else:
            answer.set_result(value)

    with suppress(RuntimeError):  # the invocation, and its loop, have ended
        loop.call_soon_threadsafe(settle)


async def _ask(host: str, family: Family, server: Resolver, budget: Budget) -> NameAnswer:
    patient = budget.capped(_PATIENCE_SECONDS)
    stage, addresses = await resolve(host, family, (server,), patient)
    return NameAnswer(
        server=server.address,
        family=family,
        outcome=stage.outcome,
        milliseconds=stage.milliseconds,
        error=stage.error,
        addresses=addresses,
    )


def names_of(hosts: Iterable[str]) -> tuple[str, ...]:
    """Return what of the hosts is a name, each once."""
    return tuple(dict.fromkeys(host for host in hosts if not is_address(host)))
