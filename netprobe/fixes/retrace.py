"""Asking a target's question again: of the configuration as it is, or as it would be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from netprobe.analysis.tracer import Tracer
from netprobe.analysis.walk import STAND_INS
from netprobe.diagnosis.case import Case
from netprobe.fixes.apply import apply_all
from netprobe.model.addresses import Address, Family, parse_address
from netprobe.model.changes import (
    AllowFunctionIpv6,
    Change,
    CreateInterfaceEndpoint,
    EnableDns,
    LeaveSubnets,
    LeaveZone,
    MakeApiDualStack,
    SetPrivateDns,
    TakeNameBack,
    UseAmazonDns,
    UseDualStackName,
)
from netprobe.model.finding import PathKey
from netprobe.model.flow import TCP, UDP, Source
from netprobe.model.observation import Observation, Outcome
from netprobe.model.report import Path, Target
from netprobe.model.trace import Disposition, Reason, Resolution, Trace

_NO_ADDRESS = frozenset({Outcome.DNS_NODATA, Outcome.DNS_NXDOMAIN})
"""Outcomes that are the resolver's own answer: there is no such record."""

_FAILED = frozenset({Outcome.DNS_SERVFAIL, Outcome.DNS_TIMEOUT})
"""Outcomes that are no answer at all."""
UNANSWERED = _FAILED | _NO_ADDRESS
"""Outcomes after which a client has no address, whatever the resolver said."""
_RECORD = str(STAND_INS[Family.IPV6][0])
"""Stands for the AAAA record that a dual-stack API has."""
_CHANGES_NAMES = (SetPrivateDns, CreateInterfaceEndpoint, EnableDns)
"""After these any name may lead elsewhere, so that what was seen before proves nothing."""


def trace_target(
    tracer: Tracer,
    source: Source,
    target: Target,
    family: Family,
    observation: Observation | None,
) -> Trace | None:
    """Trace towards the address the probe used, else those its resolver answered."""
    if target.port == 0:
        return None
    seen = observation.resolved_addresses if observation else ()
    first = (observation.address,) if observation and observation.address else ()
    addresses = tuple(
        address for text in dict.fromkeys((*first, *seen)) if (address := _read(text))
    )
    protocol = TCP if target.payload is None else UDP
    answered = observation is not None and observation.outcome in _NO_ADDRESS
    return tracer.trace_name(
        source, target.host, family,
        port=target.port, protocol=protocol, observed=addresses, answered=answered,
    )  # fmt: skip


def _read(text: str) -> Address | None:
    try:
        return parse_address(text)
    except ValueError:
        return None


def is_open(trace: Trace | None) -> bool:
    """Tell whether a flow is delivered to the far end that was meant."""
    if trace is None or trace.disposition is not Disposition.DELIVERED:
        return False
    return trace.resolution is None or not trace.resolution.captured


def is_proved(trace: Trace | None) -> bool:
    """Tell whether a flow is delivered for certain: an AAAA record has to be known of.

    Every public name is taken to have an A record, because hardly one does without.
    """
    if trace is None or not is_open(trace):
        return False
    resolution = trace.resolution
    is_ipv4 = trace.flow.family is Family.IPV4
    return is_ipv4 or resolution is None or resolution.exists is True


def is_reached(trace: Trace | None) -> bool:
    """Tell whether a flow is delivered as far as anybody can tell from the account.

    What a resolver of the VPC's own answers is not in the configuration: nothing is in the way of
    it and of what lies behind, and that is all there is to know.
    """
    if trace is None or is_proved(trace):
        return trace is not None
    resolution = trace.resolution
    return (
        trace.disposition is Disposition.UNKNOWN
        and resolution is not None
        and bool(resolution.undecided)
        and not trace.blockers
        and not trace.unread
        and all(item.reason is Reason.ASSUMED_ADDRESS for item in trace.warnings)
    )


