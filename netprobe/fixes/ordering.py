"""The order in which to make changes, so that nothing in between is worse than before.

What is made comes before what uses it; IPv6 is switched on for the function, and announced by the
API, only when its whole way stands: until then a client would wait for it in vain.
"""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.model import changes as ch

_ORDER: tuple[tuple[type[ch.Change], ...], ...] = (
    (
        ch.CreateInternetGateway,
        ch.AttachInternetGateway,
        ch.CreateEgressOnlyGateway,
        ch.CreatePublicSubnet,
        ch.CreateNatGateway,
    ),
    (ch.AssociateVpcIpv6,),
    (ch.AssociateSubnetIpv6,),
    (ch.AllowInGroup, ch.AllowInAcl, ch.ExcludeFromBlock),
    (ch.SetApiPolicy, ch.SetEndpointPolicy, ch.SetBucketPolicy),
    (ch.AddAttachmentSubnet,),
    (ch.CreateGatewayEndpoint, ch.AddEndpointTable, ch.SetRoute, ch.UseRouteTable),
    (ch.DeleteRoute,),
    (ch.LeaveZone, ch.TakeNameBack, ch.UseAmazonDns),
    (ch.EnableDns, ch.CreateInterfaceEndpoint, ch.SetPrivateDns),
    (ch.AllowFunctionIpv6, ch.LeaveSubnets),
    (ch.MakeApiDualStack, ch.UseDualStackName),
)


def in_order(changes: Iterable[ch.Change]) -> tuple[ch.Change, ...]:
    """Return the changes in an order in which they can be made one by one."""
    phases = {kind: number for number, kinds in enumerate(_ORDER) for kind in kinds}
    return tuple(sorted(changes, key=lambda item: phases[type(item)]))
