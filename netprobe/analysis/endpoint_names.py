"""What an interface endpoint's names answer: private DNS names and endpoint-specific ones."""

from __future__ import annotations

from dataclasses import replace

from netprobe.analysis.api_names import api_id_of, find_public_api
from netprobe.analysis.places import READ_INTERFACES
from netprobe.analysis.private_dns import endpoint_addresses, named_zone, record_exists
from netprobe.analysis.questions import Question
from netprobe.model.resources import VpcEndpoint
from netprobe.model.trace import Resolution


def answer_endpoint(question: Question, endpoint: VpcEndpoint, *, private: bool) -> Resolution:
    """Return what an endpoint's names answer: the addresses of its interfaces.

    An ``execute-api`` endpoint's private DNS answers for every API of the region and the endpoint
    serves private ones only: https://repost.aws/knowledge-center/api-gateway-vpc-connections
    """
    snapshot = question.snapshot
    exists = record_exists(endpoint, question.family, private=private)
    zone = None if private else named_zone(snapshot, endpoint, question.host)
    known = endpoint_addresses(snapshot, endpoint, question.family, zone) if exists else ()
    lacking = exists and not known and snapshot.gap(READ_INTERFACES) is not None
    return replace(
        question.blank,
        addresses=known,
        exists=exists,
        origin="private-dns" if private else "public",
        endpoint_id=endpoint.vpc_endpoint_id,
        captured=_is_captured(question, endpoint),
        unread=(READ_INTERFACES,) if lacking else (),
        undecided="" if private else _doubt(question, endpoint),
        detail=_detail(question, endpoint) if private else "",
    )


def _is_captured(question: Question, endpoint: VpcEndpoint) -> bool:
    """Tell whether any of the names on the way belongs to a public API that is not served here."""
    if not endpoint.service_name.endswith(".execute-api"):
        return False
    names = {question.name.rstrip(".").lower(), *question.chain, question.host}
    return any(find_public_api(question, name) for name in names)


def _detail(question: Question, endpoint: VpcEndpoint) -> str:
    detail = f"the private DNS of {endpoint.vpc_endpoint_id} answers"
    api_id = api_id_of(question.host, question.region)
    if api_id is None or find_public_api(question, question.host):
        return detail
    if question.snapshot.api(api_id) is None:
        return f"{detail}; it serves private APIs only, and {api_id} is no API that was read"
    return detail


def _doubt(question: Question, endpoint: VpcEndpoint) -> str:
    """Return why an API's alias for this endpoint may not exist: it is made by association.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
    """
    api_id = api_id_of(question.host, question.region)
    api = question.snapshot.api(api_id) if api_id else None
    if api is None or endpoint.vpc_endpoint_id in api.vpc_endpoint_ids:
        return ""
    return f"{api.api_id} is not associated with {endpoint.vpc_endpoint_id}, which makes this name"
