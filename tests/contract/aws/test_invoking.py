"""Lambda's reasons for not making or running a probe, in words a user acts on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.aws import deployer
from netprobe.aws.deployer import AwsProbeRunner
from netprobe.errors import NetprobeError
from netprobe.lab.control.functions import FunctionAnswer
from netprobe.workflows.capabilities import Silence
from tests.contract.aws.account import session_of
from tests.contract.aws.test_deployer import ANSWER, QUESTION, plan_in, remains
from tests.contract.aws.test_fault_matrix import Http
from tests.contract.lab.corrected import Cloud


def refusing(code: str, message: str, *, times: int) -> Any:
    """Return a hook that answers a call with this error, so many times."""
    left = [times]

    def refuse(**_: Any) -> Any:
        if not left[0]:
            return None
        left[0] -= 1
        return Http(400), {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}}

    return refuse


@pytest.fixture
def runner(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> AwsProbeRunner:
    """A runner that does not wait between polls."""
    monkeypatch.setattr(deployer, "POLL_SECONDS", 0.01)
    cloud.answer = FunctionAnswer(payload=ANSWER, error=False, logs="")
    return AwsProbeRunner(session_of(cloud), Silence())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ENILimitReachedException", "quota of network interfaces is used up"),
        ("SubnetIPAddressLimitReachedException", "no free IPv4 address"),
        ("InvalidSubnetIDException", "the subnet is gone"),
        ("InvalidSecurityGroupIDException", "the security group is gone"),
        ("EC2AccessDeniedException", "may not create network interfaces"),
        ("EC2ThrottledException", "EC2 throttled Lambda"),
    ],
)
def test_what_keeps_lambda_from_running_the_probe_is_told(
    cloud: Cloud, runner: AwsProbeRunner, code: str, words: str
) -> None:
    """The subnet, the reason and the next step; what was created is removed."""
    plan = plan_in(cloud)
    events = runner.session.invoking_client(30).meta.events
    events.register_first("before-call.lambda.Invoke", refusing(code, "no", times=9))

    with (
        pytest.raises(NetprobeError, match=words) as raised,
        runner.deployed(plan, keep=False) as deployed,
    ):
        deployed.invoke(plan.functions[0], QUESTION)

    assert plan.functions[0].source.subnet_id in str(raised.value)
    assert remains(cloud) == []


@pytest.mark.parametrize(
    ("refusals", "expected"),
    [(0, ("python3.13", "arm64")), (1, ("python3.13", "x86_64")), (2, ("python3.12", "x86_64"))],
)
def test_runtime_is_one_that_the_region_supports(
    cloud: Cloud, runner: AwsProbeRunner, refusals: int, expected: tuple[str, str]
) -> None:
    """The cheapest first; a region without it gets the next."""
    whole = plan_in(cloud)
    plan = replace(whole, functions=whole.functions[:1])
    events = runner.session.client("lambda").meta.events
    message = "Value arm64 at 'architectures' failed: Architecture is not supported"
    events.register_first(
        "before-call.lambda.CreateFunction",
        refusing("InvalidParameterValueException", message, times=refusals),
    )

    with runner.deployed(plan, keep=False):
        made = cloud.client("lambda").get_function(FunctionName=plan.functions[0].name)[
            "Configuration"
        ]

    assert remains(cloud) == []
    assert (made["Runtime"], made["Architectures"][0]) == expected


def test_runtime_that_no_attempt_finds_is_refused_in_words(
    cloud: Cloud, runner: AwsProbeRunner
) -> None:
    """After the last one the reason of the refusal is what the user gets."""
    events = runner.session.client("lambda").meta.events
    events.register_first(
        "before-call.lambda.CreateFunction",
        refusing("InvalidParameterValueException", "Runtime is not supported", times=99),
    )

    with (
        pytest.raises(NetprobeError, match="Runtime is not supported"),
        runner.deployed(plan_in(cloud), keep=False),
    ):
        pass

    assert remains(cloud) == []
