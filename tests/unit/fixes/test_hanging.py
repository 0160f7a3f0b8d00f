"""What a path hangs on is what breaks it when it is gone, and nothing else."""

from __future__ import annotations

from typing import Any

from netprobe.fixes import hanging
from netprobe.fixes.hanging import Hanging, take_away, without_resource
from netprobe.model.addresses import Family
from netprobe.model.trace import Component
from tests.builders import (
    endpoint,
    entry,
    interface,
    network_acl,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
)
from tests.unit.diagnosis.cases import case_of, changed, service_target


def said(*items: Any, family: Family = Family.IPV4, **fields: Any) -> list[str]:
    case = case_of(snapshot(*changed(*items)), **fields)
    path = next(item for item in case.paths if item.key.family is family)
    return [item.says for item in Hanging(case).on(path) or ()]


def test_every_single_thing_on_the_way_is_named() -> None:
    """Rules, entries, routes and gateways."""
    found = said(
        security_group(egress=(rule("0.0.0.0/0"),)),
        network_acl(entries=(entry(100, "allow", egress=True), entry(100, "allow"))),
    )

    assert "the rule of sg-1 that allows all traffic to 0.0.0.0/0" in found
    assert "the entry 100 allows all traffic to 0.0.0.0/0 in acl-1" in found
    assert "the route 0.0.0.0/0 -> nat-1 in rtb-private" in found
    assert "the route 0.0.0.0/0 -> igw-1 in rtb-public" in found
    assert any(item.startswith("nat-1") for item in found)
    assert "igw-1" in found


def test_rule_that_another_one_doubles_breaks_nothing() -> None:
    """Two rules allow it: neither is what it hangs on."""
    found = said(security_group(egress=(rule("0.0.0.0/0"), rule("0.0.0.0/0", "443", 6))))

    assert not any(item.startswith("the rule") for item in found)


def test_gateway_in_one_zone_is_named_with_it() -> None:
    """A zone that fails takes the other zones' way with it."""
    found = said(
        subnet(
            "subnet-public", "10.0.9.0/24", "2001:db8:1:9::/64", availability_zone="us-east-1b"
        ),
        subnet(availability_zone="us-east-1a"),
    )

    assert "nat-1, which is in us-east-1b alone, while subnet-private is in us-east-1a" in found


def test_endpoint_behind_which_another_way_opens_is_not_what_it_hangs_on() -> None:
    """Without its private DNS the name is public again, and the NAT gateway carries it."""
    ssm = (
        endpoint("vpce-ssm", "ssm", policy='{"Statement": [{"Effect": "Deny"}]}'),
        interface("eni-endpoint", "10.0.1.50", group_ids=("sg-endpoint",)),
        security_group("sg-endpoint", ingress=(rule("10.0.0.0/16"),)),
    )
    target = [service_target("ssm")]

    assert not any("vpce-ssm" in item for item in said(*ssm, targets=target))
    alone = said(*ssm, *without_nat(), targets=target)
    assert "vpce-ssm, which is in us-east-1a alone, and its policy" in alone


def without_nat() -> tuple[Any, ...]:
    account = without_resource(snapshot(*changed()), "nat-1")
    table = account.route_table("rtb-private")
    assert table is not None
    return (table,)


def test_function_hangs_on_its_flag_over_ipv6_only() -> None:
    """IPv4 needs no flag."""
    start = [source(function_name="notify")]

    assert "the IPv6 flag of notify" in said(sources=start, family=Family.IPV6)
    assert "the IPv6 flag of notify" not in said(sources=start)


def test_what_is_too_much_work_is_not_said(monkeypatch: Any) -> None:
    """None is not an empty list: nobody looked."""
    monkeypatch.setattr(hanging, "MOST_TAKEN", 1)
    case = case_of(snapshot(*changed()))

    assert Hanging(case).on(case.paths[0]) is None


def test_local_routes_cannot_be_taken_away() -> None:
    """AWS keeps them."""
    account = snapshot(*changed())

    assert take_away(account, Component.ROUTE_TABLE, "rtb-private", "10.0.0.0/16 -> local") is None
