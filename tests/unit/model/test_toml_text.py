"""TOML names the place of every mistake, and takes what an editor puts in front."""

from __future__ import annotations

import pytest

from netprobe.model.toml_text import read_toml

MISTAKES = [
    ("a = 1\nb = = 2", r"line 2, column 5"),
    ('a = 1\nb = """open\nto the end', r"Unterminated string .at line 3, column 11, the end"),
    ("a = [1,", r"line 1, column 8, the end"),
    ("a = " + "[" * 5000, "nested too deep"),
]


@pytest.mark.parametrize(("text", "says"), MISTAKES, ids=range(len(MISTAKES)))
def test_mistake_has_a_place(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_toml(text)


def test_byte_order_mark_is_no_mistake() -> None:
    assert read_toml("\ufeffa = 1") == {"a": 1}
