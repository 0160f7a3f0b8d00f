"""What an account is after a change: a snapshot and a change make another snapshot.

Nothing here decides whether a change helps; the tracer does, on what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch

from netprobe.fixes.creating import (
    create_egress_only_gateway,
    create_gateway_endpoint,
    create_interface_endpoint,
    create_internet_gateway,
    create_nat_gateway,
    create_public_subnet,
    endpoint_route,
    local_route,
    with_gateway,
    with_route,
)
from netprobe.fixes.repairing import (
    add_attachment_subnet,
    delete_route,
    leave_subnets,
    leave_zone,
    set_api_policy,
    set_bucket_policy,
    set_endpoint_policy,
    take_name_back,
    use_amazon_dns,
)
from netprobe.model import changes as ch
from netprobe.model.addresses import Family
from netprobe.model.resources import (
    BlockPublicAccessExclusion,
    Ipv6Block,
    NetworkAcl,
    NetworkAclEntry,
    Route,
    SecurityGroupRule,
)
from netprobe.model.snapshot import Snapshot


def apply_all(snapshot: Snapshot, changes: Iterable[ch.Change]) -> Snapshot:
    """Return the snapshot after all changes, in their order."""
    for change in changes:
        snapshot = apply(change, snapshot)
    return snapshot


@singledispatch
def apply(change: object, snapshot: Snapshot) -> Snapshot:
    """Return the snapshot after one change; what it does not name stays as it is."""
    message = f"cannot apply {change!r} to a snapshot of {snapshot.region}"
    raise TypeError(message)


@apply.register
def _(change: ch.SetRoute, snapshot: Snapshot) -> Snapshot:
    route = Route(destination=change.destination, target=change.target, target_id=change.target_id)
    return with_route(snapshot, change.route_table_id, route)


@apply.register
def _(change: ch.AttachInternetGateway, snapshot: Snapshot) -> Snapshot:
    """Attach it; routes to it are no longer blackholes."""
    rest = tuple(i for i in snapshot.internet_gateways if i.gateway_id != change.gateway_id)
    snapshot = with_gateway(
        replace(snapshot, internet_gateways=rest),
        change.gateway_id,
        change.vpc_id,
        egress_only=False,
    )
    tables = tuple(
        replace(table, routes=tuple(_alive(route, change) for route in table.routes))
        if table.vpc_id == change.vpc_id
        else table
        for table in snapshot.route_tables
    )
    return replace(snapshot, route_tables=tables)


def _alive(route: Route, change: ch.AttachInternetGateway) -> Route:
    if route.target_id != change.gateway_id:
        return route
    return Route(
        destination=route.destination,
        prefix_list_id=route.prefix_list_id,
        target=route.target,
        target_id=route.target_id,
    )


@apply.register
def _(change: ch.AddEndpointTable, snapshot: Snapshot) -> Snapshot:
    endpoints = tuple(
        replace(item, route_table_ids=(*item.route_table_ids, change.route_table_id))
        if item.vpc_endpoint_id == change.vpc_endpoint_id
        else item
        for item in snapshot.vpc_endpoints
    )
    route = endpoint_route(change.prefix_list_id, change.vpc_endpoint_id)
    return with_route(replace(snapshot, vpc_endpoints=endpoints), change.route_table_id, route)


@apply.register
def _(change: ch.SetPrivateDns, snapshot: Snapshot) -> Snapshot:
    endpoints = tuple(
        replace(item, private_dns_enabled=change.enabled)
        if item.vpc_endpoint_id == change.vpc_endpoint_id
        else item
        for item in snapshot.vpc_endpoints
    )
    return replace(snapshot, vpc_endpoints=endpoints)


@apply.register
def _(change: ch.AllowInGroup, snapshot: Snapshot) -> Snapshot:
    rule = SecurityGroupRule(
        protocol=change.protocol,
        ports=change.ports,
        cidr=change.cidr,
        group_id=change.peer_group_id,
        prefix_list_id=change.prefix_list_id,
    )
    groups = []
    for group in snapshot.security_groups:
        if group.group_id != change.group_id:
            groups.append(group)
        elif change.egress:
            groups.append(replace(group, egress=(*group.egress, rule)))
        else:
            groups.append(replace(group, ingress=(*group.ingress, rule)))
    return replace(snapshot, security_groups=tuple(groups))


@apply.register
def _(change: ch.AllowInAcl, snapshot: Snapshot) -> Snapshot:
    entry = NetworkAclEntry(
        rule_number=change.rule_number,
        egress=change.egress,
        allow=True,
        cidr=change.cidr,
        protocol=change.protocol,
        ports=change.ports,
    )
    acls = tuple(
        replace(acl, entries=(*acl.entries, entry))
        if acl.network_acl_id == change.network_acl_id
        else acl
        for acl in snapshot.network_acls
    )
    return replace(snapshot, network_acls=acls)


@apply.register
def _(change: ch.AllowFunctionIpv6, snapshot: Snapshot) -> Snapshot:
    functions = tuple(
        replace(item, ipv6_allowed=True) if item.function_name == change.function_name else item
        for item in snapshot.functions
    )
    return replace(snapshot, functions=functions)


@apply.register
def _(change: ch.AssociateVpcIpv6, snapshot: Snapshot) -> Snapshot:
    """Add the block, and what AWS does by itself then.

    A local route in every table of the VPC, and an entry for IPv6 in a default network ACL that
    nobody changed. Unchanged groups get a rule too, but a group does not show what was done to it.
    https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-migrate-ipv6-add.html
    """
    vpcs = tuple(
        replace(vpc, ipv6_blocks=(*vpc.ipv6_blocks, Ipv6Block(cidr=change.cidr)))
        if vpc.vpc_id == change.vpc_id
        else vpc
        for vpc in snapshot.vpcs
    )
    tables = tuple(
        replace(table, routes=(local_route(change.cidr), *table.routes))
        if table.vpc_id == change.vpc_id
        else table
        for table in snapshot.route_tables
    )
    acls = tuple(
        replace(acl, entries=(*acl.entries, *_IPV6_ENTRIES))
        if acl.vpc_id == change.vpc_id and acl.is_default and _is_unchanged(acl)
        else acl
        for acl in snapshot.network_acls
    )
    return replace(snapshot, vpcs=vpcs, route_tables=tables, network_acls=acls)


_HIGHEST_RULE = 32766
_IPV6_ENTRIES = tuple(
    NetworkAclEntry(rule_number=101, egress=egress, allow=True, cidr=Family.IPV6.everything)
    for egress in (True, False)
)


def _is_unchanged(acl: NetworkAcl) -> bool:
    """Tell whether an ACL has only what AWS made it with: entry 100 allows all IPv4."""
    own = {
        (item.rule_number, item.egress, item.allow, item.cidr, item.protocol)
        for item in acl.entries
        if item.rule_number <= _HIGHEST_RULE
    }
    everything = Family.IPV4.everything
    return own == {(100, egress, True, everything, None) for egress in (True, False)}


@apply.register
def _(change: ch.AssociateSubnetIpv6, snapshot: Snapshot) -> Snapshot:
    subnets = tuple(
        replace(item, ipv6_blocks=(*item.ipv6_blocks, Ipv6Block(cidr=change.cidr)))
        if item.subnet_id == change.subnet_id
        else item
        for item in snapshot.subnets
    )
    return replace(snapshot, subnets=subnets)


@apply.register
def _(change: ch.MakeApiDualStack, snapshot: Snapshot) -> Snapshot:
    apis = tuple(
        replace(api, ip_address_type="dualstack", ip_address_type_assumed=False)
        if api.api_id == change.api_id
        else api
        for api in snapshot.apis
    )
    return replace(snapshot, apis=apis)


@apply.register
def _(change: ch.UseRouteTable, snapshot: Snapshot) -> Snapshot:
    tables = []
    for table in snapshot.route_tables:
        held = table.subnet_ids - {change.subnet_id}
        if table.route_table_id == change.route_table_id:
            held |= {change.subnet_id}
        tables.append(replace(table, subnet_ids=held))
    return replace(snapshot, route_tables=tuple(tables))


@apply.register
def _(change: ch.EnableDns, snapshot: Snapshot) -> Snapshot:
    vpcs = []
    for vpc in snapshot.vpcs:
        if vpc.vpc_id != change.vpc_id:
            vpcs.append(vpc)
        elif change.hostnames:
            vpcs.append(replace(vpc, enable_dns_hostnames=True))
        else:
            vpcs.append(replace(vpc, enable_dns_support=True))
    return replace(snapshot, vpcs=tuple(vpcs))


@apply.register
def _(change: ch.ExcludeFromBlock, snapshot: Snapshot) -> Snapshot:
    made = BlockPublicAccessExclusion(resource_id=change.resource_id, mode=change.mode)
    options = tuple(
        replace(item, exclusions=(*item.exclusions, made)) for item in snapshot.block_public_access
    )
    return replace(snapshot, block_public_access=options)


@apply.register
def _(change: ch.UseDualStackName, snapshot: Snapshot) -> Snapshot:  # noqa: ARG001 # the client's
    return snapshot


apply.register(create_internet_gateway)
apply.register(create_egress_only_gateway)
apply.register(create_public_subnet)
apply.register(create_nat_gateway)
apply.register(create_gateway_endpoint)
apply.register(create_interface_endpoint)
apply.register(delete_route)
apply.register(add_attachment_subnet)
apply.register(take_name_back)
apply.register(use_amazon_dns)
apply.register(leave_subnets)
apply.register(leave_zone)
apply.register(set_api_policy)
apply.register(set_endpoint_policy)
apply.register(set_bucket_policy)
