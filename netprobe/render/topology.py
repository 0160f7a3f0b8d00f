"""The VPC as far as it matters, placed for a drawing: columns in the order packets meet them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from netprobe.model.addresses import Family
from netprobe.model.finding import PathKey, Role
from netprobe.model.report import PathVerdict, Report, Target
from netprobe.render.captures import told_trace
from netprobe.render.clean import clean
from netprobe.render.sketch import TARGET, Key, Place, Sketch

MOST_SHOWN = 8
"""Sources and targets; more would be a picture of nothing."""
WIDTH, LINE, PADDING = 200, 17, 9
GAP, SPACE, MARGIN, HEAD = 36, 18, 22, 26
LONGEST = 26
"""Characters that fit into a box."""
APART = 7
"""The wires of the two families run beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line in a box."""

    whole: str
    y: int
    paths: frozenset[PathKey]
    """Those it is about; empty for all of the box."""
    stops: bool

    @property
    def shown(self) -> str:
        """Return what fits into the box; what is made visible in it takes room too."""
        whole = clean(self.whole)
        return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One thing of the VPC, or a target."""

    kind: str
    x: int
    y: int
    height: int
    texts: tuple[Text, ...]
    paths: frozenset[PathKey]
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """The way that requests of one family take between two boxes."""

    family: Family
    curve: str
    """In the language of SVG's ``d``."""
    paths: frozenset[PathKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """A drawing; the VPC is its left part."""

    width: int
    height: int
    vpc_width: int
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    left_out: str
    """What it does not show, as a sentence; empty when it shows all."""


def topology_of(report: Report) -> Topology | None:
    """Return the drawing, None where no path was traced."""
    sources, targets = report.sources[:MOST_SHOWN], _targets(report)[:MOST_SHOWN]
    shown = {item.id for item in sources}, {item.id for item in targets}
    matter = matters(report)
    sketch = Sketch(report)
    for source in sources:
        sketch.add_source(source)
    for target in targets:
        sketch.add_target(target)
    paths = [path for path in report.paths if path.key in matter]
    paths = [p for p in paths if p.key.source in shown[0] and p.key.target in shown[1]]
    for path in paths:
        trace = told_trace(path)
        if trace:
            sketch.add_path(path, trace)
    return _drawn(sketch, _left_out(report)) if paths else None


def matters(report: Report) -> frozenset[PathKey]:
    """Return the paths that work, and those whose failure is felt or explained by a finding."""
    works = {path.key for path in report.paths if path.verdict is PathVerdict.WORKS}
    told = {k for item in report.findings if item.role is not Role.NOTE for k in item.paths}
    return frozenset(works | told | report.felt)


def _targets(report: Report) -> list[Target]:
    """Return the targets, those first whose failure is felt."""
    felt = {key.target for key in report.felt}
    return sorted(report.targets, key=lambda target: target.id not in felt)


def _left_out(report: Report) -> str:
    counts = (("subnets", len(report.sources)), ("targets", len(report.targets)))
    parts = [f"{MOST_SHOWN} of {n} {name}" for name, n in counts if n > MOST_SHOWN]
    return f"The picture shows {' and '.join(parts)}." if parts else ""


def _drawn(sketch: Sketch, left_out: str) -> Topology:
    columns = _columns(sketch.places)
    tallest = max(_height_of(sketch, keys) for keys in columns)
    boxes = {
        key: box
        for number, keys in enumerate(columns)
        for key, box in _column(sketch, keys, number, tallest)
    }
    border = any(place.border for place in sketch.places.values())
    right = MARGIN + (len(columns) - 1) * (WIDTH + GAP)  # of the targets' column
    edge = right - GAP - WIDTH // 2 if border else right - GAP // 2
    return Topology(
        width=right + WIDTH + MARGIN,
        height=HEAD + tallest + 2 * MARGIN,
        vpc_width=edge - MARGIN // 2,
        boxes=tuple(boxes.values()),
        wires=tuple(_wires(sketch, boxes)),
        left_out=left_out,
    )


def _columns(places: dict[Key, Place]) -> list[list[Key]]:
    """Return the boxes by column; the VPC's border comes last but one, targets last."""
    last = max(place.column for place in places.values())
    columns: dict[int, list[Key]] = defaultdict(list)
    for key, place in places.items():
        outer = 2 if key[0] == TARGET else 1 if place.border else 0
        columns[last + outer if outer else place.column].append(key)
    return [columns[number] for number in sorted(columns)]


def _height_of(sketch: Sketch, keys: list[Key]) -> int:
    return sum(_height(sketch.places[key]) for key in keys) + SPACE * (len(keys) - 1)


def _height(place: Place) -> int:
    return 2 * PADDING + LINE * (1 + len(_lines(place)))


def _lines(place: Place) -> list[tuple[str, frozenset[PathKey], bool]]:
    """Return the lines of a box below its kind: text, paths, and whether something stops."""
    facts = [(text, frozenset(paths), False) for text, paths in place.facts.items()]
    stops = [
        (text, frozenset(paths), True) for texts, paths in place.stops.items() for text in texts
    ]
    return facts + stops


def _column(
    sketch: Sketch, keys: list[Key], number: int, tallest: int
) -> Iterator[tuple[Key, Box]]:
    """Yield the boxes of a column from top to bottom, the whole of it centred."""
    top = HEAD + MARGIN + (tallest - _height_of(sketch, keys)) // 2
    heights = [_height(sketch.places[key]) for key in keys]
    tops = accumulate(heights, lambda y, height: y + height + SPACE, initial=top)
    for key, height, y in zip(keys, heights, tops, strict=False):
        yield key, _box(sketch.places[key], MARGIN + number * (WIDTH + GAP), y, height)


def _box(place: Place, x: int, y: int, height: int) -> Box:
    return Box(
        kind=place.kind,
        x=x,
        y=y,
        height=height,
        texts=tuple(
            Text(
                whole=text,
                y=y + PADDING + LINE * number + LINE * 3 // 4,
                paths=paths,
                stops=stops,
            )
            for number, (text, paths, stops) in enumerate(_lines(place), 1)
        ),
        paths=frozenset(place.paths),
        stops=bool(place.stops),
    )


def _wires(sketch: Sketch, boxes: dict[Key, Box]) -> Iterator[Wire]:
    for (here, there, family), paths in sketch.wires.items():
        start, end = boxes[here], boxes[there]
        apart = -APART if family is Family.IPV4 else APART
        x1, y1 = start.x + WIDTH, start.y + start.height // 2 + apart
        x2, y2 = end.x - 6, end.y + end.height // 2 + apart  # the arrow's head needs room
        middle = (x1 + x2) // 2
        yield Wire(
            family=family,
            curve=f"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}",
            paths=frozenset(paths),
        )
