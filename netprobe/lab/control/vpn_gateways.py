"""Virtual private gateways: which route tables they propagate to, which moto lacks."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError

from netprobe.lab.control import internals


def propagating(table: Any) -> list[dict[str, str]]:
    """Return the gateways that propagate routes to a table."""
    return [{"GatewayId": item} for item in sorted(table.propagating_gateways)]


def enable(response: Any) -> Any:
    """Answer EnableVgwRoutePropagation.

    The gateway must be attached to the table's VPC, see "Enable or disable route propagation" in
    the Amazon VPC user guide.
    """
    table, gateway_id = _asked(response)
    gateway = response.ec2_backend.get_vpn_gateway(gateway_id)
    attachment = gateway.attachments.get(table.vpc_id)
    if attachment is None or attachment.state != "attached":
        raise EC2ClientError(
            "Gateway.NotAttached", f"resource {gateway_id} is not attached to {table.vpc_id}"
        )
    table.propagating_gateways = table.propagating_gateways | {gateway_id}
    return ActionResult({})


def disable(response: Any) -> Any:
    """Answer DisableVgwRoutePropagation."""
    table, gateway_id = _asked(response)
    table.propagating_gateways = table.propagating_gateways - {gateway_id}
    return ActionResult({})


def _asked(response: Any) -> tuple[Any, str]:
    table_id = internals.parameter(response, "RouteTableId")
    table = response.ec2_backend.get_route_table(table_id)
    return table, str(internals.parameter(response, "GatewayId"))
