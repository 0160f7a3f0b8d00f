"""Port sets in canonical form."""

from __future__ import annotations

import pytest

from netprobe.model.ports import ALL_PORTS, EPHEMERAL, PortSet, union


def test_ranges_are_merged_into_canonical_form() -> None:
    assert PortSet(((80, 80), (10, 20), (21, 30), (15, 25))).ranges == ((10, 30), (80, 80))


@pytest.mark.parametrize("pair", [(-1, 5), (5, 65536), (9, 8)])
def test_ports_that_do_not_exist_are_refused(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no port range"):
        PortSet((pair,))


def test_sets_are_written_as_people_write_them() -> None:
    assert str(PortSet(((1024, 65535), (443, 443)))) == "443,1024-65535"


def test_the_complement_of_everything_is_nothing() -> None:
    assert not ~ALL_PORTS
    assert ~PortSet() == ALL_PORTS


def test_difference_and_union_at_the_edges() -> None:
    assert PortSet.of(0, 1023) == ALL_PORTS - EPHEMERAL
    assert union((PortSet.of(0, 1023), EPHEMERAL)) == ALL_PORTS
