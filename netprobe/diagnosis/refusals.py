"""What a refusal says of itself: who answered, which action, and which kind of policy refused.

The sentences are those of
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netprobe.model.observation import Observation, Outcome, Stage, StageName

_SENTENCE = re.compile(
    r"is not authorized to perform:? (?P<action>[a-zA-Z0-9-]+:[a-zA-Z0-9*]+)"
    r"(?: on resource: (?:\\?\"[^\"]*\"|[^\"<]{1,2048}?))?"
    r"(?:,? (?:because no (?P<lacking>[a-zA-Z -]+?)(?: policy)? allows"
    r"|with an explicit deny(?: in (?:an?|the) (?P<denying>[a-zA-Z -]+?)(?= policy\b|[:.\"<]|$))?"
    r")|$|[\"<])",
)
"""The policies are ``identity-based``, ``resource-based``, ``VPC endpoint``, ``service control``,
``resource control``, ``session``, ``role trust``, and ``permissions boundary`` without the word
policy. S3 quotes the resource, and an ARN of the policy may follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An HTTP answer that says no."""

    status: int
    kind: str
    """The error type: ``AccessDeniedException``; empty where the answer has none."""
    text: str
    action: str = ""
    """The action that was refused, ``service:Action``; empty where the answer does not say."""
    policy: str = ""
    """The kind of policy that refused: ``VPC endpoint``, ``resource-based``, ..."""
    explicit: bool = False

    @property
    def said(self) -> str:
        """Return the answer in a few words."""
        return f"HTTP {self.status} {self.kind or self.text[:120]}".strip()


def refusal_of(seen: Observation | None) -> Refusal | None:
    """Return what the far end refused with, None where it did not answer with an error."""
    stage = _refusing_stage(seen) if seen is not None else None
    status = stage.detail.get("status") if stage else None
    if stage is None or not isinstance(status, int):
        return None
    headers = stage.detail.get("headers") or {}
    body = str(stage.detail.get("body", ""))
    kind = str(headers.get("x-amzn-errortype", "")).partition(":")[0] or _code_in(body)
    match = _SENTENCE.search(body)
    named = (match["lacking"] or match["denying"] or "") if match else ""
    return Refusal(
        status=status,
        kind=kind,
        text=body,
        action=match["action"] if match else "",
        policy=named.strip(),
        explicit="with an explicit deny" in (match[0] if match else ""),
    )


def names_a_policy(seen: Observation | None) -> bool:
    """Tell whether the answer names the kind of policy that refuses."""
    refusal = refusal_of(seen)
    return refusal is not None and bool(refusal.policy)


def _refusing_stage(seen: Observation) -> Stage | None:
    """Return the first HTTP stage that ended with an error."""
    stages = (seen.stage(StageName.REQUEST), seen.stage(StageName.WEBSOCKET))
    return next((item for item in stages if item and item.outcome is Outcome.HTTP_ERROR), None)


_CODE = re.compile(r"<Code>(\w+)</Code>|\"__type\":\s*\"(?:[^\"#]*#)?(\w+)\"")
"""The error code in XML (S3 and the query protocol) and in JSON."""


def _code_in(body: str) -> str:
    match = _CODE.search(body)
    return (match[1] or match[2]) if match else ""
