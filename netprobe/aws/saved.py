"""Snapshots on disk: netprobe's own files, and folders of AWS's answers from anybody."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import orjson

from netprobe.aws.convert import convert
from netprobe.aws.dump_files import (
    DumpFolder,
    Place,
    answers_of,
    content_of,
    is_own_snapshot,
    parse,
    read_folder,
    unreadable,
)
from netprobe.aws.dump_kinds import recognise
from netprobe.aws.dump_origin import account_told, region_told, region_written
from netprobe.aws.merging import merge
from netprobe.aws.raw import RawSnapshot
from netprobe.errors import NetprobeError
from netprobe.model.snapshot import Gap, Snapshot

NO_JSON = "a file that is no JSON"


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved: AWS's answers of every place, and all of them as one snapshot."""

    raws: tuple[RawSnapshot, ...]
    snapshot: Snapshot


def load_snapshot(path: Path) -> Snapshot:
    """Return the snapshot in a file or folder; raises NetprobeError when there is none."""
    return load_saved(path).snapshot


def load_saved(path: Path) -> Saved:
    """Return AWS's answers in a file or folder; raises NetprobeError when there are none.

    A folder is netprobe's own, or anyone's with the outputs of ``aws ... describe-*``: told
    apart by their keys, however they are named, in one folder or one per account and region.
    """
    if not path.exists():
        raise unreadable(str(path), "there is no such file or folder")
    with _uncollected():
        return _load(path)


_REPORT = "netprobe.report/"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for garbage, of which there is none while a snapshot grows.

    Looking through millions of values again and again takes longer than reading them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _load(path: Path) -> Saved:
    dump = read_folder(path) if path.is_dir() else _read_file(path)
    raws = [_raw_of_document(document, str(path)) for document in dump.snapshots]
    labels = [_label(raw) for raw in raws]
    raws += [_raw_of_place(place, path) for place in dump.places]
    labels += [place.label for place in dump.places]
    if not raws:
        raise unreadable(str(path), "none of AWS's answers are in it")
    return Saved(tuple(raws), merge([convert(raw) for raw in raws], labels))


def convert_all(raws: Iterable[RawSnapshot]) -> Snapshot:
    """Return the answers of one place or of several as one snapshot."""
    every = list(raws)
    labels = [_label(raw) for raw in every]
    return merge([convert(raw) for raw in every], labels)


def _label(raw: RawSnapshot) -> str:
    return f"{raw.account or 'the account'}/{raw.region}"


def _read_file(path: Path) -> DumpFolder:
    content = content_of(path)
    if content is None:
        packed = "it is packed: --evidence reads what check saved" if is_zipfile(path) else ""
        raise unreadable(str(path), "it is no JSON", packed)
    try:
        document = parse(content)
    except ValueError as error:
        raise unreadable(str(path), f"it is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise unreadable(str(path), "it is no JSON object")
    if str(document.get("schema")).startswith(_REPORT):
        raise unreadable(str(path), "it is a report", "netprobe diff reads reports")
    if is_own_snapshot(document):
        return DumpFolder(snapshots=[document])
    found = list(recognise(document, path.name))
    return DumpFolder(places=[Place(label=path.name, found=found)] if found else [])


def _raw_of_document(document: dict[str, Any], name: str) -> RawSnapshot:
    try:
        return RawSnapshot.from_document(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        why = str(error) if isinstance(error, ValueError) else "a part of it has another shape"
        raise unreadable(name, why) from error


def _raw_of_place(place: Place, root: Path) -> RawSnapshot:
    """Return a place's answers; its region and account are what names and answers tell."""
    answers = answers_of(place)
    region = place.region or region_told(answers) or region_written(root) or ""
    return RawSnapshot(
        region=region,
        account=place.account or account_told(answers),
        answers=answers,
        gaps=tuple(_broken(place)),
    )


def _broken(place: Place) -> Iterator[Gap]:
    for operation, name in place.broken.items():
        yield Gap(
            call=operation.call,
            error=f"{NO_JSON}: {name}",
            iam_action=operation.iam_action,
            needed_for=operation.needed_for,
        )


def written(document: dict[str, Any]) -> bytes:
    """Return a document as JSON, half surrogates in tags and all."""
    try:
        return orjson.dumps(document, option=orjson.OPT_INDENT_2)
    except TypeError:
        return json.dumps(document, indent=2).encode()


def write_snapshot(raw: RawSnapshot, path: Path) -> None:
    """Write a snapshot's file: beside it first, so that half a one is never there."""
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        with beside.open("xb") as file:  # never through a link that lies there
            file.write(written(raw.document()))
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise NetprobeError(
            "unwritable-output",
            f"cannot write {str(path)!r}",
            why=error.strerror or type(error).__name__,
            hint="give a path that can be written",
        ) from error
