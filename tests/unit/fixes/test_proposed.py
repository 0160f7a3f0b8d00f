"""What people propose is applied to what was read, and only to that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.errors import NetprobeError
from netprobe.fixes.proposed import ask_instead, propose_all
from netprobe.fixes.reading import read_changes
from netprobe.model import changes as ch
from netprobe.model.addresses import Family
from netprobe.model.flow import TCP
from netprobe.model.report import PathVerdict
from netprobe.model.resources import TargetKind
from netprobe.model.workloads import ApiKind
from tests.builders import network, ports, route, route_table, rule, security_group, snapshot
from tests.unit.diagnosis.cases import API, case_of, changed

ACCOUNT = snapshot(*changed())
NEW_NAT = ch.CreateNatGateway(nat_gateway_id="new-nat", subnet_id="subnet-private")


def to(kind: TargetKind, target_id: str, table: str = "rtb-private") -> ch.SetRoute:
    return ch.SetRoute(
        route_table_id=table, destination=network("0.0.0.0/0"), target=kind, target_id=target_id
    )


def test_id_that_an_earlier_change_makes_is_there() -> None:
    """A gateway and the route to it are one proposal."""
    after = propose_all(ACCOUNT, (NEW_NAT, to(TargetKind.NAT_GATEWAY, "new-nat")))
    table = after.route_table("rtb-private")

    assert after.nat_gateway("new-nat") is not None
    assert table is not None
    assert "new-nat" in {route.target_id for route in table.routes}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (to(TargetKind.NAT_GATEWAY, "new-nat"), "(set-route): target_id names 'new-nat'"),
        (to(TargetKind.NAT_GATEWAY, "igw-1"), "(set-route): target_id names 'igw-1'"),
        (
            to(TargetKind.EGRESS_ONLY_INTERNET_GATEWAY, "igw-1"),
            "(set-route): target_id names 'igw-1'",
        ),
        (to(TargetKind.LOCAL, "local", "rtb-privat"), "did you mean rtb-private?"),
        (
            ch.AllowInGroup(
                group_id="sg-9",
                egress=True,
                protocol=TCP,
                ports=ports("443"),
                cidr=network("::/0"),
            ),
            "(allow-in-security-group): group_id names 'sg-9'",
        ),
        (
            ch.MakeApiDualStack(api_id="nobody", kind=ApiKind.WEBSOCKET),
            "(make-api-dual-stack): api_id names 'nobody'",
        ),
        (
            ch.AllowFunctionIpv6(
                function_name="nobody", subnet_ids=("subnet-private",), group_ids=("sg-1",)
            ),
            "(allow-function-ipv6): function_name names 'nobody'",
        ),
        (
            ch.ExcludeFromBlock(resource_id="subnet-9", mode="allow-egress"),
            "(exclude-from-block-public-access): resource_id names 'subnet-9'",
        ),
        (
            ch.CreateNatGateway(nat_gateway_id="new-nat", subnet_id="subnet-9"),
            "(create-nat-gateway): subnet_id names 'subnet-9'",
        ),
    ],
    ids=lambda item: str(item)[:50],
)
def test_resource_that_was_not_read_is_named(change: ch.Change, line: str) -> None:
    """A typing error must not look like a change without effect."""
    with pytest.raises(NetprobeError) as raised:
        propose_all(ACCOUNT, (change,))

    assert line in str(raised.value)
    assert raised.value.reference == "no-such-resource"


def test_nothing_is_made_twice() -> None:
    """Two fixes pasted into one list may both make new-nat."""
    with pytest.raises(NetprobeError, match=r"^change 2 .* 'new-nat', which is there already"):
        propose_all(ACCOUNT, (NEW_NAT, NEW_NAT))


def test_gateway_that_is_attached_need_not_have_been_read() -> None:
    """AWS does not answer about detached gateways when it is asked about a VPC."""
    change = ch.AttachInternetGateway(gateway_id="igw-9", vpc_id="vpc-1")

    assert propose_all(ACCOUNT, (change,)).internet_gateway("igw-9") is not None


def test_other_name_is_asked_for_only_instead_of_the_one_it_replaces() -> None:
    """The client's setting is about one service."""
    change = ch.UseDualStackName(
        target_id="service:s3", host="s3.example", dual_stack_host="s3.dualstack.example"
    )

    assert ask_instead((change,), "s3.example") == "s3.dualstack.example"
    assert ask_instead((change,), API.host) == API.host


def test_example_of_the_manual_does_what_it_says() -> None:
    """Whoever copies it from docs/ways-out.md gets what is written there."""
    manual = (Path(__file__).parents[3] / "docs" / "ways-out.md").read_text(encoding="utf-8")
    example = manual.partition("```json\n")[2].partition("```")[0]
    changes = read_changes(json.loads(example))
    account = snapshot(
        *changed(
            route_table(routes=(route("0.0.0.0/0", "nat-1"),)),
            security_group(egress=(rule("0.0.0.0/0"),)),
            gone=("eigw-1",),
        )
    )

    def works(assumed: tuple[ch.Change, ...]) -> bool:
        case = case_of(propose_all(account, assumed))
        ipv6 = next(item for item in case.paths if item.key.family is Family.IPV6)
        return ipv6.verdict is PathVerdict.WORKS

    assert works(changes)
    assert not works(changes[:-1])
    assert not works(())
