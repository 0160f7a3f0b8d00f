"""Runs the judge: workers side by side, each with chunks of drawn accounts."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.judge.apart import Say, work_apart
from tests.judge.drawing_flows import Question
from tests.judge.reduction import reduce_answers
from tests.judge.verdicts import Outcome, Verdict, ask
from tests.judge.worlds import World, worlds

FLOWS_OF_AN_ACCOUNT = 80
"""Asked for; those that nobody could send, or that repeat others, are left out."""
FLOWS_OF_A_CHUNK = 400
ACCOUNTS_OF_A_CHUNK = 10
MOST_REDUCED = 5
"""Kinds of disagreement that one worker makes small; the rest are counted."""


@dataclass(slots=True)
class Tally:
    """What a run has found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    accounts: int = 0
    asked_twice: int = 0
    """Accounts whose flows were sent again, because the first time something disagreed."""
    disagreements: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def flows(self) -> int:
        """Return how many flows were judged."""
        return sum(self.outcomes.values())

    def add(self, found: dict[str, Any]) -> None:
        """Take in what a worker says about one account."""
        self.accounts += 1
        self.asked_twice += found["asked_twice"]
        self.outcomes.update(found["outcomes"])
        self.reasons.update(found["reasons"])
        self.disagreements += found["disagreements"]
        self.errors += found["errors"]


def hold_court(flows: int, seed_number: int, workers: int) -> Tally:
    """Judge at least so many flows, in whole chunks."""
    tally = Tally()
    chunks = -(-flows // FLOWS_OF_A_CHUNK)
    shares = [range(worker, chunks, workers) for worker in range(min(workers, chunks))]
    for found in work_apart([partial(_work, seed_number, share) for share in shares]):
        tally.add(found)
    return tally


def _work(seed_number: int, chunks: range, say: Say) -> None:
    reduced: Counter[str] = Counter()
    for chunk in chunks:
        place = f"seed {seed_number} chunk {chunk}"
        _judge_chunk(seed_number * 1_000_003 + chunk, lambda world, place=place: say(
            judge(world, place, reduced)
        ))  # fmt: skip


def _judge_chunk(number: int, judge_world: Any) -> None:
    @seed(number)
    @settings(
        max_examples=ACCOUNTS_OF_A_CHUNK,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds(FLOWS_OF_AN_ACCOUNT))
    def run(world: World) -> None:
        judge_world(world)

    run()


def judge(world: World, place: str, reduced: Counter[str]) -> dict[str, Any]:
    """Return what one account's flows came to, with small forms of what disagrees."""
    found: dict[str, Any] = {"outcomes": {}, "reasons": {}, "disagreements": [], "errors": []}
    found["asked_twice"] = 0
    try:
        verdicts = ask(world.answers, world.questions, "judge")
        if any(item.outcome is Outcome.DISAGREED for item in verdicts):
            # A busy machine may lose packets, but not the same ones twice.
            found["asked_twice"] = 1
            verdicts = ask(world.answers, world.questions, "judge")
        found["outcomes"] = Counter(str(item.outcome) for item in verdicts)
        found["reasons"] = Counter(item.reason for item in verdicts)
        for item in verdicts:
            if item.outcome is Outcome.DISAGREED:
                found["disagreements"].append(_describe(world, item, place, reduced))
    except Exception:  # noqa: BLE001 # whatever goes wrong in one account must not hide the rest
        found["errors"].append(f"{place}: {traceback.format_exc()}")
    return found


def _describe(world: World, verdict: Verdict, place: str, reduced: Counter[str]) -> dict[str, Any]:
    """Return a disagreement; the first of each kind in its smallest form."""
    kind = verdict.kind
    reduced[kind] += 1
    if reduced[kind] > 1 or len(reduced) > MOST_REDUCED:
        return {"place": place, "kind": kind}
    question, answers = verdict.question, dict(world.answers)
    again = _asked_alone(answers, question)
    alone = again is not None and again.outcome is Outcome.DISAGREED
    if again is not None and alone:
        wanted = again.kind
        answers = reduce_answers(answers, lambda smaller: _is(wanted, smaller, question))
        verdict = _asked_alone(answers, question) or verdict
    return {
        "place": place,
        "kind": verdict.kind,
        "alone": alone,
        "engine": [verdict.trace.request.disposition, verdict.trace.reply.disposition],
        "blockers": [item.detail for item in verdict.trace.blockers],
        "packets": [verdict.seen.request_at, verdict.seen.reply],
        "flow": question.document(),
        "answers": {key: value for key, value in answers.items() if _says_something(value)},
    }


def _says_something(answer: Any) -> bool:
    return any(answer.values()) if isinstance(answer, dict) else bool(answer)


def _is(kind: str, answers: dict[str, Any], question: Question) -> bool:
    found = _asked_alone(answers, question)
    return found is not None and found.outcome is Outcome.DISAGREED and found.kind == kind


def _asked_alone(answers: dict[str, Any], question: Question) -> Verdict | None:
    try:
        return ask(answers, (question,), "alone")[0]
    except Exception:  # noqa: BLE001 # answers cut too short to make a network of
        return None


def report(tally: Tally, seconds: float, out: TextIO) -> None:
    """Print shares, and every disagreement, the first of a kind in its smallest form."""
    total = max(1, tally.flows)
    print(
        f"{tally.flows} flows in {tally.accounts} accounts, {seconds:.1f} s; "
        f"{tally.asked_twice} accounts asked twice",
        file=out,
    )
    for name, count in tally.outcomes.most_common():
        print(f"  {count:7} {100 * count / total:5.1f} %  {name}", file=out)
    print("what the engine says of them:", file=out)
    for name, count in tally.reasons.most_common():
        print(f"  {count:7} {100 * count / total:5.1f} %  {name}", file=out)
    for error in tally.errors:
        print(f"error: {error}", file=out)
    for item in tally.disagreements:
        print(json.dumps(item, indent=1) if "flow" in item else f"again: {item}", file=out)
    print(f"{len(tally.disagreements)} disagreements, {len(tally.errors)} errors", file=out)


def save(tally: Tally, folder: Path) -> None:
    """Write each disagreement that was made small to a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    small = (item for item in tally.disagreements if "flow" in item)
    for number, item in enumerate(small, 1):
        place = folder / f"{item['place'].replace(' ', '-')}-{number}.json"
        place.write_text(json.dumps(item, indent=1) + "\n", encoding="utf-8")


def main(flows: int, seed_number: int, workers: int, folder: Path | None) -> int:
    """Judge and print; the exit code is 1 when anything disagrees."""
    started = time.monotonic()
    tally = hold_court(flows, seed_number, workers)
    report(tally, time.monotonic() - started, sys.stdout)
    if folder is not None:
        save(tally, folder)
    return 1 if tally.disagreements or tally.errors or tally.flows < flows else 0
