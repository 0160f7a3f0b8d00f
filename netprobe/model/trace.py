"""The configuration's answer: how far a flow gets, there and back, and all that stops it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.addresses import Address, Family
from netprobe.model.flow import Flow
from netprobe.model.ports import PortSet


class Disposition(StrEnum):
    """The final fate of a flow or of one half of it."""

    DELIVERED = "delivered"
    DENIED = "denied"
    NO_ROUTE = "no-route"
    BLACKHOLED = "blackholed"
    LEFT_VIEW = "left-view"
    """Goes on into something the account cannot show: on-premises, another account."""
    UNKNOWN = "unknown"
    """A fact that was needed could not be read."""


class Half(StrEnum):
    """The two halves of a flow."""

    REQUEST = "request"
    REPLY = "reply"


class Component(StrEnum):
    """The kind of thing a hop or blocker is."""

    FUNCTION = "function"
    SUBNET = "subnet"
    NETWORK_INTERFACE = "network-interface"
    SECURITY_GROUP = "security-group"
    NETWORK_ACL = "network-acl"
    ROUTE_TABLE = "route-table"
    INTERNET_GATEWAY = "internet-gateway"
    EGRESS_ONLY_INTERNET_GATEWAY = "egress-only-internet-gateway"
    NAT_GATEWAY = "nat-gateway"
    VPC_ENDPOINT = "vpc-endpoint"
    VPC_PEERING_CONNECTION = "vpc-peering-connection"
    TRANSIT_GATEWAY = "transit-gateway"
    TRANSIT_GATEWAY_ATTACHMENT = "transit-gateway-attachment"
    TRANSIT_GATEWAY_ROUTE_TABLE = "transit-gateway-route-table"
    VPN_GATEWAY = "vpn-gateway"
    CARRIER_GATEWAY = "carrier-gateway"
    LOCAL_GATEWAY = "local-gateway"
    CORE_NETWORK = "core-network"
    ODB_NETWORK = "odb-network"
    INSTANCE = "instance"
    LOAD_BALANCER = "load-balancer"
    VPC = "vpc"
    BLOCK_PUBLIC_ACCESS = "block-public-access"
    """VPC Block Public Access; the resource is the subnet or VPC it governs."""
    RESOLVER = "resolver"
    """What the VPC's resolver answers for a name."""
    API = "api"
    INTERNET = "internet"
    OTHER = "other"


