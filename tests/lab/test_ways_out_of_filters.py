"""Ways out of what groups and ACLs drop: each fix is run as it stands, and packets pass."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground, entry
from tests.lab.joining import attached, listen, peered
from tests.lab.mending import ONE_LAB, WEB, Asked, Mend, mend

pytestmark = [pytest.mark.lab, ONE_LAB]

S3 = f"s3.{REGION}.amazonaws.com"
SSM = f"ssm.{REGION}.amazonaws.com"
ANYWHERE = "0.0.0.0/0"
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
WHOLE, EPHEMERAL, WEB_ONLY = (0, 65535), (1024, 65535), (443, 443)


def asks(ground: Ground, host: str, *more: str, ipv6: bool = False) -> Asked:
    return Asked(function=ground.function(ipv6=ipv6), target=f"https://{host}/", more=more)


def only_let_out(ground: Ground, *permissions: dict[str, Any]) -> None:
    """Leave the function's group these egress rules."""
    found = ground.ec2.describe_security_groups(GroupIds=[ground.group])["SecurityGroups"][0]
    ground.ec2.revoke_security_group_egress(
        GroupId=ground.group, IpPermissions=found["IpPermissionsEgress"]
    )
    if permissions:
        ground.ec2.authorize_security_group_egress(
            GroupId=ground.group, IpPermissions=list(permissions)
        )


def gateway_endpoint(ground: Ground) -> None:
    ground.ec2.create_vpc_endpoint(
        VpcEndpointType="Gateway",
        VpcId=ground.vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=[ground.table],
    )


def no_egress_over_ipv4(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    only_let_out(ground, HTTPS | {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]})
    return asks(ground, WEB, "--ipv4-only")


