"""DHCP option sets: every region has a default one, and new VPCs use it.

moto says ``default``, which on AWS means that a VPC has no option set at all.
"""

from __future__ import annotations

from typing import Any

from netprobe.lab.control import internals

IPV6_LEASE = "ipv6-address-preferred-lease-time"


def options_id(vpc: Any) -> str:
    """Return the id of the VPC's option set, ``default`` when the user took it away."""
    if vpc.dhcp_options:
        return str(vpc.dhcp_options.id)
    return "default" if vpc.without_dhcp_options else str(_default(vpc.ec2_backend).id)


def _default(backend: Any) -> Any:
    """Return the region's default set, made when it is first asked for.

    See "DHCP option sets in Amazon VPC": AmazonProvidedDNS, and the region's own domain.
    """
    if backend.default_dhcp_options is None:
        region = backend.region_name
        domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
        backend.default_dhcp_options = backend.create_dhcp_options(["AmazonProvidedDNS"], [domain])
    return backend.default_dhcp_options


def describe(original: Any, backend: Any, *arguments: Any, **named: Any) -> Any:
    """Describe option sets, the default one among them."""
    _default(backend)
    return original(backend, *arguments, **named)


def associate(original: Any, backend: Any, options: Any, vpc: Any) -> Any:
    """Give a VPC an option set."""
    vpc.without_dhcp_options = False
    return original(backend, options, vpc)


def disassociate(original: Any, backend: Any, vpc: Any) -> Any:
    """Leave a VPC without an option set, as associating ``default`` does."""
    vpc.without_dhcp_options = True
    return original(backend, vpc)


def keep_ipv6_lease(original: Any, response: Any) -> Any:
    """Create a set and keep the IPv6 lease time that moto drops."""
    answer = original(response)
    for item in internals.parameter(response, "DhcpConfigurations") or ():
        if item["Key"] == IPV6_LEASE:
            internals.dhcp_options(answer.result["DhcpOptions"])[IPV6_LEASE] = item["Values"]
    return answer
