"""The signature had expired when the call arrived.

## What it means

The service answered that the signature is too old or the clock is wrong. The network is fine.

## Why traffic fails

A call that was signed before Lambda froze the environment, and sent after it was thawed, carries
an old time. AWS takes signatures of the last minutes only.

## How netprobe knows

Packets: an answer with InvalidSignatureException, RequestTimeTooSkewed or Signature expired.

## Known limits

The probe signs nothing, so only evidence of a signed call shows this. How often it happens is in
the function's log.

## Example

A promise nobody awaits, at the end of a handler.

## Fix

Await every call before the handler returns, and retry once.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.refusals import Refusal, refusal_of
from netprobe.model.finding import Evidence, Finding

_KINDS = ("InvalidSignatureException", "RequestTimeTooSkewed", "RequestExpired")


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target that refuses an old signature."""
    for target in case.targets:
        keys = [
            path.key
            for path in case.paths
            if path.key.target == target.id and _is_old(refusal_of(path.observation))
        ]
        if keys:
            yield FAULT.found_with(
                (Evidence(resource_id=target.id, says="answers that the signature is too old"),),
                keys,
                reason="a call that is signed before a freeze and sent after it is too old",
                advice="await every call before the handler returns, and retry once",
            )


def _is_old(refusal: Refusal | None) -> bool:
    if refusal is None:
        return False
    return refusal.kind.startswith(_KINDS) or "Signature expired" in refusal.text


FAULT = Fault(
    code="NP815",
    name="clock-skew-after-thaw",
    title="Signature expired right after a freeze (looks like endpoint trouble)",
    phrase="the signature had expired",
    since="0.1.0",
    symptoms=("access-denied",),
    check=check,
    doc=__doc__,
)
