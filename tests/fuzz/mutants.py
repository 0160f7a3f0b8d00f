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

from netprobe.aws.dump_files import is_own_snapshot
from netprobe.aws.dump_kinds import recognise
from netprobe.aws.saved import load_snapshot
from netprobe.errors import NetprobeError
from netprobe.model.flow import ICMP, TCP, UDP
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition
from netprobe.workflows.flow_requests import FlowRequest
from netprobe.workflows.trace import FlowTracer
from tests.every_kind import DUMPS, REGION
from tests.fuzz.mutations import Mutant, mutate
from tests.reports import recording

PLACEBO = "cloud-custodian-placebo"
STORY = "the demo's last snapshot"
FOLDERS = {
    STORY: 3,
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

FAR = ("198.51.100.7", "192.0.2.7", "2600:1f00::7", "64:ff9b::c000:207")
INSIDE = ("10.0.1.99", "10.2.0.7", "10.3.0.7", "10.7.0.7")
NAMES = ("db.corp.example", "nowhere.corp.example", "bad.example", "api:ws1", "api:rest1",
         "shop.elb.amazonaws.com", f"logs.{REGION}.amazonaws.com", "ws.corp.example")  # fmt: skip
SERVICES = ((TCP, 443), (TCP, 22), (UDP, 53), (ICMP, 0))
MOST_SOURCES, MOST_NEAR = 4, 4


class NoHosts:
    """Stands in for the SDK's rules, which no flow here needs."""

    def host(self, service: str, *, dual_stack: bool) -> str:
        """Know no service."""
        raise NetprobeError("unknown-service", f"no service {service}, dual-stack {dual_stack}")


@dataclass(slots=True)
class Dump:
    """One dump, with flows through it and how they fare when nothing is spoiled."""

    name: str
    root: Path
    files: dict[Path, bytes]
    snapshot: Snapshot
    """What it says when nothing is spoiled."""
    flows: list[FlowRequest] = field(default_factory=list)
    fates: list[Disposition | None] = field(default_factory=list)


def open_dump(name: str, work: Path) -> Dump:
    """Return a dump of the repository, copied to where it can be spoiled.

    Its instances run, because through stopped ones no flow could be opened.
    """
    root = work / name.replace("/", "-")
    if name == STORY:
        root.mkdir()
        story = orjson.dumps(recording()["checks"][-1]["raw"])
        (root / "snapshot.json").write_bytes(story)
    else:
        shutil.copytree(DUMPS / name, root)
    for path in root.rglob("*.json"):
        path.write_bytes(path.read_bytes().replace(b'"stopped"', b'"running"'))
    files = {path: path.read_bytes() for path in sorted(root.rglob("*.json"))}
    snapshot = load_snapshot(root)
    answers = {path: text for path, text in files.items() if _matters(path, text)}
    flows = list(flows_through(snapshot))
    return Dump(name, root, answers, snapshot, flows, fates_of(snapshot, flows))


def _matters(path: Path, content: bytes) -> bool:
    """Tell whether any of AWS's answers that netprobe knows is in a file."""
    document = orjson.loads(content)
    return is_own_snapshot(document) or any(True for _ in recognise(document, path.name))


def flows_through(snapshot: Snapshot) -> Iterator[FlowRequest]:
    """Yield flows from interfaces, functions and subnets to near and far and to names."""
    near = [str(address) for item in snapshot.network_interfaces for address in item.addresses]
    sources = [item.network_interface_id for item in snapshot.network_interfaces[:MOST_SOURCES]]
    sources += [f"function:{item.function_name}" for item in snapshot.functions]
    sources += [] if sources else [item.subnet_id for item in snapshot.subnets[:MOST_SOURCES]]
    names = NAMES if snapshot.hosted_zones else ()
    for source in sources:
        for number, end in enumerate((*near[:MOST_NEAR], *near[-1:], *FAR, *INSIDE, *names)):
            protocol, port = SERVICES[0 if end in NAMES else number % len(SERVICES)]
            yield FlowRequest(source=source, destination=end, protocol=protocol, port=port)


def fates_of(snapshot: Snapshot, flows: list[FlowRequest]) -> list[Disposition | None]:
    """Return how the flows fare, None for one that cannot be asked."""
    tracer = FlowTracer(snapshot, NoHosts())
    traces = [tracer.answer(flow).trace for flow in flows]
    return [None if trace is None else trace.disposition for trace in traces]


def judge(dump: Dump, mutant: Mutant) -> str:
    """Return what became of a mutant; raises AssertionError for what must never happen."""
    try:
        snapshot = load_snapshot(dump.root)
    except NetprobeError as error:
        line = str(error)
        assert line.strip() == line, repr(line)
        assert "\n" not in line, repr(line)
        return "end in one line"
    if snapshot == dump.snapshot:
        return "load as if nothing had happened"
    found = fates_of(snapshot, dump.flows)
    for flow, before, after in zip(dump.flows, dump.fates, found, strict=True):
        opened = after is Disposition.DELIVERED and before is not Disposition.DELIVERED
        assert not (opened and mutant.loses), f"{flow} was {before} and is {after}"
    return "load"


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
