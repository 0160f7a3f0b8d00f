"""The change language: one value per change that an account can be given.

A change names what it makes by an id of its own (``new-...``), so that later changes of a set can
refer to it; the real id is AWS's to give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from netprobe.model.addresses import Network
from netprobe.model.change import NEW, BaseChange
from netprobe.model.creations import (
    CreateEgressOnlyGateway,
    CreateGatewayEndpoint,
    CreateInterfaceEndpoint,
    CreateInternetGateway,
    CreateNatGateway,
    CreatePublicSubnet,
)
from netprobe.model.flow import PROTOCOL_NAMES
from netprobe.model.permissions import SetApiPolicy, SetBucketPolicy, SetEndpointPolicy
from netprobe.model.ports import PortSet
from netprobe.model.repairs import (
    AddAttachmentSubnet,
    DeleteRoute,
    LeaveSubnets,
    LeaveZone,
    TakeNameBack,
    UseAmazonDns,
)
from netprobe.model.resources import TargetKind
from netprobe.model.workloads import ApiKind

__all__ = [
    "NEW",
    "AddAttachmentSubnet",
    "AddEndpointTable",
    "AllowFunctionIpv6",
    "AllowInAcl",
    "AllowInGroup",
    "AssociateSubnetIpv6",
    "AssociateVpcIpv6",
    "AttachInternetGateway",
    "Change",
    "CreateEgressOnlyGateway",
    "CreateGatewayEndpoint",
    "CreateInterfaceEndpoint",
    "CreateInternetGateway",
    "CreateNatGateway",
    "CreatePublicSubnet",
    "DeleteRoute",
    "EnableDns",
    "ExcludeFromBlock",
    "LeaveSubnets",
    "LeaveZone",
    "MakeApiDualStack",
    "SetApiPolicy",
    "SetBucketPolicy",
    "SetEndpointPolicy",
    "SetPrivateDns",
    "SetRoute",
    "TakeNameBack",
    "UseAmazonDns",
    "UseDualStackName",
    "UseRouteTable",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRoute(BaseChange):
    """A route in a table; with ``replaces`` instead of the one with that destination."""

    action: ClassVar[str] = "set-route"
    route_table_id: str
    destination: Network
    target: TargetKind
    target_id: str
    replaces: bool = False

    def __str__(self) -> str:
        if self.replaces:
            where = f"in {self.route_table_id}"
            return f"point the route {self.destination} {where} to {self.target_id} instead"
        return f"add the route {self.destination} -> {self.target_id} in {self.route_table_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachInternetGateway(BaseChange):
    """An internet gateway that exists, attached to a VPC."""

    action: ClassVar[str] = "attach-internet-gateway"
    gateway_id: str
    vpc_id: str

    def __str__(self) -> str:
        return f"attach {self.gateway_id} to {self.vpc_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEndpointTable(BaseChange):
    """One more route table for a gateway endpoint."""

    action: ClassVar[str] = "add-endpoint-route-table"
    vpc_endpoint_id: str
    prefix_list_id: str
    route_table_id: str

    def __str__(self) -> str:
        return f"add {self.route_table_id} to the gateway endpoint {self.vpc_endpoint_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrivateDns(BaseChange):
    """Private DNS of an interface endpoint, on or off."""

    action: ClassVar[str] = "set-private-dns"
    vpc_endpoint_id: str
    enabled: bool

    def __str__(self) -> str:
        return f"switch private DNS of {self.vpc_endpoint_id} {'on' if self.enabled else 'off'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowInGroup(BaseChange):
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
class AllowInAcl(BaseChange):
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
class AllowFunctionIpv6(BaseChange):
    """``Ipv6AllowedForDualStack`` of a function; AWS wants its whole VpcConfig again."""

    action: ClassVar[str] = "allow-function-ipv6"
    function_name: str
    subnet_ids: tuple[str, ...]
    group_ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"set Ipv6AllowedForDualStack of the function {self.function_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociateVpcIpv6(BaseChange):
    """An IPv6 block that Amazon gives a VPC; ``cidr`` stands for the real one."""

    action: ClassVar[str] = "associate-vpc-ipv6"
    vpc_id: str
    cidr: Network

    def __str__(self) -> str:
        return f"associate an Amazon-provided IPv6 block with {self.vpc_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociateSubnetIpv6(BaseChange):
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
class MakeApiDualStack(BaseChange):
    """The address type of an API: dual-stack instead of IPv4."""

    action: ClassVar[str] = "make-api-dual-stack"
    api_id: str
    kind: ApiKind

    def __str__(self) -> str:
        return f"set the IP address type of API {self.api_id} to dualstack"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRouteTable(BaseChange):
    """A route table for a subnet, instead of the one it has."""

    action: ClassVar[str] = "associate-route-table"
    subnet_id: str
    route_table_id: str
    replaces: str | None = None
    """The table it is associated with now; None where it follows the main table."""

    def __str__(self) -> str:
        return f"associate {self.subnet_id} with {self.route_table_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableDns(BaseChange):
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
class ExcludeFromBlock(BaseChange):
    """A subnet, or a VPC, that VPC Block Public Access leaves alone."""

    action: ClassVar[str] = "exclude-from-block-public-access"
    resource_id: str
    mode: str
    """``allow-egress`` or ``allow-bidirectional``."""

    @property
    def is_subnet(self) -> bool:
        """Tell whether it is a subnet."""
        return self.resource_id.startswith("subnet-")

    def __str__(self) -> str:
        """Return the change as one imperative."""
        return f"exclude {self.resource_id} from VPC Block Public Access ({self.mode})"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseDualStackName(BaseChange):
    """The dual-stack host name of a service, instead of its plain one; the SDK has a setting."""

    action: ClassVar[str] = "use-dual-stack-name"
    target_id: str
    host: str
    dual_stack_host: str

    def __str__(self) -> str:
        return f"ask {self.dual_stack_host} instead of {self.host}"


Change = (
    SetRoute
    | DeleteRoute
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
    | ExcludeFromBlock
    | UseDualStackName
    | AddAttachmentSubnet
    | LeaveSubnets
    | TakeNameBack
    | UseAmazonDns
    | LeaveZone
    | SetApiPolicy
    | SetEndpointPolicy
    | SetBucketPolicy
)
