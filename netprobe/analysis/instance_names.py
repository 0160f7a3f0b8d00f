"""Names that EC2 gives instances and public addresses, as the VPC's resolver answers them.

"EC2 instance hostname types": https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-naming.html
"DNS attributes for your VPC": https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""

from __future__ import annotations

import re
from dataclasses import replace

from netprobe.analysis.places import READ_INTERFACES
from netprobe.analysis.questions import Question, within
from netprobe.model.addresses import Address, Family, contains, family_of, parse_address
from netprobe.model.resources import NetworkInterface
from netprobe.model.trace import Resolution

READ_INSTANCES = "ec2:DescribeInstances"

_IP_NAME = re.compile(r"ip-(\d+)-(\d+)-(\d+)-(\d+)")
_PUBLIC_NAME = re.compile(r"ec2-(\d+)-(\d+)-(\d+)-(\d+)")
_RESOURCE_NAME = re.compile(r"i-[0-9a-f]+")


def instance_domain(host: str, region: str) -> str:
    """Return the domain of instance names that a host is in, empty for any other host.

    The Amazon resolver keeps these domains to itself unless a rule has the very name:
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-autodefined-rules.html
    """
    if region == "us-east-1":
        domains = ["ec2.internal", "compute-1.internal", "compute-1.amazonaws.com"]
    else:
        domains = [f"{region}.compute.internal", f"{region}.compute.amazonaws.com"]
    return next((domain for domain in domains if within(host, domain)), "")


def answer_instance_name(question: Question) -> Resolution | None:
    """Return the answer for an instance's name of the VPC's region, None for any other name."""
    domain = instance_domain(question.host, question.region)
    label = question.host.removesuffix(f".{domain}") if domain else ""
    internal = domain.endswith(".internal")
    if internal and (match := _IP_NAME.fullmatch(label)):
        return _answer_ip_name(question, _written(match))
    if internal and _RESOURCE_NAME.fullmatch(label):
        return _answer_resource_name(question, label)
    if not internal and (match := _PUBLIC_NAME.fullmatch(label)):
        return _answer_public_name(question, _written(match))
    return None


def _answer_ip_name(question: Question, address: Address | None) -> Resolution | None:
    """Return the address in the name; such a name never has an AAAA record."""
    if address is None:
        return None
    if question.family is Family.IPV6:
        return replace(question.blank, exists=False, detail="IP names have A records only")
    if any(contains(block, address) for block in question.vpc.ipv4_cidrs):
        return replace(question.blank, exists=True, addresses=(address,))
    doubt = f"{address} is not of {question.vpc.vpc_id}, whose resolver may not know the name"
    return replace(question.blank, addresses=(address,), undecided=doubt)


def _answer_resource_name(question: Question, instance_id: str) -> Resolution:
    """Return the addresses of the instance's first interface."""
    instance = question.snapshot.instance(instance_id)
    if instance is None:
        unread = question.gaps(READ_INSTANCES)
        doubt = "" if unread else f"{instance_id} is no instance that was read"
        return replace(question.blank, unread=unread, undecided=doubt)
    first = question.snapshot.network_interface(next(iter(instance.network_interface_ids), ""))
    if first is None:
        unread = question.gaps(READ_INTERFACES)
        doubt = "" if unread else f"the interface of {instance_id} is none that was read"
        return replace(question.blank, unread=unread, undecided=doubt)
    found = tuple(item for item in first.addresses if family_of(item) is question.family)
    if not found:
        return replace(question.blank, exists=False, detail=f"{instance_id} has no such address")
    # PrivateDnsNameOptions, which switch these records on, are not among what is read.
    doubt = f"whether {instance_id} has an {question.record} record is an option that is not read"
    return replace(question.blank, addresses=found[:1], undecided=doubt)


def _answer_public_name(question: Question, address: Address | None) -> Resolution | None:
    """Return the private address inside the VPC of a public IPv4 address, else that address.

    Across a peering it depends on the connection's DNS option, which is not among what is read:
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-dns.html
    """
    if address is None:
        return None
    if question.family is Family.IPV6:
        return replace(question.blank, exists=False, detail="this name has an A record only")
    unread = question.gaps(READ_INTERFACES)
    if unread:
        return replace(question.blank, addresses=(address,), unread=unread)
    owner = question.snapshot.interface_with_public(address)
    if owner is None or not question.vpc.enable_dns_hostnames:
        return replace(question.blank, exists=True, addresses=(address,))
    if owner.vpc_id == question.vpc.vpc_id:
        inside = _private_of(owner, address)
        return replace(question.blank, exists=True, addresses=(inside or address,))
    doubt = ""
    if _is_peered(question, owner.vpc_id):
        doubt = f"the peering with {owner.vpc_id} may make it resolve to the private address"
    return replace(question.blank, exists=True, addresses=(address,), undecided=doubt)


def _private_of(interface: NetworkInterface, public: Address) -> Address | None:
    pairs = (inside for inside, outside in interface.public_of if outside == public)
    return next(pairs, None) or next(
        (item for item in interface.addresses if family_of(item) is Family.IPV4), None
    )


def _is_peered(question: Question, vpc_id: str) -> bool:
    return any(
        {item.requester.vpc_id, item.accepter.vpc_id} == {question.vpc.vpc_id, vpc_id}
        for item in question.snapshot.vpc_peering_connections
        if item.status == "active"
    )


def _written(match: re.Match[str]) -> Address | None:
    try:
        return parse_address(".".join(match.groups()))
    except ValueError:
        return None
