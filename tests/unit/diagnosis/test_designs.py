"""What is absent by design, and what another fault leaves without meaning, is no cause."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.finding import Role
from netprobe.model.observation import Outcome
from netprobe.model.workloads import ApiKind
from tests.builders import (
    api,
    endpoint,
    function,
    interface,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
    vpc,
)
from tests.name_builders import record, zone
from tests.unit.diagnosis.cases import (
    case_of,
    changed,
    names_of,
    seen,
    service_target,
    target_of,
)
from tests.unit.diagnosis.isolated import CLOSED, host_target

IPV6_ONLY = route_table(routes=(route("::/0", "eigw-1"),))
NO_NAT = ("nat-1",)

ROOTS: dict[str, tuple[tuple[Any, ...], set[str]]] = {
    "made for IPv6, whose group is closed": (
        changed(
            IPV6_ONLY,
            security_group(egress=(rule("0.0.0.0/0"),)),
            gone=NO_NAT,
        ),
        {"sg-egress-missing-v6"},
    ),
    "made for IPv6, whose route is gone": (
        changed(route_table(routes=()), gone=NO_NAT),
        {"route-v6-no-default"},
    ),
    "made for both, and both routes are gone": (
        changed(route_table(routes=())),
        {"route-v4-no-default-route", "route-v6-no-default"},
    ),
    "made for neither": (
        changed(route_table(routes=()), gone=("nat-1", "eigw-1")),
        {"route-v4-no-default-route", "route-v6-no-default"},
    ),
    "IPv4 beside NAT64, whose route is gone": (
        changed(
            route_table(routes=(route("::/0", "eigw-1"),)),
            subnet("subnet-private", "10.0.1.0/24", "2001:db8:1:1::/64", enable_dns64=True),
            security_group(egress=(rule("0.0.0.0/0"),)),
        ),
        {"sg-egress-missing-v6"},
    ),
}


@pytest.mark.parametrize("name", ROOTS)
def test_family_that_was_never_meant_is_no_root_cause(name: str) -> None:
    """Beside a fault of the one that was; where neither was, both are missing."""
    resources, expected = ROOTS[name]

    assert names_of(case_of(snapshot(*resources)), Role.ROOT_CAUSE) == expected


def test_gateway_that_nothing_uses_tells_what_was_meant() -> None:
    """An egress-only gateway is for IPv6, though the route and the function's flag are gone."""
    account = snapshot(*changed(route_table(routes=()), gone=NO_NAT))
    case = case_of(account, sources=(source(ipv6_allowed=False),))

    assert names_of(case, Role.ROOT_CAUSE) == {"route-v6-no-default", "lambda-ipv6-not-allowed"}


def test_plain_name_is_the_cause_where_the_route_beside_ipv6_is_for_others() -> None:
    """A function has no public IPv4 address: the internet gateway is no way of its own."""
    table = route_table(routes=(route("::/0", "eigw-1"), route("0.0.0.0/0", "igw-1")))
    plain = host_target("ssm.us-east-1.amazonaws.com")
    observations = {
        ("subnet-private", plain.id, "ipv4"): seen(Outcome.TIMEOUT),
        ("subnet-private", plain.id, "ipv6"): seen(Outcome.DNS_NODATA),
    }
    case = case_of(snapshot(*changed(table, gone=NO_NAT)), (plain,), observations=observations)

    assert names_of(case, Role.ROOT_CAUSE) == {"sdk-not-dualstack"}


def test_group_for_the_endpoint_alone_is_none_beside_the_endpoints_own_fault() -> None:
    """With private DNS back on, the call goes where the group lets it."""
    ssm = endpoint("vpce-ssm", "ssm", private_dns_enabled=False)
    tight = security_group(egress=(rule("10.0.0.0/16", "443"),))
    case = case_of(snapshot(*CLOSED, ssm, tight), (service_target("ssm"),))

    assert names_of(case, Role.ROOT_CAUSE) == {"endpoint-private-dns-disabled"}
    assert "sg-egress-endpoint-only" in names_of(case, Role.CONTRIBUTING)


