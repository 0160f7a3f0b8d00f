"""Where a flow may go."""

from __future__ import annotations

import pytest

from netprobe.errors import NetprobeError, UsageError
from netprobe.model.addresses import Family
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Database, LoadBalancer
from netprobe.workflows.flow_destinations import (
    AddressEnd,
    FlowDestinations,
    InterfaceEnd,
    NameEnd,
)
from netprobe.workflows.flow_sources import UnreadEndError
from tests.builders import (
    API_HOST,
    address,
    api,
    endpoint,
    gap,
    gateway_endpoint,
    interface,
    snapshot,
    working_vpc,
)

WEB = interface("eni-web", "10.0.1.20", "10.0.1.21", "2001:db8:1:1::20", instance_id="i-web")
BALANCER = LoadBalancer(
    load_balancer_arn="arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/50dc",
    name="web",
    dns_name="internal-web-1.us-east-1.elb.amazonaws.com",
)
GRAPH = Database(
    database_arn="arn:aws:rds:us-east-1:123456789012:cluster:graph",
    engine="neptune",
    host="graph.example.com",
    port=8182,
)


class Hosts:
    """Names that tell what they were asked for."""

    def host(self, service: str, *, dual_stack: bool) -> str:
        return f"{service}.{'dual' if dual_stack else 'plain'}.example.com"


def world(*items: object) -> Snapshot:
    return snapshot(*working_vpc(), WEB, api(), GRAPH, *items, load_balancers=(BALANCER,))


def find(text: str, *items: object) -> object:
    return FlowDestinations(world(*items), Hosts()).find(text)


@pytest.mark.parametrize("text", ["198.51.100.10", "3fff:a::10", "169.254.169.253", "10.0.0.2"])
def test_address_is_taken_as_it_is(text: str) -> None:
    """Of either family, inside or outside."""
    assert find(text) == AddressEnd(address=address(text))


@pytest.mark.parametrize("text", ["eni-web", "i-web"])
def test_resource_is_reached_at_its_primary_addresses(text: str) -> None:
    """One of each family."""
    primary = {Family.IPV4: address("10.0.1.20"), Family.IPV6: address("2001:db8:1:1::20")}

    assert find(text) == InterfaceEnd(id=text, addresses=primary)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("www.example.com", "www.example.com"),
        ("WWW.Example.COM.", "www.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("api:abc123", API_HOST),
        ("api:abc123/prod", API_HOST),
        ("service:ssm", "ssm.plain.example.com"),
        ("service:ssm+dualstack", "ssm.dual.example.com"),
        (BALANCER.dns_name, BALANCER.dns_name),
        (BALANCER.load_balancer_arn, BALANCER.dns_name),
        (GRAPH.database_arn, "graph.example.com"),
    ],
)
def test_names_are_resolved_later(text: str, host: str) -> None:
    """What they lead to depends on who asks."""
    assert find(text) == NameEnd(host=host)


def test_interface_endpoint_is_reached_by_its_own_name() -> None:
    """Its regional one, else at its interfaces."""
    named = endpoint(dns_names=("vpce-1-abc.execute-api.us-east-1.vpce.amazonaws.com",))
    bare = endpoint("vpce-2", network_interface_ids=("eni-web",))

    assert find("vpce-1", named) == NameEnd(host=named.dns_names[0])
    assert find("vpce-2", bare) == InterfaceEnd(
        id="vpce-2",
        addresses={Family.IPV4: address("10.0.1.20"), Family.IPV6: address("2001:db8:1:1::20")},
    )


def test_gateway_endpoint_has_no_address() -> None:
    """The service behind it is what can be named."""
    with pytest.raises(NetprobeError, match=r"it is a Gateway endpoint.*service:s3"):
        find("vpce-s3", gateway_endpoint())


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",  # noqa: S104 # nothing is bound
        "::",
        "127.0.0.1",
        "::1",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
    ],
)
def test_addresses_that_no_packet_carries(text: str) -> None:
    """A verdict about them would mean nothing."""
    with pytest.raises(UsageError, match="cannot be a destination"):
        find(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("eni-wep", "did you mean eni-web"),
        ("10.0.0.0/8", "an address, eni-…"),
        ("10.0.0", "an address, eni-…"),
        ("https://example.com/", "an address, eni-…"),
        ("localhost", "an address, eni-…"),
        ("a..b", "an address, eni-…"),
        ("eni-0123456789abcdef0", "an address, eni-…"),
        ("api:abc124", "did you mean api:abc123"),
        (f"{'a' * 64}.example.com", "an address, eni-…"),
    ],
)
def test_what_is_no_destination(text: str, hint: str) -> None:
    """The nearest, or the forms there are."""
    with pytest.raises(NetprobeError, match=hint):
        find(text)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("eni-9", "ec2:DescribeNetworkInterfaces"),
        ("i-9", "ec2:DescribeInstances"),
        ("vpce-9", "ec2:DescribeVpcEndpoints"),
        ("api:zzz", "apigateway:GetRestApis"),
        ("api:zzz", "apigatewayv2:GetApis"),
    ],
)
def test_destination_that_may_exist_unread(text: str, call: str) -> None:
    """The call that would tell is named."""
    with pytest.raises(UnreadEndError, match=call):
        find(text, gap(call))
