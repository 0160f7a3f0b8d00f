"""Databases as targets: by ARN, and the Neptune clusters of a VPC where no target is given."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.errors import NetprobeError, UsageError
from netprobe.model.report import Target, TargetKind
from netprobe.model.snapshot import Gap, Snapshot
from netprobe.model.workloads import Database
from netprobe.workflows.target_databases import database_kind, neptune_targets
from netprobe.workflows.targets import choose_targets, parse_target
from tests.builders import REGION, gap, security_group, snapshot, vpc

HOSTS = BotocoreHosts(REGION)
ARN = f"arn:aws:rds:{REGION}:123456789012"
CLUSTERS, INSTANCES = gap("rds:DescribeDBClusters"), gap("rds:DescribeDBInstances")
NOBODY_ASKED = Gap(call=INSTANCES.call, error="not read", iam_action=INSTANCES.call, asked=False)


def database(name: str = "cluster:graph", **fields: Any) -> Database:
    host = f"{name.partition(':')[2]}.cluster-1.{REGION}.neptune.amazonaws.com"
    defaults = {"engine": "neptune", "host": host, "port": 8182, "group_ids": ("sg-1",)}
    return Database(database_arn=f"{ARN}:{name}", **(defaults | fields))


ACCOUNT = snapshot(
    vpc(),
    security_group(),
    security_group("sg-2", vpc_id="vpc-2"),
    database(),
    database("cluster:orders", engine="aurora-postgresql", port=5432, host="orders.example"),
    database("db:orders", engine="postgres", port=5433, host="orders-db.example"),
)

KINDS = [
    (f"{ARN}:cluster:graph", "cluster"),
    (f"{ARN}:db:orders", "db"),
    ("arn:aws-us-gov:rds:us-gov-west-1:123456789012:db:x", "db"),
    (f"{ARN}:snapshot:graph", ""),
    (f"{ARN}:cluster:graph:more", ""),
    (f"{ARN}:cluster:", ""),
    ("arn:aws:execute-api:us-east-1:123456789012:abc", ""),
    ("graph", ""),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_arn_says_what_kind_of_database_it_names(text: str, kind: str) -> None:
    """Snapshots, proxies and the like have no endpoint of this kind."""
    assert database_kind(text) == kind


ENDPOINTS = [
    ("cluster:graph", f"graph.cluster-1.{REGION}.neptune.amazonaws.com", 8182),
    ("cluster:orders", "orders.example", 5432),
    ("db:orders", "orders-db.example", 5433),
]


@pytest.mark.parametrize(("name", "host", "port"), ENDPOINTS)
def test_arn_is_its_endpoint_as_a_tcp_target(name: str, host: str, port: int) -> None:
    """A cluster and an instance of one name are told apart."""
    text = f"{ARN}:{name}"
    expected = Target(
        id=text, given=text, host=host, port=port, kind=TargetKind.TCP, tls=False
    )  # as tcp://HOST:PORT is read

    assert parse_target(text, ACCOUNT, HOSTS) == (expected,)


def test_port_of_neptune_is_known_without_the_answer() -> None:
    """Other engines have no port that is theirs alone."""
    (target,) = parse_target(f"{ARN}:cluster:graph", snapshot(database(port=None)), HOSTS)

    assert target.port == 8182
    with pytest.raises(NetprobeError, match="cluster 'graph' has no endpoint"):
        parse_target(f"{ARN}:cluster:graph", snapshot(database(engine="mysql", port=None)), HOSTS)


REFUSED: list[tuple[str, Snapshot, str, str]] = [
    # text, snapshot, reference, the line
    (f"{ARN}:cluster:order", ACCOUNT, "no-such-database",
     "no cluster 'order' in us-east-1; did you mean orders? clusters here: graph, orders"),
    (f"{ARN}:db:graph", ACCOUNT, "no-such-database",
     "no database instance 'graph' in us-east-1; database instances here: orders"),
    (f"{ARN}:cluster:graph", snapshot(), "no-such-database",
     "no cluster 'graph' in us-east-1; clusters here: none"),
    (f"{ARN}:cluster:graph", snapshot(CLUSTERS), "databases-not-read",
     ("whether there is a cluster 'graph' in us-east-1 is not known (rds:DescribeDBClusters: "
     "UnauthorizedOperation); allow rds:DescribeDBClusters, or give its endpoint as "
     "tcp://HOST:PORT")),
    (f"{ARN}:db:x", snapshot(INSTANCES), "databases-not-read",
     ("whether there is a database instance 'x' in us-east-1 is not known "
     "(rds:DescribeDBInstances: UnauthorizedOperation); allow rds:DescribeDBInstances, or give "
     "its endpoint as tcp://HOST:PORT")),
    (f"{ARN}:db:x", snapshot(NOBODY_ASKED), "databases-not-read",
     ("whether there is a database instance 'x' in us-east-1 is not known "
     "(rds:DescribeDBInstances: not read); give its endpoint as tcp://HOST:PORT")),
    ("arn:aws:rds:eu-west-1:123456789012:cluster:graph", ACCOUNT, "no-such-database",
     ("cluster 'graph' is of account 123456789012 in eu-west-1 (what was read is of account "
     "123456789012 in us-east-1); give its endpoint as tcp://HOST:PORT, or its own --profile "
     "and --region")),
    (f"{ARN}:cluster:graph", snapshot(database(host=None, status="creating")),
     "no-database-endpoint",
     "cluster 'graph' has no endpoint (its status is creating); try again once it is available"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "known", "reference", "line"), REFUSED)
def test_arn_without_an_endpoint_is_one_line(
    text: str, known: Snapshot, reference: str, line: str
) -> None:
    """What could not be read is never called unknown, and names the action to allow."""
    with pytest.raises(NetprobeError) as raised:
        parse_target(text, known, HOSTS)

    assert (raised.value.reference, str(raised.value)) == (reference, line)


def test_other_arns_are_refused_with_those_that_are_known() -> None:
    """A snapshot of a cluster is nothing to connect to."""
    with pytest.raises(UsageError, match="or of a cluster or instance of Neptune or RDS"):
        parse_target(f"{ARN}:cluster-snapshot:old", ACCOUNT, HOSTS)


def chosen(known: Snapshot, vpc_id: str = "vpc-1") -> tuple[list[str], list[str]]:
    """Return the names of the Neptune clusters among the targets, and the remarks."""
    targets, remarks = neptune_targets(known, vpc_id)
    return [target.given.rpartition(":")[2] for target in targets], remarks


def test_neptune_clusters_of_the_vpc_are_surveyed_by_default() -> None:
    """Those of other VPCs and engines are not, and none decides the verdict beside others."""
    known = snapshot(
        vpc(), security_group(), security_group("sg-2", vpc_id="vpc-2"), database(),
        database("cluster:other", group_ids=("sg-2",)),
        database("cluster:far", group_ids=("sg-of-nobody",)),
        database("cluster:orders", engine="aurora-mysql"),
        database("db:graph-1"),
        database("cluster:new", host=None),
    )  # fmt: skip

    assert chosen(known) == (["graph"], [])
    assert chosen(known, "vpc-2") == (["other"], [])
    found = [t for t in choose_targets((), known, "vpc-1", HOSTS).targets if t.port == 8182]
    assert [(item.given, item.surveyed) for item in found] == [(f"{ARN}:cluster:graph", True)]


def test_clusters_that_could_not_be_read_are_a_remark() -> None:
    """Nothing else changes; a snapshot that nobody asked for them says nothing."""
    not_asked = Gap(call=CLUSTERS.call, error="not read", iam_action=CLUSTERS.call, asked=False)
    denied = choose_targets((), snapshot(CLUSTERS), "vpc-1", HOSTS)
    plain = choose_targets((), snapshot(not_asked), "vpc-1", HOSTS)

    assert denied.targets == plain.targets
    assert plain.remarks == ()
    (remark,) = denied.remarks
    assert remark == (
        "Neptune clusters may be missing from the targets, because rds:DescribeDBClusters "
        "failed; --target tcp://HOST:8182 asks about one"
    )


def test_cluster_whose_groups_could_not_be_read_is_a_remark() -> None:
    """It may be in another VPC, and is not asked about as if it was in this one."""
    known = snapshot(database(), gap("ec2:DescribeSecurityGroups"))

    targets, (remark,) = chosen(known)
    assert targets == []
    assert remark == (
        "did not ask about Neptune cluster graph: without ec2:DescribeSecurityGroups it is not "
        "known whether it is in vpc-1"
    )
