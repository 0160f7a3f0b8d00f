"""Mutants of dumps, loaded and traced: ``python -m tests.fuzz.mutants [COUNT] [SEED]``.

Each either loads or ends in one line, a walk over what was loaded never raises, and a mutant
that only loses information delivers nothing that the dump itself did not.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from netprobe.analysis.tracer import trace_flow
from netprobe.aws.dump_kinds import recognise
from netprobe.aws.saved import load_snapshot
from netprobe.errors import NetprobeError
from netprobe.model.addresses import parse_address
from netprobe.model.flow import ICMP, TCP, UDP, Flow, Source
from netprobe.model.resources import NetworkInterface
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition
from tests.every_kind import DUMPS
from tests.fuzz.mutations import Mutant, mutate

PLACEBO = "cloud-custodian-placebo"
FOLDERS = {
    "every-kind": 8,
    "batfish-hybrid-cloud-aws": 5,
    "cloudmapper-demo": 2,
    "npguard-collector-example": 2,
    f"{PLACEBO}/test_cross_az_nat_gateway_route_filter": 1,
    f"{PLACEBO}/test_eni_private_subnet": 1,
    f"{PLACEBO}/test_vpc_scenario_2": 1,
    f"{PLACEBO}/test_tgw_attachment_metrics_filter": 1,
    f"{PLACEBO}/test_vpce_sg_filter": 1,
}
"""The dumps, and how often each is spoiled."""

FAR = tuple(map(parse_address, ("198.51.100.7", "192.0.2.7", "2600:1f00::7", "64:ff9b::c000:207")))
UNKNOWN_INSIDE = tuple(map(parse_address, ("10.0.1.99", "10.2.0.7", "10.3.0.7", "10.7.0.7")))
SERVICES = ((TCP, 443), (TCP, 22), (UDP, 53), (ICMP, 0))
MOST_SOURCES, MOST_NEAR = 4, 4


@dataclass(slots=True)
class Dump:
    """One dump, with flows through it and how they fare when nothing is spoiled."""

    name: str
    root: Path
    files: dict[Path, bytes]
    flows: list[Flow] = field(default_factory=list)
    fates: list[Disposition] = field(default_factory=list)


def open_dump(name: str, work: Path) -> Dump:
    """Return a dump of the repository, copied to where it can be spoiled.

    Its instances run, because through stopped ones no flow could be opened.
    """
    root = work / name.replace("/", "-")
    shutil.copytree(DUMPS / name, root)
    for path in root.rglob("*.json"):
        path.write_bytes(path.read_bytes().replace(b'"stopped"', b'"running"'))
    files = {path: path.read_bytes() for path in sorted(root.rglob("*.json"))}
    snapshot = load_snapshot(root)
    dump = Dump(name, root, {path: text for path, text in files.items() if _matters(path, text)})
    dump.flows = list(flows_through(snapshot))
    dump.fates = [trace_flow(snapshot, flow).disposition for flow in dump.flows]
    return dump


def _matters(path: Path, content: bytes) -> bool:
    """Tell whether any of AWS's answers that netprobe knows is in a file."""
    return any(True for _ in recognise(orjson.loads(content), path.name))


def flows_through(snapshot: Snapshot) -> Iterator[Flow]:
    """Yield flows from interfaces, or from subnets where there are none, to near and far."""
    near = [address for item in snapshot.network_interfaces for address in item.addresses]
    for source in sources_in(snapshot):
        for number, address in enumerate((*near[:MOST_NEAR], *near[-1:], *FAR, *UNKNOWN_INSIDE)):
            protocol, port = SERVICES[number % len(SERVICES)]
            yield Flow(source=source, destination=address, protocol=protocol, port=port)


def sources_in(snapshot: Snapshot) -> list[Source]:
    """Return a few sources of a snapshot."""
    found = [_behind(item) for item in snapshot.network_interfaces]
    groups = tuple(item.group_id for item in snapshot.security_groups[:1])
    found = found or [
        Source(id=item.subnet_id, vpc_id=item.vpc_id, subnet_id=item.subnet_id,
               security_group_ids=groups, ipv6_allowed=True)
        for item in snapshot.subnets
    ]  # fmt: skip
    return found[:MOST_SOURCES]


def _behind(item: NetworkInterface) -> Source:
    return Source(
        id=item.network_interface_id,
        vpc_id=item.vpc_id,
        subnet_id=item.subnet_id,
        security_group_ids=item.group_ids,
        ipv6_allowed=True,
        interface_id=item.network_interface_id,
        addresses=item.addresses,
    )


def judge(dump: Dump, mutant: Mutant) -> str:
    """Return what became of a mutant; raises AssertionError for what must never happen."""
    try:
        snapshot = load_snapshot(dump.root)
    except NetprobeError as error:
        line = str(error)
        assert line.strip() == line, repr(line)
        assert "\n" not in line, repr(line)
        return "one line"
    for flow, fate in zip(dump.flows, dump.fates, strict=True):
        found = trace_flow(snapshot, flow).disposition
        opened = found is Disposition.DELIVERED and fate is not Disposition.DELIVERED
        assert not (opened and mutant.loses), f"{flow} was {fate} and is {found}"
    return "loads"


def spoiled(dump: Dump, rng: random.Random) -> Iterator[tuple[Path, Mutant]]:
    """Yield a mutant while it is in the dump's folder, and put the file back after."""
    path = rng.choice(list(dump.files))
    mutant = mutate(dump.files[path], rng)
    if mutant.content is None:
        path.unlink()
    else:
        path.write_bytes(mutant.content)
    try:
        yield path, mutant
    finally:
        path.write_bytes(dump.files[path])


def run(count: int, seed: int, *, stop: bool = True) -> tuple[Counter[str], list[str]]:
    """Judge so many mutants; return what became of them, and what went wrong."""
    rng = random.Random(seed)  # noqa: S311 # the same mutants every time
    fates: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as work:
        dumps = [open_dump(name, Path(work)) for name in FOLDERS]
        for _ in range(count):
            dump = rng.choices(dumps, weights=tuple(FOLDERS.values()))[0]
            for path, mutant in spoiled(dump, rng):
                try:
                    fates[judge(dump, mutant)] += 1
                except Exception as error:
                    if stop:
                        raise
                    kind = "" if isinstance(error, AssertionError) else type(error).__name__
                    wrong.append(f"{kind} {dump.name}/{path.name} {mutant.what}: {error}"[:300])
    return fates, wrong


def main() -> int:
    """Print what became of the mutants; return 1 when anything went wrong."""
    count = int(sys.argv[1]) if sys.argv[1:] else 10_000
    seed = int(sys.argv[2]) if sys.argv[2:] else 1
    began = time.monotonic()
    fates, wrong = run(count, seed, stop=False)
    for line in wrong:
        sys.stdout.write(f"wrong: {line}\n")
    told = ", ".join(f"{number} {what}" for what, number in sorted(fates.items()))
    took = time.monotonic() - began
    sys.stdout.write(
        f"{count} mutants, seed {seed}: {told}, {len(wrong)} wrong, in {took:.0f} s\n"
    )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
