"""Runs the cases in labs of their own, with packets, and counts what comes of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

from tests.conftest import DUMMY_CREDENTIALS, RunningLab, running_lab
from tests.judge_diagnosis.asking import Answer, ask
from tests.judge_diagnosis.bases import BASES, WORLD
from tests.judge_diagnosis.drawing import KINDS, Case
from tests.judge_diagnosis.judging import Judgement, harmed, judge
from tests.judge_diagnosis.site import Site

CASES_OF_A_LAB = 20
"""After so many, a worker starts a new lab: an account should not fill up."""
MOST_ASKED_AGAIN = 60
"""Sites that are built once more when cases disagree; so many at once no busy machine explains."""
Recipe = tuple[str, tuple[str, ...]]
"""A base and the names of kinds: all that a worker needs to build a site."""


@contextmanager
def lab_of_the_judge() -> Iterator[RunningLab]:
    """Start a lab with the world that the bases ask about."""
    os.environ.update(DUMMY_CREDENTIALS)
    with TemporaryDirectory() as folder:
        world = Path(folder, "world.toml")
        world.write_text(WORLD, encoding="utf-8")
        with running_lab("--world", str(world)) as lab:
            yield lab


def answer_all(recipes: tuple[Recipe, ...]) -> list[Answer]:
    """Build each site in one lab, and ask about it."""
    with lab_of_the_judge() as lab:
        client = cache(lab.client)
        return [_answer(client, lab.endpoint_url, recipe) for recipe in recipes]


def _answer(client: Callable[..., Any], endpoint_url: str, recipe: Recipe) -> Answer:
    base, names = recipe
    site = Site(client)
    BASES[base](site)
    for name in names:
        KINDS[name].inject(site)
    try:
        return ask(site, endpoint_url)
    finally:
        _leave_as_found(client)


def _leave_as_found(client: Callable[..., Any]) -> None:
    """Take back what counts for the account or the region, and not for the site's VPC alone."""
    client("ec2").modify_vpc_block_public_access_options(InternetGatewayBlockMode="off")
    resolver = client("route53resolver")
    for item in resolver.list_resolver_rule_associations()["ResolverRuleAssociations"]:
        resolver.disassociate_resolver_rule(
            VPCId=item["VPCId"], ResolverRuleId=item["ResolverRuleId"]
        )
        resolver.delete_resolver_rule(ResolverRuleId=item["ResolverRuleId"])
    for item in resolver.list_resolver_endpoints()["ResolverEndpoints"]:
        resolver.delete_resolver_endpoint(ResolverEndpointId=item["Id"])


@dataclass(slots=True)
class Tally:
    """What a run has found."""

    judged: list[tuple[int, Case, Judgement, Answer]] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    """What the judge's own labels do not account for: a mistake of the injector."""
    asked: int = 0

    def count(self, name: str) -> int:
        """Return how many items one field of all judgements has."""
        return sum(len(getattr(item, name)) for _, _, item, _ in self.judged)

    @property
    def disagreements(self) -> list[tuple[int, Case, Judgement, Answer]]:
        return [item for item in self.judged if not item[2].agrees]


def hold_court(cases: dict[int, Case], workers: int) -> Tally:
    """Judge the cases, by their numbers: first each base and kind alone, then all together."""
    healthy: list[Recipe] = sorted({(case.base, ()) for case in cases.values()})
    alone: list[Recipe] = sorted({(c.base, (k.name,)) for c in cases.values() for k in c.kinds})
    whole: list[Recipe] = [(c.base, tuple(k.name for k in c.kinds)) for c in cases.values()]
    wanted = list(dict.fromkeys((*healthy, *alone, *whole)))
    answers = _answers(wanted, workers)
    tally = Tally(asked=len(wanted))
    tally.surprises += list(_surprises(healthy, alone, answers))
    again = _again(cases, answers)
    if len(again) <= MOST_ASKED_AGAIN:  # a busy machine loses packets, but not the same ones twice
        answers |= _answers(again, workers)
        tally.asked += len(again)
    for number, case in cases.items():
        tally.judged.append((number, case, *_judged(case, answers)))
    return tally


