"""Evidence on disk: what comes back, and what is refused in one line."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from netprobe.aws.archives import require_place
from netprobe.aws.evidence import load_evidence, write_evidence
from netprobe.errors import NetprobeError
from tests.unit.aws.test_redaction import DUMPS, story


@pytest.mark.parametrize("name", ["case", "case.zip", "new/folder/case"])
def test_evidence_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    """From a folder and from a zip file, with nothing beside it."""
    evidence = story(0)

    write_evidence(evidence, tmp_path / name)
    read, saved = load_evidence(tmp_path / name)

    assert read.documents() == evidence.documents()
    assert saved.snapshot.vpcs
    assert [item.name for item in (tmp_path / name).parent.iterdir()] == [Path(name).name]


def test_older_evidence_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    write_evidence(story(0), tmp_path / "case")
    write_evidence(story(4), tmp_path / "case")
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("mine")

    with pytest.raises(NetprobeError, match="the folder holds something else"):
        write_evidence(story(0), other)

    assert load_evidence(tmp_path / "case")[0].documents() == story(4).documents()
    assert [item.name for item in other.iterdir()] == ["letter.txt"]


def test_zip_of_a_folder_is_evidence_too(tmp_path: Path) -> None:
    """As a file manager makes it."""
    write_evidence(story(0), tmp_path / "case")
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
        for file in (tmp_path / "case").iterdir():
            archive.write(file, f"case/{file.name}")

    assert load_evidence(tmp_path / "sent.zip")[0].documents() == story(0).documents()


def test_describe_output_is_evidence_without_observations() -> None:
    evidence, saved = load_evidence(DUMPS / "npguard-collector-example")

    assert (evidence.request, evidence.observations) == (None, {})
    assert saved.snapshot.vpcs


def test_observations_beside_describe_output_are_read(tmp_path: Path) -> None:
    """Evidence that somebody made by hand: one answer a source is enough."""
    snapshot, seen = story(0).documents()["snapshot.json"], story(0).observations
    (tmp_path / "vpcs.json").write_text(json.dumps(snapshot))
    one = {source: answers[0] for source, answers in seen.items()}
    (tmp_path / "observations.json").write_text(json.dumps(one))

    assert load_evidence(tmp_path)[0].observations == seen


def truncated(path: Path) -> None:
    write_evidence(story(0), path)
    path.write_bytes(path.read_bytes()[:500])


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("snapshot.json", b"0" * 60_000_000)


def traversal(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../evil.json", "{}")


def other_version(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("evidence.json", json.dumps({"schema": "netprobe.evidence/9"}))


def other_answers(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("observations.json", json.dumps({"subnet-1": {"results": 3}}))


def no_evidence(path: Path) -> None:
    path.write_text("not a zip file")


def empty(path: Path) -> None:
    zipfile.ZipFile(path, "w").close()


def no_answers(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("observations.json", "{no JSON")


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "truncated": (truncated, "zip"),
    "a bomb": (bomb, "would unpack to 60,000,000 bytes"),
    "a way out of the folder": (traversal, "leads out of it"),
    "another version": (other_version, "netprobe.evidence/1"),
    "answers of no probe": (other_answers, "subnet-1"),
    "no zip file": (no_evidence, "zip"),
    "nothing in it": (empty, r"case\.zip' \(none of AWS's answers are in it\)"),
    "no JSON": (no_answers, r"'observations\.json': it is no JSON"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_evidence_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    """Nothing is unpacked to where it does not belong, and nothing stays."""
    spoil, why = SPOILT[name]
    place = tmp_path / "case.zip"
    spoil(place)

    with pytest.raises(NetprobeError, match=why) as caught:
        load_evidence(place)

    assert caught.value.reference == "unreadable-evidence"
    assert "\n" not in str(caught.value)
    assert "netprobe-" not in str(caught.value)  # nobody knows the folder it was unpacked into
    assert [item.name for item in tmp_path.iterdir()] == ["case.zip"]


def test_place_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(NetprobeError, match="a file has that name"):
        require_place(tmp_path / "file")


@pytest.mark.parametrize("name", ["pipe", "pipe.zip"])
def test_pipes_and_links_are_never_replaced(tmp_path: Path, name: str) -> None:
    pipe, link = tmp_path / name, tmp_path / f"link-{name}"
    os.mkfifo(pipe)
    link.symlink_to(tmp_path)

    for place in (pipe, link):
        with pytest.raises(NetprobeError, match="a link or a special file has that name"):
            write_evidence(story(0), place)
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_what_is_not_there_is_no_evidence(tmp_path: Path) -> None:
    with pytest.raises(NetprobeError, match="no such file or folder"):
        load_evidence(tmp_path / "nowhere")
