"""Snapshots on disk: anybody's folder of AWS's answers is read, and what is not there is a gap."""

from __future__ import annotations

import gc
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from netprobe.aws.convert import convert
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.saved import load_snapshot, write_snapshot
from netprobe.errors import NetprobeError
from netprobe.model.snapshot import Snapshot
from tests.every_kind import ACCOUNT, EVERY_KIND, OTHER_ACCOUNT, REGION, every_answer
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
     "dhcp_options": 1, "endpoint_services": 2, "instances": 4, "vpn_gateways": 1,
     "databases": 1}),
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


def test_two_accounts_are_one_snapshot(tmp_path: Path) -> None:
    """Each resource once; a call that one of them lacks is a gap that says where."""
    theirs = {"Vpcs": [{"VpcId": "vpc-c", "CidrBlock": "10.2.0.0/16", "OwnerId": OTHER_ACCOUNT}]}
    subnet = {"SubnetId": "subnet-c", "VpcId": "vpc-c", "CidrBlock": "10.2.0.0/24",
              "AvailabilityZone": "eu-west-1a"}  # fmt: skip
    shutil.copytree(EVERY_KIND, tmp_path / ACCOUNT / REGION)
    save(
        tmp_path / OTHER_ACCOUNT / "eu-west-1",
        {
            "v.json": theirs,
            "s.json": {"Subnets": [subnet]},
            "p.json": every_answer()["DescribeVpcPeeringConnections"],
        },
    )
    snapshot = load_snapshot(tmp_path)

    assert (snapshot.region, snapshot.account) == (REGION, ACCOUNT)
    assert [(vpc.vpc_id, vpc.region) for vpc in snapshot.vpcs] == [
        ("vpc-a", REGION),
        ("vpc-b", REGION),
        ("vpc-c", "eu-west-1"),
    ]
    assert len(snapshot.vpc_peering_connections) == 1
    assert snapshot.gap("ec2:DescribeVpcPeeringConnections") is None
    assert snapshot.gap("ec2:DescribeNetworkAcls").error == (
        f"not read in {OTHER_ACCOUNT}/eu-west-1"
    )


def test_page_in_two_files_is_one_answer(tmp_path: Path) -> None:
    """Until the last page is missing."""
    first, last = ({"Vpcs": [{"VpcId": f"vpc-{n}", "CidrBlock": "10.0.0.0/8"}]} for n in (1, 2))
    save(tmp_path, {"1.json": first | {"NextToken": "x"}, "2.json": last})
    whole = load_snapshot(tmp_path)
    (tmp_path / "2.json").unlink()

    assert [vpc.vpc_id for vpc in whole.vpcs] == ["vpc-1", "vpc-2"]
    assert whole.gap("ec2:DescribeVpcs") is None
    assert load_snapshot(tmp_path).gap("ec2:DescribeVpcs").error == "the last page is missing"


def test_file_cut_off_is_a_gap_that_names_it(tmp_path: Path) -> None:
    """Other files are read all the same."""
    snapshot = load_snapshot(save(tmp_path, {"a.json": '{"NetworkAcls": [{"Ne', "b.json": {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/8"}]}}))  # fmt: skip

    assert snapshot.gap("ec2:DescribeNetworkAcls").error == "a file that is no JSON: a.json"
    assert snapshot.vpc("vpc-1") is not None


def test_garbage_is_looked_for_again_after_loading(tmp_path: Path) -> None:
    """Even when nothing could be loaded."""
    with pytest.raises(NetprobeError):
        load_snapshot(tmp_path)

    assert gc.isenabled()


def test_tag_with_half_a_surrogate_is_kept(tmp_path: Path) -> None:
    """Tags are data, whatever is in them."""
    tags = [{"Key": "Name", "Value": "\ud800"}]
    answers = {"DescribeVpcs": {"Vpcs": [{"VpcId": "v", "CidrBlock": "10.0.0.0/8", "Tags": tags}]}}
    write_snapshot(RawSnapshot(REGION, None, answers), tmp_path / "snapshot.json")

    assert load_snapshot(tmp_path).vpc("v").name == "\ud800"


def test_name_of_a_file_is_told_in_one_line(tmp_path: Path) -> None:
    """Even when it has two."""
    with pytest.raises(NetprobeError) as caught:
        load_snapshot(save(tmp_path, {"two\nlines.json": ""}))

    assert "cannot read two lines.json" in str(caught.value)
