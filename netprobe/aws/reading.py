"""Reading values out of AWS's JSON: what is absent or null has a default, what is wrong raises.

A value of the wrong type is never taken for another one, because a string that counts as true
or a number that counts as a name would be a configuration nobody has.
"""

from __future__ import annotations

from typing import Any

from netprobe.model.addresses import Network, parse_network

Json = dict[str, Any]

UNREADABLE = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What reading an item raises that is not what AWS describes."""

_SHOWN = 40


def wrong(key: str, value: object) -> ValueError:
    """Return the error for a value that cannot be what AWS sent."""
    return ValueError(f"{key} is {value!r:.{_SHOWN}}")


def as_object(value: object, key: str) -> Json:
    """Return a value as the JSON object it has to be; raises ValueError."""
    if isinstance(value, dict):
        return value
    raise wrong(key, value)


def text(item: Json, key: str) -> str:
    """Return a string that has to be there; raises KeyError or ValueError."""
    value = item[key]
    if isinstance(value, str) and value:
        return value
    raise wrong(key, value)


def maybe_text(item: Json, key: str) -> str | None:
    """Return a string, or None when it is absent, null or empty; raises ValueError."""
    value = item.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    raise wrong(key, value)


def number(item: Json, key: str) -> int:
    """Return a whole number that has to be there, digits allowed; raises KeyError, ValueError."""
    value = item[key]
    if isinstance(value, str):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise wrong(key, value)


def maybe_number(item: Json, key: str) -> int | None:
    """Return a whole number, or None when it is absent or null; raises ValueError."""
    return None if item.get(key) is None else number(item, key)


def flag(item: Json, key: str) -> bool:
    """Return true or false that has to be there; raises KeyError or ValueError."""
    value = item[key]
    if isinstance(value, bool):
        return value
    raise wrong(key, value)


def maybe_flag(item: Json, key: str) -> bool | None:
    """Return true or false, or None when it is absent or null; raises ValueError."""
    return None if item.get(key) is None else flag(item, key)


def is_set(item: Json, key: str) -> bool:
    """Tell whether something is switched on; absent and null are off; raises ValueError."""
    return maybe_flag(item, key) is True


def part(item: Json, key: str) -> Json:
    """Return an object inside the item, an empty one when absent; raises ValueError."""
    value = item.get(key)
    return {} if value is None else as_object(value, key)


def parts(item: Json, key: str) -> list[Json]:
    """Return a list of objects, none when absent; raises ValueError."""
    value = item.get(key)
    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    raise wrong(key, value)


def stated_parts(item: Json, key: str) -> list[Json]:
    """Return a list of objects that AWS always sends, if empty; raises KeyError, ValueError."""
    if item[key] is None:
        raise wrong(key, None)
    return parts(item, key)


def texts(item: Json, key: str) -> tuple[str, ...]:
    """Return a list of strings, none when absent; raises ValueError."""
    value = item.get(key)
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    raise wrong(key, value)


def stated_texts(item: Json, key: str) -> tuple[str, ...]:
    """Return a list of strings that AWS always sends, if empty; raises KeyError, ValueError."""
    if item[key] is None:
        raise wrong(key, None)
    return texts(item, key)


def each_text(items: list[Json], key: str) -> tuple[str, ...]:
    """Return the strings that a list of objects has under a key; raises ValueError."""
    return tuple(found for item in items if (found := maybe_text(item, key)) is not None)


def networks(items: list[Json], key: str) -> tuple[Network, ...]:
    """Return the CIDRs that every object of a list has under a key; raises ValueError."""
    return tuple(parse_network(text(item, key)) for item in items)


def name_of(item: Json) -> str | None:
    """Return the Name tag; a name decides nothing, so an odd one counts as none."""
    tags = item.get("Tags")
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, dict) and tag.get("Key") == "Name":
            value = tag.get("Value")
            return value if isinstance(value, str) else None
    return None


def bare_name(value: str) -> str:
    """Return a domain name in the form names are compared in: lower case, no final dot."""
    return value.removesuffix(".").lower()


def bare_zone(value: str) -> str:
    """Return a hosted zone's id without the ``/hostedzone/`` some answers put before it."""
    return value.rpartition("/")[2]
