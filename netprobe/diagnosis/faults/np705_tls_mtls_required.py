"""The custom domain name wants a client certificate.

## What it means

The domain name has mutual TLS on: a client that shows no certificate of a trusted authority is
turned away, by an alert or by a closed connection.

## Why traffic fails

With a trust store on the domain name API Gateway asks each client for a certificate during the
handshake. A role, a key or a signature does not replace it.

## How netprobe knows

API Gateway says that the domain name has a trust store, and TLS or the first request after it
fails; or the server's alert asks for a certificate.

## Known limits

The probe shows no certificate, so it cannot tell whether the function's own is good. Where
packets were not sent this is a note: the function may well have one.

## Example

A partner's domain name with mutual TLS, called by a function that was never given the
certificate.

## Fix

Give the function a client certificate and its key, from Secrets Manager for example, and have
the client use it.

## Fix safety

The key is a secret: keep it out of the code and the environment.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.handshakes import failed_handshakes
from netprobe.model.finding import Evidence, Finding, PathKey
from netprobe.model.observation import Outcome
from netprobe.model.report import PathVerdict, Target


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target that wants a certificate the client did not show."""
    for target, found in failed_handshakes(case):
        says = [item.alert for item in found if "CERTIFICATE_REQUIRED" in item.alert]
        wants = _wants_certificate(case, target)
        if says or wants:
            yield _finding(target, [item.path.key for item in found], wants=wants)
    for target in case.targets:
        quiet = [
            path.key
            for path in case.paths
            if path.key.target == target.id
            and path.verdict is PathVerdict.WORKS
            and (path.observation is None or path.observation.outcome is Outcome.NOT_PROBED)
        ]
        if quiet and _wants_certificate(case, target):
            yield _finding(target, quiet, wants=True)


def _finding(target: Target, keys: list[PathKey], *, wants: bool) -> Finding:
    says = "has mutual TLS on" if wants else "asked for a client certificate"
    return FAULT.found_with(
        (Evidence(resource_id=target.host if wants else target.id, says=says),),
        keys,
        reason="with mutual TLS every client has to show a certificate of a trusted authority",
        advice=f"have the client present a certificate that {target.host} trusts",
    )


def _wants_certificate(case: Case, target: Target) -> bool:
    return any(
        item.mutual_tls and item.domain_name == target.host for item in case.snapshot.domain_names
    )


FAULT = Fault(
    code="NP705",
    name="tls-mtls-required",
    title="Custom domain requires mutual TLS and the function presents no client certificate",
    phrase="the far end wants a client certificate",
    since="0.1.0",
    symptoms=("tls-fails",),
    check=check,
    doc=__doc__,
)
