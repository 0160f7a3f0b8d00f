"""What things are called is clear, and what is a name stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.render.labels import capital, target_labels
from tests.recorded import report_of_scenario


def test_targets_of_one_name_are_told_apart_by_their_hosts() -> None:
    """A service is asked for once and reached by two names."""
    report = report_of_scenario("S04")
    [target] = report.targets
    plain = replace(target, id="1", given="service:s3", host="s3.amazonaws.com")
    dual = replace(target, id="2", given="service:s3", host="s3.dualstack.amazonaws.com")

    assert target_labels(replace(report, targets=(target, plain, dual))) == {
        target.id: target.given,
        "1": "service:s3 s3.amazonaws.com",
        "2": "service:s3 s3.dualstack.amazonaws.com",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no standing cost, 1 step", "No standing cost, 1 step"),
        ("tcp://10.0.0.1:5432 cannot be reached", "tcp://10.0.0.1:5432 cannot be reached"),
        ("api:abc cannot be reached", "api:abc cannot be reached"),
        ("push-prices waits", "push-prices waits"),
        ("", ""),
    ],
)
def test_a_name_at_the_beginning_keeps_its_letters(text: str, expected: str) -> None:
    """A URL with a capital is another URL to those who copy it."""
    assert capital(text) == expected
