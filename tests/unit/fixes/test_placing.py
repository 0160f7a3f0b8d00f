"""A function leaves the subnets that lead nowhere, where all it needs works from the others."""

from __future__ import annotations

from typing import Any

from netprobe.fixes.aws_cli import write_aws_cli
from netprobe.fixes.cloudformation import write_cloudformation
from netprobe.fixes.terraform import write_terraform
from netprobe.fixes.ways_out import WaysOut, find_ways_out
from netprobe.model import changes as ch
from netprobe.model.fix import Fix
from netprobe.model.observation import Outcome
from tests.builders import (
    REGION,
    entry,
    function,
    interface,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
)
from tests.unit.diagnosis.cases import Seen, address_target, case_of, changed, seen, target_of

TWO = ("subnet-private", "subnet-second")
SECOND: tuple[Any, ...] = (
    subnet("subnet-second", "10.0.7.0/24", None, availability_zone=f"{REGION}b"),
    network_acl("acl-second", subnets=("subnet-second",)),
    route_table("rtb-second", (route("0.0.0.0/0", "igw-1"),), ("subnet-second",)),
    function(subnet_ids=TWO, ipv6_allowed=False),
)
"""A public subnet, which leads a function nowhere."""
API = target_of()
ELSEWHERE = address_target("198.51.100.77")
MIXED: Seen = {
    ("subnet-private", API.id, "ipv4"): seen(Outcome.REACHABLE),
    ("subnet-second", API.id, "ipv4"): seen(Outcome.TIMEOUT),
}


def ways(*items: Any, observations: Seen = MIXED, **asked: Any) -> WaysOut:
    sources = [source(item, ipv6_allowed=False) for item in TWO]
    account = snapshot(*changed(*SECOND, *items))
    asked.setdefault("client", "ipv4-only")
    return find_ways_out(case_of(account, sources=sources, observations=observations, **asked))


def leaving(out: WaysOut) -> list[Fix]:
    return [i for i in out.fixes if any(isinstance(c, ch.LeaveSubnets) for c in i.changes)]


def test_function_leaves_a_public_subnet_before_that_is_made_a_private_one() -> None:
    out = ways()

    assert [str(item) for item in out.fixes[0].changes] == [
        "take subnet-second out of the function notify"
    ]
    assert out.fixes[0].proved
    assert any(isinstance(i, ch.UseRouteTable) for fix in out.fixes[1:] for i in fix.changes)


def test_zone_that_is_lost_is_said_and_comes_after_what_costs_none() -> None:
    """The table of a private subnet takes nothing from anybody."""
    private = route_table("rtb-second", (), ("subnet-second",))
    out = ways(private)

    assert isinstance(out.fixes[0].changes[0], ch.UseRouteTable)
    (fix,) = leaving(out)
    assert any("alone afterwards" in item for item in fix.also_touches)


def test_function_stays_where_the_other_subnets_lack_something_too() -> None:
    observations: Seen = MIXED | {
        ("subnet-private", ELSEWHERE.id, "ipv4"): seen(Outcome.TIMEOUT),
        ("subnet-second", ELSEWHERE.id, "ipv4"): seen(Outcome.TIMEOUT),
    }

    assert leaving(ways(targets=[API, ELSEWHERE], observations=observations)) == []


def test_function_stays_where_no_subnet_works() -> None:
    observations: Seen = {(name, API.id, "ipv4"): seen(Outcome.TIMEOUT) for name in TWO}

    assert leaving(ways(observations=observations)) == []


def test_whole_configuration_is_written_again_with_its_flag() -> None:
    change = ch.LeaveSubnets(
        function_name="notify",
        leaves=("subnet-second",),
        subnet_ids=("subnet-private",),
        group_ids=("sg-1", "sg-2"),
        ipv6_allowed=True,
    )

    assert write_aws_cli([change], REGION) == (
        (
            "aws lambda update-function-configuration --region us-east-1 --function-name notify "
            "--vpc-config SubnetIds=subnet-private,SecurityGroupIds=sg-1,sg-2,"
            "Ipv6AllowedForDualStack=true"
        ),
        "aws lambda wait function-updated --region us-east-1 --function-name notify",
    )
    assert 'subnet_ids = ["subnet-private"]' in write_terraform([change])
    assert 'SubnetIds = ["subnet-private"]' in write_cloudformation([change])


def test_function_stays_where_one_of_its_subnets_was_not_looked_at() -> None:
    """It may lead nowhere as well."""
    third = function(subnet_ids=(*TWO, "subnet-third"), ipv6_allowed=False)

    assert leaving(ways(third)) == []


def test_function_stays_where_another_one_runs_in_the_same_subnets() -> None:
    """Its class stands for both, and one of them would fail on."""
    assert leaving(ways(function("second", subnet_ids=TWO, ipv6_allowed=False))) == []


def test_each_target_keeps_the_repair_of_its_own() -> None:
    """Leaving the subnet opens both, and is not all that can be done for the second."""
    inner = address_target("10.0.1.60", id="db", port=5432)
    closed = network_acl(
        "acl-second",
        subnets=("subnet-second",),
        entries=(
            entry(100, "allow", "0.0.0.0/0", egress=True, port="80"),
            entry(100, "allow", "0.0.0.0/0", egress=False),
        ),
    )
    private = route_table("rtb-second", (route("0.0.0.0/0", "nat-1"),), ("subnet-second",))
    observations: Seen = MIXED | {
        ("subnet-private", inner.id, "ipv4"): seen(Outcome.REACHABLE),
        ("subnet-second", inner.id, "ipv4"): seen(Outcome.TIMEOUT),
    }
    database = (
        interface("eni-db", "10.0.1.60", group_ids=("sg-db",)),
        security_group("sg-db", ingress=(rule("10.0.0.0/16"),)),
    )
    out = ways(closed, private, *database, targets=[API, inner], observations=observations)
    opened = [
        {key.target for key in fix.opens}
        for fix in out.fixes
        if all(isinstance(item, ch.AllowInAcl) for item in fix.changes)
    ]

    assert {API.id} in opened
    assert {inner.id} in opened
    assert len(leaving(out)) == 1
