"""Which ways out do what a finding says to do: those its advice may be linked with.

A finding's ``fixes`` are all that open its paths. By the side of the words "set a connect timeout"
a link to a NAT gateway would be a riddle, so here the words decide: the way that the advice names,
or else the things it names that a fix changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from netprobe.model.change import NEW, BaseChange
from netprobe.model.finding import Finding, PathKey
from netprobe.model.fix import Fix, Way

_WORDS = {
    Way.NAT_GATEWAY: ("NAT gateway", "-> nat-", "recreate nat-"),
    Way.IPV6: ("IPv6", "egress-only internet gateway"),
    Way.DUAL_STACK_NAME: ("IPv6", "dual-stack name", "USE_DUALSTACK"),
    Way.GATEWAY_ENDPOINT: ("gateway endpoint",),
    Way.INTERFACE_ENDPOINT: ("interface endpoint", "execute-api endpoint"),
}
"""What advice calls each way."""
_NAMING = ("_id", "_ids", "_name", "host", "bucket")
"""How fields of changes end that name a thing."""


def fixes_that_do(finding: Finding, fixes: Iterable[Fix]) -> tuple[str, ...]:
    """Return the ids of the fixes that do what the finding's advice says, in their order."""
    near = [fix for fix in fixes if _ends(fix.opens) & _ends(finding.paths)]
    named = {way for way, words in _WORDS.items() if any(i in finding.advice for i in words)}
    changing = _changing(finding, [fix for fix in near if not named or fix.way is Way.REPAIR])
    return tuple(fix.id for fix in near if fix.way in named or fix.id in changing)


def _ends(paths: Iterable[PathKey]) -> set[tuple[str, str]]:
    """Return what paths join: another family may be the advice for one that fails."""
    return {(key.source, key.target) for key in paths}


def _changing(finding: Finding, fixes: Iterable[Fix]) -> set[str]:
    """Return the fixes of the finding's own paths that change most of what the advice names.

    Of those that mend what is there each does, if only for one family.
    """
    fixes = tuple(fixes)
    counts = {
        fix.id: sum(_says(finding.advice, name) for name in _names(fix))
        for fix in fixes
        if not set(fix.opens).isdisjoint(finding.paths)
    }
    most = max(counts.values(), default=0)
    mending = {fix.id for fix in fixes if fix.way is Way.REPAIR}
    return {i for i, count in counts.items() if count and (count == most or i in mending)}


def _says(advice: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", advice) is not None


def _names(fix: Fix) -> set[str]:
    return {name for change in fix.changes for name in _names_of(change)}


def _names_of(change: BaseChange) -> Iterator[str]:
    """Yield what a change changes; where it makes something is no thing that it changes."""
    for field, value in change.values().items():
        makes = change.action.startswith("create-") and field == "vpc_id"
        if field.endswith(_NAMING) and not makes:
            names = value if isinstance(value, list) else [value]
            yield from (name for name in names if name and not name.startswith(NEW))
