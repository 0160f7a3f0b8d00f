"""Lambda's Runtime API for one invocation, on the loopback of the function's own namespace.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass, field

from netprobe.lab.live.http_message import Request, Response, read_request
from netprobe.lab.network.linux import inside

_BASE = "/2018-06-01/runtime"


@dataclass(slots=True)
class RuntimeApi:
    """Hands the event to the runtime client once, and keeps what it posts."""

    request_id: str
    function_arn: str
    event: str
    deadline: float
    """Epoch seconds at which the function must have answered."""
    payload: str | None = None
    failed: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    _server: socket.socket | None = None
    _taken: bool = False

    def listen(self, namespace: str) -> str:
        """Start to listen in a namespace and return the address for AWS_LAMBDA_RUNTIME_API."""
        with inside(namespace):
            self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()
        host, port = self._server.getsockname()
        return f"{host}:{port}"

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return  # closed
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError):
            request = read_request(connection)
            if request is not None:
                response = self._answer(request)
                if response is not None:
                    connection.sendall(response.to_bytes())

    def _answer(self, request: Request) -> Response | None:
        if request.path == f"{_BASE}/invocation/next":
            if self._taken:  # a second question means the first was answered: nothing more comes
                time.sleep(max(0.0, self.deadline - time.time()))
                return None
            self._taken = True
            return Response(status=200, body=self.event, headers=self._headers())
        body = request.body.decode("utf-8", "replace")
        failed = request.path.endswith("/error")
        self.payload, self.failed = body, failed
        self.done.set()
        return Response(status=202, body='{"status":"OK"}')

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(self.deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self.function_arn,
            "Lambda-Runtime-Trace-Id": json.dumps(None),
        }
