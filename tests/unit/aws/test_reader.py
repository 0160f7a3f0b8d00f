"""Making calls: pages, several requests, refusals, throttling."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from netprobe.aws import operations
from netprobe.aws.calls import Call, of_ids, of_subjects, of_vpcs
from netprobe.aws.reader import Reader
from netprobe.errors import NetprobeError
from netprobe.model.snapshot import Gap
from tests.canned import CannedAccount

DENIED = ClientError({"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}, "DescribeX")


def refused(code: str, operation: str = "DescribeX") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


def reader_of(answers: dict[str, Any]) -> tuple[Reader, CannedAccount]:
    account = CannedAccount(answers)
    return Reader(account.session()), account


def test_answer_is_kept_as_it_came() -> None:
    """Under its call's name, with keys nobody knows."""
    reader, _ = reader_of({"ec2:DescribeSubnets": [{"SubnetId": "subnet-1", "New": 1}]})
    reader.read(Call(operations.SUBNETS))

    assert reader.answers == {"DescribeSubnets": {"Subnets": [{"SubnetId": "subnet-1", "New": 1}]}}
    assert reader.gaps == []


def test_answer_that_is_one_thing_is_kept_whole() -> None:
    """Block Public Access is one object, not a list."""
    options = {"InternetGatewayBlockMode": "off"}
    reader, _ = reader_of(
        {"ec2:DescribeVpcBlockPublicAccessOptions": {"VpcBlockPublicAccessOptions": options}}
    )
    reader.read(Call(operations.BLOCK_PUBLIC_ACCESS))

    assert reader.answers == {
        "DescribeVpcBlockPublicAccessOptions": {"VpcBlockPublicAccessOptions": options}
    }


def test_later_answers_are_added_to_earlier_ones() -> None:
    """Neighbours' tables are read after one's own."""
    tables = [{"RouteTableId": f"rtb-{n}", "VpcId": f"vpc-{n}"} for n in (1, 2)]
    reader, _ = reader_of({"ec2:DescribeRouteTables": tables})
    reader.read(of_vpcs(operations.ROUTE_TABLES, ["vpc-1"]))
    reader.read(of_vpcs(operations.ROUTE_TABLES, ["vpc-2"]))

    assert reader.items(operations.ROUTE_TABLES) == tables


def test_every_page_is_read() -> None:
    """Also of calls the SDK has no paginator for."""
    for operation in (operations.SUBNETS, operations.BLOCK_PUBLIC_ACCESS_EXCLUSIONS):
        reader, account = reader_of({})
        key = operation.key
        pages = iter([{key: [{"n": 1}], "NextToken": "more"}, {key: [{"n": 2}]}])
        account.answers[operation.call] = lambda pages=pages: next(pages)
        reader.read(Call(operation))

        assert reader.items(operation) == [{"n": 1}, {"n": 2}]
        assert account.requests[1][1]["NextToken"] == "more"


def test_subjects_keep_their_ids() -> None:
    """The answer does not name its subject, so the request's id goes into it."""
    reader, _ = reader_of({"ec2:SearchTransitGatewayRoutes": [{"Type": "static"}]})
    filters = [{"Name": "state", "Values": ["active"]}]
    reader.read_each(of_subjects(operations.TRANSIT_ROUTES, ["tgw-rtb-1"], Filters=filters))

    assert reader.answers["SearchTransitGatewayRoutes"] == [
        {"TransitGatewayRouteTableId": "tgw-rtb-1", "Routes": [{"Type": "static"}]}
    ]


def test_refused_subject_costs_only_itself() -> None:
    """One zone of another account hides no zone of one's own."""
    reader, account = reader_of({})

    def answer() -> Any:
        asked = account.requests[-1][1]["HostedZoneId"]
        return DENIED if asked == "Z1" else {"ResourceRecordSets": [{"Name": "a."}]}

    account.answers["route53:ListResourceRecordSets"] = answer
    reader.read_each(of_subjects(operations.RECORDS, ["Z1"]))
    reader.read_each(of_subjects(operations.RECORDS, ["Z2"]))

    kept = [item["HostedZoneId"] for item in reader.answers["ListResourceRecordSets"]]
    assert kept == ["Z2"]
    assert [gap.call for gap in reader.gaps] == ["route53:ListResourceRecordSets"]


FAILURES = [
    refused("UnauthorizedOperation"),
    refused("InternalFailure"),
    refused("404"),
    refused("501"),
    refused("InvalidAction"),
    ResponseParserError("an answer that is no XML"),
]


