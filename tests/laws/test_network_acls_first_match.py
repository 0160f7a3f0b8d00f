"""In a network ACL the first matching entry decides, and nothing after it matters."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from netprobe.analysis.compiled_acls import CompiledAcl
from netprobe.analysis.matching import Packet, admits_protocol
from netprobe.model.addresses import Address, contains
from netprobe.model.flow import TCP
from netprobe.model.ports import EPHEMERAL, PortSet
from netprobe.model.resources import NetworkAclEntry
from tests.builders import network_acl
from tests.strategies import addresses, entries, port_numbers, port_ranges

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


def pass_through(
    some: list[NetworkAclEntry], packet: Packet, remote: Address, *, egress: bool
) -> PortSet:
    """Return the ports that pass, as the engine works them out."""
    lane = CompiledAcl(network_acl(entries=some)).lane(
        (remote.version, packet.protocol, packet.icmp), egress=egress
    )
    low, high = packet.ports.ranges[0]
    if lane.allows(int(remote), low, high):
        return packet.ports
    return lane.refuse(int(remote), packet.ports).open_ports


@given(some=numbered, remote=addresses, port=port_numbers, egress=st.booleans())
def test_one_port_gets_the_answer_of_the_first_match(
    *, some: list[NetworkAclEntry], remote: Address, port: int, egress: bool
) -> None:
    packet = Packet(protocol=TCP, ports=PortSet.of(port))
    opened = pass_through(some, packet, remote, egress=egress)
    assert bool(opened) is decide(some, packet, remote, egress=egress)


@given(some=numbered, remote=addresses, ports=port_ranges, egress=st.booleans(), data=st.data())
def test_a_range_is_the_sum_of_its_ports(
    *,
    some: list[NetworkAclEntry],
    remote: Address,
    ports: tuple[int, int],
    egress: bool,
    data: st.DataObject,
) -> None:
    packet = Packet(protocol=TCP, ports=PortSet((ports,)))
    opened = pass_through(some, packet, remote, egress=egress)
    port = data.draw(st.one_of(st.sampled_from(ports), st.integers(*ports)))
    single = replace(packet, ports=PortSet.of(port))
    assert (port in opened) is decide(some, single, remote, egress=egress)


@given(some=numbered, packets=st.lists(st.tuples(addresses, port_numbers), max_size=8))
def test_what_was_worked_out_before_changes_no_answer(
    some: list[NetworkAclEntry], packets: list[tuple[Address, int]]
) -> None:
    acl = CompiledAcl(network_acl(entries=some))
    for remote, port in packets:
        packet = Packet(protocol=TCP, ports=PortSet.of(port))
        lane = acl.lane((remote.version, TCP, None), egress=True)
        fresh = CompiledAcl(network_acl(entries=some)).lane(
            (remote.version, TCP, None), egress=True
        )
        number = int(remote)
        allowed = lane.allows(number, port, port)
        assert allowed == fresh.allows(number, port, port)
        if allowed is None:  # what passes is never asked why it does not
            assert lane.refuse(number, packet.ports) == fresh.refuse(number, packet.ports)


@given(some=numbered, remote=addresses, egress=st.booleans(), data=st.data())
def test_the_order_in_which_entries_are_listed_does_not_matter(
    *, some: list[NetworkAclEntry], remote: Address, egress: bool, data: st.DataObject
) -> None:
    packet = Packet(protocol=TCP, ports=EPHEMERAL)
    shuffled = data.draw(st.permutations(some))
    one, other = (pass_through(item, packet, remote, egress=egress) for item in (some, shuffled))
    assert one == other
