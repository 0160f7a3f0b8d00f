"""Security groups and network ACLs as nftables chains of the VPC's router.

Both live in the router's forward hook. A filter in the interface's own namespace would make a
denied datagram fail at once with EPERM; in AWS it vanishes, and the sender times out. What goes
to the Amazon DNS server ends in the router's input hook, and so meets neither: "network ACLs and
security groups do not filter traffic to and from Route 53 Resolver" (Amazon VPC user guide).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netprobe.lab.network.described import Described, Json
from netprobe.lab.network.interfaces import Interface
from netprobe.lab.network.layout import chain
from netprobe.lab.network.matches import IPV4, IPV6, fits, match_addresses, match_traffic

Chains = list[str]
Interfaces = tuple[Interface, ...]


def security_group_chains(described: Described, interfaces: Interfaces) -> Chains:
    """Return the chains of the security groups: stateful, the union of an interface's groups."""
    groups = {group["GroupId"]: group for group in described.security_groups}
    members = {
        group_id: tuple(
            address
            for interface in interfaces
            if group_id in (interface.group_ids or ())
            for address in (*interface.ipv4, *interface.ipv6)
        )
        for group_id in groups
    }
    sets = sorted({i.group_ids for i in interfaces if i.group_ids is not None})
    number_of = {group_ids: number for number, group_ids in enumerate(sets)}
    chains = []
    for group_ids, number in number_of.items():
        for name, key, side in (
            ("egress", "IpPermissionsEgress", "daddr"),
            ("ingress", "IpPermissions", "saddr"),
        ):
            rules = [
                f"{rule} return"
                for group_id in group_ids
                for permission in groups[group_id].get(key) or ()
                for rule in _permission(permission, side, members, described.prefix_lists)
            ]
            chains.append(chain(f"{name}{number}", [*rules, "drop"]))
    guarded = [(i.device, number_of[i.group_ids]) for i in interfaces if i.group_ids is not None]
    chains.append(
        chain(
            "security_groups",
            [
                "type filter hook forward priority -30; policy accept;",
                "ct state established,related accept",
                *_dispatch("iifname", ((device, f"egress{n}") for device, n in guarded)),
                *_dispatch("oifname", ((device, f"ingress{n}") for device, n in guarded)),
            ],
        )
    )
    return chains


def _permission(
    permission: Json,
    side: str,
    members: Mapping[str, tuple[str, ...]],
    prefix_lists: Mapping[str, tuple[str, ...]],
) -> Iterator[str]:
    cidrs = [item["CidrIp"] for item in permission.get("IpRanges") or ()]
    cidrs += [item["CidrIpv6"] for item in permission.get("Ipv6Ranges") or ()]
    for pair in permission.get("UserIdGroupPairs") or ():
        cidrs += members.get(pair.get("GroupId", ""), ())
    for item in permission.get("PrefixListIds") or ():
        cidrs += prefix_lists.get(item["PrefixListId"], ())
    protocol = str(permission["IpProtocol"])
    traffic = match_traffic(protocol, permission.get("FromPort"), permission.get("ToPort"))
    for family in (IPV4, IPV6):
        addresses = match_addresses(family, side, cidrs)
        if addresses and fits(protocol, family):
            yield f"{addresses} {traffic}"


def network_acl_chains(described: Described, interfaces: Interfaces) -> Chains:
    """Return the chains of the network ACLs: stateless, in order, and only between subnets."""
    chains: Chains = []
    leave, enter = [], []
    for number, subnet_id in enumerate(sorted({i.subnet_id for i in interfaces})):
        devices = [i.device for i in interfaces if i.subnet_id == subnet_id]
        acl = described.network_acl_of(subnet_id)
        inside = "{ " + ", ".join(devices) + " }"
        for name, other, egress, side in (
            ("leave", "oifname", True, "daddr"),
            ("enter", "iifname", False, "saddr"),
        ):
            rules = [f"{other} {inside} return", *_entries(acl, egress=egress, side=side), "drop"]
            chains.append(chain(f"{name}{number}", rules))
        leave += [(device, f"leave{number}") for device in devices]
        enter += [(device, f"enter{number}") for device in devices]
    for name, priority, match, targets in (
        ("acl_leave", -50, "iifname", leave),
        ("acl_enter", -40, "oifname", enter),
    ):
        head = f"type filter hook forward priority {priority}; policy accept;"
        chains.append(chain(name, [head, *_dispatch(match, targets)]))
    return chains


def _entries(acl: Json, *, egress: bool, side: str) -> Iterator[str]:
    entries = (item for item in acl.get("Entries") or () if item["Egress"] == egress)
    for entry in sorted(entries, key=lambda item: int(item["RuleNumber"])):
        cidr = entry.get("Ipv6CidrBlock") or entry["CidrBlock"]
        family = IPV6 if entry.get("Ipv6CidrBlock") else IPV4
        protocol = str(entry["Protocol"])
        if not fits(protocol, family):
            continue
        verdict = "return" if entry["RuleAction"] == "allow" else "drop"
        yield f"{match_addresses(family, side, [cidr])} {_traffic(protocol, entry)} {verdict}"


def _traffic(protocol: str, entry: Json) -> str:
    if protocol in {"1", "58"}:
        kind = entry.get("IcmpTypeCode") or {}
        return match_traffic(protocol, kind.get("Type"), kind.get("Code"))
    ports = entry.get("PortRange") or {}
    return match_traffic(protocol, ports.get("From"), ports.get("To"))


def _dispatch(match: str, targets: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> Chains:
    elements = ", ".join(f"{device} : jump {target}" for device, target in targets)
    return [f"{match} vmap {{ {elements} }}"] if elements else []
