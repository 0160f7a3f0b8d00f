"""What a NAT gateway does to a flow: a second path, from the gateway's own subnet.

The filters a flow meets there and back, with L the source's subnet, N that of the gateway and D
the destination: out of L to D, into N from L, out of N to D; then into N from D, out of N to L,
into L from D (the reply's source is D again). "NAT gateway basics":
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from __future__ import annotations

from ipaddress import IPv4Address

from netprobe.analysis.gateways import is_attached, read_gateway
from netprobe.analysis.internet import check_public_access, enter_internet, unreachable_kind
from netprobe.analysis.leg import Anchor, Leg
from netprobe.analysis.network_acls import cross_acl
from netprobe.analysis.places import representative_address
from netprobe.analysis.walk import STAND_INS, Walk
from netprobe.model.addresses import NAT64_PREFIX, Address, Family, contains
from netprobe.model.flow import ICMP, ICMPV6, TCP, UDP
from netprobe.model.ports import EPHEMERAL
from netprobe.model.resources import NatGateway, Route, RouteState, TargetKind
from netprobe.model.trace import Blocker, Component, Half, Reason

READ_NAT_GATEWAYS = "ec2:DescribeNatGateways"
_IPV6, _BITS_OF_IPV4 = 6, 0xFFFFFFFF


def pass_nat_gateway(walk: Walk, leg: Leg, route: Route) -> bool:
    """Go to a NAT gateway and on from there; tell whether there is one to go on from."""
    nat = walk.snapshot.nat_gateway(route.target_id)
    if nat is None:
        if walk.snapshot.gap(READ_NAT_GATEWAYS):
            walk.lack(READ_NAT_GATEWAYS, Component.NAT_GATEWAY, route.target_id, Half.REQUEST)
        else:
            _block_missing(walk, leg, route)
        return False
    place = walk.fabric.nat_place(nat)
    translated = _translate(walk, leg, nat)
    clear = _check_gateway(walk, leg, nat, route, nat64=translated is not None)
    clear = _check_zone(walk, leg, nat, route) and clear
    if place is not leg.place:
        cross_acl(walk, leg, place, egress=False)
    hop = walk.fabric.hop(Component.NAT_GATEWAY, nat.nat_gateway_id, route.written)
    if clear:
        walk.meet(hop)
    destination = translated or leg.destination
    address = _address_of(walk, nat, destination)
    walk.anchors.append(
        Anchor(place=place, address=address, ports=EPHEMERAL, beyond=destination, hop=hop)
    )
    leg.readdress(address, destination, leg.ports)
    leg.place, leg.nat, leg.sender = place, nat, None
    leg.foreign = False
    leg.group_ids = frozenset()
    if nat.attached_appliances:
        _doubt(walk, nat, f"a proxy is attached to {nat.nat_gateway_id} and may filter the flow")
    return True


def shows_address(walk: Walk, nat: NatGateway) -> bool:
    """Tell whether it is known under which address a gateway sends inside, or note the doubt.

    A regional gateway is described with public addresses only:
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    if nat.subnet_id is not None or nat.private_addresses:
        return True
    _doubt(walk, nat, f"under which address {nat.nat_gateway_id} sends inside is not shown")
    return False


def leads_elsewhere(walk: Walk, leg: Leg, onward: Route) -> bool:
    """Tell whether a route leads from a NAT gateway to one in another place: no circle."""
    if onward.target is not TargetKind.NAT_GATEWAY or onward.state is not RouteState.ACTIVE:
        return False
    other = walk.snapshot.nat_gateway(onward.target_id)
    return other is not None and walk.fabric.nat_place(other) is not leg.place


def doubt_chain(walk: Walk, nat: NatGateway, onward: Route) -> None:
    """Note that a gateway's own subnet sends on to another one, of which AWS says nothing."""
    detail = f"whether {onward.target_id} takes what {nat.nat_gateway_id} sends is not documented"
    _doubt(walk, nat, detail)


def leave_by_internet_gateway(walk: Walk, leg: Leg, nat: NatGateway, onward: Route) -> bool:
    """Go out through the internet gateway behind a public NAT gateway."""
    gateway_id = onward.target_id
    attached = is_attached(walk, gateway_id, nat.vpc_id)
    clear = bool(attached)
    if attached is None:
        call = read_gateway(gateway_id)
        walk.lack(call, Component.INTERNET_GATEWAY, gateway_id, Half.REQUEST)
    elif not attached:
        strand(walk, leg, nat, f"{gateway_id} is not attached to {nat.vpc_id}", onward)
    if nat.connectivity_type == "private":
        clear = False
        detail = f"{nat.nat_gateway_id} is private: what it sends has no public address"
        _block(walk, nat, Reason.NAT_PRIVATE, detail, onward)
    kind = unreachable_kind(leg.destination)
    if kind is not None:
        clear = False
        detail = f"{leg.destination} is {kind}, which {gateway_id} drops"
        _block(walk, nat, Reason.PRIVATE_DESTINATION, detail, onward)
    clear = check_public_access(walk, leg, leg.place, direct=False) and clear
    hop = walk.fabric.hop(Component.INTERNET_GATEWAY, gateway_id, onward.written)
    if clear:
        walk.meet(hop)
    public = next(iter(nat.public_addresses), STAND_INS[Family.IPV4][0])
    return enter_internet(walk, leg, public, hop)


