"""One HTTP/1.1 request without credentials, and the part of the answer that tells who answered."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING

from probe_lambda.connect import open_socket
from probe_lambda.handshake import READ_AHEAD_BYTES, open_stream
from probe_lambda.stage import StageError, run_stage

if TYPE_CHECKING:
    import ssl

    from probe_lambda.connect import Peer
    from probe_lambda.handshake import Stream
    from probe_lambda.stage import Budget, Detail
    from probe_lambda.wire import HttpRequest, Outcome, Stage, Target

_TELLING_HEADERS = frozenset({
    "apigw-requestid", "content-type", "location", "server", "via", "x-amz-apigw-id",
    "x-amz-request-id", "x-amzn-errortype", "x-amzn-requestid", "x-cache",
})  # fmt: skip
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")
_FIRST_FAILURE = 400
_INTERIM = frozenset({100, *range(102, 200)})  # not 101, which ends the exchange
_WITHOUT_BODY = frozenset({101, 204, 304})
_MOST_STATUS_LINE = 200
_MOST_HEADER_VALUE = 512
_MOST_BODY = 512
_PADDINGS, _PADDING_BYTES = 6, 1000
"""More than four packets of 1,500 bytes, and less than API Gateway's 10,240 bytes of headers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
"""
_BODY_SECONDS = 1.0
"""The status has answered the question; the body is only evidence of who answered."""


@dataclass(slots=True, kw_only=True)
class Answer:
    """The head of an HTTP response, as far as it was read."""

    status: int
    status_line: str
    headers: dict[str, str] = field(default_factory=dict)
    """All of them, names in lower case; of repeated ones the last."""

    def telling_headers(self) -> dict[str, str]:
        """Return the headers that tell who answered."""
        kept = _TELLING_HEADERS & self.headers.keys()
        return {name: self.headers[name][:_MOST_HEADER_VALUE] for name in sorted(kept)}


async def request(stream: Stream, target: Target, http: HttpRequest, budget: Budget) -> Stage:
    """Return the request stage; redirects are not followed."""
    lines = [f"{http.method} {http.path} HTTP/1.1", "Accept: */*", "Connection: close"]
    if http.method in {"POST", "PUT", "PATCH"}:
        lines.append("Content-Length: 0")  # RFC 9110 section 8.6
    stage, answer = await run_stage("request", budget, partial(exchange, stream, target, lines))
    if answer is None:
        return stage
    return await judge(stage, stream, answer, budget, wanted=answer.status < _FIRST_FAILURE)


async def large_request(
    target: Target, peer: Peer, context: ssl.SSLContext | None, budget: Budget
) -> Stage:
    """Return the large-request stage: the request again, longer than any one packet.

    Any answer proves that full-size packets pass, also a refusal of so long a header. The one
    deadline covers connect and TLS too.
    """
    padding = [f"X-Netprobe-Padding-{n}: {'x' * _PADDING_BYTES}" for n in range(_PADDINGS)]
    method, path = (target.http.method, target.http.path) if target.http else ("GET", "/")
    lines = [f"{method} {path} HTTP/1.1", "Accept: */*", "Connection: close", *padding]

    async def send(detail: Detail) -> Answer:
        connected = await open_socket(peer, detail)
        stream = await open_stream(connected, target.host, context)
        try:
            return await exchange(stream, target, lines, detail)
        finally:
            stream.abort()

    stage, _ = await run_stage("large-request", budget, send)
    return stage


async def exchange(stream: Stream, target: Target, lines: list[str], detail: Detail) -> Answer:
    """Send a request of these lines, without a body, and return the head of the answer."""
    head = [lines[0], f"Host: {_authority(target)}", "User-Agent: netprobe", *lines[1:], "", ""]
    stream.writer.write("\r\n".join(head).encode("ascii"))
    allowance = READ_AHEAD_BYTES
    while True:
        line = await _read_line(stream)
        answer = _read_status_line(line)
        detail["status"] = answer.status
        allowance = await _read_headers(stream, answer, allowance - len(line))
        detail["headers"] = answer.telling_headers()
        # An interim answer is followed by the one that counts (RFC 9110 section 15.2).
        if allowance <= 0 or answer.status not in _INTERIM:
            return answer


async def judge(
    stage: Stage, stream: Stream, answer: Answer, budget: Budget, *, wanted: bool
) -> Stage:
    """Return the stage with the beginning of the body, and failed unless the answer was wanted."""
    body = bytearray()
    patience = min(_BODY_SECONDS, budget.seconds_for_stage())
    with suppress(OSError, ValueError):  # whatever was read by then is evidence enough
        async with asyncio.timeout(patience):
            await _read_body(stream.reader, answer, body)
    outcome: Outcome = "reachable" if wanted else "http-error"
    text = body.decode("utf-8", "replace")
    return replace(
        stage,
        outcome=outcome,
        error=None if wanted else answer.status_line,
        detail=stage.detail | {"body": text} | _seen_as(text),
    )


def _seen_as(body: str) -> Detail:
    """Return the address the far end saw, where its whole answer is one."""
    try:
        return {"seen_as": str(ip_address(body.strip()))}
    except ValueError:
        return {}


def _authority(target: Target) -> str:
    """Return the Host header's value; a zone id is of no use to the server (RFC 6874)."""
    host = target.host.rstrip(".").partition("%")[0]
    host = f"[{host}]" if ":" in host else host
    usual = 443 if target.tls else 80
    return host if target.port == usual else f"{host}:{target.port}"


def _read_status_line(line: bytes) -> Answer:
    match = _STATUS_LINE.fullmatch(line)
    if match is None:
        message = f"not an HTTP answer: {line[:_MOST_STATUS_LINE]!r}"
        raise StageError(message, outcome="http-error")
    text = line[:_MOST_STATUS_LINE].decode("latin-1").strip()
    return Answer(status=int(match[1]), status_line=text)


async def _read_headers(stream: Stream, answer: Answer, allowance: int) -> int:
    """Fill in the headers; return how many bytes the server may still send before the body."""
    while allowance > 0:
        line = await _read_line(stream)
        if not line.strip():
            break
        allowance -= len(line)
        name, _, value = line.decode("latin-1").partition(":")
        answer.headers[name.strip().lower()] = value.strip()
    return allowance


async def _read_line(stream: Stream) -> bytes:
    try:
        return await stream.reader.readuntil(b"\n")
    except asyncio.LimitOverrunError as error:
        message = f"a header line of more than {READ_AHEAD_BYTES} bytes"
        raise StageError(message, outcome="http-error") from error
    except asyncio.IncompleteReadError as error:
        if error.partial:
            return error.partial
        message = "the server closed the connection without an answer"
        raise ConnectionResetError(message) from error


async def _read_body(reader: asyncio.StreamReader, answer: Answer, body: bytearray) -> None:
    """Append the beginning of the body, which a status may exclude (RFC 9112 section 6.3)."""
    if answer.status in _WITHOUT_BODY:
        return
    if "chunked" not in answer.headers.get("transfer-encoding", "").lower():
        length = int(answer.headers.get("content-length", _MOST_BODY))
        await _read_up_to(reader, length, body)
        return
    while len(body) < _MOST_BODY:
        size = int((await reader.readline()).split(b";")[0], 16)
        if size <= 0:
            return
        await _read_up_to(reader, len(body) + size, body)
        await reader.readline()


async def _read_up_to(reader: asyncio.StreamReader, length: int, body: bytearray) -> None:
    """Read until the body is this long, or long enough, or at its end."""
    while missing := min(length, _MOST_BODY) - len(body):
        part = await reader.read(missing)
        if not part:
            return
        body += part
