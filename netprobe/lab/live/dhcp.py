"""The DNS servers that a VPC's DHCP option set gives to what runs in it."""

from __future__ import annotations

from typing import Any

from netprobe.lab.network.described import Described
from netprobe.lab.network.gateways import RESOLVER_IPV4

AMAZON = "AmazonProvidedDNS"
_NO_SET = "default"
"""What a VPC's DhcpOptionsId says where the user took the option set away."""
_SERVERS = "domain-name-servers"


def name_servers(ec2: Any, described: Described) -> tuple[str, ...]:
    """Return the servers for a function's resolv.conf, in the order of the option set.

    Lambda follows the option set of the VPC; ``AmazonProvidedDNS`` may stand among addresses. See
    "DHCP option sets in Amazon VPC". Without a set, Nitro instances use 169.254.169.253; whether
    functions do is not documented, and the lab takes it that they do.
    """
    options_id = described.vpc.get("DhcpOptionsId") or _NO_SET
    if options_id == _NO_SET:
        return (RESOLVER_IPV4,)
    (options,) = ec2.describe_dhcp_options(DhcpOptionsIds=[options_id])["DhcpOptions"]
    given = [
        value["Value"]
        for item in options["DhcpConfigurations"]
        if item["Key"] == _SERVERS
        for value in item["Values"]
    ]
    servers = (part.strip() for text in given for part in text.split(","))
    return tuple(RESOLVER_IPV4 if item == AMAZON else item for item in servers if item)
