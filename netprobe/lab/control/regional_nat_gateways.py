"""Regional NAT gateways, which moto lacks: of a VPC, not a subnet, with a table of their own.

See https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.utils import random_nat_gateway_id

from netprobe.lab.control import internals

Json = dict[str, Any]


def answer_creation(original: Any, response: Any) -> Any:
    """Answer CreateNatGateway for both availability modes."""
    if internals.parameter(response, "AvailabilityMode") != "regional":
        return original(response)
    backend = response.ec2_backend
    if internals.parameter(response, "ConnectivityType") == "private":
        raise EC2ClientError(
            "InvalidParameterCombination", "A regional NAT gateway must be public."
        )
    vpc = backend.get_vpc(internals.parameter(response, "VpcId"))
    gateway = _make(backend, vpc)
    given = internals.parameter(response, "AvailabilityZoneAddresses") or ()
    gateway.auto_provision_zones = "disabled" if given else "enabled"
    gateway.auto_scaling_ips = gateway.auto_provision_zones
    gateway.address_set = (
        _given_addresses(backend, given) if given else _own_addresses(backend, vpc)
    )
    gateway.add_tags(internals.tag_specifications(response).get("natgateway", {}))
    backend.nat_gateways[gateway.id] = gateway
    return ActionResult({"NatGateway": gateway})


def _make(backend: Any, vpc: Any) -> Any:
    """Return a gateway with its table, which leads to the VPC's internet gateway."""
    gateway: Any = NatGateway.__new__(NatGateway)
    gateway.ec2_backend = backend
    gateway.id = random_nat_gateway_id()
    gateway.vpc_id = vpc.id
    gateway.subnet_id = None
    gateway.state = "available"
    gateway.connectivity_type = "public"
    gateway.availability_mode = "regional"
    internals.stamp(gateway, datetime.now(UTC))  # noqa: TID251 # the answer is stamped
    table = backend.create_route_table(vpc.id)
    gateway.route_table_id = table.id
    for internet_gateway in backend.internet_gateways.values():
        if internet_gateway.vpc is vpc:
            backend.create_route(table.id, "0.0.0.0/0", gateway_id=internet_gateway.id)
    return gateway


def _given_addresses(backend: Any, given: Any) -> list[Json]:
    """Return the addresses of manual mode: those of the zones asked for."""
    return [
        _address(zone, backend.address_by_allocation([allocation_id])[0])
        for zone in given
        for allocation_id in zone.get("AllocationIds") or ()
    ]


def _own_addresses(backend: Any, vpc: Any) -> list[Json]:
    """Return the addresses of automatic mode: one in each zone the VPC has subnets in."""
    zones = {
        subnet.availability_zone: subnet.availability_zone_id
        for subnet in backend.describe_subnets(filters={"vpc-id": [vpc.id]})
    }
    return [
        _address(
            {"AvailabilityZone": zone, "AvailabilityZoneId": zone_id},
            backend.allocate_address("vpc"),
        )
        for zone, zone_id in sorted(zones.items())
    ]


def _address(zone: Json, address: Any) -> Json:
    return {
        "AllocationId": address.allocation_id,
        "PublicIp": address.public_ip,
        "AvailabilityZone": zone.get("AvailabilityZone"),
        "AvailabilityZoneId": zone.get("AvailabilityZoneId"),
        "Status": "succeeded",
    }
