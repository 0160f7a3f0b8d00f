"""One UDP datagram to one address, and whether anything comes back."""

from __future__ import annotations

import asyncio
import socket
from functools import partial
from typing import TYPE_CHECKING

from probe_lambda.connect import lacks_address, note_source
from probe_lambda.stage import StageError, describe, run_stage

if TYPE_CHECKING:
    from probe_lambda.connect import Peer
    from probe_lambda.stage import Budget, Detail
    from probe_lambda.wire import Datagram, Stage

_AF = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}
_LARGEST_DATAGRAM = 65535
_MOST_REPLY_BYTES = 512


async def exchange_datagrams(datagram: Datagram, peer: Peer, budget: Budget) -> Stage:
    """Return the datagram stage.

    Silence is a timeout and proves nothing: UDP has no answer of its own. An ICMP port
    unreachable comes back to a connected socket as ECONNREFUSED (udp(7)).
    """
    stage, _ = await run_stage("datagram", budget, partial(_exchange, datagram, peer))
    return stage


async def _exchange(datagram: Datagram, peer: Peer, detail: Detail) -> None:
    loop = asyncio.get_running_loop()
    try:
        with socket.socket(_AF[peer.family], socket.SOCK_DGRAM) as udp:
            udp.settimeout(0)
            await loop.sock_connect(udp, (peer.address, peer.port))
            note_source(udp, detail)
            await loop.sock_sendall(udp, bytes.fromhex(datagram.payload))
            reply = await loop.sock_recv(udp, _LARGEST_DATAGRAM)
    except OSError as error:
        if lacks_address(error, has_address=peer.sandbox.can_send(peer.family)):
            raise StageError(describe(error), outcome="no-local-address") from error
        raise
    detail["reply"] = reply[:_MOST_REPLY_BYTES].hex()
