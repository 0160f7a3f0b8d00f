"""Which resolver a VPC's functions ask, and the traffic to one that is not Amazon's.

"DHCP option sets": https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html
"Amazon DNS server": https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from netprobe.model.addresses import Address, parse_address
from netprobe.model.flow import TCP, UDP, Flow, Source
from netprobe.model.resources import Vpc
from netprobe.model.snapshot import Snapshot

READ_DHCP = "ec2:DescribeDhcpOptions"
READ_ATTRIBUTE = "ec2:DescribeVpcAttribute"

AMAZON_RESOLVER = "AmazonProvidedDNS"
DNS_PORT = 53
_LINK_LOCAL: frozenset[Address] = frozenset(
    {IPv4Address("169.254.169.253"), IPv6Address("fd00:ec2::253")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverChoice:
    """Who is asked for names."""

    amazon: bool | None = None
    """Whether the Amazon resolver is asked first; None when that was not read."""
    enabled: bool | None = None
    """``enableDnsSupport``: whether the Amazon resolver answers."""
    servers: tuple[str, ...] = ()
    """Servers of the option set that are not Amazon's, as they are written there."""
    unread: tuple[str, ...] = ()


def choose_resolver(snapshot: Snapshot, vpc: Vpc) -> ResolverChoice:
    """Return whom the VPC's option set sends its functions to.

    Lambda follows the option set. Servers are asked in their order, a later one only when the one
    before it gives no answer. Without an option set (``default``) instances are given
    169.254.169.253, which is the Amazon resolver; it may also be written as an address.
    """
    options = vpc.dhcp_options_id
    found = next((o for o in snapshot.dhcp_options if o.dhcp_options_id == options), None)
    if found is None and options not in {None, "default"}:
        return ResolverChoice(unread=(READ_DHCP,))
    servers = found.domain_name_servers if found else ()
    others = tuple(item for item in servers if not _is_amazon(vpc, item))
    enabled = vpc.enable_dns_support
    first_is_amazon = not servers or _is_amazon(vpc, servers[0])
    if not first_is_amazon:
        return ResolverChoice(amazon=False, enabled=enabled, servers=others)
    if enabled is None:
        return ResolverChoice(servers=others, unread=(READ_ATTRIBUTE,))
    # Where it is switched off, its silence sends the client on to the next server of the list.
    amazon = enabled or not others
    return ResolverChoice(amazon=amazon, enabled=enabled, servers=others)


def resolver_flows(snapshot: Snapshot, source: Source) -> tuple[Flow, ...]:
    """Return the flows of a source to its custom resolvers, udp and tcp to each.

    They are ordinary traffic, which routes, groups and network ACLs apply to; none are returned
    when the Amazon resolver is asked, which nothing in the VPC keeps anyone from:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """
    vpc = snapshot.vpc(source.vpc_id)
    choice = choose_resolver(snapshot, vpc) if vpc else ResolverChoice()
    if choice.amazon is not False:
        return ()
    addresses = (_address_of(text) for text in choice.servers)
    return tuple(
        Flow(source=source, destination=address, protocol=protocol, port=DNS_PORT)
        for address in addresses
        if address is not None
        for protocol in (UDP, TCP)
    )


def is_amazon_resolver(vpc: Vpc | None, address: Address) -> bool:
    """Tell whether an address is the Amazon resolver's: link-local, or the VPC's base plus two."""
    primary = vpc.ipv4_cidrs[0] if vpc and vpc.ipv4_cidrs else None
    return address in _LINK_LOCAL or (
        primary is not None
        and primary.num_addresses > 2  # noqa: PLR2004 # the resolver is at the base plus two
        and address == primary.network_address + 2
    )


def _is_amazon(vpc: Vpc, server: str) -> bool:
    address = _address_of(server)
    return server == AMAZON_RESOLVER or (address is not None and is_amazon_resolver(vpc, address))


def _address_of(text: str) -> Address | None:
    try:
        return parse_address(text.strip())
    except ValueError:
        return None
