"""The algebra of port sets agrees with membership."""

from __future__ import annotations

from hypothesis import given

from netprobe.model.ports import PortSet, union
from tests.strategies import port_numbers, port_sets


@given(port_sets, port_sets, port_numbers)
def test_every_operation_agrees_with_membership(one: PortSet, two: PortSet, port: int) -> None:
    assert (port in one | two) is (port in one or port in two)
    assert (port in one & two) is (port in one and port in two)
    assert (port in one - two) is (port in one and port not in two)
    assert (port in ~one) is (port not in one)
    assert (port in union((one, two))) is (port in one | two)


@given(port_sets, port_sets)
def test_equal_sets_are_equal_values(one: PortSet, two: PortSet) -> None:
    assert one | two == two | one
    assert ~~one == one
    assert bool(one) is (one != PortSet())


@given(port_sets)
def test_ranges_are_sorted_disjoint_and_never_touch(one: PortSet) -> None:
    for (_, high), (low, _) in zip(one.ranges, one.ranges[1:], strict=False):
        assert high + 1 < low
