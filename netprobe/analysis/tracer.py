"""Walks a flow there and back, past the first block to the last.

Theory of operation. A flow has two halves, and both are forwarded by the same rules. A ``Leg`` is
a packet under way: its addresses at the moment, and the ``Place`` it leaves from. ``forward``
takes it out of that place (network ACL, route table) to what the winning route leads to, which
delivers it, loses it, sends it out of view, or puts it into another place to go on from: behind a
NAT gateway, in the VPC behind a transit gateway. The request starts at the source, after its own
ability to speak the family and the egress side of its security groups. Where it ends
(``Walk.end``) is where the reply sets out, routed by the tables of that side; on its way back it
has to come to each of ``Walk.anchors``, the things that sent the request on under an address of
their own. Security groups keep state, so they judge requests only; network ACLs keep none, so
they judge both halves; gateways let replies back in.

Three rules hold everywhere. A block never ends the walk: it goes on as if the packet had passed,
so that two faults on one path give two blockers. What could not be read is never taken for
absent: it makes the answer unknown, unless something that was read blocks anyway. And the walk
has no opinion about what it does not follow: such a flow has left the view.

Speed comes from the ``Fabric``, the snapshot as numbers, which is built as far as flows need it.
It answers what passes; only what does not pass is looked at again, for words.
"""

from __future__ import annotations

from netprobe.analysis.delivery import come_home
from netprobe.analysis.departure import check_name, depart
from netprobe.analysis.fabric import Fabric
from netprobe.analysis.forwarding import forward
from netprobe.analysis.internet import come_in
from netprobe.analysis.leg import Anchor, Leg
from netprobe.analysis.link_local import is_link_local, reach_link_local
from netprobe.analysis.name_answers import NameAnswers, answer_name
from netprobe.analysis.name_doubts import block_first, judge_resolvers, settle
from netprobe.analysis.name_resolution import resolve
from netprobe.analysis.origins import Origins
from netprobe.analysis.peer_groups import pass_egress
from netprobe.analysis.places import Origin
from netprobe.analysis.stand_ins import stand_in
from netprobe.analysis.transit_gateways import come_in_by_attachment
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address, Family
from netprobe.model.flow import TCP, Flow, Source
from netprobe.model.ports import single_port
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Half, Resolution, Trace

_MOST_ANSWERS = 4096
"""Answers to names that are remembered; when there are more, all are forgotten."""

_Question = tuple[str, str, Family, tuple[Address, ...], bool]
"""VPC, name, family, what was observed, and whether the resolver was asked."""


class Tracer:
    """Traces flows over one snapshot; it owns what is compiled from the snapshot on the way.

    ``in_detail`` also keeps every rule, entry and route that was looked at.
    """

    def __init__(self, snapshot: Snapshot, *, in_detail: bool = False) -> None:
        self.snapshot = snapshot
        self._in_detail = in_detail
        self._fabric = Fabric(snapshot)
        self._origins = Origins(self._fabric)
        self._answers: dict[_Question, Resolution] = {}

    def trace(self, flow: Flow, resolution: Resolution | None = None) -> Trace:
        """Walk a flow there and back and return everything it meets."""
        origin = self._origins.find(flow.source, flow.family)
        walk = Walk(
            fabric=self._fabric,
            flow=flow,
            subnet=origin.place.subnet,
            interface=origin.interface,
            address=origin.address,
            known_address=origin.known,
            resolution=resolution,
            considered=[] if self._in_detail else None,
        )
        if resolution is not None:
            check_name(walk)
        depart(walk, origin)
        if is_link_local(walk):
            reach_link_local(walk)
        elif origin.known and flow.destination == origin.address:
            _reach_itself(walk)
        else:
            _return(walk, _go(walk, origin))
        return walk.finish()

    def trace_name(  # noqa: PLR0913 # the facts of a question; a value for them would only be unpacked here
        self,
        source: Source,
        name_or_address: str,
        family: Family,
        *,
        port: int,
        protocol: int = TCP,
        observed: tuple[Address, ...] = (),
        answered: bool = False,
    ) -> Trace:
        """Resolve a name as the source's VPC would, and trace to the address it would get.

        Where there is no record, or its address is not known, the walk goes on to an address that
        stands for it, so that what blocks behind the name is found too. ``answered`` says that the
        source's resolver was asked, so that nothing ``observed`` is an answer too.
        """
        resolution = self._resolve((source.vpc_id, name_or_address, family, observed, answered))
        if resolution.addresses:
            destination = resolution.addresses[0]
        else:
            resolution, destination = stand_in(
                self.snapshot, source, resolution, observed, self._fabric.table
            )
        flow = Flow(source=source, destination=destination, protocol=protocol, port=port)
        return self.trace_resolved(flow, resolution)

    def _resolve(self, question: _Question) -> Resolution:
        """Return a name's answer, which is the same for every source of a VPC."""
        known = self._answers.get(question)
        if known is None:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            vpc_id, name, family, observed, answered = question
            known = resolve(self.snapshot, vpc_id, name, family, observed, answered=answered)
            self._answers[question] = known
        return known

    def answer_name(self, source: Source, name: str) -> NameAnswers:
        """Return the addresses of a name for a source, and in which order a client tries them."""
        return answer_name(self.snapshot, source, name, compiled=self._fabric.table)

    def stand_in(self, source: Source, resolution: Resolution) -> tuple[Resolution, Address]:
        """Return an address to walk to when a name has none that is known."""
        return stand_in(self.snapshot, source, resolution, (), self._fabric.table)

    def trace_resolved(self, flow: Flow, resolution: Resolution) -> Trace:
        """Trace to an address that a name led to, and claim no more than the name's answer allows.

        Where it leaves something open, the VPC's own resolvers are asked after too.
        """
        trace = settle(self.trace(flow, resolution))
        if resolution.is_certain:
            return trace
        silent = judge_resolvers(self.snapshot, flow.source, self.trace)
        return block_first(trace, silent) if silent else trace


