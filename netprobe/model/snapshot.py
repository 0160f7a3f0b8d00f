"""Everything read from an account at one moment, with look-ups and with what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from netprobe.model.addresses import Address
from netprobe.model.gap import Gap
from netprobe.model.interconnect import (
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayRouteTable,
    VpcPeeringConnection,
    VpnGateway,
)
from netprobe.model.names import DhcpOptions, DomainName, FirewallRule, HostedZone, ResolverRule
from netprobe.model.policies import BucketPolicy, RolePolicies
from netprobe.model.resources import (
    BlockPublicAccess,
    EndpointService,
    InternetGateway,
    NatGateway,
    NetworkAcl,
    NetworkInterface,
    PrefixList,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
    VpcEndpoint,
)
from netprobe.model.workloads import Api, Database, Function, Instance, LoadBalancer

__all__ = ["Gap", "Snapshot"]


Item = TypeVar("Item")


def _by(
    items: Callable[[Snapshot], Iterable[Item]], key: Callable[[Item], str]
) -> cached_property[dict[str, Item]]:
    """Return an index of one kind, made when it is first looked into."""
    return cached_property(lambda snapshot: {key(item): item for item in items(snapshot)})


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The configuration of VPCs of a region; look-ups return None for unknown ids."""

    region: str
    account: str | None = None
    vpcs: tuple[Vpc, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    internet_gateways: tuple[InternetGateway, ...] = ()
    """Egress-only ones included."""
    nat_gateways: tuple[NatGateway, ...] = ()
    network_acls: tuple[NetworkAcl, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    network_interfaces: tuple[NetworkInterface, ...] = ()
    vpc_endpoints: tuple[VpcEndpoint, ...] = ()
    prefix_lists: tuple[PrefixList, ...] = ()
    dhcp_options: tuple[DhcpOptions, ...] = ()
    functions: tuple[Function, ...] = ()
    apis: tuple[Api, ...] = ()
    endpoint_services: tuple[EndpointService, ...] = ()
    instances: tuple[Instance, ...] = ()
    vpn_gateways: tuple[VpnGateway, ...] = ()
    vpc_peering_connections: tuple[VpcPeeringConnection, ...] = ()
    transit_gateways: tuple[TransitGateway, ...] = ()
    transit_gateway_attachments: tuple[TransitGatewayAttachment, ...] = ()
    transit_gateway_route_tables: tuple[TransitGatewayRouteTable, ...] = ()
    block_public_access: tuple[BlockPublicAccess, ...] = ()
    """One per account and region that was read; unread counts as off."""
    hosted_zones: tuple[HostedZone, ...] = ()
    resolver_rules: tuple[ResolverRule, ...] = ()
    firewall_rules: tuple[FirewallRule, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()
    databases: tuple[Database, ...] = ()
    domain_names: tuple[DomainName, ...] = ()
    role_policies: tuple[RolePolicies, ...] = ()
    bucket_policies: tuple[BucketPolicy, ...] = ()
    gaps: tuple[Gap, ...] = field(default=())

    def gap(self, call: str, subject: str | None = None) -> Gap | None:
        """Return the gap a call left, None when its answer was read, for a ``subject`` its own."""
        gap = self._gaps.get(call)
        is_other = gap and subject and gap.subjects and subject not in gap.subjects
        return None if is_other else gap

    def vpc(self, vpc_id: str) -> Vpc | None:
        """Return the VPC with this id."""
        return self._vpcs.get(vpc_id)

    def subnet(self, subnet_id: str) -> Subnet | None:
        """Return the subnet with this id."""
        return self._subnets.get(subnet_id)

    def route_table(self, route_table_id: str) -> RouteTable | None:
        """Return the route table with this id."""
        return self._route_tables.get(route_table_id)

    def associated_route_table(self, subnet_id: str) -> RouteTable | None:
        """Return the route table explicitly associated with a subnet."""
        return self._associated_tables.get(subnet_id)

    def main_route_table(self, vpc_id: str) -> RouteTable | None:
        """Return the main route table of a VPC."""
        return self._main_tables.get(vpc_id)

    def internet_gateway(self, gateway_id: str) -> InternetGateway | None:
        """Return the internet gateway or egress-only internet gateway with this id."""
        return self._internet_gateways.get(gateway_id)

    def nat_gateway(self, nat_gateway_id: str) -> NatGateway | None:
        """Return the NAT gateway with this id."""
        return self._nat_gateways.get(nat_gateway_id)

    def network_acl_of(self, subnet_id: str) -> NetworkAcl | None:
        """Return the network ACL of a subnet; every subnet is in exactly one."""
        return self._acls.get(subnet_id)

    def network_acl(self, network_acl_id: str) -> NetworkAcl | None:
        """Return the network ACL with this id."""
        return self._acls_by_id.get(network_acl_id)

    def security_group(self, group_id: str) -> SecurityGroup | None:
        """Return the security group with this id."""
        return self._groups.get(group_id)

    def network_interface(self, network_interface_id: str) -> NetworkInterface | None:
        """Return the network interface with this id."""
        return self._interfaces.get(network_interface_id)

    def interface_at(self, vpc_id: str, address: Address) -> NetworkInterface | None:
        """Return the interface of the VPC that has this private or IPv6 address."""
        return self._by_address.get((vpc_id, address))

    def lambda_interface(
        self, subnet_id: str, group_ids: tuple[str, ...]
    ) -> NetworkInterface | None:
        """Return the interface that Lambda functions of this subnet and these groups share."""
        return self._lambda_interfaces.get((subnet_id, frozenset(group_ids)))

    def endpoint_of_interface(self, network_interface_id: str) -> VpcEndpoint | None:
        """Return the interface endpoint that owns this network interface."""
        return self._endpoints_by_interface.get(network_interface_id)

    def vpc_endpoint(self, vpc_endpoint_id: str) -> VpcEndpoint | None:
        """Return the VPC endpoint with this id."""
        return self._vpc_endpoints.get(vpc_endpoint_id)

    def prefix_list(self, prefix_list_id: str) -> PrefixList | None:
        """Return the prefix list with this id."""
        return self._prefix_lists.get(prefix_list_id)

    def api(self, api_id: str) -> Api | None:
        """Return the API with this id."""
        return self._apis.get(api_id)

    def function(self, name_or_arn: str) -> Function | None:
        """Return the function with this name or ARN."""
        return self._functions.get(name_or_arn)

    def instance(self, instance_id: str) -> Instance | None:
        """Return the instance with this id."""
        return self._instances.get(instance_id)

    def peering(self, peering_id: str) -> VpcPeeringConnection | None:
        """Return the VPC peering connection with this id."""
        return self._peerings.get(peering_id)

    def vpn_gateway(self, vpn_gateway_id: str) -> VpnGateway | None:
        """Return the virtual private gateway with this id."""
        return self._vpn_gateways.get(vpn_gateway_id)

    def transit_gateway(self, transit_gateway_id: str) -> TransitGateway | None:
        """Return the transit gateway with this id."""
        return self._transit_gateways.get(transit_gateway_id)

    def transit_gateway_attachment(self, attachment_id: str) -> TransitGatewayAttachment | None:
        """Return the transit gateway attachment with this id."""
        return self._attachments.get(attachment_id)

    def attachments_of_vpc(
        self, transit_gateway_id: str, vpc_id: str
    ) -> tuple[TransitGatewayAttachment, ...]:
        """Return the attachments of a VPC to a transit gateway; AWS allows one at a time."""
        return self._vpc_attachments.get((transit_gateway_id, vpc_id), ())

    def transit_gateway_route_table(self, table_id: str) -> TransitGatewayRouteTable | None:
        """Return the transit gateway route table with this id."""
        return self._transit_gateway_tables.get(table_id)

    def gateway_route_table(self, gateway_id: str) -> RouteTable | None:
        """Return the edge route table associated with an internet or VPN gateway."""
        return self._gateway_tables.get(gateway_id)

    def interface_with_public(self, address: Address) -> NetworkInterface | None:
        """Return the interface that this public IPv4 address is associated with."""
        return self._by_public_address.get(address)

    def subnets_of(self, vpc_id: str) -> tuple[Subnet, ...]:
        """Return the subnets of a VPC."""
        return self._subnets_by_vpc.get(vpc_id, ())

    _gaps = _by(lambda snapshot: snapshot.gaps, lambda item: item.call)
    _subnets = _by(lambda snapshot: snapshot.subnets, lambda item: item.subnet_id)
    _acls_by_id = _by(lambda snapshot: snapshot.network_acls, lambda item: item.network_acl_id)
    _groups = _by(lambda snapshot: snapshot.security_groups, lambda item: item.group_id)
    _interfaces = _by(
        lambda snapshot: snapshot.network_interfaces, lambda item: item.network_interface_id
    )
    _prefix_lists = _by(lambda snapshot: snapshot.prefix_lists, lambda item: item.prefix_list_id)
    _vpcs = _by(lambda snapshot: snapshot.vpcs, lambda item: item.vpc_id)
    _route_tables = _by(lambda snapshot: snapshot.route_tables, lambda item: item.route_table_id)
    _internet_gateways = _by(
        lambda snapshot: snapshot.internet_gateways, lambda item: item.gateway_id
    )
    _nat_gateways = _by(lambda snapshot: snapshot.nat_gateways, lambda item: item.nat_gateway_id)
    _vpc_endpoints = _by(
        lambda snapshot: snapshot.vpc_endpoints, lambda item: item.vpc_endpoint_id
    )
    _apis = _by(lambda snapshot: snapshot.apis, lambda item: item.api_id)
    _instances = _by(lambda snapshot: snapshot.instances, lambda item: item.instance_id)
    _vpn_gateways = _by(lambda snapshot: snapshot.vpn_gateways, lambda item: item.vpn_gateway_id)
    _peerings = _by(
        lambda snapshot: snapshot.vpc_peering_connections,
        lambda item: item.vpc_peering_connection_id,
    )
    _transit_gateways = _by(
        lambda snapshot: snapshot.transit_gateways, lambda item: item.transit_gateway_id
    )
    _attachments = _by(
        lambda snapshot: snapshot.transit_gateway_attachments, lambda item: item.attachment_id
    )
    _transit_gateway_tables = _by(
        lambda snapshot: snapshot.transit_gateway_route_tables, lambda item: item.route_table_id
    )

    @cached_property
    def _associated_tables(self) -> dict[str, RouteTable]:
        return {subnet: item for item in self.route_tables for subnet in item.subnet_ids}

    @cached_property
    def _main_tables(self) -> dict[str, RouteTable]:
        return {item.vpc_id: item for item in self.route_tables if item.main}

    @cached_property
    def _lambda_interfaces(self) -> dict[tuple[str, frozenset[str]], NetworkInterface]:
        return {
            (item.subnet_id, frozenset(item.group_ids)): item
            for item in self.network_interfaces
            if item.interface_type == "lambda"
        }

    @cached_property
    def _endpoints_by_interface(self) -> dict[str, VpcEndpoint]:
        return {
            interface: item
            for item in self.vpc_endpoints
            for interface in item.network_interface_ids
        }

    @cached_property
    def _acls(self) -> dict[str, NetworkAcl]:
        return {subnet: item for item in self.network_acls for subnet in item.subnet_ids}

    @cached_property
    def _by_address(self) -> dict[tuple[str, Address], NetworkInterface]:
        return {
            (item.vpc_id, address): item
            for item in self.network_interfaces
            for address in item.addresses
        }

    @cached_property
    def _gateway_tables(self) -> dict[str, RouteTable]:
        return {gateway: item for item in self.route_tables for gateway in item.gateway_ids}

    @cached_property
    def _functions(self) -> dict[str, Function]:
        first = {item.function_name: item for item in reversed(self.functions)}
        return first | {item.function_arn: item for item in self.functions}

    @cached_property
    def _vpc_attachments(self) -> dict[tuple[str, str], tuple[TransitGatewayAttachment, ...]]:
        found: dict[tuple[str, str], tuple[TransitGatewayAttachment, ...]] = {}
        for item in self.transit_gateway_attachments:
            if item.resource_type == "vpc" and item.resource_id:
                key = (item.transit_gateway_id, item.resource_id)
                found[key] = (*found.get(key, ()), item)
        return found

    @cached_property
    def _by_public_address(self) -> dict[Address, NetworkInterface]:
        return {
            address: item for item in self.network_interfaces for address in item.public_addresses
        }

    @cached_property
    def _subnets_by_vpc(self) -> dict[str, tuple[Subnet, ...]]:
        found: dict[str, list[Subnet]] = {}
        for item in self.subnets:
            found.setdefault(item.vpc_id, []).append(item)
        return {vpc_id: tuple(items) for vpc_id, items in found.items()}
