"""Runs the judge: workers in namespaces of their own, each with chunks of drawn accounts."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO

from hypothesis import HealthCheck, Phase, given, seed, settings

from netprobe.lab.network.isolation import isolate, mount_private_run
from netprobe.lab.network.linux import end_with_parent
from tests.judge.drawing_flows import Question
from tests.judge.reduction import reduce_answers
from tests.judge.verdicts import Outcome, Verdict, ask
from tests.judge.worlds import World, worlds

FLOWS_OF_AN_ACCOUNT = 60
ACCOUNTS_OF_A_CHUNK = 6
MOST_REDUCED = 6
"""Disagreements that one worker makes small; the rest are counted."""


@dataclass(slots=True)
class Tally:
    """What a run has found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    accounts: int = 0
    disagreements: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def flows(self) -> int:
        """Return how many flows were judged."""
        return sum(self.outcomes.values())

    def add(self, found: dict[str, Any]) -> None:
        """Take in what a worker says about one account."""
        self.accounts += 1
        self.outcomes.update(found["outcomes"])
        self.reasons.update(found["reasons"])
        self.disagreements += found["disagreements"]
        self.errors += found["errors"]


def hold_court(flows: int, seed_number: int, workers: int) -> Tally:
    """Judge at least so many flows."""
    tally = Tally()
    chunks = -(-flows // (FLOWS_OF_AN_ACCOUNT * ACCOUNTS_OF_A_CHUNK * 9 // 10))
    readers = [_start(seed_number, range(w, chunks, workers)) for w in range(workers)]
    for line in _lines(readers):
        tally.add(json.loads(line))
    return tally


def _start(seed_number: int, chunks: range) -> TextIO:
    """Start a worker in namespaces of its own, and return what it writes."""
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        with _no_way_back():
            os.close(read_end)
            end_with_parent()
            isolate()
            if os.fork() == 0:  # the first process of the new process-id namespace
                with _no_way_back():
                    end_with_parent()
                    mount_private_run()
                    with os.fdopen(write_end, "w", encoding="utf-8") as out:
                        _work(seed_number, chunks, out)
            os.close(write_end)
            os.wait()
    os.close(write_end)
    return os.fdopen(read_end, encoding="utf-8")


@contextmanager
def _no_way_back() -> Iterator[None]:
    """End this process with the block: a forked child must not go on as its parent."""
    try:
        yield
    except BaseException:  # noqa: BLE001 # said, and the process ends here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _lines(readers: list[TextIO]) -> Iterator[str]:
    """Yield what all workers write, one line an account."""
    with ThreadPoolExecutor(max_workers=len(readers)) as pool:
        for lines in pool.map(list, readers):
            yield from lines
    for reader in readers:
        reader.close()
        os.wait()


def _work(seed_number: int, chunks: range, out: TextIO) -> None:
    reduced: Counter[str] = Counter()
    for chunk in chunks:
        place = f"seed {seed_number} chunk {chunk}"

        @seed(seed_number * 1_000_003 + chunk)
        @settings(
            max_examples=ACCOUNTS_OF_A_CHUNK,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(worlds(FLOWS_OF_AN_ACCOUNT))
        def run(write: Callable[[World], None], world: World) -> None:
            write(world)

        def write(world: World, place: str = place) -> None:
            out.write(json.dumps(judge(world, place, reduced)) + "\n")
            out.flush()

        run(write)


def judge(world: World, place: str, reduced: Counter[str]) -> dict[str, Any]:
    """Return what one account's flows came to, with small forms of what disagrees."""
    found: dict[str, Any] = {"outcomes": {}, "reasons": {}, "disagreements": [], "errors": []}
    try:
        verdicts = ask(world.answers, world.questions, "judge")
    except Exception:  # noqa: BLE001 # whatever goes wrong in one account must not hide the rest
        found["errors"].append(f"{place}: {traceback.format_exc()}")
        return found
    found["outcomes"] = Counter(str(item.outcome) for item in verdicts)
    found["reasons"] = Counter(item.reason for item in verdicts)
    for item in verdicts:
        if item.outcome is Outcome.DISAGREED:
            kind = item.kind
            reduced[kind] += 1
            if reduced[kind] == 1 and len(reduced) <= MOST_REDUCED:
                found["disagreements"].append(_small(world, item, place))
            else:
                found["disagreements"].append({"place": place, "kind": kind})
    return found


def _small(world: World, verdict: Verdict, place: str) -> dict[str, Any]:
    question = verdict.question
    answers = dict(world.answers)
    again = _asked_alone(answers, question)
    if again is not None and again.outcome is Outcome.DISAGREED:
        kind = again.kind
        answers = reduce_answers(answers, lambda smaller: _disagrees(smaller, question, kind))
        verdict = _asked_alone(answers, question) or verdict
    return {
        "place": place,
        "kind": verdict.kind,
        "alone": again is not None and again.outcome is Outcome.DISAGREED,
        "engine": [verdict.trace.request.disposition, verdict.trace.reply.disposition],
        "blockers": [item.detail for item in verdict.trace.blockers],
        "packets": [verdict.seen.request_at, verdict.seen.reply],
        "flow": question.document(),
        "answers": {key: value for key, value in answers.items() if _says_something(value)},
    }


def _says_something(answer: Any) -> bool:
    return any(answer.values()) if isinstance(answer, dict) else bool(answer)


def _disagrees(answers: dict[str, Any], question: Question, kind: str) -> bool:
    found = _asked_alone(answers, question)
    return found is not None and found.outcome is Outcome.DISAGREED and found.kind == kind


def _asked_alone(answers: dict[str, Any], question: Question) -> Verdict | None:
    try:
        return ask(answers, (question,), "alone")[0]
    except Exception:  # noqa: BLE001 # answers cut too short to make a network of
        return None


def report(tally: Tally, seconds: float, out: TextIO = sys.stdout) -> None:
    """Print shares, and every disagreement in its smallest form."""
    total = max(1, tally.flows)
    print(f"{tally.flows} flows in {tally.accounts} accounts, {seconds:.1f} s", file=out)
    for name, count in tally.outcomes.most_common():
        print(f"  {count:7} {100 * count / total:5.1f} %  {name}", file=out)
    print("what the engine says of them:", file=out)
    for name, count in tally.reasons.most_common():
        print(f"  {count:7} {100 * count / total:5.1f} %  {name}", file=out)
    for error in tally.errors:
        print(f"error: {error}", file=out)
    for item in tally.disagreements:
        print(json.dumps(item, indent=1) if "flow" in item else f"again: {item}", file=out)
    print(f"{len(tally.disagreements)} disagreements", file=out)


def main(flows: int, seed_number: int, workers: int) -> int:
    """Judge and print; the exit code is 1 when anything disagrees."""
    started = time.monotonic()
    tally = hold_court(flows, seed_number, workers)
    report(tally, time.monotonic() - started)
    return 1 if tally.disagreements or tally.errors else 0
