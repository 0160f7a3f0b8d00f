"""Far ends on loopback for the probe to meet: TCP, TLS, HTTP and DNS servers that misbehave."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import itertools
import socket
import ssl
import struct
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from probe_lambda.sandbox import Resolver, Sandbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from pathlib import Path
    from typing import Any

    Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
    Answer = Callable[[dns.message.Message, str], bytes | None]


class Loopback:
    """A thread with an event loop that serves until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._open: list[asyncio.BaseTransport | asyncio.Server] = []
        self._accepted: list[asyncio.WriteTransport] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    def serve(
        self,
        conversation: Conversation,
        *,
        tls: ssl.SSLContext | None = None,
        address: str = "127.0.0.1",
    ) -> int:
        """Return the port of a new TCP server."""

        async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await conversation(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                pass  # the probe hangs up when it has seen enough
            finally:
                writer.transport.abort()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._accepted.append(writer.transport)
            self._tasks.append(self._loop.create_task(guarded(reader, writer)))

        server = self.run(asyncio.start_server(accept, address, 0, ssl=tls, backlog=512))
        self._open.append(server)
        return server.sockets[0].getsockname()[1]

    def serve_dns(self, answer: Answer) -> Resolver:
        """Return a DNS server that answers over UDP and TCP as ``answer`` says."""

        async def over_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            wire = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            reply = answer(dns.message.from_wire(wire), "tcp")
            if reply is not None:
                writer.write(len(reply).to_bytes(2) + reply)
                await writer.drain()
                await reader.read()
            writer.close()

        async def start() -> int:
            server = await asyncio.start_server(over_tcp, "127.0.0.1", 0)
            self._open.append(server)
            port = server.sockets[0].getsockname()[1]
            transport, _ = await self._loop.create_datagram_endpoint(
                lambda: _UdpDns(answer), local_addr=("127.0.0.1", port)
            )
            self._open.append(transport)
            return port

        return Resolver(address="127.0.0.1", port=self.run(start()))

    def close(self) -> None:
        async def cancel_all() -> None:
            # Let what was accepted a moment ago become a transport: asyncio drops the socket when
            # its server was closed in between.
            await asyncio.sleep(0.01)
            for server in self._open:
                server.close()
            for transport in self._accepted:
                transport.abort()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.sleep(0.01)  # what was aborted closes its socket

        self.run(cancel_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class _UdpDns(asyncio.DatagramProtocol):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._answer(dns.message.from_wire(data), "udp")
        if reply is not None:
            self._transport.sendto(reply, addr)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A certificate authority made for the tests, and servers' contexts signed by it."""

    file: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def server(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(
            names, key, signer=(self.certificate, self.key), expired=expired
        )
        path = self.file.with_name(f"{key.private_numbers().private_value % 10**9}.pem")
        path.write_bytes(_pem(certificate) + _pem_key(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(path)
        return context

    def client(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.file))
        context.set_alpn_protocols(["http/1.1"])
        return context


def make_authority(folder: Path) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(("Test CA",), key, signer=None)
    file = folder / "ca.pem"
    file.write_bytes(_pem(certificate))
    return Authority(file=file, certificate=certificate, key=key)


def _certificate(names, key, *, signer, expired=False):
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    years = 1 if expired else 100
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    issuer, signing_key = (signer[0].subject, signer[1]) if signer else (subject, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=not signer, path_length=None), critical=True)
    )
    if signer:
        alternatives = x509.SubjectAlternativeName([_general_name(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(signing_key, hashes.SHA256())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def answering(response: bytes) -> Conversation:
    """Answer any request with these bytes."""

    async def conversation(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(response)
        await writer.drain()
        writer.write_eof() if writer.can_write_eof() else writer.close()
        await reader.read()

    return conversation


def repeating(start: bytes, again: bytes, *, pause: float = 0.0) -> Conversation:
    """Answer with ``start`` and then with ``again`` for ever."""

    async def conversation(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(start)
        for _ in itertools.count():
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    return conversation


async def stay_silent(reader, _writer):
    """Accept, read and say nothing."""
    while await reader.read(4096):
        pass


async def reset_after_first_bytes(reader, writer):
    """Send RST as soon as the other side has spoken."""
    await reader.read(1)
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def records(
    query: dns.message.Message, *lines: str, rcode: str = "NOERROR"
) -> dns.message.Message:
    """Return a reply with these answer records, written ``name ttl class type data``."""
    reply = dns.message.make_response(query)
    reply.set_rcode(dns.rcode.from_text(rcode))
    for line in lines:
        name, ttl, rdclass, rdtype, data = line.split(maxsplit=4)
        reply.answer.append(dns.rrset.from_text(name, int(ttl), rdclass, rdtype, data))
    return reply


def truncated(query: dns.message.Message) -> bytes:
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.TC
    return reply.to_wire()


def sandbox(*resolvers: Resolver, ipv6: bool = True) -> Sandbox:
    """Return a sandbox with an address of each family, or of IPv4 alone."""
    return Sandbox(
        ipv4_addresses=("192.0.2.2",),
        ipv6_addresses=("2001:db8::2",) if ipv6 else (),
        resolvers=resolvers,
    )
