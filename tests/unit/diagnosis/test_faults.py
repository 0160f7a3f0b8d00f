"""Every fault fires where it is the cause, and stays silent at its look-alikes."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from netprobe.diagnosis.faults import FAULTS
from netprobe.model.finding import Role
from netprobe.model.observation import Outcome
from netprobe.model.workloads import ApiKind
from tests.builders import (
    ALLOW_ALL_RULES,
    api,
    dhcp_options,
    endpoint,
    entry,
    function,
    gap,
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
    subnet,
    vpc,
)
from tests.unit.diagnosis.cases import (
    Row,
    case_of,
    changed,
    names_of,
    seen,
    service_target,
    target_of,
)

NO_IPV6_OUT = route_table(routes=(route("0.0.0.0/0", "nat-1"),))
NO_IPV4_OUT = route_table(routes=(route("::/0", "eigw-1"),))
ISOLATED = route_table(routes=())
PUBLIC = route_table(routes=(route("0.0.0.0/0", "igw-1"),))
IPV4_API = api("abc123", ApiKind.WEBSOCKET, ip_address_type="ipv4", stages=("prod",))
REST_API = api("rest1", ApiKind.REST, stages=("prod",))
IPV4_SUBNET = subnet("subnet-private", "10.0.1.0/24", None)
HTTPS_IN = (entry(100, "allow", port="443", protocol=6),)
EPHEMERAL_IN = (entry(110, "allow", port="1024-65535", protocol=6),)
ALL_OUT = (
    entry(100, "allow", egress=True),
    entry(101, "allow", "::/0", egress=True),
)
SSM = service_target("ssm")
S3 = service_target("s3")
ENDPOINT_GROUP = security_group("sg-endpoint", ingress=(), egress=())
SSM_ENDPOINT = endpoint(
    "vpce-ssm", "ssm", network_interface_ids=("eni-ssm",), group_ids=("sg-endpoint",)
)
SSM_INTERFACE = interface(
    "eni-ssm", "10.0.1.70", group_ids=("sg-endpoint",), interface_type="vpc_endpoint"
)
CAPTURE = endpoint(
    "vpce-api", "execute-api", network_interface_ids=("eni-api",), group_ids=("sg-1",)
)
CAPTURE_INTERFACE = interface("eni-api", "10.0.1.71", group_ids=("sg-1",))
ADMITTING = security_group("sg-1", ingress=ALLOW_ALL_RULES)
KEY = ("subnet-private", "api:abc123")


TWO_SUBNETS = (
    source("subnet-private", id="fn@subnet-private", function_name="fn"),
    source("subnet-other", id="fn@subnet-other", function_name="fn"),
)
OTHER_SUBNET = subnet("subnet-other", "10.0.2.0/24", None)
MIXED = changed(
    IPV4_SUBNET,
    OTHER_SUBNET,
    IPV4_API,
    function("fn", subnet_ids=("subnet-private", "subnet-other"), ipv6_allowed=False),
    network_acl(subnets=("subnet-private", "subnet-public", "subnet-other")),
)
TIMEOUT = seen(Outcome.TIMEOUT)
FIRES = {
    "route-v4-public-subnet-no-public-ip": Row("a public subnet", changed(PUBLIC, IPV4_API)),
    "route-v4-no-default-route": Row("an isolated subnet", changed(ISOLATED, IPV4_API)),
    "nat-in-private-subnet": Row(
        "a NAT gateway in the subnet it serves",
        changed(nat_gateway(subnet_id="subnet-private"), NO_IPV6_OUT, IPV4_API),
    ),
    "nat-deleted-blackhole": Row(
        "the NAT gateway is deleted, the route stays",
        changed(route_table(routes=(route("0.0.0.0/0", "nat-1", "blackhole"),)), IPV4_API),
    ),
    "route-table-main-implicit": Row(
        "one subnet was never associated", MIXED, (target_of(IPV4_API),), TWO_SUBNETS
    ),
    "route-mixed-subnets-intermittent": Row(
        "one of two subnets leads out", MIXED, (target_of(IPV4_API),), TWO_SUBNETS
    ),
    "sg-egress-missing-v4": Row("no rule at all", changed(security_group(egress=()))),
    "sg-egress-missing-v6": Row(
        "0.0.0.0/0 only, IPv4 dead",
        changed(security_group(egress=(rule("0.0.0.0/0"),)), NO_IPV4_OUT),
    ),
    "endpoint-sg-ingress-missing": Row(
        "the endpoint's group admits nobody",
        changed(SSM_ENDPOINT, SSM_INTERFACE, ENDPOINT_GROUP),
        (SSM,),
    ),
    "nacl-return-ephemeral-v4": Row(
        "443 in both directions and no ephemeral ports",
        changed(network_acl(entries=(*ALL_OUT, *HTTPS_IN)), IPV4_API),
    ),
    "nacl-no-ipv6": Row(
        "IPv4 entries only, and no IPv4 route",
        changed(
            network_acl(entries=(entry(100, "allow", egress=True), entry(100, "allow"))),
            NO_IPV4_OUT,
        ),
    ),
    "nacl-reply-denied": Row(
        "IPv6 entries for 443 in both directions, no ephemeral ports",
        changed(
            network_acl(entries=(*ALL_OUT, entry(101, "allow", "::/0", "443", protocol=6))),
            NO_IPV4_OUT,
        ),
    ),
    "nacl-request-denied": Row(
        "an IPv6 entry denies what a later one allows",
        changed(
            network_acl(
                entries=(
                    entry(90, "deny", "::/0", egress=True),
                    *ALL_OUT,
                    entry(101, "allow", "::/0"),
                )
            ),
            NO_IPV4_OUT,
        ),
    ),
    "lambda-ipv6-not-allowed": Row(
        "the flag is off and IPv4 is dead",
        changed(NO_IPV4_OUT, function("fn", ipv6_allowed=False)),
        sources=(source(ipv6_allowed=False, function_name="fn"),),
    ),
    "subnet-not-dualstack": Row(
        "one of the function's subnets has no IPv6 block, and IPv4 is dead",
        changed(
            ISOLATED,
            IPV4_SUBNET,
            function("fn", subnet_ids=("subnet-private", "subnet-public")),
        ),
        sources=(source(function_name="fn", ipv6_allowed=True),),
    ),
    "route-v6-no-default": Row("no ::/0 and IPv4 dead", changed(ISOLATED)),
    "api-ipv4-only": Row("IPv6 is the only way out", changed(NO_IPV4_OUT, IPV4_API)),
    "apigw-private-dns-hijack-rest-http": Row(
        "a regional API behind an endpoint's private DNS",
        changed(CAPTURE, CAPTURE_INTERFACE, ADMITTING, REST_API),
        (target_of(REST_API),),
    ),
    "apigw-private-dns-hijack-websocket": Row(
        "@connections behind an endpoint's private DNS",
        changed(CAPTURE, CAPTURE_INTERFACE, ADMITTING),
    ),
    "endpoint-private-dns-disabled": Row(
        "an endpoint without private DNS in an isolated subnet",
        changed(
            endpoint("vpce-ssm", "ssm", private_dns_enabled=False, dns_names=()),
            ISOLATED,
        ),
        (SSM,),
    ),
    "service-endpoint-absent": Row("an isolated subnet calls SSM", changed(ISOLATED), (SSM,)),
    "gateway-endpoint-absent": Row("an isolated subnet calls S3", changed(ISOLATED), (S3,)),
    "gateway-endpoint-not-in-table": Row(
        "the endpoint is associated with another table",
        changed(
            gateway_endpoint(route_table_ids=("rtb-public",)),
            prefix_list(name="com.amazonaws.us-east-1.s3"),
            ISOLATED,
        ),
        (S3,),
    ),
    "model-disagreement": Row(
        "packets pass what configuration blocks",
        changed(ISOLATED, IPV4_API),
        observations={(*KEY, "ipv4"): seen(Outcome.REACHABLE)},
    ),
    "unread-configuration": Row("network ACLs could not be read", ()),
    "unexplained-failure": Row(
        "silence although everything is open",
        changed(),
        observations={(*KEY, "ipv4"): TIMEOUT, (*KEY, "ipv6"): TIMEOUT},
    ),
}

SILENT = {
    "route-v4-public-subnet-no-public-ip": [
        Row("IPv4 through NAT", changed()),
        Row("an isolated subnet looks the same from inside", changed(ISOLATED, IPV4_API)),
    ],
    "route-v4-no-default-route": [
        Row("a dead route is another fault", FIRES["nat-deleted-blackhole"].resources),
        Row("a service that an endpoint could serve", changed(ISOLATED), (SSM,)),
    ],
    "nat-in-private-subnet": [Row("a NAT gateway in a public subnet", changed(IPV4_API))],
    "nat-deleted-blackhole": [
        Row(
            "a blackhole that does not win",
            changed(
                route_table(
                    routes=(
                        route("0.0.0.0/0", "nat-1"),
                        route("10.99.0.0/16", "pcx-1", "blackhole"),
                    )
                ),
                IPV4_API,
            ),
        ),
    ],
    "route-table-main-implicit": [
        Row("an explicit association", changed(ISOLATED, IPV4_API)),
        Row(
            "the main table is all there is",
            (
                vpc(),
                IPV4_SUBNET,
                IPV4_API,
                network_acl(),
                security_group(),
                route_table("rtb-main", (), (), main=True),
            ),
        ),
    ],
    "route-mixed-subnets-intermittent": [
        Row("one subnet only", changed(ISOLATED, IPV4_API)),
        Row(
            "two functions, not one",
            MIXED,
            (target_of(IPV4_API),),
            (TWO_SUBNETS[0], source("subnet-other", id="x", function_name="other")),
        ),
    ],
    "sg-egress-missing-v4": [
        Row(
            "a rule for 443 to anywhere",
            changed(security_group(egress=(rule("0.0.0.0/0", "443", 6),))),
        ),
    ],
    "sg-egress-missing-v6": [
        Row("::/0 is allowed", changed()),
        Row(
            "an IPv4-only subnet",
            changed(IPV4_SUBNET, security_group(egress=(rule("0.0.0.0/0"),))),
        ),
    ],
    "endpoint-sg-ingress-missing": [
        Row(
            "the endpoint's group admits the function's group",
            changed(
                SSM_ENDPOINT,
                SSM_INTERFACE,
                security_group("sg-endpoint", egress=(), ingress=(rule("sg-1", "443", 6),)),
            ),
            (SSM,),
        ),
    ],
    "nacl-return-ephemeral-v4": [
        Row(
            "ephemeral ports are open",
            changed(network_acl(entries=(*ALL_OUT, *EPHEMERAL_IN)), IPV4_API),
        ),
        Row(
            "IPv6 is another fault",
            changed(
                network_acl(
                    entries=(
                        *ALL_OUT,
                        entry(100, "allow"),
                        entry(101, "allow", "::/0", "443", protocol=6),
                    )
                ),
            ),
        ),
    ],
    "nacl-no-ipv6": [
        Row("IPv6 entries that do not fit", FIRES["nacl-reply-denied"].resources),
        Row("the default ACL", changed()),
    ],
    "nacl-reply-denied": [
        Row(
            "IPv4 of the function's own subnet has its own fault",
            changed(
                network_acl(subnets=("subnet-public",)),
                network_acl("acl-2", (*ALL_OUT, *HTTPS_IN), ("subnet-private",)),
                IPV4_API,
            ),
        ),
    ],
    "nacl-request-denied": [Row("everything allowed", changed())],
    "lambda-ipv6-not-allowed": [
        Row("the flag is on", changed()),
        Row(
            "the subnet has no IPv6 block",
            changed(IPV4_SUBNET, function("fn", ipv6_allowed=False)),
            sources=(source(ipv6_allowed=False, function_name="fn"),),
        ),
    ],
    "subnet-not-dualstack": [
        Row("IPv6 is absent by design", (*changed(IPV4_SUBNET), vpc(ipv6=()))),
    ],
    "route-v6-no-default": [
        Row("::/0 leads to an egress-only gateway", changed()),
        Row("an IPv4-only subnet", changed(IPV4_SUBNET, ISOLATED)),
    ],
    "api-ipv4-only": [
        Row("a dual-stack API", changed(NO_IPV4_OUT)),
        Row("an IPv4-only subnet", changed(IPV4_SUBNET, IPV4_API)),
    ],
    "apigw-private-dns-hijack-rest-http": [
        Row("a WebSocket API is the other fault", changed(CAPTURE, CAPTURE_INTERFACE, ADMITTING)),
        Row(
            "a private API is served by the endpoint",
            changed(
                CAPTURE,
                CAPTURE_INTERFACE,
                ADMITTING,
                api("rest1", ApiKind.REST, endpoint_type="PRIVATE", ip_address_type="dualstack"),
            ),
            (target_of(REST_API),),
        ),
    ],
    "apigw-private-dns-hijack-websocket": [
        Row(
            "private DNS is off",
            changed(endpoint("vpce-api", "execute-api", private_dns_enabled=False, dns_names=())),
        ),
    ],
    "endpoint-private-dns-disabled": [
        Row(
            "the endpoint answers for the name",
            changed(SSM_ENDPOINT, SSM_INTERFACE, ADMITTING),
            (SSM,),
        ),
        Row("NAT carries it", changed(endpoint("v", "ssm", private_dns_enabled=False)), (SSM,)),
    ],
    "service-endpoint-absent": [
        Row("NAT carries it", changed(), (SSM,)),
        Row("S3 has its own fault", changed(ISOLATED), (S3,)),
        Row("an API is no such service", changed(ISOLATED)),
    ],
    "gateway-endpoint-absent": [Row("NAT carries it", changed(), (S3,))],
    "gateway-endpoint-not-in-table": [
        Row(
            "NAT carries it",
            changed(gateway_endpoint(route_table_ids=("rtb-public",)), prefix_list()),
            (S3,),
        ),
    ],
    "model-disagreement": [
        Row(
            "packets agree",
            changed(ISOLATED, IPV4_API),
            observations={(*KEY, "ipv4"): TIMEOUT},
        ),
    ],
    "unread-configuration": [Row("everything was read", changed())],
    "unexplained-failure": [
        Row(
            "a name that failed for both families, told once",
            changed(
                vpc(ipv6=(), dhcp_options_id="dopt-1"),
                IPV4_SUBNET,
                dhcp_options("10.0.1.53"),
                interface("eni-dns", "10.0.1.53", group_ids=("sg-dns",)),
                security_group("sg-dns"),
            ),
            sources=(source(ipv6_allowed=False),),
            observations={
                ("subnet-private", "api:abc123", family): seen(Outcome.DNS_TIMEOUT)
                for family in ("ipv4", "ipv6")
            },
        ),
        Row(
            "the route explains it",
            changed(ISOLATED, IPV4_API),
            observations={(*KEY, "ipv4"): TIMEOUT, (*KEY, "ipv6"): seen(Outcome.DNS_NODATA)},
        ),
    ],
}

ACLS_DENIED = "ec2:DescribeNetworkAcls"


def _found(name: str, row: Row) -> set[str]:
    if name == "unread-configuration" and not row.resources:
        account = snapshot(*changed(gone=("acl-1",)), gaps=(gap(ACLS_DENIED),))
    else:
        account = snapshot(*row.resources)
    return names_of(case_of(account, row.targets, row.sources, row.observations))


@pytest.mark.parametrize("name", FIRES)
def test_fault_fires(name: str) -> None:
    """The situation that the fault is made for shows it."""
    assert name in _found(name, FIRES[name])


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in SILENT.items() for row in rows],
    ids=[f"{name}: {row.situation}" for name, rows in SILENT.items() for row in rows],
)
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in _found(name, row)


def test_every_fault_has_rows() -> None:
    """A new fault comes with a situation that fires it and one that does not."""
    names = {fault.name for fault in FAULTS}
    files = sorted(Path(__file__).parent.glob("test_faults*.py"))
    tables = [import_module(f"tests.unit.diagnosis.{file.stem}") for file in files]

    assert {name for table in tables for name in table.FIRES} == names
    assert {name for table in tables for name in table.SILENT} == names


def test_open_vpc_has_no_finding_at_all() -> None:
    """Where everything works there is nothing to say."""
    assert names_of(case_of(snapshot(*changed()))) == set()


def test_two_faults_on_one_path_are_both_root_causes() -> None:
    """Mending one must not make the other come as a surprise."""
    account = snapshot(*changed(ISOLATED, security_group(egress=()), IPV4_SUBNET, IPV4_API))

    roots = names_of(case_of(account), Role.ROOT_CAUSE)

    assert roots == {"route-v4-no-default-route", "sg-egress-missing-v4"}


def test_a_family_that_nobody_feels_is_a_note() -> None:
    """IPv4 without a route is no fault where IPv6 carries the call."""
    account = snapshot(*changed(NO_IPV4_OUT))

    assert names_of(case_of(account), Role.ROOT_CAUSE) == set()
    assert names_of(case_of(account), Role.NOTE) == {"route-v4-no-default-route"}


def test_mixed_subnets_contain_their_parts() -> None:
    """The story of one function is told once; its parts contribute."""
    row = FIRES["route-mixed-subnets-intermittent"]
    case = case_of(snapshot(*row.resources), row.targets, row.sources)

    assert names_of(case, Role.ROOT_CAUSE) == {"route-mixed-subnets-intermittent"}
