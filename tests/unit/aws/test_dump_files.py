"""Which files of a folder belong together, and what is no business of a snapshot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netprobe.aws.dump_files import answers_of, parse, read_folder
from netprobe.errors import NetprobeError

VPCS, SUBNETS, ZONES = {"Vpcs": []}, {"Subnets": []}, {"ListHostedZonesByVPC": [{"VPCId": "v"}]}
ALL = {"DescribeVpcs", "DescribeSubnets"}
EAST, WEST = "us-east-1", "us-west-2"

PLACES: dict[str, tuple[dict[str, Any], list[tuple[str, str | None, set[str]]]]] = {
    "one folder": (
        {"a.json": VPCS, "b.json": SUBNETS},
        [(".", None, ALL)],
    ),
    "one file": ({"all.json": VPCS | SUBNETS}, [(".", None, ALL)]),
    "a folder for each kind": (
        {"vpcs/1.json": VPCS, "vpcs/2.json": VPCS, "subnets/x.json": SUBNETS},
        [("subnets", None, ALL)],
    ),
    "a folder for each account": (
        {"dev/v.json": VPCS, "dev/s.json": SUBNETS, "prod/v.json": VPCS},
        [("dev", None, ALL), ("prod", None, {"DescribeVpcs"})],
    ),
    "folders for accounts and regions": (
        {f"111111111111/{EAST}/v.json": VPCS, f"111111111111/{WEST}/s.json": SUBNETS},
        [(f"111111111111/{EAST}", EAST, {"DescribeVpcs"}),
         (f"111111111111/{WEST}", WEST, {"DescribeSubnets"})],
    ),
    "a file for all regions above them": (
        {f"{EAST}/v.json": VPCS, f"{WEST}/v.json": VPCS, "zones.json": ZONES},
        [(EAST, EAST, {"DescribeVpcs", "ListHostedZonesByVPC"}),
         (WEST, WEST, {"DescribeVpcs", "ListHostedZonesByVPC"})],
    ),
    "an account above another": (
        {"v.json": VPCS, "s.json": SUBNETS, "other/v.json": VPCS},
        [(".", None, ALL), ("other", None, {"DescribeVpcs"})],
    ),
    "regions in the files' names": (
        {f"vpcs-{EAST}.json": VPCS, f"subnets-{EAST}.json": SUBNETS, f"vpcs-{WEST}.json": VPCS},
        [(EAST, EAST, ALL), (WEST, WEST, {"DescribeVpcs"})],
    ),
    "other files beside": (
        {"README.md": "# {}", "notes.txt": "{not JSON", "list.json": [1], "x.json": {"A": 1},
         ".git/v.json": VPCS, "deep/er/v": VPCS, "package.json": '{"name": "x",'},
        [("deep/er", None, {"DescribeVpcs"})],
    ),
}  # fmt: skip


def save(root: Path, files: dict[str, Any]) -> Path:
    for name, document in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document if isinstance(document, str) else json.dumps(document))
    return root


@pytest.mark.parametrize(("files", "expected"), PLACES.values(), ids=PLACES)
def test_files_that_belong_together_are_one_place(
    files: dict[str, Any], expected: list[tuple[str, str | None, set[str]]], tmp_path: Path
) -> None:
    """What is in none of a place's files is a gap of that place, whatever other places have."""
    places = read_folder(save(tmp_path, files)).places

    found = [(place.label, place.region, set(answers_of(place))) for place in places]
    assert found == expected


def test_account_is_that_of_the_folder(tmp_path: Path) -> None:
    """Twelve digits, no more: a time in a file's name is none."""
    save(tmp_path, {"111111111111/v.json": VPCS, "20260101120000/v.json": VPCS})

    accounts = [place.account for place in read_folder(tmp_path).places]
    assert accounts == ["111111111111", None]


def test_snapshots_of_our_own_are_found_beside_raw_answers(tmp_path: Path) -> None:
    """Both count."""
    own = {"region": EAST, "account": None, "answers": {}, "gaps": []}
    dump = read_folder(save(tmp_path, {"own.json": own, "v.json": VPCS}))

    assert dump.snapshots == [own]
    assert [place.label for place in dump.places] == ["."]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-8"])
def test_encodings_of_windows_are_read(encoding: str, tmp_path: Path) -> None:
    """PowerShell writes UTF-16 with a mark, editors UTF-8 with one."""
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (tmp_path / "v.json").write_bytes((mark + json.dumps(VPCS)).encode(encoding))

    (place,) = read_folder(tmp_path).places
    assert answers_of(place) == {"DescribeVpcs": [VPCS]}


def test_file_cut_off_is_told_with_its_answers(tmp_path: Path) -> None:
    """The place lacks them, and knows because of which file."""
    (place,) = read_folder(save(tmp_path, {"a.json": '{"Vpcs": [', "b.json": SUBNETS})).places

    assert {item.name: file for item, file in place.broken.items()} == {"DescribeVpcs": "a.json"}


@pytest.mark.parametrize("content", ["", "{", "\x00\x01", '{"status_code": 200, "da'])
def test_file_that_might_have_been_anything_is_an_error(content: str, tmp_path: Path) -> None:
    """One that was meant to be JSON may have held the entry that denies."""
    with pytest.raises(NetprobeError, match=r"cannot read x\.json"):
        read_folder(save(tmp_path, {"x.json": content, "b.json": SUBNETS}))


def test_what_the_fast_reader_refuses_the_slow_one_may_take() -> None:
    """Half a surrogate in a tag spoils nothing."""
    assert parse(b'{"Value": "\\ud800"}') == {"Value": "\ud800"}


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b'"\xff"', b"NaNs"])
def test_what_is_no_json_raises_value_error(content: bytes) -> None:
    """And nothing else, however deep it is."""
    with pytest.raises(ValueError, match=r".+"):
        parse(content)
