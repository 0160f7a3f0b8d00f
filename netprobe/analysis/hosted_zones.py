"""What a private hosted zone answers for a name.

"Private hosted zones": https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.analysis.questions import within
from netprobe.model.addresses import Address, parse_address
from netprobe.model.names import HostedZone, ResourceRecord

_WILDCARD = "*."
_ESCAPED_WILDCARD = "\\052."
"""How Route 53 writes a wildcard:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneAnswer:
    """What a zone holds for a name and a type; all empty when it has no such record."""

    addresses: tuple[Address, ...] = ()
    leads_to: str | None = None
    """The name a CNAME or alias record leads to."""
    alias: bool = False
    """``leads_to`` is an alias: Route 53 itself looks it up, as public DNS has it."""
    nxdomain: bool = False
    doubt: str = ""
    record: str = ""
    """The record that answers, for people."""


def look_up(zone: HostedZone, host: str, record_type: str) -> ZoneAnswer:
    """Return a zone's answer: the name's own records, else those of the wildcard over it.

    A zone that has no record for a name answers that there is none; public DNS is not asked.
    Wildcards are those of RFC 4592: of the closest name that exists, and of that only.
    """
    delegation = _delegation(zone, host)
    if delegation is not None:
        return ZoneAnswer(doubt=f"{zone.hosted_zone_id} delegates {delegation.name} elsewhere")
    owner = host if _exists(zone, host) else _wildcard(zone, host)
    if owner is None:
        return ZoneAnswer(nxdomain=True)
    records = [item for item in zone.records if _owner(item) == owner]
    wanted = [item for item in records if item.type == record_type]
    canonical = [item for item in records if item.type == "CNAME"]
    return _answer(wanted or canonical)


def _answer(records: list[ResourceRecord]) -> ZoneAnswer:
    """Return what the records of one name and type answer."""
    if not records:
        return ZoneAnswer()
    first = records[0]
    doubt = "" if all(item.decided for item in records) else _undecided(first)
    if first.alias_target is not None or first.type == "CNAME":
        target = first.alias_target or next(iter(first.values), "")
        alias = first.alias_target is not None
        kind = f"{first.type} alias" if alias else "CNAME"
        return ZoneAnswer(
            leads_to=target.rstrip(".").lower() or None,
            alias=alias,
            doubt=doubt,
            record=f"{first.name} {kind} {target}",
        )
    addresses = tuple(_addresses(records))
    written = ", ".join(str(item) for item in addresses)
    return ZoneAnswer(
        addresses=addresses, doubt=doubt, record=f"{first.name} {first.type} {written}"
    )


def _undecided(record: ResourceRecord) -> str:
    return f"a routing policy chooses among the {record.type} records of {record.name}"


def _addresses(records: list[ResourceRecord]) -> Iterator[Address]:
    for text in (value for item in records for value in item.values):
        try:
            yield parse_address(text.strip())
        except ValueError:
            continue


def _owner(record: ResourceRecord) -> str:
    name = record.name
    return name.replace(_ESCAPED_WILDCARD, _WILDCARD, 1) if name.startswith("\\") else name


def _exists(zone: HostedZone, host: str) -> bool:
    """Tell whether a name exists, itself or as part of the names below it (RFC 4592)."""
    return host == zone.name or any(within(_owner(item), host) for item in zone.records)


def _wildcard(zone: HostedZone, host: str) -> str | None:
    """Return the wildcard that stands for a name which does not exist."""
    encloser = host
    while within(encloser, zone.name) and encloser != zone.name:
        encloser = encloser.partition(".")[2]
        if _exists(zone, encloser):
            break
    wildcard = f"{_WILDCARD}{encloser}"
    return wildcard if any(_owner(item) == wildcard for item in zone.records) else None


def _delegation(zone: HostedZone, host: str) -> ResourceRecord | None:
    """Return the NS record below the zone's apex that takes the name out of the zone."""
    return next(
        (
            item
            for item in zone.records
            if item.type == "NS" and item.name != zone.name and within(host, item.name)
        ),
        None,
    )
