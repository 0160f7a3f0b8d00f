"""The oracle of the diagnosis judge, on packets and reports that are written out."""

from __future__ import annotations

from dataclasses import replace

from tests.judge_diagnosis.asking import Answer, Key, Met
from tests.judge_diagnosis.judging import harmed, judge
from tests.judge_diagnosis.kinds import Kind

FINE, SILENT, ABSENT = Met("reachable", 200), Met("timeout"), Met("dns-nodata")
FORBIDDEN = Met("http-error", 403, "ForbiddenException")
FOUR, SIX = ("a", "0", "ipv4"), ("a", "0", "ipv6")


def answer(four: Met, six: Met = ABSENT, *roots: str, verdict: str = "broken") -> Answer:
    met: dict[Key, Met] = {FOUR: four, SIX: six}
    return Answer(met=met, verdict=verdict, roots=frozenset(roots), summary="")


def kind(name: str, link: str = "route", hides: frozenset[str] = frozenset()) -> Kind:
    return Kind(
        name=name,
        bases=frozenset(),
        inject=lambda _site: None,
        names=((name,),),
        link=link,
        hides=hides,
    )


HEALTHY = answer(FINE, verdict="healthy")
ROUTE, GATE = kind("no-route", hides=frozenset({"gate"})), kind("closed-gate", "gate")
BROKEN = answer(SILENT)


def test_harm_is_what_a_client_feels() -> None:
    """A family that is tried first and dead is felt; one tried later, or absent, is not."""
    both = answer(FINE, FINE)

    assert harmed(HEALTHY, HEALTHY) == frozenset()
    assert harmed(HEALTHY, BROKEN) == {FOUR, SIX}
    assert harmed(both, answer(FINE, SILENT)) == {SIX}
    assert harmed(both, answer(SILENT, FINE)) == frozenset()
    assert harmed(both, answer(FINE, ABSENT)) == frozenset()


def test_another_answer_than_before_is_harm() -> None:
    """A far end that refuses, or another far end."""
    assert harmed(HEALTHY, answer(FORBIDDEN)) == {FOUR, SIX}
    assert harmed(answer(FORBIDDEN), answer(FORBIDDEN)) == frozenset()


def test_fault_that_blocks_has_to_be_named() -> None:
    found = judge((ROUTE,), HEALTHY, {"no-route": BROKEN}, BROKEN)
    named = judge((ROUTE,), HEALTHY, {"no-route": BROKEN}, answer(SILENT, ABSENT, "no-route"))

    assert [item for item, _ in found.missed] == [ROUTE]
    assert named.agrees


def test_fault_behind_another_may_be_named() -> None:
    alone = {"no-route": BROKEN, "closed-gate": BROKEN}
    both = (ROUTE, GATE)

    assert judge(both, HEALTHY, alone, answer(SILENT, ABSENT, "no-route")).agrees
    assert judge(both, HEALTHY, alone, answer(SILENT, ABSENT, "no-route", "closed-gate")).agrees
    assert not judge(both, HEALTHY, alone, answer(SILENT, ABSENT, "closed-gate")).agrees


def test_what_hangs_on_an_address_need_not_be_named_where_no_name_is_answered() -> None:
    mute = replace(kind("mute", "names"), unanswers=True)
    narrow = replace(kind("narrow-route"), needs_answer=True)
    alone = {"mute": BROKEN, "narrow-route": BROKEN, "no-route": BROKEN}
    seen = answer(SILENT, ABSENT, "mute")

    assert judge((mute, narrow), HEALTHY, alone, seen).agrees
    assert not judge((mute, ROUTE), HEALTHY, alone, seen).agrees


def test_fault_that_blocks_nothing_here_is_not_asked_for() -> None:
    found = judge((GATE,), HEALTHY, {"closed-gate": HEALTHY}, HEALTHY)

    assert (found.idle, found.agrees) == ((GATE,), True)


def test_root_cause_that_nobody_injected_is_false() -> None:
    seen = answer(SILENT, ABSENT, "no-route", "closed-gate")
    found = judge((ROUTE,), HEALTHY, {"no-route": BROKEN}, seen)

    assert (found.false, found.agrees) == (("closed-gate",), False)


def test_verdict_follows_the_packets() -> None:
    """Healthy where a path fails is as wrong as broken where none does."""
    calm = answer(SILENT, ABSENT, "no-route", verdict="healthy")

    assert judge((ROUTE,), HEALTHY, {"no-route": BROKEN}, calm).wrong_verdict
    assert judge((), HEALTHY, {}, answer(FINE)).wrong_verdict
    assert judge((), HEALTHY, {}, HEALTHY).agrees
