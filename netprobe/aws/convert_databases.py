"""AWS's JSON of database clusters and instances as values."""

from __future__ import annotations

import re

from netprobe.aws.reading import (
    Json,
    bare_name,
    each_text,
    maybe_number,
    maybe_text,
    part,
    parts,
    text,
    wrong,
)
from netprobe.model.workloads import Database

_ARN = re.compile(r"arn:[\w-]+:rds:[\w-]*:\d*:(?:cluster|db):[^:]+")


def convert_cluster(item: Json) -> Database:
    """Return a cluster of DescribeDBClusters, which tells of Neptune's and DocumentDB's too."""
    return Database(
        database_arn=_arn(item, "DBClusterArn"),
        engine=text(item, "Engine"),
        host=_host(item, "Endpoint"),
        port=maybe_number(item, "Port"),
        group_ids=_groups(item),
        status=maybe_text(item, "Status") or "",
    )


def convert_instance(item: Json) -> Database:
    """Return an instance of DescribeDBInstances; it has no endpoint until it is made."""
    endpoint = part(item, "Endpoint")
    return Database(
        database_arn=_arn(item, "DBInstanceArn"),
        engine=text(item, "Engine"),
        host=_host(endpoint, "Address"),
        port=maybe_number(endpoint, "Port"),
        group_ids=_groups(item),
        status=maybe_text(item, "DBInstanceStatus") or "",
    )


def _arn(item: Json, key: str) -> str:
    """Return the ARN, which says the kind and the name; raises KeyError or ValueError."""
    found = text(item, key)
    if _ARN.fullmatch(found) is None:
        raise wrong(key, found)
    return found


def _host(item: Json, key: str) -> str | None:
    found = maybe_text(item, key)
    return bare_name(found) if found else None


def _groups(item: Json) -> tuple[str, ...]:
    return each_text(parts(item, "VpcSecurityGroups"), "VpcSecurityGroupId")
