"""Security groups and network ACLs: mostly open, often layered, sometimes at random."""

from __future__ import annotations

from tests.judge.building import ACCOUNT
from tests.judge.estate import HOSTS_IPV4, HOSTS_IPV6, Estate, Item, VpcPlan

PORTS = (
    (443, 443),
    (80, 80),
    (22, 443),
    (1024, 65535),
    (32768, 60999),
    (0, 65535),
    (53, 53),
    (5432, 5432),
    (49152, 65535),
    (1024, 32767),
)
RAW_PROTOCOLS = ("50", "89", "112", "253")
"""Protocols without ports: ESP, OSPF, VRRP, and one for experiments (RFC 3692)."""
_ICMP_TYPES = {
    "1": ((-1, -1), (8, -1), (8, 0), (0, -1), (0, 0), (3, 4)),
    "58": ((-1, -1), (128, -1), (128, 0), (129, -1), (129, 0), (2, 0)),
}
_NAMES = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


def places(vpc: VpcPlan, *, ipv6: bool) -> list[str]:
    """Return CIDRs of one family that a filter of this VPC might name."""
    everything, hosts = ("::/0", HOSTS_IPV6) if ipv6 else ("0.0.0.0/0", HOSTS_IPV4)
    length = 128 if ipv6 else 32
    found = [everything, everything, everything, *(f"{host}/{length}" for host in hosts)]
    for other in (vpc, *(item for _, _, item in vpc.connections)):
        found += [cidr for cidr in other.cidrs if (":" in cidr) == ipv6]
        found += [
            str(block)
            for subnet in other.subnets
            if (block := subnet.ipv6 if ipv6 else subnet.ipv4) is not None
        ]
    return found


def draw_groups(estate: Estate, vpc: VpcPlan) -> None:
    """Draw the default group and one to four more; rules may name groups drawn before."""
    dice = estate.dice
    for index in range(dice.number(2, 5)):
        group_id = estate.new_id("sg")
        vpc.group_ids.append(group_id)
        estate.add(
            "DescribeSecurityGroups",
            {
                "GroupId": group_id,
                "GroupName": "default" if index == 0 else f"group-{index}",
                "VpcId": vpc.vpc_id,
                "OwnerId": ACCOUNT,
                "Description": "drawn",
                "IpPermissions": [],
                "IpPermissionsEgress": [],
            },
        )


def fill_groups(estate: Estate, vpc: VpcPlan) -> None:
    """Draw the rules of a VPC's groups, once every VPC has its groups."""
    dice = estate.dice
    for item in estate.lists["DescribeSecurityGroups"]:
        if item["VpcId"] != vpc.vpc_id:
            continue
        if item["GroupName"] == "default":
            own = {"IpProtocol": "-1", "UserIdGroupPairs": [_pair(item["GroupId"])]}
            item["IpPermissions"] = [own]
            item["IpPermissionsEgress"] = [_everything(ipv6=vpc.ipv6 is not None)]
            continue
        for key, open_to_all in (("IpPermissions", 60), ("IpPermissionsEgress", 80)):
            count = dice.number(0, 3)
            item[key] = [_permission(estate, vpc) for _ in range(count)]
            if dice.chance(open_to_all):
                item[key].append(_everything(ipv6=dice.chance(85)))


def _everything(*, ipv6: bool) -> Item:
    permission: Item = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    if ipv6:
        permission["Ipv6Ranges"] = [{"CidrIpv6": "::/0"}]
    return permission


def _pair(group_id: str) -> Item:
    return {"GroupId": group_id, "UserId": ACCOUNT}


def _permission(estate: Estate, vpc: VpcPlan) -> Item:
    dice = estate.dice
    protocol = dice.weighted(
        [(8, "6"), (3, "17"), (2, "1"), (2, "58"), (4, "-1"), (1, dice.choice(RAW_PROTOCOLS))]
    )
    item: Item = {"IpProtocol": _NAMES.get(protocol, protocol)}
    if protocol in {"6", "17"}:
        item["FromPort"], item["ToPort"] = dice.choice(PORTS)
    elif protocol in _ICMP_TYPES:
        item["FromPort"], item["ToPort"] = dice.choice(_ICMP_TYPES[protocol])
    for _ in range(dice.number(1, 2)):
        kind = dice.weighted([(4, "ipv4"), (3, "ipv6"), (4, "group"), (2, "list")])
        _add_peer(estate, vpc, item, kind)
    return item


def _add_peer(estate: Estate, vpc: VpcPlan, item: Item, kind: str) -> None:
    dice = estate.dice
    if kind == "ipv4":
        cidr = dice.choice(places(vpc, ipv6=False))
        item.setdefault("IpRanges", []).append({"CidrIp": cidr})
    elif kind == "ipv6":
        cidr = dice.choice(places(vpc, ipv6=True))
        item.setdefault("Ipv6Ranges", []).append({"CidrIpv6": cidr})
    elif kind == "list":
        lists = [*estate.customer_lists, *estate.service_lists.values()]
        item.setdefault("PrefixListIds", []).append({"PrefixListId": dice.choice(lists)})
    else:
        item.setdefault("UserIdGroupPairs", []).append(_group_pair(estate, vpc))


