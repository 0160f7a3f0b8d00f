"""The judge's own packets: what is written can be read, and the kernel takes their checksums."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.judge.packets import ICMP, ICMPV6, TCP, UDP, Message, read, write

ports = st.integers(1, 65535)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    is_ipv6 = draw(st.booleans())
    protocol = draw(st.sampled_from([TCP, UDP, 50, 253, ICMPV6 if is_ipv6 else ICMP]))
    has_ports = protocol in {TCP, UDP}
    return Message(
        source="3fff:c::1" if is_ipv6 else "192.0.2.1",
        destination="3fff:c::2" if is_ipv6 else "192.0.2.2",
        protocol=protocol,
        source_port=draw(ports) if has_ports else 0,
        port=draw(ports) if has_ports else 0,
        token=draw(st.integers(0, 2**32 - 2)),
        reply=draw(st.booleans()),
    )


@given(messages())
def test_message_is_read_as_it_was_written(message: Message) -> None:
    """Whatever its protocol, there and back."""
    assert read(write(message)) == message


@given(messages())
def test_reply_goes_back_with_the_same_token(message: Message) -> None:
    """From where the request went to where it came from."""
    reply = message.answered()

    assert (reply.source, reply.destination) == (message.destination, message.source)
    assert (reply.source_port, reply.port) == (message.port, message.source_port)
    assert reply.token == message.token


def test_a_strangers_packet_is_none_of_the_judges() -> None:
    """A datagram without its mark is left alone."""
    message = Message(source="192.0.2.1", destination="192.0.2.2", protocol=UDP, token=1)

    assert read(write(message).replace(b"judge", b"juror")) is None


def test_kernel_takes_a_datagram_and_its_checksum() -> None:
    """A wrong checksum would be dropped before any socket sees the data."""
    if os.geteuid() != 0:
        pytest.skip("only root may open a raw socket here")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        port = receiver.getsockname()[1]
        message = Message(
            source="127.0.0.1",
            destination="127.0.0.1",
            protocol=UDP,
            source_port=9,
            port=port,
            token=77,
        )
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender:
            sender.sendto(write(message), ("127.0.0.1", 0))

        assert receiver.recv(100) == write(message)[28:]
