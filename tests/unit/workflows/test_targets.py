"""How targets are written, and which ones are picked when none is."""

from __future__ import annotations

import pytest

from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.errors import NetprobeError, UsageError
from netprobe.model.report import TargetKind
from netprobe.model.workloads import ApiKind
from netprobe.workflows.targets import MOST_APIS, choose_targets, parse_target
from tests.builders import REGION, api, endpoint, gap, snapshot, vpc

HOSTS = BotocoreHosts(REGION)
ACCOUNT = snapshot(
    vpc(),
    api("ws1", ApiKind.WEBSOCKET, stages=("prod",)),
    api("rest1", ApiKind.REST, stages=("v1", "v2")),
    api("http1", ApiKind.HTTP, stages=("$default",)),
)

READS = [
    # text, (host, port, kind, tls, path, websocket path)
    ("https://example.com/a?b=1", ("example.com", 443, "https", True, "/a?b=1", None)),
    ("https://example.com:8443", ("example.com", 8443, "https", True, "/", None)),
    ("http://example.com", ("example.com", 80, "http", False, "/", None)),
    ("wss://example.com/prod", ("example.com", 443, "websocket", True, None, "/prod")),
    ("tcp://db.example.com:5432", ("db.example.com", 5432, "tcp", False, None, None)),
    ("tcp://[2001:db8::1]:22", ("2001:db8::1", 22, "tcp", False, None, None)),
    ("udp://db.example.com:161", ("db.example.com", 161, "udp", False, None, None)),
    ("ntp://169.254.169.123", ("169.254.169.123", 123, "ntp", False, None, None)),
    ("dns://example.com", ("example.com", 0, "dns", False, None, None)),
    ("example.com", ("example.com", 443, "https", True, None, None)),
    ("example.com:5432", ("example.com", 5432, "tcp", False, None, None)),
    ("192.0.2.1", ("192.0.2.1", 443, "tcp", False, None, None)),
    ("192.0.2.1:25", ("192.0.2.1", 25, "tcp", False, None, None)),
    ("2001:db8::1", ("2001:db8::1", 443, "tcp", False, None, None)),
    ("[2001:db8::1]:80", ("2001:db8::1", 80, "tcp", False, None, None)),
    ("https://bücher.example/ü", ("xn--bcher-kva.example", 443, "https", True, "/%C3%BC", None)),
]


@pytest.mark.parametrize(("text", "expected"), READS, ids=[row[0] for row in READS])
def test_target_is_read(text: str, expected: tuple[object, ...]) -> None:
    """Every form of the manual gives the host, port and talk it says."""
    (target,) = parse_target(text, ACCOUNT, HOSTS)

    found = (target.host, target.port, str(target.kind), target.tls, target.path,
             target.websocket_path)  # fmt: skip
    assert found == expected