def test_group_that_is_closed_to_the_endpoint_too_stays_a_cause() -> None:
    """It would stop the call when private DNS is back on."""
    ssm = endpoint("vpce-ssm", "ssm", private_dns_enabled=False)
    tight = security_group(egress=(rule("0.0.0.0/0", "80"),))
    case = case_of(snapshot(*CLOSED, ssm, tight), (service_target("ssm"),))

    assert "sg-egress-missing-v4" in names_of(case, Role.ROOT_CAUSE)


def test_dns_attributes_are_the_cause_where_a_private_api_lacks_nothing_else() -> None:

    private = api("private1", ApiKind.REST, endpoint_type="PRIVATE", stages=("prod",))
    account = snapshot(*CLOSED, private, endpoint(), vpc(enable_dns_hostnames=False))
    case = case_of(account, (target_of(private),))

    assert names_of(case, Role.ROOT_CAUSE) == {"vpc-dns-support-off"}


def test_group_without_the_prefix_list_stays_a_cause_beside_a_missing_gateway_endpoint() -> None:
    """S3 keeps its public addresses behind a gateway endpoint, and the group would stop them."""
    tight = security_group(egress=(rule("10.0.0.0/16", "443"),))
    case = case_of(snapshot(*CLOSED, tight), (service_target("s3"),))

    assert names_of(case, Role.ROOT_CAUSE) == {
        "gateway-endpoint-absent",
        "sg-egress-endpoint-only",
    }


def test_route_to_an_internet_gateway_is_no_ipv4_design_of_a_function() -> None:
    """IPv6 carries the calls, and its group is closed."""
    public = route_table(routes=(route("0.0.0.0/0", "igw-1"), route("::/0", "eigw-1")))
    closed = security_group(egress=(rule("0.0.0.0/0"),))
    case = case_of(snapshot(*changed(public, closed, gone=NO_NAT)))

    assert names_of(case, Role.ROOT_CAUSE) == {"sg-egress-missing-v6"}


UNUSED_IPV6 = (function(ipv6_allowed=False), security_group(egress=(rule("0.0.0.0/0"),)))
"""Subnets have IPv6 blocks, as many a module of Terraform's makes them, and nothing uses them."""
NO_IPV6_OUT = route_table(routes=(route("0.0.0.0/0", "nat-1"),))
IPV6_FAULTS = {"lambda-ipv6-not-allowed", "route-v6-no-default", "sg-egress-missing-v6"}
BROKEN_IPV4: dict[str, tuple[tuple[Any, ...], str]] = {
    "NAT gateway deleted": (
        (route_table(routes=(route("0.0.0.0/0", "nat-1", state="blackhole"),)),),
        "nat-deleted-blackhole",
    ),
    "group closed": (
        (NO_IPV6_OUT, security_group(egress=(rule("0.0.0.0/0", "80"),))),
        "sg-egress-missing-v4",
    ),
}


@pytest.mark.parametrize("name", BROKEN_IPV4)
def test_ipv6_that_nobody_uses_is_no_cause_of_a_broken_ipv4(name: str) -> None:
    resources, expected = BROKEN_IPV4[name]
    account = snapshot(*changed(*UNUSED_IPV6, *resources, gone=("eigw-1",)))
    case = case_of(account, sources=[source(ipv6_allowed=False)])

    assert names_of(case, Role.ROOT_CAUSE) == {expected}
    assert names_of(case, Role.CONTRIBUTING) >= IPV6_FAULTS


def test_ipv6_that_nobody_uses_is_no_cause_of_a_closed_endpoint() -> None:
    endpoint_items = (
        endpoint("vpce-sm", "secretsmanager", network_interface_ids=("eni-sm",)),
        interface("eni-sm", "10.0.1.70", group_ids=("sg-endpoint",)),
        security_group("sg-endpoint"),
    )
    account = snapshot(*CLOSED, *UNUSED_IPV6, *endpoint_items)
    case = case_of(
        account, (service_target("secretsmanager"),), sources=[source(ipv6_allowed=False)]
    )

    assert names_of(case, Role.ROOT_CAUSE) == {"endpoint-sg-ingress-missing"}


