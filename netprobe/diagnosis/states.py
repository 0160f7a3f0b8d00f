"""How a client meets one address family of one target: works, absent, failing at once or late."""

from __future__ import annotations

from enum import Enum, auto

from netprobe.diagnosis.paths import hangs_on_record
from netprobe.model.observation import Outcome
from netprobe.model.report import Path, PathVerdict
from netprobe.model.trace import Reason


class State(Enum):
    """One family of one target, as a client meets it."""

    WORKS = auto()
    REFUSED = auto()
    ABSENT = auto()
    """Never tried: no record, or no local address."""
    FAST = auto()
    """Fails at once, so that the next address is tried without delay."""
    SILENT = auto()
    """Fails after the client's own patience."""
    PERHAPS = auto()
    """Works where the name has a record of the family, and is never tried where it has none."""
    UNKNOWN = auto()


_STATE_OF_OUTCOME = {
    Outcome.DNS_NODATA: State.ABSENT,
    Outcome.DNS_NXDOMAIN: State.ABSENT,
    Outcome.NO_LOCAL_ADDRESS: State.ABSENT,
    Outcome.REFUSED: State.FAST,
    Outcome.UNREACHABLE: State.FAST,
}
_ABSENCE = frozenset(
    {
        Reason.IPV6_NOT_ALLOWED,
        Reason.NO_IPV6_BLOCK,
        Reason.NO_IPV4_BLOCK,
        Reason.NO_ADDRESS_RECORD,
        Reason.DNS_FIREWALL,
    }
)


def state_of(path: Path) -> State:
    """Return how a client meets a path, by the packets where they were sent."""
    match path.verdict:
        case PathVerdict.WORKS:
            return State.WORKS
        case PathVerdict.REFUSED:
            return State.REFUSED
        case PathVerdict.UNKNOWN:
            perhaps = path.observation is None and path.trace and hangs_on_record(path.trace)
            return State.PERHAPS if perhaps else State.UNKNOWN
        case PathVerdict.BLOCKED:
            if path.observation is not None and path.observation.outcome is not Outcome.NOT_PROBED:
                return _STATE_OF_OUTCOME.get(path.observation.outcome, State.SILENT)
            return State.ABSENT if _absences(path) else State.SILENT


def _absences(path: Path) -> tuple[Reason, ...]:
    blockers = path.trace.blockers if path.trace else ()
    return tuple(item.reason for item in blockers if item.reason in _ABSENCE)
