"""What public DNS answers, and what configuration knows nothing of."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.public_names import answer_publicly
from netprobe.model.addresses import Family
from tests.builders import (
    API_HOST,
    REGION,
    api,
    endpoint,
    interface,
    prefix_list,
)
from tests.name_builders import V4, V6, domain_name, load_balancer, question

S3 = f"s3.{REGION}.amazonaws.com"
NODE = interface("eni-a", "10.0.1.20", description="ELB app/shop/50dc6c495c0c9188")
SIX = prefix_list("pl-six", ("3fff:a:3::/48",))

# host, family, items: exists, addresses, assumed, undecided
ANSWERS: dict[str, tuple[str, Family, tuple[Any, ...], tuple[Any, ...]]] = {
    "an endpoint's own name": (
        f"vpce-1-abc.ssm.{REGION}.vpce.amazonaws.com",
        V4,
        (endpoint(service="ssm"), interface("eni-endpoint", "10.0.1.9")),
        (True, ("10.0.1.9",), False, False),
    ),
    "an API": (API_HOST, V6, (api(),), (False, (), False, False)),
    "an instance": ("ip-10-0-1-5.ec2.internal", V4, (), (True, ("10.0.1.5",), False, False)),
    "a load balancer": (
        load_balancer().dns_name,
        V4,
        (NODE,),
        (True, ("10.0.1.20",), False, False),
    ),
    "a custom domain name": ("api.example.com", V6, (), (None, (), False, True)),
    "S3": (S3, V4, (prefix_list(),), (True, ("198.51.100.129",), True, False)),
    "S3, AAAA": (S3, V6, (prefix_list(),), (None, (), False, False)),
    "S3 by IPv6": (f"s3.dualstack.{S3[3:]}", V6, (SIX,), (True, ("3fff:a:3::1",), True, False)),
    "another service": (
        f"ssm.{REGION}.amazonaws.com",
        V4,
        (prefix_list(),),
        (True, (), False, False),
    ),
    "a database": (f"db.c1x2.{REGION}.rds.amazonaws.com", V4, (), (None, (), False, True)),
    "any other name": ("www.example.com", V4, (), (None, (), False, False)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_public_name_is_answered_by_what_it_names(name: str) -> None:
    host, family, items, expected = ANSWERS[name]
    asked = question(
        host, family, *items, load_balancers=(load_balancer(),), domain_names=(domain_name(),)
    )
    answer = answer_publicly(asked)
    found = tuple(map(str, answer.addresses))
    assert (answer.exists, found, answer.assumed, bool(answer.undecided)) == expected
    assert (answer.origin, answer.unread) == ("public", ())


def test_the_services_of_the_vpcs_own_region_are_meant() -> None:
    answer = answer_publicly(question("s3.eu-west-1.amazonaws.com", V4, prefix_list()))
    assert answer.addresses == ()
