"""Ways out as CloudFormation: what the lab can make a stack of is made one, and packets pass.

The lab's CloudFormation knows NAT gateways, routes and endpoints; templates with other types only
parse, and what only a stack that exists can change is a comment.
"""

from __future__ import annotations

import pytest

from tests.conftest import RunningLab
from tests.lab import test_ways_out_of_endpoints, test_ways_out_of_routing
from tests.lab.ground import Ground
from tests.lab.mending import ONE_LAB, Mend, offered_by, passed

pytestmark = [pytest.mark.lab, ONE_LAB]

AS_STACKS = frozenset(
    {
        ("gateway-endpoint-absent", "gateway-endpoint"),
        ("route-v4-no-default-route", "nat-gateway"),
    }
)
CASES = [
    case
    for case in (*test_ways_out_of_endpoints.CASES, *test_ways_out_of_routing.CASES)
    if (case.finding, case.way) in AS_STACKS
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_stack_of_a_way_out_opens_what_it_says(shared_lab: RunningLab, case: Mend) -> None:
    ground = Ground(shared_lab)
    asked = case.broken(ground)
    before = asked.report(shared_lab)
    fix = offered_by(before, case)
    template = fix["commands"]["cloudformation"]
    assert not template.startswith("#"), template
    assert passed(before, fix, case) == {False}

    stacks = shared_lab.client("cloudformation")
    stacks.create_stack(StackName=f"way-out-{ground.number}-{case.way}", TemplateBody=template)

    assert passed(asked.report(shared_lab), fix, case) == {True}
