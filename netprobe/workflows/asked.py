"""What the targets of a check make necessary to read, known before anything is read.

A target that cannot be understood is refused later, by ``targets``; here it asks for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from netprobe.workflows.capabilities import Asked
from netprobe.workflows.target_databases import database_kind
from netprobe.workflows.targets import api_of_arn


def asked_about(targets: Iterable[str], *, probing: bool, function: str | None = None) -> Asked:
    """Return what these targets need; an API's stages matter only to what is sent."""
    given = tuple(targets)
    if not given:
        return Asked(
            hosts=(),
            stages_of=None if probing else (),
            function=function,
            databases=("cluster",),  # Neptune's are among netprobe's own choice
        )
    hosts, apis, staged, urls = [], [], [], []
    for text in given:
        api_id, stage = _api_named(text)
        if api_id:
            apis.append(api_id)
            staged += [api_id] if not stage else []
        elif host := _host_named(text):
            hosts.append(host)
            urls += [text] if text.startswith(("https://", "http://")) else []
    return Asked(
        hosts=tuple(hosts),
        stages_of=tuple(staged) if probing else (),
        function=function,
        apis=tuple(apis),
        databases=tuple(dict.fromkeys(filter(None, map(database_kind, given)))),
        urls=tuple(urls),
    )


def _api_named(text: str) -> tuple[str, str]:
    """Return the API and the stage a target names by id or ARN, empty where it names none."""
    if text.startswith("api:"):
        api_id, _, stage = text.removeprefix("api:").partition("/")
        return api_id, stage
    return api_of_arn(text) if text.startswith("arn:") else ("", "")


def _host_named(text: str) -> str:
    """Return the host of a target in lower case, empty for a service: its names are AWS's own."""
    if text.startswith(("service:", "arn:")):
        return ""
    try:
        url = urlsplit(text if "://" in text else f"//{text}")
        host = url.hostname or ""
    except ValueError:
        return ""
    if url.scheme == "dns" and not host:
        host = url.path.strip("/")
    return host.lower().rstrip(".")
