"""Security groups and network ACLs as nftables chains of the VPC's router.

Both live in the router's forward hook. A filter in the interface's own namespace would make a
denied datagram fail at once with EPERM; in AWS it vanishes, and the sender times out. What goes
to the Amazon DNS server ends in the router's input hook, and so meets neither: "network ACLs and
security groups do not filter traffic to and from Route 53 Resolver" (Amazon VPC user guide).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netprobe.lab.network.described import Json
from netprobe.lab.network.interfaces import Interface
from netprobe.lab.network.layout import chain
from netprobe.lab.network.marks import middlebox_marks
from netprobe.lab.network.matches import IPV4, IPV6, fits, match_addresses, match_traffic
from netprobe.lab.network.sites import Door, Site

Chains = list[str]


def security_group_chains(site: Site, sites: tuple[Site, ...]) -> Chains:
    """Return the chains of the security groups: stateful, the union of an interface's groups."""
    interfaces = site.interfaces
    sets = sorted({i.group_ids for i in interfaces if i.group_ids is not None})
    number_of = {group_ids: number for number, group_ids in enumerate(sets)}
    chains = []
    for group_ids, number in number_of.items():
        for name in ("egress", "ingress"):
            rules = _group_rules(name, group_ids, site, sites)
            chains.append(chain(f"{name}{number}", [*rules, "drop"]))
    guarded = [(i.device, number_of[i.group_ids]) for i in interfaces if i.group_ids is not None]
    first, last = _middlebox_rules(site, dict(guarded))
    chains.append(
        chain(
            "security_groups",
            [
                "type filter hook forward priority -30; policy accept;",
                *first,
                "ct state established,related accept",
                *_dispatch("iifname", [(device, f"egress{n}") for device, n in guarded]),
                *_dispatch("oifname", [(device, f"ingress{n}") for device, n in guarded]),
                *last,
            ],
        )
    )
    return chains


def _middlebox_rules(site: Site, number_of: Mapping[str, int]) -> tuple[Chains, Chains]:
    """Return what to ask before replies are let through, and what to remember of requests.

    An interface keeps state of what it has seen itself. A reply that passes a middlebox which
    the request did not pass is new there, and its groups are asked: "Connection tracking" in
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
    """
    first: Chains = []
    last: Chains = []
    for box, bit in middlebox_marks(site):
        unseen = f"ct direction reply ct mark and {bit} == 0"
        number = number_of[box.device]
        first.append(f"oifname {box.device} {unseen} jump ingress{number}")
        first.append(f"iifname {box.device} {unseen} jump egress{number}")
        last.append(f"oifname {box.device} ct mark set ct mark or {bit}")
        last.append(f"iifname {box.device} ct direction original ct mark set ct mark or {bit}")
    return first, last


def _group_rules(
    name: str, group_ids: tuple[str, ...], site: Site, sites: tuple[Site, ...]
) -> Iterator[str]:
    groups = {group["GroupId"]: group for group in site.described.security_groups}
    key = "IpPermissionsEgress" if name == "egress" else "IpPermissions"
    for group_id in group_ids:
        for permission in groups.get(group_id, {}).get(key) or ():
            protocol = str(permission["IpProtocol"])
            traffic = match_traffic(protocol, permission.get("FromPort"), permission.get("ToPort"))
            for family in (IPV4, IPV6):
                if fits(protocol, family):
                    for peers in _peers(permission, name, family, site, sites):
                        yield f"{peers} {traffic} return"


def _peers(
    permission: Json, name: str, family: int, site: Site, sites: tuple[Site, ...]
) -> Iterator[str]:
    """Yield the matches of a permission's far ends: addresses, prefix lists, groups' members."""
    side = "daddr" if name == "egress" else "saddr"
    cidrs = [item["CidrIp"] for item in permission.get("IpRanges") or ()]
    cidrs += [item["CidrIpv6"] for item in permission.get("Ipv6Ranges") or ()]
    for item in permission.get("PrefixListIds") or ():
        cidrs += site.described.prefix_lists.get(item["PrefixListId"], ())
    if addresses := match_addresses(family, side, cidrs):
        yield addresses
    for pair in permission.get("UserIdGroupPairs") or ():
        for devices, held in _members(pair.get("GroupId", ""), name, site, sites):
            if addresses := match_addresses(family, side, held):
                yield f"{'oifname' if name == 'egress' else 'iifname'} {devices} {addresses}"


