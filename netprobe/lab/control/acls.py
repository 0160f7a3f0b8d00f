"""Network ACLs: the entries AWS makes by itself.

The console's ``*`` rule is entry 32767 for IPv4 and 32768 for IPv6; a default ACL of a VPC with
an IPv6 block also has entry 101, which allows all IPv6. See "Default network ACL" and "Custom
network ACLs" in the Amazon VPC user guide.
"""

from __future__ import annotations

import functools
from typing import Any

from netprobe.lab.control import internals

ALLOW_ALL_IPV6 = 101
DENY_REST_IPV4 = 32767
DENY_REST_IPV6 = 32768
EVERY_IPV4 = "0.0.0.0/0"
EVERY_IPV6 = "::/0"
UNTOUCHED = {(100, "allow"), (DENY_REST_IPV4, "deny")}


def create_network_acl(
    original: Any, backend: Any, vpc_id: str, tags: Any = None, default: Any = None
) -> Any:
    """Create an ACL with its last entries, and for a default one those that allow all."""
    acl = original(backend, vpc_id, tags, bool(default))
    if not default:
        _add(backend, acl, DENY_REST_IPV4, "deny", EVERY_IPV4)
    if backend.get_vpc(vpc_id).get_cidr_block_association_set(ipv6=True):
        add_ipv6_entries(backend, acl)
    return acl


def add_ipv6_entries(backend: Any, acl: Any) -> None:
    """Add what an IPv6 block of the VPC brings: a deny, and an allow if the ACL is untouched.

    "If you've modified your default network ACL's inbound rules, we do not automatically add an
    allow rule for inbound IPv6 traffic": each direction is judged for itself.
    """
    for egress in (False, True):
        entries = [item for item in acl.network_acl_entries if item.egress is egress]
        if any(item.rule_number == DENY_REST_IPV6 for item in entries):
            continue
        if acl.default and {(i.rule_number, i.rule_action) for i in entries} == UNTOUCHED:
            _add_one(backend, acl, (ALLOW_ALL_IPV6, "allow", EVERY_IPV6), egress=egress)
        _add_one(backend, acl, (DENY_REST_IPV6, "deny", EVERY_IPV6), egress=egress)


def _add(backend: Any, acl: Any, number: int, action: str, cidr: str) -> None:
    for egress in (False, True):
        _add_one(backend, acl, (number, action, cidr), egress=egress)


def _add_one(backend: Any, acl: Any, rule: tuple[int, str, str], *, egress: bool) -> None:
    number, action, cidr = rule
    backend.create_network_acl_entry(
        network_acl_id=acl.id,
        rule_number=number,
        protocol="-1",
        rule_action=action,
        egress=egress,
        cidr_block=None if ":" in cidr else cidr,
        icmp_code=None,
        icmp_type=None,
        port_range_from=None,
        port_range_to=None,
        ipv6_cidr_block=cidr if ":" in cidr else None,
    )


def keep_icmp(original: Any, response: Any) -> Any:
    """Create or replace an entry and keep its ICMP type and code, -1 (all) included."""
    answer = original(response)
    read = functools.partial(internals.parameter, response)
    wanted = (read("RuleNumber"), read("Egress"))
    for entry in response.ec2_backend.get_network_acl(read("NetworkAclId")).network_acl_entries:
        if (entry.rule_number, entry.egress) == wanted:
            entry.icmp_type = read("IcmpTypeCode.Type")
            entry.icmp_code = read("IcmpTypeCode.Code")
    return answer
