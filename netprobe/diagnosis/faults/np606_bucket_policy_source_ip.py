"""A policy of the resource counts on an address that the call no longer has.

## What it means

The resource's own policy, a bucket's for example, denies the call. Such policies often name the
NAT gateway's address, and through a VPC endpoint or over IPv6 the call does not come from there.

## Why traffic fails

A request through an endpoint carries `aws:SourceVpce` and `aws:VpcSourceIp` and no
`aws:SourceIp` at all; over IPv6 the source is the function's own address.

## How netprobe knows

The policy of a bucket whose URL was given as a target denies, in so many words, a call that comes
the path's way; or the service's answer names an explicit deny in a resource-based policy, and the
path leads through an endpoint or over IPv6.

## Known limits

Only an explicit deny is certain: what a bucket's policy does not allow, the role's may. Who calls
is not known, so a statement about some principals decides nothing here; nor do the policies of
access points, queues and keys, which are not read. A service tells the kind of policy only to
callers of the same organisation that sign.

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

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.answers import refused_by_target
from netprobe.diagnosis.callers import endpoint_on
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.denial import Denial, Holder
from netprobe.diagnosis.denials import denied_paths
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.refusals import Refusal
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding, PathKey
from netprobe.model.report import Path

_OF_THE_WAY_AS_WRITTEN = {
    "aws:securetransport": "aws:SecureTransport",
    "aws:sourceip": "aws:SourceIp",
    "aws:sourcevpc": "aws:SourceVpc",
    "aws:sourcevpce": "aws:SourceVpce",
    "aws:vpcsourceip": "aws:VpcSourceIp",
}
_OF_THE_WAY = _OF_THE_WAY_AS_WRITTEN.keys()
"""Condition keys that tell by which way a call comes."""


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target whose own policy denies what comes this way."""
    told: set[PathKey] = set()
    for bucket, denied in _by_bucket(case).items():
        told |= {path.key for path, _ in denied}
        yield _found_in(case, bucket, denied)
    yield from _seen_only(case, told)


def _by_bucket(case: Case) -> dict[str, list[tuple[Path, Denial]]]:
    groups: dict[str, list[tuple[Path, Denial]]] = defaultdict(list)
    for path, denial in denied_paths(case, Holder.BUCKET):
        groups[denial.resource_id].append((path, denial))
    return groups


def _found_in(case: Case, bucket: str, denied: list[tuple[Path, Denial]]) -> Finding:
    """Return what the bucket's policy says to the paths it denies."""
    ways = dict.fromkeys(_way(case, path, denial) for path, denial in denied)
    keys = sorted(denied[0][1].condition_keys & _OF_THE_WAY)
    counts = (
        f", and counts on {', '.join(_OF_THE_WAY_AS_WRITTEN[k] for k in keys)}" if keys else ""
    )
    return FAULT.found_with(
        (Evidence(resource_id=bucket, says=f"its policy denies a call {way}{counts}")
         for way in ways),
        (path.key for path, _ in denied),
        reason="an explicit deny in a bucket's policy wins over whatever allows the call",
        advice=f"let calls {', '.join(ways)} in: aws:SourceVpce, aws:VpcSourceIp or the range in "
        f"the policy of {bucket}",
    )  # fmt: skip


def _way(case: Case, path: Path, denial: Denial) -> str:
    endpoint = endpoint_on(case.snapshot, path.trace)
    if endpoint is not None:
        return f"through {endpoint.vpc_endpoint_id}"
    known = ", ".join(denial.addresses)
    return f"from {known}" if known else "from the internet"


def _seen_only(case: Case, told: set[PathKey]) -> Iterator[Finding]:
    """Yield what the answers alone show."""

    def fits(path: Path, refusal: Refusal) -> bool:
        elsewhere = endpoint_on(case.snapshot, path.trace) or path.key.family is Family.IPV6
        if path.key in told:
            return False
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
