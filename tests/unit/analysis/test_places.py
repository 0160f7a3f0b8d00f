"""Where a flow starts and ends."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from netprobe.analysis.fabric import Fabric
from netprobe.analysis.places import (
    locate_destination,
    locate_origin,
    representative_address,
)
from netprobe.model.addresses import Family, family_of
from netprobe.model.trace import Resolution
from tests.builders import (
    PUBLIC_IPV4,
    PUBLIC_IPV6,
    address,
    endpoint,
    gap,
    interface,
    snapshot,
    source,
    subnet,
    vpc,
)

LAMBDA = interface("eni-l", "10.0.1.99", group_ids=("sg-1",), interface_type="lambda")
OWN = interface("eni-1", "10.0.1.7", "2001:db8:1:1::7")

ORIGINS = {
    "a free address of the subnet": ((vpc(), subnet()), source(), PUBLIC_IPV4, "10.0.1.4"),
    "the next when that is taken": (
        (vpc(), subnet(), interface("eni-x", "10.0.1.4")),
        source(),
        PUBLIC_IPV4,
        "10.0.1.5",
    ),
    "of the flow's family": ((vpc(), subnet()), source(), PUBLIC_IPV6, "2001:db8:1:1::4"),
    "that of the interface": (
        (subnet(), OWN),
        source(interface_id="eni-1"),
        PUBLIC_IPV6,
        "2001:db8:1:1::7",
    ),
    "that of Lambda's interface": ((subnet(), LAMBDA), source(), PUBLIC_IPV4, "10.0.1.99"),
    "not that of other groups": (
        (subnet(), LAMBDA),
        source(security_group_ids=("sg-2",)),
        PUBLIC_IPV4,
        "10.0.1.4",
    ),
    "of the VPC when the subnet has no block": (
        (vpc(), subnet(ipv6=None)),
        source(),
        PUBLIC_IPV6,
        "2001:db8:1::4",
    ),
    "any when nothing is known": ((), source(), PUBLIC_IPV4, "0.0.0.4"),
    "of a block of two": ((subnet(ipv4="10.0.1.0/31"),), source(), PUBLIC_IPV4, "10.0.1.1"),
    "of a block of one": ((subnet(ipv4="10.0.1.1/32"),), source(), PUBLIC_IPV4, "10.0.1.1"),
}


@pytest.mark.parametrize("name", ORIGINS)
def test_the_source_address_is(name: str) -> None:
    items, start, destination, expected = ORIGINS[name]
    family = family_of(address(destination))
    origin = locate_origin(Fabric(snapshot(*items)), start, family)
    assert origin.address == address(expected)


def test_a_full_subnet_still_gives_an_address() -> None:
    taken = interface("eni-x", *map(str, ip_network("10.0.1.0/28")))
    shot = snapshot(subnet(ipv4="10.0.1.0/28"), taken)
    assert representative_address(shot, "subnet-private", Family.IPV4) == address("10.0.1.4")


def test_a_subnet_without_the_family_has_no_representative() -> None:
    assert (
        representative_address(snapshot(subnet(ipv6=None)), "subnet-private", Family.IPV6) is None
    )
    assert representative_address(snapshot(), "subnet-private", Family.IPV6) is None


# items, address: inside, subnet, groups
ENDS = {
    "an interface": (
        (vpc(), subnet(), interface("eni-1", "10.0.1.7", group_ids=("sg-x",))),
        "10.0.1.7",
        (True, "subnet-private", ("sg-x",)),
    ),
    "an interface of an endpoint": (
        (
            vpc(),
            subnet(),
            endpoint(),
            interface("eni-endpoint", "10.0.1.7", group_ids=("sg-x",)),
        ),
        "10.0.1.7",
        (True, "subnet-private", ("sg-x",)),
    ),
    "nothing in a subnet": ((vpc(), subnet()), "10.0.1.7", (True, "subnet-private", ())),
    "nothing in the VPC": ((vpc(), subnet()), "10.0.77.7", (True, None, ())),
    "outside": ((vpc(), subnet()), PUBLIC_IPV4, (False, None, ())),
    "outside, interfaces unread": (
        (vpc(), gap("ec2:DescribeNetworkInterfaces")),
        PUBLIC_IPV4,
        (False, None, ()),
    ),
    "inside, interfaces unread": (
        (vpc(), gap("ec2:DescribeNetworkInterfaces")),
        "10.0.1.7",
        (True, None, None),
    ),
    "VPC unread": ((), "10.0.1.7", (False, None, ())),
}


@pytest.mark.parametrize("name", ENDS)
def test_the_far_end_is(name: str) -> None:
    items, text, expected = ENDS[name]
    end = locate_destination(Fabric(snapshot(*items)), "vpc-1", address(text), None)
    assert (end.inside, end.subnet_id, end.group_ids) == expected


def test_a_name_that_an_endpoint_answers_leads_to_that_endpoint() -> None:
    resolution = Resolution(name="x", family=Family.IPV4, endpoint_id="vpce-1")
    shot = snapshot(vpc(), subnet(), endpoint())
    end = locate_destination(Fabric(shot), "vpc-1", address("10.0.1.7"), resolution)
    assert (end.endpoint, end.group_ids) == (endpoint(), ("sg-endpoint",))
