"""Names that lead astray: given back to public DNS where that is whose they are.

Only names of AWS services: what a company's own name should lead to, only the company knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.analysis.name_resolution import read_literal
from netprobe.analysis.resolvers import choose_resolver
from netprobe.diagnosis.case import Case
from netprobe.fixes.block import Block, Set
from netprobe.fixes.goals import Goal
from netprobe.fixes.retrace import UNANSWERED, World
from netprobe.model.addresses import is_private
from netprobe.model.changes import NEW, LeaveZone, SetPrivateDns, TakeNameBack, UseAmazonDns
from netprobe.model.report import Target
from netprobe.model.service_names import service_of_host
from netprobe.model.trace import Reason


def release(block: Block) -> Iterator[Set]:
    """Yield what takes a name back from an endpoint, or from servers, that cannot serve it.

    https://repost.aws/knowledge-center/api-gateway-vpc-connections
    """
    resolution = block.trace.resolution
    if resolution is not None and resolution.captured and resolution.endpoint_id:
        yield (SetPrivateDns(vpc_endpoint_id=resolution.endpoint_id, enabled=False),)
    yield from _take_back(block)


def ask_amazon(case: Case, goal: Goal) -> Iterator[UseAmazonDns]:
    """Yield the Amazon resolver for a VPC whose own servers cannot lead to AWS's names.

    Not where anything is asked about that only those servers may know the name of.
    https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSet.html
    """
    source, path, snapshot = goal.sources[0], goal.paths[0], case.snapshot
    vpc = snapshot.vpc(source.vpc_id)
    if vpc is None or choose_resolver(snapshot, vpc).amazon is not False:
        return
    if not all(_is_of_aws(case, target) for target in case.targets):
        return
    change = UseAmazonDns(vpc_id=vpc.vpc_id)
    before, after = path.trace, World(case=case).after((change,)).trace(path)
    if before is None or after is None or before.resolution is None or after.resolution is None:
        return
    unasked = any(item.reason is Reason.NO_RESOLVER for item in before.blockers)
    unanswered = path.observation is not None and path.observation.outcome in UNANSWERED
    elsewhere = after.resolution.origin in {"private-dns", "private-zone", "dns64"}
    if unasked or unanswered or elsewhere:
        yield change


def _is_of_aws(case: Case, target: Target) -> bool:
    if read_literal(target.host) is not None:
        return True
    return service_of_host(target.host, case.snapshot.region) is not None


def _take_back(block: Block) -> Iterator[Set]:
    """Yield a SYSTEM rule for just this name, in front of the wider rule that forwards it.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-rules-managing.html
    """
    resolution = block.trace.resolution
    rules = {item.resolver_rule_id: item for item in block.snapshot.resolver_rules}
    rule = rules.get(resolution.authority_id or "") if resolution else None
    host = block.target.host
    if rule is None or rule.rule_type != "FORWARD" or rule.domain_name == host:
        return
    if service_of_host(host, block.snapshot.region) is not None:
        yield (
            TakeNameBack(
                resolver_rule_id=f"{NEW}rule", domain_name=host, vpc_id=block.source.vpc_id
            ),
        )


def leave_zone(block: Block) -> Iterator[Set]:
    """Yield the end of an association whose zone leads a service's name out of reach.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-disassociate-vpcs.html
    """
    resolution, snapshot = block.trace.resolution, block.snapshot
    zone_id = resolution.authority_id if resolution else None
    if zone_id not in {item.hosted_zone_id for item in snapshot.hosted_zones}:
        return
    vpc = snapshot.vpc(block.source.vpc_id)
    is_service = service_of_host(block.target.host, snapshot.region) is not None
    if zone_id and vpc and is_service and is_private(block.trace.flow.destination):
        region = vpc.region or snapshot.region
        yield (LeaveZone(hosted_zone_id=zone_id, vpc_id=vpc.vpc_id, region=region),)
