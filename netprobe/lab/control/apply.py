"""Every correction of moto, in one place."""

from __future__ import annotations

from netprobe.lab.control import acls, addresses, apis, endpoints, functions, gateways, vpcs


def apply_corrections(invoke: functions.Invoke) -> None:
    """Correct moto in this process; safe to call again. Invocations go to ``invoke``."""
    addresses.apply()
    vpcs.apply()
    acls.apply()
    gateways.apply()
    endpoints.apply()
    apis.apply()
    functions.apply(invoke)
