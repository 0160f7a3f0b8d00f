"""One corrected control plane for all of these tests, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.lab.corrected import DONE, Cloud, serve


@pytest.fixture(scope="session")
def served() -> Iterator[Cloud]:
    """The server, which takes longer to start than a test to run."""
    with serve() as cloud:
        yield cloud


@pytest.fixture
def cloud(served: Cloud) -> Cloud:
    """An empty account in which nothing is denied."""
    served.post("/moto-api/reset", {})
    served.post("/netprobe-lab/deny", {"actions": []})
    served.calls.clear()
    served.answer = DONE
    return served
