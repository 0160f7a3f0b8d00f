"""Evidence on disk: what was read, what the probes answered, what was asked, and when.

Three files, in a folder or a zip file: ``snapshot.json`` (AWS's own JSON, several where several
places were read), ``observations.json`` (what each probe answered, by source), and
``evidence.json`` (the rest). The snapshot may just as well be a folder of describe output, and all
but the snapshot may be missing: then configuration alone is judged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netprobe.aws.archives import MARK, unpacked, unreadable_evidence, write_files
from netprobe.aws.dump_files import content_of, parse
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.saved import Saved, load_saved, written
from netprobe.errors import NetprobeError
from netprobe.workflows.asked_again import document_of_request, request_of_document
from netprobe.workflows.check import CheckRequest
from probe_lambda.wire import WireError, result_from_json

SCHEMA = "netprobe.evidence/1"
OBSERVATIONS = "observations.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a check was judged by."""

    raws: tuple[RawSnapshot, ...]
    """One per account and region that was read."""
    observations: dict[str, list[Any]] = field(default_factory=dict)
    """What each source's probe answered, in the shape of ``probe_lambda.wire``, in order."""
    request: CheckRequest | None = None
    started_at: str | None = None
    """UTC, as a report writes it."""
    finished_at: str | None = None
    netprobe_version: str | None = None

    @classmethod
    def of_answers(cls, answers: dict[str, list[str]], **fields: Any) -> Evidence:
        """Return evidence with observations that are wire JSON still."""
        seen = {key: [json.loads(one) for one in told] for key, told in sorted(answers.items())}
        return cls(observations=seen, **fields)

    @property
    def answers(self) -> dict[str, list[str]]:
        """Return the observations as wire JSON."""
        return {key: [json.dumps(one) for one in seen] for key, seen in self.observations.items()}

    def documents(self) -> dict[str, Any]:
        """Return the evidence as JSON documents by file name."""
        names = (
            ["snapshot.json"]
            if len(self.raws) == 1
            else [f"snapshot-{number}.json" for number in range(1, len(self.raws) + 1)]
        )
        about = {
            "schema": SCHEMA,
            "netprobe_version": self.netprobe_version,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "request": document_of_request(self.request) if self.request else None,
        }
        snapshots = {name: raw.document() for name, raw in zip(names, self.raws, strict=True)}
        return {MARK: about, **snapshots, OBSERVATIONS: self.observations}


def write_evidence(evidence: Evidence, path: Path) -> None:
    """Write evidence as a folder, or as a zip file by the suffix; raises NetprobeError."""
    files = {name: written(document) for name, document in evidence.documents().items()}
    write_files(path, files)


def load_evidence(path: Path) -> tuple[Evidence, Saved]:
    """Return the evidence in a folder or zip file, and its snapshot; raises NetprobeError.

    A snapshot's file or a folder of describe output is evidence without observations.
    """
    if not path.exists():
        raise unreadable_evidence(path, "there is no such file or folder")
    with unpacked(path) as place:
        try:
            folder = _folder_of(place)
            about = _about(folder)
            observations = _observations(folder)
            saved = load_saved(folder)
        except NetprobeError as error:
            if place == path:
                raise
            raise unreadable_evidence(path, _told(error, place)) from error
    evidence = Evidence(
        raws=saved.raws,
        observations=observations,
        request=_request(path, about.get("request")),
        started_at=_text(about, "started_at"),
        finished_at=_text(about, "finished_at"),
        netprobe_version=_text(about, "netprobe_version"),
    )
    return evidence, saved


def _told(error: NetprobeError, place: Path) -> str:
    """Return what is wrong inside an archive, without the folder it was unpacked into."""
    what = error.what.replace(f"{place}/", "").replace(str(place), "").removeprefix("cannot read ")
    return f"{what}: {error.why}" if what else error.why


def _folder_of(place: Path) -> Path:
    """Return the folder that holds the evidence: many zip files hold one folder with all."""
    if not place.is_dir() or (place / MARK).exists():
        return place
    inner = [item for item in place.iterdir() if not item.name.startswith((".", "__MACOSX"))]
    only = len(inner) == 1 and inner[0].is_dir()
    return inner[0] if only and (inner[0] / MARK).exists() else place


def _about(folder: Path) -> dict[str, Any]:
    about = _object(folder / MARK)
    if about is None:
        return {}
    schema = about.get("schema")
    if schema != SCHEMA:
        raise unreadable_evidence(folder / MARK, f"expected schema {SCHEMA}, found {schema!r:.60}")
    return about


def _observations(folder: Path) -> dict[str, list[Any]]:
    """Return what the probes answered by source: one answer, or a list in order of asking."""
    place = folder / OBSERVATIONS
    found = _object(place) or {}
    answers = {key: one if isinstance(one, list) else [one] for key, one in found.items()}
    for source, seen in answers.items():
        for one in seen:
            try:
                result_from_json(json.dumps(one))
            except WireError as error:
                raise unreadable_evidence(place, f"{source}: {error}") from error
    return answers


def _object(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in a file, None where there is none; raises NetprobeError."""
    if not path.parent.is_dir() or not path.is_file():
        return None
    try:
        document = parse(content_of(path) or b"")
    except ValueError as error:
        raise unreadable_evidence(path, f"it is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise unreadable_evidence(path, "it is no JSON object")
    return document


def _request(path: Path, document: Any) -> CheckRequest | None:
    if document is None:
        return None
    try:
        return request_of_document(document)
    except ValueError as error:
        raise unreadable_evidence(path, f"its request: {error}") from error


def _text(document: dict[str, Any], key: str) -> str | None:
    value = document.get(key)
    return value if isinstance(value, str) else None
