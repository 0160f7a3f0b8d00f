"""Where a flow may start, as people name it, and what the snapshot knows of that place."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from netprobe.errors import NetprobeError, UsageError
from netprobe.model.addresses import Address, Family, family_of, parse_address
from netprobe.model.flow import Source
from netprobe.model.resources import NetworkInterface, Subnet
from netprobe.model.snapshot import Gap, Snapshot
from netprobe.model.words import first_of
from netprobe.workflows.sources import Wanted, choose_sources

READ_INTERFACES = "ec2:DescribeNetworkInterfaces"
READ_INSTANCES = "ec2:DescribeInstances"
READ_SUBNETS = "ec2:DescribeSubnets"
READ_GROUPS = "ec2:DescribeSecurityGroups"
READ_ENDPOINTS = "ec2:DescribeVpcEndpoints"
READ_FUNCTIONS = "lambda:ListFunctions"

FUNCTION = "function:"
MOST_COMPARED = 2_000
MOST_SUGGESTED = 100
"""Names that a mistyped one is compared with, and mistyped ones that are: each costs as much as
hundreds of traces, and a file that was made for another account has nothing else."""


class UnreadEndError(Exception):
    """An end of the flow may exist, but the call that would tell was not read."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(gap.call)
        self.gap = gap


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSource:
    """One named source: several places when any of them may send, as with a function."""

    sources: tuple[Source, ...]
    family: Family | None = None
    """That of the address the source was named by."""


class FlowSources:
    """The sources a snapshot has, by the names people give them."""

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        vpc_id: str | None = None,
        security_group_ids: tuple[str, ...] = (),
    ) -> None:
        self._snapshot = snapshot
        self._vpc_id = vpc_id
        self._group_ids = security_group_ids
        self._suggestions = Suggestions()

    def find(self, text: str) -> FlowSource:
        """Return the source; raises NetprobeError when there is none, or UnreadEndError."""
        snapshot = self._snapshot
        if text.startswith(FUNCTION):
            return self._function(text.removeprefix(FUNCTION))
        if (interface := snapshot.network_interface(text)) is not None:
            return FlowSource(sources=(interface_source(interface),))
        if (subnet := snapshot.subnet(text)) is not None:
            return FlowSource(sources=(self._subnet(subnet),))
        if interfaces := instance_interfaces(snapshot, text):
            return FlowSource(sources=(interface_source(interfaces[0]),))
        if (address := _parse(text)) is not None:
            return self._address(text, address)
        refuse_unread(snapshot, text)
        raise self._unknown(text)

    def _function(self, name: str) -> FlowSource:
        function = self._snapshot.function(name)
        if function is None:
            refuse_unread(self._snapshot, name, calls=(READ_FUNCTIONS,))
            raise self._unknown_function(name)
        wanted = Wanted(function=name, security_group_ids=self._group_ids)
        return FlowSource(sources=choose_sources(self._snapshot, function.vpc_id, wanted).sources)

    def _subnet(self, subnet: Subnet) -> Source:
        return Source(
            id=subnet.subnet_id,
            vpc_id=subnet.vpc_id,
            subnet_id=subnet.subnet_id,
            security_group_ids=self._group_ids or self._default_group(subnet.vpc_id),
            ipv6_allowed=True,
        )

    def _default_group(self, vpc_id: str) -> tuple[str, ...]:
        """Return the VPC's default group; every VPC has one, so a missing one was not read.

        https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
        """
        for group in self._snapshot.security_groups:
            if group.vpc_id == vpc_id and group.group_name == "default":
                return (group.group_id,)
        gap = self._snapshot.gap(READ_GROUPS)
        raise UnreadEndError(
            gap
            or Gap(
                call=READ_GROUPS,
                error=f"the answer lacks the default group of {vpc_id}",
                iam_action=READ_GROUPS,
            )
        )

    def _address(self, text: str, address: Address) -> FlowSource:
        found = self._by_address.get(address, [])
        if self._vpc_id is not None:
            found = [pair for pair in found if pair[0].vpc_id == self._vpc_id]
        if not found:
            refuse_unread(self._snapshot, text, calls=(READ_INTERFACES,))
            raise self._unknown(text)
        if len(found) > 1:
            where = ", ".join(f"{item.network_interface_id} ({item.vpc_id})" for item, _ in found)
            raise NetprobeError(
                "ambiguous-source", f"{text} is at several interfaces: {where}", hint="name one"
            )
        interface, own = found[0]
        return FlowSource(sources=(interface_source(interface, own),), family=family_of(own))

    @cached_property
    def _by_address(self) -> dict[Address, list[tuple[NetworkInterface, Address]]]:
        """Interfaces by every address, with the address of the interface's own that it means."""
        found = defaultdict(list)
        for item in self._snapshot.network_interfaces:
            for own in item.addresses:
                found[own].append((item, own))
            private = {public: own for own, public in item.public_of}
            for public in item.public_addresses:
                own = private.get(public) or next(iter(item.addresses), public)
                found[public].append((item, own))
        return dict(found)

    def _unknown(self, text: str) -> NetprobeError:
        known = chain(
            (item.network_interface_id for item in self._snapshot.network_interfaces),
            (item.instance_id for item in self._snapshot.instances),
            (item.subnet_id for item in self._snapshot.subnets),
            (f"{FUNCTION}{item.function_name}" for item in self._snapshot.functions),
            (str(address) for address in self._by_address),
        )
        hint = (
            self._suggestions.nearest(text, known)
            or "eni-…, i-…, subnet-…, function:NAME or an address"
        )
        return NetprobeError("no-such-source", f"no source {text!r} in the snapshot", hint=hint)

    def _unknown_function(self, name: str) -> NetprobeError:
        """Return the error with the nearest function, and else with some of those there are."""
        known = [f"{FUNCTION}{item.function_name}" for item in self._snapshot.functions]
        text = f"{FUNCTION}{name}"
        hint = (
            self._suggestions.nearest(text, known)
            or f"functions there: {first_of(known, 5) or 'none'}"
        )
        return NetprobeError("no-such-source", f"no source {text!r} in the snapshot", hint=hint)


