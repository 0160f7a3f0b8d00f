"""What internet and egress-only internet gateways do to a flow, there and back."""

from __future__ import annotations

from netprobe.analysis.delivery import stray
from netprobe.analysis.internet import check_public_access, enter_internet, unreachable_kind
from netprobe.analysis.leg import Leg
from netprobe.analysis.places import public_address_of
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import NAT64_PREFIX, Address, contains
from netprobe.model.resources import Ipv6Block, Route, RouteState
from netprobe.model.trace import Blocker, Component, Half, Reason

READ_INTERNET_GATEWAYS = "ec2:DescribeInternetGateways"
READ_EGRESS_ONLY_GATEWAYS = "ec2:DescribeEgressOnlyInternetGateways"
READ_INTERFACES = "ec2:DescribeNetworkInterfaces"
_IPV4 = 4


def pass_internet_gateway(walk: Walk, leg: Leg, route: Route) -> bool:
    """Go out through an internet gateway, which gives no address to a source without one.

    IPv4 needs a public address on the source's own interface, and a destination outside RFC 1918
    and RFC 6598 space; IPv6 needs a source from a public block.
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html and the codes IGW_*
    of https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """
    if leg.half is Half.REPLY and not _keeps_source(walk, leg):
        stray(walk, leg, f"it goes to {route.target_id}", route.written)
        return False
    passage = GatewayPassage(walk, leg, route, Component.INTERNET_GATEWAY)
    clear = passage.is_attached()
    clear = passage.admits_destination() and clear
    public: Address | None = leg.source
    if leg.version == _IPV4:
        public = passage.public_ipv4()
        clear = public is not None and clear
    else:
        clear = passage.has_public_ipv6() and clear
    clear = passage.is_carried() and clear
    clear = check_public_access(walk, leg, leg.place, direct=True) and clear
    return passage.leave(public or leg.source, clear=clear)


def _keeps_source(walk: Walk, leg: Leg) -> bool:
    """Tell whether a reply comes out of an internet gateway as from the address that was asked.

    IPv6 keeps its addresses, so groups know the reply whichever way it comes; those of NAT64 are
    no VPC's own: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
    """
    if leg.version == _IPV4:
        return walk.from_internet
    return not contains(NAT64_PREFIX, leg.source)


def pass_egress_only_gateway(walk: Walk, leg: Leg, route: Route) -> bool:
    """Go out through an egress-only internet gateway: IPv6, stateful, no groups of its own.

    https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
    """
    if leg.half is Half.REPLY:
        stray(
            walk, leg, f"it goes to {route.target_id}, which lets only requests out", route.written
        )
        return False
    passage = GatewayPassage(walk, leg, route, Component.EGRESS_ONLY_INTERNET_GATEWAY)
    clear = passage.is_attached()
    clear = passage.admits_destination() and clear
    clear = passage.has_public_ipv6() and clear
    clear = check_public_access(walk, leg, leg.place, direct=False) and clear
    return passage.leave(leg.source, clear=clear)


def is_attached(walk: Walk, gateway_id: str, vpc_id: str) -> bool | None:
    """Tell whether a gateway is attached to a VPC; None when that was not read."""
    gateway = walk.snapshot.internet_gateway(gateway_id)
    if gateway is not None:
        return vpc_id in gateway.attached_vpc_ids
    return None if walk.snapshot.gap(read_gateway(gateway_id)) else False


def read_gateway(gateway_id: str) -> str:
    """Return the call that describes this gateway."""
    egress_only = gateway_id.startswith("eigw-")
    return READ_EGRESS_ONLY_GATEWAYS if egress_only else READ_INTERNET_GATEWAYS


