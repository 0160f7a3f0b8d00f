"""Many flows over one snapshot, by configuration alone: each is found, walked and answered.

A function in several subnets is several sources, because any of them may run an invocation. It
is still one answer: that of the subnet where the flow fares worst.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from netprobe.analysis.name_answers import NameAnswers, source_addresses
from netprobe.analysis.tracer import Tracer
from netprobe.errors import NetprobeError, UsageError
from netprobe.fixes.proposed import propose_all
from netprobe.model.addresses import Address, Family, family_of
from netprobe.model.answer import AddressChoice, FlowAnswer
from netprobe.model.changes import Change
from netprobe.model.flow import Flow, Source
from netprobe.model.ports import EPHEMERAL, PortSet
from netprobe.model.snapshot import Gap, Snapshot
from netprobe.model.trace import Component, Disposition, Resolution, Trace
from netprobe.workflows.capabilities import ServiceHosts
from netprobe.workflows.flow_destinations import (
    AddressEnd,
    End,
    FlowDestinations,
    InterfaceEnd,
    NameEnd,
)
from netprobe.workflows.flow_requests import FlowRequest
from netprobe.workflows.flow_sources import (
    FlowSource,
    FlowSources,
    UnreadEndError,
    refuse_other_family,
)

REMEMBERED = 20_000
"""Ends and ports that are kept once they were looked up; a file can name millions."""
NAMES_REMEMBERED = 2_000
"""Answers to names, which take more room and more time."""

_WORST_FIRST = (
    Disposition.DENIED,
    Disposition.NO_ROUTE,
    Disposition.BLACKHOLED,
    Disposition.UNKNOWN,
    Disposition.LEFT_VIEW,
    Disposition.DELIVERED,
)
"""The order in which one subnet's fate stands for all of a function's; of the three ways to be
stopped the first subnet's counts."""
_SEVERITY = {item: max(number, 2) for number, item in enumerate(_WORST_FIRST)}

READ_PUBLIC_ACCESS = "ec2:DescribeVpcBlockPublicAccessOptions"
_GATEWAYS = {Component.INTERNET_GATEWAY, Component.EGRESS_ONLY_INTERNET_GATEWAY}
_COUNTS_AS_OFF = (
    f"VPC Block Public Access was not read and counts as off: allow {READ_PUBLIC_ACCESS}"
)

_IAM_PREFIXES = {"elbv2": "elasticloadbalancing"}

Refusal = NetprobeError | UnreadEndError
"""Why there is no such end; remembered like what there is."""

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(slots=True)
class Memory(Generic[Key, Value]):
    """A bounded memory of look-ups: forgets everything when full, which costs next to nothing."""

    look_up: Callable[[Key], Value]
    most: int = REMEMBERED
    known: dict[Key, Value] = field(default_factory=dict)

    def __call__(self, key: Key) -> Value:
        """Return what the look-up gives for the key."""
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= self.most:
                self.known.clear()
            found = self.known[key] = self.look_up(key)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceScope:
    """What holds for all flows of one run."""

    vpc_id: str | None = None
    """The VPC whose addresses sources may be named by, where several VPCs have the same."""
    security_group_ids: tuple[str, ...] = ()
    """Groups of sources that are subnets or functions, instead of their own."""
    assumed: tuple[Change, ...] = ()
    """Changes that are taken for made."""