def interface_source(interface: NetworkInterface, address: Address | None = None) -> Source:
    """Return an interface as a source, sending from ``address`` or its primary addresses."""
    known = interface.addresses if address is None else (address, *interface.addresses)
    primary = {family_of(item): item for item in reversed(known)}
    return Source(
        id=interface.network_interface_id,
        vpc_id=interface.vpc_id,
        subnet_id=interface.subnet_id,
        security_group_ids=interface.group_ids,
        ipv6_allowed=True,
        interface_id=interface.network_interface_id,
        addresses=tuple(primary.values()),
    )


def instance_interfaces(snapshot: Snapshot, instance_id: str) -> tuple[NetworkInterface, ...]:
    """Return an instance's interfaces, the primary one first."""
    instance = snapshot.instance(instance_id)
    if instance is not None and instance.network_interface_ids:
        found = (snapshot.network_interface(item) for item in instance.network_interface_ids)
        return tuple(item for item in found if item is not None)
    return tuple(i for i in snapshot.network_interfaces if i.instance_id == instance_id)


_CALLS_OF = {
    "eni-": (READ_INTERFACES,),
    "i-": (READ_INSTANCES, READ_INTERFACES),
    "subnet-": (READ_SUBNETS,),
    "vpce-": (READ_ENDPOINTS,),
}
"""What would tell of a resource, by the start of its id."""


def refuse_unread(snapshot: Snapshot, text: str, calls: tuple[str, ...] = ()) -> None:
    """Raise UnreadEndError when a call that would tell of this was not read."""
    for start, needed in () if calls else _CALLS_OF.items():
        if text.startswith(start):
            calls = needed
    for call in calls:
        gap = snapshot.gap(call)
        if gap is not None:
            raise UnreadEndError(gap)


@dataclass(slots=True)
class Suggestions:
    """Says what was meant, for the first names that nothing has."""

    left: int = MOST_SUGGESTED

    def nearest(self, text: str, known: Iterable[str]) -> str:
        """Return ``did you mean ...?`` for the known name most like ``text``, else nothing."""
        if not self.left:
            return ""
        self.left -= 1
        near = difflib.get_close_matches(text, list(_comparable(text, known)), n=1, cutoff=0.6)
        return f"did you mean {near[0]}?" if near else ""


def _comparable(text: str, known: Iterable[str]) -> Iterator[str]:
    """Yield names of about the same length and start, not more than can be compared quickly."""
    left = MOST_COMPARED
    for name in known:
        if name[:1] == text[:1] and abs(len(name) - len(text)) <= len(text) // 2:
            yield name
            left -= 1
            if not left:
                return


def _parse(text: str) -> Address | None:
    try:
        return parse_address(text)
    except ValueError:
        return None


def refuse_other_family(asked: Family, has: Family, what: str) -> None:
    """Raise UsageError when one flow would need two address families."""
    if asked is not has:
        raise UsageError(
            "other-family",
            f"{what} is {has.label}, the flow is {asked.label}",
            hint="one flow is one address family",
        )
