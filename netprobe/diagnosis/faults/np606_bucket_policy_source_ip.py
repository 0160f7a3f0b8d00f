"""A policy of the resource counts on an address that the call no longer has.

## What it means

The resource's own policy, a bucket's for example, denies the call. Such policies often name the
NAT gateway's address, and through a VPC endpoint or over IPv6 the call does not come from there.

## Why traffic fails

A request through an endpoint carries `aws:SourceVpce` and `aws:VpcSourceIp` and no
`aws:SourceIp` at all; over IPv6 the source is the function's own address.

## How netprobe knows

The service's answer names an explicit deny in a resource-based policy, and the path leads
through an endpoint or over IPv6.

## Known limits

Bucket policies are not read, and a service tells the kind of policy only to callers of the same
organisation that sign. The policy may deny for another reason than the address.

## Example

AccessDenied from a bucket since the S3 gateway endpoint was added.

## Fix

In the resource's policy use `aws:SourceVpce` or `aws:VpcSourceIp`, and add the IPv6 ranges.

## Fix safety

Keep a statement for administrators, who do not come through the endpoint: a wrong deny locks
everybody out.

## References

- https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.answers import refused_by_target
from netprobe.diagnosis.callers import endpoint_on
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.refusals import Refusal
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target whose own policy denies what comes another way than NAT."""

    def fits(path: Path, refusal: Refusal) -> bool:
        elsewhere = endpoint_on(case.snapshot, path.trace) or path.key.family is Family.IPV6
        return bool(elsewhere) and refusal.explicit and refusal.policy == "resource-based"

    for target, found in refused_by_target(case, fits):
        path, refusal = found[0]
        endpoint = endpoint_on(case.snapshot, path.trace)
        way = f"through {endpoint.vpc_endpoint_id}" if endpoint else "over IPv6"
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=target,
                    says=f"its own policy denies {refusal.action} to a call {way}",
                ),
            ),
            (path.key for path, _ in found),
            reason="a call through an endpoint has no aws:SourceIp, and one over IPv6 another",
            advice=f"let calls {way} in: aws:SourceVpce, aws:VpcSourceIp or the IPv6 range in "
            f"the policy of {target}",
        )


FAULT = Fault(
    code="NP606",
    name="bucket-policy-source-ip",
    title="Resource/IAM policy keyed on aws:SourceIp (NAT EIP) denies once a VPC endpoint or IPv6 path is used",
    phrase="the resource's policy denies this way in",
    since="0.1.0",
    symptoms=("access-denied",),
    check=check,
    doc=__doc__,
)
