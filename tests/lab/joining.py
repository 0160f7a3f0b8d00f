"""What a test puts beside its VPC in the lab: others that are joined to it, and who is there."""

from __future__ import annotations

from tests.lab.ground import Ground


def peered(ground: Ground, *, routed: bool = False, network: int = 8) -> tuple[Ground, str]:
    """Return a second VPC and the active peering with it, with routes both ways if asked for."""
    far = Ground(ground.lab, network=network)
    made = ground.ec2.create_vpc_peering_connection(VpcId=ground.vpc, PeerVpcId=far.vpc)
    peering = str(made["VpcPeeringConnection"]["VpcPeeringConnectionId"])
    ground.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    if routed:
        ground.route(ground.table, f"10.{network}.0.0/16", VpcPeeringConnectionId=peering)
        far.route(far.table, f"10.{ground.network}.0.0/16", VpcPeeringConnectionId=peering)
    return far, peering


def transit_gateway(ground: Ground, *others: Ground) -> str:
    """Return a transit gateway that the VPCs are attached to, by its default table."""
    made = ground.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    for item in (ground, *others):
        ground.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=made, VpcId=item.vpc, SubnetIds=[item.subnet]
        )
    return str(made)


def attached(ground: Ground, network: int = 8) -> Ground:
    """Return a second VPC that a transit gateway joins with the first, routes both ways."""
    far = Ground(ground.lab, network=network)
    gateway = transit_gateway(ground, far)
    ground.route(ground.table, f"10.{network}.0.0/16", TransitGatewayId=gateway)
    far.route(far.table, f"10.{ground.network}.0.0/16", TransitGatewayId=gateway)
    return far


def listen(ground: Ground, address: str, vpc: str, subnet: str, admit: str = "") -> str:
    """Run an instance at an address; return its group, which admits a block or nobody.

    Nobody listens there, so packets that arrive are refused, and those that do not are lost.
    """
    group = ground.ec2.create_security_group(
        GroupName=f"at-{address}", Description="target", VpcId=vpc
    )["GroupId"]
    if admit:
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": admit}]}
        ground.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[everything])
    made = ground.ec2.create_network_interface(
        SubnetId=subnet, PrivateIpAddress=address, Groups=[group]
    )
    ground.ec2.run_instances(
        ImageId=ground.ec2.describe_images()["Images"][0]["ImageId"],
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[
            {
                "DeviceIndex": 0,
                "NetworkInterfaceId": made["NetworkInterface"]["NetworkInterfaceId"],
            }
        ],
    )
    return str(group)
