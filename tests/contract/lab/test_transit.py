"""Transit gateways: what propagates, what is a black hole, and which associations can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.contract.lab.corrected import Cloud, error_of


@dataclass
class Hub:
    """A transit gateway with two VPCs, one of them attached."""

    cloud: Cloud
    options: dict[str, str]

    def __post_init__(self) -> None:
        self.ec2 = self.cloud.ec2
        made = self.ec2.create_transit_gateway(Options=self.options)["TransitGateway"]
        self.gateway = made["TransitGatewayId"]
        self.default = made["Options"]["AssociationDefaultRouteTableId"]
        self.vpc, self.subnet = self.cloud.dual_stack()
        self.attachment = self.attach(self.vpc, self.subnet)

    def attach(self, vpc: str, subnet: str, **options: str) -> str:
        made = self.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=self.gateway, VpcId=vpc, SubnetIds=[subnet], Options=options
        )
        return str(made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"])

    def table(self) -> str:
        made = self.ec2.create_transit_gateway_route_table(TransitGatewayId=self.gateway)
        return str(made["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"])

    def search(self, table: str, **filters: str) -> dict[str, dict[str, Any]]:
        """Return a table's routes by destination."""
        asked = [{"Name": name.replace("_", "-"), "Values": [v]} for name, v in filters.items()]
        found = self.ec2.search_transit_gateway_routes(
            TransitGatewayRouteTableId=table,
            Filters=asked or [{"Name": "state", "Values": ["active", "blackhole"]}],
        )["Routes"]
        return {item["DestinationCidrBlock"]: item for item in found}

    def associated(self, table: str) -> list[str]:
        found = self.ec2.get_transit_gateway_route_table_associations(
            TransitGatewayRouteTableId=table
        )["Associations"]
        return [item["TransitGatewayAttachmentId"] for item in found]


@pytest.fixture
def hub(cloud: Cloud) -> Hub:
    return Hub(cloud, {})


@pytest.fixture
def bare(cloud: Cloud) -> Hub:
    off = ("DefaultRouteTableAssociation", "DefaultRouteTablePropagation")
    return Hub(cloud, dict.fromkeys(off, "disable"))


def test_blocks_of_an_attached_vpc_propagate(hub: Hub) -> None:
    """To the default table, unless that is switched off; IPv6 blocks need Ipv6Support."""
    route = hub.search(hub.default)["10.0.0.0/16"]

    assert route["Type"] == "propagated"
    assert route["State"] == "active"
    assert route["TransitGatewayAttachments"] == [
        {
            "ResourceId": hub.vpc,
            "ResourceType": "vpc",
            "TransitGatewayAttachmentId": hub.attachment,
        }
    ]
    assert list(hub.search(hub.default)) == ["10.0.0.0/16"]


def test_ipv6_blocks_propagate_with_ipv6_support(hub: Hub) -> None:
    vpc = hub.cloud.vpc("10.1.0.0/16", AmazonProvidedIpv6CidrBlock=True)
    block = hub.cloud.ipv6_blocks(vpc)[0]
    hub.attach(vpc, hub.cloud.subnet(vpc, "10.1.1.0/24"), Ipv6Support="enable")

    assert set(hub.search(hub.default)) == {"10.0.0.0/16", "10.1.0.0/16", block}


def test_defaults_that_are_switched_off_are_off(bare: Hub) -> None:
    assert bare.search(bare.default) == {}
    assert bare.associated(bare.default) == []


def test_propagation_follows_what_is_enabled(bare: Hub) -> None:
    table = bare.table()
    asked = {
        "TransitGatewayRouteTableId": table,
        "TransitGatewayAttachmentId": bare.attachment,
    }
    bare.ec2.enable_transit_gateway_route_table_propagation(**asked)
    enabled = list(bare.search(table))
    bare.ec2.disable_transit_gateway_route_table_propagation(**asked)

    assert (enabled, list(bare.search(table))) == (["10.0.0.0/16"], [])


def test_attachment_has_one_association(hub: Hub, bare: Hub) -> None:
    """A second one is refused, and Describe tells the one that is."""
    table = bare.table()
    asked = {"TransitGatewayAttachmentId": bare.attachment, "TransitGatewayRouteTableId": table}
    bare.ec2.associate_transit_gateway_route_table(**asked)
    found = bare.ec2.describe_transit_gateway_attachments(
        TransitGatewayAttachmentIds=[bare.attachment]
    )["TransitGatewayAttachments"][0]
    second = error_of(
        hub.ec2.associate_transit_gateway_route_table,
        TransitGatewayAttachmentId=hub.attachment,
        TransitGatewayRouteTableId=hub.table(),
    )

    assert bare.associated(table) == [bare.attachment]
    assert found["Association"]["TransitGatewayRouteTableId"] == table
    assert second == "Resource.AlreadyAssociated"


def test_static_route_names_its_attachment_and_hides_the_propagated_one(hub: Hub) -> None:
    vpc = hub.cloud.vpc("10.1.0.0/16")
    other = hub.attach(vpc, hub.cloud.subnet(vpc, "10.1.1.0/24"))
    hub.ec2.create_transit_gateway_route(
        DestinationCidrBlock="10.0.0.0/16",
        TransitGatewayRouteTableId=hub.default,
        TransitGatewayAttachmentId=other,
    )
    route = hub.search(hub.default)["10.0.0.0/16"]

    assert route["Type"] == "static"
    assert [a["TransitGatewayAttachmentId"] for a in route["TransitGatewayAttachments"]] == [other]
    assert list(hub.search(hub.default, type="propagated")) == ["10.1.0.0/16"]


def test_static_route_to_a_deleted_attachment_is_a_black_hole(hub: Hub) -> None:
    """Its propagated routes are gone with it."""
    hub.ec2.create_transit_gateway_route(
        DestinationCidrBlock="10.9.0.0/16",
        TransitGatewayRouteTableId=hub.default,
        TransitGatewayAttachmentId=hub.attachment,
    )
    before = {name: item["State"] for name, item in hub.search(hub.default).items()}
    hub.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=hub.attachment)
    after = {name: item["State"] for name, item in hub.search(hub.default).items()}

    assert before == {"10.9.0.0/16": "active", "10.0.0.0/16": "active"}
    assert after == {"10.9.0.0/16": "blackhole"}
    assert hub.associated(hub.default) == []


def test_vpc_attachments_are_told_apart_from_peerings(hub: Hub) -> None:
    other = hub.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    hub.ec2.create_transit_gateway_peering_attachment(
        TransitGatewayId=hub.gateway,
        PeerTransitGatewayId=other,
        PeerAccountId="210987654321",
        PeerRegion="us-east-1",
    )
    found = hub.ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]

    assert [item["TransitGatewayAttachmentId"] for item in found] == [hub.attachment]
