"""The networks in being: one per VPC that functions run in, rebuilt when the VPC changes."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from netprobe.lab.control.functions import FunctionAnswer, FunctionCall
from netprobe.lab.live.api_gateway import ApiGateway
from netprobe.lab.live.authority import Authority
from netprobe.lab.live.dns_server import DnsServer, VpcResolver
from netprobe.lab.live.far_ends import HTTPS_PORT, FarEnd, Place
from netprobe.lab.live.names import PublicNames
from netprobe.lab.live.worker import Room, run
from netprobe.lab.network.describe import ControlPlane
from netprobe.lab.network.layout import INTERNET, OUTSIDE, Topology
from netprobe.lab.network.netns import Network
from netprobe.lab.network.outside import compile_outside
from netprobe.lab.network.topology import compile_vpcs
from netprobe.lab.network.world import World


@dataclass(slots=True)
class _Standing:
    """A network with its servers, and how many invocations use it."""

    network: Network
    servers: list[DnsServer | FarEnd] = field(default_factory=list)
    users: int = 0
    retired: bool = False

    def take_away(self) -> None:
        for server in self.servers:
            server.close()
        self.network.remove()


class Networks:
    """Runs functions where their VPC says they stand."""

    def __init__(self, control: ControlPlane, world: World, authority: Authority) -> None:
        self._control = control
        self._world = world
        self._authority = authority
        self._names = PublicNames(control, world)
        self._gateway = ApiGateway(control)
        self._standing: dict[str, _Standing] = {}
        self._numbers = itertools.count(1)
        self._turns: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()

    def invoke(self, call: FunctionCall) -> FunctionAnswer:
        """Run a function once, on a network that is what its VPC's Describe answers say now."""
        with self._used(call) as standing:
            topology = standing.network.topology
            namespace = self._place(call, topology)
            room = Room(
                namespace=standing.network.name(namespace),
                resolvers=topology.resolver[1],
                authority=self._authority.path,
                has_ipv6=call.ipv6_allowed and namespace != OUTSIDE,
            )
            return run(call, room)

    def _place(self, call: FunctionCall, topology: Topology) -> str:
        """Return the interface this invocation leaves by; a function takes its subnets in turn."""
        candidates = [item for item in call.network_interface_ids if item in topology.functions]
        if not candidates:
            return topology.functions[0]
        with self._lock:
            self._turns[call.function_arn] += 1
            return candidates[self._turns[call.function_arn] % len(candidates)]

    @contextlib.contextmanager
    def _used(self, call: FunctionCall) -> Iterator[_Standing]:
        with self._lock:
            standing = self._current(call)
            standing.users += 1
        try:
            yield standing
        finally:
            with self._lock:
                standing.users -= 1
                if standing.retired and standing.users == 0:
                    standing.take_away()

    def _current(self, call: FunctionCall) -> _Standing:
        """Return the network of the call's VPC; an outdated one ends with its last user."""
        region = call.function_arn.split(":")[3]
        key = call.vpc_id or ""
        topology = self._compile(call.vpc_id, region)
        standing = self._standing.get(key)
        if standing is not None and standing.network.topology == topology:
            return standing
        if standing is not None:
            standing.retired = True
            if standing.users == 0:
                standing.take_away()
        self._standing[key] = self._build(topology)
        return self._standing[key]

    def _compile(self, vpc_id: str | None, region: str) -> Topology:
        if vpc_id is None:
            services = self._control.service_addresses(region)
            return compile_outside(self._world, tuple(c for cs in services.values() for c in cs))
        return compile_vpcs(self._control.describe_connected(vpc_id, region), self._world)

    def _build(self, topology: Topology) -> _Standing:
        standing = _Standing(Network(topology, f"n{next(self._numbers)}"))
        network = standing.network
        try:
            network.build()
            space, addresses = topology.resolver
            resolver = VpcResolver(self._names, topology.names)
            standing.servers.append(DnsServer(network.name(space), addresses, resolver.answer))
            vpc_id = topology.vpc_id or None
            places = [
                Place(
                    namespace=network.name(INTERNET), vpc_id=vpc_id, ports=topology.internet_ports
                )
            ]
            places += [
                Place(
                    namespace=network.name(space),
                    vpc_id=vpc_id,
                    ports=(HTTPS_PORT,),
                    endpoint_id=endpoint_id,
                )
                for space, endpoint_id in topology.endpoints
            ]
            for place in places:
                server = FarEnd(place, self._world, self._authority, self._gateway)
                standing.servers.append(server)
        except BaseException:
            standing.take_away()
            raise
        return standing
