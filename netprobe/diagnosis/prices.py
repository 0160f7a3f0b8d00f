"""What ways out cost while they stand, in USD: the one table of prices.

List prices of us-east-1; of other regions none are known, and unknown is then the answer. A month
has 730 hours, as on AWS's own pages.
"""

from __future__ import annotations

from dataclasses import dataclass

HOURS_PER_MONTH = 730
PRICED_REGION = "us-east-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one thing costs, where that is written and when it was read."""

    usd_per_hour: float = 0.0
    usd_per_gb: float = 0.0
    source: str
    read: str

    @property
    def usd_per_month(self) -> float:
        """Return what it costs to let it stand for a month."""
        return round(self.usd_per_hour * HOURS_PER_MONTH, 2)


NAT_GATEWAY = Price(
    usd_per_hour=0.045,
    usd_per_gb=0.045,
    source="https://aws.amazon.com/vpc/pricing/",
    read="2026-09-20",
)
PUBLIC_IPV4 = Price(
    usd_per_hour=0.005, source="https://aws.amazon.com/vpc/pricing/", read="2026-06"
)
INTERFACE_ENDPOINT = Price(
    usd_per_hour=0.01,
    usd_per_gb=0.01,
    source="https://aws.amazon.com/privatelink/pricing/",
    read="2026-06",
)
"""Per Availability Zone."""

TRANSIT_GATEWAY = Price(
    usd_per_hour=0.05,
    usd_per_gb=0.02,
    source="https://aws.amazon.com/transit-gateway/pricing/",
    read="2026-09-20",
)
"""Per attachment, and per GB that an attachment sends to the gateway."""

_NAT_MONTH = NAT_GATEWAY.usd_per_month + PUBLIC_IPV4.usd_per_month

NAT_GATEWAY_COST = (
    f"about {_NAT_MONTH:.2f} USD a month with its public IPv4, "
    f"plus {NAT_GATEWAY.usd_per_gb:g} per GB"
)
NAT_GATEWAY_PER_GB = f"{NAT_GATEWAY.usd_per_gb:g} USD per GB through the NAT gateway there is"
INTERFACE_ENDPOINT_COST = (
    f"about {INTERFACE_ENDPOINT.usd_per_month:.2f} USD a month and zone, "
    f"plus {INTERFACE_ENDPOINT.usd_per_gb:g} per GB"
)
