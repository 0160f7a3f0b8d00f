"""A folder somebody saved AWS's answers in: its files, and which of them belong together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import orjson

from netprobe.aws.dump_kinds import Found, recognise, recognise_broken
from netprobe.aws.operations import Operation
from netprobe.aws.reading import Json
from netprobe.errors import NetprobeError

REGION = re.compile(
    r"(?<![a-z0-9])(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov|-iso[a-z]?)?"
    r"-(?:north|south|east|west|central)(?:east|west)?-\d(?!\d)"
)
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_UTF8_MARK, _UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_BLANKS = b" \t\r\n"
_LOOK = 4096
_SHOWN = 80


@dataclass(slots=True)
class Place:
    """Answers that belong together: those of one account and region, as far as one can tell."""

    label: str
    region: str | None = None
    account: str | None = None
    found: list[Found] = field(default_factory=list)
    broken: dict[Operation, str] = field(default_factory=dict)
    """Operations whose answers were in a file that is no JSON, and that file."""

    @property
    def operations(self) -> frozenset[str]:
        """Return the calls that something was found of."""
        return frozenset(item.operation.call for item in self.found) | frozenset(
            operation.call for operation in self.broken
        )


@dataclass(slots=True)
class DumpFolder:
    """What a folder holds: netprobe's own snapshots, and places of raw answers."""

    snapshots: list[Json] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def read_folder(root: Path) -> DumpFolder:
    """Read every file of a folder that may hold AWS's answers; raises NetprobeError."""
    dump = DumpFolder()
    folders: dict[tuple[str, ...], Place] = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            _add_file(dump, folders, path, relative)
    dump.places = [place for place in _joined(folders, ()) if place.found or place.broken]
    return dump


def _add_file(
    dump: DumpFolder, folders: dict[tuple[str, ...], Place], path: Path, relative: Path
) -> None:
    content = content_of(path)
    if content is None:
        return
    place = _place_of(folders, relative)
    try:
        document = parse(content)
    except ValueError as error:
        if relative.suffix.lower() == ".json":
            _add_broken(place, content, relative, error)
        return
    if isinstance(document, dict) and is_own_snapshot(document):
        dump.snapshots.append(document)
    elif isinstance(document, dict):
        place.found.extend(recognise(document, relative.name))


def parse(content: bytes) -> Any:
    """Return what JSON text says; raises ValueError.

    What the fast reader is too strict for, such as half a surrogate in a tag, the slow one may
    still take.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(content)
        except (RecursionError, ValueError):
            raise error from None


def content_of(path: Path) -> bytes | None:
    """Return a file's content as UTF-8, or None when it is not JSON and was never meant to be."""
    try:
        with path.open("rb") as file:
            start = file.read(_LOOK)
            marked = start.startswith((_UTF8_MARK, *_UTF16_MARKS))
            meant = path.suffix.lower() == ".json" or marked
            if not meant and not start.lstrip(_BLANKS).startswith(b"{"):
                return None
            content = start + file.read()
    except OSError as error:
        raise unreadable(str(path), error.strerror or type(error).__name__) from error
    if content.startswith(_UTF16_MARKS):  # what PowerShell's ">" writes
        return content.decode("utf-16", errors="replace").encode()
    return content.removeprefix(_UTF8_MARK)


def unreadable(what: str, why: str, hint: str = "") -> NetprobeError:
    """Return the error for a file that no answers can be read from."""
    return NetprobeError(
        "unreadable-snapshot",
        f"cannot read {' '.join(what.split())}",
        why=" ".join(why.split())[:_SHOWN],
        hint=hint or "give a snapshot of netprobe's, or a folder of aws ... describe-* outputs",
    )


def is_own_snapshot(document: Json) -> bool:
    """Tell whether a document is a snapshot netprobe wrote."""
    return "answers" in document and ("region" in document or "gaps" in document)


def _add_broken(place: Place, content: bytes, relative: Path, error: Exception) -> None:
    """Note which answers a file that is no JSON held; raises NetprobeError if none can tell."""
    written = content.decode(errors="replace")
    operations = recognise_broken(written, relative.name)
    is_other = '":' in written.replace(" ", "") and '"status_code"' not in written
    if not operations and not is_other:
        raise unreadable(str(relative), f"it is no JSON: {error}")
    for operation in operations:
        place.broken.setdefault(operation, str(relative))


def _place_of(folders: dict[tuple[str, ...], Place], relative: Path) -> Place:
    """Return the place of a file: its folder's, or its own region's in that folder."""
    parents = relative.parent.parts
    key = parents
    if region := _last(REGION, (relative.name,)):
        key = (*parents, f"*{region}")
    if key not in folders:
        folders[key] = Place(
            label="/".join((*parents, region) if region else parents) or ".",
            region=region or _last(REGION, parents),
            account=_last(_ACCOUNT, parents),
        )
    return folders[key]


def _last(pattern: re.Pattern[str], parts: Iterable[str]) -> str | None:
    found = [match for part in parts for match in pattern.findall(part)]
    return found[-1] if found else None


def _joined(folders: dict[tuple[str, ...], Place], here: tuple[str, ...]) -> list[Place]:
    """Return the places under a folder: subfolders that share no call are one place.

    A folder for each kind of answer is one account's, and so is a file for all regions above
    the folders of the regions; two folders with the same kinds are two accounts or regions.
    """
    below = sorted({key[: len(here) + 1] for key in folders if key[: len(here)] == here != key})
    inner = [place for key in below for place in _joined(folders, key)]
    own = folders.get(here)
    if own is None or not (own.found or own.broken):
        return [_one(inner)] if _are_parts(inner) else inner
    if not inner:
        return [own]
    if _are_parts([own, *inner]):
        return [_one([own, *inner])]
    if all(_are_parts([own, place]) for place in inner):
        return [_one([place, own]) for place in inner]
    return [own, *inner]


def _are_parts(places: list[Place]) -> bool:
    """Tell whether places are parts of one: no call twice, no two regions or accounts."""
    regions = {place.region for place in places if place.region}
    accounts = {place.account for place in places if place.account}
    return (
        bool(places)
        and len(regions) <= 1
        and len(accounts) <= 1
        and not any(a.operations & b.operations for a, b in combinations(places, 2))
    )


def _one(places: list[Place]) -> Place:
    """Return parts put together; the first gives the label."""
    broken: dict[Operation, str] = {}
    for place in places:
        broken |= place.broken
    return Place(
        label=places[0].label,
        region=next((place.region for place in places if place.region), None),
        account=next((place.account for place in places if place.account), None),
        found=[item for place in places for item in place.found],
        broken=broken,
    )


def answers_of(place: Place) -> dict[str, Any]:
    """Return a place's answers under the names of their calls, one piece a file."""
    answers: dict[str, Any] = {}
    for item in place.found:
        answers.setdefault(item.operation.answer_name, []).append(item.answer)
    return answers
