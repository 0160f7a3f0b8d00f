"""Changes in an order in which nothing in between is worse than before."""

from __future__ import annotations

from netprobe.fixes.ordering import in_order
from netprobe.model import changes as ch
from tests.unit.fixes.every_change import EVERY_CHANGE


def test_every_change_has_its_place() -> None:
    assert sorted(map(str, in_order(EVERY_CHANGE))) == sorted(map(str, EVERY_CHANGE))


def test_ipv6_is_announced_when_its_way_stands() -> None:
    """The API last, the function before it; what is made before what uses it."""
    kinds = [type(item) for item in in_order(reversed(EVERY_CHANGE))]

    assert kinds.index(ch.CreateEgressOnlyGateway) < kinds.index(ch.SetRoute)
    assert kinds.index(ch.AssociateVpcIpv6) < kinds.index(ch.AssociateSubnetIpv6)
    assert kinds.index(ch.SetRoute) < kinds.index(ch.AllowFunctionIpv6)
    assert kinds.index(ch.AllowFunctionIpv6) < kinds.index(ch.MakeApiDualStack)
