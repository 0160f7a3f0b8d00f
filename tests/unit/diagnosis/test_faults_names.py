"""Faults of who answers for a name, and their look-alikes."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.model.addresses import Family
from netprobe.model.finding import Role
from netprobe.model.names import ResourceRecord
from netprobe.model.observation import NameAnswer, Outcome, Sandbox, SeenName
from netprobe.model.workloads import ApiKind
from tests.builders import (
    ALLOW_ALL_RULES,
    REGION,
    api,
    dhcp_options,
    endpoint,
    interface,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
)
from tests.name_builders import firewall_rule, record, resolver_rule, zone
from tests.unit.diagnosis.cases import Row, case_of, changed, seen, service_target, target_of
from tests.unit.diagnosis.isolated import (
    CLOSED,
    OPEN,
    answered,
    attributes,
    found,
    host_target,
    met,
    serving,
    title_of,
)

SSM_HOST = f"ssm.{REGION}.amazonaws.com"
SSM, SQS, EMAIL, DYNAMODB = map(service_target, ("ssm", "sqs", "email", "dynamodb"))


# Custom DNS.
OWN_DNS = (dhcp_options("10.0.1.53"), attributes(dhcp_options_id="dopt-1"))
HTTPS_ONLY = security_group(egress=(rule("0.0.0.0/0", "443", 6),))
DNS_SERVER = (
    interface("eni-dns", "10.0.1.53", group_ids=("sg-dns",)),
    security_group("sg-dns", ingress=ALLOW_ALL_RULES),
)
LOST = seen(Outcome.DNS_TIMEOUT)
ABSENT = seen(Outcome.DNS_NXDOMAIN)


def beside(host: str, *addresses: str) -> tuple[Sandbox, ...]:
    """Return what a probe saw whose own servers were asked beside the Amazon resolver."""
    answers = tuple(
        NameAnswer(
            server="169.254.169.253",
            family=family,
            outcome=Outcome.REACHABLE if addresses else Outcome.DNS_NXDOMAIN,
            addresses=addresses,
        )
        for family in Family
    )
    name = SeenName(host=host, getaddrinfo=(), error="not known", answers=answers)
    return (
        Sandbox(
            source_id="subnet-private", interfaces={}, resolvers=("10.0.1.53",), names=(name,)
        ),
    )


# Zones.
DB = host_target("db.corp.example")
SHOP = host_target("api.example.com")
EXAMPLE = zone("example.com", record("db.example.com", "A", "10.0.1.9"))
FORWARD_ALL = resolver_rule("")

# A hub behind a transit gateway with an endpoint and its zone.
HUB = (
    endpoint("vpce-hub", "ssm", vpc_id="vpc-2", private_dns_enabled=False,
             network_interface_ids=("eni-hub",), subnet_ids=()),
    interface("eni-hub", "10.9.1.70", vpc_id="vpc-2", subnet_id="subnet-hub"),
)  # fmt: skip
TO_HUB = route_table(routes=(route("10.9.0.0/16", "tgw-1"),))


def hub_zone(*vpcs: str, **fields: Any) -> Any:
    leads = record(SSM_HOST, "A", alias="vpce-hub-1.ssm.us-east-1.vpce.amazonaws.com")
    return zone(SSM_HOST, fields.get("record", leads), vpc_ids=frozenset(vpcs))


def private_record(host: str, text: str) -> ResourceRecord:
    return record(host, "A", text)


FAR_DB = zone("corp.example", private_record("db.corp.example", "10.99.0.9"))
STALE = zone(SSM_HOST, private_record(SSM_HOST, "10.9.1.70"))

REST_API = api("rest1", ApiKind.REST)
PRIVATE_API = api(
    "priv1",
    ApiKind.REST,
    endpoint_type="PRIVATE",
    ip_address_type="dualstack",
    policy='{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", '
    '"Resource": "*"}]}',
)
API_ENDPOINT = serving("execute-api")
TAKEN = (
    *OPEN,
    *API_ENDPOINT,
    endpoint("vpce-2", "execute-api", private_dns_enabled=False, network_interface_ids=()),
    REST_API,
)

FIRES = {
    "sg-blocks-custom-dns": [
        Row(
            "the server's own group is closed",
            (*OPEN, *OWN_DNS, *DNS_SERVER, security_group("sg-dns")),
        ),
        Row("443 only, and a server of one's own", (*OPEN, *OWN_DNS, *DNS_SERVER, HTTPS_ONLY)),
        Row(
            "as the packets have it",
            (*OPEN, *OWN_DNS, *DNS_SERVER, HTTPS_ONLY),
            observations=met(target_of(), LOST),
        ),
    ],
    "vpc-dns-support-off": [
        Row("no resolver at all", (*OPEN, attributes(enable_dns_support=False))),
        Row(
            "an endpoint whose private DNS has no effect",
            (*CLOSED, *serving("ssm"), attributes(enable_dns_hostnames=False)),
            (SSM,),
        ),
    ],
    "dhcp-dns-unaware": [
        Row(
            "the servers give the public address",
            (*CLOSED, *OWN_DNS, *DNS_SERVER, *serving("ssm")),
            (SSM,),
            observations=met(SSM, answered(Outcome.TIMEOUT, "198.51.100.7")),
        ),
        Row(
            "the servers do not know a private zone",
            (
                *OPEN,
                *OWN_DNS,
                *DNS_SERVER,
                zone("corp.example", record("db.corp.example", "A", "10.0.1.9")),
            ),
            (DB,),
            observations=met(DB, ABSENT),
        ),
        Row("no interface has the server's address", (*OPEN, *OWN_DNS), (SHOP,)),
        Row(
            "the servers do not know a public name, in neither family",
            (*OPEN, *OWN_DNS, *DNS_SERVER),
            (SHOP,),
            observations={("subnet-private", SHOP.id, family.value): ABSENT for family in Family},
            sandboxes=beside(SHOP.host, "192.0.2.80"),
        ),
    ],
    "resolver-rule-hijack": [
        Row(
            "everything is forwarded, to nobody who answers",
            (*OPEN, FORWARD_ALL),
            observations=met(target_of(), LOST),
        ),
        Row(
            "names of AWS do not exist there",
            (*OPEN, resolver_rule("amazonaws.com")),
            (SSM,),
            observations=met(SSM, ABSENT),
        ),
        Row(
            "the very name of an endpoint",
            (*CLOSED, *serving("ssm"), resolver_rule(SSM_HOST)),
            (SSM,),
            observations=met(SSM, answered(Outcome.TIMEOUT, "198.51.100.7")),
        ),
    ],
    "private-zone-shadow": [
        Row("the zone has other names only", (*OPEN, EXAMPLE), (SHOP,)),
        Row("as the packets have it", (*OPEN, EXAMPLE), (SHOP,), observations=met(SHOP, ABSENT)),
    ],
    "dns-firewall-block": [
        Row("a walled garden", (*OPEN, firewall_rule(1, "BLOCK", "*"))),
        Row(
            "another name's address",
            (
                *OPEN,
                firewall_rule(
                    1, "BLOCK", "*", block_response="OVERRIDE", override_domain="sink.example"
                ),
            ),
            observations=met(target_of(), answered(Outcome.TIMEOUT, "192.0.2.1")),
        ),
    ],
    "central-endpoint-zone-not-associated": [
        Row("the zone is the hub's only", (*CLOSED, *HUB, TO_HUB, hub_zone("vpc-2")), (SSM,)),
    ],
    "stale-central-zone-association": [
        Row("no route to the hub any more", (*CLOSED, STALE), (SSM,)),
        Row("the default route is no way there", (*OPEN, STALE), (SSM,)),
    ],
    "private-answer-unrouted": [
        Row("no route on-premises", (*CLOSED, FAR_DB), (DB,)),
        Row("only the way to the internet", (*OPEN, FAR_DB), (DB,)),
        Row(
            "as the packets have it",
            CLOSED,
            (DB,),
            observations=met(DB, answered(Outcome.TIMEOUT, "10.99.0.9")),
        ),
    ],
    "private-dns-conflict": [
        Row("somebody else's endpoint has the name", TAKEN, (target_of(REST_API),)),
        Row(
            "a private zone has the name",
            (*CLOSED, *serving("ssm", private_dns_enabled=False), STALE),
            (SSM,),
        ),
    ],
}

NOTES = {"private-dns-conflict"}
"""Said beside something else; all others are the only root cause of their situations."""

SILENT = {
    "sg-blocks-custom-dns": [
        Row("the Amazon resolver needs no rule", (*OPEN, HTTPS_ONLY)),
        Row("everything may go out", (*OPEN, *OWN_DNS, *DNS_SERVER)),
        Row(
            "a second server may be asked",
            (
                *OPEN,
                *DNS_SERVER,
                dhcp_options("10.0.1.53", "10.0.1.54"),
                attributes(dhcp_options_id="dopt-1"),
                interface("eni-dns2", "10.0.1.54", group_ids=("sg-dns",)),
                security_group(
                    egress=(rule("10.0.1.54/32", "53", 17), rule("0.0.0.0/0", "443", 6))
                ),
            ),
        ),
    ],
    "vpc-dns-support-off": [
        Row("both are on", OPEN),
        Row(
            "NAT carries it",
            (*OPEN, *serving("ssm"), attributes(enable_dns_hostnames=False)),
            (SSM,),
        ),
        Row(
            "nobody would have answered",
            (*CLOSED, attributes(enable_dns_hostnames=False)),
            (SSM,),
        ),
        Row(
            "servers of one's own answer",
            (
                *OPEN,
                *OWN_DNS,
                *DNS_SERVER,
                attributes(dhcp_options_id="dopt-1", enable_dns_support=False),
            ),
        ),
    ],
    "dhcp-dns-unaware": [
        Row(
            "the Amazon resolver does not know the name either",
            (*OPEN, *OWN_DNS, *DNS_SERVER),
            (SHOP,),
            observations=met(SHOP, ABSENT),
            sandboxes=beside(SHOP.host),
        ),
        Row(
            "the Amazon resolver is asked",
            (*CLOSED, *serving("ssm")),
            (SSM,),
            observations=met(SSM, answered(Outcome.TIMEOUT, "10.0.1.70")),
        ),
        Row(
            "the servers forward, and the endpoint is silent",
            (*CLOSED, *OWN_DNS, *DNS_SERVER, *serving("ssm")),
            (SSM,),
            observations=met(SSM, answered(Outcome.TIMEOUT, "10.0.1.70")),
        ),
        Row(
            "NAT carries the public address",
            (*OPEN, *OWN_DNS, *DNS_SERVER, *serving("ssm")),
            (SSM,),
            observations=met(SSM, answered(Outcome.REACHABLE, "198.51.100.7")),
        ),
        Row(
            "the servers do not answer at all",
            (*CLOSED, *OWN_DNS, *DNS_SERVER, *serving("ssm"), HTTPS_ONLY),
            (SSM,),
            observations=met(SSM, LOST),
        ),
        Row(
            "no zone has it either",
            (*OPEN, *OWN_DNS, *DNS_SERVER, EXAMPLE),
            (DB,),
            observations=met(DB, ABSENT),
        ),
    ],
    "resolver-rule-hijack": [
        Row(
            "a SYSTEM rule takes the name back",
            (*OPEN, FORWARD_ALL, resolver_rule("amazonaws.com", "SYSTEM")),
            observations=met(target_of(), seen(Outcome.TIMEOUT)),
        ),
        Row(
            "a name of the company does not exist",
            (*OPEN, resolver_rule("corp.example")),
            (DB,),
            observations=met(DB, ABSENT),
        ),
        Row(
            "what the servers answer is the right address",
            (*CLOSED, FORWARD_ALL),
            (SSM,),
            observations=met(SSM, answered(Outcome.TIMEOUT, "198.51.100.7")),
        ),
        Row("no packet was sent", (*OPEN, FORWARD_ALL)),
        Row(
            "another VPC's rule",
            (*OPEN, resolver_rule("", vpc_ids=frozenset({"vpc-2"}))),
            observations=met(target_of(), LOST),
        ),
    ],
    "private-zone-shadow": [
        Row(
            "an AAAA record is all there is, and it works",
            changed(zone("example.com", record("api.example.com", "AAAA", "3fff:a::10"))),
            (SHOP,),
            sources=(source(),),
        ),
        Row(
            "the record is there",
            (*OPEN, zone("example.com", record("api.example.com", "A", "198.51.100.10"))),
            (SHOP,),
        ),
        Row("no zone covers it", (*OPEN, EXAMPLE), (DB,)),
        Row(
            "another VPC's zone",
            (*OPEN, zone("example.com", vpc_ids=frozenset({"vpc-2"}))),
            (SHOP,),
        ),
        Row(
            "no AAAA record where the A record works",
            changed(zone("example.com", record("api.example.com", "A", "198.51.100.10"))),
            (SHOP,),
        ),
        Row(
            "its records could not be read",
            (*OPEN, zone("example.com", records_read=False)),
            (SHOP,),
        ),
    ],
    "dns-firewall-block": [
        Row(
            "the name is allowed first",
            (*OPEN, firewall_rule(1, "ALLOW", "*.amazonaws.com"), firewall_rule(2, "BLOCK", "*")),
        ),
        Row("other names are blocked", (*OPEN, firewall_rule(1, "BLOCK", "*.bad.example"))),
        Row("an alert lets pass", (*OPEN, firewall_rule(1, "ALERT", "*"))),
        Row("another VPC's rules", (*OPEN, firewall_rule(1, "BLOCK", "*", vpc_id="vpc-2"))),
        Row("a list nobody may read", (*OPEN, firewall_rule(1, "BLOCK", unread=True))),
    ],
    "central-endpoint-zone-not-associated": [
        Row("the zone is associated", (*CLOSED, *HUB, TO_HUB, hub_zone("vpc-1", "vpc-2")), (SSM,)),
        Row("no route to the hub", (*CLOSED, *HUB, hub_zone("vpc-2")), (SSM,)),
        Row("NAT carries it", (*OPEN, *HUB, hub_zone("vpc-2")), (SSM,)),
        Row(
            "an endpoint of the own VPC",
            (*CLOSED, *HUB, TO_HUB, hub_zone("vpc-2"), *serving("ssm")),
            (SSM,),
        ),
        Row(
            "a zone without the name",
            (
                *CLOSED,
                *HUB,
                TO_HUB,
                hub_zone("vpc-2", record=record("x.example", "A", "10.9.1.70")),
            ),
            (SSM,),
        ),
    ],
    "stale-central-zone-association": [
        Row("a database is no such service", (*CLOSED, FAR_DB), (DB,)),
        Row("a route to the hub", (*CLOSED, TO_HUB, STALE), (SSM,)),
        Row("an endpoint of the own VPC", (*CLOSED, *serving("ssm")), (SSM,)),
    ],
    "private-dns-conflict": [
        Row("one endpoint", (*OPEN, *API_ENDPOINT, REST_API), (target_of(REST_API),)),
        Row("two endpoints, and it works", (*TAKEN, PRIVATE_API), (target_of(PRIVATE_API),)),
        Row(
            "two services",
            (*CLOSED, *serving("sqs"), endpoint("vpce-2", "ssm", private_dns_enabled=False)),
            (SSM,),
        ),
    ],
    "private-answer-unrouted": [
        Row(
            "a route on-premises",
            (*CLOSED, FAR_DB, route_table(routes=(route("10.99.0.0/16", "tgw-1"),))),
            (DB,),
        ),
        Row(
            "an address of the VPC",
            (*CLOSED, zone("corp.example", private_record("db.corp.example", "10.0.1.9"))),
            (DB,),
        ),
        Row("a public address", CLOSED, (SHOP,)),
        Row("no name was given", CLOSED, (host_target("10.99.0.9"),)),
    ],
}


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in FIRES.items() for row in rows if name not in NOTES],
    ids=title_of,
)
def test_fault_is_the_only_root_cause(name: str, row: Row) -> None:
    """The situation that it is made for shows it, and no second one beside it."""
    assert found(row, Role.ROOT_CAUSE) == {name}


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name in sorted(NOTES) for row in FIRES[name]],
    ids=title_of,
)
def test_fault_is_a_note_beside_the_cause(name: str, row: Row) -> None:
    """What breaks nothing by itself is said, and is never the cause."""
    assert name in found(row, Role.NOTE)
    assert name not in found(row, Role.ROOT_CAUSE)


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in SILENT.items() for row in rows],
    ids=title_of,
)
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in found(row)


def test_both_ends_that_are_closed_to_questions_are_told_with_their_direction() -> None:
    """The function's group lets none out, and the server's lets none in."""
    account = snapshot(*OPEN, *OWN_DNS, *DNS_SERVER, HTTPS_ONLY, security_group("sg-dns"))
    told = {item.name: item.advice for item in examine(case_of(account))}

    assert told["sg-blocks-custom-dns"] == (
        "allow egress udp 53 and tcp 53 to 10.0.1.53 in sg-1, and ingress udp 53 and tcp 53 from "
        "sg-1 in sg-dns"
    )
