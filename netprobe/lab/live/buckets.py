"""The buckets of Amazon S3, as its front end needs them: their policies."""

from __future__ import annotations

from botocore.exceptions import ClientError

from netprobe.lab.network.describe import ControlPlane


def policy_of_bucket(control: ControlPlane, region: str, bucket: str) -> str:
    """Return a bucket's policy, empty when it has none or is not there."""
    try:
        return str(control.client("s3", region).get_bucket_policy(Bucket=bucket)["Policy"])
    except ClientError:
        return ""
