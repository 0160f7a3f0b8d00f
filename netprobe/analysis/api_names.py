"""What the default and custom names of API Gateway's APIs resolve to in public DNS.

"IP address types for REST APIs": https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
"IP address types for custom domain names":
https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-custom-domain-ip-address-type.html
"""

from __future__ import annotations

from dataclasses import replace

from netprobe.analysis.private_dns import answering_endpoint
from netprobe.analysis.questions import Question
from netprobe.model.addresses import Family
from netprobe.model.names import DomainName
from netprobe.model.service_names import normalise_host, service_of_host
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Resolution
from netprobe.model.workloads import Api

READ_APIS = ("apigateway:GetRestApis", "apigatewayv2:GetApis")
READ_REST_APIS = READ_APIS[0]

_DUALSTACK, _PRIVATE = "dualstack", "PRIVATE"


def find_api(snapshot: Snapshot, host: str) -> Api | None:
    """Return the API a default ``execute-api`` host belongs to."""
    name = normalise_host(host)
    regions = {snapshot.region, *(vpc.region for vpc in snapshot.vpcs if vpc.region)}
    found = (api_id_of(name, region) for region in sorted(regions))
    api_id = next((item for item in found if item), None)
    return snapshot.api(api_id) if api_id else None


def api_id_of(host: str, region: str) -> str | None:
    """Return the API id in a default host, without an endpoint id behind it."""
    if service_of_host(host, region) != "execute-api":
        return None
    label, dot, _ = host.partition(".execute-api.")
    return label.partition("-vpce-")[0] if dot else None


def find_public_api(question: Question, host: str) -> Api | DomainName | None:
    """Return the API, or the custom domain name, that a host belongs to if it is a public one."""
    api_id = api_id_of(host, question.region)
    api = question.snapshot.api(api_id) if api_id else None
    if api is not None:
        return None if api.is_private else api
    domain = _domain_behind(question.snapshot, host)
    return domain if domain is not None and domain.endpoint_type != _PRIVATE else None


def answer_api_name(question: Question) -> Resolution:
    """Return what public DNS answers for an API's default host: A always, AAAA when dual-stack.

    A private API is served by interface endpoints only:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """
    api_id = api_id_of(question.host, question.region)
    api = question.snapshot.api(api_id) if api_id else None
    ipv4 = question.family is Family.IPV4
    if api is None:
        return _answer_other_name(question)
    if api.is_private:
        detail = f"{api.api_id} is private and no endpoint's private DNS answers for it here"
        return replace(question.blank, exists=True, unserved=True, detail=detail)
    exists = ipv4 or api.ip_address_type == _DUALSTACK
    assumed = " (assumed: the field was absent)" if api.ip_address_type_assumed else ""
    detail = f"the address type of {api.api_id} is {api.ip_address_type}{assumed}"
    return replace(question.blank, exists=exists, detail=f"{detail}{_remark(api)}")


def expected_anywhere(question: Question) -> bool | None:
    """Return False for an AAAA record that no server can know of: the public API has none.

    None for everything else: what the servers of others make of a name is theirs.
    """
    api = find_api(question.snapshot, question.host)
    if api is None or api.is_private or question.family is Family.IPV4:
        return None
    return None if api.ip_address_type == _DUALSTACK else False


def answer_custom_domain(question: Question) -> Resolution | None:
    """Return what is known of a custom domain name, None for any other name.

    Its record lies in a public zone that is not read: an alias leads where the domain name's own
    target leads, a CNAME to whatever answers for that target inside the VPC:
    https://repost.aws/knowledge-center/api-gateway-vpc-connections
    """
    snapshot = question.snapshot
    domain = next((i for i in snapshot.domain_names if i.domain_name == question.host), None)
    if domain is None:
        return None
    detail = f"the address type of {domain.domain_name} is {domain.ip_address_type}"
    if domain.endpoint_type == _PRIVATE:
        doubt = f"{domain.domain_name} is private, and no private zone of this VPC has a record"
        return replace(question.blank, undecided=doubt)
    doubt = _doubt(question, domain)
    return replace(question.blank, detail=detail, undecided=doubt)


def _doubt(question: Question, domain: DomainName) -> str:
    if question.family is Family.IPV6 and domain.ip_address_type != _DUALSTACK:
        return f"{domain.domain_name} is of type ipv4, so API Gateway gives it no AAAA record"
    for target in domain.target_names:
        endpoint = answering_endpoint(question.snapshot, question.vpc.vpc_id, target)
        if endpoint is not None:
            return (
                f"a CNAME record to {target} would lead to {endpoint.vpc_endpoint_id}, "
                "an alias record would not"
            )
    return ""


def _answer_other_name(question: Question) -> Resolution:
    """Return the answer for a host of no API that was read: a domain name's target, or unknown."""
    ipv4 = question.family is Family.IPV4
    domain = _domain_behind(question.snapshot, question.host)
    if domain is not None:
        exists = ipv4 or domain.ip_address_type == _DUALSTACK
        detail = f"the address type of {domain.domain_name} is {domain.ip_address_type}"
        return replace(question.blank, exists=exists, detail=detail)
    # Only a REST API can be private, and then it is not reached this way.
    calls = (READ_REST_APIS,) if ipv4 else READ_APIS
    unread = question.gaps(*calls)
    return replace(question.blank, exists=True if ipv4 and not unread else None, unread=unread)


def _domain_behind(snapshot: Snapshot, host: str) -> DomainName | None:
    return next((i for i in snapshot.domain_names if host in i.target_names), None)


def _remark(api: Api) -> str:
    """Return what a switched-off default endpoint answers; it still takes connections.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
    """
    if not api.default_endpoint_disabled:
        return ""
    return "; its default endpoint is disabled, so it connects and is refused (HTTP 403 or 404)"
