"""What the VPC's resolver answers, and what a trace by name makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.name_resolution import find_api, resolve
from netprobe.model.addresses import Family
from netprobe.model.trace import Component, Disposition, Resolution
from netprobe.model.workloads import ApiKind
from tests.builders import (
    API_HOST,
    PUBLIC_IPV4,
    PUBLIC_IPV6,
    address,
    api,
    dhcp_options,
    endpoint,
    endpoint_service,
    gap,
    gateway_endpoint,
    interface,
    network,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    vpc,
)
from tests.name_builders import firewall_rule
from tests.unit.analysis.situations import trace_to

V4, V6 = Family.IPV4, Family.IPV6
SSM, S3 = "ssm.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"
SECRETS = "secretsmanager.us-east-1.amazonaws.com"
ENI = interface("eni-endpoint", "10.0.1.9", "2001:db8:1:1::9", group_ids=("sg-endpoint",))
DUAL = endpoint(ip_address_type="dualstack")
ADMITS = security_group("sg-endpoint", ingress=(rule("0.0.0.0/0"), rule("::/0")))
VPCE_NAME = "vpce-1-abc.execute-api.us-east-1.vpce.amazonaws.com"


def ask(
    items: tuple[Any, ...], name: str, family: Family, *observed: str, **fields: Any
) -> Resolution:
    seen = tuple(address(text) for text in observed)
    return resolve(snapshot(vpc(), *items, **fields), "vpc-1", name, family, seen)


# (items, name, family): exists, origin, endpoint id, captured, unserved
ANSWERS: dict[str, tuple[tuple[Any, ...], str, Family, tuple[Any, ...]]] = {
    "API of type ipv4, A": ((api(),), API_HOST, V4, (True, "public", None, False, False)),
    "API of type ipv4, AAAA": ((api(),), API_HOST, V6, (False, "public", None, False, False)),
    "API of type dualstack, AAAA": (
        (api(ip_address_type="dualstack"),),
        API_HOST,
        V6,
        (True, "public", None, False, False),
    ),
    "host in capitals with a final dot": (
        (api(),),
        f"{API_HOST.upper()}.",
        V6,
        (False, "public", None, False, False),
    ),
    "API that was not read, A": ((), API_HOST, V4, (True, "public", None, False, False)),
    "API that was not read, AAAA": ((), API_HOST, V6, (None, "public", None, False, False)),
    "private API without an endpoint": (
        (api(endpoint_type="PRIVATE", ip_address_type="dualstack"),),
        API_HOST,
        V6,
        (True, "public", None, False, True),
    ),
    "private API behind an endpoint": (
        (api(endpoint_type="PRIVATE"), endpoint(), ENI),
        API_HOST,
        V4,
        (True, "private-dns", "vpce-1", False, False),
    ),
    "WebSocket API captured by an endpoint": (
        (api(), endpoint(), ENI),
        API_HOST,
        V4,
        (True, "private-dns", "vpce-1", True, False),
    ),
    "captured API without an AAAA record": (
        (api(kind=ApiKind.REST, ip_address_type="dualstack"), endpoint(), ENI),
        API_HOST,
        V6,
        (False, "private-dns", "vpce-1", True, False),
    ),
    "API that was not read, behind an endpoint": (
        (endpoint(), ENI),
        API_HOST,
        V4,
        (True, "private-dns", "vpce-1", False, False),
    ),
    "bare execute-api name behind an endpoint": (
        (endpoint(), ENI),
        "execute-api.us-east-1.amazonaws.com",
        V4,
        (True, "private-dns", "vpce-1", False, False),
    ),
    "private DNS off": (
        (api(), endpoint(private_dns_enabled=False)),
        API_HOST,
        V4,
        (True, "public", None, False, False),
    ),
    "endpoint of another VPC": (
        (api(), endpoint(vpc_id="vpc-2")),
        API_HOST,
        V4,
        (True, "public", None, False, False),
    ),
    "endpoint that waits for acceptance": (
        (api(), endpoint(state="pendingAcceptance")),
        API_HOST,
        V4,
        (True, "public", None, False, False),
    ),
    "endpoint of another service": (
        (api(), endpoint(service="ssm")),
        API_HOST,
        V4,
        (True, "public", None, False, False),
    ),
    "enableDnsHostnames off": (
        (vpc(enable_dns_hostnames=False), api(), endpoint()),
        API_HOST,
        V4,
        (True, "public", None, False, False),
    ),
    "enableDnsSupport off": (
        (vpc(enable_dns_support=False), api()),
        API_HOST,
        V4,
        (False, "none", None, False, False),
    ),
    "custom resolver": (
        (vpc(dhcp_options_id="dopt-1"), dhcp_options("10.0.5.5"), endpoint(), api()),
        API_HOST,
        V6,
        (None, "public", None, False, False),
    ),
    "option set with the Amazon resolver": (
        (vpc(dhcp_options_id="dopt-1"), dhcp_options("AmazonProvidedDNS"), api()),
        API_HOST,
        V6,
        (False, "public", None, False, False),
    ),
    "no option set": (
        (vpc(dhcp_options_id="default"), api()),
        API_HOST,
        V6,
        (False, "public", None, False, False),
    ),
    "service behind its endpoint": (
        (endpoint(service="ssm"), ENI),
        SSM,
        V4,
        (True, "private-dns", "vpce-1", False, False),
    ),
    "dual-stack endpoint, AAAA": (
        (endpoint(service="ssm", ip_address_type="dualstack"), ENI),
        SSM,
        V6,
        (True, "private-dns", "vpce-1", False, False),
    ),
    "dual-stack endpoint with A records only": (
        (endpoint(service="ssm", ip_address_type="dualstack", dns_record_ip_type="ipv4"), ENI),
        SSM,
        V6,
        (False, "private-dns", "vpce-1", False, False),
    ),
    "dual-stack endpoint, service-defined records": (
        (
            endpoint(
                service="ssm", ip_address_type="dualstack", dns_record_ip_type="service-defined"
            ),
        ),
        SSM,
        V6,
        (False, "private-dns", "vpce-1", False, False),
    ),
    "name that only AWS's list tells": (
        (
            endpoint(service="ssm"),
            endpoint_service("ssm", "ssm.us-east-1.api.aws"),
            endpoint_service("kms", "kms.us-east-1.api.aws"),
        ),
        "ssm.us-east-1.api.aws",
        V4,
        (True, "private-dns", "vpce-1", False, False),
    ),
    "name that only the endpoint's own entries tell": (
        (endpoint(service="vpce-svc-1", dns_names=("db.example.com", VPCE_NAME)),),
        "db.example.com",
        V4,
        (True, "private-dns", "vpce-1", False, False),
    ),
    "dual-stack name that the endpoint does not list": (
        (endpoint(service="ssm"),),
        "ssm.us-east-1.api.aws",
        V6,
        (True, "public", None, False, False),
    ),
    "S3 with both kinds of endpoint stays public": (
        (endpoint(service="s3"), gateway_endpoint()),
        S3,
        V4,
        (True, "public", None, False, False),
    ),
    "S3 with an interface endpoint": (
        (endpoint(service="s3"),),
        f"bucket.{S3}",
        V4,
        (True, "private-dns", "vpce-1", False, False),
    ),
    "DynamoDB interface endpoints have no private DNS": (
        (endpoint(service="dynamodb"),),
        "dynamodb.us-east-1.amazonaws.com",
        V4,
        (True, "public", None, False, False),
    ),
    "endpoint-specific name": (
        (endpoint(private_dns_enabled=False), ENI),
        VPCE_NAME,
        V4,
        (True, "public", "vpce-1", False, False),
    ),
    "endpoint-specific name, service-defined records": (
        (
            endpoint(
                private_dns_enabled=False,
                ip_address_type="dualstack",
                dns_record_ip_type="service-defined",
            ),
        ),
        VPCE_NAME,
        V6,
        (True, "public", "vpce-1", False, False),
    ),
    "alias of a private API": (
        (api(endpoint_type="PRIVATE"), endpoint(private_dns_enabled=False), ENI),
        "abc123-vpce-1.execute-api.us-east-1.amazonaws.com",
        V4,
        (True, "public", "vpce-1", False, False),
    ),
    "endpoint-specific name of an unknown endpoint": (
        (),
        "vpce-9-abc.ssm.us-east-1.vpce.amazonaws.com",
        V4,
        (None, "public", None, False, False),
    ),
    "service with both families under its plain name": (
        (),
        SECRETS,
        V6,
        (True, "public", None, False, False),
    ),
    "service whose AAAA comes and goes": ((), SSM, V6, (None, "public", None, False, False)),
    "any other name": ((), "www.example.com", V4, (None, "public", None, False, False)),
    "address of the family": ((), PUBLIC_IPV4, V4, (True, "literal", None, False, False)),
    "address of the other family": ((), PUBLIC_IPV4, V6, (False, "literal", None, False, False)),
    "address in brackets": ((), f"[{PUBLIC_IPV6}]", V6, (True, "literal", None, False, False)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_resolver_answers_as_configured(name: str) -> None:
    items, host, family, expected = ANSWERS[name]
    answer = ask(items, host, family)
    assert (
        answer.exists,
        answer.origin,
        answer.endpoint_id,
        answer.captured,
        answer.unserved,
    ) == expected


def test_private_dns_answers_with_the_interfaces_of_the_endpoint() -> None:
    assert ask((endpoint(), ENI), API_HOST, V4).addresses == (address("10.0.1.9"),)
    assert ask((DUAL, ENI), API_HOST, V6).addresses == (address("2001:db8:1:1::9"),)


def test_the_address_that_the_probe_saw_is_taken_among_those_of_the_endpoint() -> None:
    both = interface("eni-endpoint", "10.0.1.9", "10.0.1.10")
    answer = ask((endpoint(), both), API_HOST, V4, "10.0.1.10")
    assert answer.addresses == (address("10.0.1.10"),)


def test_what_the_probe_saw_never_overrides_an_endpoint() -> None:
    answer = ask((endpoint(), ENI), API_HOST, V4, PUBLIC_IPV4)
    assert (answer.origin, answer.addresses) == ("private-dns", (address("10.0.1.9"),))


def test_what_the_probe_saw_never_makes_a_record_that_configuration_denies() -> None:
    answer = ask((api(),), API_HOST, V6, PUBLIC_IPV6)
    assert (answer.exists, answer.origin) == (False, "public")


@pytest.mark.parametrize("name", [API_HOST, SSM, "www.example.com"])
def test_what_the_probe_saw_gives_the_address_of_a_public_name(name: str) -> None:
    answer = ask((), name, V4, PUBLIC_IPV6, PUBLIC_IPV4)
    assert (answer.exists, answer.origin, answer.assumed) == (True, "observed", False)
    assert answer.addresses == (address(PUBLIC_IPV4),)


def test_s3_is_at_an_address_of_its_prefix_list() -> None:
    lists = (prefix_list("pl-other", name="mine"), prefix_list())
    answer = ask(lists, S3, V4)
    assert (answer.addresses, answer.assumed) == ((address("198.51.100.129"),), True)
    assert ask(lists, S3, V6).addresses == ()


GAPS = {
    "ec2:DescribeVpcEndpoints": ((), API_HOST, V4),
    "ec2:DescribeDhcpOptions": ((vpc(dhcp_options_id="dopt-1"),), "www.example.com", V4),
    "ec2:DescribeVpcAttribute": ((vpc(enable_dns_support=None),), "www.example.com", V4),
    "apigateway:GetRestApis": ((), API_HOST, V6),
    "apigatewayv2:GetApis": ((), API_HOST, V6),
    "ec2:DescribeNetworkInterfaces": ((endpoint(),), API_HOST, V4),
}


@pytest.mark.parametrize("call", GAPS)
def test_a_gap_makes_the_answer_and_the_trace_unknown(call: str) -> None:
    items, name, family = GAPS[call]
    assert ask(items, name, family, gaps=(gap(call),)).unread == (call,)
    answer = trace_to((*items, ADMITS), name, family, gaps=(gap(call),))
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())
    assert call in answer.unread


@pytest.mark.parametrize("call", GAPS)
def test_what_the_probe_saw_fills_the_gap(call: str) -> None:
    items, name, family = GAPS[call]
    seen = "10.0.1.9" if call == "ec2:DescribeNetworkInterfaces" else PUBLIC_IPV4
    observed = seen if family is V4 else PUBLIC_IPV6
    answer = ask(items, name, family, observed, gaps=(gap(call),))
    assert (answer.unread, answer.addresses) == ((), (address(observed),))


def test_an_attribute_that_private_dns_needs_and_nobody_read_is_unknown() -> None:
    answer = ask((vpc(enable_dns_hostnames=None), endpoint()), API_HOST, V4)
    assert answer.unread == ("ec2:DescribeVpcAttribute",)


def test_an_unread_vpc_is_unknown() -> None:
    assert resolve(snapshot(), "vpc-1", API_HOST, V4).unread == ("ec2:DescribeVpcs",)


def test_a_gap_that_the_name_does_not_need_changes_nothing() -> None:
    answer = ask((), "www.example.com", V4, gaps=(gap("ec2:DescribeVpcEndpoints"),))
    assert answer.unread == ()


def test_an_api_is_found_by_its_default_host_only() -> None:
    shot = snapshot(api())
    assert find_api(shot, API_HOST) == api()
    assert find_api(shot, "abc123.example.com") is None
    assert find_api(shot, "execute-api.us-east-1.amazonaws.com") is None


NAMES_BLOCKED: dict[str, tuple[tuple[Any, ...], str, Family, list[tuple[str, str, str]]]] = {
    "API of type ipv4": (
        (api(),),
        API_HOST,
        V6,
        [("api", "no-address-record", "abc123")],
    ),
    "endpoint hides the AAAA record": (
        (api(ip_address_type="dualstack"), endpoint(), ENI),
        API_HOST,
        V6,
        [("resolver", "no-address-record", "vpce-1")],
    ),
    "no resolver": (
        (vpc(enable_dns_support=False),),
        "www.example.com",
        V4,
        [("resolver", "no-resolver", "vpc-1")],
    ),
    "private API without an endpoint": (
        (api(endpoint_type="PRIVATE"),),
        API_HOST,
        V4,
        [("api", "api-is-private", "abc123")],
    ),
    "address of the other family": (
        (),
        PUBLIC_IPV4,
        V6,
        [("resolver", "no-address-record", PUBLIC_IPV4)],
    ),
    "DNS Firewall": (
        (firewall_rule(1, "BLOCK", "*.example.com"),),
        "www.example.com",
        V4,
        [("resolver", "dns-firewall", "rslvr-frg-1")],
    ),
    "what blocks behind a missing record is found too": (
        (api(), route_table(routes=(route("0.0.0.0/0", "nat-1"),))),
        API_HOST,
        V6,
        [
            ("api", "no-address-record", "abc123"),
            ("route-table", "no-route", "rtb-private"),
        ],
    ),
}


@pytest.mark.parametrize("name", NAMES_BLOCKED)
def test_a_name_blocks_like_anything_else_on_the_way(name: str) -> None:
    items, host, family, expected = NAMES_BLOCKED[name]
    answer = trace_to(items, host, family)
    found = [(item.component, item.reason, item.resource_id) for item in answer.blockers]
    assert found == expected
    assert answer.resolution is not None


def test_a_name_is_traced_to_the_interface_of_its_endpoint() -> None:
    answer = trace_to((endpoint(service="ssm"), ENI, ADMITS), SSM, V4)
    assert answer.disposition is Disposition.DELIVERED
    assert answer.request.hops[-1].component is Component.VPC_ENDPOINT


def test_an_endpoint_whose_interfaces_are_not_listed_is_met_in_its_subnet() -> None:
    items = (endpoint(service="ssm", network_interface_ids=()), ADMITS)
    answer = trace_to(items, SSM, V4)
    assert answer.disposition is Disposition.DELIVERED
    assert answer.flow.destination in network("10.0.1.0/24")


def test_an_endpoint_without_subnets_is_met_at_a_public_address() -> None:
    items = (endpoint(service="ssm", network_interface_ids=(), subnet_ids=()), ADMITS)
    assert trace_to(items, SSM, V4).flow.destination == address("192.0.2.1")


def test_s3_goes_through_its_gateway_endpoint() -> None:
    table = route_table(routes=(route("pl-s3", "vpce-s3"),))
    answer = trace_to((prefix_list(), gateway_endpoint(), table), S3, V4)
    assert (answer.disposition, answer.warnings) == (Disposition.DELIVERED, ())