def strand(walk: Walk, leg: Leg, nat: NatGateway, why: str, onward: Route | None = None) -> None:
    """Block what the gateway's own table does not lead on."""
    detail = f"{nat.nat_gateway_id} cannot pass on {leg.destination}: {why}"
    _block(walk, nat, Reason.NAT_WITHOUT_INTERNET, detail, onward)


def _check_gateway(walk: Walk, leg: Leg, nat: NatGateway, route: Route, *, nat64: bool) -> bool:
    """Tell whether the gateway works and carries the flow: TCP, UDP and ICMP, IPv6 as NAT64."""
    clear = True
    if nat.state.lower() != "available":
        clear = False
        detail = f"{nat.nat_gateway_id} is {nat.state}, not available"
        _block(walk, nat, Reason.NAT_NOT_AVAILABLE, detail, route)
    carried = leg.protocol in {TCP, UDP, ICMP, ICMPV6}
    if not carried or (leg.version == _IPV6 and not nat64):
        clear = False
        detail = f"{nat.nat_gateway_id} carries tcp, udp and icmp over IPv4 only"
        _block(walk, nat, Reason.NAT_PROTOCOL, detail, route)
    return clear


def _check_zone(walk: Walk, leg: Leg, nat: NatGateway, route: Route) -> bool:
    """Tell whether a regional gateway serves the zone.

    REGIONAL_NGW_ROUTE_AZ_RESTRICTION of
    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html; while a gateway
    expands by itself, other zones serve the new one:
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    zone = leg.place.zone
    if nat.subnet_id is not None or not nat.zones or zone is None or zone in nat.zones:
        return True
    detail = (
        f"{nat.nat_gateway_id} has no address in {zone}, only in {', '.join(sorted(nat.zones))}"
    )
    if nat.auto_provision_zones is False:
        _block(walk, nat, Reason.ZONE_NOT_SERVED, detail, route)
        return False
    if nat.auto_provision_zones is None:
        _doubt(walk, nat, f"{detail}, and whether it expands by itself is not known")
    return True


def _translate(walk: Walk, leg: Leg, nat: NatGateway) -> Address | None:
    """Return the IPv4 address in a NAT64 destination, None when there is none.

    What is reached must be outside the source's subnet:
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
    """
    if leg.version != _IPV6 or not contains(NAT64_PREFIX, leg.destination):
        return None
    inside = IPv4Address(leg.dst & _BITS_OF_IPV4)
    if leg.place.holds(4, int(inside)):
        detail = f"{inside} is in {leg.place.subnet_id} itself, where NAT64 does not lead"
        _block(walk, nat, Reason.NAT64_INSIDE_SUBNET, detail)
    return inside


def _address_of(walk: Walk, nat: NatGateway, destination: Address) -> Address:
    """Return the gateway's own address of the destination's family, or one that stands for it."""
    known = next((i for i in nat.private_addresses if i.version == destination.version), None)
    if known is not None:
        return known
    family = Family.IPV4 if destination.version != _IPV6 else Family.IPV6
    found = representative_address(walk.snapshot, nat.subnet_id or "", family)
    return found or STAND_INS[family][0]


def _block(
    walk: Walk, nat: NatGateway, reason: Reason, detail: str, route: Route | None = None
) -> None:
    walk.block(
        Blocker(
            component=Component.NAT_GATEWAY,
            resource_id=nat.nat_gateway_id,
            half=Half.REQUEST,
            reason=reason,
            entry=route.written if route else None,
            detail=detail,
            subnet_id=nat.subnet_id,
        )
    )


def _block_missing(walk: Walk, leg: Leg, route: Route) -> None:
    walk.block(
        Blocker(
            component=Component.NAT_GATEWAY,
            resource_id=route.target_id,
            half=Half.REQUEST,
            reason=Reason.NAT_NOT_AVAILABLE,
            entry=route.written,
            detail=f"{route.target_id} does not exist any more",
            subnet_id=leg.place.subnet_id,
        )
    )


def _doubt(walk: Walk, nat: NatGateway, detail: str) -> None:
    walk.doubt(
        Blocker(
            component=Component.NAT_GATEWAY,
            resource_id=nat.nat_gateway_id,
            half=Half.REQUEST,
            reason=Reason.NOT_MODELLED,
            detail=detail,
            subnet_id=nat.subnet_id,
        )
    )
