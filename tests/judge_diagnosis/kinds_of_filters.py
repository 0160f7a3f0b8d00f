"""Faults of security groups and network ACLs, and oddities of them that hurt nobody."""

from __future__ import annotations

from tests.judge_diagnosis.kinds import Kind
from tests.judge_diagnosis.kinds_of_ways import NAT, PUBLIC, SIX
from tests.judge_diagnosis.site import EVERYTHING, EVERYTHING6, Site, dns_from, tcp

ALL = NAT | SIX | {"endpoints-only", "private-api", "behind-transit"}
OUT = frozenset({"behind-nat", "peered", "behind-transit"})
"""Bases of IPv4 alone whose function asks something outside its VPC."""


def _close_egress(site: Site) -> None:
    site.set_egress("group", tcp(22, "0.0.0.0/0"))


def _close_egress4(site: Site) -> None:
    site.set_egress("group", EVERYTHING6)


def _close_egress6(site: Site) -> None:
    site.set_egress("group", EVERYTHING)


def _egress_inside_only(site: Site) -> None:
    site.set_egress("group", tcp(443, "10.7.0.0/16"))


def _egress_for_others(site: Site) -> None:
    site.set_egress("group", tcp(443, "203.0.113.0/24"))


def _forget_prefix_list(site: Site) -> None:
    rules = (i for i in site.rules("group", egress=True) if i.get("UserIdGroupPairs"))
    pairs = [pair for rule in rules for pair in rule["UserIdGroupPairs"]]
    site.set_egress("group", tcp(443, UserIdGroupPairs=[{"GroupId": i["GroupId"]} for i in pairs]))


def _close_endpoint_group(site: Site) -> None:
    site.set_ingress("ssm-group", tcp(443, "172.16.0.0/12"))


def _close_api_endpoint_group(site: Site) -> None:
    site.set_ingress("api-endpoint-group")


def _close_server_group(site: Site) -> None:
    site.set_ingress("hub-server-group", *dns_from("172.16.0.0/12"))


def _no_egress_for_names(site: Site) -> None:
    site.set_egress("group", tcp(443, "0.0.0.0/0"), tcp(5353, "10.7.0.0/16", protocol="udp"))


def _no_ephemeral(site: Site) -> None:
    """Let in what begins inside, and forget the replies."""
    site.strike("acl", 100, egress=False)
    site.entry("acl", 100, "0.0.0.0/0", egress=False, ports=(443, 443))


def _deny_https(site: Site) -> None:
    site.entry("acl", 50, "0.0.0.0/0", egress=True, action="deny", ports=(443, 443))


def _no_ipv6_entries(site: Site) -> None:
    for egress in (True, False):
        site.strike("acl", 101, egress=egress)


def _close_public_subnet(site: Site) -> None:
    """Admit web traffic from anywhere and nothing that comes back."""
    site.strike("public-acl", 100, egress=False)
    site.entry("public-acl", 100, "0.0.0.0/0", egress=False, ports=(443, 443))


def _close_public_subnet_inwards(site: Site) -> None:
    site.entry("public-acl", 50, "10.7.0.0/16", egress=False, action="deny")


def _data_tier_acl(site: Site) -> None:
    """Allow the VPC's own block and forget the public prefixes of the gateway endpoint."""
    for egress in (True, False):
        site.strike("acl", 100, egress=egress)
        site.entry("acl", 100, "10.7.0.0/16", egress=egress)


def _deny_at_the_hub(site: Site) -> None:
    site.entry("hub-acl", 50, "10.7.0.0/16", egress=False, action="deny", ports=(53, 53))


def _deny_replies_at_the_hub(site: Site) -> None:
    site.entry("hub-acl", 50, "10.7.0.0/16", egress=True, action="deny")


def _tight_group(site: Site) -> None:
    """Let out HTTPS only: Amazon's resolver needs no rule."""
    site.set_egress("group", tcp(443, "0.0.0.0/0", "::/0"))


def _silent_endpoint_group(site: Site) -> None:
    """Take every egress rule from an endpoint's group: replies need none."""
    site.set_egress("ssm-group")


def _late_deny(site: Site) -> None:
    """Deny after the entry that allows."""
    for egress in (True, False):
        site.entry("acl", 200, "0.0.0.0/0", egress=egress, action="deny")


def _deny_elsewhere(site: Site) -> None:
    site.entry("acl", 40, "198.18.0.0/15", egress=True, action="deny")
    site.entry("acl", 41, "0.0.0.0/0", egress=False, action="deny", ports=(22, 22))


def _group_of_nobody(site: Site) -> None:
    site.group("nobody-group")
    site.set_egress("nobody-group")


