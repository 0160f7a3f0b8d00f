"""TCP to one address, with the errno and the address it was sent from."""

from __future__ import annotations

import asyncio
import errno
import socket
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING

from probe_lambda.stage import StageError, describe, run_stage

if TYPE_CHECKING:
    from probe_lambda.sandbox import Sandbox
    from probe_lambda.stage import Budget, Detail
    from probe_lambda.wire import Family, Stage

_AF = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}
# What Linux answers, at once and without a packet, to a socket that has nothing to send from:
# Lambda without Ipv6AllowedForDualStack gives 97 (issue 49 of its Python runtime client), a kernel
# with IPv6 switched off 99, one without a route 101.
_NOTHING_TO_SEND_FROM = {errno.EADDRNOTAVAIL, errno.ENETUNREACH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One address to connect to, seen from one sandbox."""

    address: str
    family: Family
    port: int
    sandbox: Sandbox


async def connect(peer: Peer, budget: Budget) -> tuple[Stage, socket.socket | None]:
    """Return the connect stage and the connected socket, which the caller must close."""
    return await run_stage("connect", budget, partial(open_socket, peer))


async def open_socket(peer: Peer, detail: Detail) -> socket.socket:
    """Return a connected socket; raises StageError, OSError or asyncio's TimeoutError."""
    try:
        opened = socket.socket(_AF[peer.family], socket.SOCK_STREAM)
        return await _connect(opened, peer, detail)
    except OSError as error:
        detail["errno"] = error.errno
        if lacks_address(error, has_address=peer.sandbox.can_send(peer.family)):
            raise StageError(describe(error), outcome="no-local-address") from error
        raise


def lacks_address(error: OSError, *, has_address: bool) -> bool:
    """Tell whether the error says that the sandbox has nothing of this family to send from."""
    if error.errno == errno.EAFNOSUPPORT:
        return True
    # With an address the same errors speak of the way there.
    return error.errno in _NOTHING_TO_SEND_FROM and not has_address


async def _connect(opened: socket.socket, peer: Peer, detail: Detail) -> socket.socket:
    opened.settimeout(0)
    try:
        await asyncio.get_running_loop().sock_connect(opened, (peer.address, peer.port))
    except BaseException:
        note_source(opened, detail)
        opened.close()
        raise
    note_source(opened, detail)
    return opened


def note_source(opened: socket.socket, detail: Detail) -> None:
    """Keep the address the kernel chose when the SYN left, also of a connect that failed."""
    source = opened.getsockname()[0]
    if not ip_address(source).is_unspecified:
        detail["source_address"] = source
