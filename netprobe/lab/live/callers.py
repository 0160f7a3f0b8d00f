"""Where a request comes from: the internet, or a VPC through one of its endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from netprobe.lab.network.described import Described

Json = Mapping[str, Any]

_ACTIONS_OF = {
    "api": "ecr",
    "dkr": "ecr",
    "email-smtp": "ses",
    "kinesis-firehose": "firehose",
    "kinesis-streams": "kinesis",
    "monitoring": "cloudwatch",
    "sync-states": "states",
}
"""Where IAM knows a service by another name than its endpoint's, by the name's last part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as the far end sees it."""

    address: str
    vpc_id: str | None = None
    endpoint_id: str | None = None
    """The VPC endpoint it came through; None for the public front end."""
    service: str = ""
    """What the actions of that endpoint's service begin with: ``s3``, ``execute-api``."""
    policy: str = ""
    """The endpoint's policy."""

    @property
    def facts(self) -> dict[str, str | None]:
        """The condition keys a policy can ask for.

        A request through an endpoint has no ``aws:SourceIp`` but an ``aws:VpcSourceIp``, see
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        inside = self.endpoint_id is not None
        return {
            "aws:sourceip": None if inside else self.address,
            "aws:vpcsourceip": self.address if inside else None,
            "aws:sourcevpc": self.vpc_id if inside else None,
            "aws:sourcevpce": self.endpoint_id,
            "aws:securetransport": "true",
        }


def behind(endpoint_id: str, peer: str, described: tuple[Described, ...]) -> Caller:
    """Return who asks at an interface endpoint."""
    for vpc in described:
        for endpoint in vpc.vpc_endpoints:
            if endpoint["VpcEndpointId"] == endpoint_id:
                return _through(endpoint, peer)
    return Caller(address=peer, endpoint_id=endpoint_id)


def at_the_internet(peer: str, destination: str, described: tuple[Described, ...]) -> Caller:
    """Return who asks at a public address: by a gateway endpoint, if the route led through one."""
    for vpc in described:
        for endpoint in _gateway_endpoints(vpc, peer, destination):
            return _through(endpoint, peer)
    return Caller(address=peer)


def _gateway_endpoints(vpc: Described, peer: str, destination: str) -> Iterator[Json]:
    """Yield the endpoint by whose prefix list the sender's table reaches the destination."""
    for interface in vpc.network_interfaces:
        own = {a.get("PrivateIpAddress") for a in interface.get("PrivateIpAddresses") or ()}
        own |= {a.get("Ipv6Address") for a in interface.get("Ipv6Addresses") or ()}
        if peer not in own | {interface.get("PrivateIpAddress")}:
            continue
        for route in vpc.route_table_of(str(interface["SubnetId"])).get("Routes") or ():
            cidrs = vpc.prefix_lists.get(route.get("DestinationPrefixListId", ""), ())
            if any(ip_address(destination) in ip_network(cidr) for cidr in cidrs):
                yield from (
                    item
                    for item in vpc.vpc_endpoints
                    if item["VpcEndpointId"] == route.get("GatewayId")
                )


def _through(endpoint: Json, peer: str) -> Caller:
    return Caller(
        address=peer,
        vpc_id=str(endpoint["VpcId"]),
        endpoint_id=str(endpoint["VpcEndpointId"]),
        service=_prefix(str(endpoint["ServiceName"])),
        policy=str(endpoint.get("PolicyDocument") or ""),
    )


def _prefix(service_name: str) -> str:
    last = service_name.rpartition(".")[2]
    return _ACTIONS_OF.get(last, last)
