"""Every call that reads one VPC's configuration; AWS's JSON is kept untouched.

A call that fails is a Gap, never an absence: what needs its answer is unknown.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from botocore.parsers import ResponseParserError

from netprobe.aws.raw import RawSnapshot
from netprobe.aws.session import AWS_ERRORS, AwsSession, as_netprobe_error, is_fatal, one_line
from netprobe.errors import NetprobeError
from netprobe.model.snapshot import Gap

logger = logging.getLogger(__name__)

WORKERS = 8
MOST_STAGED_APIS = 20
"""APIs whose stages are read; API Gateway's control plane allows ten calls a second."""

READ_ERRORS = (*AWS_ERRORS, ResponseParserError)
GATEWAY_SERVICES = ("s3", "dynamodb")


@dataclass(frozen=True, slots=True)
class Call:
    """One read: which operation, which answer key, for what."""

    service: str
    operation: str
    key: str
    needed_for: str
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the call as gaps name it: ``ec2:DescribeSubnets``."""
        return f"{self.service}:{self.operation}"

    @property
    def iam_action(self) -> str:
        """Return the IAM action the call needs.

        API Gateway's actions are HTTP methods:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
        """
        return "apigateway:GET" if self.service.startswith("apigateway") else self.name


def read_vpc(session: AwsSession, vpc_id: str) -> RawSnapshot:
    """Read all that touches paths out of the VPC; raises NetprobeError for an unknown VPC."""
    account = session.account()
    vpcs = _read_vpcs(session, vpc_id)
    reader = _Reader(session)
    reader.answers["DescribeVpcs"] = {"Vpcs": vpcs}
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        for _ in pool.map(reader.read, _calls_of_vpc(vpc_id)):
            pass
        for _ in pool.map(reader.read_each, _calls_per_subject(reader, vpcs, vpc_id)):
            pass
    return RawSnapshot(session.region, account, reader.answers, tuple(reader.gaps))


def _read_vpcs(session: AwsSession, vpc_id: str) -> list[dict[str, Any]]:
    """Return the VPC, read first: nothing else makes sense without it."""
    try:
        pages = session.client("ec2").get_paginator("describe_vpcs").paginate()
        vpcs = [vpc for page in pages for vpc in page.get("Vpcs", ())]
    except READ_ERRORS as error:
        raise as_netprobe_error(error, "ec2:DescribeVpcs", session.region) from error
    found = [vpc for vpc in vpcs if vpc.get("VpcId") == vpc_id]
    if not found:
        known = ", ".join(str(vpc.get("VpcId")) for vpc in vpcs[:5]) or "none"
        raise NetprobeError(
            "no-such-vpc",
            f"no VPC {vpc_id!r} in {session.region}",
            hint=f"VPCs here: {known}; another region: --region",
        )
    return found


def _calls_of_vpc(vpc_id: str) -> Iterator[Call]:
    """Yield the calls that need nothing but the VPC's id."""
    of_vpc = {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]}
    attached = {"Filters": [{"Name": "attachment.vpc-id", "Values": [vpc_id]}]}
    for operation, key, needed_for, arguments in (
        ("DescribeSubnets", "Subnets", "subnets and their address families", of_vpc),
        ("DescribeRouteTables", "RouteTables", "routes", of_vpc),
        ("DescribeInternetGateways", "InternetGateways", "internet gateways", attached),
        ("DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGateways",
         "egress-only internet gateways", {}),
        ("DescribeNatGateways", "NatGateways", "NAT gateways", {"Filter": of_vpc["Filters"]}),
        ("DescribeNetworkAcls", "NetworkAcls", "network ACLs", of_vpc),
        ("DescribeSecurityGroups", "SecurityGroups", "security groups", of_vpc),
        ("DescribeNetworkInterfaces", "NetworkInterfaces", "addresses inside the VPC", of_vpc),
        ("DescribeVpcEndpoints", "VpcEndpoints", "endpoints and private DNS", of_vpc),
        ("DescribeManagedPrefixLists", "PrefixLists", "prefix-list routes and rules", {}),
        ("DescribeDhcpOptions", "DhcpOptions", "the resolver functions use", {}),
    ):  # fmt: skip
        yield Call("ec2", operation, key, needed_for, arguments)
    yield Call("lambda", "ListFunctions", "Functions", "functions in the VPC")
    yield Call("apigateway", "GetRestApis", "items", "REST APIs and their address types")
    yield Call("apigatewayv2", "GetApis", "Items", "HTTP and WebSocket APIs")


@dataclass(frozen=True, slots=True)
class Each:
    """One read per subject; the request's id goes into each answer."""

    call: Call
    requests: tuple[dict[str, Any], ...]


