"""DNS Firewall, of which the lab has none: nothing is ever associated with a VPC."""

from __future__ import annotations

import json
from typing import Any


def list_associations(_response: Any) -> str:
    """Answer ListFirewallRuleGroupAssociations."""
    return json.dumps({"FirewallRuleGroupAssociations": []})
