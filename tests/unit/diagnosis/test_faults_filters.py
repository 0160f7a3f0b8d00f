"""Faults of security groups and network ACLs, and their look-alikes."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.model.finding import Role
from netprobe.model.report import Target
from netprobe.model.workloads import Listener, LoadBalancer
from tests.builders import (
    ALLOW_ALL_ENTRIES,
    address,
    endpoint,
    entry,
    gateway_endpoint,
    interface,
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
from tests.interconnect import (
    FAR,
    PEERED,
    TRANSIT,
    far_group,
    peering,
)
from tests.unit.diagnosis.cases import (
    Row,
    address_target,
    case_of,
    changed,
    names_of,
    service_target,
    target_of,
)
from tests.unit.diagnosis.isolated import host_target

IPV4_SUBNET = subnet("subnet-private", "10.0.1.0/24", None)
IPV4_SOURCE = source(ipv6_allowed=False)
S3 = service_target("s3")
S3_LIST = prefix_list(name="com.amazonaws.us-east-1.s3")
S3_TABLE = route_table(
    routes=(route("pl-s3", "vpce-s3"), route("0.0.0.0/0", "nat-1"), route("::/0", "eigw-1"))
)
S3_IN_VPC = (gateway_endpoint(route_table_ids=("rtb-private",)), S3_LIST, S3_TABLE, IPV4_SUBNET)
"""A gateway endpoint for S3 that the subnet's table leads to, in an IPv4-only subnet."""
DATABASE = address_target("10.0.1.60", port=5432, id="db")
DATABASE_INTERFACE = interface("eni-db", "10.0.1.60", group_ids=("sg-db",))
ELSEWHERE = address_target(FAR)
BALANCER = LoadBalancer(
    load_balancer_arn="arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/shop/50dc",
    name="shop",
    dns_name="shop-1.us-east-1.elb.amazonaws.com",
    scheme="internet-facing",
    vpc_id="vpc-1",
    subnet_ids=("subnet-public",),
    group_ids=("sg-shop",),
    listeners=(Listener(port=443, protocol="HTTPS"),),
)
SHOP = address_target("203.0.113.80", id="shop")
SHOP_INTERFACE = interface(
    "eni-shop",
    "10.0.9.80",
    "2001:db8:1:9::80",
    subnet_id="subnet-public",
    group_ids=("sg-shop",),
    description="ELB app/shop/50dc",
    public_addresses=(address("203.0.113.80"),),
)
TRANSIT_BY_GROUP = changed(*TRANSIT, far_group("sg-1"))
PEERED_BY_GROUP = changed(*PEERED, far_group("sg-1"))
PUBLIC_ACL = "acl-public"
EPHEMERAL = entry(110, "allow", port="1024-65535", protocol=6)
WEB_IN, ALL_OUT = entry(100, "allow", port="443", protocol=6), entry(100, "allow", egress=True)
INSIDE_ONLY = (
    entry(100, "allow", "10.0.0.0/8", egress=True),
    entry(100, "allow", "10.0.0.0/8"),
)


def public_acl(*entries: Any) -> tuple[Any, ...]:
    """Return an ACL of its own for the NAT gateway's subnet."""
    return (
        network_acl(subnets=("subnet-private",)),
        network_acl(PUBLIC_ACL, entries, ("subnet-public",)),
    )


