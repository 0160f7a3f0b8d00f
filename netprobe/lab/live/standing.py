"""A network in being, with the servers that answer in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from netprobe.lab.live import callers
from netprobe.lab.live.answers import Answer
from netprobe.lab.live.api_gateway import ApiGateway
from netprobe.lab.live.authority import Authority
from netprobe.lab.live.callers import Caller
from netprobe.lab.live.dns_server import DnsServer
from netprobe.lab.live.far_ends import HTTPS_PORT, FarEnd, Place
from netprobe.lab.live.forwarding import answer_as
from netprobe.lab.live.names import PublicNames
from netprobe.lab.live.time_server import TimeServer
from netprobe.lab.live.vpc_resolver import VpcResolver
from netprobe.lab.network.described import Described
from netprobe.lab.network.gateways import TIME_IPV4, TIME_IPV6
from netprobe.lab.network.interfaces import list_interfaces
from netprobe.lab.network.layout import INTERNET
from netprobe.lab.network.netns import Network
from netprobe.lab.network.router import resolver_addresses
from netprobe.lab.network.world import Resolver, World


@dataclass(slots=True)
class Standing:
    """A network with its servers, and how many invocations use it."""

    network: Network
    policy_of_bucket: Callable[[str], str]
    described: tuple[Described, ...] = ()
    """What its VPCs are now; servers look here when they are asked."""
    resolvers: dict[str, VpcResolver] = field(default_factory=dict)
    """The Amazon resolver of each VPC."""
    inbound: tuple[tuple[str, str], ...] = ()
    """VPC and address of each interface of an inbound resolver endpoint."""
    servers: list[DnsServer | FarEnd | TimeServer] = field(default_factory=list)
    users: int = 0
    retired: bool = False

    def start(
        self, world: World, authority: Authority, gateway: ApiGateway, names: PublicNames
    ) -> None:
        """Build the network and start its servers; on failure nothing is left."""
        try:
            self.network.build()
            self.servers += self._amazons(names)
            self.servers += self._customs(world, names)
            self.servers += self._inbounds()
            self.servers += self._clocks()
            for place in self._places():
                self.servers.append(FarEnd(place, world, authority, gateway))
        except BaseException:
            self.take_away()
            raise

    def take_away(self) -> None:
        """Stop the servers and take the network away."""
        for server in self.servers:
            server.close()
        self.network.remove()

    def _amazons(self, names: PublicNames) -> Iterator[DnsServer]:
        """Yield Amazon's resolver in each VPC's router; functions outside any have one too."""
        if not self.described:
            space, addresses = self.network.topology.resolver
            yield DnsServer(
                self.network.name(space), addresses, lambda name, kind, _: names.answer(name, kind)
            )
        for item in self.described:
            own = self.network.name(item.vpc_id)
            yield DnsServer(own, resolver_addresses(item), partial(self._amazon, item.vpc_id))

    def _amazon(self, vpc_id: str, name: str, kind: str, source: str) -> Answer:
        return self.resolvers[vpc_id].answer(name, kind, source)

    def _customs(self, world: World, names: PublicNames) -> Iterator[DnsServer]:
        """Yield the world's DNS servers, each behind the interface that has its address."""
        for declared in world.resolvers:
            for item in self.described:
                for interface in list_interfaces(item):
                    if declared.address in {*interface.ipv4, *interface.ipv6}:
                        space = self.network.name(interface.namespace)
                        answers = partial(self._custom, declared, item.vpc_id, names)
                        yield DnsServer(space, (declared.address,), answers)

    def _inbounds(self) -> Iterator[DnsServer]:
        """Yield what answers for Amazon's resolver at the addresses of inbound endpoints.

        See "How DNS resolvers on your network forward DNS queries to Route 53 Resolver".
        """
        for item in self.described:
            for interface in list_interfaces(item):
                for vpc_id, address in self.inbound:
                    if vpc_id == item.vpc_id and address in interface.ipv4:
                        space = self.network.name(interface.namespace)
                        answers = partial(self._from_outside, vpc_id)
                        yield DnsServer(space, (address,), answers)

    def _clocks(self) -> Iterator[TimeServer]:
        """Yield Amazon's clock beside each VPC's resolver, where no group and no ACL applies."""
        for item in self.described:
            yield TimeServer(self.network.name(item.vpc_id), (TIME_IPV4, TIME_IPV6))

    def _from_outside(self, vpc_id: str, name: str, kind: str, source: str) -> Answer:
        return replace(self.resolvers[vpc_id], inbound=True).answer(name, kind, source)

    def _custom(  # the last three are what a DNS server is asked
        self,
        declared: Resolver,
        vpc_id: str,
        names: PublicNames,
        name: str,
        kind: str,
        _source: str,
    ) -> Answer:
        return answer_as(declared, self.resolvers[vpc_id], names, (name, kind))

    def _places(self) -> Iterator[Place]:
        topology = self.network.topology
        yield Place(
            namespace=self.network.name(INTERNET),
            ports=topology.internet_ports,
            caller_of=lambda peer, own: callers.at_the_internet(peer, own, self.described),
            policy_of_bucket=self.policy_of_bucket,
        )
        for space, endpoint_id in topology.endpoints:
            yield Place(
                namespace=self.network.name(space),
                ports=(HTTPS_PORT,),
                caller_of=partial(self._behind, endpoint_id),
                policy_of_bucket=self.policy_of_bucket,
                endpoint_service=callers.behind(endpoint_id, "", self.described).service,
            )

    def _behind(self, endpoint_id: str, peer: str, _own: str) -> Caller:
        return callers.behind(endpoint_id, peer, self.described)
