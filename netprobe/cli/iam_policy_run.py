"""What ``netprobe iam-policy`` does once its options are read."""

from __future__ import annotations

import json
from pathlib import Path

from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode, run_guarded
from netprobe.cli.process import process_streams, write_report
from netprobe.deploy.policies import probe_policy, read_policy, role_policies

_POLICIES = {"read-only": read_policy, "probe": probe_policy, "probe-role": role_policies}


def run(name: str, output: Path | None, streams: Streams | None = None) -> ExitCode:
    """Print a policy and return the exit code."""
    streams = streams or process_streams()

    def work() -> ExitCode:
        write_report(json.dumps(_POLICIES[name](), indent=2), output, streams)
        return ExitCode.HEALTHY

    return run_guarded(work, streams.err)
