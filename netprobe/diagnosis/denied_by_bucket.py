"""Whether the policy of an S3 bucket certainly refuses the call that a URL asks about.

Only an explicit deny is certain: what a bucket's policy does not allow, the caller's own may.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.arns import partition
from netprobe.diagnosis.callers import endpoint_on, facts_from_internet, facts_through_endpoint
from netprobe.diagnosis.denial import Denial, Holder
from netprobe.diagnosis.iam_policies import Decision, Request, Words, condition_keys, decide
from netprobe.model.flow import Source
from netprobe.model.policies import policy_of_bucket
from netprobe.model.report import Target
from netprobe.model.resources import VpcEndpoint
from netprobe.model.service_names import bucket_of
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition, Trace


def by_bucket(
    snapshot: Snapshot, source: Source, target: Target, trace: Trace
) -> Iterator[Denial]:
    """Yield the denial of the bucket's policy, for the way that the path takes."""
    bucket = bucket_of(target.host, target.path or "", snapshot.region)
    held = policy_of_bucket(snapshot.bucket_policies, bucket) if bucket else None
    endpoint = endpoint_on(snapshot, trace)
    if bucket is None or held is None or held.policy is None or not _arrives(trace, endpoint):
        return
    facts = (
        facts_through_endpoint(snapshot, source, target, endpoint)
        if endpoint
        else facts_from_internet(snapshot, source, target, trace)
    )
    action, resources = _asked(target, bucket, partition(snapshot))
    requests = [Request(action=action, resource=item, facts=facts) for item in resources]
    if all(decide(held.policy, item) is Decision.DENIED for item in requests):
        yield Denial(
            resource_id=bucket,
            holder=Holder.BUCKET,
            decision=Decision.DENIED,
            facts=facts,
            condition_keys=condition_keys(held.policy),
            request=requests[0],
            policy=held.policy,
        )


def _arrives(trace: Trace, endpoint: VpcEndpoint | None) -> bool:
    """Tell whether it is known that the call gets to S3, and by which way."""
    named = trace.resolution is None or trace.resolution.exists is True
    return named and (endpoint is not None or trace.disposition is Disposition.DELIVERED)


def _asked(target: Target, bucket: str, partition: str) -> tuple[Words, tuple[Words, ...]]:
    """Return action and resources: the reading of the object a URL names, else any call.

    "Actions, resources, and condition keys for Amazon S3":
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    """
    path, _, query = (target.path or "").partition("?")
    key = path.lstrip("/")
    if not target.host.startswith(f"{bucket}."):
        key = key.removeprefix(bucket).lstrip("/")
    arn = f"arn:{partition}:s3:::{bucket}"
    if target.path_given and key and not query and "%" not in key:
        return Words(known="s3:GetObject"), (Words(known=f"{arn}/{key}"),)
    objects = Words(known=f"{arn}/", complete=False)
    return Words(known="s3:", complete=False), (Words(known=arn), objects)
