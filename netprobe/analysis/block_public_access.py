"""VPC Block Public Access: what it closes where, and what an exclusion opens again.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html, and for what was
measured https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-example.html
"""

from __future__ import annotations

from netprobe.model.resources import BlockMode, BlockPublicAccess, Subnet, Vpc
from netprobe.model.snapshot import Snapshot

READ_EXCLUSIONS = "ec2:DescribeVpcBlockPublicAccessExclusions"
UNREAD = "unread"
"""Stands for the exclusion when DescribeVpcBlockPublicAccessExclusions could not be read."""

_BIDIRECTIONAL, _EGRESS = "allow-bidirectional", "allow-egress"


def public_access_at(
    snapshot: Snapshot, vpc_id: str, subnet: Subnet | None
) -> tuple[BlockMode, str | None] | None:
    """Return the mode at a subnet and the exclusion that covers it; None where it is off.

    The subnet's own state also covers shared subnets, where the owner's setting rules and the
    participant cannot read the options, so it comes first; then the VPC's, then the account's.
    Options that were not read count as off.
    """
    vpc = snapshot.vpc(vpc_id)
    options = _options_for(snapshot, vpc)
    states = (subnet.block_public_access if subnet else None, vpc and vpc.block_public_access)
    said = next((state for state in states if state is not None), None)
    mode = said or (options.mode if options else BlockMode.OFF)
    if mode is BlockMode.OFF:
        return None
    covered = {vpc_id, subnet.subnet_id if subnet else vpc_id}
    modes = {
        item.mode
        for item in (options.exclusions if options else ())
        if item.resource_id in covered
    }
    if _BIDIRECTIONAL in modes:
        return None
    if options is not None and not options.exclusions_read:
        return mode, UNREAD
    return mode, next(iter(modes), None)


def closes(public_access: tuple[BlockMode, str | None] | None, *, direct: bool) -> bool:
    """Tell whether it stops a flow, ``direct`` through an internet gateway or by NAT or EIGW.

    Directly even block-ingress stops what the VPC itself starts, and allow-egress opens only the
    way through NAT and egress-only gateways: scenarios 3, 5 and 6 of AWS's example.
    """
    if public_access is None:
        return False
    mode, exclusion = public_access
    return direct or (mode is BlockMode.BLOCK_BIDIRECTIONAL and exclusion != _EGRESS)


def _options_for(snapshot: Snapshot, vpc: Vpc | None) -> BlockPublicAccess | None:
    """Return the options of the VPC's account and region."""
    account = vpc.owner_id if vpc else None
    region = (vpc.region if vpc else None) or snapshot.region
    return next(
        (
            item
            for item in snapshot.block_public_access
            if (account is None or item.account in {None, account})
            and item.region in {None, region}
        ),
        None,
    )
