"""Routes and gateways: targets that die leave blackholes, impossible targets are refused."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.contract.lab.corrected import Cloud, error_of


@dataclass
class Gateways:
    """A VPC with a table, an attached internet gateway and a public subnet."""

    cloud: Cloud

    def __post_init__(self) -> None:
        self.ec2 = self.cloud.ec2
        self.vpc, self.subnet = self.cloud.dual_stack()
        self.table = self.cloud.table(self.vpc)
        made = self.ec2.create_internet_gateway()["InternetGateway"]
        self.internet_gateway = made["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=self.internet_gateway, VpcId=self.vpc)

    def nat_gateway(self) -> dict[str, object]:
        self.allocation = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        made = self.ec2.create_nat_gateway(SubnetId=self.subnet, AllocationId=self.allocation)
        found = self.ec2.describe_nat_gateways(NatGatewayIds=[made["NatGateway"]["NatGatewayId"]])
        return dict(found["NatGateways"][0])

    def route(self, destination: str, **target: object) -> None:
        kind = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
        self.ec2.create_route(RouteTableId=self.table, **{kind: destination}, **target)

    def described_table(self) -> dict[str, object]:
        found = self.ec2.describe_route_tables(RouteTableIds=[self.table])
        return dict(found["RouteTables"][0])

    def state(self, destination: str) -> str:
        return str(self.cloud.routes(self.table)[destination]["State"])


@pytest.fixture
def gateways(cloud: Cloud) -> Gateways:
    return Gateways(cloud)


def test_route_to_a_deleted_nat_gateway_is_a_blackhole(gateways: Gateways) -> None:
    nat = gateways.nat_gateway()["NatGatewayId"]
    gateways.route("0.0.0.0/0", NatGatewayId=nat)
    assert gateways.state("0.0.0.0/0") == "active"

    gateways.ec2.delete_nat_gateway(NatGatewayId=nat)

    assert gateways.state("0.0.0.0/0") == "blackhole"
    assert gateways.cloud.routes(gateways.table)["0.0.0.0/0"]["NatGatewayId"] == nat


def test_route_to_a_deleted_egress_only_gateway_is_a_blackhole(gateways: Gateways) -> None:
    made = gateways.ec2.create_egress_only_internet_gateway(VpcId=gateways.vpc)
    gateway = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    gateways.route("::/0", EgressOnlyInternetGatewayId=gateway)
    assert gateways.state("::/0") == "active"

    gateways.ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=gateway)

    assert gateways.state("::/0") == "blackhole"


def test_route_to_a_detached_internet_gateway_is_a_blackhole(gateways: Gateways) -> None:
    gateway = gateways.internet_gateway
    gateways.route("0.0.0.0/0", GatewayId=gateway)
    assert gateways.state("0.0.0.0/0") == "active"

    gateways.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=gateways.vpc)
    assert gateways.state("0.0.0.0/0") == "blackhole"
    gateways.ec2.delete_internet_gateway(InternetGatewayId=gateway)
    assert gateways.state("0.0.0.0/0") == "blackhole"


def test_route_to_a_deleted_peering_is_a_blackhole(gateways: Gateways) -> None:
    peer = gateways.cloud.vpc("10.1.0.0/16")
    made = gateways.ec2.create_vpc_peering_connection(VpcId=gateways.vpc, PeerVpcId=peer)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    gateways.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    gateways.route("10.1.0.0/16", VpcPeeringConnectionId=peering)
    assert gateways.state("10.1.0.0/16") == "active"

    gateways.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering)

    assert gateways.state("10.1.0.0/16") == "blackhole"


def test_route_to_a_deleted_interface_is_a_blackhole(gateways: Gateways) -> None:
    made = gateways.ec2.create_network_interface(SubnetId=gateways.subnet)["NetworkInterface"]
    interface = made["NetworkInterfaceId"]
    gateways.route("10.7.0.0/16", NetworkInterfaceId=interface)
    assert gateways.state("10.7.0.0/16") == "active"

    gateways.ec2.delete_network_interface(NetworkInterfaceId=interface)

    assert gateways.state("10.7.0.0/16") == "blackhole"


def test_nat_gateway_sits_inside_its_subnet(gateways: Gateways) -> None:
    nat = gateways.nat_gateway()

    address = nat["NatGatewayAddresses"][0]
    assert address["PrivateIp"] == "10.0.1.4"
    assert address["PublicIp"] == "203.0.113.10"
    assert address["IsPrimary"] is True
    assert address["Status"] == "succeeded"
    assert nat["ConnectivityType"] == "public"
    assert nat["AvailabilityMode"] == "zonal"
    interface = gateways.cloud.interfaces(gateways.vpc)[0]
    assert interface["NetworkInterfaceId"] == address["NetworkInterfaceId"]
    assert interface["InterfaceType"] == "nat_gateway"
    assert interface["PrivateIpAddress"] == "10.0.1.4"
    assert interface["Association"]["PublicIp"] == "203.0.113.10"
    assert interface["RequesterManaged"] is True
    assert interface["Groups"] == []


def test_deleted_nat_gateway_lets_go_of_interface_and_address(gateways: Gateways) -> None:
    nat = gateways.nat_gateway()["NatGatewayId"]
    gateways.ec2.delete_nat_gateway(NatGatewayId=nat)

    assert gateways.cloud.interfaces(gateways.vpc) == []
    address = gateways.ec2.describe_addresses()["Addresses"][0]
    assert "AssociationId" not in address
    gateways.ec2.release_address(AllocationId=gateways.allocation)


def test_deleting_an_unknown_nat_gateway_is_an_error(gateways: Gateways) -> None:
    code = error_of(gateways.ec2.delete_nat_gateway, NatGatewayId="nat-0123456789abcdef0")

    assert code == "NatGatewayNotFound"


def test_impossible_targets_are_refused(gateways: Gateways) -> None:
    made = gateways.ec2.create_egress_only_internet_gateway(VpcId=gateways.vpc)
    egress_only = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    loose = gateways.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    nat = gateways.nat_gateway()["NatGatewayId"]
    rows = (
        ("0.0.0.0/0", {"EgressOnlyInternetGatewayId": egress_only}, "InvalidParameterValue"),
        ("0.0.0.0/0", {"GatewayId": loose}, "InvalidParameterValue"),
        ("0.0.0.0/0", {"NatGatewayId": "nat-1"}, "InvalidNatGatewayID.NotFound"),
        ("::/0", {"NatGatewayId": nat}, "InvalidParameterValue"),
    )
    for destination, target, code in rows:
        assert error_of(gateways.route, destination=destination, **target) == code


def test_nat64_route_is_allowed(gateways: Gateways) -> None:
    gateways.route("64:ff9b::/96", NatGatewayId=gateways.nat_gateway()["NatGatewayId"])

    assert gateways.state("64:ff9b::/96") == "active"


def test_second_ipv6_route_to_one_destination_is_refused(gateways: Gateways) -> None:
    gateways.route("::/0", GatewayId=gateways.internet_gateway)
    code = error_of(gateways.route, destination="::/0", GatewayId=gateways.internet_gateway)

    assert code == "RouteAlreadyExists"


def test_virtual_private_gateway_propagates_to_a_table(gateways: Gateways) -> None:
    """While it is attached to the table's VPC."""
    made = gateways.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    asked = {"RouteTableId": gateways.table, "GatewayId": made}
    loose = error_of(gateways.ec2.enable_vgw_route_propagation, **asked)
    gateways.ec2.attach_vpn_gateway(VpcId=gateways.vpc, VpnGatewayId=made)
    gateways.ec2.enable_vgw_route_propagation(**asked)
    enabled = gateways.described_table()["PropagatingVgws"]
    gateways.ec2.disable_vgw_route_propagation(**asked)

    assert (loose, enabled) == ("Gateway.NotAttached", [{"GatewayId": made}])
    assert gateways.described_table()["PropagatingVgws"] == []


