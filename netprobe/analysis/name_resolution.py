"""What the VPC's resolver should answer for a name, and why.

"DNS attributes for your VPC": https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"Private DNS": https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from netprobe.analysis.endpoints import READ_ENDPOINTS
from netprobe.analysis.places import READ_INTERFACES
from netprobe.analysis.private_dns import (
    answering_endpoint,
    endpoint_addresses,
    named_endpoint,
    record_exists,
)
from netprobe.model.addresses import Address, Family, family_of, parse_address
from netprobe.model.resources import Vpc, VpcEndpoint
from netprobe.model.service_names import has_record, normalise_host, service_of_host
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Resolution
from netprobe.model.workloads import Api

READ_VPCS = "ec2:DescribeVpcs"
READ_ATTRIBUTE = "ec2:DescribeVpcAttribute"
READ_DHCP = "ec2:DescribeDhcpOptions"
READ_APIS = ("apigateway:GetRestApis", "apigatewayv2:GetApis")

AMAZON_RESOLVER = "AmazonProvidedDNS"
LISTED_SERVICES = ("s3", "dynamodb")
"""Services whose addresses are in a prefix list that AWS manages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    snapshot: Snapshot
    vpc_id: str
    name: str
    host: str
    family: Family
    observed: tuple[Address, ...]
    """What the probe's resolver answered for this family."""

    @property
    def blank(self) -> Resolution:
        """Return the answer that says nothing."""
        return Resolution(name=self.name, family=self.family)

    def believe(self, answer: Resolution) -> Resolution:
        """Return the answer with the addresses the probe saw, where configuration has none."""
        if answer.exists is False or not self.observed:
            return answer
        return replace(
            answer,
            addresses=self.observed,
            exists=True,
            origin="observed",
            assumed=False,
            unread=(),
        )


def resolve(
    snapshot: Snapshot,
    vpc_id: str,
    name: str,
    family: Family,
    observed: tuple[Address, ...] = (),
) -> Resolution:
    """Return what a name should resolve to in one family inside a VPC.

    ``observed`` is what the probe's resolver answered; it fills in what configuration cannot know
    (public addresses, custom resolvers) and never overrides what it does know.
    """
    question = _Question(
        snapshot=snapshot,
        vpc_id=vpc_id,
        name=name,
        host=normalise_host(name),
        family=family,
        observed=tuple(item for item in observed if family_of(item) is family),
    )
    literal = read_literal(name)
    if literal is not None:
        exists = family_of(literal) is family
        addresses = (literal,) if exists else ()
        return replace(question.blank, addresses=addresses, exists=exists, origin="literal")
    vpc = snapshot.vpc(vpc_id)
    if vpc is None:
        return question.believe(replace(question.blank, unread=(READ_VPCS,)))
    return _judge_resolver(question, vpc) or _ask_amazon(question, vpc)


