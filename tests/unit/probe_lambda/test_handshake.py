from __future__ import annotations

import asyncio
import math
import socket
import ssl

import pytest

from probe_lambda.handshake import handshake, make_context
from probe_lambda.stage import Budget
from tests.unit.probe_lambda.loopback import reset_after_first_bytes, stay_silent

HOST = "api.example"


def shake(port, context, *, host=HOST, seconds=2.0):
    async def try_once():
        connected = socket.create_connection(("127.0.0.1", port))
        connected.settimeout(0)
        budget = Budget(timeout_seconds=seconds, ends_at=math.inf)
        stage, stream = await handshake(connected, host, context, budget)
        if stream is not None:
            stream.abort()
        return stage, stream is not None

    return asyncio.run(try_once())


def test_the_session_and_the_certificate_are_kept(loopback, authority):
    port = loopback.serve(stay_silent, tls=authority.server(HOST, "other.example"))

    stage, opened = shake(port, authority.client())

    assert opened
    assert (stage.stage, stage.outcome, stage.error) == ("handshake", "reachable", None)
    assert stage.detail == {
        "version": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384",
        "alpn": "http/1.1",
        "certificate_names": [HOST, "other.example"],
        "issuer": "Test CA",
        "not_after": "Dec  8 00:00:00 2119 GMT",
    }


def test_a_certificate_for_another_name_fails_and_names_the_other(loopback, authority):
    port = loopback.serve(stay_silent, tls=authority.server("wrong.example"))

    stage, opened = shake(port, authority.client())

    assert not opened
    assert stage.outcome == "tls-failed"
    assert stage.error == "Hostname mismatch, certificate is not valid for 'api.example'."


@pytest.mark.usefixtures("trusted")
def test_the_names_on_a_certificate_for_another_name_are_kept(loopback, authority):
    port = loopback.serve(stay_silent, tls=authority.server("wrong.example"))

    stage, _ = shake(port, make_context(http=True))

    assert stage.detail["certificate_names"] == ["wrong.example"]
    assert stage.detail["issuer"] == "Test CA"


def test_the_trust_store_can_be_named_by_the_sandbox(loopback, trusted):
    port = loopback.serve(stay_silent, tls=trusted.server(HOST))

    assert shake(port, make_context(http=True))[1]


def test_an_authority_that_is_not_trusted_fails_with_the_reason(loopback, authority):
    port = loopback.serve(stay_silent, tls=authority.server(HOST))

    stage, _ = shake(port, ssl.create_default_context())

    assert (stage.outcome, stage.error) == (
        "tls-failed",
        "unable to get local issuer certificate",
    )


def test_the_issuer_of_a_certificate_of_unknown_authority_is_told(loopback, authority):
    """A middlebox that intercepts signs with an authority of its own, and that is its name."""
    port = loopback.serve(stay_silent, tls=authority.server(HOST))

    stage, opened = shake(port, make_context(http=True))

    assert not opened
    assert (stage.outcome, stage.error) == ("tls-failed", "unable to get local issuer certificate")
    assert (stage.detail["issuer"], stage.detail["certificate_names"]) == ("Test CA", [HOST])


def test_the_alert_of_a_server_is_kept(loopback):
    """What the server objects to is in its alert (RFC 8446 section 6): here the TLS version."""

    async def object_to_version(reader, writer):
        await reader.read(4096)
        writer.write(bytes.fromhex("15 0303 0002 02 46"))  # alert, fatal, protocol_version
        await writer.drain()
        await reader.read()

    stage, _ = shake(loopback.serve(object_to_version), ssl.create_default_context())

    assert stage.outcome == "tls-failed"
    assert stage.detail["alert"] == "TLSV1_ALERT_PROTOCOL_VERSION"


def test_an_expired_certificate_fails_with_the_reason(loopback, authority):
    port = loopback.serve(stay_silent, tls=authority.server(HOST, expired=True))

    stage, _ = shake(port, authority.client())

    assert (stage.outcome, stage.error) == ("tls-failed", "certificate has expired")


def test_an_address_is_checked_against_the_certificates_addresses(loopback, authority):
    good = loopback.serve(stay_silent, tls=authority.server("127.0.0.1"))
    bad = loopback.serve(stay_silent, tls=authority.server(HOST))

    assert shake(good, authority.client(), host="127.0.0.1")[1]
    assert shake(bad, authority.client(), host="127.0.0.1")[0].outcome == "tls-failed"


def test_the_roots_dot_is_not_part_of_the_server_name(loopback, authority):
    port = loopback.serve(stay_silent, tls=authority.server(HOST))

    assert shake(port, authority.client(), host=f"{HOST}.")[1]


def test_only_http_is_announced(loopback, authority):
    """A database may refuse a client that offers it HTTP."""
    port = loopback.serve(stay_silent, tls=authority.server(HOST))
    context = make_context(http=False)
    context.load_verify_locations(authority.file)

    assert shake(port, context)[0].detail["alpn"] is None


def test_a_reset_after_the_first_bytes_is_a_reset(loopback):
    stage, _ = shake(loopback.serve(reset_after_first_bytes), ssl.create_default_context())

    assert (stage.outcome, stage.error) == ("reset", "ECONNRESET: Connection reset by peer")


def test_a_server_that_never_speaks_is_a_timeout(loopback):
    port = loopback.serve(stay_silent)

    stage, _ = shake(port, ssl.create_default_context(), seconds=0.2)

    assert (stage.outcome, stage.error) == ("timeout", "no answer in 0.2 s")


def test_a_server_that_speaks_something_else_fails(loopback):
    async def speak_plainly(reader, writer):
        writer.write(b"220 mail.example ESMTP\r\n" * 10)
        await reader.read()

    stage, _ = shake(loopback.serve(speak_plainly), ssl.create_default_context())

    assert (stage.outcome, stage.error) == ("tls-failed", "WRONG_VERSION_NUMBER")


def test_a_server_that_hangs_up_is_a_reset(loopback):
    async def hang_up(reader, writer):
        await reader.read(4096)
        writer.close()

    stage, _ = shake(loopback.serve(hang_up), ssl.create_default_context())

    assert stage.outcome == "reset"
