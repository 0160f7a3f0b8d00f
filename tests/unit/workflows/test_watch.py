"""Rounds: what is told, what is tried again, when the probe moves, and that it always goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from netprobe.errors import NetprobeError
from netprobe.model.path_change import Turn
from netprobe.model.report import CleanUp, Verdict
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Reason
from netprobe.workflows.capabilities import Asked
from netprobe.workflows.check import Capabilities, CheckRequest
from netprobe.workflows.sources import Wanted
from netprobe.workflows.watch import Round, Watch, Watching, stands_as_before
from tests.builders import function, route_table, snapshot, source, subnet
from tests.reports import FakeRunner, capabilities
from tests.unit.diagnosis.cases import API, changed
from tests.unit.workflows.test_check import answering

REQUEST = CheckRequest(wanted=Wanted(function="fn"), targets=(f"api:{API.api_id}",))
WORKS = {"ipv4": "reachable", "ipv6": "reachable"}
FAILS = {"ipv4": "timeout", "ipv6": "timeout"}
THROTTLED = NetprobeError("throttled", "AWS throttled ec2:DescribeVpcs")
EXPIRED = NetprobeError("expired-credentials", "the AWS credentials have expired")


def account(**fields: Any) -> Snapshot:
    return snapshot(*changed(function("fn", subnet_ids=("subnet-private",), **fields)))


@dataclass
class Changing:
    """A SnapshotSource that gives one answer after another, the last one for ever."""

    answers: list[Snapshot | NetprobeError]

    def read(self, vpc_id: str, asked: Asked | None = None) -> Snapshot:
        assert (vpc_id, asked is not None) == ("vpc-1", True)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, NetprobeError):
            raise found
        return found

    def vpc_of_function(self, name: str) -> str:
        assert name == "fn"
        return "vpc-1"


@dataclass
class Scene:
    """A watch over accounts that change, with probes that answer in turn."""

    answers: list[Snapshot | NetprobeError]
    outcomes: list[dict[str, str] | NetprobeError] = field(default_factory=lambda: [WORKS])
    rounds: int = 2
    request: CheckRequest = REQUEST
    told: list[Round] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    runners: list[FakeRunner] = field(default_factory=list)

    def run(self) -> Watch:
        watching = Watching(
            renew=self._renew,
            tell=self.told.append,
            trouble=self.troubles.append,
            wait=self.waits.append,
            interval_seconds=10.0,
            ended=lambda done: done.number >= self.rounds,
        )
        self._source = Changing(self.answers)
        self._outcomes = self._next()
        watch = Watch(request=self.request, watching=watching)
        watch.run()
        return watch

    def _next(self) -> Iterator[dict[str, str] | NetprobeError]:
        yield from self.outcomes
        while True:
            yield self.outcomes[-1]

    def _renew(self) -> Capabilities:
        made = (f"function netprobe-{len(self.runners)}",)
        runner = FakeRunner(answer=self._answer, clean_up=CleanUp(created=made, removed=made))
        self.runners.append(runner)
        return replace(
            capabilities(self._first(), runner), source=self._source, run_id=f"{len(made):08x}"
        )

    def _first(self) -> Snapshot:
        return next(item for item in self.answers if isinstance(item, Snapshot))

    def _answer(self, planned: Any, request: Any) -> Any:
        outcome = next(self._outcomes)
        if isinstance(outcome, NetprobeError):
            raise outcome
        return answering(outcome).answer(planned, request)

    @property
    def events(self) -> list[list[str]]:
        return [runner.events for runner in self.runners]


def turns(done: Round) -> list[Turn]:
    return [change.turn for change in done.changes]


def test_probe_stays_in_place_and_changes_are_told() -> None:
    """One deployment for all rounds; a round in which nothing changed tells nothing."""
    scene = Scene([account()], [WORKS, WORKS, FAILS, WORKS], rounds=4)

    watch = scene.run()

    assert scene.events == [["deploy 1", "remove"]]
    assert [turns(done) for done in scene.told] == [
        [Turn.SEEN, Turn.SEEN],
        [],
        [Turn.CLOSED, Turn.CLOSED],
        [Turn.OPENED, Turn.OPENED],
    ]
    assert [done.verdict for done in scene.told][-2:] == [Verdict.BROKEN, Verdict.HEALTHY]
    assert scene.waits == [10.0, 10.0, 10.0]
    assert watch.clean_up.created == watch.clean_up.removed == ("function netprobe-0",)


def test_configuration_is_read_in_every_round() -> None:
    """What went with the path that opened is named."""
    closed = snapshot(*changed(function("fn"), route_table(routes=())))
    scene = Scene([closed, account()], request=replace(REQUEST, probe=False))

    scene.run()

    opened = scene.told[1].changes
    assert [item.turn for item in opened] == [Turn.OPENED, Turn.OPENED]
    assert {blocker.reason for item in opened for blocker in item.gone} == {Reason.NO_ROUTE}
    assert scene.events == [[]]


def test_edit_between_reading_and_sending_is_read_at_once() -> None:
    """The packets went through already, so the configuration is looked at again."""
    closed = snapshot(*changed(function("fn"), route_table(routes=())))
    scene = Scene([closed, closed, account()], [FAILS, WORKS])

    scene.run()

    opened = scene.told[1].changes
    assert [item.turn for item in opened] == [Turn.OPENED, Turn.OPENED]
    assert all(item.gone and not item.earlier for item in opened)


def test_packets_may_follow_a_round_later() -> None:
    """What went in the round before is named when the path opens."""
    closed = snapshot(*changed(function("fn"), route_table(routes=())))
    scene = Scene([closed, account()], [FAILS, FAILS, WORKS], rounds=3)

    scene.run()

    assert [turns(done) for done in scene.told[1:]] == [[Turn.CHANGED] * 2, [Turn.OPENED] * 2]
    assert all(item.gone and item.earlier for item in scene.told[2].changes)


def test_passing_failure_is_told_and_tried_again() -> None:
    """The probe stays, and the next round comes."""
    scene = Scene([account(), THROTTLED, THROTTLED, account()])

    scene.run()

    assert scene.troubles == ["12:00:00Z  AWS throttled ec2:DescribeVpcs; trying again"] * 2
    assert [done.number for done in scene.told] == [1, 2]
    assert scene.events == [["deploy 1", "remove"]]


@pytest.mark.parametrize("error", [EXPIRED, NetprobeError("no-such-vpc", "no VPC 'vpc-1'")])
def test_failure_that_will_not_pass_ends_it_without_leaving_the_probe(
    error: NetprobeError,
) -> None:
    """Nobody waits for credentials to come back to life."""
    scene = Scene([account(), error])

    with pytest.raises(NetprobeError) as caught:
        scene.run()

    assert caught.value is error
    assert scene.events == [["deploy 1", "remove"]]


def test_first_reading_is_not_tried_again() -> None:
    """Nothing is in place yet, and somebody waits for an answer."""
    scene = Scene([THROTTLED, account()])

    with pytest.raises(NetprobeError):
        scene.run()

    assert scene.events == [[]]


def test_probe_without_an_answer_closes_nothing() -> None:
    """What was seen last still stands, and the verdict is unknown for that round."""
    silent = NetprobeError("throttled", "Lambda throttled lambda:InvokeFunction")
    scene = Scene([account()], [WORKS, silent, WORKS], rounds=3)

    scene.run()

    assert [turns(done) for done in scene.told[1:]] == [[], []]
    assert [path.verdict for path in scene.told[1].paths] == ["works", "works"]
    assert [done.verdict for done in scene.told] == [
        Verdict.HEALTHY, Verdict.UNKNOWN, Verdict.HEALTHY,
    ]  # fmt: skip
    (trouble,) = scene.troubles
    assert "the probe in subnet-private gave no answer" in trouble


def test_probe_moves_with_the_function() -> None:
    """An IPv6 flag that changes needs another probe; nothing is told of it but that."""
    scene = Scene([account(ipv6_allowed=True), account(ipv6_allowed=False)], rounds=3)

    watch = scene.run()

    assert scene.events == [["deploy 1", "remove"], ["deploy 1", "remove"]]
    assert scene.troubles == [
        "12:00:00Z  where it starts has changed: putting the probe in place again"
    ]
    assert [done.number for done in scene.told] == [1, 2, 3]
    assert [done.changes for done in scene.told if Turn.SEEN in turns(done)] == [
        scene.told[0].changes
    ]
    assert watch.clean_up.created == ("function netprobe-0", "function netprobe-1")


def test_edited_routes_do_not_move_the_probe() -> None:
    """Classes of subnets split while somebody edits; the first choice stays."""
    whole = snapshot(*changed(subnet("subnet-more")))
    split = snapshot(*changed(subnet("subnet-more", enable_dns64=True)))
    request = replace(REQUEST, vpc_id="vpc-1", wanted=Wanted())
    scene = Scene([whole, split], request=request, rounds=3)

    scene.run()

    assert [events[-1] for events in scene.events] == ["remove"]
    assert scene.troubles == []


PLACES = [
    ({}, (), True),
    ({"ipv6_allowed": False}, (), False),
    ({"security_group_ids": ("sg-2",)}, (), False),
    ({"security_group_ids": ("sg-2",)}, ("sg-1",), True),
    ({"subnet_ids": ("subnet-2",)}, (), False),
    ({"function_name": "other"}, (), False),
]


@pytest.mark.parametrize(("now", "groups", "expected"), PLACES)
def test_place_of_a_function(
    now: dict[str, Any],
    groups: tuple[str, ...],
    expected: bool,  # noqa: FBT001 # a row of the table
) -> None:
    """Its subnet, its groups unless others were chosen, and its IPv6 flag."""
    place = {"subnet_ids": ("subnet-1",), "security_group_ids": ("sg-1",), "ipv6_allowed": True}
    found = snapshot(function(**{"function_name": "fn", **place, **now}))
    start = source("subnet-1", function_name="fn", security_group_ids=("sg-1",), ipv6_allowed=True)

    assert stands_as_before(found, start, groups) is expected


def test_place_of_a_subnet() -> None:
    """It has to be there still, with the families it had."""
    start = source("subnet-1", ipv6_allowed=True, function_name=None)

    assert stands_as_before(snapshot(subnet("subnet-1")), start, ())
    assert not stands_as_before(snapshot(subnet("subnet-1", ipv6=None)), start, ())
    assert not stands_as_before(snapshot(subnet("subnet-2")), start, ())
