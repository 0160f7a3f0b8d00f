"""Interfaces of Lambda's were left behind.

## What it means

In a subnet of this function there are interfaces that Lambda made and that nothing uses. They
hold security groups and subnets, so that these cannot be deleted.

## Why traffic fails

Lambda deletes its interfaces with the function's own role, up to twenty minutes after the last
function with these subnets and groups is gone. A role that was deleted first leaves them.

## How netprobe knows

An interface whose description is Lambda's has the status available.

## Known limits

An interface that was just taken back looks the same for some minutes.

## Example

A stack that was deleted with its roles before its functions.

## Fix

Wait; if they stay, delete the interfaces by hand, or restore the role.

## Fix safety

An interface with the status available carries nothing.

## References

- https://repost.aws/knowledge-center/lambda-eni-find-delete
- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding, Role

_MADE_BY_LAMBDA = "AWS Lambda VPC ENI"


def check(case: Case) -> Iterator[Finding]:
    """Yield one note on the interfaces left behind in the subnets that are asked about."""
    left = [
        item
        for item in case.snapshot.network_interfaces
        if item.description.startswith(_MADE_BY_LAMBDA) and item.status == "available"
    ]
    subnets = {item.subnet_id for item in left}
    keys = [path.key for path in case.paths if case.source(path).subnet_id in subnets]
    mine = {case.source(case.path(key)).subnet_id for key in keys}
    here = [item for item in left if item.subnet_id in mine]
    if here:
        ids = [item.network_interface_id for item in here]
        yield FAULT.found_with(
            (Evidence(resource_id=item, says="is Lambda's, and nothing uses it") for item in ids),
            keys,
            reason="Lambda deletes its interfaces with the role of the function they were for",
            advice=f"if they stay for half an hour, delete {', '.join(ids)}",
        )


FAULT = Fault(
    code="NP812",
    name="eni-cleanup-blocked",
    title="Lambda ENIs cannot be deleted (role removed too early), blocking SG/subnet changes; old VPC config lingers",
    phrase="interfaces of Lambda's were left behind",
    since="0.1.0",
    symptoms=("change-refused",),
    check=check,
    doc=__doc__,
    role=Role.NOTE,
    names_cause=False,
)
