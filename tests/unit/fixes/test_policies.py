"""Policies admit the call that was refused, and nothing else; what was meant is left alone."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from netprobe.fixes.aws_cli import write_aws_cli
from netprobe.fixes.ways_out import find_ways_out
from netprobe.model import changes as ch
from netprobe.model.fix import Fix, Way
from netprobe.model.policies import BucketPolicy
from netprobe.model.report import TargetKind
from netprobe.model.workloads import ApiKind
from tests.builders import (
    REGION,
    api,
    gateway_endpoint,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
)
from tests.unit.diagnosis.cases import address_target, case_of, changed, service_target, target_of
from tests.unit.diagnosis.isolated import CLOSED, OPEN, host_target, serving

ALL = "arn:aws:execute-api:us-east-1:123456789012:rest123/*"
NAT_GATEWAY, ENDPOINT = "203.0.113.5/32", "vpce-1"
ACCOUNT: dict[str, Any] = {"account": "123456789012"}


def allow(**condition: Any) -> dict[str, Any]:
    made = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": ALL}
    return made | ({"Condition": condition} if condition else {})


def deny(**condition: Any) -> dict[str, Any]:
    return allow(**condition) | {"Effect": "Deny"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def rest(policy: str | None, **fields: Any) -> Any:
    made = {"endpoint_type": "REGIONAL", "stages": ("prod",), "policy": policy} | fields
    return api("rest123", ApiKind.REST, **made)


def fixes(*resources: Any, target: Any = None, **asked: Any) -> tuple[Fix, ...]:
    held = next((item for item in resources if getattr(item, "api_id", None) == "rest123"), None)
    asked.setdefault("sources", (source(ipv6_allowed=False),))
    targets = (target or target_of(held),)
    return find_ways_out(case_of(snapshot(*resources, **ACCOUNT), targets, **asked)).fixes


def only_change(found: tuple[Fix, ...]) -> ch.Change:
    assert [len(fix.changes) for fix in found] == [1]
    return found[0].changes[0]


def statements(change: ch.Change) -> list[dict[str, Any]]:
    assert isinstance(change, ch.SetApiPolicy | ch.SetEndpointPolicy | ch.SetBucketPolicy)
    found: list[dict[str, Any]] = json.loads(change.policy)["Statement"]
    return found


LISTED = {
    "an allow-list gets one more": (
        [allow(IpAddress={"aws:SourceIp": ["192.0.2.0/24"]})],
        [allow(IpAddress={"aws:SourceIp": ["192.0.2.0/24", NAT_GATEWAY]})],
    ),
    "one address alone becomes a list, whatever the key's case": (
        [allow(IpAddress={"AWS:sourceip": "192.0.2.7"})],
        [allow(IpAddress={"AWS:sourceip": ["192.0.2.7", NAT_GATEWAY]})],
    ),
    "who is denied for coming from elsewhere no longer is": (
        [allow(), deny(NotIpAddress={"aws:SourceIp": ["192.0.2.0/24"]})],
        [allow(), deny(NotIpAddress={"aws:SourceIp": ["192.0.2.0/24", NAT_GATEWAY]})],
    ),
    "nothing that allows the call: a statement about it alone": (
        [allow() | {"Resource": ALL.replace("rest123", "other")}],
        [
            allow() | {"Resource": ALL.replace("rest123", "other")},
            allow(IpAddress={"aws:SourceIp": [NAT_GATEWAY]})
            | {"Resource": ALL.replace("/*", "/prod/*")},
        ],
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_policy_admits_the_nat_gateway(name: str) -> None:
    before, after = LISTED[name]
    change = only_change(fixes(*OPEN, rest(document(*before))))

    assert statements(change) == after
    assert str(change) == (
        f"admit {NAT_GATEWAY} in the resource policy of rest123 and deploy it again"
    )


def test_private_api_without_a_policy_gets_one_for_the_endpoint() -> None:
    private = rest(None, endpoint_type="PRIVATE")
    change = only_change(fixes(*CLOSED, private, *serving("execute-api")))

    assert [item["Condition"] for item in statements(change)] == [
        {"StringEquals": {"aws:SourceVpce": [ENDPOINT]}}
    ]


def test_endpoint_lets_one_more_api_through() -> None:
    other = allow() | {"Resource": ALL.replace("rest123", "other")}
    private = rest(document(allow()), endpoint_type="PRIVATE")
    held = serving("execute-api", policy=document(other))
    change = only_change(fixes(*CLOSED, private, *held))

    assert statements(change) == [other, allow() | {"Resource": ALL.replace("/*", "/prod/*")}]


S3_POLICY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::mine", "arn:aws:s3:::mine/*"],
    "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
}
BY_GATEWAY_ENDPOINT = (
    *OPEN,
    gateway_endpoint(route_table_ids=("rtb-private",)),
    prefix_list(name="com.amazonaws.us-east-1.s3"),
    route_table(routes=(route("pl-s3", "vpce-s3"),)),
)
MY_BUCKET = host_target("mine.s3.us-east-1.amazonaws.com", kind=TargetKind.HTTPS)


def test_bucket_that_denies_by_address_spares_the_endpoint_too() -> None:
    """Behind a gateway endpoint no request has a public address."""
    held = BucketPolicy(bucket="mine", policy=document(S3_POLICY))
    change = only_change(fixes(*BY_GATEWAY_ENDPOINT, held, target=MY_BUCKET))

    assert statements(change)[0]["Condition"] == {
        "NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"},
        "StringNotEquals": {"aws:SourceVpce": ["vpce-s3"]},
    }
    assert len(statements(change)) == 1


OFFICE = {"aws:SourceIp": ["192.0.2.0/24"]}
LEFT_ALONE = {
    "a list for one role": [
        allow(IpAddress=OFFICE) | {"Principal": {"AWS": "arn:aws:iam::123456789012:role/partner"}}
    ],
    "a list for one organisation": [
        allow(IpAddress=OFFICE, StringEquals={"aws:PrincipalOrgID": "o-1"})
    ],
    "a list for one method": [
        allow(IpAddress=OFFICE) | {"Resource": ALL.replace("/*", "/prod/GET/public")}
    ],
    "a list of endpoints": [allow(StringEquals={"aws:SourceVpce": "vpce-other"})],
    "a perimeter of endpoints": [allow(), deny(StringNotEquals={"aws:SourceVpce": "vpce-other"})],
    "a deny that is not decided": [
        allow(IpAddress=OFFICE),
        deny(StringNotEquals={"aws:PrincipalOrgID": "o-1"}),
    ],
    "a condition that is none": [allow(), deny() | {"Condition": ["x"]}],
    "a deny of everybody": [allow(), deny()],
    "a deny for another reason": [allow(), deny(Bool={"aws:SecureTransport": "true"})],
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_was_meant_is_left_alone(name: str) -> None:
    assert fixes(*OPEN, rest(document(*LEFT_ALONE[name]))) == ()


def test_address_that_is_not_known_yet_is_said_and_not_made_up() -> None:
    """A new NAT gateway gets its address when it is made."""
    dead = route_table(routes=(route("0.0.0.0/0", "nat-9", state="blackhole"),))
    listed = rest(document(allow(IpAddress={"aws:SourceIp": ["192.0.2.0/24"]})))
    found = fixes(*changed(dead, gone=("nat-1",)), listed, client="ipv4-only")
    new = next(fix for fix in found if "new NAT gateway" in fix.title)

    assert not [item for item in new.changes if isinstance(item, ch.SetApiPolicy)]
    assert "rest123 has to admit the new address as well, once it is known" in new.also_touches


def test_refusal_that_stays_is_said_beside_the_way() -> None:
    """The network is opened, and the answer will still be 403."""
    dead = route_table(routes=())
    found = fixes(*changed(dead), rest(document(allow(), deny())), client="ipv4-only")

    assert found
    for fix in found:
        assert "rest123 still refuses then: its policy denies this call explicitly" in (
            fix.also_touches
        )


@pytest.mark.parametrize("odd", [["aws:SourceIp"], None, "x"])
def test_condition_that_iam_would_not_take_is_no_traceback(odd: object) -> None:
    other = allow() | {"Resource": ALL.replace("rest123", "other")}
    change = only_change(fixes(*OPEN, rest(document(other | {"Condition": {"IpAddress": odd}}))))

    assert isinstance(change, ch.SetApiPolicy)


def test_endpoint_that_is_not_made_yet_is_in_no_policy() -> None:
    """Its id is AWS's to give."""
    found = fixes(*CLOSED, rest(None, endpoint_type="PRIVATE"))

    assert [fix.way for fix in found] == [Way.INTERFACE_ENDPOINT]
    assert "new-" not in "".join(getattr(item, "policy", "") for item in found[0].changes)
    assert "rest123 has to admit the new endpoint as well, once it is known" in (
        found[0].also_touches
    )


