"""An endpoint's private DNS captures the name of a public REST or HTTP API.

## What it means

The VPC has an interface endpoint for execute-api with private DNS on. Inside the VPC, every
API's default name then leads to that endpoint, which serves private REST APIs only and answers
the others with 403 Forbidden.

## Why traffic fails

Private DNS for execute-api is a wildcard: it answers for `*.execute-api` of the whole region
and for the whole VPC, not for chosen APIs or subnets.

## How netprobe knows

The name is one of execute-api, the VPC resolves it to the endpoint's interfaces, and the API
is not private. Packets: a private address, TLS fine, then HTTP 403.

## Known limits

A zone that captures the same names without an endpoint in this VPC, such as one shared by a
hub, is seen by the packets only.

## Example

A regional REST API that works from a laptop and answers 403 from inside the VPC only.

## Fix

Call the API by a regional custom domain name with an alias record, not a CNAME; or switch
private DNS off for the endpoint and call private APIs by their `{api}-{vpce}` names.

## Fix safety

Without private DNS, callers of private APIs by their default names break: move them first. The
call then needs a way to the internet.

## References

- https://repost.aws/knowledge-center/api-gateway-vpc-connections
- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.captures import WHY, captures
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint and API whose name it captures."""
    for capture in captures(case, websocket=False):
        yield FAULT.found_with(capture.evidence, capture.paths, reason=WHY, advice=capture.advice)


FAULT = Fault(
    code="NP502",
    name="apigw-private-dns-hijack-rest-http",
    title="execute-api interface endpoint with private DNS captures every *.execute-api name: public REST/HTTP APIs answer 403 Forbidden",
    phrase="private DNS captures the API's name",
    since="0.1.0",
    symptoms=("wrong-address", "forbidden-inside"),
    check=check,
    doc=__doc__,
    explains=frozenset({"execute-api-endpoint-hides-aaaa"}),
)