FILTERS = (
    Kind(
        name="egress without HTTPS",
        bases=OUT,
        inject=_close_egress,
        names=(("sg-egress-missing-v4",),),
        link="group",
    ),
    Kind(
        name="egress for IPv6 alone",
        bases=frozenset({"dual-stack"}),
        inject=_close_egress4,
        names=(("sg-egress-missing-v4",),),
        link="group",
    ),
    Kind(
        name="egress for IPv4 alone",
        bases=SIX,
        inject=_close_egress6,
        names=(("sg-egress-missing-v6",),),
        link="group",
    ),
    Kind(
        name="egress for the VPC alone",
        bases=frozenset({"behind-nat"}),
        inject=_egress_inside_only,
        names=(("sg-egress-endpoint-only",),),
        link="group",
    ),
    Kind(
        name="egress for other hosts",
        bases=frozenset({"behind-nat"}),
        inject=_egress_for_others,
        names=(("sg-egress-denied",),),
        link="group",
        needs_answer=True,
    ),
    Kind(
        name="egress without the prefix list",
        bases=frozenset({"endpoints-only"}),
        inject=_forget_prefix_list,
        names=(("sg-egress-prefix-list-gap",),),
        link="group",
    ),
    Kind(
        name="endpoint's group closed",
        bases=frozenset({"endpoints-only", "own-resolver"}),
        inject=_close_endpoint_group,
        names=(("endpoint-sg-ingress-missing",),),
        link="endpoint-group",
    ),
    Kind(
        name="API endpoint's group closed",
        bases=frozenset({"private-api"}),
        inject=_close_api_endpoint_group,
        names=(("endpoint-sg-ingress-missing",),),
        link="endpoint-group",
    ),
    Kind(
        name="server's group closed",
        bases=frozenset({"peered", "behind-transit"}),
        inject=_close_server_group,
        names=(("target-sg-ingress-missing",),),
        link="server-group",
    ),
    Kind(
        name="no egress for names",
        bases=frozenset({"own-resolver"}),
        inject=_no_egress_for_names,
        names=(("sg-blocks-custom-dns",),),
        also=frozenset({"sg-egress-missing-v4"}),
        link="group",
        unanswers=True,
        hides=frozenset({"names"}),  # what a server would say that nobody comes to
    ),
    Kind(
        name="ACL without ephemeral ports",
        bases=OUT | {"dual-stack"},
        inject=_no_ephemeral,
        names=(("nacl-return-ephemeral-v4",),),
        link="acl",
    ),
    Kind(
        name="ACL that denies HTTPS",
        bases=OUT | {"dual-stack"},
        inject=_deny_https,
        names=(("nacl-return-ephemeral-v4",),),
        link="acl",
    ),
    Kind(
        name="ACL without IPv6",
        bases=SIX,
        inject=_no_ipv6_entries,
        names=(("nacl-no-ipv6",),),
        link="acl",
    ),
    Kind(
        name="ACL of the NAT gateway without replies",
        bases=PUBLIC,
        inject=_close_public_subnet,
        names=(("nacl-nat-subnet",),),
        link="public-acl",
    ),
    Kind(
        name="ACL of the NAT gateway against the VPC",
        bases=NAT | {"behind-transit"},
        inject=_close_public_subnet_inwards,
        # in front of a NAT instance it is an ACL like any other
        names=(("nacl-nat-subnet", "nacl-request-denied"),),
        link="public-acl",
    ),
    Kind(
        name="ACL for private addresses alone",
        bases=frozenset({"endpoints-only"}),
        inject=_data_tier_acl,
        names=(("nacl-blocks-gateway-prefixes",),),
        link="acl",
    ),
    Kind(
        name="ACL at the far end denies the request",
        bases=frozenset({"peered", "behind-transit"}),
        inject=_deny_at_the_hub,
        names=(("nacl-request-denied",),),
        link="hub-acl",
    ),
    Kind(
        name="ACL at the far end denies the reply",
        bases=frozenset({"peered"}),
        inject=_deny_replies_at_the_hub,
        names=(("nacl-reply-denied",),),
        link="hub-acl",
    ),
    Kind(
        name="egress of HTTPS alone",
        bases=frozenset({"behind-nat", "dual-stack", "ipv6-only-egress", "nat64"}),
        inject=_tight_group,
        link="group",
    ),
    Kind(
        name="endpoint's group without egress",
        bases=frozenset({"endpoints-only", "own-resolver"}),
        inject=_silent_endpoint_group,
        link="odd-endpoint-group",
    ),
    Kind(
        name="ACL entry that comes too late",
        bases=ALL,
        inject=_late_deny,
        link="odd-acl-late",
        touches=frozenset({"acl"}),
    ),
    Kind(
        name="ACL entry for others",
        bases=ALL,
        inject=_deny_elsewhere,
        link="odd-acl",
        touches=frozenset({"acl"}),
    ),
    Kind(name="group of nobody", bases=ALL, inject=_group_of_nobody, link="odd-group"),
)
