"""The policy documents of the probe's execution role."""

from __future__ import annotations

from typing import Any

from netprobe.deploy.plan import INTERFACE_ACTIONS, NAME_PREFIX

VERSION = "2012-10-17"


def trust_policy() -> dict[str, Any]:
    """Return who may take the role: Lambda, nobody else."""
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }


def execution_policy(run_id: str) -> dict[str, Any]:
    """Return what the role allows: Lambda may manage interfaces, the probe's own code may not.

    The key ``lambda:SourceFunctionArn`` is only present on calls made by a function's code:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    functions = f"arn:*:lambda:*:*:function:{NAME_PREFIX}{run_id}-*"
    return {
        "Version": VERSION,
        "Statement": [
            {"Effect": "Allow", "Action": list(INTERFACE_ACTIONS), "Resource": "*"},
            {
                "Effect": "Deny",
                "Action": [*INTERFACE_ACTIONS, "ec2:DetachNetworkInterface"],
                "Resource": "*",
                "Condition": {"ArnLike": {"lambda:SourceFunctionArn": functions}},
            },
        ],
    }
