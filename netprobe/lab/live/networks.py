"""The networks in being: one per VPC that functions run in, rebuilt when the VPC changes."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from netprobe.lab.control.functions import FunctionAnswer, FunctionCall
from netprobe.lab.live.answers import Answer, NoAnswerError
from netprobe.lab.live.api_gateway import ApiGateway
from netprobe.lab.live.authority import Authority
from netprobe.lab.live.buckets import policy_of_bucket
from netprobe.lab.live.dhcp import name_servers
from netprobe.lab.live.forwarding import ask_targets
from netprobe.lab.live.names import PublicNames
from netprobe.lab.live.readings import Readings
from netprobe.lab.live.standing import Standing
from netprobe.lab.live.vpc_resolver import (
    Rule,
    VpcResolver,
    read_endpoint,
    read_inbound,
    read_rules,
)
from netprobe.lab.live.worker import Room, run
from netprobe.lab.network.describe import ControlPlane
from netprobe.lab.network.described import Described
from netprobe.lab.network.endpoints import endpoint_names
from netprobe.lab.network.gateways import RESOLVER_IPV4
from netprobe.lab.network.interfaces import list_interfaces
from netprobe.lab.network.layout import OUTSIDE, Topology
from netprobe.lab.network.netns import Network
from netprobe.lab.network.outside import compile_outside
from netprobe.lab.network.topology import compile_vpcs
from netprobe.lab.network.world import World


class Networks:
    """Runs functions where their VPC says they stand."""

    def __init__(self, control: ControlPlane, world: World, authority: Authority) -> None:
        self._control = control
        self._world = world
        self._authority = authority
        self._readings = Readings()
        self._names = PublicNames(control, world, self._readings)
        self._gateways: dict[str, ApiGateway] = {}
        self._standing: dict[str, Standing] = {}
        self._numbers = itertools.count(1)
        self._turns: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()

    def invoke(self, call: FunctionCall) -> FunctionAnswer:
        """Run a function once, on a network that is what its VPC's Describe answers say now."""
        region = call.function_arn.split(":")[3]
        with self._used(call.vpc_id, region) as standing:
            topology = standing.network.topology
            namespace = self._place(call, topology)
            room = Room(
                namespace=standing.network.name(namespace),
                resolvers=self._resolvers(standing, region),
                authority=self._authority.path,
                has_ipv6=call.ipv6_allowed and namespace != OUTSIDE,
            )
            return run(call, room)

    def _resolvers(self, standing: Standing, region: str) -> tuple[str, ...]:
        if not standing.described:
            return (RESOLVER_IPV4,)
        return name_servers(self._control.client("ec2", region), standing.described[0])

    def _place(self, call: FunctionCall, topology: Topology) -> str:
        """Return the interface this invocation leaves by; a function takes its subnets in turn."""
        candidates = [item for item in call.network_interface_ids if item in topology.functions]
        if not candidates:
            return topology.functions[0]
        with self._lock:
            self._turns[call.function_arn] += 1
            return candidates[self._turns[call.function_arn] % len(candidates)]

    @contextlib.contextmanager
    def _used(self, vpc_id: str | None, region: str) -> Iterator[Standing]:
        with self._lock:
            standing = self._current(vpc_id, region)
            standing.users += 1
        try:
            yield standing
        finally:
            with self._lock:
                standing.users -= 1
                if standing.retired and standing.users == 0:
                    standing.take_away()

    def _current(self, vpc_id: str | None, region: str) -> Standing:
        """Return the network of a VPC; an outdated one ends with its last user."""
        self._readings.forget()
        key = vpc_id or ""
        described = self._control.describe_connected(vpc_id, region) if vpc_id else ()
        topology = self._compile(described, region)
        standing = self._standing.get(key)
        if standing is None or standing.network.topology != topology:
            if standing is not None:
                standing.retired = True
                if standing.users == 0:
                    standing.take_away()
            standing = Standing(
                Network(topology, f"n{next(self._numbers)}"),
                policy_of_bucket=partial(policy_of_bucket, self._control, region),
            )
            self._update(standing, described)
            if described:
                standing.inbound = read_inbound(self._control.client("route53resolver", region))
            gateway = self._gateways.setdefault(region, ApiGateway(self._control, region))
            standing.start(self._world, self._authority, gateway, self._names)
            self._standing[key] = standing
        else:
            self._update(standing, described)
        return standing

    def _compile(self, described: tuple[Described, ...], region: str) -> Topology:
        if not described:
            services = self._control.service_addresses(region)
            return compile_outside(self._world, tuple(c for cs in services.values() for c in cs))
        return compile_vpcs(described, self._world)

    def _update(self, standing: Standing, described: tuple[Described, ...]) -> None:
        """Let a network's servers answer from what is described now.

        Zones and rules are read before a function runs, because a resolver answers within a
        second or not at all.
        """
        standing.described = described
        standing.resolvers = {item.vpc_id: self._resolver(standing, item) for item in described}
        self._names.zones()
        for resolver in standing.resolvers.values():
            resolver.rules()

    def _resolver(self, standing: Standing, described: Described) -> VpcResolver:
        vpc_id, region = described.vpc_id, described.region
        client = self._control.client("route53resolver", region)
        once = self._readings.once
        return VpcResolver(
            described=described,
            names=endpoint_names(described, list_interfaces(described)),
            public=self._names,
            rules=lambda: once(("rules", vpc_id), lambda: read_rules(client, vpc_id)),
            forward=partial(self._forward, standing, region),
        )

    def _forward(
        self, standing: Standing, region: str, rule: Rule, name: str, kind: str
    ) -> Answer:
        """Ask a rule's targets from an interface of its outbound endpoint, wherever that is.

        Raises:
            NoAnswerError: nobody answered, or the endpoint has no interface.
        """
        once = self._readings.once
        client = self._control.client("route53resolver", region)
        host, addresses = once(rule.endpoint_id, lambda: read_endpoint(client, rule.endpoint_id))
        if host in standing.resolvers:
            namespace = _interface_at(standing, host, addresses)
            return ask_targets(rule, name, kind, namespace)
        with self._used(host or None, region) as other:
            namespace = _interface_at(other, host, addresses)
            return ask_targets(rule, name, kind, namespace)


def _interface_at(standing: Standing, vpc_id: str, addresses: frozenset[str]) -> str:
    """Return the namespace of an interface that has one of these addresses.

    Raises:
        NoAnswerError: the VPC has none.
    """
    for described in standing.described:
        for interface in list_interfaces(described):
            if described.vpc_id == vpc_id and addresses.intersection(interface.ipv4):
                return standing.network.name(interface.namespace)
    message = f"no interface of {vpc_id or 'any VPC'} is the resolver endpoint's"
    raise NoAnswerError(message)
