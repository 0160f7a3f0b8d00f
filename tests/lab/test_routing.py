"""What a VPC's route tables do to packets: prefix lists, dead ends, middleboxes, edges."""

from __future__ import annotations

import pytest

from tests.lab.account import Account, allow, route
from tests.lab.carrying import ICMP, UDP
from tests.lab.conftest import Carrier

pytestmark = pytest.mark.lab

WEB, WEB_IPV6 = "192.0.2.80", "3fff:c::80"


class Ground:
    """A dual-stack VPC with three subnets, an interface in each, and an internet gateway."""

    def __init__(self) -> None:
        self.account = Account()
        self.vpc = self.account.vpc("10.1.0.0/16", "2001:db8:1::/56")
        self.gateway = self.account.internet_gateway(self.vpc)
        self.subnets, self.tables, self.interfaces = [], [], []
        for number in (1, 2, 3):
            cidrs = (f"10.1.{number}.0/24", f"2001:db8:1:{number}::/64")
            subnet = self.account.subnet(self.vpc, *cidrs)
            self.subnets.append(subnet)
            self.tables.append(self.account.table(self.vpc, of=subnet))
            self.interfaces.append(
                self.account.interface(
                    subnet,
                    f"10.1.{number}.9",
                    f"2001:db8:1:{number}::9",
                    public=f"203.0.113.{number}",
                )
            )

    def lead(self, number: int, *routes: dict[str, object]) -> None:
        """Add routes to a subnet's table."""
        self.account.item("RouteTables", self.tables[number])["Routes"].extend(routes)

    def middlebox(self, *, check: bool = False) -> str:
        """Turn the third subnet's interface into one that passes packets on, or should."""
        self.account.item("NetworkInterfaces", self.interfaces[2])["SourceDestCheck"] = check
        return self.interfaces[2]


def to_web(source: str, address: str = WEB) -> tuple[str, str, str]:
    return source, "internet", address


def test_prefix_list_in_a_route_and_in_a_group(carrier: Carrier) -> None:
    """Every entry of it, in both families."""
    ground = Ground()
    ground.account.answers["GetManagedPrefixListEntries"] = [
        {"PrefixListId": "pl-1", "Entries": [{"Cidr": "192.0.2.0/24"}, {"Cidr": "3fff:c::/32"}]}
    ]
    ground.lead(0, route("pl-1", GatewayId=ground.gateway))
    by_list = {"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-1"}]}
    group = ground.account.group(ground.vpc, egress=(by_list,))
    ground.account.item("NetworkInterfaces", ground.interfaces[0])["Groups"] = [{"GroupId": group}]
    flows = [to_web(ground.interfaces[0], address) for address in (WEB, WEB_IPV6)]
    both = carrier.send(ground.account, *flows)
    ground.account.answers["GetManagedPrefixListEntries"][0]["Entries"].pop()
    one = carrier.send(ground.account, *flows)

    assert (both, one) == (["203.0.113.1", "2001:db8:1:1::9"], ["203.0.113.1", None])


@pytest.mark.parametrize("state", ["blackhole", "filtered"])
def test_dead_route_is_chosen_and_drops(carrier: Carrier, state: str) -> None:
    """No shorter one takes its place."""
    ground = Ground()
    dead = route("192.0.2.0/24", GatewayId=ground.gateway) | {"State": state}
    ground.lead(0, route("0.0.0.0/0", GatewayId=ground.gateway))
    before = carrier.send(ground.account, to_web(ground.interfaces[0]))
    ground.lead(0, dead)

    assert before == ["203.0.113.1"]
    assert carrier.send(ground.account, to_web(ground.interfaces[0])) == [None]


def test_static_beats_prefix_list_beats_propagated(carrier: Carrier) -> None:
    """At equal length: each that is taken away lets the next one have its way."""
    ground = Ground()
    ground.account.answers["GetManagedPrefixListEntries"] = [
        {"PrefixListId": "pl-1", "Entries": [{"Cidr": "192.0.2.0/24"}]}
    ]
    propagated = route("192.0.2.0/24", GatewayId="vgw-1")
    ground.lead(
        0,
        propagated | {"Origin": "EnableVgwRoutePropagation"},
        route("pl-1", GatewayId=ground.gateway),
        route("192.0.2.0/24", GatewayId="vgw-1"),
    )
    routes = ground.account.item("RouteTables", ground.tables[0])["Routes"]
    static = carrier.send(ground.account, to_web(ground.interfaces[0]))
    routes.pop()
    by_list = carrier.send(ground.account, to_web(ground.interfaces[0]))
    routes.pop()
    last = carrier.send(ground.account, to_web(ground.interfaces[0]))

    assert (static, by_list, last) == ([None], ["203.0.113.1"], [None])


