"""Text that is data cannot move the cursor, recolour, reorder or hide anything."""

from __future__ import annotations

import pytest

from netprobe.render.clean import clean, clean_ascii

HOSTILE = [
    ("escape sequence", "a\x1b[31mb", "a\\u001b[31mb"),
    ("one-byte escape sequence", "a\x9b31mb", "a\\u009b31mb"),
    ("window title", "\x1b]0;owned\x07", "\\u001b]0;owned\\u0007"),
    ("new line and tab", "a\nb\tc", "a b c"),
    ("carriage return", "good\rbad", "good\\u000dbad"),
    ("backspace", "a\bb", "a\\u0008b"),
    ("delete", "a\x7f", "a\\u007f"),
    ("right-to-left override", "abc\u202etxt", "abc\\u202etxt"),
    ("isolate", "\u2066a\u2069", "\\u2066a\\u2069"),
    ("zero-width joiner", "a\u200db", "a\\u200db"),
    ("line separator", "a\u2028b", "a\\u2028b"),
    ("lone surrogate", "a\ud800b", "a\\ud800b"),
    ("private use", "a\ue000b", "a\\ue000b"),
]
HARMLESS = ["", "subnet-1", "Zürich", "東京", "0.0.0.0/0 → igw-1", "[bold]no markup[/bold]"]


@pytest.mark.parametrize(("what", "text", "shown"), HOSTILE)
def test_hostile_text_is_made_visible(what: str, text: str, shown: str) -> None:
    """What would act on the terminal is shown as its number."""
    assert clean(text) == shown, what


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays(text: str) -> None:
    """People's own languages, and brackets, are nobody's attack."""
    assert clean(text) == text


def test_ascii_shows_marks_by_their_nearest_signs() -> None:
    """A terminal without Unicode still tells good from bad."""
    assert clean_ascii("✗ a → b · ✓ Zürich…") == "x a -> b - + Z?rich..."
