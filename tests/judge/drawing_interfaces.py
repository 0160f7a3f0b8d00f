"""Network interfaces: functions', instances' (appliances among them), and those of gateways."""

from __future__ import annotations

from collections.abc import Sequence

from tests.judge.building import ACCOUNT, REGION
from tests.judge.estate import Estate, Item, SubnetPlan, VpcPlan


def add_interface(  # noqa: PLR0913 # what DescribeNetworkInterfaces tells of one
    estate: Estate,
    subnet: SubnetPlan,
    *,
    kind: str,
    group_ids: Sequence[str],
    public: str | None = None,
    ipv6: bool = True,
) -> Item:
    """Add an interface with the next free address of its subnet."""
    interface_id = estate.new_id("eni")
    address, address6 = subnet.next_host()
    if not ipv6:
        address6 = None
    item: Item = {
        "NetworkInterfaceId": interface_id,
        "VpcId": subnet.vpc_id,
        "SubnetId": subnet.subnet_id,
        "AvailabilityZone": f"{REGION}{subnet.zone}",
        "OwnerId": ACCOUNT,
        "InterfaceType": kind,
        "Status": "in-use",
        "SourceDestCheck": kind != "nat_gateway",
        "RequesterManaged": kind != "interface",
        "Groups": [{"GroupId": group_id} for group_id in group_ids],
        "PrivateIpAddresses": [],
        "Ipv6Addresses": [{"Ipv6Address": address6}] if address6 else [],
        "Attachment": {"AttachmentId": f"attach-{interface_id}", "Status": "attached"},
    }
    if kind == "vpc_endpoint":
        item["DenyAllIgwTraffic"] = True
    if address:
        private: Item = {"PrivateIpAddress": address, "Primary": True}
        if public:
            association = {"PublicIp": public, "IpOwnerId": ACCOUNT}
            private["Association"] = item["Association"] = association
        item["PrivateIpAddress"] = address
        item["PrivateIpAddresses"] = [private]
    return estate.add("DescribeNetworkInterfaces", item)


def draw_interfaces(estate: Estate, vpc: VpcPlan) -> None:
    """Draw one or two interfaces a subnet: functions and instances, some with public addresses."""
    for subnet in vpc.subnets:
        taken: set[tuple[str, ...]] = set()
        for _ in range(estate.dice.number(1, 2)):
            groups = tuple(estate.dice.some(vpc.group_ids, 1, 2))
            is_function = subnet.ipv4 is not None and estate.dice.chance(35)
            if is_function and groups not in taken:
                taken.add(groups)  # functions of one subnet and set of groups share one
                ipv6 = subnet.ipv6 is not None and estate.dice.chance(75)
                add_interface(estate, subnet, kind="lambda", group_ids=groups, ipv6=ipv6)
            else:
                _instance(estate, subnet, groups)


def draw_appliances(estate: Estate, vpc: VpcPlan) -> None:
    """Draw a middlebox in some VPCs, mostly with its source/destination check off."""
    usable = [item for item in vpc.subnets if item.ipv4]
    if usable and estate.dice.chance(20):
        groups = estate.dice.some(vpc.group_ids, 1, 2)
        item = _instance(estate, estate.dice.choice(usable), groups)
        item["SourceDestCheck"] = estate.dice.chance(25)
        vpc.appliances.append(item["NetworkInterfaceId"])


def _second_address(estate: Estate, subnet: SubnetPlan, item: Item) -> None:
    """Give an interface a secondary private address, perhaps with a public one of its own."""
    address, _ = subnet.next_host()
    second: Item = {"PrivateIpAddress": address, "Primary": False}
    if estate.vpc(subnet.vpc_id).internet_gateway and estate.dice.chance(50):
        public = estate.public_address()
        second["Association"] = {"PublicIp": public, "IpOwnerId": ACCOUNT}
    item["PrivateIpAddresses"].append(second)


def _instance(estate: Estate, subnet: SubnetPlan, group_ids: Sequence[str]) -> Item:
    dice = estate.dice
    vpc = estate.vpc(subnet.vpc_id)
    likely = 75 if subnet.role == "public" else 15
    public = None
    if subnet.ipv4 and vpc.internet_gateway and dice.chance(likely):
        public = estate.public_address()
    item = add_interface(
        estate,
        subnet,
        kind="interface",
        group_ids=group_ids,
        public=public,
        ipv6=subnet.ipv4 is None or dice.chance(85),
    )
    if subnet.ipv4 and dice.chance(12):
        _second_address(estate, subnet, item)
    instance_id = estate.new_id("i")
    item["Attachment"] |= {"InstanceId": instance_id, "InstanceOwnerId": ACCOUNT, "DeviceIndex": 0}
    estate.add(
        "DescribeInstances",
        {
            "ReservationId": f"r-{instance_id}",
            "OwnerId": ACCOUNT,
            "Instances": [
                {
                    "InstanceId": instance_id,
                    "State": {"Code": 16, "Name": "running"},
                    "VpcId": subnet.vpc_id,
                    "SubnetId": subnet.subnet_id,
                    "NetworkInterfaces": [item],
                }
            ],
        },
    )
    return item
