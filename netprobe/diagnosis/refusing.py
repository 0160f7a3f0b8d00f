"""Whether configuration alone tells that the far end refuses, and with which HTTP statuses."""

from __future__ import annotations

from netprobe.diagnosis.arns import api_behind
from netprobe.diagnosis.denials import denials
from netprobe.model.flow import Source
from netprobe.model.report import Target
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Trace
from netprobe.model.workloads import ApiKind

_BY_POLICY = frozenset({403})
_SWITCHED_OFF = frozenset({403, 404})
"""REST and WebSocket APIs say 403, HTTP APIs 404, when their default endpoint is disabled."""


def refusing_statuses(
    snapshot: Snapshot, source: Source, target: Target, trace: Trace | None
) -> frozenset[int]:
    """Return the statuses the far end refuses with, empty where nothing says that it does."""
    found: frozenset[int] = frozenset()
    if any(denials(snapshot, source, target, trace)) or wrong_stage(snapshot, target):
        found |= _BY_POLICY
    return found | (_SWITCHED_OFF if is_switched_off(snapshot, target) else frozenset())


def is_switched_off(snapshot: Snapshot, target: Target) -> bool:
    """Tell whether a target is an API's default endpoint, and disabled.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
    """
    api = api_behind(snapshot, target)
    return api is not None and api.default_endpoint_disabled and target.host == api.host


def wrong_stage(snapshot: Snapshot, target: Target) -> str | None:
    """Return what is wrong with the path of ``@connections``, None where nothing is known to be.

    The default endpoint wants the stage first, a domain name its mapping instead:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
    """
    path = target.path or target.websocket_path or ""
    before, found, _ = path.partition("@connections")
    api = api_behind(snapshot, target)
    if not found or api is None or api.kind is not ApiKind.WEBSOCKET or not api.stages:
        return None
    first = before.strip("/").partition("/")[0]
    known = ", ".join(api.stages)
    if target.host == api.host and first not in api.stages:
        said = f"begins with /{first}" if first else "names no stage"
        return f"{path} {said}, and {api.api_id} has the stages {known}"
    return None