def _answers(wanted: list[Recipe], workers: int) -> dict[Recipe, Answer]:
    chunks = [tuple(wanted[i : i + CASES_OF_A_LAB]) for i in range(0, len(wanted), CASES_OF_A_LAB)]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        found = pool.map(answer_all, chunks)
        return {
            r: a
            for chunk, said in zip(chunks, found, strict=True)
            for r, a in zip(chunk, said, strict=True)
        }


def _again(cases: dict[int, Case], answers: dict[Recipe, Answer]) -> list[Recipe]:
    """Return what to ask once more: all that a case which disagrees rests on."""
    wanted: dict[Recipe, None] = {}
    for case in cases.values():
        if not _judged(case, answers)[0].agrees:
            wanted[case.base, tuple(kind.name for kind in case.kinds)] = None
            wanted |= {(case.base, (kind.name,)): None for kind in case.kinds}
    return list(wanted)


def _judged(case: Case, answers: dict[Recipe, Answer]) -> tuple[Judgement, Answer]:
    alone = {kind.name: answers[case.base, (kind.name,)] for kind in case.kinds}
    seen = answers[case.base, tuple(kind.name for kind in case.kinds)]
    return judge(case.kinds, answers[case.base, ()], alone, seen), seen


def _surprises(
    healthy: list[Recipe], alone: list[Recipe], answers: dict[Recipe, Answer]
) -> Iterator[str]:
    """Yield what the packets say of a label: a fault that breaks nothing, an oddity that does."""
    for recipe in healthy:
        if harmed(answers[recipe], answers[recipe]):
            yield f"{recipe[0]}: the healthy base does not work"
    for recipe in alone:
        kind = KINDS[recipe[1][0]]
        hurt = bool(harmed(answers[recipe[0], ()], answers[recipe]))
        if hurt is kind.harmless:
            yield f"{recipe[0]} + {kind.name}: {'hurts' if hurt else 'hurts nothing'}"


def report(tally: Tally, seconds: float, out: TextIO) -> None:
    """Print the score, and every disagreement."""
    faults = {
        kind.name for _, case, _, _ in tally.judged for kind in case.kinds if not kind.harmless
    }
    odd = {kind.name for _, case, _, _ in tally.judged for kind in case.kinds if kind.harmless}
    required, missed = tally.count("blocking"), len({
        (number, kind.name) for number, _, found, _ in tally.judged for kind, _ in found.missed
    })  # fmt: skip
    lines = (
        f"{len(tally.judged)} cases, every path by packets; {tally.asked} sites, {seconds:.0f} s",
        f"{len(faults)} kinds of fault and {len(odd)} harmless oddities",
        f"{required + tally.count('behind') + tally.count('idle')} faults injected",
        f"{required} of them block an asked path: {required - missed} found, {missed} missed",
        f"{tally.count('behind')} lie behind another fault, {tally.count('idle')} block nothing",
        f"{tally.count('false')} false root causes",
    )
    print(*lines, sep="\n", file=out)
    for line in tally.surprises:
        print(f"injector: {line}", file=out)
    for number, case, found, seen in tally.disagreements:
        _describe(number, case, found, seen, out)
    count = len(tally.disagreements)
    print(f"{count} disagreements, {len(tally.surprises)} of the injector", file=out)


def _describe(number: int, case: Case, found: Judgement, seen: Answer, out: TextIO) -> None:
    print(f"case {number}: {case.title} (again: --only {number})", file=out)
    for kind, names in found.missed:
        print(f"  missed: {kind.name} ({' or '.join(names)})", file=out)
    if found.false:
        print(f"  false: {', '.join(found.false)}", file=out)
    if found.wrong_verdict:
        print(f"  verdict: {found.wrong_verdict}", file=out)
    print(f"  root causes: {', '.join(sorted(seen.roots)) or 'none'}", file=out)
    print(f"  said: {seen.summary}", file=out)


def main(cases: dict[int, Case], workers: int, out: TextIO) -> int:
    """Judge and print; the exit code is 1 when anything disagrees."""
    started = time.monotonic()
    tally = hold_court(cases, workers)
    report(tally, time.monotonic() - started, out)
    return 1 if tally.disagreements or tally.surprises else 0
