"""Builds a compiled network on this machine, and takes it away."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from netprobe.lab.network.isolation import tool
from netprobe.lab.network.layout import INTERNET, Namespace, Topology
from netprobe.lab.network.linux import inside
from netprobe.lab.network.nat64 import Translator

_AT_A_TIME = 4
_ALIKE = "address 02:00:00:00:00:01 arp off"
"""Both ends of a link have one link-layer address, so none needs to ask for the other's.

A question that comes before the other end listens is asked again a second later, and meanwhile
packets are lost: seen for IPv6 on a busy machine.
"""
_SIOCGIFFLAGS = 0x8913
_IFF_RUNNING = 0x40
_PATIENCE_MILLISECONDS = 5000
_SETTINGS = {
    "ipv4/conf/all/rp_filter": "0",
    "ipv4/conf/default/rp_filter": "0",
    "ipv4/conf/all/send_redirects": "0",
    "ipv4/conf/default/send_redirects": "0",
    # Duplicate address detection would hold the first IPv6 packet for a second.
    "ipv6/conf/all/accept_dad": "0",
    "ipv6/conf/default/accept_dad": "0",
    "ipv6/conf/all/dad_transmits": "0",
    "ipv6/conf/default/dad_transmits": "0",
}


class Network:
    """One topology in being; its namespaces carry a prefix, so that two can be at once."""

    def __init__(self, topology: Topology, prefix: str) -> None:
        self.topology = topology
        self._prefix = prefix
        self._translators: list[Translator] = []

    def name(self, namespace: str) -> str:
        """Return what ``ip netns`` calls one of the topology's namespaces."""
        return f"{self._prefix}-{namespace}"

    def build(self) -> None:
        """Make the namespaces, their links, addresses, routes and filters."""
        spaces = self.topology.namespaces
        _ip(f"netns add {self.name(space.name)}" for space in spaces)
        for space in spaces:
            with inside(self.name(space.name)):
                _set(space)
        _ip(
            f"link add {link.one[1]} {_ALIKE} netns {self.name(link.one[0])} type veth "
            f"peer name {link.other[1]} {_ALIKE} netns {self.name(link.other[0])}"
            for link in self.topology.links
        )
        programs = [(self.name(space.name), list(_programs(space))) for space in spaces]
        # What comes second in a namespace builds on what came first.
        _together((name, *own[0]) for name, own in programs)
        _together((name, *later) for name, own in programs for later in own[1:])
        self._await_links()
        self._translators = [Translator(self.name(item)) for item in self.topology.translators]

    def _await_links(self) -> None:
        """Wait until every device passes packets: until then the kernel drops them unseen.

        The end of a link that came up first is told a little later that the other one has.
        """
        devices: dict[str, list[str]] = {}
        for link in self.topology.links:
            for space, device in (link.one, link.other):
                devices.setdefault(space, []).append(device)
        for space, names in devices.items():
            with inside(self.name(space)), socket.socket(socket.AF_INET) as asking:
                for name in names:
                    _await_running(asking, name)
        time.sleep(0.001)  # the device is told to be running just before its queue opens

    def remove(self) -> None:
        """Take everything away; links go with their namespaces."""
        for translator in self._translators:
            translator.close()
        self._translators = []
        _ip(f"netns del {self.name(space.name)}" for space in self.topology.namespaces)


def _await_running(asking: socket.socket, device: str) -> None:
    """Wait for IFF_RUNNING, see netdevice(7)."""
    request = struct.pack("16sH14x", device.encode(), 0)
    for _ in range(_PATIENCE_MILLISECONDS):
        _, flags = struct.unpack("16sH14x", fcntl.ioctl(asking, _SIOCGIFFLAGS, request))
        if flags & _IFF_RUNNING:
            return
        time.sleep(0.001)
    raise RuntimeError(f"{device} did not come up")


def _set(space: Namespace) -> None:
    settings = dict(_SETTINGS)
    if space.forwards:
        settings |= {"ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1"}
    if space.name == INTERNET:  # its IPv6 addresses are a route's, not a device's
        settings |= {"ipv6/ip_nonlocal_bind": "1"}
    if not space.has_ipv6:
        settings |= {"ipv6/conf/all/disable_ipv6": "1", "ipv6/conf/default/disable_ipv6": "1"}
    for name, value in settings.items():
        path = Path("/proc/sys/net", name)
        if path.exists():  # a kernel without IPv6 has half of them
            path.write_text(value, encoding="ascii")


def _programs(space: Namespace) -> Iterator[tuple[list[str], str]]:
    """Yield the programs that fill a namespace, with what they read.

    One ``ip`` can take the commands of both families, and starting it is most of what a
    namespace costs; but it knows the family of addresses and routes only, not of rules.
    """
    batch = [tool("ip"), "-batch", "-"]
    lines = ["link set lo up", *space.ipv4]
    ipv6 = space.ipv6 if space.has_ipv6 else ()
    apart = any(line.startswith("rule") for line in ipv6)
    if not apart:
        lines += [line.replace(" default", " ::/0") for line in ipv6]
    yield batch, "".join(f"{line}\n" for line in lines)
    if apart:
        yield [batch[0], "-6", *batch[1:]], "".join(f"{line}\n" for line in ipv6)
    if space.rules:
        yield [tool("nft"), "-f", "-"], space.rules


def _ip(commands: Iterable[str]) -> None:
    _finish(_start([tool("ip"), "-batch", "-"], "".join(f"{line}\n" for line in commands)))


def _together(programs: Iterable[tuple[str, list[str], str]]) -> None:
    """Run programs, each in a namespace, a few at a time."""
    running: deque[_Running] = deque()
    try:
        for namespace, command, text in programs:
            with inside(namespace):
                running.append(_start(command, text))
            if len(running) > _AT_A_TIME:
                _finish(running.popleft())
    finally:
        while running:
            _finish(running.popleft())


@dataclass(frozen=True, slots=True)
class _Running:
    """A program under way, and what it was told."""

    process: subprocess.Popen[str]
    text: str


def _start(command: list[str], text: str) -> _Running:
    """Start a program on its whole input at once: a pipe would hold it up until it is asked."""
    descriptor = os.memfd_create("commands")
    with os.fdopen(descriptor, "w", encoding="ascii") as source:
        source.write(text)
        source.flush()
        source.seek(0)
        process = subprocess.Popen(  # noqa: S603 # the program's path is found, its words are ours
            command,
            stdin=source,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": os.defpath},
        )
    return _Running(process, text)


def _finish(program: _Running) -> None:
    _, complaint = program.process.communicate()
    if program.process.returncode != 0:
        raise RuntimeError(f"{program.process.args!r} failed: {complaint}\n{program.text}")
