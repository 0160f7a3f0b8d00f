"""The record of one walk: what it met, what stopped it and what it could not find out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address

from netprobe.analysis.fabric import Fabric, Place
from netprobe.analysis.leg import Anchor
from netprobe.model.addresses import Address, Family
from netprobe.model.flow import Flow
from netprobe.model.interconnect import TransitGatewayAttachment
from netprobe.model.resources import NetworkInterface, Subnet
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import (
    Blocker,
    Component,
    Considered,
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
    Reason.NO_SOURCE_ADDRESS: Disposition.NO_ROUTE,
    Reason.NO_ATTACHMENT: Disposition.NO_ROUTE,
    Reason.NO_ATTACHMENT_IN_ZONE: Disposition.NO_ROUTE,
    Reason.NOT_ASSOCIATED: Disposition.NO_ROUTE,
    Reason.NOT_IN_PEER_VPC: Disposition.NO_ROUTE,
    Reason.REPLY_ELSEWHERE: Disposition.NO_ROUTE,
    Reason.FORWARDING_LOOP: Disposition.NO_ROUTE,
    Reason.BLACKHOLE_ROUTE: Disposition.BLACKHOLED,
    Reason.GATEWAY_DETACHED: Disposition.BLACKHOLED,
    Reason.NAT_NOT_AVAILABLE: Disposition.BLACKHOLED,
    Reason.ENDPOINT_NOT_AVAILABLE: Disposition.BLACKHOLED,
    Reason.INTERFACE_NOT_USABLE: Disposition.BLACKHOLED,
    Reason.PEERING_NOT_ACTIVE: Disposition.BLACKHOLED,
    Reason.ATTACHMENT_NOT_AVAILABLE: Disposition.BLACKHOLED,
}
"""Every other reason is a filter or gateway that drops: denied."""

INTERNET = Hop(component=Component.INTERNET, resource_id="internet")

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


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """Where the request ended, which is where the reply sets out."""

    hops: tuple[Hop, ...] = ()
    """What the reply meets first."""
    place: Place | None = None
    """The subnet it leaves from; None when it comes in from outside the VPC, or from nowhere."""
    gateway_id: str | None = None
    """The gateway it comes in by."""
    sender: NetworkInterface | None = None
    attachment: TransitGatewayAttachment | None = None
    """The VPC's own attachment, when the flow left the view through a transit gateway."""


_NOWHERE = End()


@dataclass(slots=True, kw_only=True)
class Walk:
    """One walk while it goes on: the only value of the analysis that changes, with its legs."""

    fabric: Fabric
    flow: Flow
    subnet: Subnet | None
    interface: NetworkInterface | None
    """The interface the source sits behind, when the snapshot has it."""
    address: Address
    """The source's address, or one that stands for any of its subnet."""
    known_address: bool = False
    """It is the source's own, and does not only stand for it."""
    resolution: Resolution | None = None
    request_hops: list[Hop] = field(default_factory=list)
    reply_hops: list[Hop] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    """Where the reply has to come back to, the source first."""
    end: End = _NOWHERE
    from_internet: bool = False
    """The request came in by the internet gateway of its destination's VPC."""
    return_path: tuple[str, str, str] | None = None
    """A NAT gateway sent the request through a peering connection: the VPC that it came into,
    the connection, the VPC that it came from."""
    blockers: list[Blocker] = field(default_factory=list)
    warnings: list[Blocker] = field(default_factory=list)
    unread: dict[str, Half] = field(default_factory=dict)
    undecided: set[Half] = field(default_factory=set)
    left_view: set[Half] = field(default_factory=set)
    considered: list[Considered] | None = None
    """What each filter and table looked at; None where nobody will read it."""

    @property
    def snapshot(self) -> Snapshot:
        """Return the configuration that is walked."""
        return self.fabric.snapshot

    @property
    def assumed(self) -> bool:
        """Tell whether the destination stands for an address that is not known."""
        return self.resolution is not None and self.resolution.assumed

    def meet(self, hop: Hop, half: Half = Half.REQUEST) -> None:
        """Note a thing that lets a half pass."""
        (self.request_hops if half is Half.REQUEST else self.reply_hops).append(hop)

    def block(self, blocker: Blocker) -> None:
        """Note a thing that stops the flow; the walk goes on as if it had not.

        What blocks both halves alike, such as a peering that is not active, is named once.
        """
        blocker = self._without_stand_in(blocker)
        if blocker.component is not Component.NETWORK_ACL and any(
            (blocker.resource_id, blocker.reason) == (other.resource_id, other.reason)
            for other in self.blockers
        ):
            return
        self.blockers.append(blocker)
        hop = Hop(
            component=blocker.component,
            resource_id=blocker.resource_id,
            entry=blocker.entry,
            detail=blocker.detail,
            blocks=True,
        )
        self.meet(hop, blocker.half)

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
        if not self._is_stand_in:
            return blocker
        return replace(
            blocker,
            detail=self.without_stand_in(blocker.detail),
            near_misses=tuple(self.without_stand_in(item) for item in blocker.near_misses),
        )

    @property
    def _is_stand_in(self) -> bool:
        return self.assumed and self.flow.destination in STAND_INS[self.flow.family]

    def without_stand_in(self, text: str) -> str:
        """Return the text without an address that only stands for one."""
        if not self._is_stand_in:
            return text
        known = f"any public {self.flow.family.label} address"
        return text.replace(str(self.flow.destination), known)

    def finish(self) -> Trace:
        """Return the trace of what was walked."""
        if not (self.blockers or self.undecided or self.left_view):
            return Trace(
                flow=self.flow,
                disposition=Disposition.DELIVERED,
                request=HalfTrace(
                    disposition=Disposition.DELIVERED, hops=tuple(self.request_hops)
                ),
                reply=HalfTrace(disposition=Disposition.DELIVERED, hops=tuple(self.reply_hops)),
                warnings=tuple(self.warnings),
                resolution=self.resolution,
                considered=tuple(self.considered or ()),
            )
        blockers: tuple[Blocker, ...] = ()
        if self.blockers:
            blockers = tuple(sorted(self.blockers, key=lambda item: item.half is Half.REPLY))
        return Trace(
            flow=self.flow,
            disposition=self._judge(blockers, self.undecided, left=bool(self.left_view)),
            request=self._half(
                Half.REQUEST, self.request_hops, left=Half.REQUEST in self.left_view
            ),
            reply=self._half(Half.REPLY, self.reply_hops, left=bool(self.left_view)),
            blockers=blockers,
            warnings=tuple(self.warnings),
            unread=tuple(self.unread),
            resolution=self.resolution,
            considered=tuple(self.considered or ()),
        )

    def _half(self, half: Half, hops: list[Hop], *, left: bool) -> HalfTrace:
        blockers = tuple([item for item in self.blockers if item.half is half])
        disposition = self._judge(blockers, self.undecided & {half}, left=left)
        return HalfTrace(disposition=disposition, hops=tuple(hops))

    @staticmethod
    def _judge(blockers: tuple[Blocker, ...], undecided: set[Half], *, left: bool) -> Disposition:
        if blockers:
            return _DISPOSITIONS.get(blockers[0].reason, Disposition.DENIED)
        if undecided:
            return Disposition.UNKNOWN
        return Disposition.LEFT_VIEW if left else Disposition.DELIVERED
