"""What the name of a load balancer resolves to.

"DNS name" and "IP address type":
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from netprobe.analysis.places import READ_INTERFACES
from netprobe.analysis.questions import Question
from netprobe.model.addresses import Address, Family, family_of
from netprobe.model.resources import NetworkInterface
from netprobe.model.trace import Resolution
from netprobe.model.workloads import LoadBalancer

READ_LOAD_BALANCERS = "elbv2:DescribeLoadBalancers"

_DOMAIN = re.compile(r"\.elb(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$")
_WITHOUT_PUBLIC_IPV4 = "dualstack-without-public-ipv4"


def is_load_balancer_name(host: str) -> bool:
    """Tell whether a host is a load balancer's: ``.elb.amazonaws.com``, region before or after."""
    return _DOMAIN.search(host) is not None


def answer_load_balancer_name(question: Question) -> Resolution | None:
    """Return the addresses of a load balancer's interfaces, None for any other name."""
    if not is_load_balancer_name(question.host):
        return None
    found, zone = _find(question)
    if found is None:
        return _answer_unknown(question)
    exists = _has_record(found, question.family)
    if exists is False:
        detail = f"the address type of {found.name} is {found.ip_address_type}"
        return replace(question.blank, exists=False, detail=detail)
    addresses = tuple(_addresses(question, found, zone))
    if addresses:
        doubt = "" if exists else f"{found.name} is {found.ip_address_type}"
        return replace(question.blank, exists=exists, addresses=addresses, undecided=doubt)
    if not _is_internal(found):
        return replace(question.blank, exists=exists)
    unread = question.gaps(READ_INTERFACES)
    doubt = "" if unread else f"no interface of {found.name} is among those that were read"
    return replace(question.blank, exists=exists, unread=unread, undecided=doubt)


def load_balancer_interfaces(
    interfaces: Iterable[NetworkInterface], found: LoadBalancer
) -> Iterator[NetworkInterface]:
    """Yield the interfaces of a load balancer, which its ARN and their description tell.

    https://repost.aws/knowledge-center/elb-find-load-balancer-ip
    """
    description = f"ELB {found.load_balancer_arn.partition(':loadbalancer/')[2]}"
    return (item for item in interfaces if item.description == description)


def _find(question: Question) -> tuple[LoadBalancer | None, str | None]:
    """Return the load balancer a name is of, and the zone that a zonal name begins with."""
    host = question.host.removeprefix("dualstack.")
    first, _, rest = host.partition(".")
    for item in question.snapshot.load_balancers:
        if item.dns_name == host:
            return item, None
        if item.dns_name == rest:
            return item, first
    return None, None


def _answer_unknown(question: Question) -> Resolution:
    """Return the answer for a load balancer that is not among those that were read."""
    unread = question.gaps(READ_LOAD_BALANCERS)
    internal = question.host.removeprefix("dualstack.").startswith("internal-")
    doubt = "its load balancer is none that was read" if internal and not unread else ""
    return replace(question.blank, unread=unread, undecided=doubt)


def _has_record(found: LoadBalancer, family: Family) -> bool | None:
    """Tell whether a load balancer's name has a record of the family.

    https://aws.amazon.com/blogs/networking-and-content-delivery/introducing-dual-stack-without-public-ipv4-application-load-balancer/
    """
    if family is Family.IPV6:
        return found.ip_address_type.startswith("dualstack")
    return None if found.ip_address_type == _WITHOUT_PUBLIC_IPV4 else True


def _addresses(question: Question, found: LoadBalancer, zone: str | None) -> Iterator[Address]:
    """Yield the addresses of the family: public ones of load balancers that face the internet."""
    snapshot = question.snapshot
    for interface in load_balancer_interfaces(snapshot.network_interfaces, found):
        subnet = snapshot.subnet(interface.subnet_id)
        if zone is not None and (subnet is None or subnet.availability_zone != zone):
            continue
        public = question.family is Family.IPV4 and not _is_internal(found)
        for address in interface.public_addresses if public else interface.addresses:
            if family_of(address) is question.family:
                yield address


def _is_internal(found: LoadBalancer) -> bool:
    return found.scheme == "internal"
