"""Where sources start, worked out once for each source."""

from __future__ import annotations

from netprobe.analysis.fabric import Fabric
from netprobe.analysis.places import Origin, locate_origin
from netprobe.model.addresses import Family
from netprobe.model.flow import Source

MOST_SOURCES = 4096
"""Sources come with the flows, so what is kept of them is bounded."""


class Origins:
    """The origins of the sources asked about last, by identity: comparing sources costs more."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        self._known: dict[int, tuple[Source, dict[Family, Origin]]] = {}

    def find(self, source: Source, family: Family) -> Origin:
        """Return where a source starts in one family."""
        entry = self._known.get(id(source))
        if entry is None:
            if len(self._known) >= MOST_SOURCES:
                self._known.clear()
            # The source is kept with its origins, so that its identity is not used again.
            entry = self._known[id(source)] = (source, {})
        origins = entry[1]
        if family not in origins:
            origins[family] = locate_origin(self._fabric, source, family)
        return origins[family]
