"""Values are read as what they are: absent ones have a default, wrong ones raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from netprobe.aws import reading
from netprobe.aws.reading import UNREADABLE

Reader = Callable[[dict[str, Any], str], Any]

READ: list[tuple[Reader, Any, Any]] = [
    (reading.text, "vpc-1", "vpc-1"),
    (reading.maybe_text, "vpc-1", "vpc-1"),
    (reading.maybe_text, "", None),
    (reading.maybe_text, None, None),
    (reading.number, 7, 7),
    (reading.number, "7", 7),
    (reading.number, 0, 0),
    (reading.maybe_number, None, None),
    (reading.maybe_number, "32767", 32767),
    (reading.flag, False, False),
    (reading.maybe_flag, None, None),
    (reading.is_set, None, False),
    (reading.is_set, True, True),
    (reading.part, None, {}),
    (reading.part, {"a": 1}, {"a": 1}),
    (reading.parts, None, []),
    (reading.parts, [{"a": 1}], [{"a": 1}]),
    (reading.stated_parts, [], []),
    (reading.texts, None, ()),
    (reading.texts, ["a", "b"], ("a", "b")),
    (reading.stated_texts, [], ()),
]


@pytest.mark.parametrize(("read", "value", "expected"), READ)
def test_value_is_read(read: Reader, value: Any, expected: Any) -> None:
    """As it came, or as the default for what is absent."""
    assert read({"key": value}, "key") == expected


@pytest.mark.parametrize(
    "read",
    [reading.maybe_text, reading.maybe_number, reading.maybe_flag, reading.is_set, reading.part,
     reading.parts, reading.texts],
)  # fmt: skip
def test_value_may_be_absent(read: Reader) -> None:
    """Absent is the same as null."""
    assert read({}, "key") == read({"key": None}, "key")


WRONG: list[tuple[Reader, list[Any]]] = [
    (reading.text, [None, "", 7, True, [], {}]),
    (reading.maybe_text, [7, True, ["a"], {}]),
    (reading.number, [None, True, 1.5, "x", "", [], {}]),
    (reading.maybe_number, [True, "x", [7]]),
    (reading.flag, [None, 0, 1, "true", []]),
    (reading.is_set, ["true", 1, {}]),
    (reading.part, [[], "x", 7, True]),
    (reading.parts, [{}, "x", 7, [None], [[]], [{}, "x"]]),
    (reading.stated_parts, [None, {}, ["x"]]),
    (reading.texts, ["x", {}, [7], [None], [""]]),
    (reading.stated_texts, [None, "x"]),
]


@pytest.mark.parametrize(
    ("read", "value"), [(read, value) for read, values in WRONG for value in values]
)
def test_value_of_another_type_raises(read: Reader, value: Any) -> None:
    """A number is no name, and a string is not true."""
    with pytest.raises(UNREADABLE):
        read({"key": value}, "key")


@pytest.mark.parametrize(
    "read",
    [reading.text, reading.number, reading.flag, reading.stated_parts, reading.stated_texts],
)
def test_value_that_has_to_be_there_raises_when_absent(read: Reader) -> None:
    """Nothing stands in for it."""
    with pytest.raises(KeyError):
        read({}, "key")


def test_error_shows_only_the_beginning_of_a_value() -> None:
    """A tag may have any length."""
    assert str(reading.wrong("Key", "x" * 1000)) == "Key is '" + "x" * 39


NAMES = [
    ([{"Key": "Name", "Value": "main"}], "main"),
    ([{"Key": "Other", "Value": "x"}], None),
    ([None, 7, {"Key": "Name", "Value": 7}], None),
    ("x", None),
    (None, None),
]


@pytest.mark.parametrize(("tags", "expected"), NAMES)
def test_odd_tags_are_no_names(tags: Any, expected: str | None) -> None:
    """They decide nothing, so they spoil nothing."""
    assert reading.name_of({"Tags": tags}) == expected


def test_names_are_compared_without_case_and_final_dot() -> None:
    """And zones' ids without their path."""
    assert reading.bare_name("DB.Corp.Example.") == "db.corp.example"
    assert reading.bare_zone("/hostedzone/Z1") == reading.bare_zone("Z1") == "Z1"