def with_egress(*rules: Any, more: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    """Return the open VPC, whose group has these egress rules."""
    return changed(*more, security_group(egress=rules))


def with_database(*ingress: Any) -> tuple[Any, ...]:
    """Return the open VPC with a database whose group has these ingress rules."""
    return changed(DATABASE_INTERFACE, security_group("sg-db", ingress=ingress))


def with_shop(*ingress: Any, more: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    """Return the open VPC with a public load balancer whose group has these ingress rules."""
    return changed(BALANCER, SHOP_INTERFACE, security_group("sg-shop", ingress=ingress), *more)


FIRES = {
    "sg-egress-endpoint-only": [
        Row("443 to the endpoints' group only", with_egress(rule("sg-endpoint", "443"))),
        Row("443 to the VPC's block only", with_egress(rule("10.0.0.0/16", "443"))),
        Row(
            "everything to the VPC's blocks of both families",
            with_egress(rule("10.0.0.0/16"), rule("2001:db8:1::/56")),
        ),
    ],
    "sg-egress-prefix-list-gap": [
        Row(
            "443 to the endpoints' group, S3 by a gateway endpoint",
            with_egress(rule("sg-endpoint", "443"), more=S3_IN_VPC),
            (S3,),
            (IPV4_SOURCE,),
        ),
        Row(
            "443 to another service's list",
            with_egress(
                rule("pl-dynamodb", "443"),
                more=(
                    *S3_IN_VPC,
                    prefix_list(
                        "pl-dynamodb",
                        ("203.0.113.128/26",),
                        name="com.amazonaws.us-east-1.dynamodb",
                    ),
                ),
            ),
            (S3,),
            (IPV4_SOURCE,),
        ),
    ],
    "sg-egress-denied": [
        Row(
            "443 to a partner's block",
            with_egress(rule("192.0.2.0/24", "443")),
            (address_target("198.51.100.10"),),
        ),
        Row(
            "IPv6 to a partner's block",
            with_egress(rule("0.0.0.0/0"), rule("2001:db8:77::/48", "443")),
            (address_target("3fff:a::10"),),
        ),
        Row(
            "a database outside of what the rules cover",
            (*with_database(rule("0.0.0.0/0")), security_group(egress=(rule("10.9.0.0/16"),))),
            (DATABASE,),
        ),
    ],
    "sg-reference-across-vpcs": [
        Row("a transit gateway without support", TRANSIT_BY_GROUP, (ELSEWHERE,)),
        Row(
            "peering between regions",
            (*PEERED_BY_GROUP, peering(regions=("us-east-1", "eu-west-1"))),
            (ELSEWHERE,),
        ),
    ],
    "public-alb-sg-rejects-nat": [
        Row("office addresses only", with_shop(rule("192.0.2.0/24", "443")), (SHOP,)),
        Row("the function's group, which is lost on the way", with_shop(rule("sg-1")), (SHOP,)),
        Row(
            "IPv6, whose own address is not admitted",
            with_shop(rule("203.0.113.5/32", "443")),
            (address_target("2001:db8:1:9::80"),),
        ),
    ],
    "target-sg-ingress-missing": [
        Row("a database that admits nobody", with_database(), (DATABASE,)),
        Row(
            "a database that admits another port", with_database(rule("sg-1", "443")), (DATABASE,)
        ),
        Row("a peered database that admits nobody", changed(*PEERED, far_group()), (ELSEWHERE,)),
    ],
    "nacl-nat-subnet": [
        Row("no ephemeral ports come in", changed(*public_acl(ALL_OUT, WEB_IN), IPV4_SUBNET)),
        Row(
            "the port does not come in from the private subnet",
            changed(*public_acl(ALL_OUT, EPHEMERAL), IPV4_SUBNET),
        ),
        Row(
            "nothing goes out to the private subnet",
            changed(
                *public_acl(
                    entry(90, "deny", "10.0.1.0/24", egress=True), ALL_OUT, entry(100, "allow")
                ),
                IPV4_SUBNET,
            ),
        ),
    ],
    "nacl-blocks-gateway-prefixes": [
        Row(
            "private ranges only",
            changed(*S3_IN_VPC, network_acl(entries=INSIDE_ONLY)),
            (S3,),
        ),
        Row(
            "the reply comes from a denied prefix",
            changed(
                *S3_IN_VPC,
                network_acl(entries=(entry(90, "deny", "198.51.100.0/24"), *ALLOW_ALL_ENTRIES)),
            ),
            (S3,),
        ),
    ],
}

SILENT = {
    "sg-egress-endpoint-only": [
        Row("443 to anywhere", with_egress(rule("0.0.0.0/0", "443"), rule("::/0", "443"))),
        Row("no rule at all is another fault", with_egress()),
        Row(
            "a partner's public block is another fault",
            with_egress(rule("192.0.2.0/24", "443")),
            (address_target("198.51.100.10"),),
        ),
        Row(
            "an isolated subnet looks the same from inside",
            changed(route_table(routes=()), IPV4_SUBNET),
        ),
        Row(
            "the target is an endpoint of that group",
            (
                *with_egress(rule("sg-endpoint", "443")),
                security_group("sg-endpoint", ingress=(rule("sg-1", "443"),)),
                endpoint("vpce-ssm", "ssm", network_interface_ids=("eni-ssm",)),
                interface("eni-ssm", "10.0.1.70", group_ids=("sg-endpoint",)),
            ),
            (service_target("ssm"),),
        ),
        Row(
            "another target in the VPC",
            (*with_database(rule("0.0.0.0/0")), security_group(egress=(rule("sg-x"),))),
            (DATABASE,),
        ),
    ],
    "sg-egress-prefix-list-gap": [
        Row(
            "the list is admitted",
            with_egress(rule("pl-s3", "443"), more=S3_IN_VPC),
            (S3,),
            (IPV4_SOURCE,),
        ),
        Row(
            "the endpoint is in no table of the subnet",
            with_egress(
                rule("sg-endpoint", "443"),
                more=(gateway_endpoint(), S3_LIST, IPV4_SUBNET, route_table(routes=())),
            ),
            (S3,),
            (IPV4_SOURCE,),
        ),
        Row(
            "the ACL drops it, the group does not",
            changed(*S3_IN_VPC, network_acl(entries=INSIDE_ONLY)),
            (S3,),
        ),
    ],
    "sg-egress-denied": [
        Row("everything is admitted", changed()),
        Row("no rule at all has its own faults", with_egress()),
        Row("IPv6 without a rule has its own fault", with_egress(rule("0.0.0.0/0"))),
        Row("the inside only has its own fault", with_egress(rule("sg-endpoint", "443"))),
        Row("another port only", with_egress(rule("0.0.0.0/0", "80"))),
    ],
    "sg-reference-across-vpcs": [
        Row("peering keeps references", PEERED_BY_GROUP, (ELSEWHERE,)),
        Row("no rule at all is another fault", changed(*TRANSIT, far_group()), (ELSEWHERE,)),
        Row("a block is admitted", changed(*TRANSIT), (ELSEWHERE,)),
        Row("the same VPC", with_database(rule("sg-other", "5432")), (DATABASE,)),
    ],
    "public-alb-sg-rejects-nat": [
        Row("the NAT gateway's address", with_shop(rule("203.0.113.5/32", "443")), (SHOP,)),
        Row(
            "an internal target",
            with_database(),
            (DATABASE,),
        ),
        Row("a public host of others", changed(IPV4_SUBNET)),
    ],
    "target-sg-ingress-missing": [
        Row("the function's group is admitted", with_database(rule("sg-1", "5432")), (DATABASE,)),
        Row("its block is admitted", with_database(rule("10.0.1.0/24", "5432")), (DATABASE,)),
        Row("a reference that is lost is another fault", TRANSIT_BY_GROUP, (ELSEWHERE,)),
        Row("a public load balancer is another fault", with_shop(), (SHOP,)),
        Row(
            "an endpoint is another fault",
            changed(
                endpoint("vpce-ssm", "ssm", network_interface_ids=("eni-ssm",)),
                interface("eni-ssm", "10.0.1.70", group_ids=("sg-endpoint",)),
                security_group("sg-endpoint"),
            ),
            (service_target("ssm"),),
        ),
        Row(
            "a NAT instance on the way is another fault",
            changed(
                route_table(routes=(route("0.0.0.0/0", "eni-nat"),)),
                interface(
                    "eni-nat",
                    "10.0.9.9",
                    subnet_id="subnet-public",
                    group_ids=("sg-nat",),
                    source_dest_check=False,
                ),
                security_group("sg-nat"),
                IPV4_SUBNET,
            ),
        ),
    ],
    "nacl-nat-subnet": [
        Row("all four ways are open", changed(*public_acl(*ALLOW_ALL_ENTRIES))),
        Row(
            "the function's own subnet is another fault",
            changed(
                network_acl(PUBLIC_ACL, subnets=("subnet-public",)),
                network_acl(entries=(ALL_OUT, WEB_IN), subnets=("subnet-private",)),
                IPV4_SUBNET,
            ),
        ),
        Row(
            "a closed public subnet that is not on the way",
            changed(*public_acl(), IPV4_SUBNET),
            (DATABASE,),
        ),
    ],
    "nacl-blocks-gateway-prefixes": [
        Row("the ACL is open", changed(*S3_IN_VPC), (S3,)),
        Row(
            "ephemeral ports are closed to all",
            changed(*S3_IN_VPC, network_acl(entries=(ALL_OUT, WEB_IN))),
            (S3,),
        ),
        Row(
            "other public targets are dropped as well",
            changed(*S3_IN_VPC, network_acl(entries=INSIDE_ONLY)),
            (S3, target_of()),
        ),
        Row(
            "the group forgets the prefixes, the ACL does not",
            with_egress(rule("sg-endpoint", "443"), more=S3_IN_VPC),
            (S3,),
        ),
    ],
}


def _names(row: Row, role: Role | None = None) -> set[str]:
    case = case_of(snapshot(*row.resources), row.targets, row.sources, row.observations)
    return names_of(case, role)


ALONE = [(name, number) for name, rows in FIRES.items() for number in range(len(rows))]


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in FIRES.items() for row in rows],
    ids=[f"{name}: {row.situation}" for name, rows in FIRES.items() for row in rows],
)
def test_fault_fires(name: str, row: Row) -> None:
    """The situations that the fault is made for show it."""
    assert name in _names(row)


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in SILENT.items() for row in rows],
    ids=[f"{name}: {row.situation}" for name, rows in SILENT.items() for row in rows],
)
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in _names(row)