def test_ipv6_that_keeps_the_client_waiting_is_a_cause_whatever_was_meant() -> None:
    """boto3 tries it first, and mending IPv4 would leave every call to hang on it."""
    gone = route_table(routes=(route("0.0.0.0/0", "nat-1", state="blackhole"),))
    case = case_of(snapshot(*changed(gone, gone=("eigw-1",))))

    assert names_of(case, Role.ROOT_CAUSE) == {"nat-deleted-blackhole", "route-v6-no-default"}


def test_api_without_ipv6_is_the_cause_where_only_ipv6_leads_out() -> None:
    """A VPC made for IPv6 was never to have a route for IPv4."""
    old = api("old123", ApiKind.WEBSOCKET, ip_address_type="ipv4", stages=("prod",))
    case = case_of(snapshot(*changed(old, IPV6_ONLY, gone=NO_NAT)), (target_of(old),))

    assert names_of(case, Role.ROOT_CAUSE) == {"api-ipv4-only"}
    assert "route-v4-no-default-route" in names_of(case, Role.CONTRIBUTING)


FLAG_OFF = (function(ipv6_allowed=False), IPV6_ONLY)
DATABASE = (
    interface("eni-db", "10.0.1.99", group_ids=("sg-db",)),
    security_group("sg-db"),
    zone("corp.example", record("db.corp.example", "A", "10.0.1.99")),
)


def test_ipv4_inside_the_vpc_is_meant_whatever_leads_out() -> None:
    """Switching IPv6 on would not mend a database that has no IPv6."""
    account = snapshot(*changed(*FLAG_OFF, *DATABASE, gone=NO_NAT))
    target = host_target("db.corp.example", port=5432)
    case = case_of(account, (target,), sources=[source(ipv6_allowed=False)])

    assert "target-sg-ingress-missing" in names_of(case, Role.ROOT_CAUSE)


def test_ipv4_to_an_endpoint_is_meant_whatever_leads_out() -> None:
    closed = (
        endpoint("vpce-sm", "secretsmanager", network_interface_ids=("eni-sm",)),
        interface("eni-sm", "10.0.1.70", group_ids=("sg-endpoint",)),
        security_group("sg-endpoint"),
    )
    account = snapshot(*changed(*FLAG_OFF, *closed, gone=NO_NAT))
    case = case_of(
        account, (service_target("secretsmanager"),), sources=[source(ipv6_allowed=False)]
    )

    assert "endpoint-sg-ingress-missing" in names_of(case, Role.ROOT_CAUSE)


def test_ipv4_is_the_way_where_the_name_has_no_ipv6() -> None:
    """Only what says that there is no record is why IPv6 fails."""
    service = service_target("secretsmanager")
    observations = {
        ("subnet-private", service.id, "ipv6"): seen(Outcome.DNS_NODATA),
        ("subnet-private", service.id, "ipv4"): seen(Outcome.TIMEOUT, address="198.51.100.40"),
    }
    case = case_of(
        snapshot(*changed(*FLAG_OFF, gone=NO_NAT)),
        (service,),
        [source(ipv6_allowed=False)],
        observations,
    )

    assert "service-endpoint-absent" in names_of(case, Role.ROOT_CAUSE)


def test_client_that_knows_one_family_has_no_other_that_was_meant() -> None:
    gone = route_table(routes=(route("::/0", "eigw-1"),))
    case = case_of(
        snapshot(*changed(gone, security_group(egress=(rule("0.0.0.0/0"),)), gone=NO_NAT)),
        client="ipv4-only",
    )

    assert "route-v4-no-default-route" in names_of(case, Role.ROOT_CAUSE)