def test_propagated_route_never_beats_the_local_one(carrier: Carrier) -> None:
    """Not even a more specific one; a static one does."""
    ground = Ground()
    flow = (ground.interfaces[0], ground.interfaces[1], "10.1.2.9")
    narrow = route("10.1.2.0/24", GatewayId="vgw-1")
    ground.lead(0, narrow | {"Origin": "EnableVgwRoutePropagation"})
    propagated = carrier.send(ground.account, flow)
    ground.lead(0, narrow)

    assert (propagated, carrier.send(ground.account, flow)) == (["10.1.1.9"], [None])


@pytest.mark.parametrize(("check", "outcome"), [(False, "10.1.1.9"), (True, None)])
def test_route_more_specific_than_local_leads_through_a_middlebox(
    carrier: Carrier,
    check: bool,  # noqa: FBT001 # a row of the table
    outcome: str | None,
) -> None:
    """With its source/destination check on, it drops what is not its own."""
    ground = Ground()
    box = ground.middlebox(check=check)
    ground.lead(0, route("10.1.2.0/24", NetworkInterfaceId=box))
    flow = (ground.interfaces[0], ground.interfaces[1], "10.1.2.9")

    assert carrier.send(ground.account, flow) == [outcome]


def test_stopped_instance_passes_nothing_on(carrier: Carrier) -> None:
    """Nor does it answer."""
    ground = Ground()
    box = ground.middlebox()
    ground.lead(0, route("10.1.2.0/24", NetworkInterfaceId=box))
    ground.account.item("NetworkInterfaces", box)["Attachment"] = {"InstanceId": "i-1"}
    instance = {"InstanceId": "i-1", "State": {"Name": "running"}}
    ground.account.answers["Reservations"].append({"Instances": [instance]})
    flows = [
        (ground.interfaces[0], ground.interfaces[1], "10.1.2.9"),
        (ground.interfaces[0], box, "10.1.3.9"),
    ]
    running = carrier.send(ground.account, *flows)
    instance["State"] = {"Name": "stopped"}

    assert running == ["10.1.1.9", "10.1.1.9"]
    assert carrier.send(ground.account, *flows) == [None, None]


