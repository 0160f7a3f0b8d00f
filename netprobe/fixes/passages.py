"""How each path that works gets there: what carries it, at what price, and what it hangs on.

Only what both witnesses leave standing is told: the packets arrived, or none were sent, and the
configuration delivers them, or hands them to somebody else's network.
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.fixes.costs import carrying_per_gb, carrying_standing
from netprobe.fixes.hanging import Hanging
from netprobe.fixes.retrace import is_open
from netprobe.model.passage import Carrier, Passage
from netprobe.model.report import PathVerdict
from netprobe.model.service_names import service_of_host
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Disposition, Hop, Trace

_CARRIERS = {
    Component.NAT_GATEWAY: Carrier.NAT_GATEWAY,
    Component.EGRESS_ONLY_INTERNET_GATEWAY: Carrier.EGRESS_ONLY_INTERNET_GATEWAY,
    Component.INTERNET_GATEWAY: Carrier.INTERNET_GATEWAY,
    Component.TRANSIT_GATEWAY: Carrier.TRANSIT_GATEWAY,
    Component.VPC_PEERING_CONNECTION: Carrier.VPC_PEERING_CONNECTION,
    Component.VPN_GATEWAY: Carrier.OTHER,
    Component.CARRIER_GATEWAY: Carrier.OTHER,
    Component.LOCAL_GATEWAY: Carrier.OTHER,
    Component.CORE_NETWORK: Carrier.OTHER,
    Component.ODB_NETWORK: Carrier.OTHER,
    Component.OTHER: Carrier.OTHER,
}
_ENDPOINTS = {
    "Gateway": Carrier.GATEWAY_ENDPOINT,
    "Interface": Carrier.INTERFACE_ENDPOINT,
    "GatewayLoadBalancer": Carrier.APPLIANCE,
}
_WORDS = {
    Carrier.GATEWAY_ENDPOINT: "the gateway endpoint",
    Carrier.INTERFACE_ENDPOINT: "the interface endpoint",
    Carrier.NAT_GATEWAY: "the NAT gateway",
    Carrier.EGRESS_ONLY_INTERNET_GATEWAY: "the egress-only internet gateway",
    Carrier.INTERNET_GATEWAY: "the internet gateway",
    Carrier.TRANSIT_GATEWAY: "the transit gateway",
    Carrier.VPC_PEERING_CONNECTION: "the peering connection",
    Carrier.APPLIANCE: "the appliance at",
    Carrier.OTHER: "",
}
_TO_INTERFACE = "-> eni-"
_OUT_OF_VIEW = ", and on from there where the configuration read here does not show it"


def passages(case: Case) -> Iterator[Passage]:
    """Yield the way of every path that works and that the configuration does not deny."""
    hanging = Hanging(case)
    for path in case.paths:
        trace = path.trace
        if path.verdict is not PathVerdict.WORKS or trace is None:
            continue
        away = trace.disposition is Disposition.LEFT_VIEW
        if not (away or is_open(trace)):
            continue
        found = list(carriers(case.snapshot, trace))
        first = found[0] if found else (Carrier.INSIDE_VPC, None)
        yield Passage(
            key=path.key,
            carrier=first[0],
            resource_id=first[1],
            passes=tuple(name for _, name in found),
            says=_say(found) + (_OUT_OF_VIEW if away else ""),
            standing_cost_usd_per_month=carrying_standing(case.snapshot, found),
            cost_usd_per_gb=carrying_per_gb(case.snapshot, found),
            depends_on=hanging.on(path),
        )


def carriers(snapshot: Snapshot, trace: Trace) -> Iterator[tuple[Carrier, str]]:
    """Yield what carries a request, in the order it is met, each once."""
    met = (item for hop in trace.request.hops for item in _carried_by(snapshot, hop))
    yield from dict.fromkeys(met)


def _carried_by(snapshot: Snapshot, hop: Hop) -> Iterator[tuple[Carrier, str]]:
    if hop.component in _CARRIERS:
        yield _CARRIERS[hop.component], hop.resource_id
    elif hop.component is Component.VPC_ENDPOINT:
        endpoint = snapshot.vpc_endpoint(hop.resource_id)
        kind = endpoint.endpoint_type if endpoint else ""
        yield _ENDPOINTS.get(kind, Carrier.OTHER), hop.resource_id
    elif hop.component is Component.ROUTE_TABLE and hop.entry and _TO_INTERFACE in hop.entry:
        yield Carrier.APPLIANCE, hop.entry.partition("-> ")[2].split(" ")[0]


def _say(found: list[tuple[Carrier, str]]) -> str:
    if not found:
        return "inside the VPC"
    named = (f"{_WORDS[carrier]} {name}".strip() for carrier, name in found)
    return f"through {', then '.join(named)}"


def carried(snapshot: Snapshot, trace: Trace | None) -> str:
    """Return what carries a call out of the subnet, in words; nothing where it is not known."""
    return "" if trace is None else _say(list(carriers(snapshot, trace))[:1])


def beside_the_vpc(case: Case) -> Iterator[str]:
    """Yield what is no path of the VPC although its name is asked for: a function's own log.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    """
    region = case.snapshot.region
    if any(service_of_host(target.host, region) == "logs" for target in case.targets):
        for name in dict.fromkeys(item.function_name for item in case.sources):
            if name is not None:
                yield (
                    f"what {name} prints reaches CloudWatch Logs through Lambda, not through the "
                    "VPC at all; only calls that its code makes to the API take these paths"
                )
