"""A proxy is needed, and the client does not use it, or uses it wrongly.

## What it means

Some networks let traffic out through an HTTP proxy only. A client that does not know of it waits
in vain; one that sends everything there asks it for endpoints it should reach directly.

## Why traffic fails

Many clients ignore HTTPS_PROXY: the Node SDK needs an agent. NO_PROXY has to list what is inside
the VPC.

## How netprobe knows

It cannot: environment variables of functions are not read, and the probe uses no proxy. Where a
host outside AWS stays silent and nothing in the configuration explains it, this is a note on
where to look; an answer with status 407 is a proxy's.

## Known limits

The note is a guess among several.

## Example

A company network whose only way out is a proxy in another VPC.

## Fix

Configure the client's proxy in the code, and list endpoint hosts in NO_PROXY.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html
- https://github.com/aws/aws-sdk-js/issues/1842
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.services import service_of
from netprobe.model.finding import Evidence, Finding
from netprobe.model.observation import Outcome
from netprobe.model.report import Path

_PROXY_WANTS_LOGIN = 407


def check(case: Case) -> Iterator[Finding]:
    """Yield a note per target outside AWS that is silent without a reason."""
    for target in case.targets:
        keys = [
            path.key
            for path in case.paths
            if path.key.target == target.id and target.api_id is None and _may_be(case, path)
        ]
        if keys:
            yield FAULT.found_with(
                (Evidence(resource_id=target.id, says="gives no answer without a proxy"),),
                keys,
                reason="some networks let traffic out through a proxy only",
                advice="look whether the function has HTTPS_PROXY, and whether its client uses it",
            )


def _may_be(case: Case, path: Path) -> bool:
    seen = path.observation
    if seen is None or service_of(case, path) is not None:
        return False
    silent = seen.outcome is Outcome.TIMEOUT and path.key not in case.explained
    return silent or seen.status == _PROXY_WANTS_LOGIN


FAULT = Fault(
    code="NP801",
    name="proxy-misconfigured",
    title="Egress only through an HTTP proxy, and the client does not use it (or uses it for endpoints it should bypass)",
    phrase="a proxy may be needed",
    since="0.1.0",
    symptoms=("connect-timeout", "task-timed-out"),
    check=check,
    doc=__doc__,
    names_cause=False,
    decidable=False,
)
