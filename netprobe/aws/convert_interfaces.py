"""AWS's JSON of network interfaces and of the instances that have them as values."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.aws.reading import (
    Json,
    is_set,
    maybe_flag,
    maybe_number,
    maybe_text,
    name_of,
    part,
    parts,
    stated_parts,
    text,
)
from netprobe.model.addresses import Address, parse_address
from netprobe.model.resources import NetworkInterface
from netprobe.model.workloads import Instance

_UNORDERED = 1 << 16


def convert_network_interface(item: Json) -> NetworkInterface:
    """Return an interface of DescribeNetworkInterfaces.

    Groups are always listed, if none: without the list nobody knows what guards the interface.
    """
    addresses = parts(item, "PrivateIpAddresses")
    if not addresses and item.get("PrivateIpAddress") is not None:
        addresses = [item]
    ipv4 = [text(one, "PrivateIpAddress") for one in addresses]
    ipv6 = [text(one, "Ipv6Address") for one in parts(item, "Ipv6Addresses")]
    public_of = tuple(_public_of(item, addresses))
    attachment = part(item, "Attachment")
    status = maybe_text(attachment, "Status")
    return NetworkInterface(
        network_interface_id=text(item, "NetworkInterfaceId"),
        vpc_id=text(item, "VpcId"),
        subnet_id=text(item, "SubnetId"),
        interface_type=text(item, "InterfaceType"),
        description=maybe_text(item, "Description") or "",
        status=text(item, "Status"),
        group_ids=tuple(text(group, "GroupId") for group in stated_parts(item, "Groups")),
        addresses=tuple(map(parse_address, (*ipv4, *ipv6))),
        public_addresses=tuple(public for _private, public in public_of),
        public_of=public_of,
        source_dest_check=maybe_flag(item, "SourceDestCheck") is not False,
        instance_id=maybe_text(attachment, "InstanceId"),
        attached=None if status is None else status == "attached",
        deny_all_igw_traffic=is_set(item, "DenyAllIgwTraffic"),
        owner_id=maybe_text(item, "OwnerId"),
        requester_id=maybe_text(item, "RequesterId"),
    )


def _public_of(item: Json, addresses: list[Json]) -> Iterator[tuple[Address, Address]]:
    """Yield each private IPv4 address with the public one that stands for it.

    The interface repeats its primary address's association, and some dumps have it there only:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
    """
    if addresses and not any(part(one, "Association") for one in addresses):
        primary = next((one for one in addresses if one.get("Primary") is True), addresses[0])
        addresses = [primary | {"Association": item.get("Association")}]
    for one in addresses:
        public = maybe_text(part(one, "Association"), "PublicIp")
        if public:
            yield parse_address(text(one, "PrivateIpAddress")), parse_address(public)


def convert_instance(item: Json) -> Instance:
    """Return an instance of DescribeInstances; its interfaces come in their devices' order."""
    return Instance(
        instance_id=text(item, "InstanceId"),
        state=text(part(item, "State"), "Name"),
        vpc_id=maybe_text(item, "VpcId"),
        subnet_id=maybe_text(item, "SubnetId"),
        network_interface_ids=tuple(
            text(one, "NetworkInterfaceId")
            for one in sorted(parts(item, "NetworkInterfaces"), key=_device)
        ),
        name=name_of(item),
    )


def _device(item: Json) -> int:
    index = maybe_number(part(item, "Attachment"), "DeviceIndex")
    return _UNORDERED if index is None else index


def interfaces_of_instance(item: Json) -> Iterator[NetworkInterface]:
    """Yield the interfaces an instance's own description tells of.

    They say all that DescribeNetworkInterfaces says but whose they are:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterface.html
    """
    for one in parts(item, "NetworkInterfaces") if is_listed(item) else _only_interface(item):
        attachment = part(one, "Attachment") | {"InstanceId": text(item, "InstanceId")}
        meant = {
            "Status": "in-use",  # an interface that an instance has is in use
            "InterfaceType": "interface",
            "VpcId": item.get("VpcId"),
            "SubnetId": item.get("SubnetId"),
        }
        told = {key: value for key, value in one.items() if value is not None}
        yield convert_network_interface(meant | told | {"Attachment": attachment})


def is_listed(item: Json) -> bool:
    """Tell whether an instance lists its interfaces; AWS's answer always does, if none."""
    return item.get("NetworkInterfaces") is not None


_PRIMARY = ("SubnetId", "PrivateIpAddress", "SecurityGroups")
"""What an instance has to tell of its primary interface for that to be known."""


def _only_interface(item: Json) -> Iterator[Json]:
    """Yield the primary interface of an instance that lists none, under the instance's own id.

    An instance repeats its primary interface's subnet, address, groups and check:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
    """
    if all(
        item.get(key) is not None for key in ("SubnetId", "PrivateIpAddress", "SecurityGroups")
    ):
        yield {
            "NetworkInterfaceId": text(item, "InstanceId"),
            "PrivateIpAddress": text(item, "PrivateIpAddress"),
            "Ipv6Addresses": [
                {"Ipv6Address": found} for found in [maybe_text(item, "Ipv6Address")] if found
            ],
            "Groups": parts(item, "SecurityGroups"),
            "SourceDestCheck": item.get("SourceDestCheck"),
            "Association": {"PublicIp": item.get("PublicIpAddress")},
        }
