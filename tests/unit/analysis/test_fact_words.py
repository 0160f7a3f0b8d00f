"""How facts of the configuration are written."""

from __future__ import annotations

from dataclasses import fields

import pytest

from netprobe.analysis.fact_words import kind_of, part_of, plural_of, write_policy, write_value
from netprobe.model.names import ResourceRecord
from netprobe.model.snapshot import Snapshot
from tests.builders import entry, network, route


@pytest.mark.parametrize(
    ("field", "one", "several"),
    [
        ("route_tables", "route table", "route tables"),
        ("vpc_endpoints", "VPC endpoint", "VPC endpoints"),
        ("network_acls", "network ACL", "network ACLs"),
        ("bucket_policies", "bucket", "buckets"),
        ("dhcp_options", "DHCP option set", "DHCP option sets"),
    ],
)
def test_kinds_have_people_s_names(field: str, one: str, several: str) -> None:
    """One of it, and several."""
    assert (kind_of(field), plural_of(field)) == (one, several)


def test_no_kind_is_written_as_code() -> None:
    """Whatever a snapshot comes to hold."""
    assert not [item.name for item in fields(Snapshot) if "_" in kind_of(item.name)]


def test_part_without_words_of_its_own_is_its_name() -> None:
    """So a field that is added later is told all the same."""
    assert part_of("ipv6_allowed") == "IPv6 for outgoing calls (Ipv6AllowedForDualStack)"
    assert part_of("brand_new_flags") == "brand new flag"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "none"),
        ((), "none"),
        (True, "on"),
        (False, "off"),
        (0, "0"),
        ("dualstack", "dualstack"),
        (frozenset({"b", "a"}), "a, b"),
        (network("10.0.0.0/8"), "10.0.0.0/8"),
        (route("::/0", "eigw-1"), "::/0 -> eigw-1"),
        (entry(90, "deny"), "entry 90 denies all traffic from 0.0.0.0/0"),
        (
            ResourceRecord(name="a.example", type="A", values=("192.0.2.1",)),
            "a.example, type A, value 192.0.2.1",
        ),
    ],
)
def test_values_are_written_as_people_write_them(value: object, written: str) -> None:
    """Nothing is Python's own notation."""
    assert write_value(value) == written


def test_policy_is_named_and_not_quoted() -> None:
    """Its text fills pages."""
    assert write_policy('{"Statement": []}') == "a policy"
    assert write_policy(None) == "none"
