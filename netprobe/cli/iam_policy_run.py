"""What ``netprobe iam-policy`` does once its options are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import PlainFormat
from netprobe.cli.process import require_writable, run_command, write_report
from netprobe.deploy.policies import probe_policy, read_policy, role_policies

_POLICIES = {"read-only": read_policy, "probe": probe_policy, "probe-role": role_policies}


def run(
    name: str, form: PlainFormat, output: Path | None, streams: Streams | None = None
) -> ExitCode:
    """Print a policy and return the exit code."""

    def work(to: Streams) -> ExitCode:
        require_writable(output)
        document = _POLICIES[name]()
        as_json = form is PlainFormat.JSON
        text = json.dumps(document, indent=2) if as_json else "\n".join(_lines(document))
        write_report(text, output, to)
        return ExitCode.HEALTHY

    return run_command(work, streams, unwinds=False)


def _lines(document: dict[str, Any]) -> Iterator[str]:
    """Yield each permission on a line, under what it is for; a role has two policies."""
    if "Statement" not in document:
        for name, policy in document.items():
            yield f"{name}:"
            yield from _lines(policy)
        return
    for statement in document["Statement"]:
        of = [statement["Effect"].lower(), *statement.get("Principal", {}).values()]
        of += [f"on {statement['Resource']}"] if "Resource" in statement else []
        of += [f"if {json.dumps(statement['Condition'])}"] if "Condition" in statement else []
        yield " ".join(of)
        actions = statement["Action"]
        yield from (f"  {item}" for item in ([actions] if isinstance(actions, str) else actions))
