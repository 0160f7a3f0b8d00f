"""Network ACLs: the entries AWS adds by itself.

moto's default ACL lets no IPv6 through and its custom ACL has no last entry, so a data plane that
takes its answers at their word would drop what AWS carries.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend

from netprobe.lab.control.patching import add, wrap

LAST_IPV4, LAST_IPV6 = 32767, 32768
"""The console's ``*`` entries as the API shows them."""
DEFAULT_IPV6 = 101
"""Number of the IPv6 allow entry that AWS adds to a default ACL."""


def apply() -> None:
    """Correct what new ACLs hold."""
    wrap(EC2Backend, "create_network_acl", _create)
    add(EC2Backend, "netprobe_allow_ipv6", _allow_ipv6)


def _create(
    original: Any, backend: Any, vpc_id: str, tags: Any = None, default: Any = None
) -> Any:
    acl = original(backend, vpc_id, tags=tags, default=bool(default))
    has_ipv6 = bool(backend.get_vpc(vpc_id).get_cidr_block_association_set(ipv6=True))
    if default and has_ipv6:
        _allow_ipv6(backend, acl)
    elif not default:
        for egress in (True, False):
            _entry(backend, acl, LAST_IPV4, "deny", egress=egress)
            if has_ipv6:
                _entry(backend, acl, LAST_IPV6, "deny", egress=egress)
    return acl


def _allow_ipv6(backend: Any, acl: Any) -> None:
    """Add the IPv6 entries of a default ACL, unless someone has changed it."""
    found = sorted((bool(e.egress), int(e.rule_number)) for e in acl.network_acl_entries)
    if found != [(e, n) for e in (False, True) for n in (100, LAST_IPV4)]:
        return
    for egress in (True, False):
        _entry(backend, acl, DEFAULT_IPV6, "allow", egress=egress)
        _entry(backend, acl, LAST_IPV6, "deny", egress=egress)


def _entry(backend: Any, acl: Any, number: int, action: str, *, egress: bool) -> None:
    ipv4 = number == LAST_IPV4
    backend.create_network_acl_entry(
        network_acl_id=acl.id,
        rule_number=number,
        protocol="-1",
        rule_action=action,
        egress=egress,
        cidr_block="0.0.0.0/0" if ipv4 else None,
        icmp_code=None,
        icmp_type=None,
        port_range_from=None,
        port_range_to=None,
        ipv6_cidr_block=None if ipv4 else "::/0",
    )
