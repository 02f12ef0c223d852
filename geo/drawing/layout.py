"""Decide where things stand on a printed map, before anything is drawn.

Lengths are in *em*: one em is the height of the smallest letters of a sheet, so a layout that is legible on one sheet
is legible on all. The origin is the sheet's upper left corner, y runs down. Nothing here knows a drawing library.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.model import BBox

Floats = NDArray[np.float64]
Measure = Callable[[str], float]
"""Width of a text in em, in the type it will be set in."""


@dataclass(frozen=True, slots=True)
class Size:
    """A sheet: pixels, dots per inch, and the height of its smallest letters in pixels."""

    name: str
    width_px: int
    height_px: int
    dpi: int
    em_px: float

    @property
    def width(self) -> float:
        return self.width_px / self.em_px

    @property
    def height(self) -> float:
        return self.height_px / self.em_px

    @property
    def is_paper(self) -> bool:
        """Whether it is printed, so that lengths in millimetres mean something."""
        return self.dpi == _PAPER_DPI

    @property
    def inches(self) -> tuple[float, float]:
        return self.width_px / self.dpi, self.height_px / self.dpi

    @property
    def em_points(self) -> float:
        """Type size of the smallest letters in points (1/72 inch)."""
        return self.em_px * 72 / self.dpi


_PAPER_DPI: Final = 300


def _paper(name: str, width_mm: float, height_mm: float, points: float) -> Size:
    dots = _PAPER_DPI
    return Size(name, round(width_mm / 25.4 * dots), round(height_mm / 25.4 * dots), dots, points / 72 * dots)


SIZES: Final[dict[str, Size]] = {
    size.name: size
    for size in (
        Size("layar", 1920, 1080, 100, 20),
        Size("4k", 3840, 2160, 200, 40),
        _paper("a4_landscape", 297, 210, 7.6),
        _paper("a4_portrait", 210, 297, 7.6),
        _paper("a3_landscape", 420, 297, 9.5),
        _paper("a3_portrait", 297, 420, 9.5),
        Size("persegi", 2048, 2048, 200, 30),
    )
}
"""Sheets offered for export, by name; the smallest letters are 20 px on a screen, 7.6 points on A4."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in em, y down."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Box, *, gap: float = 0.0) -> bool:
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )

    def holds(self, other: Box) -> bool:
        return other.x >= self.x and other.y >= self.y and other.right <= self.right and other.bottom <= self.bottom

    def inset(self, margin: float) -> Box:
        return Box(self.x + margin, self.y + margin, self.width - 2 * margin, self.height - 2 * margin)


# --- text --------------------------------------------------------------------------------------------------------


def wrap(text: str, width: float, measure: Measure, *, most: int | None = None) -> tuple[str, ...]:
    """Lines no wider than ``width``; a word that is too long is broken, nothing is cut off.

    With ``most`` lines given, what does not fit is replaced by an ellipsis on the last line.
    """
    lines: list[str] = []
    line = ""
    for word in _pieces(text.split(), width, measure):
        joined = f"{line} {word}".strip()
        if line and measure(joined) > width:
            lines.append(line)
            line = word
        else:
            line = joined
    lines.append(line)
    if most is None or len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], _shortened(f"{lines[most - 1]} …", width, measure))


def _pieces(words: Iterable[str], width: float, measure: Measure) -> Iterator[str]:
    for word in words:
        rest = word
        while measure(rest) > width and len(rest) > 1:
            fits = next((n for n in range(len(rest) - 1, 0, -1) if measure(rest[:n]) <= width), 1)
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _shortened(line: str, width: float, measure: Measure) -> str:
    kept = line.removesuffix(" …")
    while kept and measure(f"{kept}…") > width:
        kept = kept[:-1].rstrip()
    return f"{kept}…"


# --- the sheet ---------------------------------------------------------------------------------------------------

MARGIN: Final = 1.6
GAP: Final = 1.2
TICKS: Final = 1.5
"""Room in em left of and below the map for the degrees."""

