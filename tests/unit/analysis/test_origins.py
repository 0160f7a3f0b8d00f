"""Where sources start, remembered."""

from __future__ import annotations

from netprobe.analysis.fabric import Fabric
from netprobe.analysis.origins import MOST_SOURCES, Origins
from netprobe.model.addresses import Family
from tests.builders import address, snapshot, source, working_vpc

FABRIC = Fabric(snapshot(*working_vpc()))


def test_a_source_is_located_once_for_each_family() -> None:
    origins, start = Origins(FABRIC), source()
    ipv4, ipv6 = (origins.find(start, family) for family in Family)
    assert (ipv4.address, ipv6.address) == (address("10.0.1.4"), address("2001:db8:1:1::4"))
    assert origins.find(start, Family.IPV4) is ipv4


def test_sources_that_come_and_go_are_never_mistaken_for_each_other() -> None:
    origins = Origins(FABRIC)
    for number in range(MOST_SOURCES + 9):
        own = address(f"10.0.1.{5 + number % 99}")
        found = origins.find(source(addresses=(own,)), Family.IPV4)
        assert (found.address, found.known) == (own, True)
    assert len(origins._known) <= MOST_SOURCES
