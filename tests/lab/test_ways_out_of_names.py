"""Ways out of what names lead to: each fix is run as it stands, and packets pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground
from tests.lab.joining import listen, peered
from tests.lab.mending import ONE_LAB, WEB, Asked, Mend, mend
from tests.lab.test_name_faults import https_only
from tests.lab.test_names import (
    admit_dns,
    dhcp,
    record,
    resolver_left_as_found,
    rule,
    zone,
)

__all__ = ["resolver_left_as_found"]

pytestmark = [pytest.mark.lab, ONE_LAB]

SSM = f"ssm.{REGION}.amazonaws.com"


def asks(ground: Ground, target: str, *more: str) -> Asked:
    return Asked(function=ground.function(ipv6=False), target=target, more=more)


def endpoint(ground: Ground, service: str, *, private_dns: bool = True) -> str:
    """Return an interface endpoint that admits everybody in its VPC."""
    group = ground.new_group(f"endpoint-{service}")
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ground.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[everything])
    made = ground.ec2.create_vpc_endpoint(
        VpcEndpointType="Interface",
        VpcId=ground.vpc,
        ServiceName=f"com.amazonaws.{REGION}.{service}",
        SubnetIds=[ground.subnet],
        SecurityGroupIds=[group],
        PrivateDnsEnabled=private_dns,
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def api(ground: Ground, kind: str) -> str:
    apis = ground.lab.client("apigatewayv2")
    more = {"RouteSelectionExpression": "$request.body.action"} if kind == "WEBSOCKET" else {}
    made = apis.create_api(Name="orders", ProtocolType=kind, **more)
    stage = "prod" if kind == "WEBSOCKET" else "$default"
    apis.create_stage(ApiId=made["ApiId"], StageName=stage)
    return f"api:{made['ApiId']}"


def rest_api(ground: Ground) -> str:
    """Return a private REST API that lets everybody in."""
    policy = (
        '{"Statement": [{"Effect": "Allow", "Principal": "*", '
        '"Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}'
    )
    rest = ground.lab.client("apigateway")
    made = rest.create_rest_api(
        name="internal", endpointConfiguration={"types": ["PRIVATE"]}, policy=policy
    )["id"]
    root = rest.get_resources(restApiId=made)["items"][0]["id"]
    where = {"restApiId": made, "resourceId": root, "httpMethod": "GET"}
    rest.put_method(**where, authorizationType="NONE")
    rest.put_integration(
        **where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
    )
    rest.create_deployment(restApiId=made, stageName="prod")
    return f"api:{made}"


def closed_to_names(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    subnet, _ = ground.new_subnet(50)
    admit_dns(ground, listen(ground, "10.7.50.10", ground.vpc, subnet))
    dhcp(ground, "10.7.50.10")
    https_only(ground)
    return asks(ground, f"https://{WEB}/")


def captured(kind: str) -> Callable[[Ground], Asked]:
    """Return what makes an API of a kind whose name an endpoint's private DNS has taken."""

    def build(ground: Ground) -> Asked:
        ground.open_both_ways_out()
        endpoint(ground, "execute-api")
        return asks(ground, api(ground, kind))

    return build


def captured_domain(ground: Ground) -> Asked:
    """A CNAME is resolved again inside, where the endpoint answers for what it leads to."""
    ground.open_both_ways_out()
    endpoint(ground, "execute-api")
    name = f"old.v{ground.number}.example.net"
    apis = ground.lab.client("apigatewayv2")
    made = apis.create_domain_name(
        DomainName=name,
        DomainNameConfigurations=[{"EndpointType": "REGIONAL", "IpAddressType": "ipv4"}],
    )["DomainNameConfigurations"][0]
    api_id = api(ground, "HTTP").removeprefix("api:")
    apis.create_api_mapping(ApiId=api_id, DomainName=name, Stage="$default")
    own = zone(ground, f"v{ground.number}.example.net")
    record(ground, own, name, "CNAME", made["ApiGatewayDomainName"])
    return asks(ground, f"https://{name}/")


