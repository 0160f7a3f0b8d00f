"""Shell completion: ids from the account, or from the snapshot that is named, as one types.

Quiet and bounded: whoever presses the tab key without credentials, or far from the account, gets
no suggestions and no message. The account is asked in a process that has no terminal, so that a
profile that wants an MFA code cannot ask for one, and that is ended when time is up.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, MutableMapping

import typer

SECONDS = 2.0
"""How long the account is waited for."""
VARIABLE = "_NETPROBE_COMPLETE"
PASSED_ON = ("profile", "region", "endpoint_url", "snapshot", "vpc")

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+-]*")
"""What is suggested. Shells evaluate suggestions, and names are anybody's: an id in AWS has no
other characters, and what has is not suggested."""
_UNSAFE_WORDS = re.compile(r"[^A-Za-z0-9 ._/-]")
_FORMS = ("https://", "wss://", "tcp://", "dns://", "udp://", "ntp://")
_SERVICE = "service:"
_CLIENTS = (
    "boto3", "requests", "aiohttp", "node18", "node20",
    "java", "go", "curl", "ipv4-only", "ipv6-only",
)  # fmt: skip

Suggestion = tuple[str, str]
"""A value, and the words that shells with room for them show beside it."""


def vpcs(ctx: typer.Context, incomplete: str) -> list[Suggestion]:
    """Suggest VPCs."""
    return _ids(ctx, incomplete, "vpc")


def functions(ctx: typer.Context, incomplete: str) -> list[Suggestion]:
    """Suggest functions that are in a VPC, in the one that is named already."""
    return _ids(ctx, incomplete, "function")


def subnets(ctx: typer.Context, incomplete: str) -> list[Suggestion]:
    """Suggest subnets, of the VPC that is named already."""
    return _ids(ctx, incomplete, "subnet")


def security_groups(ctx: typer.Context, incomplete: str) -> list[Suggestion]:
    """Suggest security groups, of the VPC that is named already."""
    return _ids(ctx, incomplete, "group")


def targets(ctx: typer.Context, incomplete: str) -> list[Suggestion]:
    """Suggest APIs, and the ways to write other targets."""
    forms = [(form, "") for form in (*_FORMS, _SERVICE) if form.startswith(incomplete)]
    return _prefixed(ctx, incomplete, {"api:": "api"}) + (_services(incomplete) or forms)


def flow_sources(ctx: typer.Context, incomplete: str) -> list[Suggestion]:
    """Suggest what a flow may start from."""
    kinds = {"function:": "function", "i-": "instance", "subnet-": "subnet"}
    return _prefixed(ctx, incomplete, kinds) if incomplete else [(i, "") for i in kinds]


def flow_destinations(ctx: typer.Context, incomplete: str) -> list[Suggestion]:
    """Suggest what a flow may go to."""
    kinds = {"api:": "api", "i-": "instance"}
    if not incomplete:
        return [(i, "") for i in (*kinds, _SERVICE)]
    return _services(incomplete) or _prefixed(ctx, incomplete, kinds)


def _services(incomplete: str) -> list[Suggestion]:
    """Suggest AWS's services, once it is clear that one is meant: there are hundreds."""
    if not incomplete.startswith(_SERVICE):
        return []
    from netprobe.aws.service_hosts import service_names  # noqa: PLC0415 # 100 ms, only here

    begun = incomplete.removeprefix(_SERVICE)
    return [(f"{_SERVICE}{name}", "") for name in service_names() if name.startswith(begun)]


def clients(incomplete: str) -> list[str]:
    """Suggest clients whose habits are known."""
    return [name for name in _CLIENTS if name.startswith(incomplete)]


def pages(incomplete: str) -> list[str]:
    """Suggest codes and names of findings and names of errors."""
    from netprobe.render.finding_search import entries  # noqa: PLC0415 # only here is it needed

    names = (name for entry in entries() for name in entry[:2] if name != "error")
    return [name for name in names if name.lower().startswith(incomplete.lower())]


