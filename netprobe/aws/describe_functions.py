"""Reading how functions fare: which of them are asked for their state, one call each.

ListFunctions leaves the state and its reason out; see "Note" in
https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from netprobe.aws import operations
from netprobe.aws.calls import Call, Json, of_subjects
from netprobe.aws.reader import Reader
from netprobe.deploy.plan import is_probe
from netprobe.workflows.capabilities import Asked

MOST_STATES = 16
"""Functions asked for their state, as many as a check has sources; Lambda's control plane takes
fifteen calls a second: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def states_asked(reader: Reader, asked: Asked, vpc_ids: Iterable[str]) -> Call:
    """Return the call for the function that asks, or for one of each kind in these VPCs.

    Functions with the same subnets, groups and IPv6 flag are of one kind: a check sends from the
    first of each.
    """
    if asked.function or not asked.states:
        return of_subjects(operations.FUNCTION, [asked.function] if asked.function else ())
    wanted = frozenset(vpc_ids)
    kinds: dict[str, str] = {}
    for item in reader.items(operations.FUNCTIONS):
        network, name = item.get("VpcConfig") or {}, str(item.get("FunctionName") or "")
        if network.get("VpcId") in wanted and name and not is_probe(name):
            kinds.setdefault(_kind_of(network), name)
    return of_subjects(operations.FUNCTION, [*kinds.values()][:MOST_STATES])


def _kind_of(network: Json) -> str:
    groups = sorted(network.get("SecurityGroupIds") or ())
    flag = network.get("Ipv6AllowedForDualStack")
    return json.dumps([sorted(network.get("SubnetIds") or ()), groups, flag])


def drop_environments(reader: Reader) -> None:
    """Take environment variables away: they hold secrets, and decide about no path."""
    for function in reader.items(operations.FUNCTIONS):
        function.pop("Environment", None)
    for answer in reader.answers.get(operations.FUNCTION.answer_name) or ():
        answer.pop("Environment", None)