def servers_know_no_private_names(ground: Ground) -> Asked:
    """Nobody but their owner may send them elsewhere; a way to the public name opens it too."""
    ground.nat_gateway()
    endpoint(ground, "ssm")
    subnet, _ = ground.new_subnet(50)
    admit_dns(ground, listen(ground, "10.7.50.11", ground.vpc, subnet))
    dhcp(ground, "10.7.50.11")
    return asks(ground, f"https://{SSM}/")


def private_dns_is_off(ground: Ground) -> Asked:
    endpoint(ground, "ssm", private_dns=False)
    return asks(ground, f"https://{SSM}/")


def resolver_is_off(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    ground.ec2.modify_vpc_attribute(VpcId=ground.vpc, EnableDnsSupport={"Value": False})
    return asks(ground, f"https://{WEB}/")


def everything_is_forwarded(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    rule(ground, ".", "10.7.50.10")
    return asks(ground, f"https://{SSM}/")


def zone_of_a_hub_that_is_gone(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    hub = Ground(ground.lab, network=8)
    own = zone(hub, SSM)
    record(ground, own, SSM, "A", "10.99.0.70")
    ground.lab.client("route53").associate_vpc_with_hosted_zone(
        HostedZoneId=own, VPC={"VPCRegion": REGION, "VPCId": ground.vpc}
    )
    return asks(ground, f"https://{SSM}/")


def private_api_without_its_name(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    endpoint(ground, "execute-api", private_dns=False)
    return asks(ground, rest_api(ground))


def private_answer_beyond_a_peering(ground: Ground) -> Asked:
    far, peering = peered(ground)
    _, table = ground.new_subnet(3)
    ground.route(table, "10.8.0.0/16", VpcPeeringConnectionId=peering)
    listen(ground, "10.8.1.44", far.vpc, far.subnet, admit="0.0.0.0/0")
    record(ground, zone(ground, "corp.example"), "db.corp.example", "A", "10.8.1.44")
    return asks(ground, "tcp://db.corp.example:5432", "--ipv4-only")


REPAIR = "repair"
CASES = (
    Mend(
        finding="sg-blocks-custom-dns",
        broken=closed_to_names,
        way=REPAIR,
        actions=("allow-in-security-group", "allow-in-security-group"),
        proved=False,
    ),
    Mend(
        finding="apigw-private-dns-hijack-rest-http",
        broken=captured("HTTP"),
        way=REPAIR,
        actions=("set-private-dns",),
        misled=True,
    ),
    Mend(
        finding="apigw-private-dns-hijack-websocket",
        broken=captured("WEBSOCKET"),
        way=REPAIR,
        actions=("set-private-dns",),
        misled=True,
    ),
    Mend(
        finding="apigw-custom-domain-cname-hijack",
        broken=captured_domain,
        way=REPAIR,
        actions=("set-private-dns",),
        misled=True,
    ),
    Mend(
        finding="dhcp-dns-unaware",
        broken=servers_know_no_private_names,
        way=REPAIR,
        actions=("use-amazon-dns",),
    ),
    Mend(
        finding="endpoint-private-dns-disabled",
        broken=private_dns_is_off,
        way="interface-endpoint",
        actions=("set-private-dns",),
    ),
    Mend(
        finding="vpc-dns-support-off",
        broken=resolver_is_off,
        way=REPAIR,
        actions=("enable-dns",),
    ),
    Mend(
        finding="resolver-rule-hijack",
        broken=everything_is_forwarded,
        way=REPAIR,
        actions=("take-name-back",),
    ),
    Mend(
        finding="stale-central-zone-association",
        broken=zone_of_a_hub_that_is_gone,
        way=REPAIR,
        actions=("disassociate-zone",),
    ),
    Mend(
        finding="private-api-name-unresolvable",
        broken=private_api_without_its_name,
        way=REPAIR,
        actions=("set-private-dns",),
    ),
    Mend(
        finding="private-answer-unrouted",
        broken=private_answer_beyond_a_peering,
        way=REPAIR,
        actions=("set-route", "set-route"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fix_of_a_name_opens_what_it_says(shared_lab: RunningLab, case: Mend) -> None:
    """The fault is real and named, the commands run as they stand, and packets get through."""
    mend(shared_lab, case)
