"""Credentials that end in the middle of a check, at one call after another."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.aws.cleanup import find_leftovers, remove_leftovers
from netprobe.errors import NetprobeError
from netprobe.model.report import Verdict
from tests.contract.aws.account import session_of
from tests.contract.aws.test_fault_matrix import Http, Saboteur, check
from tests.contract.lab.corrected import Cloud

EVERY = 3
"""Each third call is tried as the first that is refused; neighbours end alike."""


class Expiring(Saboteur):
    """Refuses every call from one of them on, as AWS does once a token has expired."""

    def __init__(self, good_calls: int) -> None:
        super().__init__()
        self._good_calls = good_calls

    def __call__(self, model: Any, **_: Any) -> Any:
        self.calls.append(model.name)
        if len(self.calls) <= self._good_calls:
            return None
        error = {"Code": "ExpiredToken", "Message": "The security token has expired"}
        return Http(403), {"Error": error, "ResponseMetadata": {}}


def test_expired_credentials_end_in_one_line_or_in_no_verdict(furnished: Cloud) -> None:
    """Whenever it happens: no wrong verdict, and what could not be removed is found later."""
    whole = Saboteur()
    baseline = check(furnished, whole).verdict
    ends = set()

    for good_calls in range(0, len(whole.calls), EVERY):
        try:
            report = check(furnished, Expiring(good_calls))
        except NetprobeError as error:
            ends.add(error.reference)
        else:
            assert report.verdict in {Verdict.UNKNOWN, baseline}, good_calls
            assert report.clean_up.left or not report.clean_up.created, good_calls
            ends.add("reports what is left")
        session = session_of(furnished)
        remove_leftovers(session, find_leftovers(session), wait_seconds=0)
        assert find_leftovers(session) == ()

    assert ends == {"expired-credentials", "reports what is left"}


@pytest.mark.parametrize(
    ("code", "reference"),
    [
        ("InvalidClientTokenId", "invalid-credentials"),
        ("SignatureDoesNotMatch", "invalid-credentials"),
        ("RequestExpired", "expired-credentials"),
    ],
)
def test_missing_token_and_wrong_clock_are_one_line(
    furnished: Cloud, code: str, reference: str
) -> None:
    """A session token left out, a clock that is an hour off: the first call says so."""

    class Refusing(Expiring):
        def __call__(self, model: Any, **more: Any) -> Any:
            http, answer = super().__call__(model, **more)
            return http, answer | {"Error": {"Code": code, "Message": "no"}}

    with pytest.raises(NetprobeError) as raised:
        check(furnished, Refusing(0))

    assert raised.value.reference == reference
