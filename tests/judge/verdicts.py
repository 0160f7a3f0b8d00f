"""Compares, flow by flow, what the engine says with what the packets did."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netprobe.analysis.tracer import Tracer
from netprobe.model.addresses import parse_address
from netprobe.model.flow import Flow, Source
from netprobe.model.ports import PortSet
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition, Half, Reason, Trace
from tests.judge.building import Answers, snapshot_of, standing
from tests.judge.drawing_flows import Question
from tests.judge.packets import TCP, UDP, Message
from tests.judge.watching import Seen, Watch

_OPEN = {Disposition.UNKNOWN, Disposition.LEFT_VIEW}


class Outcome(StrEnum):
    """How the two answers to one flow compare."""

    AGREED = "agreed"
    DISAGREED = "disagreed"
    UNKNOWN = "unknown"
    LEFT_VIEW = "left-view"
    ANY_PORT = "any-port"
    """The reply passes at some of the ports that a gateway may have chosen for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Both answers to one flow."""

    question: Question
    trace: Trace
    seen: Seen
    outcome: Outcome

    @property
    def kind(self) -> str:
        """Return what disagrees, in few words."""
        request = "request arrived" if self.seen.request_at else "request lost"
        reply = "reply arrived" if self.seen.reply else "no reply"
        return f"engine: {self.reason}; packets: {request}, {reply}"

    @property
    def reason(self) -> str:
        """What stops the flow, says the engine; ``delivered`` when nothing does."""
        if self.trace.blockers:
            first = self.trace.blockers[0]
            return f"{first.half} {first.component} {first.reason}"
        if self.trace.disposition is Disposition.UNKNOWN and self.trace.warnings:
            first = self.trace.warnings[0]
            return f"unknown {first.component} {first.reason}"
        return str(self.trace.disposition)


def ask(answers: Answers, questions: tuple[Question, ...], prefix: str) -> tuple[Verdict, ...]:
    """Put the same flows to both sides."""
    snapshot = snapshot_of(answers)
    tracer = Tracer(snapshot)
    with standing(answers, prefix) as watch:
        seen = send(watch, questions)
    return tuple(
        _judge(question, tracer.trace(flow_of(snapshot, question)), seen[index])
        for index, question in enumerate(questions)
    )


def send(watch: Watch, questions: tuple[Question, ...]) -> list[Seen]:
    """Send every flow's request at once; return what was seen, in order."""
    messages = [
        (
            question.interface_id,
            Message(
                source=question.source,
                destination=question.destination,
                protocol=question.protocol,
                port=question.port,
                source_port=question.source_port,
                token=0x10000 + index,
            ),
        )
        for index, question in enumerate(questions)
    ]
    seen = watch.observe(messages)
    return [seen[message.token] for _, message in messages]


def flow_of(snapshot: Snapshot, question: Question) -> Flow:
    """Return the flow as the engine knows it: from an interface, by one of its addresses."""
    interface = snapshot.network_interface(question.interface_id)
    if interface is None:
        raise LookupError(question.interface_id)
    has_ports = question.protocol in {TCP, UDP}
    source = Source(
        id=interface.network_interface_id,
        vpc_id=interface.vpc_id,
        subnet_id=interface.subnet_id,
        security_group_ids=interface.group_ids,
        ipv6_allowed=True,
        interface_id=interface.network_interface_id,
        addresses=(parse_address(question.source),),
    )
    flow = Flow(
        source=source,
        destination=parse_address(question.destination),
        protocol=question.protocol,
        port=question.port,
    )
    if not has_ports:
        return flow
    return Flow(
        source=source,
        destination=flow.destination,
        protocol=question.protocol,
        port=question.port,
        source_ports=PortSet.of(question.source_port),
    )


def _judge(question: Question, trace: Trace, seen: Seen) -> Verdict:
    outcome = compare(trace, seen)
    return Verdict(question=question, trace=trace, seen=seen, outcome=outcome)


def compare(trace: Trace, seen: Seen) -> Outcome:
    """Compare half by half: the reply counts only once the request has arrived."""
    request, reply = trace.request.disposition, trace.reply.disposition
    if request in _OPEN:
        return Outcome(request.value)
    if (request is Disposition.DELIVERED) != (seen.request_at is not None):
        return Outcome.DISAGREED
    if seen.request_at is None:
        return Outcome.AGREED
    if reply in _OPEN:
        return Outcome(reply.value)
    if (reply is Disposition.DELIVERED) == seen.reply:
        return Outcome.AGREED
    return Outcome.ANY_PORT if _depends_on_port(trace) else Outcome.DISAGREED


def _depends_on_port(trace: Trace) -> bool:
    return any(
        item.half is Half.REPLY and item.reason is Reason.SOME_PORTS_DENIED
        for item in trace.warnings
    )