def read_literal(name: str) -> Address | None:
    """Return the address a text is, in brackets or not, None when it is a name."""
    try:
        return parse_address(name.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def find_api(snapshot: Snapshot, host: str) -> Api | None:
    """Return the API a default ``execute-api`` host belongs to."""
    api_id = _api_id(snapshot, normalise_host(host))
    return snapshot.api(api_id) if api_id else None


def _judge_resolver(question: _Question, vpc: Vpc) -> Resolution | None:
    """Return the answer when it is not the Amazon resolver's, None when it is."""
    snapshot = question.snapshot
    options = vpc.dhcp_options_id
    found = next((o for o in snapshot.dhcp_options if o.dhcp_options_id == options), None)
    if found is None and options not in {None, "default"}:
        return question.believe(replace(question.blank, unread=(READ_DHCP,)))
    servers = found.domain_name_servers if found else ()
    if servers and AMAZON_RESOLVER not in servers:
        detail = f"names go to {', '.join(servers)}, whose answers the configuration does not show"
        return question.believe(replace(question.blank, detail=detail))
    if vpc.enable_dns_support is None:
        return question.believe(replace(question.blank, unread=(READ_ATTRIBUTE,)))
    if not vpc.enable_dns_support:
        detail = f"enableDnsSupport of {vpc.vpc_id} is off, so nothing answers"
        return replace(question.blank, origin="none", exists=False, detail=detail)
    return None


def _ask_amazon(question: _Question, vpc: Vpc) -> Resolution:
    """Return the Amazon resolver's answer: an endpoint's private DNS, else public DNS."""
    snapshot = question.snapshot
    service = service_of_host(question.host, snapshot.region)
    if service is not None and snapshot.gap(READ_ENDPOINTS):
        return question.believe(replace(question.blank, unread=(READ_ENDPOINTS,)))
    endpoint = answering_endpoint(snapshot, vpc.vpc_id, question.host)
    if endpoint is None:
        return _ask_public(question, service)
    if vpc.enable_dns_hostnames is None:
        return question.believe(replace(question.blank, unread=(READ_ATTRIBUTE,)))
    if not vpc.enable_dns_hostnames:
        detail = (
            f"enableDnsHostnames of {vpc.vpc_id} is off, so the private DNS of "
            f"{endpoint.vpc_endpoint_id} does not answer"
        )
        return replace(_ask_public(question, service), detail=detail)
    return _ask_endpoint(question, endpoint, private=True)


def _ask_endpoint(question: _Question, endpoint: VpcEndpoint, *, private: bool) -> Resolution:
    """Return what an endpoint's names answer.

    An ``execute-api`` endpoint's private DNS answers for every API of the region and the endpoint
    serves private ones only: https://repost.aws/knowledge-center/api-gateway-vpc-connections
    """
    snapshot = question.snapshot
    exists = record_exists(endpoint, question.family, private=private)
    known = endpoint_addresses(snapshot, endpoint, question.family) if exists else ()
    seen = tuple(item for item in question.observed if item in known or (exists and not known))
    lacking = exists and not known and not seen and snapshot.gap(READ_INTERFACES) is not None
    api_id = _api_id(snapshot, question.host) if private else None
    api = snapshot.api(api_id) if api_id else None
    detail = f"the private DNS of {endpoint.vpc_endpoint_id} answers" if private else ""
    if api_id and api is None:
        detail += f"; it serves private APIs only, and {api_id} is no API that was read"
    return replace(
        question.blank,
        addresses=seen or known,
        exists=exists,
        origin="private-dns" if private else "public",
        endpoint_id=endpoint.vpc_endpoint_id,
        captured=api is not None and not api.is_private,
        unread=(READ_INTERFACES,) if lacking else (),
        detail=detail,
    )


def _ask_public(question: _Question, service: str | None) -> Resolution:
    """Return what public DNS answers."""
    snapshot = question.snapshot
    named = named_endpoint(snapshot, question.host)
    if named is not None:
        return _ask_endpoint(question, named, private=False)
    if service == "execute-api":
        return question.believe(_ask_api(question))
    if service is None:
        return question.believe(question.blank)
    exists = has_record(question.host, snapshot.region, question.family)
    address = _listed_address(snapshot, service, question.family)
    if address is None:
        return question.believe(replace(question.blank, exists=exists))
    return question.believe(
        replace(question.blank, exists=exists, addresses=(address,), assumed=True)
    )


def _ask_api(question: _Question) -> Resolution:
    """Return what public DNS answers for an API's default host: A always, AAAA when dual-stack.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
    A private API is served by interface endpoints only:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """
    snapshot = question.snapshot
    api = find_api(snapshot, question.host)
    ipv4 = question.family is Family.IPV4
    if api is None:
        unread = () if ipv4 else tuple(call for call in READ_APIS if snapshot.gap(call))
        return replace(question.blank, exists=True if ipv4 else None, unread=unread)
    if api.is_private:
        detail = f"{api.api_id} is private and no endpoint's private DNS answers for it here"
        return replace(question.blank, exists=True, unserved=True, detail=detail)
    exists = ipv4 or api.ip_address_type == "dualstack"
    assumed = " (assumed: the field was absent)" if api.ip_address_type_assumed else ""
    detail = f"the address type of {api.api_id} is {api.ip_address_type}{assumed}"
    return replace(question.blank, exists=exists, detail=detail)


def _api_id(snapshot: Snapshot, host: str) -> str | None:
    """Return the API id in a default host, without an endpoint id behind it."""
    if service_of_host(host, snapshot.region) != "execute-api":
        return None
    label, dot, _ = host.partition(".execute-api.")
    return label.partition("-vpce-")[0] if dot else None


def _listed_address(snapshot: Snapshot, service: str, family: Family) -> Address | None:
    """Return an address of a service whose addresses AWS publishes as a prefix list.

    https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
    """
    if service not in LISTED_SERVICES:
        return None
    for item in snapshot.prefix_lists:
        if item.name.endswith(f".{snapshot.region}.{service}"):
            for cidr in item.cidrs:
                if family_of(cidr) is family:
                    return cidr[min(1, cidr.num_addresses - 1)]
    return None