class FlowTracer:
    """Answers flows over one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        hosts: ServiceHosts,
        scope: TraceScope | None = None,
        *,
        in_detail: bool = False,
        remembered: int = REMEMBERED,
    ) -> None:
        scope = scope or TraceScope()
        snapshot = propose_all(snapshot, scope.assumed)
        self._snapshot = snapshot
        self._assumed = tuple(f"assumed: {change}" for change in scope.assumed)
        self._tracer = Tracer(snapshot, in_detail=in_detail)
        self._assumes_off = snapshot.gap(READ_PUBLIC_ACCESS) is not None and any(
            vpc.block_public_access is None for vpc in snapshot.vpcs
        )
        sources = FlowSources(
            snapshot, vpc_id=scope.vpc_id, security_group_ids=scope.security_group_ids
        )
        destinations = FlowDestinations(snapshot, hosts, scope.assumed)
        self._source: Memory[str, FlowSource | Refusal]
        self._source = Memory(_or_refusal(sources.find), remembered)
        self._destination: Memory[str, End | Refusal]
        self._destination = Memory(_or_refusal(destinations.find), remembered)
        self._port: Memory[int, PortSet] = Memory(PortSet.of, remembered)
        self._named: Memory[tuple[Source, str], NameAnswers]
        self._named = Memory(lambda asked: self._tracer.answer_name(*asked), NAMES_REMEMBERED)

    @property
    def snapshot(self) -> Snapshot:
        """The configuration that is walked, what is assumed of it included."""
        return self._snapshot

    def answer(self, request: FlowRequest, flow_id: object = None) -> FlowAnswer:
        """Return the flow's trace, or in one line why it cannot be asked."""
        try:
            return self.ask(request, flow_id)
        except NetprobeError as error:
            return FlowAnswer(id=flow_id, error=str(error))

    def ask(self, request: FlowRequest, flow_id: object = None) -> FlowAnswer:
        """Return the flow's trace; raises NetprobeError when it cannot be asked."""
        source, end = self._source(request.source), self._destination(request.destination)
        if isinstance(source, Exception) or isinstance(end, Exception):
            return _refuse(flow_id, source, end)
        traces = [self._trace(request, source, place, end) for place in source.sources]
        worst = traces[0]
        subnets: tuple[tuple[str, Disposition], ...] = ()
        if len(traces) > 1:
            worst = min(traces, key=lambda trace: _SEVERITY[trace.disposition])
            subnets = tuple((item.flow.source.subnet_id, item.disposition) for item in traces)
        return FlowAnswer(
            id=flow_id,
            trace=worst,
            subnets=subnets,
            choices=self._choices(worst),
            gaps=self._gaps(worst) if worst.unread else (),
            remarks=self._remarks(worst, family_asked=bool(request.family or source.family))
            if self._assumes_off or worst.resolution is not None
            else self._assumed,
        )

    def _trace(self, request: FlowRequest, named: FlowSource, source: Source, end: End) -> Trace:
        if request.family is not None and named.family is not None:
            refuse_other_family(request.family, named.family, request.source)
        family = request.family or named.family
        resolution: Resolution | None = None
        if isinstance(end, AddressEnd):
            address = end.address
            if family is not None:
                refuse_other_family(family, family_of(address), request.destination)
        elif isinstance(end, InterfaceEnd):
            address = self._choose_address(end, source, family)
        else:
            resolution, address = self._resolve(source, end, family)
        flow = Flow(
            source=source,
            destination=address,
            protocol=request.protocol,
            port=request.port,
            source_ports=EPHEMERAL
            if request.source_port is None
            else self._port(request.source_port),
        )
        if resolution is None:
            return self._tracer.trace(flow)
        return self._tracer.trace_resolved(flow, resolution)

    def _choose_address(self, end: InterfaceEnd, source: Source, family: Family | None) -> Address:
        """Return the address to send to: of the family asked, else IPv4 if both ends have it."""
        if family is None:
            own = {family_of(item) for item in source_addresses(self._snapshot, source)}
            family = next((item for item in Family if item in own and item in end.addresses), None)
        if family is None or family not in end.addresses:
            has = " and ".join(item.label for item in end.addresses) or "no address"
            lacks = family.label if family is not None else "a family both ends have"
            raise UsageError("other-family", f"{end.id} has {has}, the flow needs {lacks}")
        return end.addresses[family]

    def _resolve(
        self, source: Source, end: NameEnd, family: Family | None
    ) -> tuple[Resolution, Address]:
        """Return what the name leads to, in the family asked or the one a client tries first.

        Where it has no address, the walk goes to one that stands for it, so that what blocks
        behind the name is found too.
        """
        answers = self._named((source, end.host))
        family = family or self._first_family(source, answers)
        resolution = answers.of(family) or Resolution(name=end.host, family=family)
        for choice in answers.choices:
            if family_of(choice.destination) is family:
                return resolution, choice.destination
        return self._tracer.stand_in(source, resolution)

    def _first_family(self, source: Source, answers: NameAnswers) -> Family:
        """Return the family a client tries first; IPv4 if it may, where AAAA is not known."""
        first, ipv4 = answers.first or Family.IPV4, answers.of(Family.IPV4)
        if not _leaves_ipv6_open(answers) or ipv4 is None or ipv4.exists is False:
            return first
        own = source_addresses(self._snapshot, source)
        return Family.IPV4 if any(family_of(i) is Family.IPV4 for i in own) else first

    def _gaps(self, trace: Trace) -> tuple[Gap, ...]:
        """Return what is behind each call the trace lacks.

        A call without a gap was read, but its answer lacks what another one refers to.
        """
        return tuple(self._snapshot.gap(call) or _incomplete(call) for call in trace.unread)

    def _remarks(self, trace: Trace, *, family_asked: bool) -> tuple[str, ...]:
        """Return what was taken for granted."""
        remarks = [*self._assumed]
        if trace.resolution is not None and not family_asked and trace.flow.family is Family.IPV4:
            name = trace.resolution.name
            if _leaves_ipv6_open(self._named((trace.flow.source, name))):
                remarks.append(
                    f"whether {name} has an AAAA record is not known; this is the way over IPv4"
                )
        if self._assumes_off and any(i.component in _GATEWAYS for i in trace.request.hops):
            remarks.append(_COUNTS_AS_OFF)
        return tuple(remarks)

    def _choices(self, trace: Trace) -> tuple[AddressChoice, ...]:
        """Return the order of a name's addresses, if it has several and they are known."""
        if trace.resolution is None:
            return ()
        answers = self._named((trace.flow.source, trace.resolution.name))
        if len(answers.choices) == 1 or any(item.assumed for item in answers.resolutions):
            return ()
        return tuple(
            AddressChoice(destination=i.destination, source=i.source, because=i.because)
            for i in answers.choices
        )


def _leaves_ipv6_open(answers: NameAnswers) -> bool:
    """Tell whether nobody knows if the name has an AAAA record."""
    ipv6 = answers.of(Family.IPV6)
    return ipv6 is not None and ipv6.exists is None


def _or_refusal(find: Callable[[str], Value]) -> Callable[[str], Value | Refusal]:
    """Return a look-up that gives its refusals as values."""

    def look_up(text: str) -> Value | Refusal:
        try:
            return find(text)
        except (NetprobeError, UnreadEndError) as error:
            return error

    return look_up


def _refuse(flow_id: object, *ends: FlowSource | End | Refusal) -> FlowAnswer:
    """Raise what is wrong with an end, else answer that one could not be read."""
    gaps = []
    for found in ends:
        if isinstance(found, NetprobeError):
            raise found.with_traceback(None)  # it is kept, and must not grow each time
        if isinstance(found, UnreadEndError):
            gaps.append(found.gap)
    return FlowAnswer(id=flow_id, gaps=tuple(dict.fromkeys(gaps)))


def _incomplete(call: str) -> Gap:
    service, _, operation = call.partition(":")
    action = f"{_IAM_PREFIXES.get(service, service)}:{operation}"
    if service.startswith("apigateway"):
        action = "apigateway:GET"  # its actions are HTTP methods
    return Gap(call=call, error="the answer lacks something on the way", iam_action=action)
