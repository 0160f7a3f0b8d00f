"""A comparison as JSON."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from netprobe.model.comparison import Side
from netprobe.render.comparison_v1 import comparison_to_json
from netprobe.render.json_v1 import to_document
from netprobe.workflows.comparing import compare_reports, compare_snapshots
from netprobe.workflows.report_sides import side_of_report
from tests.builders import nat_gateway, snapshot, working_vpc
from tests.reports import report_of_step

SCHEMA = json.loads(files("netprobe.render").joinpath("diff-v1.schema.json").read_text("utf-8"))


def side(step: int) -> Side:
    return side_of_report(to_document(report_of_step(step)), f"{step}.json")


@pytest.mark.parametrize(("first", "second"), [(0, 4), (4, 0), (1, 2), (3, 3)])
def test_every_comparison_keeps_to_its_shape(first: int, second: int) -> None:
    """The schema that comes with netprobe takes it."""
    document = json.loads(comparison_to_json(compare_reports(side(first), side(second))))
    jsonschema.validate(document, SCHEMA)
    assert document["schema"] == "netprobe.diff/1"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document | {"course": "sideways"}, SCHEMA)


def test_path_has_verdicts_blocks_and_facts() -> None:
    """As machines ask: was, now, what went."""
    document = json.loads(comparison_to_json(compare_reports(side(3), side(4))))
    opened = next(item for item in document["paths"] if item["course"] == "better")
    assert (opened["was"], opened["now"], opened["change"]) == ("blocked", "works", "opened")
    assert [item["reason"] for item in opened["gone"]] == ["no-address-record"]
    assert document["after"]["verdict"] == "healthy"


def test_facts_of_snapshots_are_there_without_paths() -> None:
    """With the words people read beside the values."""
    both = (
        (Side(name="a"), snapshot(*working_vpc())),
        (
            Side(name="b"),
            snapshot(*working_vpc(), nat_gateway("nat-9")),
        ),
    )
    document = json.loads(comparison_to_json(compare_snapshots(*both)))
    jsonschema.validate(document, SCHEMA)
    (fact,) = document["facts"]
    assert (fact["change"], fact["says"]) == ("added", "nat-9: NAT gateway")
    assert document["before"] == {"name": "a", "at": None, "verdict": None, "summary": ""}