@pytest.mark.parametrize(("name", "number"), ALONE)
def test_it_is_the_only_root_cause(name: str, number: int) -> None:
    """A flow that one filter stops has one name for it, and no second one."""
    assert _names(FIRES[name][number], Role.ROOT_CAUSE) == {name}


def test_rules_for_the_inside_are_one_fault_in_both_families() -> None:
    """One group that was restricted is mended once, whatever the family."""
    found = examine(case_of(snapshot(*with_egress(rule("sg-endpoint", "443")))))

    assert [(item.name, len(item.paths)) for item in found] == [("sg-egress-endpoint-only", 2)]
    assert "0.0.0.0/0 and ::/0" in found[0].advice


def test_the_advice_names_no_address_that_only_stands_for_the_target() -> None:
    """The walk to an API whose addresses nobody knows goes to one of the documentation's."""
    group = security_group(egress=(rule("192.0.2.0/24", "443"),))
    found = examine(case_of(snapshot(*changed(group))))

    assert found[0].name == "sg-egress-denied"
    assert "the addresses of abc123.execute-api.us-east-1.amazonaws.com" in found[0].advice


def test_an_empty_group_lacks_a_rule_in_each_family() -> None:
    """Neither family is mended by a rule for the other."""
    assert _names(Row("", with_egress()), Role.ROOT_CAUSE) == {
        "sg-egress-missing-v4",
        "sg-egress-missing-v6",
    }


