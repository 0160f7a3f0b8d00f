"""What people see before they know the fault: a closed list, which every fault picks from.

The words are those of the people who look for help: what a client raises, what a log says, what a
browser shows. A fault lists what it shows first-hand, not what it may lead to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SymptomName = Literal[
    "connect-timeout-ipv4",
    "connect-timeout-ipv6",
    "connect-timeout",
    "aws-service-timeout",
    "private-target-timeout",
    "one-target-timeout",
    "task-timed-out",
    "some-subnets",
    "under-load",
    "slow",
    "no-aaaa",
    "no-local-ipv6",
    "name-fails",
    "wrong-address",
    "refused",
    "tls-fails",
    "stalls",
    "breaks-after-idle",
    "forbidden-inside",
    "access-denied",
    "api-4xx",
    "function-not-ready",
    "change-refused",
    "unexplained",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One thing that is seen, in the order in which people meet it."""

    name: SymptomName
    title: str
    seen: str
    """What a client or a log says, so that it is found by the words of an error."""


def _symptom(name: SymptomName, title: str, seen: str) -> Symptom:
    return Symptom(name=name, title=title, seen=seen)


SYMPTOMS: tuple[Symptom, ...] = (
    _symptom(
        "connect-timeout-ipv4",
        "Connect timeout on IPv4 only",
        "The name resolves, then silence: ETIMEDOUT, ConnectTimeoutError, i/o timeout. Over IPv6 "
        "the same target answers, or would.",
    ),
    _symptom(
        "connect-timeout-ipv6",
        "Connect timeout on IPv6 only",
        "IPv4 answers; a client that tries the AAAA record first waits. curl -4 works, curl -6 "
        "hangs.",
    ),
    _symptom(
        "connect-timeout",
        "Connect timeout, whatever the family",
        "ETIMEDOUT, ConnectTimeoutError, i/o timeout: nothing answers, not even with a refusal.",
    ),
    _symptom(
        "aws-service-timeout",
        "Calls to an AWS service hang",
        "boto3 hangs in the VPC and works outside: S3, DynamoDB, Secrets Manager, SSM, SQS, STS, "
        "with an endpoint or without.",
    ),
    _symptom(
        "private-target-timeout",
        "A host inside does not answer",
        "A database, an instance, a load balancer, or something in a peered VPC or on premises: "
        "connect timeout to a private address.",
    ),
    _symptom(
        "one-target-timeout",
        "One target times out, everything else works",
        "A single API, vendor, port or address range; other hosts on the internet answer.",
    ),
    _symptom(
        "task-timed-out",
        "Task timed out, and no error in the log",
        "Task timed out after 3.00 seconds, and nothing before it: the function ended while a "
        "client still waited.",
    ),
    _symptom(
        "some-subnets",
        "It works from some subnets, zones or environments only",
        "Randomly times out, a retry helps; the same execution environment always fails or "
        "always works.",
    ),
    _symptom(
        "under-load",
        "It fails under load only",
        "A single call works; bursts bring connect timeouts, EAI_AGAIN or ErrorPortAllocation.",
    ),
    _symptom(
        "slow",
        "It works, after seconds of waiting",
        "The same delay each time, then success: a dead family or server was tried first.",
    ),
    _symptom(
        "no-aaaa",
        "The name has no IPv6 address",
        "dig AAAA gives no record, EAI_NODATA, or an A record alone, though IPv6 was expected.",
    ),
    _symptom(
        "no-local-ipv6",
        "IPv6 fails at once, without a packet",
        "Errno 97 Address family not supported by protocol, EAFNOSUPPORT, ENETUNREACH.",
    ),
    _symptom(
        "name-fails",
        "The name does not resolve",
        "EAI_AGAIN, ENOTFOUND, gaierror, Could not resolve host, NXDOMAIN, SERVFAIL, Temporary "
        "failure in name resolution.",
    ),
    _symptom(
        "wrong-address",
        "The name resolves to another address than expected",
        "A private address where the public one was meant, or the public one although there is "
        "an endpoint; inside the VPC other than outside.",
    ),
    _symptom(
        "refused",
        "Connection refused",
        "ECONNREFUSED at once: the far end was reached and said no.",
    ),
    _symptom(
        "tls-fails",
        "The TLS handshake fails",
        "Certificate verify failed, hostname mismatch, handshake_failure, protocol_version, a "
        "reset or silence after the ClientHello.",
    ),
    _symptom(
        "stalls",
        "It connects, then stalls",
        "The connection is there and nothing more comes: after the ClientHello, or with large "
        "requests and answers only.",
    ),
    _symptom(
        "breaks-after-idle",
        "The connection breaks after a pause",
        "ECONNRESET, socket hang up, or a hang with the first request after minutes of silence.",
    ),
    _symptom(
        "forbidden-inside",
        "403 Forbidden from inside the VPC only",
        'HTTP 403 {"message":"Forbidden"}, ForbiddenException; a laptop gets 200.',
    ),
    _symptom(
        "access-denied",
        "403 AccessDenied, or not authorized",
        "HTTP 403 that names an action, a policy, a user or a signature: User: anonymous is not "
        "authorized, no VPC endpoint policy allows, InvalidSignatureException.",
    ),
    _symptom(
        "api-4xx",
        "The API answers 403, 404 or 410 wherever it is called from",
        "Missing Authentication Token, Not Found, GoneException: the network is fine.",
    ),
    _symptom(
        "function-not-ready",
        "The function does not start, or cannot be made",
        "Invoke, CreateFunction or UpdateFunctionConfiguration fails, or the function stays "
        "Pending or Inactive: SubnetIPAddressLimitReached, ENILimitReached.",
    ),
    _symptom(
        "change-refused",
        "AWS refuses a change, or it never ends",
        "A conflicting DNS domain; a security group or subnet that cannot be deleted.",
    ),
    _symptom(
        "unexplained",
        "It fails, and what can be read looks right",
        "Another account, an appliance, or a part of the configuration that was not read.",
    ),
)
