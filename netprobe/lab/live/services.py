"""AWS's services other than API Gateway: what a request asks of them, and who refuses it.

The lab's services do no work. A request that an endpoint's policy lets through is answered as
the service answers whoever shows no credentials; S3 asks the bucket's policy besides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from netprobe.lab.live.callers import Caller
from netprobe.lab.live.http_message import Request, Response, amazon, simple_storage
from netprobe.lab.live.policies import Asked, Decision, decide

ACCOUNT_ID = "123456789012"
"""Everybody's account in the lab, see GetCallerIdentity."""
SIGNED_AS = f"arn:aws:sts::{ACCOUNT_ID}:user/moto"
"""Whom any signature in the lab is taken for."""
CHECK_IP = "checkip.amazonaws.com"
"""The name of AWS that answers anyone with the address it sees, over IPv4 alone."""
_S3_HOST = re.compile(
    r"^(?:(?P<bucket>[a-z0-9.-]+)\.)?(?:bucket\.vpce-[0-9a-z-]+\.)?s3(?:\.dualstack)?\."
    r"(?:[a-z0-9-]+\.(?:vpce\.)?)?amazonaws\.com$"
)
_ABOUT_S3 = "https://aws.amazon.com/s3/"
"""Where S3 sends who asks for the list of buckets without a signature."""
_ACTION_OF_KEY = {
    "GET": "s3:GetObject",
    "HEAD": "s3:GetObject",
    "PUT": "s3:PutObject",
    "DELETE": "s3:DeleteObject",
}
_ACTION_OF_BUCKET = {
    "GET": "s3:ListBucket",
    "HEAD": "s3:ListBucket",
    "PUT": "s3:CreateBucket",
    "DELETE": "s3:DeleteBucket",
}


def answer(request: Request, caller: Caller, policy_of_bucket: Callable[[str], str]) -> Response:
    """Answer a request to a service's own name or to its endpoint's."""
    if request.host == CHECK_IP:
        told = f"{caller.address}\n"
        return Response(status=200, body=told, headers={"Content-Type": "text/plain"})
    if refused := refuse(request, caller):
        return refused
    asked = _asked_of(request, caller)
    if asked.service != "s3":
        return _missing_token(request)
    if asked.action == "s3:ListAllMyBuckets" and not request.is_signed:
        return Response(status=307, headers={"Location": _ABOUT_S3, "Server": "AmazonS3"})
    return _of_bucket(asked, policy_of_bucket)


def _of_bucket(asked: Asked, policy_of_bucket: Callable[[str], str]) -> Response:
    """Answer for a bucket, by whose own policy alone anybody gets in here.

    Buckets are empty, and only who may list one is told that an object is not there:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    arn = (asked.resource or "").partition("/")[0]
    policy = policy_of_bucket(arn.rpartition(":::")[2]) if arn.startswith("arn:") else ""
    listing = replace(asked, action="s3:ListBucket", resource=arn)
    decisions = [decide(policy, item) if policy else Decision.IMPLICIT_DENY
                 for item in (asked, listing)]  # fmt: skip
    if decisions == [Decision.ALLOWED, Decision.ALLOWED]:
        return simple_storage("NoSuchKey", "The specified key does not exist.", 404)
    told = asked.signed and decisions[0] is Decision.EXPLICIT_DENY
    text = refusal(asked, decisions[0], "resource-based") if told else "Access Denied"
    return simple_storage("AccessDenied", text)


def refuse(request: Request, caller: Caller) -> Response | None:
    """Return the refusal of the policy of the endpoint that a request came through."""
    asked = _asked_of(request, caller)
    decision = decide(caller.policy, asked) if caller.policy else Decision.ALLOWED
    if decision is Decision.ALLOWED:
        return None
    text = refusal(asked, decision, "VPC endpoint")
    if asked.service == "s3":
        return simple_storage("AccessDenied", text if request.is_signed else "Access Denied")
    return _refused(request, text)


def _asked_of(request: Request, caller: Caller) -> Asked:
    storage = _S3_HOST.match(request.host)
    return _storage(request, storage["bucket"], caller) if storage else _other(request, caller)


def refusal(asked: Asked, decision: Decision, kind: str) -> str:
    """Return AWS's sentence for a denial, naming the kind of policy that denies.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    who = SIGNED_AS if asked.signed else "anonymous"
    action = asked.action or f"{asked.service}:*"
    on = f" on resource: {asked.resource}" if asked.resource else ""
    why = (
        f"with an explicit deny in a {kind} policy"
        if decision is Decision.EXPLICIT_DENY
        else f"because no {kind} policy allows the {action} action"
    )
    return f"User: {who} is not authorized to perform: {action}{on} {why}"


def _storage(request: Request, bucket: str | None, caller: Caller) -> Asked:
    """Return what is asked of Amazon S3; the bucket is in the host or leads the path.

    See "Actions, resources, and condition keys for Amazon S3" in the service authorization
    reference.
    """
    path = request.path.strip("/")
    key = path
    if not bucket:
        bucket, _, key = path.partition("/")
    action = (_ACTION_OF_KEY if key else _ACTION_OF_BUCKET).get(request.method)
    resource = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
    if not bucket:
        action, resource = "s3:ListAllMyBuckets", "*"
    return _asked(request, caller, "s3", action, resource)


def _other(request: Request, caller: Caller) -> Asked:
    """Return what is asked of a service that names its action in a header or in the form."""
    service = caller.service or request.host.partition(".")[0]
    target = request.headers.get("x-amz-target", "").rpartition(".")[2]
    form = request.body.decode("utf-8", "replace") + "&" + request.target.partition("?")[2]
    name = target or parse_qs(form).get("Action", [""])[0]
    return _asked(request, caller, service, f"{service}:{name}" if name else None, None)


def _asked(
    request: Request, caller: Caller, service: str, action: str | None, resource: str | None
) -> Asked:
    facts = caller.facts
    if request.is_signed:
        facts |= {"aws:principalaccount": ACCOUNT_ID, "aws:principalarn": SIGNED_AS}
    return Asked(
        action=action,
        resource=resource,
        service=service,
        signed=request.is_signed,
        account_id=ACCOUNT_ID,
        facts=facts,
    )


def _is_query(request: Request) -> bool:
    """Tell whether a request speaks the query protocol, whose errors are XML."""
    return "x-www-form-urlencoded" in request.headers.get("content-type", "")


def _refused(request: Request, text: str) -> Response:
    if _is_query(request):
        return _query_error("AccessDenied", text)
    told = {"__type": "AccessDeniedException", "Message": text}
    return amazon(403, json.dumps(told), "AccessDeniedException")


def _missing_token(request: Request) -> Response:
    kind = "MissingAuthenticationToken"
    if _is_query(request):
        return _query_error(kind, "Request is missing Authentication Token")
    return amazon(403, '{"message":"Missing Authentication Token"}', f"{kind}Exception")


def _query_error(code: str, text: str) -> Response:
    body = (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
        f"<Message>{escape(text)}</Message></Error></ErrorResponse>"
    )
    answered = amazon(403, body)
    return Response(status=403, body=body, headers=answered.headers | {"Content-Type": "text/xml"})
