"""How a JSON value becomes a dataclass: exactly the shape declared, or a reason why not."""

from __future__ import annotations

import functools
import json
import math
import types
import typing
from dataclasses import fields, is_dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable


class WireError(ValueError):
    """The value is not a message of this schema; the message says where and why."""


def parse_json(text: str | bytes) -> object:
    """Return the value a JSON text says; raises WireError for anything else."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        message = f"not JSON: {error}"
        raise WireError(message) from error


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not a JSON number"  # Python reads NaN and Infinity, RFC 8259 does not
    raise ValueError(message)


def as_json(value: Any) -> Any:  # noqa: ANN401 - any dataclass with slots, and all in it
    """Return a message as JSON values; dataclasses.asdict copies every leaf and takes 4 times."""
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {name: as_json(getattr(value, name)) for name in value.__slots__}
    return value


def is_address(text: str) -> bool:
    """Tell whether a text is a literal IPv4 or IPv6 address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def read_as(kind: object, value: object, where: str) -> object:
    """Return ``value`` as ``kind``, checked all the way down; ``where`` names it in errors."""
    if is_dataclass(kind):
        return _read_dataclass(kind, value, where)
    read = _READERS.get(typing.get_origin(kind) or kind, _read_exactly)
    return read(kind, value, where)


def _read_anything(_kind: object, value: object, _where: str) -> object:
    return value


def _read_optional(kind: object, value: object, where: str) -> object:
    if value is None:
        return None
    [wanted] = (part for part in typing.get_args(kind) if part is not type(None))
    return read_as(wanted, value, where)


def _read_literal(kind: object, value: object, where: str) -> object:
    choices = typing.get_args(kind)
    if not isinstance(value, str) or value not in choices:
        raise _unexpected(value, where, f"one of {', '.join(choices)}")
    return value


def _read_tuple(kind: object, value: object, where: str) -> object:
    return tuple(_read_list(kind, value, where))


def _read_list(kind: object, value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise _unexpected(value, where, "a list")
    wanted = typing.get_args(kind)[0]
    return [read_as(wanted, item, f"{where}[{n}]") for n, item in enumerate(value)]


def _read_dict(kind: object, value: object, where: str) -> object:
    wanted = typing.get_args(kind)[1]
    items = _object(value, where).items()
    return {key: read_as(wanted, item, f"{where}.{key}") for key, item in items}


def _read_number(_kind: object, value: object, where: str) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unexpected(value, where, "a number")
    try:
        number = float(value)
    except OverflowError:  # an integer past 1.8e308 is valid JSON
        number = math.inf
    if not math.isfinite(number):
        raise _unexpected(value, where, "a finite number")
    return number


def _read_exactly(kind: object, value: object, where: str) -> object:
    if type(value) is not kind:  # bool is an int for isinstance, and not for JSON
        raise _unexpected(value, where, f"a {getattr(kind, '__name__', kind)}")
    return value


def _read_dataclass(kind: Any, value: object, where: str) -> object:  # noqa: ANN401 - any dataclass
    hints = _field_types(kind)
    given = _object(value, where)
    unknown = sorted(set(given) - set(hints))
    if unknown:
        message = f"{where}: unknown key {unknown[0]!r:.80}"
        raise WireError(message)
    arguments = {key: read_as(hints[key], item, f"{where}.{key}") for key, item in given.items()}
    try:
        return kind(**arguments)
    except (TypeError, ValueError) as error:  # a key is absent; a value is out of its range
        message = f"{where}: {str(error).removeprefix(f'{kind.__name__}.__init__() ')}"
        raise WireError(message) from error


@functools.cache
def _field_types(kind: Any) -> dict[str, object]:  # noqa: ANN401 - any dataclass
    hints = typing.get_type_hints(kind)
    return {item.name: hints[item.name] for item in fields(kind)}


def _object(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _unexpected(value, where, "an object")
    return value


def _unexpected(value: object, where: str, wanted: str) -> WireError:
    return WireError(f"{where}: expected {wanted}, found {value!r:.80}")


_READERS: dict[object, Callable[[object, object, str], object]] = {
    Any: _read_anything,
    typing.Union: _read_optional,
    types.UnionType: _read_optional,
    Literal: _read_literal,
    tuple: _read_tuple,
    list: _read_list,
    dict: _read_dict,
    float: _read_number,
}
