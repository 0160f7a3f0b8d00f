"""What looks odd and hurts nobody is at most a note."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.verdict import judge
from netprobe.model.finding import Role
from netprobe.model.observation import Outcome
from netprobe.model.report import Verdict
from tests.builders import (
    REGION,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
)
from tests.unit.diagnosis.cases import Seen, case_of, changed, seen, service_target, target_of
from tests.unit.diagnosis.isolated import CLOSED, answered, serving

API = target_of()
SSM = service_target("ssm")
HERE = ("subnet-private", API.id)
ZONE_B = (
    subnet("subnet-b", "10.0.7.0/24", None, availability_zone=f"{REGION}b"),
    network_acl("acl-b", subnets=("subnet-b",)),
    route_table("rtb-b", (), ("subnet-b",)),
)
ENDPOINT = (
    *CLOSED,
    *serving("ssm"),
    security_group("sg-endpoint", ingress=(rule("10.0.0.0/16"),)),
)
FORBIDDEN = seen(
    Outcome.HTTP_ERROR,
    status=403,
    headers={"x-amzn-errortype": "MissingAuthenticationTokenException"},
)

ODD: dict[str, dict[str, Any]] = {
    "a dead route that does not win": {
        "resources": changed(
            route_table(
                routes=(
                    route("0.0.0.0/0", "nat-1"),
                    route("::/0", "eigw-1"),
                    route("10.99.0.0/16", "pcx-9", state="blackhole"),
                )
            )
        ),
    },
    "an internet gateway for others where IPv6 carries the call": {
        "resources": changed(
            route_table(routes=(route("0.0.0.0/0", "igw-1"), route("::/0", "eigw-1"))),
            gone=("nat-1",),
        ),
        "observations": {
            (*HERE, "ipv4"): seen(Outcome.TIMEOUT),
            (*HERE, "ipv6"): seen(Outcome.REACHABLE),
        },
    },
    "no rule for udp 53 with the Amazon resolver": {
        "resources": changed(
            security_group(egress=(rule("0.0.0.0/0", "443"), rule("::/0", "443")))
        ),
    },
    "an endpoint in one zone": {
        "resources": (*ENDPOINT, *ZONE_B),
        "targets": (SSM,),
        "sources": (source(ipv6_allowed=False), source("subnet-b", ipv6_allowed=False)),
    },
    "an endpoint's group without egress": {
        "resources": (
            *ENDPOINT,
            security_group("sg-endpoint", ingress=(rule("10.0.0.0/16"),), egress=()),
        ),
        "targets": (SSM,),
        "sources": (source(ipv6_allowed=False),),
    },
    "no AAAA record where IPv4 works": {
        "resources": changed(),
        "observations": {
            (*HERE, "ipv4"): answered(Outcome.REACHABLE, "198.51.100.10"),
            (*HERE, "ipv6"): seen(Outcome.DNS_NODATA),
        },
    },
    "an unsigned call that is refused": {
        "resources": changed(),
        "observations": {(*HERE, "ipv4"): FORBIDDEN, (*HERE, "ipv6"): FORBIDDEN},
    },
}


@pytest.mark.parametrize("name", ODD)
def test_oddity_is_at_most_a_note(name: str) -> None:
    """Nothing is blamed, and the answer is that it works."""
    row = ODD[name]
    observations: Seen = row.get("observations", {})
    case = case_of(
        snapshot(*row["resources"]),
        row.get("targets", (API,)),
        row.get("sources", (source(),)),
        observations,
    )
    findings = examine(case)
    verdict, _ = judge(case, findings)

    assert [item.name for item in findings if item.role is not Role.NOTE] == []
    assert verdict is Verdict.HEALTHY