PANEL: Final = 25.0


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Boxes of a sheet; the legend stands beside the map or below it, whichever leaves the larger map."""

    header: Box
    highlights: Box
    map: Box
    legend: Box
    footer: Box
    place: Literal["side", "below"]


def arrange(
    size: Size,
    extent: BBox,
    *,
    header: float,
    highlights: float,
    footers: tuple[float, float],
    beside: float,
    below: float,
    degrees: bool = True,
) -> Arrangement:
    """Boxes for a sheet, given the heights in em of header, highlights and footer.

    ``beside`` is the legend's height in a column of ``PANEL`` em, ``below`` its height across the sheet; ``footers``
    are the footer's heights in either case, as beside the legend it is only as wide as the map. ``degrees`` keeps room
    for the labels of the graticule.
    """
    inner = size.width - 2 * MARGIN
    room_for_degrees = TICKS if degrees else 0.0
    top = MARGIN + header + (GAP / 2 + highlights if highlights else 0.0) + GAP / 2
    floor = size.height - MARGIN
    narrow = inner - PANEL - GAP
    left = MARGIN + room_for_degrees
    side_map = Box(left, top, narrow - room_for_degrees, floor - footers[0] - top - GAP - room_for_degrees)
    below_room = floor - footers[1] - top - GAP - room_for_degrees - below - GAP
    below_map = Box(left, top, inner - room_for_degrees, below_room)
    side_fits = beside <= floor - top and side_map.width > 20
    side = side_fits and _zoom(extent, side_map) >= _zoom(extent, below_map)
    chosen = side_map if side else below_map
    legend = (
        Box(size.width - MARGIN - PANEL, top, PANEL, floor - top)
        if side
        else Box(MARGIN, chosen.bottom + room_for_degrees + GAP, inner, below)
    )
    footer = footers[0] if side else footers[1]
    return Arrangement(
        header=Box(MARGIN, MARGIN, inner, header),
        highlights=Box(MARGIN, MARGIN + header + GAP / 2, inner, highlights),
        map=chosen,
        legend=legend,
        footer=Box(MARGIN, floor - footer, narrow if side else inner, footer),
        place="side" if side else "below",
    )


def _zoom(extent: BBox, box: Box) -> float:
    """Em for each degree of latitude when the extent fills the box."""
    if box.width <= 0 or box.height <= 0:
        return 0.0
    west, south, east, north = extent
    return min(box.width / ((east - west) * math.cos(math.radians((south + north) / 2))), box.height / (north - south))


# --- the map -----------------------------------------------------------------------------------------------------

_LEAST_SPAN: Final = 0.2


def filled_extent(extent: BBox, box: Box, *, padding: float = 0.04) -> BBox:
    """The extent enlarged to the shape of the box, true at its middle latitude (equirectangular projection).

    An extent without size (one site) becomes about 20 km wide. ``padding`` is a share of the sides.
    """
    west, south, east, north = extent
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    squeeze = math.cos(math.radians(middle_lat))
    wide = max(east - west, _LEAST_SPAN) * (1 + 2 * padding)
    high = max(north - south, _LEAST_SPAN) * (1 + 2 * padding)
    zoom = min(box.width / (wide * squeeze), box.height / high)
    half_wide, half_high = box.width / zoom / squeeze / 2, box.height / zoom / 2
    return (middle_lon - half_wide, middle_lat - half_high, middle_lon + half_wide, middle_lat + half_high)


@dataclass(frozen=True, slots=True)
class View:
    """The part of the earth that a box of the sheet shows; turns degrees into em."""

    extent: BBox
    box: Box

    @property
    def latitude(self) -> float:
        """Middle latitude, where the scale is true."""
        return (self.extent[1] + self.extent[3]) / 2

    def to_degrees(self, places: Floats) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of an array of (x, y) in em."""
        west, south, east, north = self.extent
        lon = west + (places[:, 0] - self.box.x) / self.box.width * (east - west)
        lat = north - (places[:, 1] - self.box.y) / self.box.height * (north - south)
        return lon, lat

    def to_sheet(self, lon: Floats, lat: Floats) -> Floats:
        """Longitudes and latitudes as an array of (x, y) in em."""
        west, south, east, north = self.extent
        x = self.box.x + (lon - west) / (east - west) * self.box.width
        y = self.box.y + (north - lat) / (north - south) * self.box.height
        return np.column_stack([x, y])