def test_regional_nat_gateway_has_a_table_and_no_subnet(gateways: Gateways) -> None:
    """Its table leads to the internet gateway; a zone with a subnet gets an address."""
    made = gateways.ec2.create_nat_gateway(AvailabilityMode="regional", VpcId=gateways.vpc)
    gateway = made["NatGateway"]
    found = gateways.ec2.describe_nat_gateways(NatGatewayIds=[gateway["NatGatewayId"]])
    described = found["NatGateways"][0]
    table = gateways.cloud.routes(described["RouteTableId"])
    gateways.route("0.0.0.0/0", NatGatewayId=gateway["NatGatewayId"])
    gateways.ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])

    assert "SubnetId" not in described
    assert (described["VpcId"], described["AvailabilityMode"]) == (gateways.vpc, "regional")
    assert (described["AutoProvisionZones"], described["State"]) == ("enabled", "available")
    assert [item["AvailabilityZone"] for item in described["NatGatewayAddresses"]] == [
        "us-east-1a"
    ]
    assert table["0.0.0.0/0"]["GatewayId"] == gateways.internet_gateway
    assert gateways.state("0.0.0.0/0") == "blackhole"


def test_regional_nat_gateway_in_manual_mode_has_the_addresses_it_was_given(
    gateways: Gateways,
) -> None:
    address = gateways.ec2.allocate_address(Domain="vpc")
    zone = {"AvailabilityZone": "us-east-1b", "AllocationIds": [address["AllocationId"]]}
    gateway = gateways.ec2.create_nat_gateway(
        AvailabilityMode="regional", VpcId=gateways.vpc, AvailabilityZoneAddresses=[zone]
    )["NatGateway"]
    private = error_of(
        gateways.ec2.create_nat_gateway,
        AvailabilityMode="regional",
        VpcId=gateways.vpc,
        ConnectivityType="private",
    )

    assert gateway["AutoProvisionZones"] == "disabled"
    assert gateway["NatGatewayAddresses"][0]["PublicIp"] == address["PublicIp"]
    assert gateway["NatGatewayAddresses"][0]["AvailabilityZone"] == "us-east-1b"
    assert private == "InvalidParameterCombination"