def _group_pair(estate: Estate, vpc: VpcPlan) -> Item:
    """Return a reference to a group of this VPC, or of one that it is peered with."""
    dice = estate.dice
    peerings = [item for item in vpc.connections if item[0] == "VpcPeeringConnectionId"]
    if peerings and dice.chance(50):
        _, peering_id, other = dice.choice(peerings)
        return _pair(dice.choice(other.group_ids)) | {
            "VpcId": other.vpc_id,
            "VpcPeeringConnectionId": peering_id,
            "PeeringStatus": "active",
        }
    if vpc.connections and dice.chance(40):
        _, _, other = dice.choice(vpc.connections)  # through a transit gateway, if that allows it
        return _pair(dice.choice(other.group_ids))
    return _pair(dice.choice(vpc.group_ids))


def draw_acls(estate: Estate, vpc: VpcPlan) -> None:
    """Draw the default ACL and up to three more, each subnet in exactly one."""
    dice = estate.dice
    acls = [_acl(estate, vpc, default=True)]
    acls += [_acl(estate, vpc, default=False) for _ in range(dice.number(0, 3))]
    for subnet in vpc.subnets:
        acl = acls[0] if dice.chance(50) else dice.choice(acls)
        acl["Associations"].append(
            {
                "NetworkAclAssociationId": f"aclassoc-{subnet.subnet_id}",
                "NetworkAclId": acl["NetworkAclId"],
                "SubnetId": subnet.subnet_id,
            }
        )


def _acl(estate: Estate, vpc: VpcPlan, *, default: bool) -> Item:
    dice = estate.dice
    entries: list[Item] = []
    for egress in (False, True):
        drawn = 0 if default else dice.number(0, 6)
        numbers = sorted(dice.some(range(1, 40), drawn, drawn))
        entries += [_entry(estate, vpc, number * 10, egress=egress) for number in numbers]
        if default or dice.chance(60):
            entries += [
                _ace(500, egress=egress, ipv6=False, action="allow"),
                _ace(501, egress=egress, ipv6=True, action="allow"),
            ]
        elif dice.chance(60):
            entries += _ephemeral(egress=egress)
        entries += [
            _ace(32767, egress=egress, ipv6=False, action="deny"),
            _ace(32768, egress=egress, ipv6=True, action="deny"),
        ]
    return estate.add(
        "DescribeNetworkAcls",
        {
            "NetworkAclId": estate.new_id("acl"),
            "VpcId": vpc.vpc_id,
            "OwnerId": ACCOUNT,
            "IsDefault": default,
            "Associations": [],
            "Entries": entries,
        },
    )


def _ace(number: int, *, egress: bool, ipv6: bool, action: str) -> Item:
    place = {"Ipv6CidrBlock": "::/0"} if ipv6 else {"CidrBlock": "0.0.0.0/0"}
    return {
        "RuleNumber": number,
        "Egress": egress,
        "Protocol": "-1",
        "RuleAction": action,
        **place,
    }


def _ephemeral(*, egress: bool) -> list[Item]:
    """Return what people write: the ports of clients, in both families, for TCP and UDP."""
    entries = []
    for step, (protocol, ipv6) in enumerate(
        [("6", False), ("6", True), ("17", False), ("17", True)]
    ):
        entry = _ace(400 + step, egress=egress, ipv6=ipv6, action="allow")
        entries.append(entry | {"Protocol": protocol, "PortRange": {"From": 1024, "To": 65535}})
    return entries


def _entry(estate: Estate, vpc: VpcPlan, number: int, *, egress: bool) -> Item:
    dice = estate.dice
    ipv6 = dice.chance(40)
    action = "allow" if dice.chance(65) else "deny"
    entry = _ace(number, egress=egress, ipv6=ipv6, action=action)
    key = "Ipv6CidrBlock" if ipv6 else "CidrBlock"
    entry[key] = dice.choice(places(vpc, ipv6=ipv6))
    icmp = "58" if ipv6 else "1"
    entry["Protocol"] = dice.weighted(
        [(8, "6"), (3, "17"), (3, icmp), (3, "-1"), (1, dice.choice(RAW_PROTOCOLS))]
    )
    if entry["Protocol"] in {"6", "17"}:
        low, high = dice.choice(PORTS)
        entry["PortRange"] = {"From": low, "To": high}
    elif entry["Protocol"] == icmp:
        kind, code = dice.choice(_ICMP_TYPES[icmp])
        entry["IcmpTypeCode"] = {"Type": kind, "Code": code}
    return entry
