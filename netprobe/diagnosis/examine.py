"""Trying every fault on a case: all causes, ranked, each once however many paths it explains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.designs import (
    ABOUT_RECORDS,
    OF_THE_FAR_END,
    is_absent_by_design,
    lacks_record,
)
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.faults import FAULTS
from netprobe.diagnosis.verdict import felt_paths
from netprobe.model.addresses import Family
from netprobe.model.finding import Confidence, Finding, PathKey, Role, Severity
from netprobe.model.report import Witnesses

FILTERS = ("NP2", "NP3")
"""How the codes of faults of security groups and network ACLs begin."""
_RANK = {Role.ROOT_CAUSE: 0, Role.CONTRIBUTING: 1, Role.NOTE: 2}


def examine(case: Case, faults: tuple[Fault, ...] = FAULTS) -> tuple[Finding, ...]:
    """Return every finding, root causes first, then what contributes, then notes."""
    felt = felt_paths(case)
    found: list[Finding] = []
    explained: set[PathKey] = set()
    for fault in faults:
        findings = fault.check(replace(case, explained=frozenset(explained)))
        weighed = [_weighed(case, finding, fault, felt) for finding in findings]
        if fault.names_cause and fault.decidable:
            explained.update(key for item in weighed for key in item.paths)
        found.extend(weighed)
    found = [_subordinated(case, item, found, faults, felt) for item in found]
    return ranked(found)


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in their order: root causes first, then what contributes, then notes."""
    return tuple(sorted(findings, key=lambda item: (_RANK[item.role], item.code)))


def _weighed(case: Case, finding: Finding, fault: Fault, felt: frozenset[PathKey]) -> Finding:
    """Give a finding its role, severity and confidence."""
    if not fault.decidable:
        return replace(finding, role=Role.NOTE, severity=Severity.LOW, confidence=Confidence.LOW)
    is_felt = not felt.isdisjoint(finding.paths)
    role = fault.role or (Role.ROOT_CAUSE if is_felt else Role.NOTE)
    if fault.role is not None and not is_felt and fault.role is not Role.NOTE:
        role = Role.CONTRIBUTING
    severity = {Role.ROOT_CAUSE: Severity.HIGH, Role.CONTRIBUTING: Severity.MEDIUM}.get(
        role, Severity.LOW
    )
    confidence = _confidence(case, finding)
    return replace(finding, role=role, severity=severity, confidence=confidence)


def _confidence(case: Case, finding: Finding) -> Confidence:
    """Return high where both witnesses agree on every path, medium where one spoke."""
    if finding.confidence is Confidence.LOW:
        return Confidence.LOW
    witnesses = {case.path(key).witnesses for key in finding.paths}
    if witnesses <= {Witnesses.AGREE}:
        return Confidence.HIGH
    return Confidence.LOW if Witnesses.DISAGREE in witnesses else Confidence.MEDIUM


def _subordinated(
    case: Case,
    finding: Finding,
    found: Iterable[Finding],
    faults: tuple[Fault, ...],
    felt: frozenset[PathKey],
) -> Finding:
    """Make a root cause contribute where another one on the paths that are felt contains it.

    Or where it is beside the point: mending the other leaves nothing of it, or it is the absence
    of a family that was never meant to carry the call.
    """
    if finding.role is not Role.ROOT_CAUSE:
        return finding
    containing = {fault.name for fault in faults if finding.name in fault.explains}
    others = [item for item in found if item is not finding and item.role is Role.ROOT_CAUSE]
    mine = felt.intersection(finding.paths)
    wider = {
        key
        for item in others
        if item.name in containing or item.name in finding.moot_beside
        for key in item.paths
    }
    by_design = (
        bool(mine)
        and finding.name not in OF_THE_FAR_END
        and not _is_closed_to_both(finding, others)
        and all(is_absent_by_design(case, key) and _is_told(case, key, others) for key in mine)
    )
    if by_design or (wider and mine <= wider):
        return replace(finding, role=Role.CONTRIBUTING, severity=Severity.MEDIUM)
    return finding


def _is_closed_to_both(finding: Finding, others: Iterable[Finding]) -> bool:
    """Tell whether a group or network ACL stops IPv4 where it stops the IPv6 that was meant.

    What lets neither pass was not written for one of them.
    """
    resource = finding.evidence[0].resource_id
    of_ipv4 = all(key.family is Family.IPV4 for key in finding.paths)
    return of_ipv4 and any(
        finding.code.startswith(FILTERS)
        and item.code.startswith(FILTERS)
        and item.evidence[0].resource_id == resource
        for item in others
    )


def _is_told(case: Case, key: PathKey, others: Iterable[Finding]) -> bool:
    """Tell whether another finding says why the family that was meant fails between the ends.

    Where the name has no AAAA record, only what says so is why IPv6 fails.
    """
    if key.family is Family.IPV4 and lacks_record(case, key):
        others = [item for item in others if item.name in ABOUT_RECORDS]
    return any(
        (other.source, other.target) == (key.source, key.target)
        and other.family is not key.family
        and not is_absent_by_design(case, other)
        for item in others
        for other in item.paths
    )
