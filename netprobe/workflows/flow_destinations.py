"""Where a flow may go, as people name it: an address, an interface, or a name to resolve."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from itertools import chain

from netprobe.errors import NetprobeError, UsageError
from netprobe.fixes.proposed import ask_instead
from netprobe.model.addresses import Address, Family, family_of
from netprobe.model.changes import Change
from netprobe.model.resources import VpcEndpoint
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.capabilities import ServiceHosts
from netprobe.workflows.flow_sources import (
    Suggestions,
    UnreadEndError,
    instance_interfaces,
    refuse_unread,
)
from netprobe.workflows.target_databases import database_kind, database_target
from netprobe.workflows.targets import parse_target

API, SERVICE = "api:", "service:"
DUAL_STACK = "+dualstack"
"""After a service's name: the dual-stack host name instead of the plain one."""

READ_APIS = ("apigateway:GetRestApis", "apigatewayv2:GetApis")

_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*")
_RESOURCE_ID = re.compile(r"[a-z]+-[0-9a-f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressEnd:
    """One literal address."""

    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceEnd:
    """A resource with addresses of its own; the primary one of each family counts."""

    id: str
    addresses: dict[Family, Address]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameEnd:
    """A host name; what it leads to depends on who asks."""

    host: str


End = AddressEnd | InterfaceEnd | NameEnd


class FlowDestinations:
    """The destinations a flow can name."""

    def __init__(
        self, snapshot: Snapshot, hosts: ServiceHosts, assumed: tuple[Change, ...] = ()
    ) -> None:
        self._snapshot = snapshot
        self._assumed = assumed
        self._hosts = hosts
        self._suggestions = Suggestions()

    def find(self, text: str) -> End:
        """Return the destination; raises NetprobeError when it is none, or UnreadEndError."""
        address = _parse(text)
        if address is not None:
            return AddressEnd(address=_on_the_wire(text, address))
        end = self._resource(text) or self._name(text)
        if isinstance(end, NameEnd):
            return NameEnd(host=ask_instead(self._assumed, end.host))
        return end

    def _resource(self, text: str) -> End | None:
        snapshot = self._snapshot
        if (interface := snapshot.network_interface(text)) is not None:
            return InterfaceEnd(id=text, addresses=_primary(interface.addresses))
        if interfaces := instance_interfaces(snapshot, text):
            return InterfaceEnd(id=text, addresses=_primary(interfaces[0].addresses))
        if (endpoint := snapshot.vpc_endpoint(text)) is not None:
            return self._endpoint(endpoint)
        for balancer in snapshot.load_balancers:
            if text == balancer.load_balancer_arn:
                return NameEnd(host=balancer.dns_name)
        if database_kind(text):
            return NameEnd(host=database_target(text, snapshot).host)
        return None

    def _endpoint(self, endpoint: VpcEndpoint) -> End:
        """Return an endpoint's own name, else the addresses of its interfaces."""
        if endpoint.dns_names and endpoint.endpoint_type == "Interface":
            return NameEnd(host=endpoint.dns_names[0].lower())
        found = (self._snapshot.network_interface(i) for i in endpoint.network_interface_ids)
        addresses = _primary(tuple(chain.from_iterable(i.addresses for i in found if i)))
        if not addresses:
            raise NetprobeError(
                "no-such-destination",
                f"{endpoint.vpc_endpoint_id} has no address of its own",
                why=f"it is a {endpoint.endpoint_type} endpoint",
                hint="name the service, as in service:s3",
            )
        return InterfaceEnd(id=endpoint.vpc_endpoint_id, addresses=addresses)

    def _name(self, text: str) -> End:
        if text.startswith(API):
            return NameEnd(host=self._api_host(text))
        if text.startswith(SERVICE):
            name = text.removeprefix(SERVICE)
            dual_stack = name.endswith(DUAL_STACK)
            name = name.removesuffix(DUAL_STACK)
            return NameEnd(host=self._hosts.host(name, dual_stack=dual_stack))
        host = _as_host(text)
        if host is not None:
            return NameEnd(host=host)
        refuse_unread(self._snapshot, text)
        known = chain(
            (item.network_interface_id for item in self._snapshot.network_interfaces),
            (item.instance_id for item in self._snapshot.instances),
            (item.vpc_endpoint_id for item in self._snapshot.vpc_endpoints),
        )
        hint = self._suggestions.nearest(text, known) or (
            "an address, eni-…, i-…, a host name, api:ID or service:NAME"
        )
        raise NetprobeError("no-such-destination", f"no destination {text!r}", hint=hint)

    def _api_host(self, text: str) -> str:
        api_id = text.removeprefix(API).partition("/")[0]
        if self._snapshot.api(api_id) is None:
            for call in READ_APIS:
                gap = self._snapshot.gap(call)
                if gap is not None:
                    raise UnreadEndError(gap)
        return parse_target(text, self._snapshot, self._hosts)[0].host


def _primary(addresses: tuple[Address, ...]) -> dict[Family, Address]:
    return {family_of(item): item for item in reversed(addresses)}


def _on_the_wire(text: str, address: Address) -> Address:
    """Return the address if packets can carry it at all; raises UsageError."""
    why = ""
    if address.is_unspecified or address.is_loopback:
        why = "nothing sent to it leaves the host"
    elif isinstance(address, IPv6Address) and (address.ipv4_mapped or address.scope_id):
        why = "a packet never carries it"
    if why:
        raise UsageError("unreadable-flow", f"{text} cannot be a destination", why=why)
    return address


def _as_host(text: str) -> str | None:
    """Return a host name as DNS writes it (IDNA A-labels), None for what is no name."""
    if _RESOURCE_ID.fullmatch(text):
        return None
    try:
        host = text.encode("idna").decode("ascii").rstrip(".").lower()
    except UnicodeError:
        return None
    return host if _HOST.fullmatch(host) else None


def _parse(text: str) -> Address | None:
    try:
        return ip_address(text)  # parse_address remembers, and millions may be asked for once
    except ValueError:
        return None
