"""TLS on a connected socket: the server's certificate, judged by the sandbox's trust store."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from probe_lambda.stage import StageError, describe, run_stage

if TYPE_CHECKING:
    import socket

    from probe_lambda.stage import Budget, Detail
    from probe_lambda.wire import Stage

READ_AHEAD_BYTES = 16384
"""What is buffered of a server that sends more than is read; also the longest header line."""

# X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL's x509_vfy.h
_NAME_MISMATCHES = {62, 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """An open connection, with TLS or without."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def abort(self) -> None:
        """Close at once, whatever the other side does."""
        self.writer.transport.abort()


def make_context(*, http: bool) -> ssl.SSLContext:
    """Return a client's context with the sandbox's trust store, which SSL_CERT_FILE may name.

    Only HTTP is announced by ALPN: a server of another protocol may refuse a client that offers
    it (RFC 7301 section 3.2).
    """
    context = ssl.create_default_context()
    if http:
        context.set_alpn_protocols(["http/1.1"])
    return context


async def open_stream(
    connected: socket.socket, host: str, context: ssl.SSLContext | None
) -> Stream:
    """Return the connected socket as a stream, which closes it, also when this fails.

    The server name is sent without the root's dot (RFC 6066 section 3).
    """
    reader, writer = await asyncio.open_connection(
        sock=connected,
        ssl=context,
        server_hostname=host.rstrip(".") if context is not None else None,
        limit=READ_AHEAD_BYTES,
    )
    return Stream(reader=reader, writer=writer)


async def handshake(
    connected: socket.socket, host: str, context: ssl.SSLContext, budget: Budget
) -> tuple[Stage, Stream | None]:
    """Return the handshake stage and the encrypted stream, which the caller must abort."""
    return await run_stage("handshake", budget, partial(_handshake, connected, host, context))


async def _handshake(
    connected: socket.socket, host: str, context: ssl.SSLContext, detail: Detail
) -> Stream:
    address = connected.getpeername()[:2]
    try:
        stream = await open_stream(connected, host, context)
    except ssl.SSLCertVerificationError as error:
        with suppress(OSError):
            detail |= await _refused_certificate(address, host, error)
        raise StageError(describe(error), outcome="tls-failed") from error
    except ssl.SSLError as error:
        if "ALERT" in (error.reason or ""):  # TLSV1_ALERT_..., what the server said (RFC 8446)
            detail["alert"] = error.reason
        raise
    detail |= _describe_session(stream)
    return stream


async def _refused_certificate(
    address: tuple[str, int], host: str, error: ssl.SSLCertVerificationError
) -> Detail:
    """Ask again for any name: Python shows no certificate it refused.

    One of an unknown issuer is fetched first and trusted for this look at it alone, so that the
    report can say whose it is: a middlebox that intercepts signs with an authority of its own.
    """
    context = make_context(http=False)
    context.check_hostname = False
    if error.verify_code not in _NAME_MISMATCHES:
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=await _presented(address, host))
    return await _look(address, host, context)


async def _presented(address: tuple[str, int], host: str) -> bytes:
    """Return the server's own certificate in DER, whoever signed it."""
    context = make_context(http=False)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _, writer = await asyncio.open_connection(
        *address, ssl=context, server_hostname=host.rstrip(".")
    )
    try:
        session: ssl.SSLObject = writer.get_extra_info("ssl_object")
        return session.getpeercert(binary_form=True) or b""
    finally:
        writer.transport.abort()


async def _look(address: tuple[str, int], host: str, context: ssl.SSLContext) -> Detail:
    reader, writer = await asyncio.open_connection(
        *address, ssl=context, server_hostname=host.rstrip(".")
    )
    stream = Stream(reader=reader, writer=writer)
    try:
        return _describe_session(stream)
    finally:
        stream.abort()


def _describe_session(stream: Stream) -> Detail:
    session: ssl.SSLObject = stream.writer.get_extra_info("ssl_object")
    certificate: dict[str, Any] = session.getpeercert() or {}
    issuer = dict(part for rdn in certificate.get("issuer", ()) for part in rdn)
    expiry = certificate.get("notAfter")
    cipher = session.cipher()
    return {
        "version": session.version(),
        "cipher": cipher[0] if cipher else None,
        "alpn": session.selected_alpn_protocol(),
        "certificate_names": [name for _, name in certificate.get("subjectAltName", ())][:50],
        "issuer": issuer.get("commonName") or issuer.get("organizationName"),
        "not_after": expiry,
    }
