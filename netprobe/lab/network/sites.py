"""VPCs as they stand beside each other in one topology, and the doors between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

from netprobe.lab.network.described import Described, Json
from netprobe.lab.network.interfaces import Interface, list_interfaces
from netprobe.lab.network.layout import Link
from netprobe.lab.network.matches import IPV4, IPV6

ROUTER_IPV4, ROUTER_IPV6 = "169.254.1.1", "fe80::1"
"""Where interfaces, gateways and transit gateways find a VPC's router."""
TRANSIT_IPV4, TRANSIT_IPV6 = "169.254.3.1", "fe80::3"
"""Where routers find a transit gateway."""
_PEER_IPV4, _PEER_IPV6 = "169.254.4.{}", "fe80::4:{}"
"""Where routers find each other, by the number of the VPC."""
_CONNECTING = {"available", "modifying"}
"""States of an attachment that carries packets (TransitGatewayAttachmentState)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A device of a VPC's router that leads to another router."""

    device: str
    kind: str
    """``peering`` or ``transit``."""
    resource_id: str
    """The peering connection or transit gateway behind it."""
    via: Mapping[int, str]
    """The next hop of each family."""
    far: str = ""
    """The VPC behind a peering connection."""
    attachment_id: str = ""
    subnet_id: str = ""
    """The attachment's subnet: its table and ACL are those of what comes in here."""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One VPC of a topology."""

    described: Described
    number: int
    interfaces: tuple[Interface, ...]
    doors: tuple[Door, ...] = ()

    @property
    def vpc_id(self) -> str:
        """The id of the VPC, and the name of its router's namespace."""
        return self.described.vpc_id

    @property
    def subnet_ids(self) -> tuple[str, ...]:
        """The subnets that packets come from."""
        found = {item.subnet_id for item in self.interfaces}
        found |= {item.subnet_id for item in self.doors}
        return tuple(sorted(found - {""}))

    @property
    def peer_addresses(self) -> tuple[str, str]:
        """Where its router is found by those of peered VPCs."""
        return _PEER_IPV4.format(self.number + 1), _PEER_IPV6.format(self.number + 1)

    def devices_of(self, subnet_id: str) -> list[str]:
        """Return the devices of a subnet's interfaces."""
        return [item.device for item in self.interfaces if item.subnet_id == subnet_id]

    def doors_of(self, subnet_id: str) -> list[str]:
        """Return the devices by which transit gateways are in a subnet."""
        return [item.device for item in self.doors if item.subnet_id == subnet_id]


def connected(described: tuple[Described, ...], home: str) -> tuple[Described, ...]:
    """Return a VPC and all that it is connected to, through others too, itself first."""
    by_id = {item.vpc_id: item for item in described}
    found, waiting = [home], [home]
    while waiting:
        for neighbour in sorted(_neighbours(by_id[waiting.pop()])):
            if neighbour in by_id and neighbour not in found:
                found.append(neighbour)
                waiting.append(neighbour)
    return tuple(by_id[vpc_id] for vpc_id in found)


def regions_behind(described: tuple[Described, ...]) -> set[str]:
    """Return the regions that VPCs are peered with."""
    own = {item.vpc_id for item in described}
    return {
        str(item[side]["Region"])
        for each in described
        for near, _, item in _peerings(each)
        if near in own
        for side in ("RequesterVpcInfo", "AccepterVpcInfo")
        if item[side].get("Region")
    }


def _neighbours(described: Described) -> set[str]:
    own = described.vpc_id
    found = {far for near, far, _ in _peerings(described) if near == own}
    attachments = described.shared.transit_attachments
    gateways = {a["TransitGatewayId"] for a in attachments if a.get("VpcId") == own}
    found |= {str(a["VpcId"]) for a in attachments if a["TransitGatewayId"] in gateways}
    return found


def _peerings(described: Described) -> Iterator[tuple[str, str, Json]]:
    """Yield near VPC, far VPC and item of each peering connection that is in force, both ways.

    "The status must be active": https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """
    for item in described.shared.peerings:
        if (item.get("Status") or {}).get("Code") == "active":
            one, other = item["RequesterVpcInfo"]["VpcId"], item["AccepterVpcInfo"]["VpcId"]
            yield one, other, item
            yield other, one, item


def make_sites(described: tuple[Described, ...]) -> tuple[tuple[Site, ...], tuple[Link, ...]]:
    """Return the VPCs with their doors, and the links that join these to each other."""
    sites = {
        item.vpc_id: Site(described=item, number=number, interfaces=list_interfaces(item))
        for number, item in enumerate(described)
    }
    doors: dict[str, list[Door]] = {vpc_id: [] for vpc_id in sites}
    links = [*_join_peers(sites, doors), *_join_transit(sites, doors)]
    ready = (replace(site, doors=tuple(doors[vpc_id])) for vpc_id, site in sites.items())
    return tuple(ready), tuple(links)


def _join_peers(sites: Mapping[str, Site], doors: Mapping[str, list[Door]]) -> Iterator[Link]:
    items = {
        item["VpcPeeringConnectionId"]: (near, far)
        for site in sites.values()
        for near, far, item in _peerings(site.described)
        if near in sites and far in sites
    }
    for number, (peering_id, pair) in enumerate(sorted(items.items())):
        ends = []
        for near, far, letter in ((*pair, "p"), (*reversed(pair), "q")):
            via = dict(zip((IPV4, IPV6), sites[far].peer_addresses, strict=True))
            door = Door(
                device=f"{letter}{number}",
                kind="peering",
                resource_id=peering_id,
                via=via,
                far=far,
            )
            doors[near].append(door)
            ends.append((near, door.device))
        yield Link(one=ends[0], other=ends[1])


def _join_transit(sites: Mapping[str, Site], doors: Mapping[str, list[Door]]) -> Iterator[Link]:
    """Yield a link for each subnet of each attachment to a transit gateway.

    "You must specify one subnet from each Availability Zone to be used by the transit gateway":
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    attachments = {
        item["TransitGatewayAttachmentId"]: item
        for site in sites.values()
        for item in site.described.shared.transit_attachments
        if item.get("VpcId") in sites and item.get("State") in _CONNECTING
    }
    numbers = count()
    for attachment_id, item in sorted(attachments.items()):
        site = sites[item["VpcId"]]
        for subnet_id in sorted(item.get("SubnetIds") or ()):
            number = next(numbers)
            door = Door(
                device=f"t{number}",
                kind="transit",
                resource_id=item["TransitGatewayId"],
                via={IPV4: TRANSIT_IPV4, IPV6: TRANSIT_IPV6},
                attachment_id=attachment_id,
                subnet_id=subnet_id,
                zone=site.described.zone_of(subnet_id),
            )
            doors[site.vpc_id].append(door)
            yield Link(one=(site.vpc_id, door.device), other=(door.resource_id, f"a{number}"))


def attachment_device(door: Door) -> str:
    """Return the transit gateway's end of a door's link."""
    return f"a{door.device[1:]}"
