"""The private API's resource policy does not let this VPC or endpoint in.

## What it means

The private REST API is reached through its endpoint and refuses: its resource policy does not
allow this VPC or this endpoint, or the stage still has the policy of an earlier deployment.

## Why traffic fails

A private API has to say who may call it. Without a resource policy it is closed to everybody.
Through an endpoint there is no `aws:SourceIp`: conditions have to name `aws:SourceVpc`,
`aws:SourceVpce` or `aws:VpcSourceIp`.

## How netprobe knows

The policy, as GetRestApis gives it, refuses every call through the endpoint on the path. Or the
packets are refused with a 403 that names execute-api:Invoke, although the policy that was read
lets them in: then it was not deployed.

## Known limits

Statements about methods, paths or principals are not decided, because the call is not known so
exactly.

## Example

A private API that admits one endpoint, called through another one.

## Fix

Allow the endpoint's id in the policy and deploy the stage again.

## Fix safety

Allow the endpoint or the VPC, not everybody: a policy without a condition opens the API to every
VPC that has an endpoint.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html
- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.answers import refused
from netprobe.diagnosis.arns import api_behind
from netprobe.diagnosis.callers import endpoint_on
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.denial import Holder
from netprobe.diagnosis.denials import denied_paths
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.refusals import Refusal
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per private API that does not let the path's endpoint in."""
    groups: dict[str, list[tuple[Path, str]]] = defaultdict(list)
    for path, denial in denied_paths(case, Holder.API):
        if denial.facts.get("aws:sourcevpce"):
            groups[denial.resource_id].append((path, denial.says))
    by_endpoint = {path.key for path, _ in denied_paths(case, Holder.ENDPOINT)}
    told = {path.key for found in groups.values() for path, _ in found}
    for path, refusal in refused(case):
        api = api_behind(case.snapshot, case.target(path))
        if path.key in told | by_endpoint or api is None or not _is_meant(refusal):
            continue
        if api.is_private:
            says = f"answers {refusal.said}: the deployed policy does not let this call in"
            groups[api.api_id].append((path, says))
    for api_id, found in groups.items():
        endpoint = endpoint_on(case.snapshot, found[0][0].trace)
        name = endpoint.vpc_endpoint_id if endpoint else "the endpoint"
        yield FAULT.found_with(
            (
                Evidence(resource_id=api_id, says=says)
                for says in dict.fromkeys(s for _, s in found)
            ),
            (path.key for path, _ in found),
            reason="a private API admits only what its deployed resource policy allows",
            advice=f"allow aws:SourceVpce {name} in the policy of {api_id} and deploy it again",
        )


def _is_meant(refusal: Refusal) -> bool:
    return refusal.action == "execute-api:Invoke" and refusal.policy.lower() != "vpc endpoint"


FAULT = Fault(
    code="NP607",
    name="private-api-policy-deny",
    title="Private REST API's resource policy does not allow this VPC/endpoint (or was not redeployed)",
    phrase="private API's policy refuses",
    since="0.1.0",
    symptoms=("access-denied",),
    check=check,
    doc=__doc__,
)
