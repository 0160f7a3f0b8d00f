"""``python -m tests.judge``: asks the engine and the packets the same, see court."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from tests.judge.apart import work_apart
from tests.judge.cases import carry
from tests.judge.court import main

_arguments = argparse.ArgumentParser(prog="judge", description=__doc__)
_arguments.add_argument("--flows", type=int, default=10_000)
_arguments.add_argument("--seed", type=int, default=1)
_arguments.add_argument("--workers", type=int, default=os.cpu_count() or 1)
_arguments.add_argument("--cases", action="store_true", help="send the settled cases only")
_arguments.add_argument("--save", type=Path, help="a folder for disagreements made small")

if __name__ == "__main__":
    given = _arguments.parse_args()
    if given.cases:
        for found in work_apart([carry]):
            sys.stdout.write(json.dumps(found) + "\n")
        sys.exit(0)
    sys.exit(main(given.flows, given.seed, given.workers, given.save))
