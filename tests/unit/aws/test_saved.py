"""Snapshots on disk: anybody's folder of AWS's answers is read, and what is not there is a gap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from netprobe.aws.convert import convert
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.saved import load_snapshot, write_snapshot
from netprobe.errors import NetprobeError
from netprobe.model.snapshot import Snapshot
from tests.reports import recording

Json = dict[str, Any]

DUMPS = Path(__file__).parents[2] / "dumps"
HYBRID, COLLECTOR, DEMO = (
    "batfish-hybrid-cloud-aws",
    "npguard-collector-example",
    "cloudmapper-demo",
)
PLACEBO = "cloud-custodian-placebo"

READ = [
    (HYBRID, "us-west-2", {"vpcs": 4, "subnets": 10, "route_tables": 5, "internet_gateways": 3,
     "network_acls": 4, "security_groups": 11, "network_interfaces": 9, "prefix_lists": 2,
     "dhcp_options": 1, "endpoint_services": 2, "instances": 4, "vpn_gateways": 1}),
    (COLLECTOR, "us-east-1", {"vpcs": 1, "subnets": 6, "internet_gateways": 1,
     "network_acls": 1, "security_groups": 1}),
    (DEMO, "us-east-1", {"vpcs": 1, "subnets": 4, "security_groups": 8, "network_interfaces": 2,
     "vpc_endpoints": 2, "functions": 1, "instances": 3, "load_balancers": 1}),
    (f"{PLACEBO}/test_aws_lambda_sg", "us-west-2", {"security_groups": 1, "functions": 1}),
    (f"{PLACEBO}/test_cross_az_nat_gateway_route_filter", "us-west-2",
     {"subnets": 13, "route_tables": 13, "nat_gateways": 2}),
    (f"{PLACEBO}/test_eni_private_subnet", "us-west-2",
     {"subnets": 3, "route_tables": 13, "network_interfaces": 3}),
    (f"{PLACEBO}/test_network_acl_s3_present", "", {"network_acls": 1, "prefix_lists": 1}),
    (f"{PLACEBO}/test_prefix_list_entry", "", {"prefix_lists": 4}),
    (f"{PLACEBO}/test_subnet_endpoint_filter", "us-east-1", {"subnets": 11, "vpc_endpoints": 3}),
    (f"{PLACEBO}/test_tgw_attachment_metrics_filter", "",
     {"transit_gateways": 1, "transit_gateway_attachments": 1}),
    (f"{PLACEBO}/test_vpc_scenario_2", "us-east-1",
     {"vpcs": 1, "subnets": 2, "internet_gateways": 1, "nat_gateways": 1}),
    (f"{PLACEBO}/test_vpce_sg_filter", "us-east-1", {"security_groups": 1, "vpc_endpoints": 1}),
]  # fmt: skip


def counts(snapshot: Snapshot) -> dict[str, int]:
    """Return how many resources of each kind there are, kinds without any left out."""
    return {
        name: len(items)
        for name in snapshot.__dataclass_fields__
        if name != "gaps" and isinstance(items := getattr(snapshot, name), tuple) and items
    }


def save(root: Path, files: dict[str, Any]) -> Path:
    """Write JSON files under a folder and return it."""
    for name, document in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document if isinstance(document, str) else json.dumps(document))
    return root


@pytest.mark.parametrize(("dump", "region", "expected"), READ, ids=[row[0] for row in READ])
def test_dump_of_another_tool_is_read(dump: str, region: str, expected: dict[str, int]) -> None:
    """Whoever collected it, all of it is there and nothing is unreadable."""
    snapshot = load_snapshot(DUMPS / dump)

    assert counts(snapshot) == expected
    assert snapshot.region == region
    assert {gap.error for gap in snapshot.gaps} == {"not read"}


def test_many_dumps_in_one_folder_are_one_snapshot() -> None:
    """Several accounts and regions at once; what one of them lacks is a gap that says where."""
    snapshot = load_snapshot(DUMPS)

    assert len(snapshot.vpcs) == 9
    assert snapshot.vpc("vpc-815775e7").region == "us-west-2"
    assert snapshot.gap("ec2:DescribeSecurityGroups").error == (
        f"not read in {PLACEBO}/test_cross_az_nat_gateway_route_filter"
    )


@pytest.mark.parametrize("number", range(len(recording()["checks"])))
def test_snapshot_written_and_read_back_is_equal(number: int, tmp_path: Path) -> None:
    """Nothing is lost on disk."""
    raw = RawSnapshot.from_document(recording()["checks"][number]["raw"])
    write_snapshot(raw, tmp_path / "deep" / "snapshot.json")

    assert load_snapshot(tmp_path / "deep" / "snapshot.json") == convert(raw)
    assert load_snapshot(tmp_path / "deep") == convert(raw)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["snapshot.json"]


def test_snapshot_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """And nothing half is left behind."""
    (tmp_path / "file").write_text("")

    with pytest.raises(NetprobeError) as caught:
        write_snapshot(RawSnapshot("us-east-1", None), tmp_path / "file" / "snapshot.json")

    assert str(caught.value).startswith("cannot write '")
    assert "\n" not in str(caught.value)


UNREADABLE = [
    ({}, "none of AWS's answers are in it"),
    ({"README.md": "# a dump", "other.json": {"Things": []}}, "none of AWS's answers are in it"),
    ({"empty.json": ""}, "it is no JSON"),
    ({"snapshot.json": {"region": "us-east-1", "answers": [], "gaps": []}}, "answers is []"),
    ({"snapshot.json": {"region": 7, "answers": {}, "gaps": []}}, "region is 7"),
]


@pytest.mark.parametrize(("files", "why"), UNREADABLE)
def test_folder_without_a_snapshot_is_one_line(
    files: dict[str, Any], why: str, tmp_path: Path
) -> None:
    """It says what is wrong, in one line."""
    with pytest.raises(NetprobeError) as caught:
        load_snapshot(save(tmp_path, files))

    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\x00", b'{"Things": 1}', b"null"])
def test_file_that_is_no_snapshot_is_one_line(content: bytes, tmp_path: Path) -> None:
    """Whatever is in it."""
    path = tmp_path / "snapshot.json"
    path.write_bytes(content)

    with pytest.raises(NetprobeError, match="cannot read"):
        load_snapshot(path)


def test_path_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """A typing mistake is no traceback."""
    with pytest.raises(NetprobeError, match="there is no such file or folder"):
        load_snapshot(tmp_path / "nowhere")


def test_recorded_answers_read_the_same_as_raw_files(tmp_path: Path) -> None:
    """Our own document and the same answers as one file each are one snapshot."""
    document = recording()["checks"][4]["raw"]
    save(tmp_path / "own", {"snapshot.json": document})
    save(
        tmp_path / "raw",
        {f"{number}.json": {name: answer} for number, (name, answer) in
         enumerate(document["answers"].items())},
    )  # fmt: skip

    own, raw = load_snapshot(tmp_path / "own"), load_snapshot(tmp_path / "raw")
    assert counts(own) == counts(raw)
    assert own.vpcs == raw.vpcs
    assert own.apis == raw.apis
    assert own.gaps == raw.gaps
    assert orjson.dumps(document)