def test_route_inside_the_vpc_is_for_a_whole_subnet_and_a_middlebox(gateways: Gateways) -> None:
    made = gateways.ec2.create_network_interface(SubnetId=gateways.subnet)["NetworkInterface"]
    box = {"NetworkInterfaceId": made["NetworkInterfaceId"]}
    to_gateway = error_of(
        gateways.route, destination="10.0.1.0/24", GatewayId=gateways.internet_gateway
    )
    to_part = error_of(gateways.route, destination="10.0.1.0/25", **box)
    gateways.route("10.0.1.0/24", **box)

    assert (to_gateway, to_part) == ("InvalidParameterValue", "InvalidParameterValue")
    assert gateways.state("10.0.1.0/24") == "active"


def test_local_route_can_lead_to_a_middlebox_and_back_to_itself(gateways: Gateways) -> None:
    """It keeps its origin, and is no longer called local."""
    made = gateways.ec2.create_network_interface(SubnetId=gateways.subnet)["NetworkInterface"]
    local = {"RouteTableId": gateways.table, "DestinationCidrBlock": "10.0.0.0/16"}
    gateways.ec2.replace_route(**local, NetworkInterfaceId=made["NetworkInterfaceId"])
    replaced = gateways.cloud.routes(gateways.table)["10.0.0.0/16"]
    gateways.ec2.replace_route(**local, LocalTarget=True)
    back = gateways.cloud.routes(gateways.table)["10.0.0.0/16"]

    assert "GatewayId" not in replaced
    assert replaced["NetworkInterfaceId"] == made["NetworkInterfaceId"]
    assert replaced["Origin"] == back["Origin"] == "CreateRouteTable"
    assert back["GatewayId"] == "local"
    assert "NetworkInterfaceId" not in back