def _calls_per_subject(reader: _Reader, vpcs: list[dict[str, Any]], vpc_id: str) -> Iterator[Each]:
    """Yield the calls whose requests come out of earlier answers."""
    lists = reader.items("DescribeManagedPrefixLists", "PrefixLists")
    yield Each(
        Call("ec2", "GetManagedPrefixListEntries", "Entries", "prefix-list routes and rules"),
        tuple({"PrefixListId": item} for item in _lists_in_use(reader, lists)),
    )
    yield Each(
        Call("ec2", "DescribeVpcAttribute", "", "whether the VPC's resolver answers"),
        tuple(
            {"VpcId": vpc_id, "Attribute": name}
            for name in ("enableDnsSupport", "enableDnsHostnames")
            if vpcs
        ),
    )
    rest = [item["id"] for item in reader.items("GetRestApis", "items") if "id" in item]
    yield Each(
        Call("apigateway", "GetStages", "item", "stages of REST APIs"),
        tuple({"restApiId": item} for item in rest[:MOST_STAGED_APIS]),
    )
    others = [item["ApiId"] for item in reader.items("GetApis", "Items") if "ApiId" in item]
    yield Each(
        Call("apigatewayv2", "GetStages", "Items", "stages of HTTP and WebSocket APIs"),
        tuple({"ApiId": item} for item in others[:MOST_STAGED_APIS]),
    )


def _lists_in_use(reader: _Reader, lists: Iterable[dict[str, Any]]) -> list[str]:
    """Return the ids of prefix lists that routes or rules name, and those of gateway endpoints."""
    used = json.dumps([
        reader.items("DescribeRouteTables", "RouteTables"),
        reader.items("DescribeSecurityGroups", "SecurityGroups"),
    ], default=str)  # fmt: skip
    return [
        item["PrefixListId"]
        for item in lists
        if item.get("PrefixListId")
        and (
            item["PrefixListId"] in used
            or str(item.get("PrefixListName", "")).endswith(GATEWAY_SERVICES)
        )
    ]


class _Reader:
    """Makes calls and keeps answers and gaps; used from several threads."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session
        self.answers: dict[str, Any] = {}
        self.gaps: list[Gap] = []

    def items(self, operation: str, key: str) -> list[dict[str, Any]]:
        """Return the items of an answer, none when it is missing."""
        found = self.answers.get(operation, {}).get(key) or []
        return [item for item in found if isinstance(item, dict)]

    def read(self, call: Call) -> None:
        """Make one call, all its pages."""

        def answer() -> None:
            self.answers[call.operation] = {call.key: self._pages(call, call.arguments)}

        self._guarded(call, answer)

    def read_each(self, each: Each) -> None:
        """Make one call per subject; the first failure ends it, because all would fail."""

        def answer() -> None:
            name = f"{each.call.service}:{each.call.operation}"
            key = name if each.call.operation == "GetStages" else each.call.operation
            self.answers[key] = [
                request | self._answer(each.call, request) for request in each.requests
            ]

        self._guarded(each.call, answer)

    def _guarded(self, call: Call, answer: Callable[[], None]) -> None:
        logger.debug("%s", call.name)
        try:
            answer()
        except READ_ERRORS as error:
            if is_fatal(error):
                raise as_netprobe_error(error, call.name, self._session.region) from error
            self.gaps.append(
                Gap(
                    call=call.name,
                    error=one_line(error),
                    iam_action=call.iam_action,
                    needed_for=call.needed_for,
                )
            )

    def _answer(self, call: Call, request: dict[str, Any]) -> dict[str, Any]:
        """Return one subject's answer, paged where the call has pages."""
        if call.operation in {"DescribeVpcAttribute", "GetStages"}:
            client = self._session.client(call.service)
            answer: dict[str, Any] = getattr(client, _snake(call.operation))(**request)
            answer.pop("ResponseMetadata", None)
            return answer
        return {call.key: self._pages(call, request)}

    def _pages(self, call: Call, arguments: dict[str, Any]) -> list[Any]:
        client = self._session.client(call.service)
        name = _snake(call.operation)
        if name == "describe_network_interfaces" and _knows(
            client, name, "IncludeManagedResources"
        ):
            # Accounts may hide interfaces that AWS services manage, Lambda's among them.
            arguments = arguments | {"IncludeManagedResources": True}
        if client.can_paginate(name):
            pages = client.get_paginator(name).paginate(**arguments)
            return [item for page in pages for item in page.get(call.key) or ()]
        return list(getattr(client, name)(**arguments).get(call.key) or ())


def _knows(client: Any, method: str, member: str) -> bool:
    operation = client.meta.service_model.operation_model(
        client.meta.method_to_api_mapping[method]
    )
    return member in operation.input_shape.members


def _snake(operation: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in operation).lstrip(
        "_"
    )
