"""The pages of what keeps the lab from running."""

from __future__ import annotations

from netprobe.render.error_page import Page

PAGES: dict[str, Page] = {
    "lab-bad-world": Page(
        "The world file cannot be used",
        "It could not be read, is not TOML, or declares something unknown; the line says where. "
        "A world has [[host]] tables (name, ipv4, ipv6, listen, behaviour) and [[resolver]] "
        "tables (address, forwards_to).",
    ),
    "lab-did-not-start": Page(
        "The demo's own lab ended before it was ready",
        "What the lab itself said is on the lines above. netprobe demo --replay needs no lab.",
    ),
    "lab-failed": Page(
        "The lab ended in a way it should not",
        "The log above says what it was doing. Nothing of it is left on the machine: its "
        "networks live in namespaces that end with it.",
    ),
    "lab-needs-namespaces": Page(
        "The lab may not make network namespaces here",
        "It needs Linux, and either root or unprivileged user namespaces. In a container, add "
        "--cap-add SYS_ADMIN --cap-add NET_ADMIN, or run netprobe demo --replay.",
    ),
    "lab-needs-tools": Page(
        "The lab lacks one of the programs it builds networks with",
        "Install iproute2 (ip) and nftables (nft): apt-get install iproute2 nftables.",
    ),
    "lab-not-installed": Page(
        "The lab's Python packages are not installed",
        "They are an extra, because a check needs none of them: pip install 'netprobe[lab]'.",
    ),
    "lab-port-taken": Page(
        "The lab cannot listen on that port",
        "Another process has it, or the port is below 1024 and needs root. Give another --port, "
        "or 0 for a free one.",
    ),
}
