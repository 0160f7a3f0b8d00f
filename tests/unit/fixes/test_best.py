"""What the answer's sentence says of the way out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.verdict import judge
from netprobe.fixes.best import say_free_way
from netprobe.fixes.ways_out import find_ways_out
from netprobe.model.observation import Outcome
from netprobe.model.report import TargetKind
from netprobe.model.workloads import ApiKind
from tests.builders import (
    api,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
)
from tests.recorded import report_of_scenario
from tests.unit.diagnosis.cases import case_of, changed, seen, service_target, target_of
from tests.unit.diagnosis.hubs import HIDDEN_HUB, INTERNET

NO_ROUTE = changed(route_table(routes=()), gone=("nat-1", "eigw-1"))
IPV4_ONLY = api("abc123", ApiKind.WEBSOCKET, ip_address_type="ipv4", stages=("prod",))


def said(case: Case) -> str:
    findings = examine(case)
    verdict, _ = judge(case, findings)
    return say_free_way(case, verdict, findings, find_ways_out(case).fixes)


FREE = {
    "one change has its own words": (
        changed(security_group(egress=(rule("10.0.0.0/8"),))),
        source(ipv6_allowed=False),
        ". Way out without a standing cost: allow egress of tcp 443 to 0.0.0.0/0 in sg-1",
    ),
    "IPv6 counts its changes": (
        (*NO_ROUTE, IPV4_ONLY),
        source(),
        ". Free way out: IPv6, 2 steps away",
    ),
    "nothing fails": (changed(), source(), ""),
}


@pytest.mark.parametrize("name", FREE)
def test_the_first_proved_way_that_costs_nothing_is_named(name: str) -> None:
    resources, start, expected = FREE[name]

    assert said(case_of(snapshot(*resources), sources=(start,))) == expected


def test_ipv6_is_the_way_out_to_an_api_that_nobody_asks_over_it_yet() -> None:
    """Neither the subnets nor the API speak IPv6, so that its failure is not what is felt."""
    report = report_of_scenario("S01")

    assert report.summary.endswith(". Free way out: IPv6, 7 steps away")


def test_ipv6_is_no_way_out_to_a_name_without_a_record() -> None:
    """The resolver said so, and no change in this account gives the name one."""
    target = target_of(host="checkip.example.com", kind=TargetKind.HTTPS, api_id=None, path="/")
    observations = {
        ("subnet-private", target.id, "ipv4"): seen(Outcome.TIMEOUT, address="198.51.100.10"),
        ("subnet-private", target.id, "ipv6"): seen(Outcome.DNS_NODATA),
    }

    assert "IPv6" not in said(case_of(snapshot(*NO_ROUTE), (target,), observations=observations))


def test_way_that_leaves_one_target_closed_is_not_the_way_out() -> None:
    """IPv6 opens one of the two; the NAT gateway that opens both costs money."""
    ipv4_host = target_of(
        id="partner", given="https://partner.example.com/", host="partner.example.com",
        kind=TargetKind.HTTPS, api_id=None, path="/",
    )  # fmt: skip
    observations = {
        ("subnet-private", "partner", "ipv6"): seen(Outcome.DNS_NODATA),
        ("subnet-private", "partner", "ipv4"): seen(Outcome.TIMEOUT, address="192.0.2.80"),
    }
    case = case_of(snapshot(*NO_ROUTE), (target_of(), ipv4_host), observations=observations)

    assert said(case) == ""


def test_advice_for_the_only_cause_is_no_claim_of_a_way() -> None:
    """No change opens what packets alone found closed, so nothing was proved."""
    observations = {
        ("subnet-private", "api:abc123", family): seen(Outcome.REFUSED, address=address)
        for family, address in (("ipv4", "198.51.100.10"), ("ipv6", "3fff:a::10"))
    }
    sentence = said(case_of(snapshot(*changed()), observations=observations))

    assert sentence.startswith(". To mend it: ")


def test_advice_for_the_only_cause_of_a_refusal_is_said_too() -> None:
    """What an endpoint's policy should allow is not for netprobe to write."""
    denied = seen(
        Outcome.HTTP_ERROR,
        status=403,
        headers={"x-amzn-errortype": "AccessDeniedException"},
        body="User: x is not authorized to perform: ssm:GetParameter because no VPC endpoint "
        "policy allows the ssm:GetParameter action",
    )
    ssm = service_target("ssm")
    case = case_of(
        snapshot(*changed()),
        (ssm,),
        observations={("subnet-private", ssm.id, "ipv4"): denied},
        client="ipv4-only",
    )

    assert said(case).startswith(". To mend it: allow")


def test_way_round_a_silent_hub_is_no_claim_of_a_way() -> None:
    """It is offered, and whether to leave the hub aside is for its owner."""
    silent = {("subnet-private", INTERNET.id, "ipv4"): seen(Outcome.TIMEOUT)}
    case = case_of(snapshot(*HIDDEN_HUB), (INTERNET,), observations=silent, client="ipv4-only")

    assert find_ways_out(case).fixes
    assert said(case) == ""


def test_way_to_a_far_end_that_refuses_is_a_first_step() -> None:
    """What its policy denies to everybody is none of the network's business."""
    everybody = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    barred = replace(IPV4_ONLY, kind=ApiKind.REST, policy=json.dumps({"Statement": [everybody]}))
    account = snapshot(*changed(security_group(egress=(rule("10.0.0.0/8"),)), barred))
    case = case_of(account, (target_of(barred),), (source(ipv6_allowed=False),))

    assert said(case) == (
        ". First, for free: allow egress of tcp 443 to 0.0.0.0/0 in sg-1; the far end then refuses"
    )


def test_policy_that_is_all_there_is_to_change_is_a_way_out() -> None:
    """The endpoint took the name, and the API knows another address: both are mended."""
    report = report_of_scenario("S13")

    assert report.summary.endswith(
        ". Way out without a standing cost: mend the way through the NAT gateway "
        "nat-52bed47ab975f7777, 2 steps"
    )
