"""A watch as JSON Lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files

import jsonschema
import pytest

from netprobe.diagnosis.path_changes import path_changes
from netprobe.render.watch_v1 import change_line
from tests.reports import report_of_step

AT = datetime(2026, 11, 25, 4, 46, 21, tzinfo=UTC)


def test_change_is_one_line_with_its_facts() -> None:
    """When, which path, from what to what, and the block that went."""
    (change,) = path_changes(report_of_step(3).paths[:2], report_of_step(4).paths[:2])

    line = change_line(AT, 20.04, 5, change)

    document = json.loads(line)
    assert "\n" not in line
    assert (document["at"], document["seconds"], document["round"]) == (
        "2026-11-25T04:46:21Z",
        20.0,
        5,
    )
    assert (document["change"], document["was"], document["now"]) == ("opened", "blocked", "works")
    assert document["path"] == str(change.key)
    assert document["outcome"] == "http-error"
    assert [item["reason"] for item in document["gone"]] == ["no-address-record"]
    assert document["new"] == []


@pytest.mark.parametrize("step", range(5))
def test_every_line_keeps_to_its_shape(step: int) -> None:
    """That of the schema which comes with netprobe."""
    text = files("netprobe.render").joinpath("watch-v1.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)

    for change in path_changes((), report_of_step(step).paths):
        jsonschema.validate(json.loads(change_line(AT, 0.0, 1, change)), schema)
