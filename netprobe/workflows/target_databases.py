"""Databases as targets: what an ARN of RDS or Neptune names, and a VPC's Neptune clusters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netprobe.errors import NetprobeError
from netprobe.model.report import Target, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.words import meant_or_known
from netprobe.model.workloads import Database

READ_CLUSTERS = "rds:DescribeDBClusters"
READS = {"cluster": READ_CLUSTERS, "db": "rds:DescribeDBInstances"}
"""The call that tells of each kind of database, by the word for it in ARNs."""
READ_GROUPS = "ec2:DescribeSecurityGroups"

_KINDS = {"cluster": "cluster", "db": "database instance"}
_NEPTUNE = "neptune"
_PORTS = {_NEPTUNE: 8182}
"""Where the answer leaves it out: https://docs.aws.amazon.com/neptune/latest/userguide/api-clusters.html"""
_ARN = re.compile(
    r"arn:[\w-]+:rds:(?P<region>[\w-]+):(?P<account>\d{12}):(?P<kind>cluster|db):(?P<name>[^:\s]+)"
)


def database_kind(text: str) -> str:
    """Return what kind of database an ARN names, ``cluster`` or ``db``; empty for others."""
    match = _ARN.fullmatch(text)
    return match["kind"] if match else ""


def database_target(text: str, snapshot: Snapshot) -> Target:
    """Return the endpoint of the database an ARN names; raises NetprobeError without one."""
    found = next((item for item in snapshot.databases if item.database_arn == text), None)
    if found is None:
        raise _unknown(text, snapshot)
    target = _endpoint(found)
    if target is None:
        raise NetprobeError(
            "no-database-endpoint",
            f"{_KINDS[found.kind]} {found.name!r} has no endpoint",
            why=f"its status is {found.status}" if found.status else "",
            hint="try again once it is available",
        )
    return target


def neptune_targets(snapshot: Snapshot, vpc_id: str) -> tuple[list[Target], list[str]]:
    """Return the Neptune clusters in a VPC as targets, and what to say of those that may be.

    They are surveyed: a graph is there for some functions of its VPC, and to be closed to the
    others is no fault.
    """
    targets, remarks = [], list(_unread(snapshot))
    for cluster in snapshot.databases:
        if cluster.engine != _NEPTUNE or cluster.kind != "cluster":
            continue
        groups = [snapshot.security_group(group_id) for group_id in cluster.group_ids]
        target = _endpoint(cluster)
        if any(group is not None and group.vpc_id == vpc_id for group in groups):
            if target is not None:
                targets.append(replace(target, surveyed=True))
        elif snapshot.gap(READ_GROUPS) is not None:
            remarks.append(
                f"did not ask about Neptune cluster {cluster.name}: without {READ_GROUPS} it is "
                f"not known whether it is in {vpc_id}"
            )
    return targets, remarks


def _unread(snapshot: Snapshot) -> Iterator[str]:
    """Yield what to say where clusters were asked for in vain."""
    gap = snapshot.gap(READ_CLUSTERS)
    if gap is not None and gap.asked:
        yield (
            f"Neptune clusters may be missing from the targets, because {gap.call} failed; "
            "--target tcp://HOST:8182 asks about one"
        )


def _endpoint(database: Database) -> Target | None:
    port = database.port or _PORTS.get(database.engine)
    if database.host is None or port is None:
        return None
    return Target(
        id=database.database_arn,
        given=database.database_arn,
        host=database.host,
        port=port,
        kind=TargetKind.TCP,
        tls=False,
    )


def _unknown(text: str, snapshot: Snapshot) -> NetprobeError:
    """Return why no database has this ARN; one that may be unread is not called unknown."""
    match = _ARN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    region, account, kind, name = match.groups()
    what, instead = _KINDS[kind], "give its endpoint as tcp://HOST:PORT"
    here = snapshot.region or region, snapshot.account or account
    if (region, account) != here:
        return NetprobeError(
            "no-such-database",
            f"{what} {name!r} is of account {account} in {region}",
            why=f"what was read is of account {here[1]} in {here[0]}",
            hint=f"{instead}, or its own --profile and --region",
        )
    gap = snapshot.gap(READS[kind])
    if gap is not None:
        return NetprobeError(
            "databases-not-read",
            f"whether there is a {what} {name!r} in {region} is not known",
            why=f"{gap.call}: {gap.error}",
            hint=f"allow {gap.iam_action}, or {instead}" if gap.asked else instead,
        )
    known = [item.name for item in snapshot.databases if item.kind == kind]
    return NetprobeError(
        "no-such-database",
        f"no {what} {name!r} in {region}",
        hint=meant_or_known(name, known, f"{what}s here"),
    )
