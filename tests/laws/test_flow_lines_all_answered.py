"""Whatever a flows file holds, each of its lines is answered, and none of them is a bug."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from netprobe.errors import NetprobeError
from netprobe.workflows.flow_lines import Tally, answer_lines
from netprobe.workflows.trace import FlowTracer
from tests.builders import api, endpoint, function, interface, snapshot, working_vpc

APP = interface("eni-1", "10.0.1.20", "2001:db8:1:1::20", group_ids=("sg-1",))
WORLD = snapshot(*working_vpc(), APP, function(), api(), endpoint())


class Hosts:
    """Some services have a host."""

    def host(self, service: str, *, dual_stack: bool) -> str:
        if service != "s3":
            raise NetprobeError("unknown-service", f"{service} {dual_stack}")
        return "s3.us-east-1.amazonaws.com"


ENDS = st.sampled_from(
    [
        "eni-1",
        "10.0.1.20",
        "2001:db8:1:1::20",
        "subnet-private",
        "function:notify",
        "function:",
        "api:abc123",
        "api:",
        "service:s3",
        "service:",
        "vpce-1",
        "198.51.100.10",
        "3fff:a::10",
        "64:ff9b::1.2.3.4",
        "fe80::1%1",
        "999.1.1.1",
        "www.example.com",
        ".",
        "a.",
        "xn--a.b",
        "\x00",
        "\u202e.com",
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FLOWS = st.fixed_dictionaries(
    {},
    optional={
        "id": ANYTHING,
        "source": ENDS | ANYTHING,
        "destination": ENDS | ANYTHING,
        "protocol": st.sampled_from(["tcp", "udp", "icmp", 6, "17", 47, 0, 255]) | ANYTHING,
        "port": st.integers(-2, 65537) | ANYTHING,
        "source_port": st.integers(-2, 65537) | ANYTHING,
        "family": st.sampled_from(["ipv4", "ipv6", "IPv6", "x"]) | ANYTHING,
    },
)
LINES = (
    FLOWS.map(json.dumps).map(str.encode)
    | ANYTHING.map(json.dumps).map(str.encode)
    | st.binary(max_size=40).map(lambda text: text.replace(b"\n", b""))
)


@given(st.lists(LINES, max_size=6), st.integers(1, 50))
def test_each_line_is_answered_once(lines: list[bytes], size: int) -> None:
    """In one line of JSON, however the file is cut."""
    text = b"\n".join(lines)
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    tally = Tally()
    out = b"".join(answer_lines(chunks, FlowTracer(WORLD, Hosts()), tally))
    answers = [json.loads(line) for line in out.splitlines()]

    assert out.count(b"\n") == len(answers)
    flows = [line for line in text.split(b"\n") if line and not line.isspace()]
    assert len(answers) >= len(flows) - 1  # a byte order mark may be all of the first line
    assert len(answers) <= len(flows)
    assert len(answers) == tally.errors + sum(tally.dispositions.values())
    assert not [item for item in answers if "bug" in item.get("error", "")]
    assert all(("error" in item) != ("disposition" in item) for item in answers)
