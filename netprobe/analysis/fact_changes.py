"""Two snapshots -> the facts of the configuration that are not the same in both.

It walks the fields of the values, so a field that a resource is given later is compared without
another line here. What one side could not read is no change: it is told apart, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from netprobe.analysis.compiled_groups import write_rule
from netprobe.analysis.fact_calls import CALLS
from netprobe.analysis.fact_words import (
    kind_of,
    part_of,
    plural_of,
    write_policy,
    write_value,
)
from netprobe.model.comparison import Fact, FactChange
from netprobe.model.interconnect import TransitGatewayRoute
from netprobe.model.names import FirewallRule
from netprobe.model.policies import RolePolicies
from netprobe.model.resources import (
    BlockPublicAccess,
    InternetGateway,
    NetworkAclEntry,
    Route,
)
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Function

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_IGNORED = frozenset({"available_ip_address_count", "region", "ip_address_type_assumed"})
"""What changes without anybody's doing, or says how something was read."""
_NONE_IS_UNREAD = frozenset(
    {
        "block_public_access", "enable_dns_hostnames", "enable_dns_support", "domains",
        "last_update_reason", "last_update_reason_code", "last_update_status", "listeners",
        "owner_id", "private_dns_only_for_inbound", "state", "state_reason", "state_reason_code",
    }
)  # fmt: skip
"""Fields in which None says that nobody asked, or that the answer came without."""
_READ_WHEN_ASKED = frozenset({"role_policies", "bucket_policies"})
"""What is read only where a question needs it: one that is not there says nothing."""
_NO_PATH_NEEDS = _READ_WHEN_ASKED | {"databases", "endpoint_services"}
_READ_FLAGS = {
    "cidrs": "entries_read",
    "records": "records_read",
    "routes": "routes_read",
    "attachment_ids": "associations_read",
    "subnet_ids": "subnets_read",
    "exclusions": "exclusions_read",
    "policies": "complete",
}
"""By field the flag that is False where it could not be read."""


def changed_facts(before: Snapshot, now: Snapshot) -> tuple[Fact, ...]:
    """Return every fact that both could read and that is not the same, in a stable order."""
    return tuple(
        fact
        for name in CALLS
        if not _unread(name, before, now)
        for fact in _of_field(name, getattr(before, name), getattr(now, name))
    )


def not_compared(before: Snapshot, now: Snapshot) -> tuple[str, ...]:
    """Return a sentence for each kind of resource that one of both could not read.

    What neither tried to read and no path needs is not worth a word.
    """
    return tuple(
        f"{plural_of(name)} were not compared: {', '.join(calls)} not read in {side}"
        for name in CALLS
        if (calls := _unread(name, before, now)) and not _is_left_out(name, before, now)
        for side in (_where(name, before, now),)
    )


def _unread(name: str, *sides: Snapshot) -> list[str]:
    """Return the calls of a field whose answer a side lacks."""
    return [call for call in CALLS[name] if any(side.gap(call) is not None for side in sides)]


def _where(name: str, before: Snapshot, now: Snapshot) -> str:
    first, second = bool(_unread(name, before)), bool(_unread(name, now))
    return "both" if first and second else "the first" if first else "the second"


def _is_left_out(name: str, *sides: Snapshot) -> bool:
    gaps = [side.gap(call) for call in _unread(name, *sides) for side in sides]
    return name in _NO_PATH_NEEDS and all(gap is not None and not gap.asked for gap in gaps)


def _of_field(
    name: str, before: tuple[DataclassInstance, ...], now: tuple[DataclassInstance, ...]
) -> Iterator[Fact]:
    old, new = ({_identity(item): item for item in side} for side in (before, now))
    for key, item in old.items():
        if key in new:
            yield from _of_resource(_kind(name, item), item, new[key])
    if name in _READ_WHEN_ASKED:
        return
    for key in (key for key in old if key not in new):
        yield _whole(old[key], _kind(name, old[key]), FactChange.REMOVED)
    for key in (key for key in new if key not in old):
        yield _whole(new[key], _kind(name, new[key]), FactChange.ADDED)


def _kind(name: str, item: DataclassInstance) -> str:
    """Return what people call a resource; a snapshot holds two kinds of gateway in one field."""
    kind = kind_of(name)
    egress_only = isinstance(item, InternetGateway) and item.egress_only
    return f"egress-only {kind}" if egress_only else kind


