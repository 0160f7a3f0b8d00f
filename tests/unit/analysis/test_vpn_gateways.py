"""What a virtual private gateway needs before it leads out of the view."""

from __future__ import annotations

from netprobe.model.interconnect import VpnGateway
from netprobe.model.trace import Component, Disposition
from tests.builders import flow, gap, route, route_table
from tests.unit.analysis.situations import blockers, trace

TABLE = route_table(routes=(route("0.0.0.0/0", "vgw-1"),))
ATTACHED = VpnGateway(vpn_gateway_id="vgw-1", attached_vpc_ids=frozenset({"vpc-1"}))


def test_an_attached_gateway_leads_out_of_view() -> None:
    answer = trace((TABLE, ATTACHED), flow())
    assert (answer.disposition, answer.blockers) == (Disposition.LEFT_VIEW, ())
    assert answer.request.hops[-1].component is Component.VPN_GATEWAY


def test_a_detached_gateway_blocks() -> None:
    items = (TABLE, VpnGateway(vpn_gateway_id="vgw-1"))
    assert blockers(items, flow()) == [("vpn-gateway", "gateway-detached")]


def test_an_unread_gateway_is_unknown() -> None:
    call = "ec2:DescribeVpnGateways"
    answer = trace((TABLE,), flow(), gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (call,))
