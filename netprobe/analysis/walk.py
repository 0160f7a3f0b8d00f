"""The record of one walk: what it met, what stopped it and what it could not find out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address

from netprobe.analysis.matching import Packet, reply_packet, request_packet
from netprobe.model.addresses import Address, Family
from netprobe.model.flow import Flow
from netprobe.model.ports import PortSet
from netprobe.model.resources import NetworkInterface, Route, Subnet, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import (
    Blocker,
    Component,
    Disposition,
    Half,
    HalfTrace,
    Hop,
    Reason,
    Resolution,
    Trace,
)

_DISPOSITIONS = {
    Reason.NO_ROUTE: Disposition.NO_ROUTE,
    Reason.NO_IPV4_BLOCK: Disposition.NO_ROUTE,
    Reason.NO_IPV6_BLOCK: Disposition.NO_ROUTE,
    Reason.IPV6_NOT_ALLOWED: Disposition.NO_ROUTE,
    Reason.NO_ADDRESS_RECORD: Disposition.NO_ROUTE,
    Reason.NO_RESOLVER: Disposition.NO_ROUTE,
    Reason.DNS_FIREWALL: Disposition.NO_ROUTE,
    Reason.NO_SUCH_ADDRESS: Disposition.NO_ROUTE,
    Reason.NAT_WITHOUT_INTERNET: Disposition.NO_ROUTE,
    Reason.BLACKHOLE_ROUTE: Disposition.BLACKHOLED,
    Reason.GATEWAY_DETACHED: Disposition.BLACKHOLED,
    Reason.NAT_NOT_AVAILABLE: Disposition.BLACKHOLED,
    Reason.ENDPOINT_NOT_AVAILABLE: Disposition.BLACKHOLED,
}
"""Every other reason is a filter or gateway that drops: denied."""

INTERNET = Hop(component=Component.INTERNET, resource_id="internet")

_OUT_OF_VIEW = {
    TargetKind.VPC_PEERING_CONNECTION: Component.VPC_PEERING_CONNECTION,
    TargetKind.TRANSIT_GATEWAY: Component.TRANSIT_GATEWAY,
    TargetKind.VPN_GATEWAY: Component.VPN_GATEWAY,
    TargetKind.NETWORK_INTERFACE: Component.NETWORK_INTERFACE,
}
"""The hop for a target the walk does not follow; other targets are named as ``other``."""


STAND_INS: dict[Family, tuple[Address, ...]] = {
    Family.IPV4: (
        IPv4Address("192.0.2.1"),
        IPv4Address("198.51.100.1"),
        IPv4Address("203.0.113.1"),
    ),
    Family.IPV6: (IPv6Address("3fff:fff:ffff::1"), IPv6Address("2001:db8:ffff:ffff::1")),
}
"""Documentation addresses (RFC 5737, RFC 9637, RFC 3849): public, and in nobody's routes; they
stand for a public address that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """One network ACL that the reply has to cross on its way back."""

    subnet_id: str
    egress: bool
    remote: Address
    ports: PortSet | None = None
    """The ports the reply is sent to here, when they are not the flow's source ports."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """One walk while it goes on; the only value of the analysis that changes."""

    snapshot: Snapshot
    flow: Flow
    subnet: Subnet | None
    interface: NetworkInterface | None
    """The interface the source sits behind, when the snapshot has it."""
    address: Address
    """The source's address, or one that stands for any of its subnet."""
    resolution: Resolution | None = None
    way_back: list[Hop | Crossing] = field(default_factory=list)
    """What the reply will meet, in the order the request met it."""
    hops: dict[Half, list[Hop]] = field(default_factory=lambda: {half: [] for half in Half})
    blockers: list[Blocker] = field(default_factory=list)
    warnings: list[Blocker] = field(default_factory=list)
    unread: dict[str, Half] = field(default_factory=dict)
    undecided: set[Half] = field(default_factory=set)
    left_view: bool = False

    @property
    def assumed(self) -> bool:
        """Tell whether the destination stands for an address that is not known."""
        return self.resolution is not None and self.resolution.assumed

    @property
    def request(self) -> Packet:
        """Return what filters see of the request."""
        return request_packet(self.flow)

    def reply(self, ports: PortSet | None = None) -> Packet:
        """Return what filters see of the reply."""
        return reply_packet(self.flow, ports)

    def meet(self, hop: Hop, half: Half = Half.REQUEST) -> None:
        """Note a thing that lets a half pass."""
        self.hops[half].append(hop)

    def block(self, blocker: Blocker) -> None:
        """Note a thing that stops the flow; the walk goes on as if it had not."""
        blocker = self._without_stand_in(blocker)
        self.blockers.append(blocker)
        hop = Hop(
            component=blocker.component,
            resource_id=blocker.resource_id,
            entry=blocker.entry,
            detail=blocker.detail,
            blocks=True,
        )
        self.meet(hop, blocker.half)

    def leave_view(self, route: Route) -> None:
        """Hand the packet to something the walk does not follow, and say what it is."""
        self.left_view = True
        hop = Hop(
            component=_OUT_OF_VIEW.get(route.target, Component.OTHER),
            resource_id=route.target_id,
            entry=route.written,
            detail="goes on where the configuration read here does not show it",
        )
        self.meet(hop)
        self.way_back.append(hop)

    def doubt(self, warning: Blocker) -> None:
        """Note what keeps the walk from telling whether the flow passes here."""
        self.warnings.append(self._without_stand_in(warning))
        self.undecided.add(warning.half)

    def lack(self, call: str, component: Component, resource_id: str, half: Half) -> None:
        """Note a fact that was needed and not read: unknown, never absent."""
        if call in self.unread and half in self.undecided:
            return
        self.unread.setdefault(call, half)
        self.doubt(
            Blocker(
                component=component,
                resource_id=resource_id,
                half=half,
                reason=Reason.UNREAD,
                entry=call,
                detail=f"what {resource_id} does is not known: {call} could not be read",
            )
        )

    def _without_stand_in(self, blocker: Blocker) -> Blocker:
        """Name no address that only stands for one: nobody ever saw it."""
        address, family = self.flow.destination, self.flow.family
        if not self.assumed or address not in STAND_INS[family]:
            return blocker
        known = f"any public {family.label} address"
        return replace(
            blocker,
            detail=blocker.detail.replace(str(address), known),
            near_misses=tuple(i.replace(str(address), known) for i in blocker.near_misses),
        )

    def finish(self) -> Trace:
        """Return the trace of what was walked."""
        blockers = tuple(sorted(self.blockers, key=lambda item: item.half is Half.REPLY))
        return Trace(
            flow=self.flow,
            disposition=self._judge(blockers, self.undecided),
            request=self._half(Half.REQUEST),
            reply=self._half(Half.REPLY),
            blockers=blockers,
            warnings=tuple(self.warnings),
            unread=tuple(self.unread),
            resolution=self.resolution,
        )

    def _half(self, half: Half) -> HalfTrace:
        blockers = tuple(item for item in self.blockers if item.half is half)
        disposition = self._judge(blockers, self.undecided & {half})
        return HalfTrace(disposition=disposition, hops=tuple(self.hops[half]))

    def _judge(self, blockers: tuple[Blocker, ...], undecided: set[Half]) -> Disposition:
        if blockers:
            return _DISPOSITIONS.get(blockers[0].reason, Disposition.DENIED)
        if undecided:
            return Disposition.UNKNOWN
        return Disposition.LEFT_VIEW if self.left_view else Disposition.DELIVERED
