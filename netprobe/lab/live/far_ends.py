"""The servers behind the lab's names: TLS and HTTP on the internet and on interface endpoints."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from netprobe.lab.live import services
from netprobe.lab.live.api_gateway import ApiGateway
from netprobe.lab.live.apis import FRONT_END
from netprobe.lab.live.authority import Authority
from netprobe.lab.live.callers import Caller
from netprobe.lab.live.http_message import Request, Response, read_request
from netprobe.lab.network.linux import inside
from netprobe.lab.network.world import Host, World

HTTPS_PORT = 443
_CLIENT_HELLO = 0x16
"""First byte of a TLS record that carries a handshake (RFC 8446, section 5.1)."""
_PATIENCE_SECONDS = 30
_FALLBACK_NAME = "unnamed.lab.invalid"
_AMAZON = (".amazonaws.com", ".api.aws")
"""What the names of AWS's services end in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a server listens: on the internet, or behind an endpoint's interface."""

    namespace: str
    ports: tuple[int, ...]
    caller_of: Callable[[str, str], Caller]
    """Tells who asks, from the addresses of both ends of a connection."""
    policy_of_bucket: Callable[[str], str]
    """Tells the policy of an S3 bucket, empty when it has none."""
    endpoint_service: str = ""
    """The service of the endpoint, ``execute-api``; empty on the internet."""


class FarEnd:
    """All servers of one place, until it is closed."""

    def __init__(
        self, place: Place, world: World, authority: Authority, gateway: ApiGateway
    ) -> None:
        self._place = place
        self._world = world
        self._gateway = gateway
        if place.endpoint_service:
            own = gateway.certificate_name_of(place.endpoint_service)
            self._context = authority.server_context(own, lambda name: name.endswith(_AMAZON))
        else:
            self._context = authority.server_context(_FALLBACK_NAME, lambda _: True)
        self._front_end = authority.server_context(gateway.certificate_name, gateway.serves)
        self._sockets: list[socket.socket] = []
        with inside(place.namespace):
            for port in place.ports:
                self._listen(port)
        # A thread keeps the namespace it is started in, and these ask the control plane outside.
        for server in self._sockets:
            threading.Thread(target=self._accept, args=(server,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        for item in self._sockets:
            with contextlib.suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)
            item.close()

    def _listen(self, port: int) -> None:
        for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):  # noqa: S104 # of a namespace of its own
            try:
                server = socket.socket(family, socket.SOCK_STREAM)
            except OSError:
                continue  # a kernel without IPv6
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                server.bind((address, port))
            except OSError:
                server.close()  # the namespace has no such family
                continue
            server.listen(128)
            self._sockets.append(server)

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError):
            connection.settimeout(_PATIENCE_SECONDS)
            address = connection.getsockname()[0]
            caller = self._place.caller_of(connection.getpeername()[0], address)
            hosts = () if self._place.endpoint_service else self._world.at(address)
            first = connection.recv(1, socket.MSG_PEEK)
            if not first:
                return
            if hosts and hosts[0].behaviour == "reset-after-client-hello":
                _reset(connection)
                return
            secured = first[0] == _CLIENT_HELLO
            context = self._context_at(address, hosts)
            talk = context.wrap_socket(connection, server_side=True) if secured else connection
            with talk:
                request = read_request(talk)
                if request is not None:
                    talk.sendall(self._answer(request, caller, hosts).to_bytes())
                    if isinstance(talk, ssl.SSLSocket):
                        talk.unwrap()

    def _context_at(self, address: str, hosts: tuple[Host, ...]) -> ssl.SSLContext:
        """Return the context of an address: API Gateway and endpoints certify their own names.

        A name that leads to an execute-api endpoint by a CNAME finds no certificate of its own
        there: https://repost.aws/knowledge-center/api-gateway-vpc-connections
        """
        is_front_end = address in FRONT_END and not self._place.endpoint_service
        return self._front_end if is_front_end and not hosts else self._context

    def _answer(self, request: Request, caller: Caller, hosts: tuple[Host, ...]) -> Response:
        """Answer for the host at an address, or for AWS.

        A host of the world file that is an API's or a custom domain's name moves it to another
        address; what it answers there is still API Gateway's to say, unless the file does.
        """
        host = next((host for host in hosts if host.name == request.host), None)
        own = host is None or host.behaviour == "https"
        if own and self._gateway.answers(request.host):
            return self._gateway.answer(request, caller)
        if hosts:
            return services.refuse(request, caller) or _of_world(host or hosts[0])
        if self._gateway.serves(request.host):
            return self._gateway.answer(request, caller)
        return services.answer(request, caller, self._place.policy_of_bucket)


def _of_world(host: Host) -> Response:
    if host.behaviour == "slow":
        time.sleep(host.number)
    status = int(host.number) if host.behaviour == "status" else 200
    return Response(status=status, body=f"{host.name}\n", headers={"Content-Type": "text/plain"})


def _reset(connection: socket.socket) -> None:
    """Read what came and hang up with a reset instead of a close (SO_LINGER of zero)."""
    connection.recv(4096)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
