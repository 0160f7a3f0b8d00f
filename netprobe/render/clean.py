"""Text from AWS or the far end as data: it cannot move the cursor, recolour or reorder text."""

from __future__ import annotations

import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Controls that make text read other than it is written (Unicode technical report 36)."""


def clean(text: str) -> str:
    """Return the text with every control, format and bidi character made visible or dropped."""
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in "\n\t ":
        return " "
    if char in _BIDI or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return f"\\u{ord(char):04x}"
    return char


def clean_ascii(text: str) -> str:
    """Return the text in ASCII, for terminals that show nothing else."""
    return "".join(char if char.isascii() else _ASCII.get(char, "?") for char in clean(text))


_ASCII = {
    "✗": "x", "✓": "+", "·": "-", "→": "->", "…": "...", "○": "o", "▸": "=", "┄": "..",
    "\u00a0": "\u00a0",
}  # fmt: skip
"""What stands for a mark; the no-break space stays until lines are broken.
"""
