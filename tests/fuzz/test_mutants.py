"""Spoiled dumps: gaps or one line, never a traceback, and nothing delivered that was not.

``make fuzz`` judges ten thousand mutants; here is a small fixed number of them.
"""

from __future__ import annotations

import json
import random

import pytest

from tests.fuzz.mutants import run
from tests.fuzz.mutations import mutate, paths_of

COUNT = 80


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_spoiled_dump_never_delivers_what_the_dump_does_not(seed: int) -> None:
    """Nor does it raise anything."""
    fates, wrong = run(COUNT, seed)

    assert wrong == []
    assert sum(fates.values()) == COUNT
    assert fates["load"] > COUNT // 4


def test_mutants_are_the_same_every_time() -> None:
    """A seed names its mutants, so that one can be looked at again."""
    content = json.dumps({"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}).encode()
    rngs = [random.Random(7), random.Random(7)]  # noqa: S311 # the same ones is the point
    first, second = ([mutate(content, rng) for _ in range(50)] for rng in rngs)

    assert first == second
    assert len(set(first)) > 10


def test_every_value_of_a_document_can_be_spoiled() -> None:
    """Keys and items, however deep."""
    assert list(paths_of({"a": [{"b": 1}], "c": None})) == [
        ("a",),
        ("a", 0),
        ("a", 0, "b"),
        ("c",),
    ]
