"""A snapshot written and read back is the same snapshot, whatever is in it and missing from it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.aws.convert import convert
from netprobe.aws.operations import OPERATIONS
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.saved import load_snapshot, write_snapshot
from netprobe.model.gap import Gap
from tests.every_kind import ACCOUNT, REGION, every_answer

NAMES = sorted(every_answer())

gaps = st.builds(
    Gap,
    call=st.sampled_from([operation.call for operation in OPERATIONS]),
    error=st.text(max_size=20),
    iam_action=st.text(min_size=1, max_size=10),
    needed_for=st.text(max_size=10),
    asked=st.booleans(),
    subjects=st.frozensets(st.text(min_size=1, max_size=5), max_size=2),
)


@st.composite
def raw_snapshots(draw: st.DrawFn) -> RawSnapshot:
    """Draw a snapshot with some of the answers, one of them maybe without one of its keys."""
    kept = draw(st.sets(st.sampled_from(NAMES)))
    answers = {name: answer for name, answer in every_answer().items() if name in kept}
    spoiled: Any = draw(st.sampled_from(sorted(kept))) if kept and draw(st.booleans()) else None
    if spoiled and isinstance(answers[spoiled], dict):
        answers[spoiled].pop(draw(st.sampled_from(sorted(answers[spoiled]))))
    return RawSnapshot(
        region=draw(st.sampled_from(["", REGION])),
        account=draw(st.sampled_from([None, ACCOUNT])),
        answers=answers,
        gaps=tuple(draw(st.lists(gaps, max_size=2))),
    )


@given(raw=raw_snapshots())
@settings(max_examples=60, deadline=None)
def test_snapshot_written_and_read_back_is_equal(raw: RawSnapshot) -> None:
    """As a value, and as what it says."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.json"
        write_snapshot(raw, path)

        assert RawSnapshot.from_document(json.loads(path.read_text(encoding="utf-8"))) == raw
        assert load_snapshot(path) == convert(raw)


@given(kept=st.sets(st.sampled_from(NAMES), min_size=1), split=st.integers(0, len(NAMES)))
@settings(max_examples=40, deadline=None)
def test_however_answers_are_spread_over_files_they_say_the_same(
    kept: set[str], split: int
) -> None:
    """One file with all of them, one each, or anything between."""
    answers = {name: answer for name, answer in every_answer().items() if name in kept}
    names = sorted(answers)
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names):
            path = Path(folder) / f"{min(number, split)}.json"
            before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            path.write_text(json.dumps(before | {name: answers[name]}), encoding="utf-8")
        loaded = load_snapshot(Path(folder))

    expected = convert(RawSnapshot(loaded.region, loaded.account, answers))
    assert loaded == expected
