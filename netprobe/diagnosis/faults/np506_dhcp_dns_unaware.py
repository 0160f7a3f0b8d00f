"""The VPC's own DNS servers do not know its private names.

## What it means

The DHCP option set names DNS servers that are not Amazon's. They answer, but not what the
Amazon resolver would: an endpoint's private DNS or a private hosted zone is invisible to them,
and where they forward to nobody, public names too.

## Why traffic fails

Only the Amazon resolver knows the private names of a VPC. Another server gives the public
answer, which the subnet has no way to, or none.

## How netprobe knows

The first server of the option set is not Amazon's; an endpoint with private DNS or a private
zone of the VPC has the name; the probe was answered with other addresses, or with none. Or it
was answered with none, and the Amazon resolver, asked beside them, with an address.

## Known limits

What the servers answer is not in the configuration, so that needs the probe; that they cannot be
asked at all is.

## Example

A VPC joined to the company's directory, whose domain controllers answer for everything.

## Fix

Forward these names from the servers to a Resolver inbound endpoint, or go back to
AmazonProvidedDNS with rules that forward the company's own domains.

## Fix safety

A changed option set reaches running interfaces only when their lease is renewed. Names of the
company need rules before the servers are left.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html
- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import (
    NO_WAY_OUT,
    addresses_of,
    closed_groups,
    endpoint_answering,
    has_record,
    host_of,
    outcome_of,
    seen_addresses,
    stays_public,
    zone_answering,
)
from netprobe.model.addresses import Family, is_private
from netprobe.model.finding import Evidence, Finding
from netprobe.model.observation import NameAnswer, Outcome
from netprobe.model.report import Path
from netprobe.model.resources import Vpc
from netprobe.model.trace import Reason

_NONE = frozenset({Outcome.DNS_NXDOMAIN, Outcome.DNS_NODATA})
_AMAZON = "AmazonProvidedDNS"


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per option set and owner of names that its servers do not know.

    And one per option set whose servers cannot be asked at all; a group that keeps the questions
    in is a fault of its own.
    """
    yield from _unreachable(case)
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in case.failing():
        vpc = case.snapshot.vpc(case.source(path).vpc_id)
        owner = _owner(case, path) if vpc and _servers(case, vpc) else None
        if vpc is not None and owner is not None:
            found[vpc.vpc_id, owner].append(path)
    for (vpc_id, owner), paths in found.items():
        vpc = case.snapshot.vpc(vpc_id)
        servers = ", ".join(_servers(case, vpc)) if vpc else ""
        hosts = ", ".join(sorted({host_of(case, path) for path in paths}))
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=str(vpc.dhcp_options_id if vpc else vpc_id),
                    says=f"domain-name-servers = {servers}",
                ),
                Evidence(resource_id=owner, says=_says(case, paths, owner, hosts)),
            ),
            (path.key for path in paths),
            reason="servers of one's own know what they forward for, and only the Amazon resolver "
            "knows a VPC's private zones and private DNS",
            advice=f"forward {hosts} from {servers} to a Resolver inbound endpoint, or go back to "
            f"{_AMAZON} with rules for your own domains",
            standing_cost="AmazonProvidedDNS: none; Resolver endpoint: about 182.50 USD a month "
            "for the two interfaces it needs",
        )


def _unreachable(case: Case) -> Iterator[Finding]:
    hits = (
        hit
        for hit in case.hits(Reason.NO_RESOLVER)
        if str(hit.blocker.entry).startswith("domain-name-servers") and not closed_groups(hit)
    )
    for vpc_id, group in by(hits, resource_of):
        vpc = case.snapshot.vpc(vpc_id)
        behind = dict.fromkeys(item for hit in group for item in hit.blocker.behind)
        finding = FAULT.found_with(
            (
                Evidence(
                    resource_id=str(vpc.dhcp_options_id if vpc else vpc_id),
                    says=str(group[0].blocker.entry),
                ),
                *(Evidence(resource_id=item.resource_id, says=item.detail) for item in behind),
            ),
            (hit.path.key for hit in group),
            reason="a VPC's own DNS servers are asked by ordinary packets, and a name that no "
            "server answers leads nowhere",
            advice=f"let questions reach the servers, or go back to {_AMAZON} with rules for your "
            "own domains",
        )
        yield replace(finding, phrase="the VPC's own DNS servers cannot be reached")


def _says(case: Case, paths: list[Path], owner: str, hosts: str) -> str:
    known = [item for path in paths for item in _known_to_amazon(case, path)]
    if owner not in {item.server for item in known}:
        return f"has {hosts}, which those servers do not know"
    found = dict.fromkeys(address for item in known for address in item.addresses)
    return f"says {', '.join(found)} for {hosts}, which those servers do not know"


def _known_to_amazon(case: Case, path: Path) -> tuple[NameAnswer, ...]:
    """Return what resolvers beside the sandbox's own know of a name, where that knows nothing."""
    if outcome_of(path) not in _NONE:
        return ()
    return tuple(item for item in case.other_answers(path) if item.addresses)


def _servers(case: Case, vpc: Vpc) -> tuple[str, ...]:
    """Return the option set's servers where the first is not Amazon's."""
    options = next(
        (i for i in case.snapshot.dhcp_options if i.dhcp_options_id == vpc.dhcp_options_id), None
    )
    servers = options.domain_name_servers if options else ()
    inside = str(vpc.ipv4_cidrs[0].network_address + 2) if vpc.ipv4_cidrs else ""
    amazon = {_AMAZON, "169.254.169.253", "fd00:ec2::253", inside}
    return () if not servers or servers[0] in amazon else servers


def _owner(case: Case, path: Path) -> str | None:
    """Return who would have answered with an address of this family, and was not asked."""
    private = _private_owner(case, path) if path.key.family is Family.IPV4 else None
    return private or next((item.server for item in _known_to_amazon(case, path)), None)


def _private_owner(case: Case, path: Path) -> str | None:
    """Return the endpoint or private zone that has the name, where another answer was given."""
    vpc_id, host = case.source(path).vpc_id, host_of(case, path)
    seen = seen_addresses(path)
    unknown = outcome_of(path) in _NONE
    if not (unknown or (seen and stays_public(case, path))):
        return None
    if any(is_private(item) for item in seen):
        return None  # the servers have a private answer of their own
    endpoint = endpoint_answering(case, vpc_id, host)
    if endpoint is not None:
        mine = addresses_of(case, endpoint)
        return None if mine & set(seen) else endpoint.vpc_endpoint_id
    zone = zone_answering(case, vpc_id, host)
    return zone.hosted_zone_id if zone and has_record(zone, host) else None


FAULT = Fault(
    code="NP506",
    name="dhcp-dns-unaware",
    title="Custom DHCP DNS servers do not forward to the VPC resolver: endpoint private DNS / private zones invisible",
    phrase="the VPC's own DNS servers do not know the name",
    since="0.1.0",
    symptoms=("aws-service-timeout", "name-fails", "wrong-address"),
    check=check,
    doc=__doc__,
    explains=NO_WAY_OUT,
)
