"""The fields of a flow, as programs and people write them."""

from __future__ import annotations

import pytest

from netprobe.errors import UsageError
from netprobe.model.addresses import Family
from netprobe.workflows.flow_requests import FlowRequest, read_request

FLOW = {"source": "eni-1", "destination": "10.0.2.9", "protocol": "tcp", "port": 443}


def test_every_field_is_read() -> None:
    """What section 5 of the product says a flow has."""
    asked = read_request(FLOW | {"id": "a", "source_port": 40000, "family": "ipv4"})

    assert asked == FlowRequest(
        source="eni-1",
        destination="10.0.2.9",
        protocol=6,
        port=443,
        source_port=40000,
        family=Family.IPV4,
    )


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("tcp", 6),
        ("UDP", 17),
        ("icmp", 1),
        ("icmpv6", 58),
        (47, 47),
        ("50", 50),
        (0, 0),
        (255, 255),
    ],
)
def test_protocol_is_a_name_or_a_number(written: object, number: int) -> None:
    """A number may come as text."""
    assert read_request(FLOW | {"protocol": written}).protocol == number


def test_protocols_without_ports_need_none() -> None:
    """A port that comes with them means nothing."""
    asked = {"source": "eni-1", "destination": "10.0.2.9", "protocol": "icmp"}

    assert read_request(asked).port == 0
    assert read_request(asked | {"port": "any"}).port == 0


def test_null_counts_as_absent() -> None:
    """Programs that write every field are understood."""
    assert read_request(FLOW | {"source_port": None, "family": None}) == read_request(FLOW)


BAD = [
    ([], "a flow is a JSON object"),
    ("eni-1", "a flow is a JSON object"),
    (None, "a flow is a JSON object"),
    ({}, "field protocol is missing"),
    (FLOW | {"source": None}, "field source is missing"),
    (FLOW | {"destination": None}, "field destination is missing"),
    ({"source": "eni-1", "dest": "a.b", "protocol": "udp", "port": 1}, "'dest' means"),
    (FLOW | {"port": None}, "field port is missing"),
    (FLOW | {"source": 7}, "field source is 7"),
    (FLOW | {"destination": " "}, "field destination is ' '"),
    (FLOW | {"port": "https"}, "no port 'https'"),
    (FLOW | {"port": -1}, "no port -1"),
    (FLOW | {"port": 65536}, "no port 65536"),
    (FLOW | {"port": True}, "no port True"),
    (FLOW | {"port": 443.0}, "no port 443.0"),
    (FLOW | {"port": [443]}, r"no port \[443\]"),
    (FLOW | {"port": "٤٤٣"}, "no port"),
    (FLOW | {"source_port": 70000}, "no source port 70000"),
    (FLOW | {"protocol": "sctp"}, "no protocol 'sctp'"),
    (FLOW | {"protocol": -1}, "no protocol -1"),
    (FLOW | {"protocol": 256}, "no protocol 256"),
    (FLOW | {"protocol": True}, "no protocol True"),
    (FLOW | {"protocol": {}}, "no protocol {}"),
    (FLOW | {"family": "inet6"}, "no family 'inet6'"),
    (FLOW | {"family": 6}, "no family 6"),
]


@pytest.mark.parametrize(("document", "says"), BAD, ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_named(document: object, says: str) -> None:
    """In one line, with the value that was given."""
    with pytest.raises(UsageError, match=says) as raised:
        read_request(document)
    assert "\n" not in str(raised.value)
