"""What ways out cost while they stand, in USD, us-east-1 list prices read in 2026.

NAT gateway: 0.045 an hour and its public IPv4 address 0.005 (https://aws.amazon.com/vpc/pricing/).
Interface endpoint: 0.01 an hour and zone (https://aws.amazon.com/privatelink/pricing/).
A month has 730 hours.
"""

from __future__ import annotations

NAT_GATEWAY_COST = "about 36.50 USD a month with its public IPv4, plus 0.045 per GB"
INTERFACE_ENDPOINT_COST = "about 7.30 USD a month and zone, plus 0.01 per GB"
