"""What follows from a request, and what contradicts itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.errors import UsageError
from netprobe.model.expectation import Expectation
from netprobe.workflows.preparing import CheckRequest
from netprobe.workflows.sense import sensible
from netprobe.workflows.sources import Wanted
from tests.unit.fixes.every_change import EVERY_CHANGE

ASKED = CheckRequest(vpc_id="vpc-1")


def test_what_is_complete_stays_as_it_is() -> None:
    assert sensible(ASKED) == ASKED


def test_expectations_name_the_targets_where_nobody_does() -> None:
    """Each once; targets that were named are kept."""
    expected = (Expectation(target="service:ssm"), Expectation(target="service:ssm+dualstack"))
    asked = replace(ASKED, expectations=expected)

    assert sensible(asked).targets == ("service:ssm",)
    assert sensible(replace(asked, targets=("api:a",))).targets == ("api:a",)


def test_no_packet_asks_about_what_is_only_assumed() -> None:
    """A probe would see the network as it is."""
    assert sensible(ASKED).probe
    assert not sensible(replace(ASKED, assumed=EVERY_CHANGE[:1])).probe


@pytest.mark.parametrize(
    ("asked", "reference"),
    [
        (CheckRequest(), "nothing-to-check"),
        (replace(ASKED, wanted=Wanted(function="f")), "two-things-to-check"),
        (replace(ASKED, families=()), "no-family"),
        (replace(ASKED, client="node-18"), "no-such-client"),
        (replace(ASKED, timeout_seconds=float("nan")), "bad-argument"),
        (replace(ASKED, attempts=0), "bad-argument"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: CheckRequest, reference: str) -> None:
    with pytest.raises(UsageError) as caught:
        sensible(asked)

    assert caught.value.reference == reference
