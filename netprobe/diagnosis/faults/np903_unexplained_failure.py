"""The packets fail and nothing in the readable configuration explains it.

## What it means

The configuration, as far as it can be read, lets the flow through. The packets say otherwise.

## Why traffic fails

Something the account's configuration does not show: a firewall or appliance on the way, the
far end's own filters, another account, or a change a moment ago.

## How netprobe knows

The probe failed, was asked once more and failed again after the configuration was read anew, and
no fault with a name of its own explains the path. How it failed ranks what it can be: silence
before a connection or on one, a refusal, a reset after the TLS ClientHello or elsewhere, an error
inside the sandbox, a resolver that is silent, failing or denies the name.

## Known limits

It never names a culprit; it says what to look at next.

## Example

A partner's firewall that drops packets from a NAT gateway it does not know.

## Fix

Look at what is named first, and make the test that is named last; flow logs of the function's
interface tell on which side of it packets are lost.

## Fix safety

Nothing is changed.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.fingerprints import Fingerprint, fingerprint_of
from netprobe.model.finding import Confidence, Evidence, Finding
from netprobe.model.observation import Outcome
from netprobe.model.report import Path

_BY_DESIGN = frozenset({Outcome.DNS_NODATA, Outcome.NO_LOCAL_ADDRESS})
"""A family that is simply not there is no failure that wants explaining."""
_OF_NAMES = frozenset({Outcome.DNS_TIMEOUT, Outcome.DNS_SERVFAIL, Outcome.DNS_NXDOMAIN})


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target and way of failing that nothing else explains."""
    groups: dict[tuple[str, Fingerprint], list[Path]] = defaultdict(list)
    for path in case.failing():
        if path.observation is None or path.key in case.explained:
            continue
        if path.observation.outcome not in _BY_DESIGN and not _is_told(case, path):
            groups[path.key.target, fingerprint_of(path.observation)].append(path)
    for (target, fingerprint), paths in groups.items():
        yield replace(
            FAULT.found_with(
                (_fact(target, paths[0]), *_blockers(paths)),
                (path.key for path in paths),
                reason="the readable configuration lets this flow through"
                if not _blockers(paths)
                else "what stops it has no page of its own yet",
                advice=fingerprint.advice,
                standing_cost="",
            ),
            confidence=Confidence.LOW,
        )


def _is_told(case: Case, path: Path) -> bool:
    """Tell whether the same name failed in the same way for the other family, which is explained.

    One question is asked for both.
    """
    outcome = path.observation.outcome if path.observation else None
    others = case.between(case.source(path), case.target(path)).values()
    return outcome in _OF_NAMES and any(
        item.key in case.explained and item.observation and item.observation.outcome is outcome
        for item in others
    )


def _fact(target: str, path: Path) -> Evidence:
    seen = path.observation
    last = seen.stages[-1] if seen and seen.stages else None
    error = f": {last.error}" if last and last.error else ""
    where = f" at {seen.address}" if seen and seen.address else ""
    return Evidence(resource_id=target, says=f"{seen.outcome if seen else 'fails'}{where}{error}")


def _blockers(paths: list[Path]) -> tuple[Evidence, ...]:
    return tuple(
        dict.fromkeys(
            Evidence(resource_id=item.resource_id, says=item.detail)
            for path in paths
            if path.trace
            for item in path.trace.blockers
        )
    )


FAULT = Fault(
    code="NP903",
    name="unexplained-failure",
    title="The packets fail and nothing in the readable configuration explains it",
    phrase="nothing readable explains it",
    since="0.1.0",
    symptoms=("unexplained",),
    check=check,
    doc=__doc__,
)
