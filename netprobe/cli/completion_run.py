"""The part of shell completion that asks: a process of its own, which may be ended at any time.

``python -P -m netprobe.cli.completion_run JSON`` prints a line for each id, ``value TAB words``.
What fails prints nothing; who presses the tab key has not asked a question yet.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from netprobe.aws.known_ids import IdKind, KnownId, in_account, in_snapshot
from netprobe.aws.saved import load_snapshot
from netprobe.aws.session import AWS_ERRORS, open_session
from netprobe.errors import NetprobeError


def found(asked: dict[str, Any]) -> Iterator[KnownId]:
    """Yield the ids of a kind, of one VPC where one is named; raises what AWS raises."""
    kind, vpc_id = IdKind(asked["kind"]), asked.get("vpc")
    if asked.get("snapshot"):
        known = in_snapshot(load_snapshot(Path(asked["snapshot"])), kind)
    else:
        session = open_session(
            profile=asked.get("profile"),
            region=asked.get("region"),
            endpoint_url=asked.get("endpoint_url"),
        )
        known = in_account(session, kind)
    for item in known:
        if vpc_id is None or kind is IdKind.VPC or item.vpc_id in {vpc_id, None}:
            yield item


def run(argument: str, out: TextIO) -> None:
    """Print what is found, as it comes: what arrived before the process is ended counts."""
    try:
        for item in found(json.loads(argument)):
            says = " ".join(item.says.split())
            print(f"{' '.join(item.value.split())}\t{says}", file=out, flush=True)
    except (*AWS_ERRORS, NetprobeError):
        return


if __name__ == "__main__":
    run(sys.argv[1], sys.stdout)