def test_middlebox_is_asked_at_its_own_groups_and_acl(carrier: Carrier) -> None:
    """It stands in a subnet as any interface does."""
    ground = Ground()
    ground.lead(0, route("10.1.2.0/24", NetworkInterfaceId=ground.middlebox()))
    flow = (ground.interfaces[0], ground.interfaces[1], "10.1.2.9")
    closed = ground.account.group(ground.vpc, ingress=())
    ground.account.item("NetworkInterfaces", ground.interfaces[2])["Groups"] = [
        {"GroupId": closed}
    ]
    by_group = carrier.send(ground.account, flow)
    ground.account.item("SecurityGroups", closed)["IpPermissions"] = [
        {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.1.1.9/32"}]}
    ]
    through = carrier.send(ground.account, flow)
    ground.account.acl(
        ground.vpc,
        allow(1, "10.1.0.0/16", egress=False, action="deny"),
        of=ground.subnets[2],
    )

    assert (by_group, through) == ([None], ["10.1.1.9"])
    assert carrier.send(ground.account, flow) == [None]


def test_reply_is_new_to_a_middlebox_that_the_request_did_not_pass(carrier: Carrier) -> None:
    """Its groups must let it in; where the request passed too, they keep state."""
    ground = Ground()
    box = ground.middlebox()
    ground.lead(1, route("10.1.1.0/24", NetworkInterfaceId=box))
    by_source = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.1.1.9/32"}]}
    group = ground.account.group(ground.vpc, ingress=(by_source,))
    ground.account.item("NetworkInterfaces", box)["Groups"] = [{"GroupId": group}]
    flow = (ground.interfaces[0], ground.interfaces[1], "10.1.2.9")
    one_way = carrier.send(ground.account, flow)
    ground.lead(0, route("10.1.2.0/24", NetworkInterfaceId=box))
    both_ways = carrier.send(ground.account, flow)

    assert (one_way, both_ways) == ([None], ["10.1.1.9"])


def test_group_is_no_source_behind_a_middlebox(carrier: Carrier) -> None:
    """A reference to the sender's group admits it directly, not through another interface."""
    ground = Ground()
    senders = ground.account.group(ground.vpc)
    named = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": senders}]}
    guarded = ground.account.group(ground.vpc, ingress=(named,))
    for number, group in ((0, senders), (1, guarded)):
        item = ground.account.item("NetworkInterfaces", ground.interfaces[number])
        item["Groups"] = [{"GroupId": group}]
    flow = (ground.interfaces[0], ground.interfaces[1], "10.1.2.9")
    direct = carrier.send(ground.account, flow)
    ground.lead(0, route("10.1.2.0/24", NetworkInterfaceId=ground.middlebox()))

    assert (direct, carrier.send(ground.account, flow)) == (["10.1.1.9"], [None])


def test_local_route_may_have_another_target(carrier: Carrier) -> None:
    """Replaced, it leads through the middlebox."""
    ground = Ground()
    routes = ground.account.item("RouteTables", ground.tables[0])["Routes"]
    routes[0] = route("10.1.0.0/16", NetworkInterfaceId=ground.middlebox(check=True)) | {
        "Origin": "CreateRouteTable"
    }
    flows = [
        (ground.interfaces[0], ground.interfaces[1], address)
        for address in ("10.1.2.9", "2001:db8:1:2::9")
    ]

    assert carrier.send(ground.account, *flows) == [None, "2001:db8:1:1::9"]


def test_inside_a_subnet_no_table_and_no_acl_is_asked(carrier: Carrier) -> None:
    """Neighbours talk whatever these say; groups count as ever."""
    ground = Ground()
    neighbour = ground.account.interface(ground.subnets[0], "10.1.1.10", "2001:db8:1:1::10")
    ground.lead(0, route("10.1.1.0/24", NetworkInterfaceId=ground.middlebox(check=True)))
    ground.account.acl(ground.vpc, of=ground.subnets[0])
    flow = (ground.interfaces[0], neighbour, "10.1.1.10")
    seen = carrier.send(ground.account, flow)
    closed = ground.account.group(ground.vpc, ingress=())
    ground.account.item("NetworkInterfaces", neighbour)["Groups"] = [{"GroupId": closed}]

    assert (seen, carrier.send(ground.account, flow)) == (["10.1.1.9"], [None])


def test_edge_table_leads_what_comes_in_through_a_middlebox(carrier: Carrier) -> None:
    """A table of the internet gateway, for both families; replies through the box or past it."""
    ground = Ground()
    for number in (0, 2):
        ground.lead(number, *(route(c, GatewayId=ground.gateway) for c in ("0.0.0.0/0", "::/0")))
    flows = [to_web(ground.interfaces[0], address) for address in (WEB, WEB_IPV6)]
    box = ground.middlebox(check=True)
    edge = [route(c, NetworkInterfaceId=box) for c in ("10.1.1.0/24", "2001:db8:1:1::/64")]
    ground.account.table(ground.vpc, *edge, of=ground.gateway)
    stopped = carrier.send(ground.account, *flows)
    ground.middlebox()
    passed_on = carrier.send(ground.account, *flows)

    assert (stopped, passed_on) == ([None, None], ["203.0.113.1", "2001:db8:1:1::9"])


def test_edge_table_does_not_touch_replies_to_an_egress_only_gateway(carrier: Carrier) -> None:
    """It is the internet gateway's."""
    ground = Ground()
    egress = ground.account.egress_only_gateway(ground.vpc)
    ground.lead(0, route("::/0", EgressOnlyInternetGatewayId=egress))
    box = ground.middlebox(check=True)
    edge = route("2001:db8:1:1::/64", NetworkInterfaceId=box)
    ground.account.table(ground.vpc, edge, of=ground.gateway)

    assert carrier.send(ground.account, to_web(ground.interfaces[0], WEB_IPV6)) == [
        "2001:db8:1:1::9"
    ]


def test_gateway_endpoint_carries_tcp_and_ping_only(carrier: Carrier) -> None:
    """And is asked before the internet gateway, for its addresses."""
    ground = Ground()
    ground.account.answers["GetManagedPrefixListEntries"] = [
        {"PrefixListId": "pl-1", "Entries": [{"Cidr": "192.0.2.0/24"}]}
    ]
    ground.account.answers["VpcEndpoints"].append(
        {
            "VpcEndpointId": "vpce-1",
            "VpcId": ground.vpc,
            "VpcEndpointType": "Gateway",
            "State": "available",
        }
    )
    ground.lead(0, route("pl-1", GatewayId="vpce-1"))
    asked = {"source": ground.interfaces[0], "destination": "internet", "address": WEB}
    seen = carrier.send(
        ground.account,
        asked,
        asked | {"protocol": UDP, "port": 53},
        asked | {"protocol": ICMP},
    )

    assert seen == ["10.1.1.9", None, "10.1.1.9"]


def test_interfaces_of_functions_and_endpoints_take_what_they_take(carrier: Carrier) -> None:
    """A function no connection at all; an endpoint TCP, and no ping."""
    ground = Ground()
    item = ground.account.item("NetworkInterfaces", ground.interfaces[1])
    item["InterfaceType"] = "lambda"
    ground.account.answers["VpcEndpoints"].append(
        {
            "VpcEndpointId": "vpce-1",
            "VpcId": ground.vpc,
            "VpcEndpointType": "Interface",
            "State": "available",
            "ServiceName": "com.amazonaws.us-east-1.ssm",
            "PrivateDnsEnabled": False,
            "NetworkInterfaceIds": [ground.interfaces[2]],
            "Groups": [],
        }
    )
    endpoint = {"source": ground.interfaces[0], "destination": ground.interfaces[2]}
    endpoint["address"] = "10.1.3.9"
    seen = carrier.send(
        ground.account,
        (ground.interfaces[0], ground.interfaces[1], "10.1.2.9"),
        (ground.interfaces[1], ground.interfaces[0], "10.1.1.9"),
        endpoint,
        endpoint | {"protocol": ICMP},
    )

    assert seen == [None, "10.1.2.9", "10.1.1.9", None]
