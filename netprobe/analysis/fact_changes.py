"""Two snapshots -> the facts of the configuration that are not the same in both.

It walks the fields of the values, so a field that a resource is given later is compared without
another line here. What one side could not read is no change: it is told apart, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from netprobe.analysis.compiled_acls import write_entry
from netprobe.analysis.compiled_groups import write_rule
from netprobe.model.comparison import Fact, FactChange
from netprobe.model.interconnect import TransitGatewayRoute
from netprobe.model.names import FirewallRule
from netprobe.model.policies import RolePolicies
from netprobe.model.resources import (
    BlockPublicAccess,
    NetworkAclEntry,
    Route,
    SecurityGroupRule,
)
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Function

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_CALLS: dict[str, tuple[str, ...]] = {
    "vpcs": ("ec2:DescribeVpcs",),
    "subnets": ("ec2:DescribeSubnets",),
    "route_tables": ("ec2:DescribeRouteTables",),
    "internet_gateways": (
        "ec2:DescribeInternetGateways",
        "ec2:DescribeEgressOnlyInternetGateways",
    ),
    "nat_gateways": ("ec2:DescribeNatGateways",),
    "network_acls": ("ec2:DescribeNetworkAcls",),
    "security_groups": ("ec2:DescribeSecurityGroups",),
    "network_interfaces": ("ec2:DescribeNetworkInterfaces",),
    "vpc_endpoints": ("ec2:DescribeVpcEndpoints",),
    "prefix_lists": (
        "ec2:DescribeManagedPrefixLists",
        "ec2:DescribePrefixLists",
        "ec2:GetManagedPrefixListEntries",
    ),
    "dhcp_options": ("ec2:DescribeDhcpOptions",),
    "functions": ("lambda:ListFunctions",),
    "apis": ("apigateway:GetRestApis", "apigatewayv2:GetApis"),
    "endpoint_services": ("ec2:DescribeVpcEndpointServices",),
    "instances": ("ec2:DescribeInstances",),
    "vpn_gateways": ("ec2:DescribeVpnGateways",),
    "vpc_peering_connections": ("ec2:DescribeVpcPeeringConnections",),
    "transit_gateways": ("ec2:DescribeTransitGateways",),
    "transit_gateway_attachments": (
        "ec2:DescribeTransitGatewayAttachments",
        "ec2:DescribeTransitGatewayVpcAttachments",
        "ec2:DescribeTransitGatewayPeeringAttachments",
    ),
    "transit_gateway_route_tables": (
        "ec2:DescribeTransitGatewayRouteTables",
        "ec2:SearchTransitGatewayRoutes",
        "ec2:GetTransitGatewayRouteTableAssociations",
    ),
    "block_public_access": (
        "ec2:DescribeVpcBlockPublicAccessOptions",
        "ec2:DescribeVpcBlockPublicAccessExclusions",
    ),
    "hosted_zones": (
        "route53:ListHostedZonesByVPC",
        "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
    ),
    "resolver_rules": (
        "route53resolver:ListResolverRules",
        "route53resolver:ListResolverRuleAssociations",
    ),
    "firewall_rules": (
        "route53resolver:ListFirewallRuleGroupAssociations",
        "route53resolver:ListFirewallRules",
        "route53resolver:ListFirewallDomains",
    ),
    "load_balancers": ("elbv2:DescribeLoadBalancers", "elbv2:DescribeListeners"),
    "domain_names": (
        "apigateway:GetDomainNames",
        "apigateway:GetBasePathMappings",
        "apigatewayv2:GetDomainNames",
        "apigatewayv2:GetApiMappings",
    ),
    "role_policies": (
        "iam:ListRolePolicies",
        "iam:ListAttachedRolePolicies",
        "iam:GetRolePolicy",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
    ),
    "bucket_policies": ("s3:GetBucketPolicy",),
}
"""By field of a snapshot the calls whose answers are in it."""

_IGNORED = frozenset({"available_ip_address_count", "region", "ip_address_type_assumed"})
"""What changes without anybody's doing, or says how something was read."""
_NONE_IS_UNREAD = frozenset(
    {
        "block_public_access", "enable_dns_hostnames", "enable_dns_support", "domains",
        "last_update_reason", "last_update_reason_code", "last_update_status", "listeners",
        "owner_id", "private_dns_only_for_inbound", "state", "state_reason", "state_reason_code",
    }
)  # fmt: skip
"""Fields in which None says that nobody asked, or that the answer came without."""
_READ_WHEN_ASKED = frozenset({"role_policies", "bucket_policies"})
"""What is read only where a question needs it: one that is not there says nothing."""
_NO_PATH_NEEDS = _READ_WHEN_ASKED | {"endpoint_services"}
_READ_FLAGS = {
    "cidrs": "entries_read",
    "records": "records_read",
    "routes": "routes_read",
    "attachment_ids": "associations_read",
    "subnet_ids": "subnets_read",
    "exclusions": "exclusions_read",
    "policies": "complete",
}
"""By field the flag that is False where it could not be read."""
_KINDS = {
    "apis": "API", "vpcs": "VPC", "network_acls": "network ACL", "nat_gateways": "NAT gateway",
    "vpc_endpoints": "VPC endpoint", "dhcp_options": "DHCP option set", "vpn_gateways":
    "virtual private gateway", "vpc_peering_connections": "VPC peering connection",
    "block_public_access": "VPC Block Public Access", "firewall_rules": "DNS Firewall rule",
    "role_policies": "role", "bucket_policies": "bucket",
}  # fmt: skip
_WORDS = {
    "ipv6_allowed": "IPv6 for outgoing calls (Ipv6AllowedForDualStack)",
    "ip_address_type": "address type", "ipv4_cidr": "IPv4 block", "ipv4_cidrs": "IPv4 block",
    "ipv6_blocks": "IPv6 block", "subnet_ids": "subnet", "gateway_ids": "gateway",
    "security_group_ids": "security group", "group_ids": "security group",
    "vpc_ids": "VPC", "attached_vpc_ids": "attached VPC", "ingress": "ingress rule",
    "egress": "egress rule", "entries": "entry", "routes": "route", "main": "main route table",
    "private_dns_enabled": "private DNS", "enable_dns_support": "DNS support",
    "enable_dns_hostnames": "DNS host names", "enable_dns64": "DNS64",
    "source_dest_check": "source/destination check", "dns_record_ip_type": "DNS record type",
    "default_endpoint_disabled": "disabled default endpoint", "policies": "policy",
    "block_public_access": "Block Public Access",
}  # fmt: skip


