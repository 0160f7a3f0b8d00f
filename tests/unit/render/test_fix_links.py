"""Findings are linked with the ways out that do what they advise, and with no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.model.addresses import Family, parse_network
from netprobe.model.change import BaseChange
from netprobe.model.changes import AllowFunctionIpv6, EnableDns, SetPrivateDns, SetRoute
from netprobe.model.creations import CreateGatewayEndpoint, CreateNatGateway
from netprobe.model.finding import Evidence, Finding, PathKey
from netprobe.model.fix import Commands, Fix, Way
from netprobe.model.resources import TargetKind
from netprobe.render.findings import tell_findings
from netprobe.render.fix_links import fixes_that_do
from tests.reports import report_of_step

IPV4 = PathKey(source="fn@subnet-1", target="service:s3", family=Family.IPV4)
IPV6 = replace(IPV4, family=Family.IPV6)
ELSEWHERE = replace(IPV4, target="other")


def route(target: TargetKind, target_id: str, destination: str = "0.0.0.0/0") -> SetRoute:
    return SetRoute(
        route_table_id="rtb-1",
        destination=parse_network(destination),
        target=target,
        target_id=target_id,
    )


def fix(fix_id: str, way: Way, *changes: BaseChange, opens: PathKey = IPV4) -> Fix:
    return Fix(
        id=fix_id,
        title=fix_id,
        way=way,
        changes=changes,  # type: ignore[arg-type] # the language has no name for any change
        opens=(opens,),
        proved=True,
        standing_cost_usd_per_month=0.0,
        cost_usd_per_gb=0.0,
        also_touches=(),
        commands=Commands(aws_cli=(), terraform="", cloudformation=""),
    )


FIXES = (
    fix(
        "nat",
        Way.NAT_GATEWAY,
        CreateNatGateway(nat_gateway_id="new-nat", subnet_id="subnet-2"),
        route(TargetKind.NAT_GATEWAY, "new-nat"),
    ),
    fix(
        "ipv6",
        Way.IPV6,
        AllowFunctionIpv6(function_name="fn", subnet_ids=("subnet-1",), group_ids=()),
        route(TargetKind.EGRESS_ONLY_INTERNET_GATEWAY, "eigw-1", "::/0"),
        opens=IPV6,
    ),
    fix(
        "gateway",
        Way.GATEWAY_ENDPOINT,
        CreateGatewayEndpoint(
            vpc_endpoint_id="new-vpce",
            vpc_id="vpc-1",
            service_name="com.amazonaws.us-east-1.s3",
            prefix_list_id="pl-s3",
            route_table_ids=("rtb-1",),
        ),
    ),
    fix("dns", Way.REPAIR, EnableDns(vpc_id="vpc-1")),
    fix("both", Way.REPAIR, SetPrivateDns(vpc_endpoint_id="vpce-1", enabled=False)),
    fix("elsewhere", Way.NAT_GATEWAY, route(TargetKind.NAT_GATEWAY, "nat-1"), opens=ELSEWHERE),
)
ADVICE = [
    ("use IPv6 where it is dual-stack; or add a NAT gateway in rtb-1", IPV4, ["nat", "ipv6"]),
    ("add 0.0.0.0/0 -> nat-0a1b in rtb-1", IPV4, ["nat"]),
    ("set a connect timeout well below 10 s in the code", IPV4, []),
    ("call its custom domain name instead", IPV4, []),
    ("make gateway endpoints for s3 in rtb-1", IPV4, ["gateway"]),
    ("set Ipv6AllowedForDualStack=true for fn", IPV6, ["ipv6"]),
    ("set Ipv6AllowedForDualStack=true for fn-2", IPV6, []),
    ("add ::/0 -> eigw-1 in rtb-1", IPV6, ["ipv6"]),
    ("switch enableDnsSupport on for vpc-1", IPV4, ["dns"]),
    ("switch private DNS off for vpce-1", IPV4, ["both"]),
]


@pytest.mark.parametrize(("advice", "path", "linked"), ADVICE)
def test_advice_is_linked_with_what_does_it(advice: str, path: PathKey, linked: list[str]) -> None:
    """By the way it names, the other family's too; or by the things it names."""
    finding = Finding(
        code="NP000",
        name="fault",
        title="Fault",
        evidence=(Evidence(resource_id="rtb-1", says="is wrong", primary=True),),
        paths=(path,),
        advice=advice,
        fixes=tuple(item.id for item in FIXES),
    )

    assert list(fixes_that_do(finding, FIXES)) == linked


def test_the_storys_missing_route_is_linked_with_both_ways_it_advises() -> None:
    """IPv6, the free one, among them."""
    report = report_of_step(0)
    told = {item.code: item.fixes for item in tell_findings(report, report.findings)}
    ways = {fix.id: fix.way for fix in report.fixes}

    assert {ways[item] for item in told["NP103"]} == {Way.IPV6, Way.NAT_GATEWAY}
    assert {ways[item] for item in told["NP404"]} == {Way.IPV6}
