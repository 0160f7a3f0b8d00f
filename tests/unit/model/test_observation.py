"""What a probe saw, looked up by stage."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.observation import (
    Attempt,
    Constancy,
    Observation,
    Outcome,
    Stage,
    StageName,
    spread,
)


def seen(name: StageName, **detail: Any) -> Observation:
    stage = Stage(stage=name, outcome=Outcome.REACHABLE, milliseconds=1.0, detail=detail)
    return Observation(outcome=Outcome.REACHABLE, stages=(stage,))


def test_a_stage_that_was_not_reached_is_none() -> None:
    asked = seen(StageName.RESOLVE)
    assert asked.stage(StageName.CONNECT) is None
    assert asked.stage(StageName.RESOLVE) is asked.stages[0]


def test_the_status_is_that_of_the_request() -> None:
    assert seen(StageName.REQUEST, status=403).status == 403
    assert seen(StageName.REQUEST, status="403").status is None
    assert seen(StageName.CONNECT).status is None


def test_the_addresses_are_those_the_resolver_gave() -> None:
    assert seen(StageName.RESOLVE, addresses=["192.0.2.1"]).resolved_addresses == ("192.0.2.1",)
    assert seen(StageName.RESOLVE).resolved_addresses == ()
    assert seen(StageName.CONNECT).resolved_addresses == ()


GOOD, DENIED, DEAD = Outcome.REACHABLE, Outcome.HTTP_ERROR, Outcome.TIMEOUT


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((), None),
        ((GOOD, DENIED), Constancy.ALWAYS),
        ((DEAD, Outcome.REFUSED), Constancy.NEVER),
        ((GOOD, DEAD, GOOD), Constancy.SOMETIMES),
    ],
)
def test_attempts_are_always_sometimes_or_never_answered(
    outcomes: tuple[Outcome, ...], expected: Constancy | None
) -> None:
    """A refusal over HTTP is an answer; a single attempt says nothing of the kind."""
    attempts = tuple(Attempt(outcome=item) for item in outcomes)

    assert Observation(outcome=GOOD, attempts=attempts).constancy is expected


def test_a_spread_is_by_nearest_rank() -> None:
    """Of 100 times the 95th, of few the slowest."""
    hundred = spread([float(n) for n in range(1, 101)])

    assert (hundred.minimum, hundred.median, hundred.p95) == (1.0, 50.5, 95.0)
    assert spread([7.0, 9.0]).p95 == 9.0
