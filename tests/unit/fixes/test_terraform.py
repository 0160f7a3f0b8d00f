"""Terraform that parses, says what it makes, and refers to it."""

from __future__ import annotations

import hcl2
import pytest

from netprobe.fixes.terraform import write_terraform
from netprobe.model import changes as ch
from tests.unit.fixes.every_change import EVERY_CHANGE


@pytest.mark.parametrize("change", EVERY_CHANGE, ids=str)
def test_every_change_parses(change: ch.Change) -> None:
    """A resource, or a comment that says which argument of which resource to change."""
    text = write_terraform([change])
    resources = hcl2.loads(text).get("resource", [])

    assert resources or text.startswith("# ")


def test_new_resources_refer_to_each_other_by_name() -> None:
    text = write_terraform([EVERY_CHANGE[2], EVERY_CHANGE[4], EVERY_CHANGE[5]])

    assert "nat_gateway_id         = aws_nat_gateway.nat.id" in text
    assert "subnet_id     = aws_subnet.subnet.id" in text
    assert 'resource "aws_egress_only_internet_gateway" "eigw"' in text


def test_subnet_of_a_new_block_is_cut_from_it() -> None:
    text = write_terraform([EVERY_CHANGE[16]])

    assert "cidrsubnet(aws_vpc_ipv6_cidr_block_association.ipv6.ipv6_cidr_block, 8, 3)" in text


def test_names_from_the_account_are_no_expressions() -> None:
    evil = ch.AssociateVpcIpv6(vpc_id='${file("/etc/passwd")}"', cidr=EVERY_CHANGE[15].cidr)  # type: ignore[union-attr]

    assert r'"$${file(\"/etc/passwd\")}\""' in write_terraform([evil])


def test_unknown_change_is_refused() -> None:
    with pytest.raises(TypeError, match="no Terraform for 'nothing'"):
        write_terraform(["nothing"])  # type: ignore[list-item]
