"""What several faults say about network ACLs and ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.diagnosis.case import Case, Hit
from netprobe.model.addresses import Family, family_of
from netprobe.model.ports import EPHEMERAL
from netprobe.model.trace import Component, Half, Reason

_REASONS = (Reason.ENTRY_DENIES, Reason.NO_ENTRY_ALLOWS)


def ports_of(hits: Iterable[Hit]) -> str:
    """Return the destination ports of the flows, as people write them."""
    ports = {hit.path.trace.flow.port for hit in hits if hit.path.trace}
    return ",".join(str(port) for port in sorted(ports))


def own_acl_hits(case: Case, family: Family) -> Iterator[Hit]:
    """Yield what the ACL of the source's own subnet blocks in one family."""
    for hit in case.hits(*_REASONS, component=Component.NETWORK_ACL, family=family):
        if _is_own(case, hit):
            yield hit


def other_acl_hits(case: Case) -> Iterator[Hit]:
    """Yield what ACLs block and no fault with a narrower name covers."""
    for hit in case.hits(*_REASONS, component=Component.NETWORK_ACL):
        own = _is_own(case, hit)
        ipv4 = hit.path.key.family is Family.IPV4
        if not own or not (ipv4 or knows_no_ipv6(case, hit)):
            yield hit


def _is_own(case: Case, hit: Hit) -> bool:
    return hit.blocker.subnet_id in {None, case.source(hit.path).subnet_id}


def knows_no_ipv6(case: Case, hit: Hit) -> bool:
    """Tell whether the ACL allows no IPv6 at all in the direction that the packet goes."""
    acl = next(
        (i for i in case.snapshot.network_acls if i.network_acl_id == hit.blocker.resource_id),
        None,
    )
    leaving = hit.blocker.half is Half.REQUEST
    return acl is not None and not any(
        entry.allow and entry.egress is leaving and family_of(entry.cidr) is Family.IPV6
        for entry in acl.entries
    )


def entries_to_add(acl_id: str, halves: Iterable[Half], ports: str, cidr: str) -> str:
    """Return the entries that would let the halves through, as an imperative."""
    wanted = set(halves)
    parts = []
    if Half.REQUEST in wanted:
        parts.append(f"egress tcp {ports} to {cidr}")
    if Half.REPLY in wanted:
        parts.append(f"ingress tcp {EPHEMERAL} from {cidr}")
    return f"allow {' and '.join(parts)} in {acl_id}"
