"""What ``netprobe lab serve`` does once its options are read."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from netprobe.cli.exits import ExitCode, run_guarded
from netprobe.cli.process import process_streams, require_writable, write_report
from netprobe.errors import NetprobeError


def run(
    *, port: int, world: Path | None, story: bool, region: str, output: Path | None
) -> ExitCode:
    """Serve until stopped; the ready line is the only thing on stdout, or in the file."""
    streams = process_streams()

    def ready(line: dict[str, Any]) -> None:
        write_report(json.dumps(line), output, streams)
        streams.out.flush()

    def work() -> ExitCode:
        require_writable(output)
        try:
            # moto is imported only where the lab is, behind its walls: too late for one line.
            if find_spec("moto") is None:
                raise ModuleNotFoundError("No module named 'moto'")
            from netprobe.lab.live import serve  # noqa: PLC0415 # an extra; say so when it is missing
        except ImportError as error:
            raise NetprobeError(
                "lab-not-installed",
                "the lab is not installed",
                why=str(error),
                hint="pip install 'netprobe[lab]'",
            ) from error
        serve.run(port=port, world=world, ready=ready, story=story, region=region)
        return ExitCode.HEALTHY

    return run_guarded(work, streams.err)