def nice_length(most: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above ``most``."""
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most * (1 + 1e-9))


def ticks(low: float, high: float, *, most: int) -> tuple[float, ...]:
    """Round degrees between two limits, at most about ``most`` of them."""
    step = next(s for s in (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30) if (high - low) / s <= most)
    first = math.ceil(low / step)
    return tuple(round(n * step, 6) for n in range(first, math.floor(high / step) + 1))


# --- symbols and labels ------------------------------------------------------------------------------------------

_MOST_SPREAD: Final = 600
_RADII: Final = (0.66, 0.58, 0.5, 0.42, 0.36, 0.32)


def symbol_radius(anchors: Floats) -> float:
    """The largest of a few radii in em at which the symbols find room near their sites."""
    for radius in _RADII:
        if _area_near(anchors, 3 * radius) >= len(anchors) * (2.3 * radius) ** 2:
            return radius
    return _RADII[-1]


def _area_near(places: Floats, reach: float) -> float:
    """Area within ``reach`` of any of the places, counted in cells of a fifth of it."""
    if not len(places):
        return 0.0
    cell = reach / 5
    steps = np.array([(x, y) for x in range(-5, 6) for y in range(-5, 6) if x * x + y * y <= 25])
    cells = np.floor((places - places.min(axis=0)) / cell).astype(np.int64) + 5
    near = cells[:, None, :] + steps[None, :, :]
    covered = np.zeros(cells.max(axis=0) + 6, dtype=bool)
    covered[near[..., 0], near[..., 1]] = True
    return float(covered.sum() * cell**2)


def spread(anchors: Floats, *, radius: float, most: float, frame: Box) -> Floats:
    """Positions of symbols of ``radius`` em, pulled apart where they overlap, none farther than ``most`` from home.

    ``anchors`` has shape (n, 2). The same input gives the same output; beyond 600 symbols nothing is moved.
    """
    count = len(anchors)
    if count < 2 or count > _MOST_SPREAD:
        return anchors.copy()
    turns = np.arange(count) * 2.399963  # the golden angle: symbols of one place leave in different directions
    places = anchors + 1e-3 * np.column_stack([np.cos(turns), np.sin(turns)])
    for _ in range(90):
        one, other = _close_pairs(places, 2 * radius)
        if not len(one):
            break
        apart = places[one] - places[other]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        push = apart * ((2 * radius - distance) / distance * 0.45)[:, None]
        moves = np.zeros_like(places)
        np.add.at(moves, one, push)
        np.add.at(moves, other, -push)
        places = _kept_near(anchors, places + moves, most)
    still = np.hypot(*(places - anchors).T) < 0.02
    return _inside(np.where(still[:, None], anchors, places), frame.inset(radius))


def _close_pairs(places: Floats, distance: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs that are nearer to each other than ``distance``, each once, in the order of their numbers."""
    points = shapely.points(places)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=distance)
    apart = places[one] - places[other]
    kept = (one < other) & (np.hypot(apart[:, 0], apart[:, 1]) < distance)
    one, other = one[kept], other[kept]
    order = np.lexsort((other, one))
    return one[order], other[order]


def _kept_near(anchors: Floats, places: Floats, most: float) -> Floats:
    shift = places - anchors
    length = np.hypot(shift[:, 0], shift[:, 1])
    return anchors + shift * np.minimum(1, most / np.maximum(length, 1e-9))[:, None]


