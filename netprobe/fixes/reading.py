"""Changes as people propose them: JSON values -> the change language, or what is wrong.

It reads what ``BaseChange.values`` writes. What a field takes is the type it is declared with, so
a change that is added to the language can be read without another line here.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from ipaddress import ip_network
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from netprobe.errors import UsageError
from netprobe.model.addresses import Network
from netprobe.model.changes import AllowInGroup, Change
from netprobe.model.ports import PortSet

KINDS: Mapping[str, type[Change]] = {kind.action: kind for kind in get_args(Change)}
"""Every change of the language, by its action."""

_LONGEST = 60
_NUMBERS = {"protocol": (0, 255), "rule_number": (1, 32766), "number": (0, 255)}
"""What AWS takes: IP protocol numbers, network ACL entries, /64s of a VPC's /56."""
_WORDS = {"mode": ("allow-egress", "allow-bidirectional")}
"""``InternetGatewayExclusionMode`` of CreateVpcBlockPublicAccessExclusion."""

Read = Callable[[Any], Any]


class _UnfitError(ValueError):
    """A value does not fit its field; the text says what would."""


def read_changes(document: object) -> tuple[Change, ...]:
    """Return the changes of a list, or of a fix that has one; raises UsageError."""
    listed = document.get("changes") if isinstance(document, Mapping) else document
    if not isinstance(listed, list):
        raise _unreadable("no list of changes", 'give [...], or {"changes": [...]}')
    if not listed:
        raise _unreadable("the list of changes is empty", "name at least one change")
    return tuple(_read_change(item, number) for number, item in enumerate(listed, start=1))


def _read_change(item: object, number: int) -> Change:
    where = f"change {number}"
    if not isinstance(item, Mapping):
        raise _unreadable(f"{where} is no object", 'it is {"action": "...", "values": {...}}')
    action = item.get("action")
    if not isinstance(action, str):
        raise _unreadable(f"{where} has no action", _known(KINDS))
    if action not in KINDS:
        what = f"{where}: no action {_shown(action)}"
        raise _unreadable(what, _nearest(action, KINDS) or _known(KINDS))
    where = f"{where} ({action})"
    _refuse_others(where, item, ("action", "values", "says"))
    values = item.get("values")
    if not isinstance(values, Mapping):
        raise _unreadable(f"{where} has no object values", f"it has {_names(KINDS[action])}")
    return _build(KINDS[action], values, where)


def _build(kind: type[Change], values: Mapping[str, Any], where: str) -> Change:
    declared = {item.name: item for item in fields(kind)}
    _refuse_others(where, values, declared)
    missing = [name for name, item in declared.items() if name not in values and _is_needed(item)]
    if missing:
        raise _unreadable(f"{where} lacks {', '.join(missing)}", f"it has {_names(kind)}")
    read = {}
    for name, value in values.items():
        try:
            read[name] = _reader(kind, name)(value)
        except _UnfitError as error:
            what = f"{where}: {name} is {_shown(value)}"
            raise _unreadable(what, f"it takes {error}") from None
    change = kind(**read)
    if isinstance(change, AllowInGroup) and len([i for i in _PEERS if getattr(change, i)]) != 1:
        raise _unreadable(f"{where} has not one peer", f"give one of {', '.join(_PEERS)}")
    return change


_PEERS = ("cidr", "peer_group_id", "prefix_list_id")


def _is_needed(item: Field[Any]) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _refuse_others(where: str, given: Iterable[str], known: Iterable[str]) -> None:
    known = tuple(known)
    for name in given:
        if name not in known:
            hint = _nearest(name, known) or f"known: {', '.join(known)}"
            raise _unreadable(f"{where} has no field {_shown(name)}", hint)


def _reader(kind: type[Change], name: str) -> Read:
    declared = get_type_hints(kind)[name]
    if declared is int and name in _NUMBERS:
        return _within(*_NUMBERS[name])
    if declared is str and name in _WORDS:
        return _one_of(_WORDS[name])
    return _reader_of(declared)


def _reader_of(declared: Any) -> Read:  # noqa: ANN401 # types have no common type
    """Return what reads values of a declared type; raises TypeError for one that has no reader."""
    if declared == Network:
        return _read_network
    if get_origin(declared) in {Union, UnionType}:
        inner = [item for item in get_args(declared) if item is not NoneType]
        read = _reader_of(inner[0] if len(inner) == 1 else Union[tuple(inner)])  # noqa: UP007 # made of values
        return lambda value: None if value is None else read(value)
    if get_origin(declared) is tuple:
        return _each(_reader_of(get_args(declared)[0]))
    if isinstance(declared, type) and issubclass(declared, StrEnum):
        read_word = _one_of(tuple(declared))
        return lambda value: declared(read_word(value))
    if declared not in _PLAIN:
        message = f"a change has a field of a type that cannot be read: {declared}"
        raise TypeError(message)
    return _PLAIN[declared]


def _read_network(value: object) -> Network:
    if isinstance(value, str):
        try:
            return ip_network(value)
        except ValueError:
            pass
    raise _unfit("a block such as 10.0.1.0/24 or ::/0")


def _read_ports(value: object) -> PortSet:
    """Return the ports written as ``443``, ``1024-65535`` or ``80,443``."""
    if isinstance(value, str):
        try:
            ranges = [_range(part) for part in value.split(",")]
            return PortSet(tuple(ranges))
        except ValueError:
            pass
    raise _unfit('a string of ports such as "443", "1024-65535" or "80,443"')


def _range(text: str) -> tuple[int, int]:
    low, dash, high = text.partition("-")
    if not all(item.isascii() and item.isdigit() for item in (low, high if dash else low)):
        raise ValueError(text)
    return int(low), int(high if dash else low)


def _read_text(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise _unfit("a string")


def _read_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _unfit("true or false")


def _read_int(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _unfit("a whole number")


_PLAIN: Mapping[object, Read] = {
    str: _read_text,
    bool: _read_bool,
    int: _read_int,
    PortSet: _read_ports,
}


def _within(low: int, high: int) -> Read:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise _unfit(f"a whole number from {low} to {high}")
        return value

    return read


def _one_of(words: tuple[str, ...]) -> Read:
    def read(value: object) -> str:
        if isinstance(value, str) and value in words:
            return value
        raise _unfit(f"one of {', '.join(words)}")

    return read


def _each(read_item: Read) -> Read:
    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _unfit("a list")
        return tuple(map(read_item, value))

    return read


def _unfit(wanted: str) -> _UnfitError:
    return _UnfitError(wanted)


def _names(kind: type[Change]) -> str:
    return ", ".join(item.name for item in fields(kind))


def _known(names: Iterable[str]) -> str:
    return f"known: {', '.join(names)}"


def _nearest(given: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(given, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else ""


def _shown(value: object) -> str:
    """Return a value from a file, short enough for one line."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _unreadable(what: str, hint: str) -> UsageError:
    return UsageError("unreadable-change", what, hint=hint)