def no_egress_over_ipv6(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    only_let_out(ground, HTTPS | {"IpRanges": [{"CidrIp": ANYWHERE}]})
    return asks(ground, WEB, "--ipv6-only", ipv6=True)


def egress_into_the_vpc_only(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    only_let_out(ground, HTTPS | {"IpRanges": [{"CidrIp": "10.7.0.0/16"}]})
    return asks(ground, WEB)


def egress_without_the_prefix_list(ground: Ground) -> Asked:
    gateway_endpoint(ground)
    only_let_out(ground, HTTPS | {"IpRanges": [{"CidrIp": "10.7.0.0/16"}]})
    return asks(ground, S3)


def egress_to_another_subnet(ground: Ground) -> Asked:
    """The port goes out, to elsewhere; the target's own group admits the function."""
    listen(ground, "10.7.1.40", ground.vpc, ground.subnet, admit="10.7.0.0/16")
    database = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
    only_let_out(ground, database | {"IpRanges": [{"CidrIp": "10.7.200.0/24"}]})
    return Asked(function=ground.function(ipv6=False), target="tcp://10.7.1.40:5432")


def endpoint_group_admits_nobody(ground: Ground) -> Asked:
    ground.ec2.create_vpc_endpoint(
        VpcEndpointType="Interface",
        VpcId=ground.vpc,
        ServiceName=f"com.amazonaws.{REGION}.ssm",
        SubnetIds=[ground.subnet],
        SecurityGroupIds=[ground.new_group("endpoint")],
        PrivateDnsEnabled=True,
    )
    return asks(ground, SSM)


def group_of_another_vpc(ground: Ground) -> Asked:
    """Over a transit gateway that keeps no references to groups."""
    far = attached(ground)
    group = listen(ground, "10.8.1.40", far.vpc, far.subnet)
    pair = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": ground.group}]}
    ground.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[pair])
    return Asked(function=ground.function(ipv6=False), target="tcp://10.8.1.40:5432")


def target_admits_nobody(ground: Ground) -> Asked:
    listen(ground, "10.7.1.41", ground.vpc, ground.subnet)
    return Asked(function=ground.function(ipv6=False), target="tcp://10.7.1.41:5432")


def replies_are_denied(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    ground.use_acl(
        entry(100, ANYWHERE, egress=True),
        entry(100, ANYWHERE, egress=False, action="deny", ports=EPHEMERAL),
    )
    return asks(ground, WEB, "--ipv4-only")


def acl_of_the_nat_gateways_subnet(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    nat = ground.ec2.describe_nat_gateways(Filter=[{"Name": "vpc-id", "Values": [ground.vpc]}])[
        "NatGateways"
    ][0]
    private, ground.subnet = ground.subnet, nat["SubnetId"]
    ground.use_acl(
        entry(100, ANYWHERE, egress=True), entry(100, ANYWHERE, egress=False, ports=WEB_ONLY)
    )
    ground.subnet = private
    return asks(ground, WEB, "--ipv4-only")


def acl_without_ipv6(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    ground.use_acl(entry(100, ANYWHERE, egress=True), entry(100, ANYWHERE, egress=False))
    return asks(ground, WEB, "--ipv6-only", ipv6=True)


def acl_for_the_vpc_only(ground: Ground) -> Asked:
    gateway_endpoint(ground)
    inside = "10.7.0.0/16"
    ground.use_acl(entry(100, inside, egress=True), entry(100, inside, egress=False))
    return asks(ground, S3)


def acl_of_the_targets_subnet(ground: Ground, *entries: dict[str, Any]) -> Asked:
    """The far subnet of a peering, whose interface admits everybody."""
    far, _ = peered(ground, routed=True)
    listen(ground, "10.8.1.42", far.vpc, far.subnet, admit=ANYWHERE)
    far.use_acl(*entries)
    return Asked(function=ground.function(ipv6=False), target="tcp://10.8.1.42:5432")


def request_is_denied_there(ground: Ground) -> Asked:
    return acl_of_the_targets_subnet(
        ground,
        entry(90, "10.7.0.0/16", egress=False, action="deny", ports=(5432, 5432)),
        entry(100, ANYWHERE, egress=False),
        entry(100, ANYWHERE, egress=True),
    )


def reply_is_denied_there(ground: Ground) -> Asked:
    return acl_of_the_targets_subnet(
        ground,
        entry(100, ANYWHERE, egress=False),
        entry(100, ANYWHERE, egress=True, ports=WEB_ONLY),
    )


RULE, ENTRY = ("allow-in-security-group",), ("allow-in-network-acl",)


def _mend(finding: str, broken: Any, actions: tuple[str, ...], family: str = "ipv4") -> Mend:
    return Mend(finding=finding, broken=broken, way="repair", actions=actions, family=family)


CASES = (
    _mend("sg-egress-missing-v4", no_egress_over_ipv4, RULE),
    _mend("sg-egress-missing-v6", no_egress_over_ipv6, RULE, "ipv6"),
    _mend("sg-egress-endpoint-only", egress_into_the_vpc_only, RULE),
    _mend("sg-egress-prefix-list-gap", egress_without_the_prefix_list, RULE),
    _mend("endpoint-sg-ingress-missing", endpoint_group_admits_nobody, RULE),
    _mend("sg-reference-across-vpcs", group_of_another_vpc, RULE),
    _mend("target-sg-ingress-missing", target_admits_nobody, RULE),
    _mend("sg-egress-denied", egress_to_another_subnet, RULE),
    _mend("nacl-return-ephemeral-v4", replies_are_denied, ENTRY),
    _mend("nacl-nat-subnet", acl_of_the_nat_gateways_subnet, ENTRY),
    _mend("nacl-no-ipv6", acl_without_ipv6, ENTRY * 2, "ipv6"),
    _mend("nacl-blocks-gateway-prefixes", acl_for_the_vpc_only, ENTRY * 2),
    _mend("nacl-request-denied", request_is_denied_there, ENTRY),
    _mend("nacl-reply-denied", reply_is_denied_there, ENTRY),
)

NARROW: dict[str, list[tuple[str, str]]] = {
    "sg-egress-missing-v4": [("443", "0.0.0.0/0")],
    "sg-egress-missing-v6": [("443", "::/0")],
    "sg-egress-endpoint-only": [("443", "0.0.0.0/0")],
    "sg-reference-across-vpcs": [("5432", "10.7.1.0/24")],
    "nacl-return-ephemeral-v4": [("1024-65535", "0.0.0.0/0")],
    "nacl-nat-subnet": [("1024-65535", "0.0.0.0/0")],
    "nacl-no-ipv6": [("443", "::/0"), ("1024-65535", "::/0")],
    "nacl-blocks-gateway-prefixes": [("443", "0.0.0.0/0"), ("1024-65535", "0.0.0.0/0")],
    "nacl-request-denied": [("5432", "10.7.1.0/24")],
    "nacl-reply-denied": [("1024-65535", "10.7.1.0/24")],
}
"""By the finding: the ports and blocks that the fix opens, and no more; the rest name a peer."""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fix_of_a_filter_opens_what_it_says(shared_lab: RunningLab, case: Mend) -> None:
    """As narrow as the target is known: the port that was asked, a group or prefix list first."""
    fix = mend(shared_lab, case)

    values = [item["values"] for item in fix["changes"]]
    named = [(item["ports"], item["cidr"]) for item in values if item.get("cidr")]
    assert named == NARROW.get(case.finding, [])
    if not named:
        assert all(item.get("peer_group_id") or item.get("prefix_list_id") for item in values)
