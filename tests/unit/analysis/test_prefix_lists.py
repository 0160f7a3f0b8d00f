"""What is in a prefix list, or which call would say."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.prefix_lists import expand_prefix_list
from tests.builders import gap, network, prefix_list, snapshot

ENTRIES = "ec2:GetManagedPrefixListEntries"
LISTS = "ec2:DescribeManagedPrefixLists"

EXPANDED: dict[str, tuple[tuple[Any, ...], Any]] = {
    "its entries": ((prefix_list("pl-1", ("10.0.0.0/8",)),), (network("10.0.0.0/8"),)),
    "nothing when it is empty": ((prefix_list("pl-1", ()),), ()),
    "unknown when its entries were not read": (
        (prefix_list("pl-1", (), entries_read=False),),
        ENTRIES,
    ),
    "unknown when it is not there": ((), ENTRIES),
    "unknown when no list was read": ((gap(LISTS),), LISTS),
}


@pytest.mark.parametrize("name", EXPANDED)
def test_a_prefix_list_expands_to(name: str) -> None:
    items, expected = EXPANDED[name]
    assert expand_prefix_list(snapshot(*items), "pl-1") == expected