def test_other_way_out_is_not_said_to_end_a_refusal() -> None:
    """A rule for one target does nothing for the policy of another."""
    listed = rest(document(allow(IpAddress=OFFICE)))
    tight = security_group(egress=(rule("0.0.0.0/0", "443"),))
    asked = (address_target("198.51.100.77", port=8443), target_of(listed))
    case = case_of(snapshot(*OPEN, tight, listed, **ACCOUNT), asked, [source(ipv6_allowed=False)])
    found = find_ways_out(case).fixes

    assert [[key.target for key in fix.opens] for fix in found] == [
        ["198.51.100.77"],
        ["api:rest123"],
    ]
    assert {fix.way for fix in found} == {Way.REPAIR}


def test_only_the_stage_that_is_called_is_deployed() -> None:
    """A deployment publishes whatever was left unpublished, stage by stage."""
    listed = rest(document(allow(IpAddress=OFFICE)), stages=("dev", "prod"))
    change = only_change(fixes(*OPEN, listed))

    assert isinstance(change, ch.SetApiPolicy)
    assert change.stages == ("prod",)


def test_perimeter_of_vpcs_spares_the_endpoint_and_not_the_whole_vpc() -> None:
    barred = S3_POLICY | {"Condition": {"StringNotEquals": {"aws:SourceVpc": ["vpc-other"]}}}
    held = BucketPolicy(bucket="mine", policy=document(barred))
    change = only_change(fixes(*BY_GATEWAY_ENDPOINT, held, target=MY_BUCKET))

    assert statements(change)[0]["Condition"] == {
        "StringNotEquals": {"aws:SourceVpc": ["vpc-other"], "aws:SourceVpce": ["vpce-s3"]}
    }


