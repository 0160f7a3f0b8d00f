"""The names that interface endpoints bring into their VPC's resolver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.network.described import Described, Json
from netprobe.lab.network.interfaces import Interface

ENDPOINT_SUFFIX = ".vpce.amazonaws.com"
_HOST_OF = {
    "kinesis-streams": "kinesis",
    "kinesis-firehose": "firehose",
    "ecr.api": "api.ecr",
    "ecr.dkr": "*.dkr.ecr",
}
"""Where a service's private name is not its endpoint's own word (PrivateDnsNames of AWS)."""
_ALSO = {
    "execute-api": ("*.execute-api",),
    "s3": ("*.s3", "s3-control", "*.s3-control", "s3-accesspoint", "*.s3-accesspoint"),
}
_INBOUND_ONLY = "PrivateDnsOnlyForInboundResolverEndpoint"
"""Leaves the VPC's own look-ups of S3 to the gateway endpoint, see "AWS PrivateLink for Amazon
S3" in its user guide."""
_NO_PRIVATE_NAME = {"dynamodb"}
"""See "AWS PrivateLink for DynamoDB" in the Amazon DynamoDB developer guide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointName:
    """A name, or with ``*.`` in front all names under it, and the endpoint's addresses."""

    name: str
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    endpoint_id: str
    inbound_only: bool = False
    """Known to who asks through an inbound resolver endpoint, and to nobody in the VPC."""

    def covers(self, name: str) -> bool:
        """Tell whether the resolver answers a name from this one."""
        if self.name.startswith("*."):
            return name.endswith(self.name[1:])
        return name == self.name


def endpoint_names(
    described: Described, interfaces: tuple[Interface, ...]
) -> tuple[EndpointName, ...]:
    """Return the names of all interface endpoints; exact ones come before wildcards.

    Private names need both DNS attributes of the VPC, see "Private DNS names" in the AWS
    PrivateLink guide.
    """
    found: list[EndpointName] = []
    for endpoint in described.vpc_endpoints:
        if endpoint["VpcEndpointType"] != "Interface" or endpoint["State"] != "available":
            continue
        own = [i for i in interfaces if i.endpoint_id == endpoint["VpcEndpointId"]]
        found += _own_names(endpoint, own, described)
        if described.dns_support and described.dns_hostnames and endpoint["PrivateDnsEnabled"]:
            found += _private_names(endpoint, own, described.region)
    return tuple(sorted(found, key=lambda item: item.name.startswith("*.")))


def _own_names(
    endpoint: Json, own: list[Interface], described: Described
) -> Iterator[EndpointName]:
    """Yield the regional name and each zone's: ``vpce-id-hash[-zone].service...``."""
    for entry in endpoint.get("DnsEntries") or ():
        name = str(entry["DnsName"]).lower()
        if not name.endswith(ENDPOINT_SUFFIX):
            continue
        label = name.partition(".")[0]
        zones = {described.zone_of(interface.subnet_id) for interface in own}
        zone = next((zone for zone in zones if zone and label.endswith(f"-{zone}")), None)
        chosen = [i for i in own if zone is None or described.zone_of(i.subnet_id) == zone]
        yield _name(name, chosen, endpoint, private=False)


def _private_names(endpoint: Json, own: list[Interface], region: str) -> Iterator[EndpointName]:
    service = str(endpoint["ServiceName"]).partition(f".{region}.")[2]
    if service in _NO_PRIVATE_NAME:
        return
    listed = (str(entry["DnsName"]).lower() for entry in endpoint.get("DnsEntries") or ())
    names = {name for name in listed if not name.endswith(ENDPOINT_SUFFIX)}
    hosts = (_HOST_OF.get(service, service), *_ALSO.get(service, ()))
    names |= {f"{host}.{region}.amazonaws.com" for host in hosts}
    for name in sorted(names):
        yield _name(name, own, endpoint, private=True)


def _name(
    name: str, interfaces: list[Interface], endpoint: Json, *, private: bool
) -> EndpointName:
    """Keep the families of DnsRecordIpType.

    ``service-defined`` gives AAAA to regional and zonal names only, see
    VpcEndpointDnsRecordIpType in the AWS CDK reference.
    """
    options: Mapping[str, Any] = endpoint.get("DnsOptions") or {}
    kind = options.get("DnsRecordIpType") or endpoint.get("IpAddressType") or "ipv4"
    ipv4 = () if kind == "ipv6" else tuple(a for i in interfaces for a in i.ipv4)
    wants_ipv6 = kind in {"ipv6", "dualstack"} or (kind == "service-defined" and not private)
    ipv6 = tuple(a for i in interfaces for a in i.ipv6) if wants_ipv6 else ()
    return EndpointName(
        name=name,
        ipv4=ipv4,
        ipv6=ipv6,
        endpoint_id=str(endpoint["VpcEndpointId"]),
        inbound_only=private and bool(options.get(_INBOUND_ONLY)),
    )
