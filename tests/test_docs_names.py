"""The page about address selection has the tables the code has."""

from __future__ import annotations

import re
from ipaddress import IPv6Network
from pathlib import Path

from netprobe.analysis.address_selection import label_of, precedence_of

PAGE = Path(__file__).parent.parent / "docs/address-selection.md"
ROW = re.compile(
    r"^\| `(?P<prefix>[0-9a-f:/]+)` .* (?P<precedence>\d+), (?P<label>\d+) \|$", re.MULTILINE
)


def test_the_policy_table_is_the_one_in_the_code() -> None:
    """The column of glibc; the last address of a prefix stands for it."""
    rows = {
        row["prefix"]: (int(row["precedence"]), int(row["label"]))
        for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))
    }
    assert len(rows) == 9
    for prefix, expected in rows.items():
        last = IPv6Network(prefix)[-1]
        assert (precedence_of(last), label_of(last)) == expected, prefix
