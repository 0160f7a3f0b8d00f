"""AWS's JSON as a Snapshot: tolerant of what is absent, never of what it cannot read.

Unknown keys are ignored and explicit nulls count as absent. An item that cannot be read makes
its call a gap, because a snapshot without it would be a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from netprobe.aws.convert_apis import convert_http_or_websocket_api, convert_rest_api
from netprobe.aws.convert_filters import convert_network_acl, convert_security_group
from netprobe.aws.convert_resources import (
    convert_dhcp_options,
    convert_endpoint,
    convert_function,
    convert_internet_gateway,
    convert_nat_gateway,
    convert_network_interface,
    convert_prefix_list,
    convert_route_table,
    convert_subnet,
    convert_vpc,
)
from netprobe.aws.raw import RawSnapshot
from netprobe.model.resources import PrefixList
from netprobe.model.snapshot import Gap, Snapshot

Json = dict[str, Any]
Made = TypeVar("Made")


def convert(raw: RawSnapshot) -> Snapshot:
    """Return the snapshot that AWS's answers describe."""
    work = _Conversion(raw)
    stages_v1 = work.by_subject("apigateway:GetStages", "restApiId")
    stages_v2 = work.by_subject("apigatewayv2:GetStages", "ApiId")
    attributes = _attributes(work.per_subject("DescribeVpcAttribute"))
    snapshot = Snapshot(
        region=raw.region,
        account=raw.account,
        vpcs=work.each("ec2:DescribeVpcs", "Vpcs", lambda i: convert_vpc(i, attributes)),
        subnets=work.each("ec2:DescribeSubnets", "Subnets", convert_subnet),
        route_tables=work.each("ec2:DescribeRouteTables", "RouteTables", convert_route_table),
        internet_gateways=(
            *work.each(
                "ec2:DescribeInternetGateways", "InternetGateways", convert_internet_gateway
            ),
            *work.each(
                "ec2:DescribeEgressOnlyInternetGateways",
                "EgressOnlyInternetGateways",
                convert_internet_gateway,
            ),
        ),
        nat_gateways=work.each("ec2:DescribeNatGateways", "NatGateways", convert_nat_gateway),
        network_acls=work.each("ec2:DescribeNetworkAcls", "NetworkAcls", convert_network_acl),
        security_groups=work.each(
            "ec2:DescribeSecurityGroups", "SecurityGroups", convert_security_group
        ),
        network_interfaces=work.each(
            "ec2:DescribeNetworkInterfaces", "NetworkInterfaces", convert_network_interface
        ),
        vpc_endpoints=work.each("ec2:DescribeVpcEndpoints", "VpcEndpoints", convert_endpoint),
        prefix_lists=_prefix_lists(work),
        dhcp_options=work.each("ec2:DescribeDhcpOptions", "DhcpOptions", convert_dhcp_options),
        functions=work.each(
            "lambda:ListFunctions",
            "Functions",
            convert_function,
            only=lambda item: bool((item.get("VpcConfig") or {}).get("SubnetIds")),
        ),
        apis=(
            *work.each(
                "apigateway:GetRestApis",
                "items",
                lambda i: convert_rest_api(i, raw.region, stages_v1.get(i["id"])),
            ),
            *work.each(
                "apigatewayv2:GetApis",
                "Items",
                lambda i: convert_http_or_websocket_api(i, raw.region, stages_v2.get(i["ApiId"])),
            ),
        ),
    )
    return replace(snapshot, gaps=(*raw.gaps, *work.gaps))


@dataclass(slots=True)
class _Conversion:
    """Looks answers up and notes what could not be read."""

    raw: RawSnapshot
    gaps: list[Gap] = field(default_factory=list)

    def each(
        self,
        call: str,
        key: str,
        make: Callable[[Json], Made],
        only: Callable[[Json], bool] = lambda _item: True,
    ) -> tuple[Made, ...]:
        """Return every item of an answer, converted; a call nobody made leaves a gap."""
        answer = self.raw.answers.get(call.partition(":")[2])
        if answer is None:
            if not any(gap.call == call for gap in self.raw.gaps):
                self._gap(call, "not read")
            return ()
        try:
            return tuple(make(item) for item in answer.get(key) or () if only(item))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self._gap(call, f"an answer that cannot be read: {type(error).__name__}: {error}")
            return ()

    def per_subject(self, operation: str) -> list[Json]:
        """Return the answers of a call that was made once per subject."""
        answers = self.raw.answers.get(operation) or ()
        return [item for item in answers if isinstance(item, dict)]

    def by_subject(self, operation: str, subject: str) -> dict[str, Json]:
        """Return those answers by the id they were asked with."""
        return {str(item.get(subject)): item for item in self.per_subject(operation)}

    def _gap(self, call: str, error: str) -> None:
        self.gaps.append(Gap(call=call, error=error, iam_action=call))


def _attributes(answers: Iterable[Json]) -> dict[str, dict[str, bool]]:
    """Return each VPC's DNS attributes as far as they were read."""
    found: dict[str, dict[str, bool]] = {}
    for answer in answers:
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            value = (answer.get(name) or {}).get("Value")
            if isinstance(value, bool):
                found.setdefault(str(answer.get("VpcId")), {})[name] = value
    return found


def _prefix_lists(work: _Conversion) -> tuple[PrefixList, ...]:
    """Return the lists; those whose entries were not read say so."""
    entries = work.by_subject("GetManagedPrefixListEntries", "PrefixListId")
    return work.each(
        "ec2:DescribeManagedPrefixLists",
        "PrefixLists",
        lambda item: convert_prefix_list(item, entries.get(item["PrefixListId"])),
    )
