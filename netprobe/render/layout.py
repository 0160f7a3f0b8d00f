"""Where the boxes of a drawing stand and how its wires run, from left to right or downwards.

Boxes that packets meet at the same point of their way share a lane: a column of a drawing that
goes across, a row of one that goes down, for screens that are narrow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from netprobe.model.addresses import Family
from netprobe.model.finding import PathKey
from netprobe.render.clean import clean
from netprobe.render.sketch import LONGEST, TARGET, Key, Place, Sketch

WIDTH, LINE, PADDING = 200, 17, 9
GAP, SPACE, MARGIN, HEAD = 36, 18, 22, 26
APART = 7
"""The wires of the two families run beside each other."""
HEAD_OF_ARROW = 6


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
    stopped: frozenset[PathKey]
    """Those that do not get past here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """The way that requests of one family take between two boxes."""

    family: Family
    curve: str
    """In the language of SVG's ``d``."""
    paths: frozenset[PathKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Boxes and wires; the VPC begins where the drawing does."""

    width: int
    height: int
    vpc_width: int
    vpc_height: int
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]


def lay_out(sketch: Sketch, *, upright: bool) -> Drawing:
    """Return a sketch as a drawing that goes across, or down."""
    lanes = _lanes(sketch.places)
    boxes: dict[Key, Box] = {}
    along = HEAD + MARGIN if upright else MARGIN
    widest = max(_breadth(sketch, keys, upright=upright) for keys in lanes)
    edge = 0
    for keys in lanes:
        depth = max(_height(sketch.places[key]) for key in keys) if upright else WIDTH
        edge = _edge(sketch, keys, edge, (along, along + depth))
        across = (widest - _breadth(sketch, keys, upright=upright)) // 2
        across += MARGIN if upright else HEAD + MARGIN
        sizes = [_breadth(sketch, [key], upright=upright) for key in keys]
        starts = accumulate(sizes, lambda start, size: start + size + SPACE, initial=across)
        for key, start in zip(keys, starts, strict=False):
            x, y = (start, along) if upright else (along, start)
            boxes[key] = _box(sketch.places[key], x, y)
        along += depth + GAP
    length = along - GAP + MARGIN
    width, height = (
        (widest + 2 * MARGIN, length) if upright else (length, HEAD + widest + 2 * MARGIN)
    )
    return Drawing(
        width=width,
        height=height,
        vpc_width=width - 16 if upright else edge - 8,
        vpc_height=edge - 8 if upright else height - 16,
        boxes=tuple(boxes.values()),
        wires=tuple(_wires(sketch, boxes, upright=upright)),
    )


def _lanes(places: Mapping[Key, Place]) -> list[list[Key]]:
    """Return the boxes by lane: those of the VPC, its border and what is beyond, the target."""
    inside = max(place.column for place in places.values() if not place.beyond)
    outside = max(place.beyond for place in places.values())
    lanes: dict[int, list[Key]] = defaultdict(list)
    for key, place in places.items():
        if key[0] == TARGET:
            number = inside + outside + 1
        else:
            number = inside + place.beyond if place.beyond else place.column
        lanes[number].append(key)
    return [lanes[number] for number in sorted(lanes)]


def _edge(sketch: Sketch, keys: list[Key], before: int, ends: tuple[int, int]) -> int:
    """Return where the VPC ends, as far as lanes tell up to this one.

    Through the middle of its gateways; around a target in it, and short of one that is not.
    """
    start, end = ends
    places = [sketch.places[key] for key in keys]
    if any(place.beyond == 1 for place in places):
        return (start + end) // 2
    if any(place.beyond or place.outside for place in places):
        return before
    return end + GAP // 2


def _breadth(sketch: Sketch, keys: list[Key], *, upright: bool) -> int:
    """Return how much room the boxes of a lane take beside each other."""
    sizes = [WIDTH if upright else _height(sketch.places[key]) for key in keys]
    return sum(sizes) + SPACE * (len(sizes) - 1)


def _height(place: Place) -> int:
    return 2 * PADDING + LINE * (1 + len(_lines(place)))


def _lines(place: Place) -> list[tuple[str, frozenset[PathKey], bool]]:
    """Return the lines of a box below its kind: text, paths, and whether something stops."""
    facts = [(text, frozenset(paths), False) for text, paths in place.facts.items()]
    stops = [
        (text, frozenset(paths), True) for texts, paths in place.stops.items() for text in texts
    ]
    return facts + stops


def _box(place: Place, x: int, y: int) -> Box:
    return Box(
        kind=place.kind,
        x=x,
        y=y,
        height=_height(place),
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
        stopped=frozenset(path for paths in place.stops.values() for path in paths),
    )


def _wires(sketch: Sketch, boxes: dict[Key, Box], *, upright: bool) -> Iterator[Wire]:
    for (here, there, family), paths in sketch.wires.items():
        apart = -APART if family is Family.IPV4 else APART
        curve = (_down if upright else _across)(boxes[here], boxes[there], apart)
        yield Wire(family=family, curve=curve, paths=frozenset(paths))


def _across(start: Box, end: Box, apart: int) -> str:
    x1, y1 = start.x + WIDTH, start.y + start.height // 2 + apart
    x2, y2 = end.x - HEAD_OF_ARROW, end.y + end.height // 2 + apart
    turn = x2 + HEAD_OF_ARROW - GAP  # past what stands between: straight on, and then aside
    middle = (turn + x2) // 2
    return f"M{x1} {y1} H{turn} C{middle} {y1} {middle} {y2} {x2} {y2}"


def _down(start: Box, end: Box, apart: int) -> str:
    x1, y1 = start.x + WIDTH // 2 + apart, start.y + start.height
    x2, y2 = end.x + WIDTH // 2 + apart, end.y - HEAD_OF_ARROW
    turn = max(y1, y2 + HEAD_OF_ARROW - GAP)
    middle = (turn + y2) // 2
    return f"M{x1} {y1} V{turn} C{x1} {middle} {x2} {middle} {x2} {y2}"
