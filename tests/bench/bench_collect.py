"""How many API calls it takes to read an account.

Run alone: ``python -m tests.bench.bench_collect``. The accounts answer from tables behind real
clients, so every request is built and counted; the tests of ``aws/describe.py`` hold the numbers.
"""

from __future__ import annotations

import time

from netprobe.aws.describe import read_region, read_vpc
from netprobe.workflows.asked import asked_about
from netprobe.workflows.capabilities import Asked
from tests.bench.figures import show
from tests.canned import CannedAccount
from tests.canned_vpcs import BEHIND, PEER, VPC, account_of, joined_account, policies

WANTED = "<= 30"


def count(
    name: str, account: CannedAccount, *, wanted: str = "", asked: Asked | None = None
) -> None:
    """Read the account's VPC as a check does and show how many calls it took."""
    session = account.session()
    started = time.perf_counter()
    read_vpc(session, VPC, asked or asked_about([], probing=False))
    seconds = time.perf_counter() - started
    show(name, f"{len(account.calls)} calls, {seconds:.2f} s beside AWS", wanted)


def peered() -> CannedAccount:
    """Return two VPCs with a peering between them."""
    account = account_of(VPC, PEER)
    account.answers["ec2:DescribeVpcPeeringConnections"] = joined_account().answers[
        "ec2:DescribeVpcPeeringConnections"
    ][:1]
    account.answers["ec2:DescribeRouteTables"][0]["Routes"].append(
        {"DestinationCidrBlock": "10.2.0.0/16", "VpcPeeringConnectionId": "pcx-1"}
    )
    return account


def with_functions(kinds: int) -> CannedAccount:
    """Return a VPC with two functions of each of so many kinds."""
    account = account_of(VPC)
    account.answers |= policies()
    (function,) = account.answers["lambda:ListFunctions"]
    network = function["VpcConfig"]
    account.answers["lambda:ListFunctions"] = [
        function
        | {"FunctionName": f"fn-{number}"}
        | {"VpcConfig": network | {"SubnetIds": [f"subnet-{number % kinds}"]}}
        for number in range(2 * kinds)
    ]
    return account


def pushing() -> CannedAccount:
    """Return a VPC with a function, and a WebSocket API it pushes to."""
    account = with_functions(1)
    account.answers["apigatewayv2:GetApis"] = [{"ApiId": "ws1", "ProtocolType": "WEBSOCKET"}]
    return account


def main() -> None:
    """Print the figures."""
    count("one VPC", account_of(VPC), wanted=WANTED)
    count("one VPC with six functions of three kinds", with_functions(3), wanted=WANTED)
    asked = asked_about(["api:ws1/prod"], probing=True, function="fn-0")
    count("one function that pushes to a WebSocket API", pushing(), wanted=WANTED, asked=asked)
    count("one VPC of three, joined to none", account_of(VPC, PEER, BEHIND), wanted=WANTED)
    count("a VPC and its peer", peered(), wanted=WANTED)
    count("everything there is, three VPCs", joined_account())
    region = joined_account()
    read_region(region.session())
    show("the same as a whole region of four VPCs", f"{len(region.calls)} calls")


if __name__ == "__main__":
    main()
