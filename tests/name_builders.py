"""Short makers of what decides about names, beside ``tests/builders.py``."""

from __future__ import annotations

from typing import Any

from netprobe.analysis.questions import Question
from netprobe.model.addresses import Family
from netprobe.model.interconnect import PeeredVpc, VpcPeeringConnection
from netprobe.model.names import (
    DomainName,
    FirewallRule,
    HostedZone,
    ResolverRule,
    ResourceRecord,
)
from netprobe.model.resources import Vpc
from netprobe.model.workloads import Instance, LoadBalancer
from tests.builders import REGION, address, snapshot, vpc

V4, V6 = Family.IPV4, Family.IPV6
LOAD_BALANCER_ARN = (
    f"arn:aws:elasticloadbalancing:{REGION}:123456789012:loadbalancer/app/shop/50dc6c495c0c9188"
)
LOAD_BALANCER_NAME = f"internal-shop-123.{REGION}.elb.amazonaws.com"


def record(name: str, kind: str = "A", *values: str, **fields: Any) -> ResourceRecord:
    """Return a record set; ``alias="name"`` makes it an alias."""
    alias = fields.pop("alias", None)
    return ResourceRecord(name=name, type=kind, values=values, alias_target=alias, **fields)


def zone(
    name: str = "corp.example",
    *records: ResourceRecord,
    hosted_zone_id: str = "Z1",
    **fields: Any,
) -> HostedZone:
    return HostedZone(
        hosted_zone_id=hosted_zone_id,
        name=name,
        records=records,
        **({"vpc_ids": frozenset({"vpc-1"})} | fields),
    )


def resolver_rule(domain: str, kind: str = "FORWARD", **fields: Any) -> ResolverRule:
    defaults: dict[str, Any] = {
        "resolver_rule_id": f"rslvr-rr-{domain or 'root'}",
        "target_addresses": (address("10.99.0.53"),) if kind == "FORWARD" else (),
        "vpc_ids": frozenset({"vpc-1"}),
    }
    return ResolverRule(domain_name=domain, rule_type=kind, **(defaults | fields))


def firewall_rule(
    number: int, action: str, *domains: str, unread: bool = False, **fields: Any
) -> FirewallRule:
    """Return a rule of the only rule group; ``unread=True`` for a list that nobody may read."""
    defaults: dict[str, Any] = {
        "vpc_id": "vpc-1",
        "priority": (100, number),
        "rule_group_id": "rslvr-frg-1",
        "block_response": "NODATA" if action == "BLOCK" else None,
    }
    return FirewallRule(
        action=action,
        domains=None if unread else domains,
        **(defaults | fields),
    )


def load_balancer(**fields: Any) -> LoadBalancer:
    defaults: dict[str, Any] = {
        "load_balancer_arn": LOAD_BALANCER_ARN,
        "name": "shop",
        "dns_name": LOAD_BALANCER_NAME,
        "vpc_id": "vpc-1",
    }
    return LoadBalancer(**(defaults | fields))


def instance(instance_id: str = "i-0abc", *interfaces: str) -> Instance:
    return Instance(
        instance_id=instance_id, vpc_id="vpc-1", network_interface_ids=interfaces or ("eni-1",)
    )


def domain_name(name: str = "api.example.com", **fields: Any) -> DomainName:
    defaults: dict[str, Any] = {
        "target_names": (f"d-abc.execute-api.{REGION}.amazonaws.com",),
        "api_ids": ("abc123",),
    }
    return DomainName(domain_name=name, **(defaults | fields))


def peering(one: str = "vpc-1", other: str = "vpc-2", status: str = "active") -> Any:
    return VpcPeeringConnection(
        vpc_peering_connection_id="pcx-1",
        status=status,
        requester=PeeredVpc(vpc_id=one),
        accepter=PeeredVpc(vpc_id=other),
    )


def question(host: str, family: Family = V4, *items: Any, **fields: Any) -> Question:
    """Return a question of ``vpc-1``; the last VPC given is the one that asks."""
    instances = tuple(item for item in items if isinstance(item, Instance))
    items = tuple(item for item in items if item not in instances)
    asking = next((item for item in reversed(items) if isinstance(item, Vpc)), vpc())
    known = {name: fields.pop(name) for name in ("chain", "trusted") if name in fields}
    return Question(
        snapshot=snapshot(asking, *items, instances=instances, **fields),
        vpc=asking,
        name=host,
        host=host,
        family=family,
        **known,
    )