@dataclass(frozen=True, kw_only=True)
class World:
    """A case's configuration after some changes, with a tracer of its own."""

    case: Case
    changes: tuple[Change, ...] = ()

    @cached_property
    def tracer(self) -> Tracer:
        """Return the tracer over the changed snapshot, made once."""
        return Tracer(apply_all(self.case.snapshot, self.changes))

    @cached_property
    def _traces(self) -> dict[PathKey, Trace | None]:
        return {}

    def after(self, changes: Iterable[Change]) -> World:
        """Return the world with more changes."""
        return World(case=self.case, changes=(*self.changes, *changes))

    def trace(self, path: Path) -> Trace | None:
        """Trace one path of the case again, once only."""
        if path.key not in self._traces:
            self._traces[path.key] = self._trace(path)
        return self._traces[path.key]

    def reaches(self, path: Path) -> bool:
        """Tell whether a path is delivered as far as anybody can tell, packets included.

        Where its name was asked for in vain, and nothing was in the way of the resolver, what the
        configuration cannot tell of the answer is known: there is none.
        """
        if self.leaves(path):
            return True
        trace = self.trace(path)
        if trace is None or not is_reached(trace):
            return False
        resolution, seen, before = trace.resolution, path.observation, path.trace
        answered = resolution is None or not (resolution.assumed or resolution.undecided)
        failed = seen is not None and seen.outcome in UNANSWERED
        if answered or not failed or self._renames(path):
            return True
        return before is not None and any(i.reason is Reason.NO_RESOLVER for i in before.blockers)

    def leaves(self, path: Path) -> bool:
        """Tell whether no invocation starts in the path's subnets any more."""
        source = self.case.source(path)
        subnets = {source.subnet_id, *source.represents}
        return any(
            isinstance(item, LeaveSubnets)
            and item.function_name == source.function_name
            and subnets.issubset(item.leaves)
            for item in self.changes
        )

    def proves(self, path: Path) -> bool:
        """Tell whether a path is delivered for certain, or nobody is left to need it."""
        return self.leaves(path) or is_proved(self.trace(path))

    def _trace(self, path: Path) -> Trace | None:
        if not self.changes:
            return path.trace
        target = self._host_of(self.case.target(path))
        source = self._source_of(path.key)
        return trace_target(self.tracer, source, target, path.key.family, self._seen(path, target))

    def _seen(self, path: Path, target: Target) -> Observation | None:
        """Return what was observed, as far as the changes leave it true."""
        seen = path.observation
        if seen is None or self._renames(path):
            return None
        made_dual_stack = path.key.family is Family.IPV6 and any(
            isinstance(item, MakeApiDualStack) and item.api_id == target.api_id
            for item in self.changes
        )
        known = path.trace.resolution if path.trace else None
        made_up = known is not None and known.origin == "dns64"
        if made_dual_stack and (seen.outcome in _NO_ADDRESS or made_up):
            # The resolver was asked and does answer for this name: it will have the record too.
            return replace(seen, outcome=Outcome.NOT_PROBED, address=_RECORD)
        return seen

    def _source_of(self, key: PathKey) -> Source:
        source = self.case.source_of(key)
        allowed = any(
            isinstance(item, AllowFunctionIpv6) and item.function_name == source.function_name
            for item in self.changes
        )
        return replace(source, ipv6_allowed=True) if allowed else source

    def _host_of(self, target: Target) -> Target:
        for item in self.changes:
            if isinstance(item, UseDualStackName) and item.target_id == target.id:
                return replace(target, host=item.dual_stack_host)
        return target

    def _renames(self, path: Path) -> bool:
        """Tell whether a path's name may lead elsewhere after the changes."""
        known = path.trace.resolution if path.trace else None
        host = self.case.target(path).host
        if any(_is_about(item, path.key.target, host, known) for item in self.changes):
            return True
        vpc_id = self.case.source(path).vpc_id
        if any(isinstance(i, UseAmazonDns) and i.vpc_id == vpc_id for i in self.changes):
            return known is None or known.origin != "literal"
        if not any(isinstance(item, _CHANGES_NAMES) for item in self.changes):
            return False
        return known is None or known.endpoint_id is not None or known.origin == "none"


def _is_about(change: Change, target_id: str, host: str, known: Resolution | None) -> bool:
    """Tell whether a change is about just this name."""
    match change:
        case UseDualStackName():
            return change.target_id == target_id
        case TakeNameBack():
            return change.domain_name == host
        case LeaveZone():
            return known is not None and known.authority_id == change.hosted_zone_id
        case _:
            return False