def changed_facts(before: Snapshot, now: Snapshot) -> tuple[Fact, ...]:
    """Return every fact that both could read and that is not the same, in a stable order."""
    return tuple(
        fact
        for name in _CALLS
        if not _unread(name, before, now)
        for fact in _of_field(name, getattr(before, name), getattr(now, name))
    )


def not_compared(before: Snapshot, now: Snapshot) -> tuple[str, ...]:
    """Return a sentence for each kind of resource that one of both could not read.

    What neither tried to read and no path needs is not worth a word.
    """
    return tuple(
        f"{_plural(name)} were not compared: {', '.join(calls)} not read in {side}"
        for name in _CALLS
        if (calls := _unread(name, before, now)) and not _is_left_out(name, before, now)
        for side in (_where(name, before, now),)
    )


def _unread(name: str, *sides: Snapshot) -> list[str]:
    """Return the calls of a field whose answer a side lacks."""
    return [call for call in _CALLS[name] if any(side.gap(call) is not None for side in sides)]


def _where(name: str, before: Snapshot, now: Snapshot) -> str:
    first, second = bool(_unread(name, before)), bool(_unread(name, now))
    return "both" if first and second else "the first" if first else "the second"


def _is_left_out(name: str, *sides: Snapshot) -> bool:
    gaps = [side.gap(call) for call in _unread(name, *sides) for side in sides]
    return name in _NO_PATH_NEEDS and all(gap is not None and not gap.asked for gap in gaps)


def _plural(name: str) -> str:
    kind = _kind(name)
    if kind.endswith("s"):
        return kind
    return f"{kind[:-1]}ies" if kind.endswith("y") and kind[-2] not in "aeiou" else f"{kind}s"


def _kind(name: str) -> str:
    return _KINDS.get(name) or _singular(name)


def _singular(name: str) -> str:
    words = name.removesuffix("_ids").replace("_", " ")
    if words.endswith(("sses", "xes")):
        return words[:-2]
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def _of_field(
    name: str, before: tuple[DataclassInstance, ...], now: tuple[DataclassInstance, ...]
) -> Iterator[Fact]:
    old, new = ({_identity(item): item for item in side} for side in (before, now))
    kind = _kind(name)
    for key, item in old.items():
        if key in new:
            yield from _of_resource(kind, item, new[key])
    if name in _READ_WHEN_ASKED:
        return
    for key in (key for key in old if key not in new):
        yield _whole(old[key], kind, FactChange.REMOVED)
    for key in (key for key in new if key not in old):
        yield _whole(new[key], kind, FactChange.ADDED)


def _identity(item: DataclassInstance) -> object:
    """Return what makes it the same thing in another snapshot: mostly the first field, its id."""
    match item:
        case BlockPublicAccess():
            return (item.account, item.region)
        case RolePolicies():
            return item.key
        case Function():
            return item.function_arn
        case FirewallRule():
            return (item.vpc_id, item.rule_group_id, item.priority, item.query_type)
        case _:
            return getattr(item, fields(item)[0].name)


