"""What to reach: the ways users write a target, and what netprobe picks when none is given."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from netprobe.errors import NetprobeError, UsageError
from netprobe.model.report import Target, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Api, ApiKind
from netprobe.workflows.capabilities import ServiceHosts
from netprobe.workflows.target_databases import (
    database_kind,
    database_target,
    neptune_targets,
)
from netprobe.workflows.target_urls import HTTPS_PORT, host_target, url_target

MOST_APIS = 20
"""APIs probed when no target is given; API Gateway's control plane allows 10 calls a second."""

SURVEYED_SERVICES = ("s3", "dynamodb", "ssm", "secretsmanager", "sts", "logs")

CONNECTION_ID = "netprobe"
"""No connection has this id: any answer to it proves the way to ``@connections``."""

_KIND_OF_API = {
    ApiKind.REST: TargetKind.REST_API,
    ApiKind.HTTP: TargetKind.HTTP_API,
    ApiKind.WEBSOCKET: TargetKind.WEBSOCKET_API,
}
API_READS = ("apigateway:GetRestApis", "apigatewayv2:GetApis")
_API_ARN = re.compile(
    r"arn:[\w-]+:(?:apigateway:[\w-]*::/(?:restapis|apis)/(?P<id>\w+)(?:/stages/(?P<stage>[\w$.-]+))?"
    r"|execute-api:[\w-]*:\d*:(?P<id2>\w+)(?:/(?P<stage2>[\w$.-]+))?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The targets of a check and what the reader should know about the choice."""

    targets: tuple[Target, ...]
    remarks: tuple[str, ...] = ()


def choose_targets(
    given: Iterable[str], snapshot: Snapshot, vpc_id: str, hosts: ServiceHosts
) -> Chosen:
    """Return the targets the user gave, or netprobe's own choice; raises UsageError."""
    asked = tuple(given)
    if asked:
        found = tuple(t for text in asked for t in parse_target(text, snapshot, hosts))
        return Chosen(targets=_distinct(found))
    return _default_targets(snapshot, vpc_id, hosts)


def parse_target(text: str, snapshot: Snapshot, hosts: ServiceHosts) -> tuple[Target, ...]:
    """Return the targets one ``--target`` names; raises UsageError when it names none."""
    if text.startswith("api:"):
        api_id, _, stage = text.removeprefix("api:").partition("/")
        return (_api_target(_known_api(api_id, text, snapshot), stage or None, given=text),)
    if text.startswith("service:"):
        return _service_targets(text.removeprefix("service:"), hosts, given=text)
    if text.startswith("arn:"):
        return (_arn_target(text, snapshot),)
    if "://" in text:
        return (_with_api(url_target(text), snapshot),)
    return (_with_api(host_target(text), snapshot),)


def _default_targets(snapshot: Snapshot, vpc_id: str, hosts: ServiceHosts) -> Chosen:
    """Return every API of the region, the services with endpoints, and a survey of others.

    The survey is of the usual services and of the VPC's Neptune clusters. Surveyed targets show
    what the VPC reaches; an isolated VPC is no broken one because S3 is out of its reach, so they
    do not decide the verdict when anything else was found to ask about.
    """
    apis = snapshot.apis[:MOST_APIS]
    neptune, remarks = neptune_targets(snapshot, vpc_id)
    if len(snapshot.apis) > MOST_APIS:
        cut = f"probed the first {MOST_APIS} of {len(snapshot.apis)} APIs; --target names others"
        remarks.insert(0, cut)
    targets = [_api_target(api, None, given=f"api:{api.api_id}") for api in apis]
    services = _endpoint_services(snapshot, vpc_id, hosts)
    targets += [_service_target(name, host, surveyed=False) for name, host in services.items()]
    targets += [
        _service_target(name, hosts.host(name, dual_stack=False), surveyed=True)
        for name in SURVEYED_SERVICES
        if name not in services
    ]
    targets += neptune
    control = hosts.host("ec2", dual_stack=True)
    targets.append(
        Target(
            id="control",
            given=control,
            host=control,
            port=HTTPS_PORT,
            kind=TargetKind.CONTROL,
            path="/",
            surveyed=True,
        )
    )
    return Chosen(targets=_distinct(targets), remarks=tuple(remarks))


def _endpoint_services(snapshot: Snapshot, vpc_id: str, hosts: ServiceHosts) -> dict[str, str]:
    """Return host names by SDK service name, for the services the VPC has endpoints for."""
    found = {}
    for endpoint in snapshot.vpc_endpoints:
        name = endpoint.service_name.rpartition(f".{snapshot.region}.")[2]
        if (
            endpoint.vpc_id != vpc_id or name == "execute-api"
        ):  # that one serves APIs, probed by id
            continue
        try:
            found[name] = hosts.host(name, dual_stack=False)
        except NetprobeError:  # an endpoint of no SDK service, such as a partner's
            continue
    return found


def _distinct(targets: Iterable[Target]) -> tuple[Target, ...]:
    return tuple({target.id: target for target in targets}.values())


def _known_api(api_id: str, given: str, snapshot: Snapshot) -> Api:
    api = snapshot.api(api_id)
    gap = next((found for call in API_READS if (found := snapshot.gap(call))), None)
    if api is None and gap is not None:  # it may be among those that could not be read
        raise NetprobeError(
            "apis-not-read",
            f"whether there is an API {api_id!r} in {snapshot.region} is not known",
            why=f"{gap.call}: {gap.error}",
            hint=f"allow {gap.iam_action}, or give its URL instead",
        )
    if api is None:
        known = [item.api_id for item in snapshot.apis]
        near = difflib.get_close_matches(api_id, known, n=1, cutoff=0.5)
        hint = f"did you mean api:{near[0]}?" if near else "give its URL instead"
        what = f"no API {api_id!r} in {snapshot.region} (target {given})"
        raise NetprobeError("no-such-api", what, hint=hint)
    return api


def _api_target(api: Api, stage: str | None, *, given: str) -> Target:
    chosen = stage or next(iter(api.stages), None)
    prefix = "" if chosen in {None, "$default"} else f"/{chosen}"
    websocket = api.kind is ApiKind.WEBSOCKET
    return Target(
        id=given,
        given=given,
        host=api.host,
        port=HTTPS_PORT,
        kind=_KIND_OF_API[api.kind],
        path=f"{prefix}/@connections/{CONNECTION_ID}" if websocket else f"{prefix}/",
        websocket_path=(prefix or "/") if websocket else None,
        ip_address_type=api.ip_address_type,
        api_id=api.api_id,
    )


def _service_targets(name: str, hosts: ServiceHosts, *, given: str) -> tuple[Target, ...]:
    """Return the plain host of a service and, as an alternative, its dual-stack host."""
    plain, dual = hosts.host(name, dual_stack=False), hosts.host(name, dual_stack=True)
    asked = replace(_service_target(name, plain, surveyed=False), given=given)
    if plain == dual:
        return (replace(asked, ip_address_type="dualstack"),)
    alternative = replace(
        _service_target(name, dual, surveyed=True),
        id=f"service:{name}+dualstack",
        given=given,
        ip_address_type="dualstack",
    )
    return asked, alternative


def _service_target(name: str, host: str, *, surveyed: bool) -> Target:
    return Target(
        id=f"service:{name}",
        given=f"service:{name}",
        host=host,
        port=HTTPS_PORT,
        kind=TargetKind.SERVICE,
        path="/",
        service=name,
        surveyed=surveyed,
    )


def api_of_arn(text: str) -> tuple[str, str]:
    """Return the API and the stage an ARN names, empty where it names none."""
    match = _API_ARN.match(text)
    if match is None:
        return "", ""
    return match["id"] or match["id2"], match["stage"] or match["stage2"] or ""


def _arn_target(text: str, snapshot: Snapshot) -> Target:
    api_id, stage = api_of_arn(text)
    if not api_id:
        if database_kind(text):
            return database_target(text, snapshot)
        raise UsageError(
            "unsupported-target",
            f"cannot take a host name from {text!r}",
            hint="give the ARN of an API of API Gateway, or of a cluster or instance of Neptune "
            "or RDS, or the endpoint as tcp://HOST:PORT",
        )
    return _api_target(_known_api(api_id, text, snapshot), stage or None, given=text)


def _with_api(target: Target, snapshot: Snapshot) -> Target:
    """Return the target with what is known of the API whose default host it names."""
    api = next((item for item in snapshot.apis if item.host == target.host), None)
    if api is None:
        return target
    return replace(
        target,
        api_id=api.api_id,
        ip_address_type=api.ip_address_type,
        kind=_KIND_OF_API[api.kind] if target.kind is not TargetKind.TCP else target.kind,
    )
