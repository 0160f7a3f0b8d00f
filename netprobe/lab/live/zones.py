"""Hosted zones as Route 53 holds them: what a zone answers for a name and a type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What a zone holds for one name and type: values, or the name that has them."""

    values: tuple[str, ...] = ()
    cname: str = ""
    alias: str = ""
    """The target of an alias record; the answer shows the target's addresses as its own."""
    alias_zone: str = ""
    """The id of the hosted zone of the alias's target."""


NOTHING = Records()
"""The name exists and has no record of the type: NODATA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One hosted zone."""

    zone_id: str
    name: str
    private: bool
    vpc_ids: frozenset[str]
    """The VPCs a private zone is associated with."""
    records: Mapping[tuple[str, str], Records]
    """By name and type; a wildcard's name begins with ``*.``."""

    def covers(self, name: str) -> bool:
        """Tell whether a name lies in the zone."""
        return is_within(name, self.name)

    def find(self, name: str, kind: str) -> Records | None:
        """Return what the zone holds for a name, None where the name does not exist in it.

        A wildcard answers for names that do not exist below its parent, see "Using an asterisk
        (*) in the names of hosted zones and records" in the Route 53 guide, and RFC 4592.
        """
        if self._exists(name):
            return self._of(name, kind)
        parent = name
        while parent != self.name:
            parent = parent.partition(".")[2]
            if self._holds(f"*.{parent}"):
                return self._of(f"*.{parent}", kind)
            if self._exists(parent):
                return None  # the closest name that exists has no wildcard below it
        return None

    def _of(self, name: str, kind: str) -> Records:
        return self.records.get((name, kind)) or self.records.get((name, "CNAME"), NOTHING)

    def _holds(self, name: str) -> bool:
        return any(held == name for held, _ in self.records)

    def _exists(self, name: str) -> bool:
        """Tell whether a name has records, or others below it have (an empty non-terminal)."""
        return name == self.name or any(
            held == name or held.endswith(f".{name}") for held, _ in self.records
        )


def is_within(name: str, zone: str) -> bool:
    """Tell whether a name is a zone's own name or below it; the root holds every name."""
    return not zone or name == zone or name.endswith(f".{zone}")


def read_zones(route53: Any) -> tuple[Zone, ...]:
    """Return every hosted zone of the account."""
    found = []
    for page in route53.get_paginator("list_hosted_zones").paginate():
        found += [_zone(route53, str(item["Id"])) for item in page["HostedZones"]]
    return tuple(found)


def _zone(route53: Any, zone_id: str) -> Zone:
    told = route53.get_hosted_zone(Id=zone_id)
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_id)
    sets = [item for page in pages for item in page["ResourceRecordSets"]]
    return Zone(
        zone_id=zone_id.rpartition("/")[2],
        name=plain(told["HostedZone"]["Name"]),
        private=bool((told["HostedZone"].get("Config") or {}).get("PrivateZone")),
        vpc_ids=frozenset(str(item["VPCId"]) for item in told.get("VPCs") or ()),
        records=_records(sets),
    )


def _records(sets: Iterable[Json]) -> dict[tuple[str, str], Records]:
    """Return the records by name and type.

    Of several sets for one name (a routing policy other than simple) one answers: a weight of
    zero is passed over, a failover's secondary too, and multivalue answers come together.
    """
    found: dict[tuple[str, str], Records] = {}
    for item in sets:
        key = (plain(item["Name"]), str(item["Type"]))
        if item.get("Weight") == 0 or item.get("Failover") == "SECONDARY":
            continue
        made = _made(item)
        if item.get("MultiValueAnswer") and key in found:
            made = Records(values=(*found[key].values, *made.values))
        elif key in found:
            continue
        found[key] = made
    return found


def _made(item: Json) -> Records:
    if target := item.get("AliasTarget"):
        return Records(alias=plain(target["DNSName"]), alias_zone=str(target["HostedZoneId"]))
    values = tuple(str(record["Value"]) for record in item.get("ResourceRecords") or ())
    if item["Type"] == "CNAME" and values:
        return Records(cname=plain(values[0]))
    return Records(values=values)


def plain(name: str) -> str:
    r"""Return a name without its final dot, in lower case; Route 53 writes ``*`` as ``\052``."""
    return name.replace("\\052", "*").rstrip(".").lower()
