"""The policy of the VPC endpoint refuses the call.

## What it means

The call goes through a VPC endpoint, and the endpoint has a policy of its own that does not let
it through. The network is fine, and permissions of the role do not help.

## Why traffic fails

An endpoint policy is one more gate beside the role's and the resource's policies: what it does
not allow is denied to everything that passes the endpoint. The default policy allows all.

## How netprobe knows

The endpoint on the path has a policy that refuses the call whatever its details and whoever
signs it; or the service's answer names the VPC endpoint policy.

## Known limits

Which action a function will call is not known for a service. A policy that allows some of them,
or decides by principal, is not judged; then only an answer of the service tells.

## Example

An S3 gateway endpoint whose policy lists one bucket, and a function that reads another.

## Fix

Add the missing statement to the endpoint's policy.

## Fix safety

The policy applies to everything that uses the endpoint: allow the action and resource that are
needed, no more.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.answers import refused
from netprobe.diagnosis.callers import endpoint_on
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.denial import Holder
from netprobe.diagnosis.denials import denied_paths, is_of_aws
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint whose policy refuses, by configuration or by its answer."""
    groups: dict[str, list[tuple[Path, str]]] = defaultdict(list)
    for path, denial in denied_paths(case, Holder.ENDPOINT):
        if not is_of_aws(case.target(path)):
            groups[denial.resource_id].append((path, denial.says))
    for path, refusal in refused(case):
        if refusal.policy.lower() == "vpc endpoint":
            endpoint = endpoint_on(case.snapshot, path.trace)
            name = endpoint.vpc_endpoint_id if endpoint else path.key.target
            how = "denies" if refusal.explicit else "does not allow"
            groups[name].append((path, f"its policy {how} {refusal.action}, the answer says"))
    for endpoint_id, found in groups.items():
        facts = dict.fromkeys(says for _, says in found)
        targets = ", ".join(dict.fromkeys(path.key.target for path, _ in found))
        yield FAULT.found_with(
            (Evidence(resource_id=endpoint_id, says=says) for says in facts),
            (path.key for path, _ in found),
            reason="what an endpoint policy does not allow is denied to all that uses it",
            advice=f"allow the call to {targets} in the policy of {endpoint_id}",
        )


FAULT = Fault(
    code="NP604",
    name="endpoint-policy-deny",
    title="VPC endpoint policy does not allow the action/resource/principal",
    phrase="endpoint policy refuses",
    since="0.1.0",
    symptoms=("access-denied",),
    check=check,
    doc=__doc__,
)
