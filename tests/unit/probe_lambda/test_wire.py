from __future__ import annotations

import re

import pytest

from probe_lambda.wire import (
    Datagram,
    HttpRequest,
    ProbeRequest,
    ProbeResult,
    Target,
    WireError,
    request_from_json,
    request_from_object,
    result_from_json,
    to_json,
)

TARGET = Target(id="t", host="api.example", port=443)


def test_a_request_reads_as_this_text():
    """The probe in an account may be older than the netprobe that calls it."""
    text = (
        '{"targets":[{"id":"t","host":"api.example","port":443,"tls":true,'
        '"http":{"path":"/prod","method":"GET"},"websocket_path":null,"families":["ipv4","ipv6"],'
        '"datagram":null,"large_request":false}],'
        '"timeout_seconds":5.0,"attempts":1,"names":false,"other_resolvers":[],'
        '"schema":"netprobe.probe/1"}'
    )
    request = ProbeRequest(
        targets=(Target(id="t", host="api.example", port=443, http=HttpRequest(path="/prod")),)
    )

    assert to_json(request) == text
    assert request_from_json(text) == request


def test_a_target_needs_no_more_than_its_place():
    value = {
        "schema": "netprobe.probe/1",
        "targets": [{"id": "t", "host": "api.example", "port": 443}],
    }

    assert request_from_object(value) == ProbeRequest(targets=(TARGET,))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"\xff", "not JSON: "),
        ("{", "not JSON: "),
        ("[" * 100_000, "not JSON: "),
        ('{"schema": NaN}', "not JSON: NaN is not a JSON number"),
        ("[]", "expected schema netprobe.probe/1, found 'list'"),
        ("{}", "expected schema netprobe.probe/1, found None"),
        ('{"schema":"netprobe.probe/2"}', "expected schema netprobe.probe/1, found 'netprobe"),
    ],
    ids=["bytes", "cut off", "deep", "nan", "list", "no schema", "next schema"],
)
def test_another_text_is_refused(text, message):
    for read in (request_from_json, result_from_json):
        with pytest.raises(WireError) as refusal:
            read(text)

        assert str(refusal.value).startswith(message)


def test_a_result_is_not_a_request():
    result = ProbeResult(
        results=(), local_addresses={}, resolvers=(), started_at="", finished_at=""
    )

    with pytest.raises(WireError, match="unknown key"):
        request_from_json(to_json(result))


@pytest.mark.parametrize(
    "host",
    [
        "",
        "a b",
        "a/b",
        "a\r\nX: y",
        "bücher.example",
        "http://a",
        "[::1]",
        ".",
        "-a",
        "a" * 256,
        "a\n",
    ],
)
def test_what_is_no_host_is_refused(host):
    with pytest.raises(WireError, match="neither an ASCII host name nor an address"):
        Target(id="t", host=host, port=443)


@pytest.mark.parametrize(
    "host", ["a", "_x._tcp.example", "xn--bcher-kva.example.", "192.0.2.1", "::1", "fe80::1%eth0"]
)
def test_names_and_addresses_are_hosts(host):
    assert Target(id="t", host=host, port=0).host == host


@pytest.mark.parametrize("port", [-1, 65536])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(WireError, match=f"{port} is not a TCP port"):
        Target(id="t", host="a", port=port)


@pytest.mark.parametrize(
    "path", ["", "x", "/a b", "/\r\nX: y", "/ü", "/\n", "*", "/" + "a" * 8001]
)
def test_what_is_no_path_is_refused(path):
    with pytest.raises(WireError, match="is not a path"):
        HttpRequest(path=path)
    with pytest.raises(WireError, match="is not a path"):
        Target(id="t", host="a", port=1, websocket_path=path)


@pytest.mark.parametrize("method", ["", "get", "GET /x", "G\r\n"])
def test_what_is_no_method_is_refused(method):
    with pytest.raises(WireError, match="is not an HTTP method"):
        HttpRequest(path="/", method=method)


@pytest.mark.parametrize("seconds", [0, -1.0, float("inf"), float("nan")])
def test_a_deadline_that_never_comes_is_refused(seconds):
    with pytest.raises(WireError, match="a timeout of"):
        ProbeRequest(targets=(), timeout_seconds=seconds)


def test_a_value_that_json_cannot_carry_is_not_sent():
    result = ProbeResult(
        results=(),
        local_addresses={"ipv4": [float("nan")]},
        resolvers=(),
        started_at="",
        finished_at="",
    )

    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(result)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"attempts": 0}, "0 attempts are not between 1 and 100"),
        ({"attempts": 101}, "101 attempts are not between 1 and 100"),
        ({"other_resolvers": ("dns.example",)}, "resolver 'dns.example' is not an address"),
    ],
)
def test_a_request_that_asks_for_the_impossible_is_refused(fields, reason):
    with pytest.raises(WireError, match=re.escape(reason)):
        ProbeRequest(targets=(), **fields)


@pytest.mark.parametrize("payload", ["0", "0G", "AB", "00" * 1201])
def test_a_payload_is_whole_bytes_in_lower_case_hexadecimal(payload):
    with pytest.raises(WireError, match="hexadecimal"):
        Datagram(payload=payload)
