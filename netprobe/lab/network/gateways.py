"""What the VPC's gateways do to packets at its edge, as nftables chains."""

from __future__ import annotations

from netprobe.lab.network.interfaces import Interface
from netprobe.lab.network.layout import chain, table
from netprobe.lab.network.marks import EGRESS_ONLY_MARK
from netprobe.lab.network.routes import EGRESS_ONLY, INTERNET_GATEWAY, SERVICES
from netprobe.lab.network.sites import Site

RESOLVER_IPV4, RESOLVER_IPV6 = "169.254.169.253", "fd00:ec2::253"
"""Amazon DNS, see "Amazon DNS server" in the Amazon VPC user guide."""
TIME_IPV4, TIME_IPV6 = "169.254.169.123", "fd00:ec2::123"
"""Amazon Time Sync, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/set-time.html"""
_NOT_ROUTED = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""Private addresses (RFC 1918) and shared ones (RFC 6598)."""
NAT64_PREFIX = "64:ff9b::/96"
_NEIGHBOURS = ["icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"]


def edge_chains(site: Site) -> list[str]:
    """Return the chains of internet, egress-only and service gateways, and of other VPCs' doors.

    An internet gateway translates IPv4 one to one and only for an interface with a public
    address, so a Lambda function, which never has one, gets nothing through it; it takes nothing
    to a private address (IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS in
    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html). An egress-only
    gateway lets in the replies to what began inside, and nothing else. Gateways serve the
    addresses of their own VPC alone: none of them, nor a peering connection, is a way through for
    another VPC (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html).
    """
    described = site.described
    public = public_addresses(site)
    privates = f"ip saddr != {{ {', '.join(public)} }} " if public else ""
    own_ipv6 = described.public_ipv6_cidrs
    foreign = f"ip6 saddr != {{ {', '.join(own_ipv6)} }} " if own_ipv6 else ""
    from_outside = f"iifname {{ {INTERNET_GATEWAY}, {EGRESS_ONLY}, {SERVICES} }}"
    to_outside = f"oifname {{ {INTERNET_GATEWAY}, {EGRESS_ONLY} }}"
    forward = [
        "type filter hook forward priority -20; policy accept;",
        *_rules_between_vpcs(site),
        f"oifname {INTERNET_GATEWAY} meta nfproto ipv4 {privates}drop",
        f"oifname {INTERNET_GATEWAY} ip daddr {{ {', '.join(_NOT_ROUTED)} }} drop",
        f"{to_outside} meta nfproto ipv6 {foreign}drop",
        # Only a NAT gateway knows what these addresses mean, and nobody routes them (RFC 6052).
        f"{to_outside} ip6 daddr {NAT64_PREFIX} drop",
        f"oifname {EGRESS_ONLY} meta nfproto ipv4 drop",
        f"oifname {EGRESS_ONLY} ct direction reply drop",
        # VPCE_GATEWAY_PROTOCOL_RESTRICTION: TCP, and ICMP echo.
        f"oifname {SERVICES} meta l4proto != {{ tcp, icmp, icmpv6 }} drop",
    ]
    if not described.internet_gateways:
        others = f"iifname {INTERNET_GATEWAY} ct mark and {EGRESS_ONLY_MARK} == 0"
        forward.append(f"{others} drop")
    forward += [
        f"{from_outside} ct state established,related accept",
        f"iifname {{ {EGRESS_ONLY}, {SERVICES} }} drop",
    ]
    if not described.internet_gateways:
        forward.append(f"iifname {INTERNET_GATEWAY} drop")
    elif own_ipv6:
        inside = f"ip6 daddr != {{ {', '.join(own_ipv6)} }}"
        forward.append(f"iifname {INTERNET_GATEWAY} {inside} drop")
    return [*_interface_chains(site), chain("edge", forward), *_translations(public)]


def public_addresses(site: Site) -> dict[str, str]:
    """Return the public address of each private one, while an internet gateway is attached."""
    if not site.described.internet_gateways:
        return {}
    return {
        private: address
        for interface in site.interfaces
        for private, address in interface.public.items()
    }


def _rules_between_vpcs(site: Site) -> list[str]:
    """Return the rules that keep a VPC from being a way through for another one's packets.

    A transit gateway's attachment may lead on to interfaces and NAT gateways, not to a gateway
    endpoint or a peering connection.
    """
    if not site.doors:
        return []
    doors = ", ".join(door.device for door in site.doors)
    peerings = [door.device for door in site.doors if door.kind == "peering"]
    closed = ", ".join((INTERNET_GATEWAY, EGRESS_ONLY, SERVICES, *peerings))
    return [f"iifname {{ {doors} }} oifname {{ {closed} }} drop"]


def _interface_chains(site: Site) -> list[str]:
    """Return the chain of interfaces that do not answer everything their groups let in.

    Endpoints serve TCP and never answer a ping, see "Considerations" in
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html, and a
    function's interface takes no connections: "Lambda runs your function inside a VPC owned by
    the Lambda service", https://docs.aws.amazon.com/lambda/latest/dg/foundation-networking.html.
    An instance that does not run neither sends nor answers.
    """
    endpoints = [i.device for i in site.interfaces if i.kind == "endpoint"]
    functions = [i.device for i in site.interfaces if i.kind == "lambda"]
    idle = [i.device for i in site.interfaces if i.owner_id in site.described.idle_instances]
    rules = []
    if idle:
        devices = ", ".join(idle)
        rules += [f"iifname {{ {devices} }} drop", f"oifname {{ {devices} }} drop"]
    if endpoints:
        rules.append(f"oifname {{ {', '.join(endpoints)} }} meta l4proto != tcp drop")
    if functions:
        to_functions = f"oifname {{ {', '.join(functions)} }}"
        rules.append(f"{to_functions} ct direction original drop")
    if not rules:
        return []
    head = "type filter hook forward priority -24; policy accept;"
    return [chain("answering", [head, *rules])]


def _translations(public: dict[str, str]) -> list[str]:
    """Return the chains that exchange private and public addresses, one to one.

    They keep no state, as an internet gateway keeps none, and lie outside of what groups keep:
    so these know a reply by its private addresses, whichever way it takes inside.
    """
    if not public:
        return []
    outward = ", ".join(f"{private} : {address}" for private, address in public.items())
    inward = ", ".join(f"{address} : {private}" for private, address in public.items())
    return [
        chain(
            "translate_in",
            [
                "type filter hook prerouting priority -300; policy accept;",
                f"iifname {INTERNET_GATEWAY} ip daddr set ip daddr map {{ {inward} }}",
            ],
        ),
        chain(
            "translate_out",
            [
                "type filter hook postrouting priority 300; policy accept;",
                f"oifname {INTERNET_GATEWAY} ip saddr set ip saddr map {{ {outward} }}",
            ],
        ),
    ]


def resolver_chain(site: Site) -> str:
    """Return the chain in front of Amazon's clock and DNS server, without DNS support silent.

    They answer interfaces of its own VPC only: "you cannot query the Amazon DNS server in a peer
    VPC", https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """
    rules = [
        "type filter hook input priority 0; policy drop;",
        "iifname lo accept",
        "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
    ]
    outside = [INTERNET_GATEWAY, EGRESS_ONLY, SERVICES, *(door.device for door in site.doors)]
    rules.append(f"iifname {{ {', '.join(outside)} }} drop")
    rules += [f"ip daddr {TIME_IPV4} udp dport 123 accept"]
    rules += [f"ip6 daddr {TIME_IPV6} udp dport 123 accept"]
    if site.described.dns_support:
        rules += ["udp dport 53 accept", "tcp dport 53 accept"]
    return chain("resolver", rules)


def nat_gateway_rules(interface: Interface) -> str:
    """Return the nftables of a NAT gateway's own namespace.

    It answers nothing addressed to it and carries TCP, UDP and ICMP only:
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
    """
    own = interface.ipv4[0]
    inward = chain("inward", ["type filter hook input priority 0; policy drop;", *_NEIGHBOURS])
    carried = chain(
        "carried",
        [
            "type filter hook forward priority 0; policy accept;",
            "meta l4proto != { tcp, udp, icmp, icmpv6 } drop",
            # A reply to nothing it has seen: it would pass with its own address.
            "ct state invalid drop",
        ],
    )
    outward = chain(
        "outward",
        [
            "type nat hook postrouting priority 100; policy accept;",
            f"oifname eth0 ip saddr != {{ {', '.join(interface.ipv4)} }} snat ip to {own}",
        ],
    )
    return table("nat_gateway", [inward, carried, outward])
