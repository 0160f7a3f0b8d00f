"""Compiled route tables; which route wins is in test_routing."""

from __future__ import annotations

from netprobe.analysis.compiled_routes import CompiledTable
from tests.builders import address, prefix_list, route, route_table, snapshot


def test_every_flow_over_a_route_gets_the_same_hop() -> None:
    table = CompiledTable(snapshot(), route_table(routes=(route("0.0.0.0/0", "nat-1"),)))
    one, other = (table.lookup(4, int(address(text))) for text in ("198.51.100.10", "203.0.113.9"))
    assert one is not None
    assert other is not None
    assert one.hop is other.hop
    assert (one.hop.resource_id, one.hop.entry) == ("rtb-private", "0.0.0.0/0 -> nat-1")


def test_the_hop_of_a_main_table_says_so() -> None:
    table = CompiledTable(snapshot(), route_table(main=True))
    found = table.lookup(4, int(address("10.0.1.9")))
    assert found is not None
    assert found.hop.detail == "the VPC's main route table"


def test_lists_that_were_not_read_are_named_once() -> None:
    routes = (route("pl-8", "nat-1"), route("pl-9", "nat-1"))
    table = CompiledTable(snapshot(), route_table(routes=routes))
    assert table.unread == ("ec2:GetManagedPrefixListEntries",)


def test_rivals_have_the_same_prefix_and_rank_and_another_target() -> None:
    lists = (
        prefix_list("pl-a", ("198.51.100.0/24",), name="a"),
        prefix_list("pl-b", ("198.51.100.0/24", "198.51.0.0/16"), name="b"),
    )
    routes = (route("pl-a", "nat-1"), route("pl-b", "tgw-1"))
    table = CompiledTable(snapshot(*lists), route_table(routes=routes))
    both = table.lookup(4, int(address("198.51.100.10")))
    single = table.lookup(4, int(address("198.51.7.7")))
    assert both is not None
    assert single is not None
    assert ([item.target_id for item in both.rivals], single.rivals) == (["tgw-1"], ())
