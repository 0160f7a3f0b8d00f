"""What stands behind a fault of names or tables is told with it, and nothing that does not."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.examine import examine
from netprobe.fixes.behind import with_faults_behind
from netprobe.model.finding import Confidence, Finding, Role
from netprobe.model.observation import Outcome
from netprobe.model.report import Target
from netprobe.model.workloads import ApiKind
from tests.builders import (
    api,
    dhcp_options,
    entry,
    gateway_endpoint,
    interface,
    nat_gateway,
    network_acl,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    vpc,
    without,
)
from tests.interconnect import BOTH_WAYS, PEERED, transit_route, transit_table
from tests.name_builders import record, resolver_rule, zone
from tests.unit.diagnosis.cases import (
    Seen,
    address_target,
    case_of,
    seen,
    service_target,
    target_of,
)
from tests.unit.diagnosis.hubs import HUB, hub_table
from tests.unit.diagnosis.isolated import CLOSED, OPEN, answered, host_target, met, serving

DEAD_NAT = route_table(routes=(route("0.0.0.0/0", "nat-1", state="blackhole"),))
SHUT = security_group("sg-endpoint")
"""Admits nobody."""
OWN_SERVERS = (
    vpc(ipv6=(), dhcp_options_id="dopt-1"),
    dhcp_options("10.0.1.53"),
    interface("eni-dns", "10.0.1.53", group_ids=("sg-dns",)),
    security_group("sg-dns", ingress=(rule("10.0.0.0/16"),)),
)
HTTPS_ONLY = security_group(egress=(rule("0.0.0.0/0", "443"),))
"""Lets no question out."""
REST = api("rest123", ApiKind.REST, endpoint_type="REGIONAL", stages=("prod",))
PRIVATE = api(
    "priv123",
    ApiKind.REST,
    endpoint_type="PRIVATE",
    stages=("prod",),
    policy=json.dumps(
        {
            "Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
            ]
        }
    ),
)
FOR_OTHERS = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "*",
                "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.250/32"]}},
            }
        ]
    }
)
NOBODY = json.dumps(
    {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}
)
SECRETS, S3 = service_target("secretsmanager"), service_target("s3")
CORP = host_target("db.corp.internal", port=5432)
WEB = host_target("www.example.com")
CENTRAL = record("secretsmanager.us-east-1.amazonaws.com", "A", "10.99.0.70")
ASKED_IN_VAIN = seen(Outcome.DNS_TIMEOUT)


@dataclass(frozen=True, kw_only=True)
class Hiding:
    """One fault in front, and what it hides."""

    resources: tuple[Any, ...]
    target: Target
    front: str
    behind: set[str]
    observations: Seen = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """Return the case as it was met."""
        return case_of(
            snapshot(*self.resources),
            (self.target,),
            (source(ipv6_allowed=False),),
            self.observations,
        )


HIDING = {
    "an endpoint that admits nobody, without private DNS": Hiding(
        resources=(*CLOSED, *serving("secretsmanager", private_dns_enabled=False), SHUT),
        target=SECRETS,
        front="endpoint-private-dns-disabled",
        behind={"endpoint-sg-ingress-missing"},
    ),
    "an endpoint whose policy denies, without private DNS": Hiding(
        resources=(
            *CLOSED,
            *serving("secretsmanager", private_dns_enabled=False, policy=NOBODY),
        ),
        target=SECRETS,
        front="endpoint-private-dns-disabled",
        behind={"endpoint-policy-deny"},
    ),
    "a private API's endpoint that admits nobody": Hiding(
        resources=(*CLOSED, PRIVATE, *serving("execute-api", private_dns_enabled=False), SHUT),
        target=target_of(PRIVATE),
        front="private-api-name-unresolvable",
        behind={"endpoint-sg-ingress-missing"},
    ),
    "a dead NAT gateway behind a captured name": Hiding(
        resources=(*OPEN, DEAD_NAT, REST, *serving("execute-api")),
        target=target_of(REST),
        front="apigw-private-dns-hijack-rest-http",
        behind={"nat-deleted-blackhole"},
    ),
    "a dead NAT gateway behind servers that cannot be asked": Hiding(
        resources=(*OPEN, *OWN_SERVERS, HTTPS_ONLY, DEAD_NAT, REST),
        target=target_of(REST),
        front="sg-blocks-custom-dns",
        behind={"nat-deleted-blackhole"},
        observations=met(target_of(REST), ASKED_IN_VAIN),
    ),
    "no route for a name of AWS's": Hiding(
        resources=(*CLOSED, *OWN_SERVERS, HTTPS_ONLY, REST),
        target=target_of(REST),
        front="sg-blocks-custom-dns",
        behind={"route-v4-no-default-route"},
        observations=met(target_of(REST), ASKED_IN_VAIN),
    ),
    "no route for a name that the servers may know an inner address of": Hiding(
        resources=(*CLOSED, *OWN_SERVERS, HTTPS_ONLY),
        target=WEB,
        front="sg-blocks-custom-dns",
        behind=set(),
        observations=met(WEB, ASKED_IN_VAIN),
    ),
    "a dead NAT gateway behind a rule for a name of others": Hiding(
        resources=(*OPEN, DEAD_NAT, resolver_rule("example.com")),
        target=WEB,
        front="resolver-rule-hijack",
        behind={"nat-deleted-blackhole"},
        observations=met(WEB, ASKED_IN_VAIN),
    ),
    "a dead NAT gateway, for a name that may be for where another route leads": Hiding(
        resources=(
            *OPEN,
            route_table(
                routes=(
                    route("0.0.0.0/0", "nat-1", state="blackhole"),
                    route("172.16.0.0/12", "vgw-1"),
                )
            ),
            resolver_rule("example.com"),
        ),
        target=WEB,
        front="resolver-rule-hijack",
        behind=set(),
        observations=met(WEB, ASKED_IN_VAIN),
    ),
    "a group for the inside, for a name that the servers may know inside": Hiding(
        resources=(
            *OPEN,
            security_group(egress=(rule("10.0.0.0/8"),)),
            resolver_rule("corp.internal"),
        ),
        target=CORP,
        front="resolver-rule-hijack",
        behind=set(),
        observations=met(CORP, ASKED_IN_VAIN),
    ),
    "no endpoint, where names are forwarded to a hub that may have it": Hiding(
        resources=(*CLOSED, resolver_rule("amazonaws.com")),
        target=SECRETS,
        front="resolver-rule-hijack",
        behind=set(),
        observations=met(SECRETS, ASKED_IN_VAIN),
    ),
    "a gateway endpoint's policy": Hiding(
        resources=(
            *CLOSED,
            gateway_endpoint(policy=NOBODY),
            prefix_list(name="com.amazonaws.us-east-1.s3"),
        ),
        target=S3,
        front="gateway-endpoint-not-in-table",
        behind={"endpoint-policy-deny"},
    ),
    "a group without the prefixes of a gateway endpoint that misses the table": Hiding(
        resources=(
            *CLOSED,
            gateway_endpoint(),
            prefix_list(name="com.amazonaws.us-east-1.s3"),
            security_group(egress=(rule("10.0.0.0/16", "443"),)),
        ),
        target=S3,
        front="gateway-endpoint-not-in-table",
        behind={"sg-egress-prefix-list-gap"},
    ),
    "an ACL without the prefixes of a gateway endpoint that is not there": Hiding(
        resources=(
            *CLOSED,
            prefix_list(name="com.amazonaws.us-east-1.s3"),
            network_acl(
                entries=(
                    entry(100, "allow", "10.0.0.0/8", egress=True),
                    entry(100, "allow", "10.0.0.0/8", egress=False),
                ),
            ),
        ),
        target=S3,
        front="gateway-endpoint-absent",
        behind={"nacl-blocks-gateway-prefixes"},
    ),
    "a dead NAT gateway behind a block of the VPC that hides the target": Hiding(
        resources=(
            *OPEN,
            vpc(ipv4=("10.0.0.0/16", "198.51.100.0/24"), ipv6=()),
            route_table(
                routes=(
                    route("0.0.0.0/0", "nat-1", state="blackhole"),
                    route("198.51.100.0/24", "local"),
                )
            ),
        ),
        target=address_target("198.51.100.7"),
        front="vpc-cidr-public-range",
        behind={"nat-deleted-blackhole"},
    ),
    "a dead NAT gateway behind a rule that asks nobody": Hiding(
        resources=(*OPEN, DEAD_NAT, REST, resolver_rule("amazonaws.com")),
        target=target_of(REST),
        front="resolver-rule-hijack",
        behind={"nat-deleted-blackhole"},
        observations=met(target_of(REST), ASKED_IN_VAIN),
    ),
    "a dead NAT gateway behind a zone that leads to an endpoint of the past": Hiding(
        resources=(
            *OPEN,
            route_table(
                routes=(
                    route("0.0.0.0/0", "nat-1", state="blackhole"),
                    route("10.99.0.0/16", "tgw-1", state="blackhole"),
                )
            ),
            zone("secretsmanager.us-east-1.amazonaws.com", CENTRAL),
        ),
        target=SECRETS,
        front="stale-central-zone-association",
        behind={"nat-deleted-blackhole"},
        observations=met(SECRETS, answered(Outcome.TIMEOUT, "10.99.0.70")),
    ),
    "a hub without a way out behind a block of the VPC that the hub knows too": Hiding(
        resources=(
            *HUB,
            vpc(ipv4=("10.0.0.0/16", "198.51.100.0/24"), ipv6=()),
            route_table(
                routes=(route("0.0.0.0/0", "tgw-1"), route("198.51.100.0/24", "local")),
            ),
            transit_table(
                *BOTH_WAYS, transit_route("198.51.100.0/24", "att-near", propagated=True)
            ),
        ),
        target=address_target("198.51.100.7"),
        front="vpc-cidr-public-range",
        behind={"tgw-egress-or-return-missing"},
    ),
    "an API's list without the NAT gateway that the route to a peer goes past": Hiding(
        resources=(
            *OPEN,
            *PEERED,
            route_table(routes=(route("0.0.0.0/0", "pcx-1"),)),
            replace(REST, policy=FOR_OTHERS),
        ),
        target=target_of(REST),
        front="peering-transitive",
        behind={"api-resource-policy-source-ip"},
    ),
    "a dead NAT gateway where a list leads elsewhere too, for a name that may be there": Hiding(
        resources=(
            *OPEN,
            *OWN_SERVERS,
            HTTPS_ONLY,
            route_table(
                routes=(
                    route("0.0.0.0/0", "nat-1", state="blackhole"),
                    route("pl-corp", "tgw-1"),
                )
            ),
        ),
        target=WEB,
        front="sg-blocks-custom-dns",
        behind=set(),
        observations=met(WEB, ASKED_IN_VAIN),
    ),
    "a dead NAT gateway beside the route of NAT64, which is for no name of IPv4": Hiding(
        resources=(
            *OPEN,
            *OWN_SERVERS,
            HTTPS_ONLY,
            route_table(
                routes=(
                    route("0.0.0.0/0", "nat-1", state="blackhole"),
                    route("64:ff9b::/96", "nat-1"),
                )
            ),
        ),
        target=WEB,
        front="sg-blocks-custom-dns",
        behind={"nat-deleted-blackhole"},
        observations=met(WEB, ASKED_IN_VAIN),
    ),
    "nothing of a list for callers whose hub has addresses of its own": Hiding(
        resources=(*HUB, hub_table(), nat_gateway(), replace(REST, policy=FOR_OTHERS)),
        target=target_of(REST),
        front="tgw-egress-or-return-missing",
        behind=set(),
    ),
    "nothing of a list for callers that no NAT gateway stands for": Hiding(
        resources=(
            *without(OPEN, "nat-1"),
            *PEERED,
            route_table(routes=(route("0.0.0.0/0", "pcx-1"),)),
            replace(REST, policy=FOR_OTHERS),
        ),
        target=target_of(REST),
        front="peering-transitive",
        behind=set(),
    ),
    "nothing, where private DNS is all that is missing": Hiding(
        resources=(*CLOSED, *serving("secretsmanager", private_dns_enabled=False)),
        target=SECRETS,
        front="endpoint-private-dns-disabled",
        behind=set(),
    ),
}


def _roots(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {item.name: item for item in findings if item.role is Role.ROOT_CAUSE}


@pytest.mark.parametrize("name", HIDING)
def test_what_stands_behind_is_a_root_cause_too(name: str) -> None:
    row = HIDING[name]
    first = examine(row.case)
    every = with_faults_behind(row.case, first)

    assert row.front in _roots(first)
    assert set(_roots(every)) - set(_roots(first)) == row.behind
    for found in row.behind:
        item = _roots(every)[found]
        assert item.confidence is not Confidence.HIGH  # no packet has been there
        assert f"stands in front of it ({_roots(first)[row.front].code} " in item.evidence[-1].says


def test_without_a_fault_in_front_nothing_is_added() -> None:
    case = case_of(snapshot(*OPEN, DEAD_NAT, REST), (target_of(REST),))
    first = examine(case)

    assert with_faults_behind(case, first) == first
