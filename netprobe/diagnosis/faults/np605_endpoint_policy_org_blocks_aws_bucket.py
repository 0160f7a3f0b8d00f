"""The S3 endpoint's policy keeps the VPC from buckets that belong to AWS.

## What it means

The policy of the S3 endpoint admits only the own account or organisation. Some buckets that
functions and instances need belong to AWS: those that take CloudFormation's custom resource
answers, hold the layers of ECR images, or the packages of Amazon Linux.

## Why traffic fails

Such buckets are in no organisation of a customer's, and the calls are signed by AWS or by
nobody. Conditions on `aws:PrincipalOrgID`, `aws:ResourceOrgID` or `aws:ResourceAccount` refuse
them.

## How netprobe knows

The target is such a bucket's host, the path leads through an S3 endpoint, and the endpoint's
policy refuses the call for an owner other than the customer.

## Known limits

Only the buckets that AWS documents are known. What a policy decides by other keys is not judged.

## Example

A custom resource of CloudFormation in a VPC with a data perimeter: the stack hangs, because the
answer never arrives.

## Fix

Allow the bucket's ARN in a statement of its own, without the condition.

## Fix safety

Name the buckets exactly: anybody can create others.

## References

- https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
- https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.denial import Holder
from netprobe.diagnosis.denials import denied_paths, is_of_aws
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint policy and bucket of AWS that it refuses."""
    found: dict[tuple[str, str], list[object]] = {}
    for path, denial in denied_paths(case, Holder.ENDPOINT):
        target = case.target(path)
        if is_of_aws(target):
            bucket = target.host.partition(".s3")[0]
            found.setdefault((denial.resource_id, bucket), []).append(path.key)
    for (endpoint_id, bucket), keys in found.items():
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=endpoint_id,
                    says=f"its policy refuses {bucket}, a bucket of AWS's own",
                ),
            ),
            keys,
            reason="a bucket of AWS's own is in no account or organisation of a customer",
            advice=f"allow arn:aws:s3:::{bucket}/* in the policy of {endpoint_id}",
        )


FAULT = Fault(
    code="NP605",
    name="endpoint-policy-org-blocks-aws-bucket",
    title="S3 endpoint policy limited to own org/account blocks AWS-owned buckets (CloudFormation response, ECR layers, yum)",
    phrase="endpoint policy refuses a bucket of AWS",
    since="0.1.0",
    symptoms=("access-denied",),
    check=check,
    doc=__doc__,
)
