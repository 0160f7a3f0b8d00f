"""An account with a VPC that has one of everything a check reads."""

from __future__ import annotations

import pytest

from netprobe.aws import deployer
from tests.contract.aws.account import furnish
from tests.contract.lab.corrected import Cloud


@pytest.fixture
def furnished(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """A VPC with one of everything, in which nobody waits a second for a poll."""
    monkeypatch.setattr(deployer, "POLL_SECONDS", 0.01)
    furnish(cloud)
    api_id = cloud.client("apigatewayv2").get_apis()["Items"][0]["ApiId"]
    cloud.client("apigatewayv2").update_api(ApiId=api_id, IpAddressType="dualstack")
    function = cloud.client("lambda")
    config = function.get_function_configuration(FunctionName="fn")["VpcConfig"]
    function.update_function_configuration(
        FunctionName="fn",
        VpcConfig={
            "SubnetIds": config["SubnetIds"],
            "SecurityGroupIds": config["SecurityGroupIds"],
            "Ipv6AllowedForDualStack": True,
        },
    )
    return cloud
