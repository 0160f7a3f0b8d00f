"""``python -m tests.judge_diagnosis``: breaks healthy VPCs and asks why they are broken."""

from __future__ import annotations

import argparse
import os
import sys

from tests.judge_diagnosis.bases import BASES
from tests.judge_diagnosis.court import main
from tests.judge_diagnosis.drawing import KINDS, Case, draw


def _cases(options: argparse.Namespace) -> dict[int, Case]:
    """Return the drawn cases by number, or each kind alone in each of its bases."""
    if options.alone:
        cases = [Case(base, ()) for base in BASES]
        cases += [Case(b, (kind,)) for kind in KINDS.values() for b in sorted(kind.bases)]
    else:
        cases = draw(options.cases, options.seed)
    numbered = dict(enumerate(cases, 1))
    return {number: numbered[number] for number in options.only or numbered}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tests.judge_diagnosis", description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument(
        "--alone", action="store_true", help="each kind alone in each of its bases"
    )
    parser.add_argument("--only", type=int, action="append", metavar="CASE", help="repeatable")
    options = parser.parse_args()
    sys.exit(main(_cases(options), options.workers, sys.stdout))
