"""From which public address the far end saw us, and whose address that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.model.addresses import Address, parse_address
from netprobe.model.observation import Observation, StageName
from netprobe.model.report import Path
from netprobe.model.snapshot import Snapshot


def egress_identities(snapshot: Snapshot, paths: Iterable[Path]) -> tuple[str, ...]:
    """Return a sentence per source and family, where a far end told the address it saw.

    An allow-list at the far end has to hold this address, and a NAT gateway that was replaced has
    another one; traffic that leaves with an address of nobody here goes through something the
    account does not show.
    """
    return tuple(dict.fromkeys(_sentences(snapshot, paths)))


def _sentences(snapshot: Snapshot, paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        address = _seen_as(path.observation) if path.observation else None
        if address is not None:
            who = _owner(snapshot, address, path.observation)
            family = path.key.family.label
            yield f"from {path.key.source} over {family} the far end saw {address}, {who}"


def _seen_as(seen: Observation) -> Address | None:
    stage = seen.stage(StageName.REQUEST)
    text = stage.detail.get("seen_as") if stage else None
    return parse_address(text) if isinstance(text, str) else None


def _owner(snapshot: Snapshot, address: Address, seen: Observation | None) -> str:
    for gateway in snapshot.nat_gateways:
        if address in gateway.public_addresses:
            return f"the address of {gateway.nat_gateway_id}"
    if seen is not None and seen.source_address == str(address):
        return "its own address"
    interface = snapshot.interface_with_public(address)
    if interface is not None:
        return f"the address of {interface.network_interface_id}"
    return "which is no address of this configuration: it leaves through something not shown here"
