"""HTTP requests and responses, as far as the lab's servers need them."""

from __future__ import annotations

import http
import uuid
from dataclasses import dataclass, field
from typing import Protocol
from xml.sax.saxutils import escape

_MOST_HEAD = 64 * 1024
_MOST_BODY = 1024 * 1024


class Readable(Protocol):
    """A connection to read from."""

    def recv(self, size: int, /) -> bytes:
        """Return some bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request."""

    method: str
    target: str
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes = b""

    @property
    def host(self) -> str:
        """The Host header's name, without its port."""
        return self.headers.get("host", "").rsplit(":", 1)[0].lower()

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def is_signed(self) -> bool:
        """Tell whether the request carries a signature (version 4), in a header or the query."""
        return "authorization" in self.headers or "X-Amz-Signature" in self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP response."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the response as it goes over the wire; the connection closes after it."""
        payload = self.body.encode()
        try:
            reason = http.HTTPStatus(self.status).phrase
        except ValueError:
            reason = "Unknown"
        switching = self.status == http.HTTPStatus.SWITCHING_PROTOCOLS
        headers = dict(self.headers)
        if not switching:
            headers |= {"Content-Length": str(len(payload)), "Connection": "close"}
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + payload


def amazon(status: int, body: str, kind: str | None = None) -> Response:
    """Return an answer as AWS's services give it, with a request id and an error type."""
    headers = {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid.uuid4())}
    if kind:
        headers["x-amzn-ErrorType"] = kind
    return Response(status=status, body=body, headers=headers)


def simple_storage(code: str, text: str, status: int = 403) -> Response:
    """Return a refusal as Amazon S3 gives it ("REST error responses" in its API reference)."""
    request_id = uuid.uuid4().hex[:16].upper()
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code>'
        f"<Message>{escape(text)}</Message><RequestId>{request_id}</RequestId></Error>"
    )
    headers = {"Content-Type": "application/xml", "x-amz-request-id": request_id}
    return Response(status=status, body=body, headers=headers | {"Server": "AmazonS3"})


def read_request(connection: Readable) -> Request | None:
    """Read one request; None where what comes is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(4096)
        if not more or len(data) > _MOST_HEAD:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3:  # noqa: PLR2004 # method, target, version
        return None
    fields = (line.partition(":") for line in lines[1:])
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    length = min(int(headers.get("content-length") or 0), _MOST_BODY)
    while len(body) < length:
        more = connection.recv(4096)
        if not more:
            break
        body += more
    return Request(method=words[0], target=words[1], headers=headers, body=body)
