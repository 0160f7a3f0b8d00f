"""A failure that nothing explains is ranked by the way it looks."""

from __future__ import annotations

import pytest

from netprobe.diagnosis.fingerprints import fingerprint_of
from netprobe.model.observation import Observation, Outcome, Stage, StageName


def failing(outcome: Outcome, at: StageName) -> Observation:
    """Return an observation whose stages went well up to one."""
    order = (StageName.RESOLVE, StageName.CONNECT, StageName.HANDSHAKE, StageName.REQUEST)
    passed = order[: order.index(at)]
    stages = [Stage(stage=item, outcome=Outcome.REACHABLE, milliseconds=1) for item in passed]
    stages.append(Stage(stage=at, outcome=outcome, milliseconds=1))
    return Observation(outcome=outcome, stages=tuple(stages))


CONNECT, HANDSHAKE, REQUEST = StageName.CONNECT, StageName.HANDSHAKE, StageName.REQUEST
LOOKS = [
    (Outcome.TIMEOUT, CONNECT, "a silent drop before any connection", "appliance", "flow log"),
    (Outcome.TIMEOUT, HANDSHAKE, "silence on a connection", "drops by the name", "--path-mtu"),
    (Outcome.TIMEOUT, REQUEST, "silence on a connection", "drops by the name", "--path-mtu"),
    (Outcome.REFUSED, CONNECT, "a refusal", "nobody listens", "known to be open"),
    (Outcome.RESET, HANDSHAKE, "after the TLS ClientHello", "rejects this name", "another name"),
    (Outcome.RESET, REQUEST, "a reset", "a firewall that rejects", "--attempts"),
    (Outcome.TLS_FAILED, HANDSHAKE, "a TLS handshake", "intercepts TLS", "certificate"),
    (Outcome.UNREACHABLE, CONNECT, "inside the sandbox", "no route", "run the check again"),
    (Outcome.DNS_TIMEOUT, StageName.RESOLVE, "does not answer", "custom resolver", "Amazon's"),
    (Outcome.DNS_SERVFAIL, StageName.RESOLVE, "says it failed", "forwarding rule", "elsewhere"),
    (Outcome.DNS_NXDOMAIN, StageName.RESOLVE, "does not exist", "private hosted", "outside"),
]


@pytest.mark.parametrize(("outcome", "stage", "looks", "first", "test"), LOOKS)
def test_way_of_failing_ranks_what_it_can_be(
    outcome: Outcome, stage: StageName, looks: str, first: str, test: str
) -> None:
    """The likeliest first, and the next test at the end."""
    found = fingerprint_of(failing(outcome, stage))

    assert looks in found.looks
    assert first in found.can_be[0]
    assert test in found.next_test
    assert found.advice.index("1. ") < found.advice.index("; next, ")


def test_every_outcome_that_is_a_failure_has_a_list() -> None:
    """None is left to the stages."""
    fine = {Outcome.REACHABLE, Outcome.HTTP_ERROR, Outcome.NOT_PROBED}
    looks = {
        outcome: fingerprint_of(failing(outcome, StageName.CONNECT)).looks
        for outcome in set(Outcome) - fine
    }

    assert "a failure of no known kind" not in looks.values()
