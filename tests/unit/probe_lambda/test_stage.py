from __future__ import annotations

import asyncio
import errno
import math
import os
import ssl
import time

import pytest

from probe_lambda.stage import Budget, StageError, describe, outcome_of, run_stage

PLENTY = Budget(timeout_seconds=5.0, ends_at=math.inf)


def os_error(number):
    return OSError(number, os.strerror(number))


def certificate_error():
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("error", "outcome", "text"),
    [
        (os_error(errno.ECONNREFUSED), "refused", "ECONNREFUSED: Connection refused"),
        (os_error(errno.ECONNRESET), "reset", "ECONNRESET: Connection reset by peer"),
        (os_error(errno.EPIPE), "reset", "EPIPE: Broken pipe"),
        (ConnectionResetError("closed"), "reset", "closed"),
        (os_error(errno.ETIMEDOUT), "timeout", "ETIMEDOUT: Connection timed out"),
        (os_error(errno.EHOSTUNREACH), "unreachable", "EHOSTUNREACH: No route to host"),
        (os_error(errno.ENETUNREACH), "unreachable", "ENETUNREACH: Network is unreachable"),
        (os_error(errno.EPERM), "unreachable", "EPERM: Operation not permitted"),
        (os_error(errno.EMFILE), "not-probed", "EMFILE: Too many open files"),
        (certificate_error(), "tls-failed", "certificate has expired"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, OSError) else value,
)
def test_an_error_has_one_outcome_and_keeps_its_name(error, outcome, text):
    assert (outcome_of(error), describe(error)) == (outcome, text)


def run(budget, work):
    return asyncio.run(run_stage("connect", budget, work))


def test_what_was_learned_before_a_timeout_is_kept():
    async def work(detail):
        detail["status"] = 200
        await asyncio.sleep(60)

    stage, result = run(Budget(timeout_seconds=0.05, ends_at=math.inf), work)

    assert result is None
    assert (stage.outcome, stage.error) == ("timeout", "no answer in 0.1 s")
    assert stage.detail == {"status": 200}
    assert stage.milliseconds >= 40


def test_a_stage_that_the_end_of_the_invocation_cuts_short_says_so():
    async def work(_detail):
        await asyncio.sleep(60)

    stage, _ = run(Budget(timeout_seconds=60, ends_at=time.monotonic() + 0.05), work)

    assert (stage.outcome, stage.detail) == ("timeout", {"cut_short": True})


def test_a_stage_does_not_begin_after_the_end():
    async def work(_detail):
        raise AssertionError

    stage, _ = run(Budget(timeout_seconds=60, ends_at=time.monotonic() - 1), work)

    assert (stage.outcome, stage.detail) == ("not-probed", {"cut_short": True})


def test_a_stage_that_knows_its_outcome_decides_it():
    async def work(_detail):
        raise StageError("NXDOMAIN", outcome="dns-nxdomain")

    stage, _ = run(PLENTY, work)

    assert (stage.outcome, stage.error) == ("dns-nxdomain", "NXDOMAIN")


def test_a_stage_that_went_well_returns_its_result():
    async def work(detail):
        detail["fact"] = 1
        return "result"

    stage, result = run(PLENTY, work)

    assert (stage.outcome, stage.error, stage.detail, result) == (
        "reachable", None, {"fact": 1}, "result",
    )  # fmt: skip


def test_a_budget_can_be_capped_and_never_stretched():
    budget = Budget(timeout_seconds=1.0, ends_at=math.inf)

    assert budget.capped(0.2).seconds_for_stage() == 0.2
    assert budget.capped(5.0).seconds_for_stage() == 1.0
