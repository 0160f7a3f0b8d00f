"""Compiled network ACLs; that they answer as the entries say is a law."""

from __future__ import annotations

from netprobe.analysis.compiled_acls import MOST_REFUSALS, CompiledAcl, Lane, write_entry
from netprobe.model.flow import ICMP, TCP
from netprobe.model.ports import PortSet
from tests.builders import address, entry, network_acl, ports

REMOTE = int(address("198.51.100.10"))


def lane(*entries: object) -> Lane:
    return CompiledAcl(network_acl(entries=entries)).lane((4, TCP, None), egress=False)  # type: ignore[arg-type] # entries


def test_every_packet_over_an_entry_gets_the_same_hop() -> None:
    acl = CompiledAcl(network_acl(entries=(entry(100, "allow", port="443"),)))
    tcp = acl.lane((4, TCP, None), egress=False)
    hop = tcp.allows(REMOTE, 443, 443)
    assert hop is not None
    assert hop.entry == "entry 100 allows tcp 443 from 0.0.0.0/0"
    assert tcp.allows(REMOTE + 1, 443, 443) is hop


def test_a_range_passes_only_as_a_whole() -> None:
    entries = lane(entry(100, "allow", port="1024-2000"))
    assert entries.allows(REMOTE, 1024, 2000) is not None
    assert entries.allows(REMOTE, 1024, 2001) is None


def test_a_refusal_says_which_ports_are_open_and_which_entry_closes_most() -> None:
    refusal = lane(
        entry(50, "deny", port="3389"),
        entry(60, "deny", port="5000-6000"),
        entry(100, "allow", port="1024-60000"),
    ).refuse(REMOTE, ports("1024-60000"))
    assert refusal.open_ports == PortSet(((1024, 3388), (3390, 4999), (6001, 60000)))
    assert refusal.closed_ports == ports("3389,5000-6000")
    assert refusal.denying is not None
    assert refusal.denying.rule_number == 60


def test_several_ranges_are_judged_together() -> None:
    refusal = lane(entry(100, "allow", port="80")).refuse(REMOTE, ports("80,443"))
    assert (refusal.open_ports, refusal.closed_ports) == (ports("80"), ports("443"))


def test_the_last_entries_count_as_no_entry() -> None:
    assert lane(entry(32767, "deny")).refuse(REMOTE, ports("443")).denying is None


def test_types_of_icmp_have_lanes_of_their_own() -> None:
    acl = CompiledAcl(network_acl(entries=(entry(1, "allow", protocol=ICMP, icmp=(8, -1)),)))
    request, reply = (acl.lane((4, ICMP, pair), egress=False) for pair in ((8, 0), (0, 0)))
    assert request.allows(REMOTE, 0, 0) is not None
    assert reply.allows(REMOTE, 0, 0) is None


def test_what_is_kept_of_refusals_is_bounded() -> None:
    entries = lane(entry(1, "deny"))
    for high in range(1025, 1025 + MOST_REFUSALS + 9):
        entries.refuse(REMOTE, PortSet.of(1024, high))
    assert len(entries._refusals) <= MOST_REFUSALS


def test_an_entry_is_written_with_its_direction() -> None:
    written = write_entry(entry(7, "deny", "10.0.0.0/8", egress=True), "denies")
    assert written == "entry 7 denies all traffic to 10.0.0.0/8"
