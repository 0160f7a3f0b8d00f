"""Instances and network interfaces, which tell of each other, out of AWS's answers."""

from __future__ import annotations

from dataclasses import replace

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import Answers
from netprobe.aws.convert_interfaces import (
    convert_instance,
    convert_network_interface,
    interfaces_of_instance,
    is_listed,
)
from netprobe.aws.reading import UNREADABLE, Json, parts
from netprobe.model.addresses import Address
from netprobe.model.resources import NetworkInterface
from netprobe.model.workloads import Instance

_Spot = tuple[str, tuple[Address, ...]]
_RUNNING: Json = {"Name": "running"}
"""Meant where no instance of a dump tells its state: the dump leaves the ordinary out."""


def convert_instances(
    answers: Answers,
) -> tuple[tuple[Instance, ...], tuple[NetworkInterface, ...]]:
    """Return the instances, and all interfaces told of by themselves or by their instances.

    Interfaces known from instances alone are true, but they are not all there are: that
    DescribeNetworkInterfaces was not read stays a gap.
    """
    told = _told(answers)
    interfaces = {
        item.network_interface_id: item
        for item in answers.each(
            ops.NETWORK_INTERFACES, lambda item: convert_network_interface(_completed(item, told))
        )
    }
    instances: list[Instance] = []
    if not answers.knows(ops.INSTANCES):
        answers.miss(ops.INSTANCES)
    items = _instances(answers)
    at = {_spot(interface): interface for interface in interfaces.values()}
    states_told = any(item.get("State") for item in items)
    for item in items:
        try:
            instances.append(convert_instance(item if states_told else item | {"State": _RUNNING}))
            for interface in _own_interfaces(item, interfaces, at):
                known = interface.network_interface_id
                interfaces[known] = interface
                if not is_listed(item):
                    instances[-1] = replace(instances[-1], network_interface_ids=(known,))
        except UNREADABLE as error:
            answers.fail(ops.INSTANCES, error)
    return tuple(instances), tuple(interfaces.values())


def _own_interfaces(
    item: Json, interfaces: dict[str, NetworkInterface], at: dict[_Spot, NetworkInterface]
) -> list[NetworkInterface]:
    """Return an instance's interfaces as it tells them; what they tell themselves comes first.

    One that does not list them has the interface with its address, if one is listed elsewhere.
    """
    told = interfaces_of_instance(item)
    if is_listed(item):
        return [interfaces.get(one.network_interface_id, one) for one in told]
    return [replace(at.get(_spot(one), one), instance_id=one.instance_id) for one in told]


def _spot(interface: NetworkInterface) -> _Spot:
    """Return an interface's subnet and first address, which no two have in common."""
    return interface.subnet_id, interface.addresses[:1]


def _told(answers: Answers) -> frozenset[str]:
    """Return which of the keys that old answers lack are told of any interface."""
    keys = ("Status", "InterfaceType")
    items = list(answers.items(ops.NETWORK_INTERFACES))
    return frozenset(key for key in keys if any(item.get(key) for item in items))


def _completed(item: Json, told: frozenset[str]) -> Json:
    """Return an interface with what is meant where a dump leaves the ordinary out.

    Beside others that have a status, one without has lost it. Without a type it is an ordinary
    interface, unless a service of AWS made it: those never are.
    """
    meant: Json = {}
    if not item.get("Status") and "Status" not in told:
        meant["Status"] = "in-use"
    made_by_service = item.get("RequesterManaged") is True or item.get("RequesterId")
    if not item.get("InterfaceType") and not ("InterfaceType" in told and made_by_service):
        meant["InterfaceType"] = "interface"
    return item | meant if meant else item


def _instances(answers: Answers) -> list[Json]:
    found: list[Json] = []
    for reservation in answers.items(ops.INSTANCES):
        try:
            found.extend(parts(reservation, "Instances"))
        except UNREADABLE as error:
            answers.fail(ops.INSTANCES, error)
    return found