class Reason(StrEnum):
    """Why a component stops a flow; faults match on this, people read ``detail``."""

    NO_ROUTE = "no-route"
    BLACKHOLE_ROUTE = "blackhole-route"
    AMBIGUOUS_ROUTE = "ambiguous-route"
    NO_PUBLIC_IPV4 = "no-public-ipv4"
    GATEWAY_DETACHED = "gateway-detached"
    PRIVATE_DESTINATION = "private-destination"
    PRIVATE_IPV6_SOURCE = "private-ipv6-source"
    NAT_NOT_AVAILABLE = "nat-not-available"
    NAT_WITHOUT_INTERNET = "nat-without-internet"
    """The NAT gateway's own subnet has no route to an attached internet gateway."""
    NAT_PRIVATE = "nat-private"
    NAT_PROTOCOL = "nat-protocol"
    EGRESS_NOT_ALLOWED = "egress-not-allowed"
    INGRESS_NOT_ALLOWED = "ingress-not-allowed"
    ENTRY_DENIES = "entry-denies"
    """A numbered network ACL entry denies."""
    NO_ENTRY_ALLOWS = "no-entry-allows"
    """No entry matches: the ACL's last ``*`` entry denies."""
    SOME_PORTS_DENIED = "some-ports-denied"
    """Part of the ephemeral range is closed; a warning, not a block."""
    IPV6_NOT_ALLOWED = "ipv6-not-allowed"
    NO_SOURCE_ADDRESS = "no-source-address"
    """The source's interface has no address of the family."""
    NO_IPV4_BLOCK = "no-ipv4-block"
    NO_IPV6_BLOCK = "no-ipv6-block"
    NO_ADDRESS_RECORD = "no-address-record"
    """The name has no A or AAAA record, whichever the family needs."""
    NO_RESOLVER = "no-resolver"
    ENDPOINT_NOT_AVAILABLE = "endpoint-not-available"
    NO_SUCH_ADDRESS = "no-such-address"
    """The address is inside the VPC and no interface has it."""
    ENDPOINT_PROTOCOL = "endpoint-protocol"
    """The endpoint does not carry this protocol."""
    ENDPOINT_FAMILY = "endpoint-family"
    """The endpoint does not carry this address family."""
    ENDPOINT_FROM_OUTSIDE = "endpoint-from-outside"
    """A gateway endpoint serves its own VPC, and nothing that comes in from another."""
    API_IS_PRIVATE = "api-is-private"
    """Only an interface endpoint serves this API, and none answers for its name here."""
    ASSUMED_ADDRESS = "assumed-address"
    """The answer depends on the target's real address, which is not known; a warning."""
    BLOCK_PUBLIC_ACCESS = "block-public-access"
    INTERFACE_NOT_USABLE = "interface-not-usable"
    """The interface is detached, or its instance does not run."""
    TAKES_NO_CONNECTIONS = "takes-no-connections"
    """The interface is a function's or a gateway's: it sends, and takes replies only."""
    SOURCE_DEST_CHECK = "source-dest-check"
    """An interface that checks source and destination drops what is not addressed to it."""
    DENY_ALL_IGW_TRAFFIC = "deny-all-igw-traffic"
    PEERING_NOT_ACTIVE = "peering-not-active"
    NOT_IN_PEER_VPC = "not-in-peer-vpc"
    """Peering is not transitive: the destination is not of the peer's own blocks."""
    NO_ATTACHMENT = "no-attachment"
    """The VPC is not attached to the transit gateway."""
    NO_ATTACHMENT_IN_ZONE = "no-attachment-in-zone"
    ATTACHMENT_NOT_AVAILABLE = "attachment-not-available"
    NOT_ASSOCIATED = "not-associated"
    """The attachment has no transit gateway route table."""
    ZONE_NOT_SERVED = "zone-not-served"
    """A regional NAT gateway without an address in the source's zone."""
    NAT64_INSIDE_SUBNET = "nat64-inside-subnet"
    REPLY_ELSEWHERE = "reply-elsewhere"
    """The reply is routed somewhere that does not lead back to the source."""
    FORWARDING_LOOP = "forwarding-loop"
    NO_LISTENER = "no-listener"
    DNS_FIREWALL = "dns-firewall"
    UNREAD = "unread"
    """The call in ``entry`` could not be read."""
    NOT_MODELLED = "not-modelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One thing the packet meets, and what it does there."""

    component: Component
    resource_id: str
    entry: str | None = None
    """The exact rule, entry or route, as people write it: ``entry 100 allows tcp 443``."""
    detail: str = ""
    blocks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """The packets that a filter drops: what a rule would have to allow."""

    egress: bool
    remote: Address
    """The other end, as the filter sees it."""
    protocol: int
    ports: PortSet
    group_ids: tuple[str, ...] = ()
    """All the security groups that were asked; none of them allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One thing that alone stops the flow."""

    component: Component
    resource_id: str
    half: Half
    reason: Reason
    entry: str | None = None
    detail: str = ""
    """One sentence for a person."""
    near_misses: tuple[str, ...] = ()
    """Rules that almost allow it and what keeps them from it."""
    subnet_id: str | None = None
    """Where it was met: the source's subnet, or that of the NAT gateway or endpoint on the way."""
    behind: tuple[Blocker, ...] = ()
    """What stops the questions to custom resolvers, for a blocker that sums them up."""
    dropped: Dropped | None = None
    """What a filter drops; None for everything that is not a filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One rule, entry or route beside the packet: which of its parts fit."""

    text: str
    """It as people write it."""
    family: bool
    """It is for the packet's address family."""
    address: bool | None
    """It covers the other end; None where its prefix list or the end's groups were not read."""
    protocol: bool | None = None
    """None for a route, which asks for no protocol and no port."""
    port: bool | None = None
    decides: bool = False
    """It is the one that lets the packet go where it goes."""

    @property
    def fits(self) -> bool | None:
        """Tell whether all of it fits, None where that is not known."""
        parts = (self.family, self.address, self.protocol is not False, self.port is not False)
        return False if False in parts else None if None in parts else True


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """One filter or table on the way, and everything in it that was looked at."""

    component: Component
    resource_ids: tuple[str, ...]
    """One, or the security groups of an interface, which count together."""
    half: Half
    packet: str
    """What it was asked: ``tcp 443 to 198.51.100.10``."""
    rules: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfTrace:
    """The walk of one half."""

    disposition: Disposition
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What the VPC's resolver should answer for a name in one family."""

    name: str
    family: Family
    addresses: tuple[Address, ...] = ()
    """Empty with ``exists`` means NODATA or unknown addresses of a public name."""
    exists: bool | None = None
    """Whether a record of the family exists; None when configuration cannot tell."""
    origin: str = "public"
    """Who answers: ``public``, ``private-dns`` (an interface endpoint), ``private-zone``,
    ``forwarded`` (a resolver rule sends the question elsewhere), ``dns-firewall``, ``dns64``,
    ``literal`` or ``observed``; ``none`` when the VPC has no resolver."""
    endpoint_id: str | None = None
    """The interface endpoint whose private DNS answers."""
    captured: bool = False
    """An execute-api endpoint's private DNS answers for an API that it cannot serve."""
    assumed: bool = False
    """The address stands for any public one, because no answer was seen."""
    unserved: bool = False
    """The name belongs to a private API and no interface endpoint answers for it in this VPC."""
    unread: tuple[str, ...] = ()
    """Calls whose missing answers keep configuration from telling."""
    detail: str = ""
    authority_id: str | None = None
    """The private zone, resolver rule or firewall rule group that answers."""
    chain: tuple[str, ...] = ()
    """Names that CNAME and alias records led to, in their order."""
    nxdomain: bool = False
    """There is no such name at all, so DNS64 makes no record for it either."""
    undecided: str = ""
    """Why configuration does not tell the address although everything was read."""
    expected: bool | None = None
    """Whether a record exists by all that was read, where that does not settle ``exists``."""

    @property
    def canonical(self) -> str:
        """Return the name that the records led to in the end, its own where there are none."""
        return self.chain[-1] if self.chain else self.name

    @property
    def lacks_record(self) -> bool:
        """Tell whether by all that was read there is no record of the family."""
        return self.exists is False or (self.exists is None and self.expected is False)

    @property
    def is_certain(self) -> bool:
        """Tell whether this is what the resolver answers, and not just what it may answer."""
        return not self.unread and not self.undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Both halves of one flow; it never stops at the first block."""

    flow: Flow
    disposition: Disposition
    """That of the first blocker; ``delivered`` needs the request and the reply."""
    request: HalfTrace
    reply: HalfTrace
    blockers: tuple[Blocker, ...] = ()
    """In the order the packet meets them; every one alone stops the flow."""
    warnings: tuple[Blocker, ...] = ()
    """What may stop some packets, or could not be decided."""
    unread: tuple[str, ...] = ()
    """Calls whose missing answers made this trace unknown."""
    resolution: Resolution | None = None
    considered: tuple[Considered, ...] = ()
    """What each filter and table looked at, where the tracer was asked to keep it."""
