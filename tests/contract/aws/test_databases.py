"""Neptune and RDS in an account: what a check asks them for, finds and says when it may not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.aws.convert import convert
from netprobe.aws.redaction import redact_snapshot
from netprobe.aws.saved import load_snapshot
from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.aws.source import AwsSnapshotSource
from netprobe.errors import NetprobeError
from netprobe.model.report import Target, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.asked import asked_about
from netprobe.workflows.targets import Chosen, choose_targets
from tests.contract.aws.account import furnish, session_of
from tests.contract.lab.corrected import REGION, Cloud

HOSTS = BotocoreHosts(REGION)
ARN = f"arn:aws:rds:{REGION}:123456789012"


def with_databases(cloud: Cloud) -> str:
    """Build a VPC with a graph and a database, and another with a graph; return the first."""
    vpc, other = furnish(cloud), cloud.vpc("10.9.0.0/16")
    rds, neptune = cloud.client("rds"), cloud.client("neptune")
    for name, vpc_id in (("graph", vpc), ("elsewhere", other)):
        neptune.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="neptune",
            VpcSecurityGroupIds=[cloud.group(vpc_id, name)],
        )
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="admin",
        MasterUserPassword="not-a-secret",
    )
    return vpc


def read(cloud: Cloud, vpc: str, *targets: str) -> tuple[AwsSnapshotSource, Snapshot]:
    """Return what a check of these targets reads."""
    source = AwsSnapshotSource(session_of(cloud))
    return source, source.read(vpc, asked_about(targets, probing=False))


def chosen(cloud: Cloud, vpc: str, *targets: str) -> Chosen:
    """Return the targets that a check asks about."""
    return choose_targets(targets, read(cloud, vpc, *targets)[1], vpc, HOSTS)


@pytest.mark.parametrize(("name", "port"), [("cluster:graph", 8182), ("db:orders", 5432)])
def test_arn_is_asked_at_its_endpoint(cloud: Cloud, name: str, port: int) -> None:
    """As AWS tells it."""
    (target,) = chosen(cloud, with_databases(cloud), f"{ARN}:{name}").targets
    client = cloud.client("rds")
    if name.startswith("db:"):
        host = client.describe_db_instances()["DBInstances"][0]["Endpoint"]["Address"]
    else:
        named = client.describe_db_clusters(DBClusterIdentifier="graph")
        host = named["DBClusters"][0]["Endpoint"]

    assert (target.host, target.port, target.kind) == (host.lower(), port, TargetKind.TCP)
    assert not target.tls


def neptune(targets: tuple[Target, ...]) -> list[str]:
    return [item.given for item in targets if item.port == 8182]


def test_neptune_clusters_of_the_vpc_are_asked_about_without_a_target(cloud: Cloud) -> None:
    """And not the one of another VPC."""
    assert neptune(chosen(cloud, with_databases(cloud)).targets) == [f"{ARN}:cluster:graph"]


def test_plain_check_reads_no_databases(cloud: Cloud) -> None:
    """So it needs no permission for them."""
    source, snapshot = read(cloud, with_databases(cloud), "tcp://10.0.0.1:5432")

    assert snapshot.databases == ()
    assert not [name for name in source.kept[0].answers if "DB" in name]
    assert not [gap for gap in snapshot.gaps if gap.call.startswith("rds:") and gap.asked]


def test_denied_read_costs_the_cluster_and_nothing_else(cloud: Cloud) -> None:
    """One line where it was asked for, a remark where it was netprobe's own idea."""
    vpc = with_databases(cloud)
    usual = chosen(cloud, vpc)
    cloud.post("/netprobe-lab/deny", {"actions": ["rds:*"]})
    found = chosen(cloud, vpc)
    with pytest.raises(NetprobeError, match="allow rds:DescribeDBInstances") as raised:
        chosen(cloud, vpc, f"{ARN}:db:orders")

    assert raised.value.reference == "databases-not-read"
    assert "\n" not in str(raised.value)
    assert [item for item in usual.targets if item.port != 8182] == list(found.targets)
    assert any("rds:DescribeDBClusters failed" in remark for remark in found.remarks)


def test_redacted_snapshot_still_knows_the_cluster(cloud: Cloud) -> None:
    """By another name, and in the VPC it was in."""
    vpc = with_databases(cloud)
    source, snapshot = read(cloud, vpc)
    raw = redact_snapshot(source.kept[0])
    told, redacted = json.dumps(raw.document()), convert(raw)
    (first, second) = redacted.databases
    (target,) = [
        item
        for item in choose_targets((), redacted, redacted.vpcs[0].vpc_id, HOSTS).targets
        if item.port == 8182
    ]

    assert target.host in {first.host, second.host}
    assert target.host.endswith(f".{REGION}.rds.amazonaws.com")  # as moto names Neptune's too
    assert {first.kind, second.kind} == {"cluster"}
    for item in snapshot.databases:
        assert item.host is not None
        assert item.name not in told
        assert item.host not in told


def test_output_of_the_aws_cli_is_read_as_it_is(cloud: Cloud, tmp_path: Path) -> None:
    """In a folder beside that of other calls, whatever the file is called."""
    vpc = with_databases(cloud)
    clusters = cloud.client("rds").describe_db_clusters()
    instances = cloud.client("rds").describe_db_instances()
    for name, answer in (("a", cloud.ec2.describe_vpcs()), ("b", clusters), ("c", instances),
                         ("d", cloud.ec2.describe_security_groups())):  # fmt: skip
        text = json.dumps(answer, default=str)
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    snapshot = load_snapshot(tmp_path)

    assert {item.name for item in snapshot.databases} == {"graph", "elsewhere", "orders"}
    assert neptune(choose_targets((), snapshot, vpc, HOSTS).targets) == [f"{ARN}:cluster:graph"]