def _inside(places: Floats, frame: Box) -> Floats:
    return np.clip(places, (frame.x, frame.y), (frame.right, frame.bottom))


@dataclass(frozen=True, slots=True)
class Label:
    """A text waiting for a place: its lines, its size in em, what it belongs to.

    With ``centres`` the middle of the text may only be there, first choice first (the name of an area); without, it
    stands beside a symbol of ``radius`` at ``anchor``.
    """

    lines: tuple[str, ...]
    width: float
    height: float
    anchor: tuple[float, float]
    radius: float = 0.0
    centres: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its box; ``leader`` where it stands away from its symbol, ``side`` the edge its lines keep to."""

    label: Label
    box: Box
    side: Literal["left", "right", "centre"]
    leader: bool = False


def place_labels(labels: Sequence[Label], *, frame: Box, taken: Iterable[Box]) -> tuple[Placed, ...]:
    """Places for labels in order of importance, free of each other, of ``taken`` boxes and within the frame.

    A label that finds no free place is left out.
    """
    filled = np.array([_edges(box) for box in taken], dtype=float).reshape(-1, 4)
    placed: list[Placed] = []
    for label in labels:
        found = _first_free(list(_candidates(label)), filled, frame)
        if found is not None:
            placed.append(found)
            filled = np.vstack([filled, _edges(found.box)])
    return tuple(placed)


_APART: Final = 0.3
_GAP_DOWN: Final = 0.12
"""Least gaps in em between two labels, along a line and from line to line."""


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.right, box.bottom


def _first_free(candidates: Sequence[Placed], filled: Floats, frame: Box) -> Placed | None:
    inside = [candidate for candidate in candidates if frame.holds(candidate.box)]
    if not inside:
        return None
    edges = np.array([_edges(candidate.box) for candidate in inside])[:, None, :]
    covers = (
        (edges[..., 0] < filled[:, 2] + _APART)
        & (filled[:, 0] < edges[..., 2] + _APART)
        & (edges[..., 1] < filled[:, 3] + _GAP_DOWN)
        & (filled[:, 1] < edges[..., 3] + _GAP_DOWN)
    ).any(axis=1)
    free = np.flatnonzero(~covers)
    return inside[int(free[0])] if len(free) else None


def _candidates(label: Label) -> Iterator[Placed]:
    return _within(label) if label.centres else _around(label)


def _around(label: Label) -> Iterator[Placed]:
    x, y = label.anchor
    wide, high = label.width, label.height
    for reach in (0.25, 0.9, 1.8, 2.8, 4.0):
        off = label.radius + reach
        slant = off * 0.72
        spots: tuple[tuple[float, float, Literal["left", "right", "centre"]], ...] = (
            (x + off, y - high / 2, "left"),
            (x - off - wide, y - high / 2, "right"),
            (x + slant, y - slant - high * 0.75, "left"),
            (x + slant, y + slant - high * 0.25, "left"),
            (x - slant - wide, y - slant - high * 0.75, "right"),
            (x - slant - wide, y + slant - high * 0.25, "right"),
            (x - wide / 2, y - off - high, "centre"),
            (x - wide / 2, y + off, "centre"),
        )
        for left, top, side in spots:
            yield Placed(label, Box(left, top, wide, high), side, leader=reach > 0.5)


def _within(label: Label) -> Iterator[Placed]:
    for x, y in label.centres:
        yield Placed(label, Box(x - label.width / 2, y - label.height / 2, label.width, label.height), "centre")


def quietest(spots: Sequence[Box], points: Floats, *, radius: float) -> int:
    """Index of the box that covers the fewest symbols; the first of equals."""

    def covered(box: Box) -> int:
        if not len(points):
            return 0
        x, y = points[:, 0], points[:, 1]
        inside = (x > box.x - radius) & (x < box.right + radius) & (y > box.y - radius) & (y < box.bottom + radius)
        return int(inside.sum())

    return min(range(len(spots)), key=lambda index: (covered(spots[index]), index))