def _name(item: DataclassInstance) -> str:
    match item:
        case BlockPublicAccess():
            return "/".join(filter(None, (item.account, item.region))) or "the account"
        case FirewallRule():
            return item.rule_group_id or item.vpc_id
        case _:
            return str(getattr(item, fields(item)[0].name))


def _whole(item: DataclassInstance, kind: str, change: FactChange) -> Fact:
    return Fact(resource_id=_name(item), kind=kind, change=change, what="")


def _of_resource(kind: str, before: DataclassInstance, now: DataclassInstance) -> Iterator[Fact]:
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(now, field.name)
        if old == new or field.name in _IGNORED or _was_not_read(field.name, before, now):
            continue
        make = _Maker(resource_id=_name(now), kind=kind, field=field.name)
        if isinstance(old, tuple | frozenset) and isinstance(new, tuple | frozenset):
            yield from make.of_several(old, new)
        elif not field.name.endswith("_read") and field.name != "complete":
            yield make.of_value(old, new)


def _was_not_read(name: str, before: DataclassInstance, now: DataclassInstance) -> bool:
    flag = _READ_FLAGS.get(name, "")
    if not all(getattr(item, flag, True) for item in (before, now)):
        return True
    values = (getattr(before, name), getattr(now, name))
    return (name in _NONE_IS_UNREAD and None in values) or (name == "stages" and () in values)


class _Maker:
    """Makes the facts of one field of one resource."""

    def __init__(self, *, resource_id: str, kind: str, field: str) -> None:
        self._resource_id = resource_id
        self._kind = kind
        self._field = field
        self._what = _WORDS.get(field) or _singular(field)

    def of_value(self, old: object, new: object) -> Fact:
        """Return the change of a single value; a policy's text is longer than a line."""
        is_text = self._field == "policy"
        written = _write_policy if is_text else _write_value
        return self._fact(FactChange.CHANGED, written(old), written(new))

    def of_several(self, old: Iterable[Any], new: Iterable[Any]) -> Iterator[Fact]:
        """Yield what came and went; two with the same key are one that changed."""
        gone, came = _by_slot({*old} - {*new}), _by_slot({*new} - {*old})

        def words(slot: object) -> str:
            return min(map(self._written, (*gone.get(slot, ()), *came.get(slot, ()))))

        for slot in sorted({*gone, *came}, key=words):
            was = sorted(map(self._written, gone.get(slot, ())))
            now = sorted(map(self._written, came.get(slot, ())))
            if len(was) == len(now) == 1:
                yield self._fact(FactChange.CHANGED, was[0], now[0])
                continue
            for text in was:
                yield self._fact(FactChange.REMOVED, text, None)
            for text in now:
                yield self._fact(FactChange.ADDED, None, text)

    @property
    def _written(self) -> Callable[[Any], str]:
        if self._field == "policies":
            return _write_policy
        if self._field in {"ingress", "egress"}:
            return lambda rule: _write_rule(rule, egress=self._field == "egress")
        return _write_value

    def _fact(self, change: FactChange, was: str | None, now: str | None) -> Fact:
        return Fact(
            resource_id=self._resource_id,
            kind=self._kind,
            change=change,
            what=self._what,
            was=was,
            now=now,
        )


def _by_slot(items: Iterable[Any]) -> dict[object, list[Any]]:
    found: dict[object, list[Any]] = {}
    for item in items:
        found.setdefault(_slot(item), []).append(item)
    return found


def _slot(item: Any) -> object:  # noqa: ANN401 # an element of any field
    """Return what only one element of a resource can have, else the element itself.

    Routes: one per destination. Entries of a network ACL: one per number and direction.
    https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
    """
    match item:
        case Route() | TransitGatewayRoute():
            return (item.destination, item.prefix_list_id)
        case NetworkAclEntry():
            return (item.egress, item.rule_number)
        case _:
            return item


def _write_rule(rule: SecurityGroupRule, *, egress: bool) -> str:
    return write_rule(rule, egress=egress)


def _write_policy(text: object) -> str:
    return "none" if text is None else "a policy"


def _write_value(value: Any) -> str:  # noqa: ANN401 # a value of any field
    if value is None or value in ("", (), frozenset()):
        return "none"
    match value:
        case bool():
            return "on" if value else "off"
        case Route() | TransitGatewayRoute():
            return value.written
        case NetworkAclEntry():
            return write_entry(value, "allows" if value.allow else "denies")
        case tuple() | frozenset():
            return ", ".join(sorted(map(_write_value, value)))
        case _:
            return _write_fields(value) if is_dataclass(value) else str(value)


def _write_fields(value: Any) -> str:  # noqa: ANN401 # any dataclass
    """Return a value as its first field, and the others that are not as they are by default."""
    first, *others = fields(value)
    more = [
        f"{_singular(item.name)} {_write_value(found)}"
        for item in others
        if (found := getattr(value, item.name)) not in (None, "", (), frozenset(), item.default)
    ]
    return ", ".join([_write_value(getattr(value, first.name)), *more])
