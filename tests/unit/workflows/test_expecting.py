"""Expectations beside a check: the targets they bring, and that none goes unjudged."""

from __future__ import annotations

import pytest

from netprobe.errors import UsageError
from netprobe.model.addresses import Family
from netprobe.model.expectation import Expectation, Over
from netprobe.workflows.check import CheckRequest, run_check
from netprobe.workflows.expecting import targets_of
from netprobe.workflows.sources import Wanted
from tests.builders import function, snapshot
from tests.reports import FakeRunner, capabilities
from tests.unit.diagnosis.cases import API, changed

TARGET = f"api:{API.api_id}"
ACCOUNT = snapshot(*changed(function("fn", subnet_ids=("subnet-private",))))


def check(
    *expectations: Expectation,
    targets: tuple[str, ...] = (),
    families: tuple[Family, ...] = tuple(Family),
) -> FakeRunner:
    runner = FakeRunner()
    request = CheckRequest(
        wanted=Wanted(function="fn"),
        targets=targets or targets_of(expectations),
        families=families,
        expectations=expectations,
        probe=False,
    )
    run_check(request, capabilities(ACCOUNT, runner))
    return runner


def test_each_target_is_asked_once() -> None:
    """A service's dual-stack host is asked with the service."""
    names = (TARGET, "service:s3+dualstack", "service:s3", TARGET)

    assert targets_of(Expectation(target=name) for name in names) == (TARGET, "service:s3")


REFUSED = [
    (
        Expectation(target=TARGET, source="subnet-privat"),
        "(this check does not start at subnet-privat); did you mean subnet-private?",
    ),
    (
        Expectation(target=TARGET, source="function:gn"),
        "(this check does not start at function:gn); did you mean function:fn?",
    ),
    (
        Expectation(target="api:abd123"),
        "(this check does not ask about api:abd123); did you mean api:abc123?",
    ),
    (
        Expectation(target=TARGET, over=Over.BOTH),
        "(this check does not ask about IPv6 there)",
    ),
]


@pytest.mark.parametrize(("expectation", "expected"), REFUSED)
def test_expectation_that_nothing_can_break_is_refused(
    expectation: Expectation, expected: str
) -> None:
    """It would otherwise count as kept for ever; nothing is deployed first."""
    with pytest.raises(UsageError) as caught:
        check(expectation, targets=(TARGET,), families=(Family.IPV4,))

    assert caught.value.reference == "no-such-path"
    assert expected in str(caught.value)


def test_one_family_is_enough_where_any_will_do() -> None:
    """An address has only its own."""
    check(Expectation(target="tcp://10.9.9.9:5432", source="subnet-private"))
    check(Expectation(target=TARGET), families=(Family.IPV6,))


def test_address_lacks_the_other_family() -> None:
    """An IPv4 address cannot be reached over IPv6, so expecting it is a mistake."""
    with pytest.raises(UsageError, match="does not ask about IPv6 there"):
        check(Expectation(target="tcp://10.9.9.9:5432", over=Over.IPV6))


@pytest.mark.parametrize(
    "target", ["eni-0123456789abcdef0", "i-01234567", "vpce-0123456789abcdef0"]
)
def test_interface_is_for_a_trace(target: str) -> None:
    """A probe would take the id for a host name, and "must not work" would always be kept."""
    with pytest.raises(UsageError, match="netprobe trace --expect"):
        check(Expectation(target=target))