def test_the_advice_admits_what_the_balancer_sees() -> None:
    """The function's group means nothing behind a NAT gateway, its public address does."""
    found = examine(case_of(snapshot(*with_shop()), (SHOP,)))

    assert "from 203.0.113.5/32 in sg-shop" in found[0].advice


def test_the_advice_admits_the_group_inside_a_vpc_and_the_block_from_outside() -> None:
    """A reference is the narrowest rule, where it is honoured."""
    inside = examine(case_of(snapshot(*with_database()), (DATABASE,)))
    outside = examine(case_of(snapshot(*changed(*TRANSIT, far_group())), (ELSEWHERE,)))

    assert inside[0].advice == "allow ingress tcp 5432 from sg-1 in sg-db"
    assert outside[0].advice == "allow ingress tcp 443 from 10.0.1.0/24 in sg-far"


def test_ipv6_is_none_of_the_nat_gateways_business() -> None:
    """The ACL of the NAT gateway's subnet stops IPv4; what IPv6 carries is a note."""
    row = Row("", changed(*public_acl(ALL_OUT, WEB_IN)))

    assert _names(row, Role.ROOT_CAUSE) == set()
    assert _names(row, Role.NOTE) == {"nacl-nat-subnet"}


def test_group_for_the_inside_has_one_name_for_all_that_it_keeps_in() -> None:
    """A public API and a host of the company's: neither is where its one rule leads."""
    targets = (target_of(), address_target("172.16.9.9"))
    account = snapshot(*with_egress(rule("10.0.0.0/16", "443")))
    found = examine(case_of(account, targets, (IPV4_SOURCE,)))

    kept = [item for item in found if item.code.startswith("NP2")]
    assert [item.name for item in kept] == ["sg-egress-endpoint-only"]
    assert {key.target for key in kept[0].paths} == {item.id for item in targets}


@pytest.mark.parametrize(
    ("target", "role"),
    [
        (target_of(), Role.ROOT_CAUSE),
        (host_target("www.example.com"), Role.ROOT_CAUSE),
        (service_target("ssm"), Role.CONTRIBUTING),
    ],
    ids=["a public API", "a host of nobody here", "a service that may have an endpoint"],
)
def test_group_for_the_inside_beside_a_resolver_that_is_off(target: Target, role: Role) -> None:
    """It is meant so only for what the resolver would lead inside."""
    resources = with_egress(rule("10.0.0.0/16", "443"), more=(vpc(enable_dns_support=False),))
    found = examine(case_of(snapshot(*resources), (target,), (IPV4_SOURCE,)))

    roles = {item.name: item.role for item in found}
    assert roles["vpc-dns-support-off"] is Role.ROOT_CAUSE
    assert roles["sg-egress-endpoint-only"] is role
