"""What ``--dry-run`` prints: every resource, permission and cost, before anything is created."""

from __future__ import annotations

import json as json_module
import textwrap
from collections.abc import Iterator
from typing import Any

from netprobe.render.clean import clean

Json = dict[str, Any]

SCHEMA = "netprobe.plan/1"
COST = (
    "a few GB-seconds of Lambda, under a tenth of a US cent per check; nothing that is "
    "billed while it stands"
)


def render_plan(document: Json, *, json: bool, width: int) -> str:
    """Return the plan as text or as one JSON document.

    ``document`` has run_id, account, region, vpc_id, standing_for, role, role_arn, functions,
    caller_actions and targets, as the command line made them of the deploy plan.
    """
    if json:
        return json_module.dumps({"schema": SCHEMA} | document | {"cost": COST}, indent=2)
    return "\n".join(
        line
        for paragraph in _lines(document)
        for line in textwrap.wrap(
            clean(paragraph),
            width,
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
            replace_whitespace=False,
        )
        or [""]
    )


def _lines(document: Json) -> Iterator[str]:
    account = document["account"] or "unknown"
    yield f"plan for {document['vpc_id']} in {document['region']}, account {account}:"
    stays = document["standing_for"] is not None
    command = "deploy" if stays else "check"
    yield f"nothing was created; without --dry-run, {command} would"
    yield ""
    if document["role"]:
        role = document["role"]
        yield (
            f"create role {role['path']}{role['name']}: Lambda may manage its interfaces, the"
            " probe's own code may do nothing"
        )
    else:
        yield f"use role {document['role_arn']}"
    for function in document["functions"]:
        yield from _function(function)
    if stays:
        yield "leave them in place for netprobe probe, until netprobe destroy"
    else:
        yield f"invoke each function once, with {len(document['targets'])} targets:"
        for target in document["targets"]:
            yield f"  {target}"
        yield "remove the functions, then the role (or name what AWS still holds)"
    yield ""
    yield "tag everything netprobe:run=" + document["run_id"]
    yield "needs: " + ", ".join(document["caller_actions"])
    yield "costs: " + COST


def _function(function: Json) -> Iterator[str]:
    source = function["source"]
    groups = ", ".join(source["security_group_ids"]) or "the default group"
    ipv6 = "on" if source["ipv6_allowed"] else "off"
    yield (
        f"create function {function['name']} in {source['subnet_id']}, groups {groups}, "
        f"IPv6 {ipv6}, {function['runtime']} {function['architecture']}, "
        f"{function['memory_mb']} MB, {function['timeout_seconds']} s"
    )
