"""The defaults of what decides about names are those AWS documents for absent fields."""

from __future__ import annotations

import pytest

from netprobe.model.names import DomainName, FirewallRule, HostedZone, ResourceRecord


def test_a_custom_domain_name_is_regional_and_of_type_ipv4() -> None:
    domain = DomainName(domain_name="api.example.com")
    assert (domain.endpoint_type, domain.ip_address_type) == ("REGIONAL", "ipv4")


def test_a_rule_of_dns_firewall_inspects_every_name_and_every_type() -> None:
    rule = FirewallRule(vpc_id="vpc-1", priority=(1, 1), action="BLOCK")
    assert (rule.trusts_redirection, rule.query_type) == (False, None)


def test_domains_that_were_not_read_are_not_an_empty_list() -> None:
    assert FirewallRule(vpc_id="vpc-1", priority=(1, 1), action="BLOCK").domains is None


def test_a_record_without_a_routing_policy_is_decided() -> None:
    assert ResourceRecord(name="db.corp.example", type="A").decided


def test_zones_and_records_can_be_looked_up_by_value() -> None:
    zone = HostedZone(hosted_zone_id="Z1", name="corp.example")
    assert len({zone, HostedZone(hosted_zone_id="Z1", name="corp.example")}) == 1
    with pytest.raises(AttributeError):
        zone.name = "other.example"  # type: ignore[misc] # it is frozen
