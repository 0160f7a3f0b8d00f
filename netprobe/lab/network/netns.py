"""Builds a compiled network on this machine, and takes it away."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from netprobe.lab.network.isolation import tool
from netprobe.lab.network.layout import INTERNET, Namespace, Topology
from netprobe.lab.network.linux import inside
from netprobe.lab.network.nat64 import Translator

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
            f"link add {link.one[1]} netns {self.name(link.one[0])} type veth "
            f"peer name {link.other[1]} netns {self.name(link.other[0])}"
            for link in self.topology.links
        )
        for space in spaces:
            with inside(self.name(space.name)):
                _fill(space)
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
    if space.name == INTERNET:
        settings |= {
            "ipv6/ip_nonlocal_bind": "1"
        }  # its IPv6 addresses are a route's, not a device's
    if not space.has_ipv6:
        settings |= {"ipv6/conf/all/disable_ipv6": "1", "ipv6/conf/default/disable_ipv6": "1"}
    for name, value in settings.items():
        path = Path("/proc/sys/net", name)
        if path.exists():  # a kernel without IPv6 has half of them
            path.write_text(value, encoding="ascii")


def _fill(space: Namespace) -> None:
    _ip(("link set lo up", *space.ipv4))
    if space.ipv6 and space.has_ipv6:
        _ip(space.ipv6, "-6")
    if space.rules:
        _run([tool("nft"), "-f", "-"], space.rules)


def _ip(commands: Iterable[str], *options: str) -> None:
    _run([tool("ip"), *options, "-batch", "-"], "".join(f"{line}\n" for line in commands))


def _run(command: list[str], text: str) -> None:
    done = subprocess.run(  # noqa: S603 # the program's path is found, its words are ours
        command, input=text, capture_output=True, text=True, check=False, env={"PATH": os.defpath}
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.strip()}\n{text}")
