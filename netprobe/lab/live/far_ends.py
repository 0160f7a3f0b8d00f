"""The servers behind the lab's names: TLS and HTTP on the internet and on interface endpoints."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass

from netprobe.lab.live.api_gateway import ApiGateway, Caller
from netprobe.lab.live.authority import Authority
from netprobe.lab.live.http_message import Request, Response, amazon, read_request
from netprobe.lab.network.linux import inside
from netprobe.lab.network.world import Host, World

HTTPS_PORT = 443
_CLIENT_HELLO = 0x16
"""First byte of a TLS record that carries a handshake (RFC 8446, section 5.1)."""
_PATIENCE_SECONDS = 30
_FALLBACK_NAME = "unnamed.lab.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a server listens: on the internet, or behind an endpoint's interface."""

    namespace: str
    vpc_id: str | None
    ports: tuple[int, ...]
    endpoint_id: str | None = None


class FarEnd:
    """All servers of one place, until it is closed."""

    def __init__(
        self, place: Place, world: World, authority: Authority, gateway: ApiGateway
    ) -> None:
        self._place = place
        self._world = world
        self._gateway = gateway
        self._context = authority.server_context(_FALLBACK_NAME)
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
            peer = connection.getpeername()[0]
            hosts = () if self._place.endpoint_id else self._world.at(address)
            first = connection.recv(1, socket.MSG_PEEK)
            if not first:
                return
            if hosts and hosts[0].behaviour == "reset-after-client-hello":
                _reset(connection)
                return
            secured = first[0] == _CLIENT_HELLO
            talk = (
                self._context.wrap_socket(connection, server_side=True) if secured else connection
            )
            with talk:
                request = read_request(talk)
                if request is not None:
                    talk.sendall(self._answer(request, peer, hosts).to_bytes())
                    if isinstance(talk, ssl.SSLSocket):
                        talk.unwrap()

    def _answer(self, request: Request, peer: str, hosts: tuple[Host, ...]) -> Response:
        if hosts:
            named = (host for host in hosts if host.name == request.host)
            return _of_world(next(named, hosts[0]))
        if self._gateway.serves(request.host):
            caller = Caller(
                address=peer, vpc_id=self._place.vpc_id if self._place.endpoint_id else None,
                endpoint_id=self._place.endpoint_id,
            )  # fmt: skip
            return self._gateway.answer(request, caller)
        text = '{"message":"Missing Authentication Token"}'
        return amazon(403, text, "MissingAuthenticationTokenException")


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
