"""What an account is when something in it was put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from netprobe.model import changes as ch
from netprobe.model.names import ResolverRule
from netprobe.model.policies import BucketPolicy
from netprobe.model.resources import VpcEndpoint
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Api

_Holder = TypeVar("_Holder", Api, VpcEndpoint, BucketPolicy)


def delete_route(change: ch.DeleteRoute, snapshot: Snapshot) -> Snapshot:
    """Take the route to that destination out of the table."""
    tables = tuple(
        replace(
            table,
            routes=tuple(i for i in table.routes if i.destination != change.destination),
        )
        if table.route_table_id == change.route_table_id
        else table
        for table in snapshot.route_tables
    )
    return replace(snapshot, route_tables=tables)


def add_attachment_subnet(change: ch.AddAttachmentSubnet, snapshot: Snapshot) -> Snapshot:
    """Let the attachment serve one more zone."""
    attachments = tuple(
        replace(item, subnet_ids=(*item.subnet_ids, change.subnet_id))
        if item.attachment_id == change.attachment_id
        else item
        for item in snapshot.transit_gateway_attachments
    )
    return replace(snapshot, transit_gateway_attachments=attachments)


def leave_subnets(change: ch.LeaveSubnets, snapshot: Snapshot) -> Snapshot:
    """Run the function in the subnets that are left."""
    functions = tuple(
        replace(item, subnet_ids=change.subnet_ids)
        if item.function_name == change.function_name
        else item
        for item in snapshot.functions
    )
    return replace(snapshot, functions=functions)


def use_amazon_dns(change: ch.UseAmazonDns, snapshot: Snapshot) -> Snapshot:
    """Let the VPC have no option set of its own: the Amazon resolver answers."""
    vpcs = tuple(
        replace(item, dhcp_options_id=None) if item.vpc_id == change.vpc_id else item
        for item in snapshot.vpcs
    )
    return replace(snapshot, vpcs=vpcs)


def take_name_back(change: ch.TakeNameBack, snapshot: Snapshot) -> Snapshot:
    """Add the SYSTEM rule, associated with the VPC."""
    made = ResolverRule(
        resolver_rule_id=change.resolver_rule_id,
        domain_name=change.domain_name,
        rule_type="SYSTEM",
        vpc_ids=frozenset({change.vpc_id}),
    )
    return replace(snapshot, resolver_rules=(*snapshot.resolver_rules, made))


def leave_zone(change: ch.LeaveZone, snapshot: Snapshot) -> Snapshot:
    """Take the VPC from the zone."""
    zones = tuple(
        replace(item, vpc_ids=item.vpc_ids - {change.vpc_id})
        if item.hosted_zone_id == change.hosted_zone_id
        else item
        for item in snapshot.hosted_zones
    )
    return replace(snapshot, hosted_zones=zones)


def set_api_policy(change: ch.SetApiPolicy, snapshot: Snapshot) -> Snapshot:
    """Let the API have the policy."""
    apis = _with_policy(snapshot.apis, lambda item: item.api_id, change)
    return replace(snapshot, apis=apis)


def set_endpoint_policy(change: ch.SetEndpointPolicy, snapshot: Snapshot) -> Snapshot:
    """Let the endpoint have the policy."""
    endpoints = _with_policy(snapshot.vpc_endpoints, lambda item: item.vpc_endpoint_id, change)
    return replace(snapshot, vpc_endpoints=endpoints)


def set_bucket_policy(change: ch.SetBucketPolicy, snapshot: Snapshot) -> Snapshot:
    """Let the bucket have the policy."""
    policies = _with_policy(snapshot.bucket_policies, lambda item: item.bucket, change)
    return replace(snapshot, bucket_policies=policies)


def _with_policy(
    items: Iterable[_Holder],
    name_of: Callable[[_Holder], str],
    change: ch.SetApiPolicy | ch.SetEndpointPolicy | ch.SetBucketPolicy,
) -> tuple[_Holder, ...]:
    return tuple(
        replace(item, policy=change.policy) if name_of(item) == change.holder else item
        for item in items
    )