@pytest.mark.parametrize("error", FAILURES, ids=str)
def test_failed_call_is_a_gap(error: Exception) -> None:
    """It names the IAM action and what cannot be said; there is no answer, not an empty one."""
    reader, _ = reader_of({"ec2:DescribeNatGateways": error})
    reader.read(Call(operations.NAT_GATEWAYS), Call(operations.SUBNETS))

    assert "DescribeNatGateways" not in reader.answers
    assert "DescribeSubnets" in reader.answers
    (gap,) = reader.gaps
    assert gap == Gap(
        call="ec2:DescribeNatGateways",
        error=gap.error,
        iam_action="ec2:DescribeNatGateways",
        needed_for="NAT gateways",
    )
    assert gap.error


def test_expired_credentials_end_the_reading() -> None:
    """No other call can succeed either."""
    reader, _ = reader_of({"ec2:DescribeSubnets": refused("ExpiredToken")})

    with pytest.raises(NetprobeError, match="expired"):
        reader.read(Call(operations.SUBNETS))


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://route53.amazonaws.com"),
        refused("UnrecognizedClientException"),
    ],
    ids=["unreachable", "unrecognized"],
)
def test_service_that_is_not_there_is_a_gap(error: Exception) -> None:
    """A partition or a private network may lack a service that a check can do without."""
    reader, _ = reader_of({"route53:ListHostedZonesByVPC": error})
    reader.read_each(of_subjects(operations.HOSTED_ZONES, ["vpc-1"], VPCRegion="us-east-1"))

    assert [gap.call for gap in reader.gaps] == ["route53:ListHostedZonesByVPC"]
    assert reader.answers["ListHostedZonesByVPC"] == []


def test_routes_beyond_one_answer_are_a_gap() -> None:
    """SearchTransitGatewayRoutes may hold back; part of a table is no table."""
    answer = {"Routes": [{"Type": "static"}], "AdditionalRoutesAvailable": True}
    reader, _ = reader_of({"ec2:SearchTransitGatewayRoutes": answer})
    reader.read_each(of_subjects(operations.TRANSIT_ROUTES, ["tgw-rtb-1"], Filters=[]))

    assert reader.answers["SearchTransitGatewayRoutes"] == []
    assert [gap.call for gap in reader.gaps] == ["ec2:SearchTransitGatewayRoutes"]


def test_nothing_to_ask_for_is_an_empty_answer() -> None:
    """Unless the call was made and failed."""
    reader, _ = reader_of({"ec2:DescribeVpnGateways": DENIED})
    reader.read(Call(operations.VPN_GATEWAYS))
    reader.read(of_ids(operations.PEERINGS, "vpc-peering-connection-id", []))
    reader.none_of(operations.VPN_GATEWAYS, operations.PEERINGS, operations.TRANSIT_ROUTES)

    assert reader.answers == {
        "DescribeVpcPeeringConnections": {"VpcPeeringConnections": []},
        "SearchTransitGatewayRoutes": [],
    }


def test_throttled_call_waits_and_succeeds() -> None:
    """Two refusals for pace are no gap."""
    account = CannedAccount()
    session = account.session()
    client = session.reading_client("route53resolver")
    throttle = {"__type": "ThrottlingException", "message": "Rate exceeded"}
    answers = [(400, throttle), (400, throttle), (200, {"ResolverRules": [{"Id": "r"}]})]

    def send(request: Any, **_: Any) -> AWSResponse:
        status, body = answers.pop(0)
        return AWSResponse(request.url, status, {}, Raw(json.dumps(body).encode()))

    client.meta.events.unregister("before-call", account.answer)
    client.meta.events.register("before-send", send)
    reader = Reader(session)
    reader.read(Call(operations.RESOLVER_RULES))

    assert answers == []
    assert reader.gaps == []
    assert reader.items(operations.RESOLVER_RULES) == [{"Id": "r"}]


class Raw:
    """The body of an answer, as urllib3 hands it out."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self, *_arguments: Any, **_named: Any) -> Any:
        yield self.body


def test_interfaces_that_aws_manages_are_asked_for() -> None:
    """Accounts may hide them, Lambda's among them."""
    reader, account = reader_of({})
    reader.read(Call(operations.NETWORK_INTERFACES))

    assert account.requests[0][1]["IncludeManagedResources"] is True
