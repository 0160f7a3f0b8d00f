"""The ids and names there are in an account or a snapshot, for those who are about to type one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from netprobe.aws.session import AwsSession
from netprobe.model.snapshot import Snapshot

Json = dict[str, Any]


class IdKind(StrEnum):
    """What can be named on a command line."""

    VPC = "vpc"
    FUNCTION = "function"
    SUBNET = "subnet"
    GROUP = "group"
    INSTANCE = "instance"
    API = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownId:
    """One of them; all of it is AWS's word, and may hold anything."""

    value: str
    says: str = ""
    """What tells it apart from others: its name, or its address range."""
    vpc_id: str | None = None


def in_account(session: AwsSession, kind: IdKind) -> Iterator[KnownId]:
    """Yield what the account has, a page of answers at a time; raises botocore's errors."""
    for service, operation, items, read in _LISTS[kind]:
        pages = session.client(service).get_paginator(operation).paginate()
        for page in pages:
            for item in page.get(items) or ():
                yield from read(item)


def in_snapshot(snapshot: Snapshot, kind: IdKind) -> Iterator[KnownId]:
    """Yield what was saved."""
    yield from _SAVED[kind](snapshot)


_SAVED: dict[IdKind, Callable[[Snapshot], Iterator[KnownId]]] = {
    IdKind.VPC: lambda saved: (
        KnownId(value=item.vpc_id, says=item.name or "", vpc_id=item.vpc_id) for item in saved.vpcs
    ),
    IdKind.FUNCTION: lambda saved: (
        KnownId(value=item.function_name, vpc_id=item.vpc_id) for item in saved.functions
    ),
    IdKind.SUBNET: lambda saved: (
        KnownId(value=item.subnet_id, says=item.name or str(item.ipv4_cidr), vpc_id=item.vpc_id)
        for item in saved.subnets
    ),
    IdKind.GROUP: lambda saved: (
        KnownId(value=item.group_id, says=item.group_name, vpc_id=item.vpc_id)
        for item in saved.security_groups
    ),
    IdKind.INSTANCE: lambda saved: (
        KnownId(value=item.instance_id, vpc_id=item.vpc_id) for item in saved.instances
    ),
    IdKind.API: lambda saved: (KnownId(value=item.api_id, says=item.name) for item in saved.apis),
}


def _name(item: Json) -> str:
    tags = item.get("Tags") or ()
    return next((str(tag.get("Value") or "") for tag in tags if tag.get("Key") == "Name"), "")


def _by(key: str, other: str = "") -> Callable[[Json], Iterator[KnownId]]:
    """Return what reads an item whose id is under ``key``, and its name, else ``other``."""

    def read(item: Json) -> Iterator[KnownId]:
        if value := item.get(key):
            says = _name(item) or str(item.get(other) or "")
            yield KnownId(value=str(value), says=says, vpc_id=item.get("VpcId"))

    return read


def _function(item: Json) -> Iterator[KnownId]:
    vpc_id = (item.get("VpcConfig") or {}).get("VpcId")
    if vpc_id:  # others have no VPC to be checked in
        yield KnownId(value=str(item["FunctionName"]), vpc_id=vpc_id)


def _instances(reservation: Json) -> Iterator[KnownId]:
    for item in reservation.get("Instances") or ():
        yield from _by("InstanceId")(item)


_LISTS: dict[IdKind, tuple[tuple[str, str, str, Callable[[Json], Iterator[KnownId]]], ...]] = {
    IdKind.VPC: (("ec2", "describe_vpcs", "Vpcs", _by("VpcId", "CidrBlock")),),
    IdKind.FUNCTION: (("lambda", "list_functions", "Functions", _function),),
    IdKind.SUBNET: (("ec2", "describe_subnets", "Subnets", _by("SubnetId", "CidrBlock")),),
    IdKind.GROUP: (
        ("ec2", "describe_security_groups", "SecurityGroups", _by("GroupId", "GroupName")),
    ),
    IdKind.INSTANCE: (("ec2", "describe_instances", "Reservations", _instances),),
    IdKind.API: (
        ("apigatewayv2", "get_apis", "Items", _by("ApiId", "Name")),
        ("apigateway", "get_rest_apis", "items", _by("id", "name")),
    ),
}
"""Calls by kind: service, paginated operation, key of the items, and what reads one.

All of them are in ``netprobe iam-policy read-only``.
"""
