"""The opening handshake of a WebSocket (RFC 6455), on a connection of its own."""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import ExitStack
from http import HTTPStatus
from typing import TYPE_CHECKING

from probe_lambda.connect import open_socket
from probe_lambda.handshake import open_stream
from probe_lambda.request import exchange, judge
from probe_lambda.stage import StageError, run_stage

if TYPE_CHECKING:
    import ssl

    from probe_lambda.connect import Peer
    from probe_lambda.handshake import Stream
    from probe_lambda.request import Answer
    from probe_lambda.stage import Budget, Detail
    from probe_lambda.wire import Stage, Target

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3


async def websocket(
    target: Target, peer: Peer, context: ssl.SSLContext | None, budget: Budget
) -> Stage:
    """Return the websocket stage, whose one deadline covers its connect and its TLS too."""
    key = base64.b64encode(os.urandom(16)).decode("ascii")
    lines = [
        f"GET {target.websocket_path} HTTP/1.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]

    async def open_websocket(detail: Detail) -> tuple[Stream, Answer]:
        connected = await open_socket(peer, detail)
        stream = await open_stream(connected, target.host, context)
        closing.callback(stream.abort)
        answer = await exchange(stream, target, lines, detail)
        if answer.status == HTTPStatus.SWITCHING_PROTOCOLS and not _accepts(answer, key):
            message = "101 with the Sec-WebSocket-Accept of another key"
            raise StageError(message, outcome="http-error")
        return stream, answer

    with ExitStack() as closing:
        stage, opened = await run_stage("websocket", budget, open_websocket)
        if opened is None:
            return stage
        stream, answer = opened
        wanted = answer.status == HTTPStatus.SWITCHING_PROTOCOLS
        return await judge(stage, stream, answer, budget, wanted=wanted)


def _accepts(answer: Answer, key: str) -> bool:
    """Tell whether the server proved that it read this key (RFC 6455 section 4.1)."""
    digest = hashlib.sha1(f"{key}{_GUID}".encode("ascii"), usedforsecurity=False).digest()
    return answer.headers.get("sec-websocket-accept") == base64.b64encode(digest).decode("ascii")
