"""What the VPC's gateways do to packets at its edge, as nftables chains."""

from __future__ import annotations

from netprobe.lab.network.described import Described
from netprobe.lab.network.interfaces import Interface
from netprobe.lab.network.layout import chain
from netprobe.lab.network.routes import EGRESS_ONLY, INTERNET_GATEWAY, SERVICES

RESOLVER_IPV4, RESOLVER_IPV6 = "169.254.169.253", "fd00:ec2::253"
"""Amazon DNS, see "Amazon DNS server" in the Amazon VPC user guide."""


def edge_chains(described: Described, interfaces: tuple[Interface, ...]) -> list[str]:
    """Return the chains of internet, egress-only and service gateways.

    An internet gateway translates IPv4 one to one and only for an interface with a public
    address, so a Lambda function, which never has one, gets nothing through it. An egress-only
    gateway lets in the replies to what began inside, and nothing else.
    """
    public = {
        private: address
        for interface in interfaces
        for private, address in interface.public.items()
    }
    if not described.internet_gateways:
        public = {}
    privates = f"ip saddr != {{ {', '.join(public)} }} " if public else ""
    from_outside = f"iifname {{ {INTERNET_GATEWAY}, {EGRESS_ONLY}, {SERVICES} }}"
    forward = [
        "type filter hook forward priority -20; policy accept;",
        f"oifname {INTERNET_GATEWAY} meta nfproto ipv4 {privates}drop",
        f"oifname {EGRESS_ONLY} meta nfproto ipv4 drop",
        f"oifname {EGRESS_ONLY} ct direction reply drop",
        f"{from_outside} ct state established,related accept",
        f"iifname {{ {EGRESS_ONLY}, {SERVICES} }} drop",
    ]
    if not described.internet_gateways:
        forward.append(f"iifname {INTERNET_GATEWAY} drop")
    return [chain("edge", forward), *_translations(public)]


def _translations(public: dict[str, str]) -> list[str]:
    if not public:
        return []
    outward = ", ".join(f"{private} : {address}" for private, address in public.items())
    inward = ", ".join(f"{address} : {private}" for private, address in public.items())
    return [
        chain(
            "translate_in",
            [
                "type nat hook prerouting priority -100; policy accept;",
                f"iifname {INTERNET_GATEWAY} dnat ip to ip daddr map {{ {inward} }}",
            ],
        ),
        chain(
            "translate_out",
            [
                "type nat hook postrouting priority 100; policy accept;",
                f"oifname {INTERNET_GATEWAY} snat ip to ip saddr map {{ {outward} }}",
            ],
        ),
    ]


def resolver_chain(*, dns_support: bool) -> str:
    """Return the chain in front of the Amazon DNS server; without DNS support it is silent."""
    rules = [
        "type filter hook input priority 0; policy drop;",
        "iifname lo accept",
        "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
    ]
    if dns_support:
        rules += ["udp dport 53 accept", "tcp dport 53 accept"]
    return chain("resolver", rules)


def nat_gateway_rules(interface: Interface) -> str:
    """Return the nftables of a NAT gateway's own namespace: it answers nothing addressed to it."""
    own = interface.ipv4[0]
    inward = chain("inward", ["type filter hook input priority 0; policy drop;"])
    outward = chain(
        "outward",
        [
            "type nat hook postrouting priority 100; policy accept;",
            f"ip saddr != {own} snat to {own}",
        ],
    )
    return f"table ip nat_gateway {{\n{inward}\n{outward}\n}}\n"
