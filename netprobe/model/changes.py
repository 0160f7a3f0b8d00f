"""The change language: one value per change that an account can be given.

A change names what it makes by an id of its own (``new-...``), so that later changes of a set can
refer to it; the real id is AWS's to give.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from netprobe.model.addresses import Network
from netprobe.model.flow import PROTOCOL_NAMES
from netprobe.model.ports import PortSet
from netprobe.model.resources import TargetKind
from netprobe.model.workloads import ApiKind

NEW = "new-"
"""How ids of what does not exist yet begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What all changes have: a name, and a sentence for people."""

    action: ClassVar[str] = ""

    def __str__(self) -> str:
        """Return the change as one imperative."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """Return its fields as JSON values."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


def _plain(value: object) -> Any:  # noqa: ANN401 # JSON has no type
    if isinstance(value, bool | int | None):
        return value
    return [_plain(item) for item in value] if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRoute(_Change):
    """A route in a table; with ``replaces`` instead of the one with that destination."""

    action: ClassVar[str] = "set-route"
    route_table_id: str
    destination: Network
    target: TargetKind
    target_id: str
    replaces: bool = False

    def __str__(self) -> str:
        verb = "replace the route" if self.replaces else "add the route"
        return f"{verb} {self.destination} -> {self.target_id} in {self.route_table_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateInternetGateway(_Change):
    """An internet gateway, attached to a VPC."""

    action: ClassVar[str] = "create-internet-gateway"
    gateway_id: str
    vpc_id: str

    def __str__(self) -> str:
        return f"create an internet gateway and attach it to {self.vpc_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachInternetGateway(_Change):
    """An internet gateway that exists, attached to a VPC."""

    action: ClassVar[str] = "attach-internet-gateway"
    gateway_id: str
    vpc_id: str

    def __str__(self) -> str:
        return f"attach {self.gateway_id} to {self.vpc_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateEgressOnlyGateway(_Change):
    """An egress-only internet gateway."""

    action: ClassVar[str] = "create-egress-only-internet-gateway"
    gateway_id: str
    vpc_id: str

    def __str__(self) -> str:
        return f"create an egress-only internet gateway in {self.vpc_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePublicSubnet(_Change):
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
class CreateNatGateway(_Change):
    """A public NAT gateway with an Elastic IP address."""

    action: ClassVar[str] = "create-nat-gateway"
    nat_gateway_id: str
    subnet_id: str

    def __str__(self) -> str:
        where = "the new public subnet" if self.subnet_id.startswith(NEW) else self.subnet_id
        return f"create a NAT gateway with a public IPv4 address in {where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateGatewayEndpoint(_Change):
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
class AddEndpointTable(_Change):
    """One more route table for a gateway endpoint."""

    action: ClassVar[str] = "add-endpoint-route-table"
    vpc_endpoint_id: str
    prefix_list_id: str
    route_table_id: str

    def __str__(self) -> str:
        return f"add {self.route_table_id} to the gateway endpoint {self.vpc_endpoint_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateInterfaceEndpoint(_Change):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrivateDns(_Change):
    """Private DNS of an interface endpoint, on or off."""

    action: ClassVar[str] = "set-private-dns"
    vpc_endpoint_id: str
    enabled: bool

    def __str__(self) -> str:
        return f"switch private DNS of {self.vpc_endpoint_id} {'on' if self.enabled else 'off'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowInGroup(_Change):
    """One more rule of a security group; exactly one of the three peers is set."""

    action: ClassVar[str] = "allow-in-security-group"
    group_id: str
    egress: bool
    protocol: int
    ports: PortSet
    cidr: Network | None = None
    peer_group_id: str | None = None
    prefix_list_id: str | None = None

    @property
    def peer(self) -> str:
        """Return the other end."""
        return str(self.cidr or self.peer_group_id or self.prefix_list_id)

    def __str__(self) -> str:
        what = f"{PROTOCOL_NAMES.get(self.protocol, self.protocol)} {self.ports}"
        way = f"egress of {what} to" if self.egress else f"ingress of {what} from"
        return f"allow {way} {self.peer} in {self.group_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowInAcl(_Change):
    """One more allowing entry of a network ACL."""

    action: ClassVar[str] = "allow-in-network-acl"
    network_acl_id: str
    rule_number: int
    egress: bool
    protocol: int
    ports: PortSet
    cidr: Network

    def __str__(self) -> str:
        what = f"{PROTOCOL_NAMES.get(self.protocol, self.protocol)} {self.ports}"
        way = f"egress of {what} to" if self.egress else f"ingress of {what} from"
        return f"add entry {self.rule_number} to {self.network_acl_id}: allow {way} {self.cidr}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowFunctionIpv6(_Change):
    """``Ipv6AllowedForDualStack`` of a function; AWS wants its whole VpcConfig again."""

    action: ClassVar[str] = "allow-function-ipv6"
    function_name: str
    subnet_ids: tuple[str, ...]
    group_ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"set Ipv6AllowedForDualStack of the function {self.function_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociateVpcIpv6(_Change):
    """An IPv6 block that Amazon gives a VPC; ``cidr`` stands for the real one."""

    action: ClassVar[str] = "associate-vpc-ipv6"
    vpc_id: str
    cidr: Network

    def __str__(self) -> str:
        return f"associate an Amazon-provided IPv6 block with {self.vpc_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociateSubnetIpv6(_Change):
    """An IPv6 block of a subnet, one of the VPC's /64s."""

    action: ClassVar[str] = "associate-subnet-ipv6"
    subnet_id: str
    vpc_id: str
    number: int
    """Which /64 of the VPC's block, from 0."""
    cidr: Network
    block_is_new: bool = False
    """The VPC's block is made by the same set, so the real one is not known yet."""

    def __str__(self) -> str:
        which = f"the /64 number {self.number}" if self.block_is_new else str(self.cidr)
        return f"associate {which} with {self.subnet_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeApiDualStack(_Change):
    """The address type of an API: dual-stack instead of IPv4."""

    action: ClassVar[str] = "make-api-dual-stack"
    api_id: str
    kind: ApiKind

    def __str__(self) -> str:
        return f"set the IP address type of API {self.api_id} to dualstack"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRouteTable(_Change):
    """A route table for a subnet, instead of the one it has."""

    action: ClassVar[str] = "associate-route-table"
    subnet_id: str
    route_table_id: str
    replaces: str | None = None
    """The table it is associated with now; None where it follows the main table."""

    def __str__(self) -> str:
        return f"associate {self.subnet_id} with {self.route_table_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableDns(_Change):
    """``enableDnsSupport`` or, with ``hostnames``, ``enableDnsHostnames`` of a VPC."""

    action: ClassVar[str] = "enable-dns"
    vpc_id: str
    hostnames: bool = False

    @property
    def attribute(self) -> str:
        """Return the attribute's name."""
        return "enableDnsHostnames" if self.hostnames else "enableDnsSupport"

    def __str__(self) -> str:
        return f"set {self.attribute} of {self.vpc_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseDualStackName(_Change):
    """The dual-stack host name of a service, instead of its plain one; the SDK has a setting."""

    action: ClassVar[str] = "use-dual-stack-name"
    target_id: str
    host: str
    dual_stack_host: str

    def __str__(self) -> str:
        return f"ask {self.dual_stack_host} instead of {self.host}"


Change = (
    SetRoute
    | CreateInternetGateway
    | AttachInternetGateway
    | CreateEgressOnlyGateway
    | CreatePublicSubnet
    | CreateNatGateway
    | CreateGatewayEndpoint
    | AddEndpointTable
    | CreateInterfaceEndpoint
    | SetPrivateDns
    | AllowInGroup
    | AllowInAcl
    | AllowFunctionIpv6
    | AssociateVpcIpv6
    | AssociateSubnetIpv6
    | MakeApiDualStack
    | UseRouteTable
    | EnableDns
    | UseDualStackName
)