class GatewayPassage:
    """One flow at one gateway: each question blocks the walk when the answer is no."""

    def __init__(self, walk: Walk, leg: Leg, route: Route, component: Component) -> None:
        self._walk = walk
        self._leg = leg
        self._route = route
        self._component = component

    def is_attached(self) -> bool:
        """Tell whether the gateway is attached to the VPC; a blackhole route says it is not."""
        if self._route.state is not RouteState.ACTIVE:
            return False
        gateway_id, vpc_id = self._route.target_id, self._leg.place.vpc_id
        attached = is_attached(self._walk, gateway_id, vpc_id)
        if attached is None:
            call = read_gateway(gateway_id)
            self._walk.lack(call, self._component, gateway_id, self._leg.half)
        elif not attached:
            self._block(Reason.GATEWAY_DETACHED, f"{gateway_id} is not attached to {vpc_id}")
        return bool(attached)

    def admits_destination(self) -> bool:
        """Tell whether the destination is one the internet can have."""
        kind = unreachable_kind(self._leg.destination)
        if kind is None:
            return True
        detail = f"{self._leg.destination} is {kind}, which the gateway drops"
        self._block(Reason.PRIVATE_DESTINATION, detail)
        return False

    def public_ipv4(self) -> Address | None:
        """Return the public IPv4 address of the sender's interface, None when it has none.

        A function's never has, even in a public subnet:
        https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
        """
        source, interface = self._walk.flow.source, self._leg.sender
        public = (
            public_address_of(interface, self._leg.source)
            if interface is not None and not self._leg.foreign
            else None
        )
        if public is not None:
            return public
        wanted = source.interface_id
        if wanted and interface is None and self._walk.snapshot.gap(READ_INTERFACES):
            self._walk.lack(READ_INTERFACES, Component.NETWORK_INTERFACE, wanted, self._leg.half)
            return None
        self._block(
            Reason.NO_PUBLIC_IPV4,
            f"{self._who()} has no public IPv4 address, so "
            f"{self._route.target_id} drops its packets",
        )
        return None

    def has_public_ipv6(self) -> bool:
        """Tell whether the source's IPv6 address is from a public block.

        What comes from a private one is dropped, and the address alone does not show it:
        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
        """
        if self._leg.foreign:
            detail = (
                f"whether {self._route.target_id} carries what comes from another VPC, as "
                f"{self._leg.source} does, is not documented"
            )
            self._walk.doubt(self._blocker(Reason.NOT_MODELLED, detail))
            return False
        block = self._source_block()
        if block is None or not block.private:
            return True
        detail = (
            f"the source's block {block.cidr} is private, and {self._route.target_id} drops it"
        )
        self._block(Reason.PRIVATE_IPV6_SOURCE, detail)
        return False

    def is_carried(self) -> bool:
        """Tell whether the sender's interface may use an internet gateway at all.

        ``DenyAllIgwTraffic`` is set on the interfaces of endpoints:
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
        """
        sender = self._leg.sender
        if sender is None or not sender.deny_all_igw_traffic:
            return True
        detail = f"{sender.network_interface_id} has DenyAllIgwTraffic"
        self._block(Reason.DENY_ALL_IGW_TRAFFIC, detail)
        return False

    def leave(self, source: Address, *, clear: bool) -> bool:
        """Go on into the internet."""
        hop = self._walk.fabric.hop(self._component, self._route.target_id, self._route.written)
        if clear:
            self._walk.meet(hop, self._leg.half)
        return enter_internet(self._walk, self._leg, source, hop)

    def _who(self) -> str:
        source = self._walk.flow.source
        if self._leg.foreign or self._leg.half is Half.REPLY:
            return str(self._leg.source)
        return f"function {source.function_name}" if source.function_name else source.id

    def _source_block(self) -> Ipv6Block | None:
        subnet = self._leg.place.subnet
        blocks = subnet.ipv6_blocks if subnet else ()
        return next((item for item in blocks if contains(item.cidr, self._leg.source)), None)

    def _block(self, reason: Reason, detail: str) -> None:
        self._walk.block(self._blocker(reason, detail))

    def _blocker(self, reason: Reason, detail: str) -> Blocker:
        return Blocker(
            component=self._component,
            resource_id=self._route.target_id,
            half=self._leg.half,
            reason=reason,
            entry=self._route.written,
            detail=detail,
            subnet_id=self._leg.place.subnet_id,
        )
