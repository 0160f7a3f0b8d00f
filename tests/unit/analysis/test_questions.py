"""What a question knows of itself."""

from __future__ import annotations

import pytest

from netprobe.analysis.questions import depth, within
from netprobe.model.addresses import Family
from tests.builders import gap, vpc
from tests.name_builders import question

WITHIN = {
    ("www.example.com", "example.com"): True,
    ("example.com", "example.com"): True,
    ("notexample.com", "example.com"): False,
    ("example.com", "www.example.com"): False,
    ("example.com", ""): True,
}


@pytest.mark.parametrize("pair", WITHIN)
def test_a_host_is_in_a_domain_by_whole_labels(pair: tuple[str, str]) -> None:
    assert within(*pair) is WITHIN[pair]


@pytest.mark.parametrize(("domain", "labels"), [("", 0), ("com", 1), ("a.example.com", 3)])
def test_the_depth_of_a_domain_is_its_number_of_labels(domain: str, labels: int) -> None:
    assert depth(domain) == labels


def test_the_record_asked_for_is_that_of_the_family() -> None:
    assert question("a.example").record == "A"
    assert question("a.example", Family.IPV6).record == "AAAA"


def test_a_question_that_follows_records_remembers_what_was_asked() -> None:
    further = question("a.example").follow("b.example").follow("c.example")
    assert (further.name, further.host) == ("a.example", "c.example")
    assert further.blank.chain == ("b.example", "c.example")
    assert further.blank.canonical == "c.example"


def test_the_region_is_the_vpcs_own_where_it_has_one() -> None:
    assert question("a.example").region == "us-east-1"
    assert question("a.example", Family.IPV4, vpc(region="eu-west-1")).region == "eu-west-1"


def test_only_calls_that_failed_are_gaps() -> None:
    asked = question("a.example", Family.IPV4, gap("ec2:DescribeVpcs"))
    assert asked.gaps("ec2:DescribeVpcs", "ec2:DescribeSubnets") == ("ec2:DescribeVpcs",)
