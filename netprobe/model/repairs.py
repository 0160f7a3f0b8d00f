"""Changes that put right what is there: routes, attachments, and whose answers count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from netprobe.model.addresses import Network
from netprobe.model.change import BaseChange


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRoute(BaseChange):
    """A route taken out of a table, so that a wider one takes its packets."""

    action: ClassVar[str] = "delete-route"
    route_table_id: str
    destination: Network
    target_id: str

    def __str__(self) -> str:
        return (
            f"remove the route {self.destination} -> {self.target_id} from {self.route_table_id}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAttachmentSubnet(BaseChange):
    """One more subnet, and with it its zone, of a VPC's transit gateway attachment."""

    action: ClassVar[str] = "add-attachment-subnet"
    attachment_id: str
    subnet_id: str

    def __str__(self) -> str:
        return f"add {self.subnet_id} to the transit gateway attachment {self.attachment_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveSubnets(BaseChange):
    """Subnets taken out of a function's ``VpcConfig``, which AWS wants whole again."""

    action: ClassVar[str] = "leave-subnets"
    function_name: str
    leaves: tuple[str, ...]
    subnet_ids: tuple[str, ...]
    """Those that are left."""
    group_ids: tuple[str, ...]
    ipv6_allowed: bool = False
    """``Ipv6AllowedForDualStack`` as it is."""

    def __str__(self) -> str:
        return f"take {', '.join(self.leaves)} out of the function {self.function_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseAmazonDns(BaseChange):
    """A DHCP option set with ``AmazonProvidedDNS`` for a VPC, instead of other servers."""

    action: ClassVar[str] = "use-amazon-dns"
    vpc_id: str

    def __str__(self) -> str:
        return f"give {self.vpc_id} a DHCP option set with AmazonProvidedDNS"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNameBack(BaseChange):
    """A SYSTEM rule: Amazon's resolver answers for a name that a wider rule forwards."""

    action: ClassVar[str] = "take-name-back"
    resolver_rule_id: str
    domain_name: str
    vpc_id: str

    def __str__(self) -> str:
        return f"have Amazon's resolver answer {self.domain_name} in {self.vpc_id} (SYSTEM rule)"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveZone(BaseChange):
    """A private hosted zone that a VPC is no longer associated with."""

    action: ClassVar[str] = "disassociate-zone"
    hosted_zone_id: str
    vpc_id: str
    region: str
    """Of the VPC."""

    def __str__(self) -> str:
        return f"dissociate the private zone {self.hosted_zone_id} from {self.vpc_id}"
