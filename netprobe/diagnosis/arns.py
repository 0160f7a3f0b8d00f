"""What a call is called in a policy: the ARN of an API's stage, as far as it is known."""

from __future__ import annotations

from netprobe.diagnosis.iam_policies import Words
from netprobe.model.report import Target
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Api


def api_behind(snapshot: Snapshot, target: Target) -> Api | None:
    """Return the API a target leads to, by its own name or by a domain name of one API only."""
    if target.api_id:
        return snapshot.api(target.api_id)
    domain = next((i for i in snapshot.domain_names if i.domain_name == target.host), None)
    if domain is None or len(domain.api_ids) != 1:
        return None
    return snapshot.api(domain.api_ids[0])


def api_arn(snapshot: Snapshot, target: Target, api: Api) -> Words:
    """Return the ARN up to the stage: which method the function calls is not known."""
    if snapshot.account is None:
        return Words(known=api_prefix(snapshot), complete=False)
    stage = (target.path or "/").split("/")[1] if target.host == api.host else ""
    known = f"{api_prefix(snapshot)}{api.api_id}/{stage}{'/' if stage else ''}"
    return Words(known=known, complete=False)


def api_prefix(snapshot: Snapshot) -> str:
    """Return how the ARNs of all APIs of the account begin; of its region where it is unknown."""
    account = f"{snapshot.account}:" if snapshot.account else ""
    return f"arn:{partition(snapshot)}:execute-api:{snapshot.region}:{account}"


def partition(snapshot: Snapshot) -> str:
    """Return the partition of the snapshot's region, as ARNs name it."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(
        snapshot.region.rpartition("-")[0].rpartition("-")[0], "aws"
    )
