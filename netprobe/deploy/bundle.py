"""The zip that Lambda runs: the probe and dnspython, the same bytes whenever nothing changed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

HANDLER = "probe_lambda.handler.handle"
"""The function's Handler setting."""

_PACKAGES = ("dns", "probe_lambda")
_NEVER_IMPORTED = frozenset({
    # dnspython's other jobs: transports, resolvers, zones, signatures. The probe has its own
    # sockets and only reads and writes messages; a test runs it from the zip alone.
    "dns/_asyncbackend.py", "dns/_asyncio_backend.py", "dns/_trio_backend.py", "dns/_ddr.py",
    "dns/asyncbackend.py", "dns/asyncquery.py", "dns/asyncresolver.py", "dns/btree.py",
    "dns/btreezone.py", "dns/dnssec.py", "dns/dnssecalgs", "dns/e164.py", "dns/nameserver.py",
    "dns/query.py", "dns/quic", "dns/resolver.py", "dns/update.py", "dns/versioned.py",
    "dns/win32util.py", "dns/xfr.py", "dns/zone.py", "dns/zonefile.py",
})  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time a zip can hold
_READABLE_BY_ALL = 0o644 << 16  # Lambda runs the code as a user that does not own the files
_UNIX = 3


def build_bundle() -> bytes:
    """Return the function's deployment package."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        for path, content in sorted(_sources()):
            entry = zipfile.ZipInfo(path, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _READABLE_BY_ALL
            bundle.writestr(entry, content)
    return archive.getvalue()


def bundle_sha256() -> str:
    """Return the bundle's SHA-256 in hexadecimal; Lambda's CodeSha256 is the same in base64."""
    return hashlib.sha256(build_bundle()).hexdigest()


def _sources() -> Iterator[tuple[str, bytes]]:
    for package in _PACKAGES:
        yield from _python_files(files(package), package)


def _python_files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        inside = f"{path}/{item.name}"
        if inside in _NEVER_IMPORTED:
            continue
        if item.is_dir():
            yield from _python_files(item, inside)
        elif item.name.endswith(".py"):
            yield inside, item.read_bytes()
