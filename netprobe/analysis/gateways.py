"""What internet and egress-only internet gateways do to a flow, there and back."""

from __future__ import annotations

from netprobe.analysis.walk import INTERNET, Walk
from netprobe.model.addresses import Family, contains, is_private
from netprobe.model.resources import Ipv6Block, Route, RouteState
from netprobe.model.trace import Blocker, Component, Half, Hop, Reason

READ_INTERNET_GATEWAYS = "ec2:DescribeInternetGateways"
READ_EGRESS_ONLY_GATEWAYS = "ec2:DescribeEgressOnlyInternetGateways"
READ_INTERFACES = "ec2:DescribeNetworkInterfaces"


def pass_internet_gateway(walk: Walk, route: Route) -> None:
    """Go out through an internet gateway, which gives no address to a source without one.

    IPv4 needs a public address on the source's own interface, and a destination outside RFC 1918
    and RFC 6598 space; IPv6 needs a source from a public block.
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html and the codes IGW_*
    of https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """
    passage = GatewayPassage(walk, route, Component.INTERNET_GATEWAY)
    clear = passage.is_attached()
    clear = passage.admits_destination() and clear
    source = (
        passage.has_public_ipv4 if walk.flow.family is Family.IPV4 else passage.has_public_ipv6
    )
    passage.leave(clear=source() and clear)


def pass_egress_only_gateway(walk: Walk, route: Route) -> None:
    """Go out through an egress-only internet gateway: IPv6, stateful, no groups of its own.

    https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
    """
    passage = GatewayPassage(walk, route, Component.EGRESS_ONLY_INTERNET_GATEWAY)
    clear = passage.is_attached()
    clear = passage.admits_destination() and clear
    passage.leave(clear=passage.has_public_ipv6() and clear)


def is_attached(walk: Walk, gateway_id: str) -> bool | None:
    """Tell whether a gateway is attached to the source's VPC; None when that was not read."""
    gateway = walk.snapshot.internet_gateway(gateway_id)
    if gateway is not None:
        return walk.flow.source.vpc_id in gateway.attached_vpc_ids
    return None if walk.snapshot.gap(read_gateway(gateway_id)) else False


def read_gateway(gateway_id: str) -> str:
    """Return the call that describes this gateway."""
    egress_only = gateway_id.startswith("eigw-")
    return READ_EGRESS_ONLY_GATEWAYS if egress_only else READ_INTERNET_GATEWAYS


class GatewayPassage:
    """One flow at one gateway: each question blocks the walk when the answer is no."""

    def __init__(self, walk: Walk, route: Route, component: Component) -> None:
        self._walk = walk
        self._route = route
        self._component = component

    def is_attached(self) -> bool:
        """Tell whether the gateway is attached to the VPC; a blackhole route says it is not."""
        if self._route.state is not RouteState.ACTIVE:
            return False
        gateway_id = self._route.target_id
        attached = is_attached(self._walk, gateway_id)
        if attached is None:
            call = read_gateway(gateway_id)
            self._walk.lack(call, self._component, gateway_id, Half.REQUEST)
        elif not attached:
            vpc_id = self._walk.flow.source.vpc_id
            self._block(Reason.GATEWAY_DETACHED, f"{gateway_id} is not attached to {vpc_id}")
        return bool(attached)

    def admits_destination(self) -> bool:
        """Tell whether the destination is one the internet can have."""
        if not is_private(self._walk.flow.destination):
            return True
        detail = f"{self._walk.flow.destination} is a private address, which the gateway drops"
        self._block(Reason.PRIVATE_DESTINATION, detail)
        return False

    def has_public_ipv4(self) -> bool:
        """Tell whether the source's interface has a public IPv4 address.

        A function's never has, even in a public subnet:
        https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
        """
        source, interface = self._walk.flow.source, self._walk.interface
        if interface is not None and interface.public_addresses:
            return True
        wanted = source.interface_id
        if wanted and interface is None and self._walk.snapshot.gap(READ_INTERFACES):
            self._walk.lack(READ_INTERFACES, Component.NETWORK_INTERFACE, wanted, Half.REQUEST)
            return False
        who = f"function {source.function_name}" if source.function_name else source.id
        detail = f"{who} has no public IPv4 address, so {self._route.target_id} drops its packets"
        self._block(Reason.NO_PUBLIC_IPV4, detail)
        return False

    def has_public_ipv6(self) -> bool:
        """Tell whether the source's IPv6 address is from a public block.

        What comes from a private one is dropped, and the address alone does not show it:
        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
        """
        block = self._source_block()
        if block is None or not block.private:
            return True
        detail = (
            f"the source's block {block.cidr} is private, and {self._route.target_id} drops it"
        )
        self._block(Reason.PRIVATE_IPV6_SOURCE, detail)
        return False

    def leave(self, *, clear: bool) -> None:
        """Go on into the internet, and note the gateway for the way back."""
        hop = Hop(
            component=self._component,
            resource_id=self._route.target_id,
            entry=self._route.written,
        )
        if clear:
            self._walk.meet(hop)
        self._walk.meet(INTERNET)
        self._walk.way_back += [hop, INTERNET]

    def _source_block(self) -> Ipv6Block | None:
        blocks = self._walk.subnet.ipv6_blocks if self._walk.subnet else ()
        return next((item for item in blocks if contains(item.cidr, self._walk.address)), None)

    def _block(self, reason: Reason, detail: str) -> None:
        self._walk.block(
            Blocker(
                component=self._component,
                resource_id=self._route.target_id,
                half=Half.REQUEST,
                reason=reason,
                entry=self._route.written,
                detail=detail,
                subnet_id=self._walk.flow.source.subnet_id,
            )
        )