def trace_name(  # noqa: PLR0913 # as above
    snapshot: Snapshot,
    source: Source,
    name_or_address: str,
    family: Family,
    *,
    port: int,
    protocol: int = TCP,
    observed: tuple[Address, ...] = (),
    answered: bool = False,
) -> Trace:
    """Resolve and trace one name; many of one snapshot are quicker with one ``Tracer``."""
    return Tracer(snapshot).trace_name(
        source,
        name_or_address,
        family,
        port=port,
        protocol=protocol,
        observed=observed,
        answered=answered,
    )


def trace_flow(snapshot: Snapshot, flow: Flow, resolution: Resolution | None = None) -> Trace:
    """Trace one flow; many of one snapshot are quicker with one ``Tracer``."""
    return Tracer(snapshot).trace(flow, resolution)


def _reach_itself(walk: Walk) -> None:
    """Meet the source's own interface: what is for its own address never leaves it."""
    source = walk.flow.source
    resource_id = walk.interface.network_interface_id if walk.interface else source.id
    hop = walk.fabric.hop(Component.NETWORK_INTERFACE, resource_id)
    walk.meet(hop)
    walk.meet(hop, Half.REPLY)


def _go(walk: Walk, origin: Origin) -> Leg:
    """Walk the request from the source's groups to the far end."""
    flow = walk.flow
    leg = Leg(
        half=Half.REQUEST,
        hops=walk.request_hops,
        place=origin.place,
        source=origin.address,
        destination=flow.destination,
        protocol=flow.protocol,
        ports=single_port(flow.port),
        group_ids=origin.group_ids,
        sender=origin.interface,
    )
    walk.anchors.append(
        Anchor(
            place=origin.place,
            address=origin.address,
            ports=flow.source_ports,
            beyond=flow.destination,
        )
    )
    pass_egress(walk, leg)
    forward(walk, leg)
    return leg


def _return(walk: Walk, request: Leg) -> None:
    """Walk the reply back from where the request ended."""
    end, anchor = walk.end, walk.anchors[-1]
    leg = Leg(
        half=Half.REPLY,
        hops=walk.reply_hops,
        place=anchor.place,
        source=anchor.beyond,
        destination=anchor.address,
        protocol=walk.flow.protocol,
        ports=anchor.ports,
        sender=end.sender,
    )
    for hop in end.hops:
        walk.meet(hop, Half.REPLY)
    if end.place is not None:
        leg.place = end.place
        leg.readdress(request.destination, request.source, anchor.ports)
        forward(walk, leg)
        return
    home = anchor.place.vpc_id
    if end.attachment is not None and end.attachment.resource_id == home:
        goes_on = come_in_by_attachment(walk, leg, end.attachment)
    else:
        leg.place = walk.fabric.edge(home)
        if end.gateway_id is not None and request.place.vpc_id == home:
            goes_on = come_in(walk, leg, end.gateway_id, home)
        else:
            goes_on = come_home(walk, leg, home)
    if goes_on:
        forward(walk, leg)
