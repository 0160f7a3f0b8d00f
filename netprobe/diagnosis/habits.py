"""What each common client makes of the families that work and those that do not.

"IPv6 is broken" costs nothing in curl, a minute an address in boto3, and everything in Java or an
old Node: this says which, for every pair of a source and a target.
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.clients import CLIENTS, Client
from netprobe.diagnosis.states import State, state_of
from netprobe.model.addresses import Family
from netprobe.model.report import ClientHabit, ClientOutcome, Path, TargetKind

_NO_CONNECTION = frozenset({TargetKind.UDP, TargetKind.NTP, TargetKind.DNS})
"""Kinds of targets that none of these clients connects to."""


def habits(case: Case) -> Iterator[ClientHabit]:
    """Yield what each client meets, for the sources and targets where that is not the same."""
    for source in case.sources:
        for target in case.targets:
            if target.kind in _NO_CONNECTION:
                continue
            paths = case.between(source, target)
            states = {family: state_of(path) for family, path in paths.items()}
            ends = {client: meet(client, paths, states) for client in CLIENTS.values()}
            if len({outcome for outcome, _ in ends.values()}) < 2:  # noqa: PLR2004 # alike
                continue
            function = case.function(source)
            for client, (outcome, seconds) in ends.items():
                if function is not None and seconds >= function.timeout_seconds:
                    outcome = ClientOutcome.DEAD  # noqa: PLW2901 # nobody waits longer
                yield ClientHabit(
                    source=source.id,
                    target=target.id,
                    client=client.name,
                    tries=tuple(_tried(client, states)),
                    outcome=outcome,
                    seconds=seconds,
                )


def meet(
    client: Client, paths: dict[Family, Path], states: dict[Family, State]
) -> tuple[ClientOutcome, float]:
    """Return how a client ends, and the seconds it lost on the way there."""
    lost = 0.0
    for family in _tried(client, states):
        match states[family]:
            case State.WORKS:
                return (ClientOutcome.SLOW if lost else ClientOutcome.WORKS), lost
            case State.REFUSED:  # connected: no client tries another address after an answer
                return ClientOutcome.REFUSED, lost
            case State.UNKNOWN:
                return ClientOutcome.UNKNOWN, lost
            case State.SILENT:
                lost += _cost(client, paths[family])
            case _:  # failed at once
                pass
        if client.fallback_seconds is None:
            return ClientOutcome.DEAD, lost
    return ClientOutcome.DEAD, lost


def _tried(client: Client, states: dict[Family, State]) -> list[Family]:
    """Return the families a client has an address of, in the order it tries them."""
    return [
        family for family in client.order if states.get(family, State.ABSENT) is not State.ABSENT
    ]


def _cost(client: Client, path: Path) -> float:
    """Return the seconds a silent family costs; clients that do not race wait for each address."""
    if client.fallback_seconds is None:
        return 0.0
    known = path.observation.resolved_addresses if path.observation else ()
    addresses = 1 if client.races else max(1, len(known))
    return client.fallback_seconds * addresses