def _members(
    group_id: str, name: str, site: Site, sites: tuple[Site, ...]
) -> Iterator[tuple[str, list[str]]]:
    """Yield the devices by which a group's members are reached, and their private addresses.

    Inbound the device counts: what comes through a middlebox or a NAT gateway is not from a
    member. Outbound rules see where a packet is for, not yet which way it goes. See "Security
    group referencing" in
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """
    own = _holders(site, group_id)
    if own:
        ways = site.interfaces if name == "egress" else own
        yield "{ " + ", ".join(i.device for i in ways) + " }", _addresses(own)
    by_id = {item.vpc_id: item for item in sites}
    for door in site.doors:
        far = by_id.get(door.far)
        if far is not None and far.described.region == site.described.region:
            yield door.device, _addresses(_holders(far, group_id))
        if door.kind == "transit" and name == "ingress":
            for other in sites:
                if other is not site and _references_cross(door, site, other):
                    yield door.device, _addresses(_holders(other, group_id))


def _holders(site: Site, group_id: str) -> list[Interface]:
    return [item for item in site.interfaces if group_id in (item.group_ids or ())]


def _addresses(interfaces: list[Interface]) -> list[str]:
    return [a for item in interfaces for a in (*item.ipv4, *item.ipv6)]


def _references_cross(door: Door, site: Site, other: Site) -> bool:
    """Tell whether a group of another VPC may be named for what comes through a transit gateway.

    The gateway and both attachments must allow it, and only inbound rules can use it:
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    shared = site.described.shared
    items = [g for g in shared.transit_gateways if g["TransitGatewayId"] == door.resource_id]
    items += [
        item
        for item in shared.transit_attachments
        if item["TransitGatewayId"] == door.resource_id
        and item.get("VpcId") in {site.vpc_id, other.vpc_id}
    ]
    allowed = ((i.get("Options") or {}).get("SecurityGroupReferencingSupport") for i in items)
    return len(items) > 2 and all(word == "enable" for word in allowed)  # noqa: PLR2004 # one gateway, two attachments


def network_acl_chains(site: Site) -> Chains:
    """Return the chains of the network ACLs: stateless, in order, and only between subnets.

    A transit gateway stands in its attachment's subnet. What it brings to an interface of that
    same subnet meets no rule, what an interface sends to it meets both directions:
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
    """
    chains: Chains = []
    leave, enter = [], []
    for number, subnet_id in enumerate(site.subnet_ids):
        devices, doors = site.devices_of(subnet_id), site.doors_of(subnet_id)
        acl = site.described.network_acl_of(subnet_id)
        stays = [f"oifname {{ {', '.join(devices)} }}"] if devices else []
        arrives = [f"{item} iifname {{ {', '.join((*devices, *doors))} }}" for item in stays]
        for name, skip, egress, side in (
            ("leave", stays, True, "daddr"),
            ("enter", arrives, False, "saddr"),
        ):
            entries = _entries(acl, egress=egress, side=side)
            skips = [f"{item} return" for item in skip]
            chains.append(chain(f"{name}{number}", [*skips, *entries, "drop"]))
        leave += [(device, f"leave{number}") for device in (*devices, *doors)]
        enter += [(device, f"enter{number}") for device in (*devices, *doors)]
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


def _dispatch(match: str, targets: list[tuple[str, str]]) -> Chains:
    elements = ", ".join(f"{device} : jump {target}" for device, target in targets)
    return [f"{match} vmap {{ {elements} }}"] if elements else []
