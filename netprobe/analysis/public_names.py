"""What public DNS answers, as far as the account's configuration tells."""

from __future__ import annotations

from dataclasses import replace

from netprobe.analysis.api_names import answer_api_name, answer_custom_domain
from netprobe.analysis.endpoint_names import answer_endpoint
from netprobe.analysis.instance_names import answer_instance_name
from netprobe.analysis.load_balancer_names import answer_load_balancer_name
from netprobe.analysis.private_dns import named_endpoint
from netprobe.analysis.questions import Question
from netprobe.model.addresses import Address, Family, family_of
from netprobe.model.service_names import has_record, is_resource_name, service_of_host
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Resolution

LISTED_SERVICES = ("s3", "dynamodb")
"""Services whose addresses are in a prefix list that AWS manages."""


def answer_publicly(question: Question) -> Resolution:
    """Return what public DNS answers, and the resolver for the names EC2 gives."""
    named = named_endpoint(question.snapshot, question.host)
    if named is not None:
        return answer_endpoint(question, named, private=False)
    service = service_of_host(question.host, question.region)
    if service == "execute-api":
        return answer_api_name(question)
    found = (
        answer_custom_domain(question)
        or answer_instance_name(question)
        or answer_load_balancer_name(question)
    )
    if found is not None:
        return found
    if service is not None:
        return _answer_service(question, service)
    if is_resource_name(question.host):
        doubt = "the addresses of its resource are not among what is read"
        return replace(question.blank, undecided=doubt)
    return question.blank


def _answer_service(question: Question, service: str) -> Resolution:
    """Return the answer for an AWS service's host."""
    exists = has_record(question.host, question.region, question.family)
    address = _listed_address(question.snapshot, question.region, service, question.family)
    if address is None:
        return replace(question.blank, exists=exists)
    return replace(question.blank, exists=exists, addresses=(address,), assumed=True)


def _listed_address(
    snapshot: Snapshot, region: str, service: str, family: Family
) -> Address | None:
    """Return an address of a service whose addresses AWS publishes as a prefix list.

    https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
    """
    if service not in LISTED_SERVICES:
        return None
    for item in snapshot.prefix_lists:
        if item.name.endswith(f".{region}.{service}"):
            for cidr in item.cidrs:
                if family_of(cidr) is family:
                    return cidr[min(1, cidr.num_addresses - 1)]
    return None
