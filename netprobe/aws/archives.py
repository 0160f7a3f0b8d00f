"""Folders and zip files of evidence: written whole or not at all, read without trust.

A zip file from elsewhere is unpacked into a folder of its own, which goes when it was read. Names
that lead out of it, links, ciphered members, and contents out of all proportion are refused before
a byte of them is written.
"""

from __future__ import annotations

import secrets
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from netprobe.errors import NetprobeError

MOST_MEMBERS = 10_000
MOST_BYTES = 1 << 30
"""Unpacked; the describe output of a large account is some tens of megabytes."""
_SMALL = 10 << 20
_MOST_EXPANSION = 200
"""Describe output packs 20 to 50 times smaller; what packs better than this holds nothing."""
_CHUNK = 1 << 20
_CIPHERED = 0x1
MARK = "evidence.json"
"""The file that makes a folder evidence of netprobe's, which may be written anew."""


_SPOILT = (OSError, EOFError, ValueError, NotImplementedError, zipfile.BadZipFile, zlib.error)


def unreadable_evidence(path: Path | str, why: str) -> NetprobeError:
    """Return the error for a file or folder that is no evidence."""
    return NetprobeError(
        "unreadable-evidence",
        f"cannot read {str(path)!r}",
        why=" ".join(why.split())[:120],
        hint="give what --save-evidence wrote, a snapshot, or a folder of describe output",
    )


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Give a path whose files can be read: itself, or the folder a zip file was unpacked into."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="netprobe-") as folder:
        try:
            _unpack(path, Path(folder))
        except _SPOILT as error:
            raise unreadable_evidence(path, str(error) or type(error).__name__) from error
        yield Path(folder)


def _unpack(path: Path, folder: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = [item for item in archive.infolist() if not item.is_dir()]
        if len(members) > MOST_MEMBERS:
            raise unreadable_evidence(path, f"it holds more than {MOST_MEMBERS:,} files")
        left = _allowance(path, members)
        for member in members:
            place = folder / _inside(path, member)
            place.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as packed, place.open("xb") as file:
                while chunk := packed.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:  # a member may be longer than the archive says
                        raise unreadable_evidence(path, "it unpacks to more than it says")
                    file.write(chunk)


def _allowance(path: Path, members: list[zipfile.ZipInfo]) -> int:
    """Return how many bytes all members may have; raises NetprobeError for a bomb."""
    total = sum(item.file_size for item in members)
    packed = sum(item.compress_size for item in members)
    if total > MOST_BYTES or (total > _SMALL and total > _MOST_EXPANSION * packed):
        raise unreadable_evidence(path, f"it would unpack to {total:,} bytes")
    return total


def _inside(path: Path, member: zipfile.ZipInfo) -> PurePosixPath:
    """Return where a member belongs; raises NetprobeError for one that leads elsewhere."""
    place = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    if place.is_absolute() or ".." in place.parts or ":" in member.filename or is_link:
        raise unreadable_evidence(path, f"the member {member.filename[:40]!r} leads out of it")
    if member.flag_bits & _CIPHERED:
        raise unreadable_evidence(path, "it is ciphered")
    return place


def write_files(path: Path, files: dict[str, bytes]) -> None:
    """Write files as a folder, or as a zip file by the suffix; raises NetprobeError.

    Everything is written beside first and takes its name when all of it is there.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}") if path.name else path
    try:
        _refuse_to_replace(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".zip":
            _write_zip(beside, files)
            beside.replace(path)
        else:
            _write_folder(beside, files)
            _take_place(beside, path)
    except OSError as error:
        raise _unwritable(path, error.strerror or type(error).__name__) from error
    finally:
        _remove(beside)


def require_place(path: Path) -> None:
    """Raise NetprobeError now where evidence could not be written after all the work."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}") if path.name else path
    try:
        _refuse_to_replace(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        beside.rmdir()
    except OSError as error:
        raise _unwritable(path, error.strerror or type(error).__name__) from error


def _refuse_to_replace(path: Path) -> None:
    """Raise NetprobeError for what is not evidence: another folder, a device, a pipe, a link."""
    odd = path.exists() and not path.is_file() and not path.is_dir()
    if odd or path.is_symlink():
        raise _unwritable(path, "a link or a special file has that name")
    if path.suffix.lower() == ".zip":
        if path.is_dir():
            raise _unwritable(path, "a folder has that name")
    elif path.is_file():
        raise _unwritable(path, "a file has that name; evidence is a folder, or ends in .zip")
    elif not path.name or (path.is_dir() and any(path.iterdir()) and not (path / MARK).is_file()):
        raise _unwritable(path, "the folder holds something else")


def _write_zip(beside: Path, files: dict[str, bytes]) -> None:
    with (
        beside.open("xb") as file,
        zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in files.items():
            archive.writestr(name, content)


def _write_folder(beside: Path, files: dict[str, bytes]) -> None:
    beside.mkdir(mode=0o700)
    for name, content in files.items():
        (beside / name).write_bytes(content)


def _take_place(beside: Path, path: Path) -> None:
    """Give a finished folder its name; an older one goes only when it has left that name."""
    if not path.exists():
        beside.rename(path)
        return
    old = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    path.rename(old)
    try:
        beside.rename(path)
    except OSError:
        old.rename(path)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    if not path.name.startswith("."):
        return
    with suppress(OSError):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _unwritable(path: Path, why: str) -> NetprobeError:
    return NetprobeError(
        "unwritable-output",
        f"cannot write {str(path)!r}",
        why=why,
        hint="give --save-evidence a new folder, or a name that ends in .zip",
    )
