"""What is paid for and could be had for nothing, over whole VPCs; crying wolf is a bug."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.fixes import costs
from netprobe.fixes.apply import apply_all
from netprobe.fixes.passages import passages
from netprobe.fixes.savings import savings
from netprobe.model.passage import Saving
from netprobe.model.resources import (
    BlockMode,
    BlockPublicAccess,
    BlockPublicAccessExclusion,
)
from netprobe.model.workloads import ApiKind
from tests.builders import (
    api,
    endpoint,
    gap,
    interface,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
)
from tests.unit.diagnosis.cases import address_target, case_of, changed, service_target, target_of

IPV4_API = api("abc123", ApiKind.WEBSOCKET, stages=("prod",))
IPV4_ROUTE = route_table(routes=(route("0.0.0.0/0", "nat-1"),))


def found(account: Any, **fields: Any) -> list[Saving]:
    case = case_of(account, **fields)
    return list(savings(case, tuple(passages(case))))


def test_gateway_that_carries_only_what_ipv6_would_carry_is_named_with_its_price() -> None:
    """The issue's own example: the changes are given, and what they save."""
    account = snapshot(*changed(IPV4_API, IPV4_ROUTE))
    (saving,) = found(account)

    assert (saving.id, saving.resource_id, saving.usd_per_month) == ("saving-1", "nat-1", 36.5)
    assert saving.says == (
        "of what was asked, only api:abc123 goes through nat-1, which IPv6 would carry for "
        "nothing (2 steps): if nothing else uses it, taking it away saves "
        "about 36.50 USD a month"
    )
    actions = {item.action for item in saving.changes}
    assert {"make-api-dual-stack", "set-route"} <= actions


def test_free_way_that_is_open_needs_no_change() -> None:
    """A client that tries IPv6 first does not use the gateway at all."""
    (saving,) = found(snapshot(*changed()))

    assert saving.changes == ()
    assert "which a free way carries already" in saving.says


def test_saving_whose_changes_are_made_needs_no_more() -> None:
    """What is proposed is what it takes."""
    account = snapshot(*changed(IPV4_API, IPV4_ROUTE))
    (saving,) = found(account)
    (after,) = found(apply_all(account, saving.changes))

    assert after.changes == ()


def test_client_that_tries_ipv4_first_keeps_its_gateway() -> None:
    """Java would wait for the family that is gone."""
    assert not found(snapshot(*changed()), client="java")


def test_gateway_that_something_else_needs_is_not_named() -> None:
    """One IPv4 address among what was asked is enough."""
    targets = [target_of(), address_target("198.51.100.10")]

    assert not found(snapshot(*changed()), targets=targets)


def test_survey_that_nobody_asked_for_is_told_apart() -> None:
    """The grid shows that it goes through the gateway too, so the sentence may not deny it."""
    surveyed = address_target("198.51.100.10", surveyed=True)
    (saving,) = found(snapshot(*changed()), targets=[target_of(), surveyed])

    assert saving.says.startswith(
        "of what was asked, netprobe's own survey apart, only api:abc123 goes through nat-1"
    )


def test_link_that_is_not_known_is_no_link() -> None:
    """An unread call, and an AAAA record that nobody has seen."""
    unread = changed(gone=("acl-1",))
    account = snapshot(*unread, gaps=(gap("ec2:DescribeNetworkAcls"),))

    assert not found(account)
    assert not found(snapshot(*changed()), targets=[service_target("kms")])


def test_price_of_another_region_is_not_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It saves what it costs."""
    monkeypatch.setattr(costs, "PRICED_REGION", "elsewhere")
    (saving,) = found(snapshot(*changed()))

    assert saving.usd_per_month is None
    assert saving.says.endswith("taking it away saves what it costs")


def test_bucket_over_the_nat_gateway_could_go_by_a_gateway_endpoint() -> None:
    """It is free, and the NAT gateway charges by the GB as well."""
    account = snapshot(*changed(prefix_list()))
    (saving,) = found(account, targets=[service_target("s3")])

    assert {item.action for item in saving.changes} == {"create-gateway-endpoint"}
    assert "which a gateway endpoint would carry for nothing (1 step)" in saving.says


def test_interface_endpoint_for_s3_could_be_a_gateway_endpoint() -> None:
    """Free and paid serve the same name."""
    items = (
        endpoint("vpce-s3i", "s3", private_dns_only_for_inbound=False),
        interface("eni-endpoint", "10.0.1.50", group_ids=("sg-endpoint",)),
        security_group("sg-endpoint", ingress=(rule("10.0.0.0/16"),)),
        prefix_list(),
        route_table(routes=()),
    )
    (saving,) = found(snapshot(*changed(*items)), targets=[service_target("s3")])

    assert (saving.resource_id, saving.usd_per_month) == ("vpce-s3i", 7.3)
    assert "create-gateway-endpoint" in {item.action for item in saving.changes}


def test_endpoint_that_keeps_a_service_inside_is_not_taken_away() -> None:
    """Its calls would go over the internet instead, which is no saving anybody asked for."""
    account = snapshot(
        *changed(),
        endpoint("vpce-secrets", "secretsmanager"),
        interface("eni-endpoint", "10.0.1.50", group_ids=("sg-endpoint",)),
        security_group("sg-endpoint", ingress=(rule("10.0.0.0/16"),)),
    )

    assert found(account, targets=[service_target("secretsmanager")]) == []


def test_block_public_access_is_not_lifted_to_save_money() -> None:
    account = changed(IPV4_API, IPV4_ROUTE)
    nat_let_out = BlockPublicAccess(
        mode=BlockMode.BLOCK_BIDIRECTIONAL,
        exclusions=(BlockPublicAccessExclusion(resource_id="subnet-public", mode="allow-egress"),),
    )

    assert found(snapshot(*account))
    assert found(snapshot(*account, nat_let_out)) == []