def _identity(item: DataclassInstance) -> object:
    """Return what makes it the same thing in another snapshot: mostly the first field, its id."""
    match item:
        case BlockPublicAccess():
            return (item.account, item.region)
        case RolePolicies():
            return item.key
        case Function():
            return item.function_arn
        case FirewallRule():
            return (item.vpc_id, item.rule_group_id, item.priority, item.query_type)
        case _:
            return getattr(item, fields(item)[0].name)


def _name(item: DataclassInstance) -> str:
    match item:
        case BlockPublicAccess():
            return "/".join(filter(None, (item.account, item.region))) or "the account"
        case FirewallRule():
            return item.rule_group_id or item.vpc_id
        case _:
            return str(getattr(item, fields(item)[0].name))


def _whole(item: DataclassInstance, kind: str, change: FactChange) -> Fact:
    return Fact(resource_id=_name(item), kind=kind, change=change, what="")


def _of_resource(kind: str, before: DataclassInstance, now: DataclassInstance) -> Iterator[Fact]:
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(now, field.name)
        if old == new or field.name in _IGNORED or _was_not_read(field.name, before, now):
            continue
        make = _Maker(resource_id=_name(now), kind=kind, field=field.name)
        if isinstance(old, tuple | frozenset) and isinstance(new, tuple | frozenset):
            yield from make.of_several(old, new)
        elif not field.name.endswith("_read") and field.name != "complete":
            yield make.of_value(old, new)


def _was_not_read(name: str, before: DataclassInstance, now: DataclassInstance) -> bool:
    flag = _READ_FLAGS.get(name, "")
    if not all(getattr(item, flag, True) for item in (before, now)):
        return True
    values = (getattr(before, name), getattr(now, name))
    return (name in _NONE_IS_UNREAD and None in values) or (name == "stages" and () in values)


class _Maker:
    """Makes the facts of one field of one resource."""

    def __init__(self, *, resource_id: str, kind: str, field: str) -> None:
        self._resource_id = resource_id
        self.kind_of = kind
        self._field = field
        self._what = part_of(field)

    def of_value(self, old: object, new: object) -> Fact:
        """Return the change of a single value; a policy's text is longer than a line."""
        is_text = self._field == "policy"
        written = write_policy if is_text else write_value
        return self._fact(FactChange.CHANGED, written(old), written(new))

    def of_several(self, old: Iterable[Any], new: Iterable[Any]) -> Iterator[Fact]:
        """Yield what came and went; two with the same key are one that changed."""
        gone, came = _by_slot({*old} - {*new}), _by_slot({*new} - {*old})

        def words(slot: object) -> str:
            return min(map(self._written, (*gone.get(slot, ()), *came.get(slot, ()))))

        for slot in sorted({*gone, *came}, key=words):
            was = sorted(map(self._written, gone.get(slot, ())))
            now = sorted(map(self._written, came.get(slot, ())))
            if len(was) == len(now) == 1:
                yield self._fact(FactChange.CHANGED, was[0], now[0])
                continue
            for text in was:
                yield self._fact(FactChange.REMOVED, text, None)
            for text in now:
                yield self._fact(FactChange.ADDED, None, text)

    @property
    def _written(self) -> Callable[[Any], str]:
        if self._field == "policies":
            return write_policy
        if self._field in {"ingress", "egress"}:
            return lambda rule: write_rule(rule, egress=self._field == "egress")
        return write_value

    def _fact(self, change: FactChange, was: str | None, now: str | None) -> Fact:
        return Fact(
            resource_id=self._resource_id,
            kind=self.kind_of,
            change=change,
            what=self._what,
            was=was,
            now=now,
        )


def _by_slot(items: Iterable[Any]) -> dict[object, list[Any]]:
    found: dict[object, list[Any]] = {}
    for item in items:
        found.setdefault(_slot(item), []).append(item)
    return found


def _slot(item: Any) -> object:  # noqa: ANN401 # an element of any field
    """Return what only one element of a resource can have, else the element itself.

    Routes: one per destination. Entries of a network ACL: one per number and direction.
    https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
    """
    match item:
        case Route() | TransitGatewayRoute():
            return (item.destination, item.prefix_list_id)
        case NetworkAclEntry():
            return (item.egress, item.rule_number)
        case _:
            return item