@pytest.mark.parametrize(
    ("text", "first_byte", "length"),
    [
        ("ntp://192.0.2.1", "23", 48),
        ("udp://192.0.2.1:53", "6e", 17),
        ("udp://192.0.2.1:9", "00", 1),
    ],
)
def test_a_datagram_is_one_its_server_would_answer(
    text: str, first_byte: str, length: int
) -> None:
    """A question of NTP or DNS on their ports; any byte on others."""
    (target,) = parse_target(text, ACCOUNT, HOSTS)

    assert target.payload is not None
    assert (target.payload[:2], len(target.payload) // 2) == (first_byte, length)


APIS = [
    ("api:ws1", TargetKind.WEBSOCKET_API, "/prod/@connections/netprobe", "/prod"),
    ("api:ws1/beta", TargetKind.WEBSOCKET_API, "/beta/@connections/netprobe", "/beta"),
    ("api:rest1", TargetKind.REST_API, "/v1/", None),
    ("api:rest1/v2", TargetKind.REST_API, "/v2/", None),
    ("api:http1", TargetKind.HTTP_API, "/", None),
    ("arn:aws:apigateway:us-east-1::/restapis/rest1/stages/v2", TargetKind.REST_API, "/v2/", None),
    ("arn:aws:execute-api:us-east-1:123456789012:rest1/v2", TargetKind.REST_API, "/v2/", None),
]


@pytest.mark.parametrize(("text", "kind", "path", "websocket"), APIS, ids=[r[0] for r in APIS])
def test_api_is_asked_at_its_stage(
    text: str, kind: TargetKind, path: str, websocket: str | None
) -> None:
    """A WebSocket API is asked both ways; the first stage serves when none is named."""
    (target,) = parse_target(text, ACCOUNT, HOSTS)

    assert (target.kind, target.path, target.websocket_path) == (kind, path, websocket)


UNREADABLE = ["", "ftp://x", "https://", "tcp://host", "host:99999", "a b", "http:///x", "dns://"]


@pytest.mark.parametrize("text", UNREADABLE)
def test_unreadable_target_is_a_usage_error_that_shows_the_forms(text: str) -> None:
    """The message names the text and every form it could have."""
    with pytest.raises(UsageError) as raised:
        parse_target(text, ACCOUNT, HOSTS)

    assert repr(text) in str(raised.value)
    assert "service:NAME" in str(raised.value)


def test_unknown_api_names_the_nearest() -> None:
    """A typo in an API's id costs one try."""
    with pytest.raises(NetprobeError, match=r"no API 'rest2'.*did you mean api:rest1"):
        parse_target("api:rest2", ACCOUNT, HOSTS)


def test_service_gives_its_plain_host_and_its_dual_stack_host_as_an_alternative() -> None:
    """Only the host SDKs use by default decides; the other shows a way."""
    plain, dual = parse_target("service:s3", ACCOUNT, HOSTS)

    assert (plain.host, plain.surveyed) == ("s3.us-east-1.amazonaws.com", False)
    assert (dual.host, dual.surveyed) == ("s3.dualstack.us-east-1.amazonaws.com", True)


def test_url_of_an_api_is_known_as_that_api() -> None:
    """A URL on an API's default host gets what is known of the API."""
    (target,) = parse_target(f"https://ws1.execute-api.{REGION}.amazonaws.com/x", ACCOUNT, HOSTS)

    assert (target.api_id, target.kind) == ("ws1", TargetKind.WEBSOCKET_API)
    assert target.path_given


def test_defaults_are_the_apis_the_endpoints_and_a_survey() -> None:
    """What the VPC evidently uses decides the verdict; the rest only looks around."""
    account = snapshot(vpc(), api("ws1"), endpoint("vpce-ssm", "ssm"))

    chosen = choose_targets((), account, "vpc-1", HOSTS)

    asked = {target.id for target in chosen.targets if not target.surveyed}
    surveyed = {target.id for target in chosen.targets if target.surveyed}
    assert asked == {"api:ws1", "service:ssm"}
    assert surveyed == {
        "service:s3", "service:dynamodb", "service:secretsmanager", "service:sts",
        "service:logs", "control",
    }  # fmt: skip


def test_too_many_apis_are_cut_and_said() -> None:
    """A region with hundreds of APIs is not probed in silence or in full."""
    account = snapshot(vpc(), *(api(f"a{number:03}") for number in range(MOST_APIS + 5)))

    chosen = choose_targets((), account, "vpc-1", HOSTS)

    assert sum(target.api_id is not None for target in chosen.targets) == MOST_APIS
    assert any("25 APIs" in remark for remark in chosen.remarks)


def test_api_that_may_be_unread_is_not_called_unknown() -> None:
    """A failed read proves nothing: the error names the call and the action to allow."""
    account = snapshot(vpc(), gap("apigatewayv2:GetApis"))

    with pytest.raises(NetprobeError, match="apigatewayv2:GetApis") as raised:
        parse_target("api:ws1", account, HOSTS)

    assert raised.value.reference == "apis-not-read"
