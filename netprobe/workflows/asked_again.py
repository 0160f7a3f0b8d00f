"""What a check was asked, as JSON, so that the same can be asked again; pure."""

from __future__ import annotations

import math
from typing import Any

from netprobe.model.addresses import Family
from netprobe.workflows.check import CheckRequest
from netprobe.workflows.sources import Wanted

_LONGEST = 1000.0


def document_of_request(request: CheckRequest) -> dict[str, Any]:
    """Return a request as a JSON object; what is about deploying is left out."""
    return {
        "vpc": request.vpc_id,
        "function": request.wanted.function,
        "targets": list(request.targets),
        "families": [family.value for family in request.families],
        "client": request.client,
        "subnets": list(request.wanted.subnet_ids),
        "all_subnets": request.wanted.all_subnets,
        "security_groups": list(request.wanted.security_group_ids),
        "timeout_seconds": request.timeout_seconds,
        "attempts": request.attempts,
        "path_mtu": request.path_mtu,
        "probe": request.probe,
    }


def request_of_document(document: object) -> CheckRequest:
    """Return the request a JSON object was made of; raises ValueError for another shape."""
    if not isinstance(document, dict):
        message = "it is no JSON object"
        raise ValueError(message)  # noqa: TRY004 # a wrong shape is a wrong value to its reader
    families = tuple(Family(name) for name in _texts(document, "families"))
    return CheckRequest(
        vpc_id=_text(document, "vpc"),
        wanted=Wanted(
            function=_text(document, "function"),
            subnet_ids=_texts(document, "subnets"),
            all_subnets=document.get("all_subnets") is True,
            security_group_ids=_texts(document, "security_groups"),
        ),
        targets=_texts(document, "targets"),
        families=families or (Family.IPV4, Family.IPV6),
        client=_text(document, "client"),
        timeout_seconds=_seconds(document),
        attempts=_count(document),
        path_mtu=document.get("path_mtu") is True,
        probe=document.get("probe") is not False,
    )


def _text(document: dict[str, Any], key: str) -> str | None:
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        message = f"{key} is no text"
        raise ValueError(message)
    return value


def _texts(document: dict[str, Any], key: str) -> tuple[str, ...]:
    value = document.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        message = f"{key} is no list of texts"
        raise ValueError(message)
    return tuple(value)


def _seconds(document: dict[str, Any]) -> float:
    value = document.get("timeout_seconds", 5.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        message = "timeout_seconds is no number"
        raise ValueError(message)
    return min(max(float(value), 0.1), _LONGEST)


def _count(document: dict[str, Any]) -> int:
    value = document.get("attempts", 1)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:  # noqa: PLR2004 # as --attempts
        message = "attempts is no number from 1 to 100"
        raise ValueError(message)
    return value
