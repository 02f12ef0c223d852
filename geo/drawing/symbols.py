"""Shape the symbols of sites: programme by outline, status by fill, line and mark.

The points below are the only description of a symbol. The web map's canvas, SVG in tables and legends, and the
printed map all draw the same points, so a legend cannot differ from its map.

Unit coordinates: the origin is the anchor (the site), x to the right, y **down** as on a screen. Every outline has the
area of a circle of radius 1, so no programme looks more important than another; all fit within ``REACH`` units of the
origin. A symbol "of size s" has its circle's diameter, not its box, as s.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from geo.drawing.escape import html_text
from geo.drawing.palette import Line, MarkName, StatusLook, Theme, ground, status_look
from geo.model import Status, UnknownCodeError

if TYPE_CHECKING:
    from matplotlib.path import Path

Points = tuple[tuple[float, float], ...]

REACH: Final = 1.82
"""No point of a symbol, its line included, lies farther than this from the anchor."""

OUTLINE_WIDTH: Final = 0.17
CASING_WIDTH: Final = 0.5
"""Widths of lines in units; the casing is the rim below the outline."""

DASHES: Final[dict[Line, tuple[float, ...]]] = {"solid": (), "dashed": (0.55, 0.33), "dotted": (0.17, 0.26)}
"""On and off lengths along an outline, in units."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands inside a symbol: open lines of ``width`` and filled areas."""

    strokes: tuple[Points, ...] = ()
    fills: tuple[Points, ...] = ()
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class SymbolParts:
    """One symbol ready to draw, in unit coordinates: a closed outline, a line style and a mark."""

    outline: Points
    line: Line
    mark: Mark


# --- outlines ----------------------------------------------------------------------------------------------------


def _ring(corners: int, *, inner: float | None = None, turn: float = -90.0) -> Points:
    """Corners on a circle, every second one pulled in to ``inner`` of the radius if given; first one at ``turn``°."""
    count = corners if inner is None else corners * 2
    points = []
    for index in range(count):
        angle = math.radians(turn + 360 * index / count)
        radius = inner if inner is not None and index % 2 else 1.0
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    return tuple(points)


def _plus(arm: float) -> Points:
    a = arm
    return (
        (-a, -1), (a, -1), (a, -a), (1, -a), (1, a), (a, a),
        (a, 1), (-a, 1), (-a, a), (-1, a), (-1, -a), (-a, -a),
    )  # fmt: skip


