"""Templates that parse, with properties that resources of their types have."""

from __future__ import annotations

import pytest
import yaml

from netprobe.fixes.cloudformation import write_cloudformation
from netprobe.model import changes as ch
from tests.unit.fixes.every_change import EVERY_CHANGE


@pytest.mark.parametrize("change", EVERY_CHANGE, ids=str)
def test_every_change_parses(change: ch.Change) -> None:
    """A resource, or a comment on what a stack cannot change."""
    text = write_cloudformation([change])
    template = yaml.safe_load(text)

    if template is None:
        assert text.startswith("# not in this template: ")
    else:
        assert all(item["Type"].startswith("AWS::") for item in template["Resources"].values())


def test_routes_wait_for_the_attachment_of_a_new_gateway() -> None:
    """Without it the stack fails: "route target is not attached"."""
    template = yaml.safe_load(write_cloudformation(EVERY_CHANGE[0:1] + EVERY_CHANGE[3:6]))
    routes = [i for i in template["Resources"].values() if i["Type"] == "AWS::EC2::Route"]

    assert [item["DependsOn"] for item in routes] == ["InternetGatewayAttachment"] * 2
    assert template["Resources"]["Igw"] == {"Type": "AWS::EC2::InternetGateway"}


def test_names_from_the_account_are_scalars() -> None:
    evil = ch.CreateEgressOnlyGateway(gateway_id="new-eigw", vpc_id="x\nResources: {}")
    template = yaml.safe_load(write_cloudformation([evil]))

    assert template["Resources"]["Eigw"]["Properties"] == {"VpcId": "x\nResources: {}"}


def test_comment_stays_one_line() -> None:
    evil = ch.UseRouteTable(subnet_id="a\nResources:", route_table_id="b", replaces="c")

    assert yaml.safe_load(write_cloudformation([evil])) is None


def test_unknown_change_is_refused() -> None:
    with pytest.raises(TypeError, match="no template for 'nothing'"):
        write_cloudformation(["nothing"])  # type: ignore[list-item]
