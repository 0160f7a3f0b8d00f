"""Block Public Access and the other switches that close internet gateways to an interface."""

from __future__ import annotations

from netprobe.lab.network.described import Described
from netprobe.lab.network.layout import chain
from netprobe.lab.network.routes import EGRESS_ONLY, INTERNET_GATEWAY
from netprobe.lab.network.sites import Site

_IN_FORCE = {"create-complete", "update-complete"}


def public_access_chains(site: Site) -> list[str]:
    """Return the chain of Block Public Access, none where nothing is closed.

    An internet gateway is closed both ways in either mode. NAT and egress-only gateways carry
    what begins inside unless the mode is bidirectional. An exclusion ``allow-bidirectional``
    lifts all of it, ``allow-egress`` lets NAT and egress-only gateways work again and no more:
    https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html and the measured
    scenarios in https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-example.html
    The subnet that touches the gateway decides: for a NAT gateway that is its own.
    """
    direct, nat, egress_only = _closed_devices(site)
    direct += [i.device for i in site.interfaces if i.no_internet_gateway]
    rules = []
    for devices, link in ((direct, INTERNET_GATEWAY), (nat, INTERNET_GATEWAY)):
        if devices:
            inside = ", ".join(dict.fromkeys(devices))
            rules.append(f"oifname {link} iifname {{ {inside} }} drop")
            # Replies through an egress-only gateway or an endpoint come in by the same link.
            begun = f"iifname {link} ct direction original"
            rules.append(f"{begun} oifname {{ {inside} }} drop")
    if egress_only:
        inside = ", ".join(egress_only)
        rules.append(f"oifname {EGRESS_ONLY} iifname {{ {inside} }} drop")
    if not rules:
        return []
    head = "type filter hook forward priority -25; policy accept;"
    return [chain("public_access", [head, *rules])]


def _closed_devices(site: Site) -> tuple[list[str], list[str], list[str]]:
    """Return devices without an internet gateway: ordinary ones, NAT ones; and without egress."""
    described = site.described
    mode = described.shared.public_access.get("InternetGatewayBlockMode", "off")
    direct: list[str] = []
    nat: list[str] = []
    egress_only: list[str] = []
    if mode == "off":
        return direct, nat, egress_only
    for item in site.interfaces:
        excluded = _exclusion(described, item.subnet_id)
        if item.kind == "nat":
            if mode == "block-bidirectional" and not excluded:
                nat.append(item.device)
            continue
        if excluded != "allow-bidirectional":
            direct.append(item.device)
        if mode == "block-bidirectional" and not excluded:
            egress_only.append(item.device)
    return direct, nat, egress_only


def _exclusion(described: Described, subnet_id: str) -> str:
    """Return the mode of the exclusion a subnet is under: its own, or its VPC's."""
    modes = {
        str(item["ResourceArn"]).rpartition("/")[2]: str(item["InternetGatewayExclusionMode"])
        for item in described.shared.exclusions
        if item.get("State") in _IN_FORCE
    }
    found = {modes.get(subnet_id, ""), modes.get(described.vpc_id, "")}
    return max(found, key=("", "allow-egress", "allow-bidirectional").index)