def test_both_families_are_admitted_by_one_document() -> None:
    """A client that connects over IPv6 first is refused there, whatever IPv4 may do."""
    listed = rest(document(allow(IpAddress=OFFICE)), ip_address_type="dualstack")
    change = only_change(fixes(*changed(), listed, sources=(source(),)))

    assert isinstance(change, ch.SetApiPolicy)
    assert set(change.admits.split(", ")) == {"2001:db8:1:1::/64", NAT_GATEWAY}


def test_subnets_that_a_source_stands_for_are_admitted_with_it() -> None:
    listed = rest(document(allow(IpAddress=OFFICE)), ip_address_type="dualstack")
    start = source(represents=("subnet-private", "subnet-public"))
    change = only_change(fixes(*changed(), listed, sources=(start,), client="ipv6-only"))

    assert isinstance(change, ch.SetApiPolicy)
    assert change.admits == "2001:db8:1:1::/64, 2001:db8:1:9::/64"


def test_without_the_account_or_the_resource_no_statement_is_made_up() -> None:
    listed = rest(document(allow(IpAddress=OFFICE) | {"Resource": "execute-api:/*"}))
    nobody = serving("secretsmanager", policy=document())

    assert find_ways_out(case_of(snapshot(*OPEN, listed), (target_of(listed),))).fixes == ()
    assert fixes(*CLOSED, *nobody, target=service_target("secretsmanager")) == ()


def test_two_callers_are_admitted_by_one_document() -> None:
    """The policy is set once, with both."""
    listed = rest(
        document(allow(IpAddress={"aws:SourceIp": ["192.0.2.0/24"]})), ip_address_type="dualstack"
    )
    starts = (source(), source("subnet-public", id="other"))
    found = fixes(*changed(), listed, sources=starts, client="ipv6-only")
    changes = [item for fix in found for item in fix.changes]

    assert [type(item) for item in changes] == [ch.SetApiPolicy]
    assert statements(changes[0])[0]["Condition"]["IpAddress"]["aws:SourceIp"] == [
        "192.0.2.0/24",
        "2001:db8:1:1::/64",
        "2001:db8:1:9::/64",
    ]


def test_commands_carry_the_document_whole_and_deploy_it() -> None:
    """A policy of API Gateway's counts from the next deployment on."""
    policy = document(allow(StringEquals={"aws:SourceVpce": "it's"}))
    change = ch.SetApiPolicy(api_id="rest123", stages=("prod",), policy=policy, admits="x")
    set_it, deploy = write_aws_cli((change,), REGION)
    patch = json.loads(shlex.split(set_it)[-1])

    assert patch == [{"op": "replace", "path": "/policy", "value": policy}]
    assert shlex.split(deploy)[1:3] == ["apigateway", "create-deployment"]
    assert shlex.split(deploy)[-1] == "prod"