def area(points: Points) -> float:
    """Area enclosed by a closed outline, in square units."""
    pairs = zip(points, (*points[1:], points[0]), strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _equalled(points: Points) -> Points:
    """The outline enlarged about the origin to the area of the unit circle."""
    factor = math.sqrt(math.pi / area(points))
    return tuple((round(x * factor, 4), round(y * factor, 4)) for x, y in points)


SHAPES: Final[dict[str, Points]] = {
    name: _equalled(points)
    for name, points in {
        "square": _ring(4, turn=-135),
        "circle": _ring(40),
        "triangle": _ring(3),
        "diamond": _ring(4),
        "pentagon": _ring(5),
        "hexagon": _ring(6, turn=0),
        "star": _ring(5, inner=0.55),
        "cross": _plus(0.46),
    }.items()
}
"""Outlines by the name a programme gives in ``symbol``."""


def shape(name: str) -> Points:
    """The outline of a shape; raises ``UnknownCodeError`` for one that is not drawn here."""
    try:
        return SHAPES[name]
    except KeyError:
        raise UnknownCodeError(f"{name!r} is no symbol; known: {', '.join(SHAPES)}") from None


@cache
def _room(name: str) -> float:
    """Radius of the largest circle about the anchor within a shape: how large its mark may be."""
    points = shape(name)
    return min(_distance(one, other) for one, other in zip(points, (*points[1:], points[0]), strict=True))


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of the origin from a line segment."""
    (x1, y1), (x2, y2) = one, other
    along = max(0.0, min(1.0, -(x1 * (x2 - x1) + y1 * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)))
    return math.hypot(x1 + along * (x2 - x1), y1 + along * (y2 - y1))


# --- marks -------------------------------------------------------------------------------------------------------


def _disc(radius: float, x: float = 0.0, y: float = 0.0) -> Points:
    return tuple((x + radius * px, y + radius * py) for px, py in _ring(12))


def _hook() -> Points:
    """The curved part of a question mark, then its short stem."""
    bend = tuple(
        (0.44 * math.cos(math.radians(angle)), -0.38 + 0.40 * math.sin(math.radians(angle)))
        for angle in range(-170, 61, 23)
    )
    return (*bend, (0.0, 0.16), (0.0, 0.32))


MARKS: Final[dict[MarkName, Mark]] = {
    "none": Mark(),
    "check": Mark(strokes=(((-0.62, 0.02), (-0.18, 0.48), (0.66, -0.5)),), width=0.32),
    "exclamation": Mark(strokes=(((0.0, -0.78), (0.0, 0.14)),), fills=(_disc(0.21, 0.0, 0.64),), width=0.36),
    "arrow_down": Mark(strokes=(((0.0, -0.72), (0.0, 0.56)), ((-0.52, 0.08), (0.0, 0.62), (0.52, 0.08))), width=0.28),
    "dot": Mark(fills=(_disc(0.42),)),
    "question": Mark(strokes=(_hook(),), fills=(_disc(0.18, 0.0, 0.74),), width=0.28),
    "cross_out": Mark(strokes=(((-0.56, -0.56), (0.56, 0.56)), ((-0.56, 0.56), (0.56, -0.56))), width=0.28),
    "dash": Mark(strokes=(((-0.55, 0.0), (0.55, 0.0)),), width=0.3),
}
"""Marks in a circle of radius 1; ``symbol_parts`` fits them into a shape."""


def _fitted(mark: Mark, room: float) -> Mark:
    factor = 0.86 * room
    return Mark(
        tuple(_scaled(points, factor) for points in mark.strokes),
        tuple(_scaled(points, factor) for points in mark.fills),
        round(mark.width * factor, 4),
    )


def _scaled(points: Points, factor: float) -> Points:
    return tuple((round(x * factor, 4), round(y * factor, 4)) for x, y in points)


@cache
def symbol_parts(shape_name: str, status: Status | str) -> SymbolParts:
    """Outline, line style and mark of a programme's symbol in a status, in unit coordinates.

    Raises ``UnknownCodeError`` for an unknown shape or status.
    """
    look = status_look(status)
    return SymbolParts(shape(shape_name), look.line, _fitted(MARKS[look.mark], _room(shape_name)))


# --- the forms in which they are drawn ---------------------------------------------------------------------------


def svg_path(points: Points, *, closed: bool = True) -> str:
    """Points as the ``d`` of an SVG path."""
    steps = " L".join(f"{x:g} {y:g}" for x, y in points)
    return f"M{steps}{' Z' if closed else ''}"


def matplotlib_path(points: Points, *, closed: bool = True) -> Path:
    """Points as a matplotlib ``Path``, y turned up as axes have it; usable as a marker."""
    from matplotlib.path import Path  # here, because pages that draw only SVG need no matplotlib

    vertices = [(x, -y) for x, y in points]
    if not closed:
        return Path(vertices)
    codes = [Path.MOVETO, *[Path.LINETO] * (len(vertices) - 1), Path.CLOSEPOLY]
    return Path([*vertices, vertices[0]], codes)


def svg_symbol(
    shape_name: str,
    status: Status | str,
    *,
    size_px: float,
    theme: Theme = "light",
    title: str | None = None,
    fill: str | None = None,
) -> str:
    """A symbol as a standalone ``<svg>`` of ``size_px`` square, for tables, cards and legends.

    ``title`` is its text alternative, escaped here; without one the picture is hidden from screen readers, for use
    beside words that say the same. ``fill`` (``#rrggbb``) takes the place of the status's colour where a symbol stands
    for its programme. Raises ``UnknownCodeError`` for an unknown shape or status.
    """
    look = status_look(status, theme)
    if fill is not None:
        look = replace(look, fill=fill)
    shown = html_text(title)
    name = f'role="img" aria-label="{shown}"' if title else 'aria-hidden="true"'
    head = f"<title>{shown}</title>" if title else ""
    box = f"{-REACH:g} {-REACH:g} {2 * REACH:g} {2 * REACH:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_px:g}" height="{size_px:g}" viewBox="{box}" {name}>'
        f"{head}{svg_group(symbol_parts(shape_name, status), look, casing=ground(theme).casing)}</svg>"
    )


def svg_group(parts: SymbolParts, look: StatusLook, *, casing: str) -> str:
    """The inside of a symbol's ``<svg>``: casing, outline, mark; unit coordinates."""
    outline, dashes = svg_path(parts.outline), _svg_dashes(parts.line)
    pieces = [
        f'<path d="{outline}" fill="{casing}" stroke="{casing}" stroke-width="{CASING_WIDTH}" '
        'stroke-linejoin="round"/>',
        f'<path d="{outline}" fill="{look.fill}" stroke="{look.outline}" stroke-width="{OUTLINE_WIDTH}"'
        f' stroke-linejoin="round"{dashes}/>',
        *(_svg_stroke(points, parts.mark.width, look.mark_colour) for points in parts.mark.strokes),
        *(f'<path d="{svg_path(points)}" fill="{look.mark_colour}"/>' for points in parts.mark.fills),
    ]
    return "".join(pieces)


def _svg_dashes(line: Line) -> str:
    return f' stroke-dasharray="{" ".join(f"{part:g}" for part in DASHES[line])}"' if DASHES[line] else ""


def _svg_stroke(points: Points, width: float, colour: str) -> str:
    return (
        f'<path d="{svg_path(points, closed=False)}" fill="none" stroke="{colour}" stroke-width="{width:g}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def canvas_symbols(shape_names: Iterable[str], *, theme: Theme = "light") -> dict[str, object]:
    """Everything a canvas in the browser needs, as a value for JSON.

    ``shapes``: name to ``{outline: [[x, y], ...], room}``; ``statuses``: code to ``{fill, outline, mark_colour,
    dashes, strokes, fills, width, hollow}``. Lengths of outlines are in units. Points and width of a mark are in
    units of the shape's ``room``: multiply them by it, so that the same mark fits every shape. ``outline_width``,
    ``casing_width`` (units) and ``casing`` (colour) hold for all.
    """
    return {
        "outline_width": OUTLINE_WIDTH,
        "casing_width": CASING_WIDTH,
        "casing": ground(theme).casing,
        "reach": REACH,
        "shapes": {name: {"outline": _lists(shape(name)), "room": round(_room(name), 4)} for name in shape_names},
        "statuses": {status.value: _canvas_status(status_look(status, theme)) for status in Status},
    }


def _canvas_status(look: StatusLook) -> dict[str, object]:
    mark = _fitted(MARKS[look.mark], 1.0)
    return {
        "fill": look.fill,
        "outline": look.outline,
        "mark_colour": look.mark_colour,
        "dashes": list(DASHES[look.line]),
        "strokes": [_lists(points) for points in mark.strokes],
        "fills": [_lists(points) for points in mark.fills],
        "width": mark.width,
        "hollow": look.hollow,
    }


def _lists(points: Points) -> list[list[float]]:
    return [[x, y] for x, y in points]
