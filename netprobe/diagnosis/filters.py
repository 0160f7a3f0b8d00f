"""What several faults say about network ACLs and ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.diagnosis.case import Case, Hit
from netprobe.diagnosis.verdict import felt_paths
from netprobe.diagnosis.ways import gateway_endpoint_on
from netprobe.model.addresses import Family, family_of
from netprobe.model.ports import EPHEMERAL
from netprobe.model.resources import NatGateway, NetworkAcl
from netprobe.model.service_names import service_of_host
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


def nat_acl_hits(case: Case) -> Iterator[Hit]:
    """Yield what the ACL of a NAT gateway's subnet blocks, where that is not the source's own."""
    for hit in case.hits(*_REASONS, component=Component.NETWORK_ACL):
        if nat_of(case, hit) is not None:
            yield hit


def nat_of(case: Case, hit: Hit) -> NatGateway | None:
    """Return the NAT gateway on the path in whose subnet the ACL was met."""
    trace = hit.path.trace
    if trace is None or _is_own(case, hit):
        return None
    met = {hop.resource_id for hop in trace.request.hops}
    met |= {blocker.resource_id for blocker in trace.blockers}
    return next(
        (
            item
            for item in case.snapshot.nat_gateways
            if item.nat_gateway_id in met and item.subnet_id == hit.blocker.subnet_id
        ),
        None,
    )


def forgotten_prefixes(case: Case, acl_id: str, group: Iterable[Hit]) -> list[Hit]:
    """Return what an ACL stops on its way to gateway endpoints, where nothing else is felt of it.

    It has entries that open the ports to other addresses, so the prefixes were forgotten. Services
    that would stay inside, but for a fault of their endpoints, are nothing else.
    """
    acl = case.snapshot.network_acl(acl_id)
    hits, felt = tuple(group), felt_paths(case)
    if acl is None:
        return []
    mine = [
        hit
        for hit in hits
        if gateway_endpoint_on(case, hit.path) is not None and _is_open_elsewhere(acl, hit)
    ]
    others = [hit for hit in hits if hit not in mine and hit.path.key in felt]
    return [] if any(not is_kept_inside(case, hit) for hit in others) else mine


def is_kept_inside(case: Case, hit: Hit) -> bool:
    """Tell whether the target is a service of AWS's that an endpoint may bring into a VPC."""
    host, api = case.target(hit.path).host, case.target(hit.path).api_id
    return api is None and service_of_host(host, case.snapshot.region) is not None


def _is_open_elsewhere(acl: NetworkAcl, hit: Hit) -> bool:
    flow = hit.path.trace.flow if hit.path.trace else None
    leaving = hit.blocker.half is Half.REQUEST
    return flow is not None and any(
        entry.allow
        and entry.egress is leaving
        and family_of(entry.cidr) is hit.path.key.family
        and entry.protocol in {None, flow.protocol}
        and (flow.port in entry.ports if leaving else bool(flow.source_ports & entry.ports))
        for entry in acl.entries
    )


def other_acl_hits(case: Case) -> Iterator[Hit]:
    """Yield what ACLs block and no fault with a narrower name covers."""
    for hit in case.hits(*_REASONS, component=Component.NETWORK_ACL):
        own = _is_own(case, hit)
        ipv4 = hit.path.key.family is Family.IPV4
        named = own and (ipv4 or knows_no_ipv6(case, hit))
        if not named and nat_of(case, hit) is None:
            yield hit


def _is_own(case: Case, hit: Hit) -> bool:
    return hit.blocker.subnet_id in {None, case.source(hit.path).subnet_id}


def knows_no_ipv6(case: Case, hit: Hit) -> bool:
    """Tell whether the ACL allows no IPv6 at all in the direction that the packet goes."""
    acl = case.snapshot.network_acl(hit.blocker.resource_id)
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
