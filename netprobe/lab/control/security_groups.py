"""Security groups: the rules AWS makes by itself, and groups that may not be deleted yet."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.security_groups import SecurityGroupRule

from netprobe.lab.control import interfaces


def create_security_group(original: Any, backend: Any, *arguments: Any, **named: Any) -> Any:
    """Create a group; a VPC's default one lets its own members in.

    See "Default security groups for your VPCs" in the Amazon VPC user guide.
    """
    group = original(backend, *arguments, **named)
    if group.is_default:
        itself = {"GroupId": group.id, "UserId": backend.account_id}
        group.ingress_rules.append(
            SecurityGroupRule(backend, "-1", group.id, None, None, {}, itself, is_egress=False)
        )
    return group


def add_ipv6_egress(backend: Any, vpc_id: str) -> None:
    """Let groups with untouched egress send to every IPv6 address.

    AWS adds that rule when an IPv6 block is associated, unless the outbound rules were modified;
    see "Add IPv6 support for your VPC" in the Amazon VPC user guide.
    """
    for group in backend.groups[vpc_id].values():
        ranges = [rule.ip_range for rule in group.egress_rules]
        if ranges == [{"CidrIp": "0.0.0.0/0"}] and group.egress_rules[0].ip_protocol == "-1":
            group.egress_rules.append(
                SecurityGroupRule(backend, "-1", group.id, None, None, {"CidrIpv6": "::/0"})
            )


def delete_security_group(
    original: Any, backend: Any, name: str | None = None, group_id: str | None = None
) -> Any:
    """Delete a group unless an interface holds it or another group's rule names it."""
    found = backend.get_security_group_by_name_or_id(group_id or name)
    if found:
        interfaces.refuse_if_used(backend, "security group", found.id, group=True)
        _refuse_if_named(backend, found)
    return original(backend, name, group_id)


def _refuse_if_named(backend: Any, found: Any) -> None:
    others = (
        group
        for groups in backend.groups.values()
        for group in groups.values()
        if group.id != found.id
    )
    for group in others:
        for rule in (*group.ingress_rules, *group.egress_rules):
            if rule.source_group.get("GroupId") == found.id:
                raise EC2ClientError(
                    "DependencyViolation", f"resource {found.id} has a dependent object"
                )
