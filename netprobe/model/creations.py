"""Changes that make something: its id is AWS's to give, and ``new-...`` until then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from netprobe.model.addresses import Network
from netprobe.model.change import NEW, BaseChange


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateInternetGateway(BaseChange):
    """An internet gateway, attached to a VPC."""

    action: ClassVar[str] = "create-internet-gateway"
    gateway_id: str
    vpc_id: str

    def __str__(self) -> str:
        return f"create an internet gateway and attach it to {self.vpc_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateEgressOnlyGateway(BaseChange):
    """An egress-only internet gateway."""

    action: ClassVar[str] = "create-egress-only-internet-gateway"
    gateway_id: str
    vpc_id: str

    def __str__(self) -> str:
        return f"create an egress-only internet gateway in {self.vpc_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePublicSubnet(BaseChange):
    """A subnet with a table of its own whose IPv4 default route leads to an internet gateway."""

    action: ClassVar[str] = "create-public-subnet"
    subnet_id: str
    route_table_id: str
    vpc_id: str
    cidr: Network
    availability_zone: str
    gateway_id: str

    def __str__(self) -> str:
        return f"create the public subnet {self.cidr} in {self.availability_zone}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateNatGateway(BaseChange):
    """A public NAT gateway with an Elastic IP address."""

    action: ClassVar[str] = "create-nat-gateway"
    nat_gateway_id: str
    subnet_id: str

    def __str__(self) -> str:
        where = "the new public subnet" if self.subnet_id.startswith(NEW) else self.subnet_id
        return f"create a NAT gateway with a public IPv4 address in {where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateGatewayEndpoint(BaseChange):
    """A gateway endpoint, in some route tables."""

    action: ClassVar[str] = "create-gateway-endpoint"
    vpc_endpoint_id: str
    vpc_id: str
    service_name: str
    prefix_list_id: str
    route_table_ids: tuple[str, ...]

    def __str__(self) -> str:
        tables = ", ".join(self.route_table_ids)
        return f"create a gateway endpoint for {self.service_name} in {tables}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateInterfaceEndpoint(BaseChange):
    """An interface endpoint with private DNS on, IPv4."""

    action: ClassVar[str] = "create-interface-endpoint"
    vpc_endpoint_id: str
    vpc_id: str
    service_name: str
    subnet_ids: tuple[str, ...]
    group_ids: tuple[str, ...]

    def __str__(self) -> str:
        where = ", ".join(self.subnet_ids)
        return f"create an interface endpoint for {self.service_name} in {where}, private DNS on"
