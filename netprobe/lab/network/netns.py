"""Builds a compiled network on this machine, and takes it away."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from netprobe.lab.network.isolation import tool
from netprobe.lab.network.layout import INTERNET, Namespace, Topology
from netprobe.lab.network.linux import inside

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

    def remove(self) -> None:
        """Take everything away; links go with their namespaces."""
        _ip(f"netns del {self.name(space.name)}" for space in self.topology.namespaces)


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
