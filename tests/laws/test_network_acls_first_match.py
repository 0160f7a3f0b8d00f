"""In a network ACL the first matching entry decides, and nothing after it matters."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from netprobe.analysis.matching import Packet, admits_protocol
from netprobe.analysis.network_acls import judge_acl
from netprobe.model.addresses import Address, contains
from netprobe.model.flow import TCP
from netprobe.model.ports import EPHEMERAL, PortSet
from netprobe.model.resources import NetworkAclEntry
from tests.builders import network_acl
from tests.strategies import addresses, entries, port_numbers

numbered = st.lists(entries(), max_size=6, unique_by=lambda item: (item.egress, item.rule_number))


def decide(some: list[NetworkAclEntry], packet: Packet, remote: Address, *, egress: bool) -> bool:
    """Return the answer of the first matching entry, straight from the rule's wording."""
    for item in sorted(some, key=lambda item: item.rule_number):
        if (
            item.egress is egress
            and contains(item.cidr, remote)
            and admits_protocol(item, packet)
            and not packet.ports - item.ports
        ):
            return item.allow
    return False


@given(some=numbered, remote=addresses, port=port_numbers, egress=st.booleans())
def test_one_port_gets_the_answer_of_the_first_match(
    *, some: list[NetworkAclEntry], remote: Address, port: int, egress: bool
) -> None:
    packet = Packet(protocol=TCP, ports=PortSet.of(port))
    verdict = judge_acl(network_acl(entries=some), packet, remote, egress=egress)
    assert bool(verdict.open_ports) is decide(some, packet, remote, egress=egress)


@given(some=numbered, remote=addresses, port=port_numbers, egress=st.booleans())
def test_a_range_is_the_sum_of_its_ports(
    *, some: list[NetworkAclEntry], remote: Address, port: int, egress: bool
) -> None:
    packet = Packet(protocol=TCP, ports=EPHEMERAL)
    verdict = judge_acl(network_acl(entries=some), packet, remote, egress=egress)
    assert verdict.open_ports | verdict.closed_ports == EPHEMERAL
    assert not verdict.open_ports & verdict.closed_ports
    if port in EPHEMERAL:
        single = replace(packet, ports=PortSet.of(port))
        assert (port in verdict.open_ports) is decide(some, single, remote, egress=egress)


@given(some=numbered, remote=addresses, egress=st.booleans(), data=st.data())
def test_the_order_in_which_entries_are_listed_does_not_matter(
    *, some: list[NetworkAclEntry], remote: Address, egress: bool, data: st.DataObject
) -> None:
    packet = Packet(protocol=TCP, ports=EPHEMERAL)
    shuffled = data.draw(st.permutations(some))
    verdicts = [
        judge_acl(network_acl(entries=item), packet, remote, egress=egress)
        for item in (some, shuffled)
    ]
    assert verdicts[0] == verdicts[1]