def symptoms(incomplete: str) -> list[Suggestion]:
    """Suggest symptoms."""
    from netprobe.diagnosis.symptoms import SYMPTOMS  # noqa: PLC0415 # as above

    found = (item for item in SYMPTOMS if item.name.startswith(incomplete))
    return [(item.name, _UNSAFE_WORDS.sub("", item.title)) for item in found]


def _prefixed(ctx: typer.Context, incomplete: str, kinds: dict[str, str]) -> list[Suggestion]:
    """Suggest ids of several kinds, each after its prefix; AWS's own prefixes are part of it."""
    found: list[Suggestion] = []
    for prefix, kind in kinds.items():
        if not (incomplete.startswith(prefix) or prefix.startswith(incomplete)):
            continue
        written = prefix if prefix.endswith(":") else ""
        found += [
            (f"{written}{value}", says)
            for value, says in known_ids(kind, ctx.params)
            if f"{written}{value}".startswith(incomplete)
        ]
    return found


def _ids(ctx: typer.Context, incomplete: str, kind: str) -> list[Suggestion]:
    return [item for item in known_ids(kind, ctx.params) if item[0].startswith(incomplete)]


def known_ids(kind: str, options: MutableMapping[str, object]) -> list[Suggestion]:
    """Return the ids of a kind, as far as they came in time; whatever goes wrong, none."""
    asked = {name: str(options[name]) for name in PASSED_ON if options.get(name) is not None}
    # -P: a tab pressed in a stranger's folder must not run a netprobe/ or boto3.py that lies there
    command = [sys.executable, "-P", "-m", "netprobe.cli.completion_run"]
    command.append(json.dumps(asked | {"kind": kind}))
    try:
        process = subprocess.Popen(  # noqa: S603 # our own module; ids and options are one JSON argument
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return []
    with process:
        try:
            out, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # a credential_process of the profile too
            out, _ = process.communicate()
    return list(_suggestions(out.decode(errors="replace").splitlines()))


def _suggestions(lines: Iterable[str]) -> Iterator[Suggestion]:
    for line in lines:
        value, tab, says = line.partition("\t")
        if tab and _SAFE.fullmatch(value):
            yield value, _UNSAFE_WORDS.sub("", says)[:60].strip()


def answer(run: Callable[[], None], environ: MutableMapping[str, str]) -> None:
    """Answer a shell that asks for completions.

    bash splits words at ``:`` and ``=`` and replaces the last piece only, so that the pieces are
    put together before the words are read, and what is on the line already is left out after.
    https://www.gnu.org/software/bash/manual/bash.html#index-COMP_005fWORDBREAKS
    """
    if environ.get(VARIABLE) != "complete_bash":
        run()
        return
    kept = _join(environ)
    if kept.startswith("--"):
        kept = kept.partition("=")[2]
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            run()
    finally:
        for line in out.getvalue().splitlines():
            sys.stdout.write(f"{line.removeprefix(kept)}\n")


def _join(environ: MutableMapping[str, str]) -> str:
    """Put the pieces of each word together in COMP_WORDS.

    Return what stands before the last piece of the word at the cursor: bash keeps it.
    """
    try:
        pieces = shlex.split(environ["COMP_WORDS"])
        cursor = int(environ["COMP_CWORD"])
    except (KeyError, ValueError):
        return ""  # an open quote, say: nothing is suggested for it
    words, kept, joined = [""], "", False
    for piece in [*pieces, ""][: cursor + 1]:
        breaks = bool(piece) and not piece.strip(":=")
        if breaks or joined:
            kept = words[-1] + (piece if breaks else "")
            words[-1] += piece
        else:
            kept = ""
            words.append(piece)
        joined = breaks
    environ["COMP_WORDS"] = shlex.join(words[1:])
    environ["COMP_CWORD"] = str(len(words) - 2)
    return kept
