"""Names without an AAAA record, where IPv6 is the only way out."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.designs import is_ipv6_alone_meant
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence
from netprobe.model.observation import Outcome
from netprobe.model.report import Path, PathVerdict
from netprobe.model.trace import Reason, Resolution, Trace

_NO_WAY = frozenset({Reason.NO_ROUTE, Reason.NO_IPV4_BLOCK})
"""IPv4 is not meant to leave; a way out that broke is a fault of its own."""
_NONE_FOR_FUNCTIONS = Reason.NO_PUBLIC_IPV4
"""The route to an internet gateway is there for others: no way where IPv6 was to lead out."""
_PUBLIC_ANSWERS = frozenset({"public", "observed"})


def without_record(case: Case) -> Iterator[Path]:
    """Yield the IPv6 paths that lack a public AAAA record, where IPv4 has no way.

    What else they lack is a cause beside it where IPv6 alone was meant to lead out; elsewhere IPv6
    is no more than a way that might be made, and its record the least of it.
    """
    for path in case.failing():
        if path.key.family is Family.IPV6 and path.trace is not None and case.is_in_play(path):
            ipv4 = case.between(case.source(path), case.target(path)).get(Family.IPV4)
            alone = is_ipv6_alone_meant(case, case.source(path))
            if _lacks_record(path, path.trace, alone=alone) and _has_no_way(ipv4, alone=alone):
                yield path


def answer(path: Path) -> Evidence:
    """Return what the resolver said of the name, as a fact."""
    resolution = path.trace.resolution if path.trace else None
    name = resolution.name if resolution else path.key.target
    return Evidence(resource_id=name, says="has no AAAA record: the resolver answers no data")


def _lacks_record(path: Path, trace: Trace, *, alone: bool) -> bool:
    others = any(item.reason is not Reason.NO_ADDRESS_RECORD for item in trace.blockers)
    if not alone and (trace.unread or others):
        return False
    return trace.resolution is not None and _is_public_lack(path, trace.resolution)


def _is_public_lack(path: Path, resolution: Resolution) -> bool:
    """Tell whether public DNS has no record; what answers in its place may have left it out."""
    elsewhere = resolution.endpoint_id or resolution.authority_id
    if elsewhere or resolution.origin not in _PUBLIC_ANSWERS:
        return False
    if path.observation is None or path.observation.outcome is Outcome.NOT_PROBED:
        return resolution.lacks_record
    return path.observation.outcome is Outcome.DNS_NODATA


def _has_no_way(path: Path | None, *, alone: bool) -> bool:
    if path is None or path.trace is None or path.verdict is not PathVerdict.BLOCKED:
        return False
    reasons = {item.reason for item in path.trace.blockers}
    return bool(reasons & _NO_WAY) or (alone and _NONE_FOR_FUNCTIONS in reasons)
