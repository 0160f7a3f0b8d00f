"""Faults of the two address families, and their look-alikes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from netprobe.analysis.tracer import trace_name
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.examine import examine
from netprobe.model.addresses import Family
from netprobe.model.finding import Role
from netprobe.model.names import FirewallRule
from netprobe.model.observation import Outcome
from netprobe.model.report import Target, TargetKind
from netprobe.model.workloads import ApiKind
from tests.builders import (
    ALLOW_ALL_RULES,
    api,
    endpoint,
    function,
    gateway_endpoint,
    interface,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
)
from tests.unit.diagnosis.cases import (
    Row,
    Seen,
    address_target,
    case_of,
    changed,
    names_of,
    seen,
    service_target,
    target_of,
)


@dataclass(frozen=True)
class ClientRow(Row):
    """A situation with the client that meets it."""

    client: str = "boto3"


NO_IPV4_OUT = route_table(routes=(route("::/0", "eigw-1"),))
NO_IPV6_OUT = route_table(routes=(route("0.0.0.0/0", "nat-1"),))
ISOLATED = route_table(routes=())
IPV4_SUBNET = subnet("subnet-private", "10.0.1.0/24", None)
NODATA, TIMEOUT = seen(Outcome.DNS_NODATA), seen(Outcome.TIMEOUT)
S3 = service_target("s3", host="s3.dualstack.us-east-1.amazonaws.com")
PLAIN_S3 = service_target("s3")
SSM, SECRETS = service_target("ssm"), service_target("secretsmanager")
PARTNER = address_target("hooks.example.com", id="partner")
S3_IN_VPC = (
    gateway_endpoint(route_table_ids=("rtb-private",)),
    prefix_list(name="com.amazonaws.us-east-1.s3"),
    route_table(routes=(route("pl-s3", "vpce-s3"),)),
)
"""A gateway endpoint of the type ipv4, and no other way out."""
DNS64 = subnet(enable_dns64=True)
IPV4_API = api("abc123", ApiKind.WEBSOCKET, ip_address_type="ipv4")
PRIVATE = subnet(private_ipv6=True)
HIDING = (
    endpoint("vpce-sm", "secretsmanager", network_interface_ids=("eni-sm",)),
    interface("eni-sm", "10.0.1.70", group_ids=("sg-endpoint",)),
    security_group("sg-endpoint"),
)
OPEN_ENDPOINT = security_group("sg-endpoint", ingress=ALLOW_ALL_RULES)


def unanswered(target_id: str) -> Seen:
    """Return what packets meet at an IPv4-only target where IPv4 has no way."""
    where = ("subnet-private", target_id)
    return {(*where, "ipv4"): TIMEOUT, (*where, "ipv6"): NODATA}


FIRES = {
    "gateway-endpoint-ipv6-gap": [
        Row("an isolated dual-stack subnet", changed(*S3_IN_VPC), (S3,))
    ],
    "sdk-not-dualstack": [
        Row(
            "SSM by its plain name, IPv6 is the way out",
            changed(NO_IPV4_OUT),
            (SSM,),
            observations=unanswered(SSM.id),
        ),
        Row(
            "S3 by its plain name, IPv6 is the way out",
            changed(NO_IPV4_OUT),
            (PLAIN_S3,),
            observations=unanswered(PLAIN_S3.id),
        ),
    ],
    "client-prefers-ipv4-dead": [
        ClientRow("Java where only IPv6 leads out", changed(NO_IPV4_OUT), client="java"),
    ],
    "client-prefers-ipv6-dead": [
        ClientRow("boto3 with a group for IPv4", changed(security_group(egress=(rule(),)))),
        ClientRow("an old Node without ::/0", changed(NO_IPV6_OUT), client="node18"),
    ],
    "dns64-without-route": [
        Row("::/0 takes what DNS64 makes", changed(DNS64, IPV4_API)),
        Row("no IPv6 route at all", changed(DNS64, IPV4_API, NO_IPV6_OUT)),
    ],
    "third-party-no-aaaa": [
        Row(
            "a partner without IPv6, IPv6 is the way out",
            changed(NO_IPV4_OUT, gone=("nat-1",)),
            (PARTNER,),
            observations=unanswered(PARTNER.id),
        ),
    ],
    "execute-api-endpoint-hides-aaaa": [
        Row("an endpoint whose group is closed", changed(*HIDING), (SECRETS,)),
        ClientRow(
            "a client that knows IPv6 only",
            changed(*HIDING, OPEN_ENDPOINT),
            (SECRETS,),
            client="ipv6-only",
        ),
    ],
    "private-ipv6-to-internet": [
        Row("an egress-only gateway, and no IPv4 way", changed(PRIVATE, NO_IPV4_OUT)),
        Row(
            "an internet gateway",
            changed(PRIVATE, route_table(routes=(route("::/0", "igw-1"),))),
        ),
    ],
}

SILENT = {
    "gateway-endpoint-ipv6-gap": [
        Row("the plain name has no IPv6", changed(*S3_IN_VPC), (PLAIN_S3,)),
        Row(
            "::/0 leads out",
            changed(
                *S3_IN_VPC,
                route_table(routes=(route("pl-s3", "vpce-s3"), route("::/0", "eigw-1"))),
            ),
            (S3,),
        ),
        Row("another target without an IPv6 route", changed(*S3_IN_VPC), (SECRETS,)),
        Row(
            "the endpoint is in another table",
            changed(gateway_endpoint(route_table_ids=("rtb-public",)), ISOLATED),
            (S3,),
        ),
        Row("an IPv4-only subnet", changed(*S3_IN_VPC, IPV4_SUBNET), (S3,)),
    ],
    "sdk-not-dualstack": [
        Row(
            "IPv4 works",
            changed(),
            (SSM,),
            observations={("subnet-private", SSM.id, "ipv6"): NODATA},
        ),
        Row(
            "an endpoint of the service is there, and its private name is the plain one",
            changed(NO_IPV4_OUT, endpoint("vpce-ssm", "ssm")),
            (SSM,),
            observations=unanswered(SSM.id),
        ),
        Row("a host of others", changed(NO_IPV4_OUT), (PARTNER,), (), unanswered(PARTNER.id)),
        Row("IPv6 has no way either", changed(ISOLATED), (SSM,), (), unanswered(SSM.id)),
        Row(
            "a service without a documented name",
            changed(NO_IPV4_OUT),
            (service_target("pinpoint"),),
            (),
            unanswered("service:pinpoint"),
        ),
        Row("an IPv4-only subnet", changed(IPV4_SUBNET, ISOLATED), (SSM,), (), unanswered(SSM.id)),
    ],
    "client-prefers-ipv4-dead": [
        ClientRow("boto3 begins with IPv6", changed(NO_IPV4_OUT)),
        ClientRow("everything works", changed(), client="java"),
        ClientRow("both are dead", changed(ISOLATED), client="java"),
        ClientRow("it knows IPv4 only", changed(NO_IPV4_OUT), client="ipv4-only"),
    ],
    "client-prefers-ipv6-dead": [
        ClientRow("it races the families", changed(NO_IPV6_OUT), client="node20"),
        ClientRow("Java begins with IPv4", changed(NO_IPV6_OUT), client="java"),
        ClientRow("both are dead", changed(ISOLATED)),
        ClientRow(
            "the flag is off, which fails at once",
            changed(function("fn", ipv6_allowed=False)),
            sources=(source(ipv6_allowed=False, function_name="fn"),),
        ),
        ClientRow("the API has no AAAA record", changed(IPV4_API)),
    ],
    "dns64-without-route": [
        Row(
            "the route is there",
            changed(
                DNS64,
                IPV4_API,
                route_table(routes=(route("64:ff9b::/96", "nat-1"), route("0.0.0.0/0", "nat-1"))),
            ),
        ),
        Row("DNS64 is off", changed(IPV4_API)),
        Row("a real AAAA record", changed(DNS64)),
        Row("a real AAAA record without an IPv6 route", changed(DNS64, NO_IPV6_OUT)),
    ],
    "third-party-no-aaaa": [
        Row(
            "IPv4 is meant and its route is gone",
            changed(NO_IPV4_OUT),
            (PARTNER,),
            observations=unanswered(PARTNER.id),
        ),
        Row(
            "IPv4 works",
            changed(),
            (PARTNER,),
            (),
            {("subnet-private", PARTNER.id, "ipv6"): NODATA},
        ),
        Row("an AWS service", changed(NO_IPV4_OUT), (SSM,), (), unanswered(SSM.id)),
        Row(
            "an API of the account",
            changed(NO_IPV4_OUT, IPV4_API),
            (),
            (),
            unanswered("api:abc123"),
        ),
        Row(
            "DNS Firewall hides the record",
            (
                *changed(NO_IPV4_OUT),
                FirewallRule(
                    vpc_id="vpc-1",
                    rule_group_id="rslvr-frg-1",
                    priority=(1, 1),
                    action="BLOCK",
                    block_response="NODATA",
                    domains=("hooks.example.com",),
                ),
            ),
            (PARTNER,),
            (),
            unanswered(PARTNER.id),
        ),
        Row("IPv6 has no way either", changed(ISOLATED), (PARTNER,), (), unanswered(PARTNER.id)),
        Row(
            "the NAT gateway's route is dead",
            changed(
                route_table(
                    routes=(route("0.0.0.0/0", "nat-1", "blackhole"), route("::/0", "eigw-1"))
                )
            ),
            (PARTNER,),
            (),
            unanswered(PARTNER.id),
        ),
    ],
    "execute-api-endpoint-hides-aaaa": [
        Row("the service has none in public", changed(endpoint("vpce-1", "ssm")), (SSM,)),
        Row(
            "a private API has no public record",
            changed(
                endpoint("vpce-api", "execute-api", network_interface_ids=("eni-api",)),
                interface("eni-api", "10.0.1.71", group_ids=("sg-endpoint",)),
                api("rest1", ApiKind.REST, endpoint_type="PRIVATE", ip_address_type="dualstack"),
            ),
            (target_of(api("rest1", ApiKind.REST)),),
        ),
        Row("no endpoint", changed(IPV4_API)),
        Row("an IPv4-only subnet", changed(*HIDING, IPV4_SUBNET), (SECRETS,)),
    ],
    "private-ipv6-to-internet": [
        Row("a public block", changed(NO_IPV4_OUT)),
        Row("no IPv6 route", changed(PRIVATE, NO_IPV6_OUT)),
        Row(
            "a target in the VPC",
            changed(PRIVATE, interface("eni-db", "2001:db8:1:1::60", group_ids=("sg-db",))),
            (address_target("2001:db8:1:1::60"),),
        ),
    ],
}


def _case(row: Row) -> Case:
    client = row.client if isinstance(row, ClientRow) else "boto3"
    account = snapshot(*row.resources)
    return case_of(account, row.targets, row.sources, row.observations, client)


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in FIRES.items() for row in rows],
    ids=[f"{name}: {row.situation}" for name, rows in FIRES.items() for row in rows],
)
def test_fault_fires(name: str, row: Row) -> None:
    """The situations that the fault is made for show it."""
    assert name in names_of(_case(row))


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in SILENT.items() for row in rows],
    ids=[f"{name}: {row.situation}" for name, rows in SILENT.items() for row in rows],
)
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in names_of(_case(row))


def _roots(name: str, number: int = 0) -> set[str]:
    return names_of(_case(FIRES[name][number]), Role.ROOT_CAUSE)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("gateway-endpoint-ipv6-gap", 0),
        ("client-prefers-ipv4-dead", 0),
        ("dns64-without-route", 0),
        ("dns64-without-route", 1),
        ("execute-api-endpoint-hides-aaaa", 1),
    ],
)
def test_it_is_the_only_root_cause(name: str, number: int) -> None:
    """What is part of it, or absent by design, is no second root cause."""
    assert _roots(name, number) == {name}


@pytest.mark.parametrize("number", [0, 1])
def test_a_client_is_never_the_root_of_a_dead_ipv6_path(number: int) -> None:
    """What breaks IPv6 is to be mended; pinning IPv4 would only hide it."""
    row = FIRES["client-prefers-ipv6-dead"][number]

    assert names_of(_case(row), Role.CONTRIBUTING) == {"client-prefers-ipv6-dead"}
    assert len(names_of(_case(row), Role.ROOT_CAUSE)) == 1


def test_each_family_has_its_own_cause_where_a_service_is_called_by_its_plain_name() -> None:
    """An endpoint would mend IPv4 for money, the dual-stack name mends IPv6 for nothing."""
    assert _roots("sdk-not-dualstack") == {"sdk-not-dualstack", "service-endpoint-absent"}
    assert _roots("third-party-no-aaaa") == {"third-party-no-aaaa"}


def test_a_hidden_record_that_nobody_misses_is_a_note() -> None:
    """IPv4 through the endpoint works, and is what the endpoint is for."""
    case = _case(Row("", changed(*HIDING, OPEN_ENDPOINT), (SECRETS,)))

    assert names_of(case, Role.ROOT_CAUSE) == set()
    assert names_of(case, Role.NOTE) == {"execute-api-endpoint-hides-aaaa"}


def test_other_ipv6_targets_keep_the_missing_route_a_fault_of_its_own() -> None:
    """A dual-stack gateway endpoint would mend S3, and nothing else."""
    row = Row("", changed(*S3_IN_VPC), (S3, target_of()))

    assert {"gateway-endpoint-ipv6-gap", "route-v6-no-default"} <= names_of(
        _case(row), Role.ROOT_CAUSE
    )


def test_the_advice_names_the_gateway_that_could_carry_nat64() -> None:
    """A NAT gateway that stands already makes the route free."""
    found = examine(_case(FIRES["dns64-without-route"][0]))

    assert found[0].advice.startswith("route 64:ff9b::/96 to nat-1 in rtb-private")
    assert found[0].standing_cost == "none"


@pytest.mark.parametrize("name", ["sdk-not-dualstack", "third-party-no-aaaa"])
def test_an_answer_without_a_record_is_known_when_the_trace_was_walked_with_it(name: str) -> None:
    """A check walks its traces with what the sandbox's resolver answered."""
    case = _case(FIRES[name][0])
    paths = tuple(_walked_with_answers(case, item) for item in case.paths)

    assert name in names_of(replace(case, paths=paths), Role.ROOT_CAUSE)


def _walked_with_answers(case: Case, path: Any) -> Any:
    if path.key.family is Family.IPV4:
        return path
    start, target = case.source(path), case.target(path)
    trace = trace_name(
        case.snapshot, start, target.host, Family.IPV6, port=target.port, answered=True
    )
    return replace(path, trace=trace)


def test_ipv6_route_is_not_missed_for_a_name_without_an_aaaa_record() -> None:
    """It would lead nowhere: the record is somebody else's to give."""
    page = Target(
        id="page", given="page", host="www.example.com", port=443, kind=TargetKind.HTTPS, path="/"
    )
    observations = {
        ("subnet-private", "page", "ipv4"): seen(Outcome.TIMEOUT),
        ("subnet-private", "page", "ipv6"): seen(Outcome.DNS_NODATA),
    }
    case = case_of(snapshot(*changed(route_table(routes=()))), (page,), observations=observations)

    codes = {item.code for item in examine(case)}

    assert "NP103" in codes
    assert "NP404" not in codes
