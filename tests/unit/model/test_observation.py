"""What a probe saw, looked up by stage."""

from __future__ import annotations

from typing import Any

from netprobe.model.observation import Observation, Outcome, Stage, StageName


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
