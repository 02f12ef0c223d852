"""Draw the map of a page for the room as SVG whose colours the page's theme decides.

Lengths in the picture are pixels at 1920 x 1080; the picture grows and shrinks with the screen. Where things stand is
decided by ``geo.drawing.layout`` and ``geo.drawing.print_shapes``, as for the printed map.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.drawing.escape import html_text
from geo.drawing.layout import Box, Floats, Label, Placed, View, filled_extent, place_labels, spread, symbol_radius
from geo.drawing.palette import SCALES, class_of, status_look
from geo.drawing.print_shapes import Shapes, land
from geo.drawing.print_sites import drawable
from geo.drawing.print_type import Type
from geo.drawing.snapshot import snapshot
from geo.drawing.symbols import svg_group, symbol_parts
from geo.drawing.view import MapView, shown_statuses
from geo.locale import Translator
from geo.locale.terms import indicator_name, status_name
from geo.model import Programme, Status

EM_PX: Final = 22.0
"""The smallest letters on a map, in pixels at 1920 x 1080."""

_SMALL: Final = 0.42
"""Radius of symbols in em where provinces are the matter, so that their names find room near them."""

_STEPS: Final = tuple(
    sorted(
        ((float(x), float(y)) for y in np.arange(-11, 11.1, 1.1) for x in np.arange(-9, 9.1, 1.5)),
        key=lambda step: (math.hypot(step[0], 1.4 * step[1]), step[1], step[0]),
    )
)
"""Where the middle of an area's name may stand, in em from a point inside it, nearest first."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A number beside a site that a list on the same page carries, too; ``code`` is the site's."""

    code: str
    number: int


def symbols(programmes: Iterable[Programme]) -> str:
    """What maps and lists of a run refer to: every symbol in every status once, and the hatch of missing data."""
    parts = []
    for shape in sorted({programme.symbol for programme in programmes}):
        for status in Status:
            look = replace(
                status_look(status),
                fill=f"var(--fill-{status})",
                outline="var(--ink)",
                mark_colour=f"var(--mark-{status})",
            )
            inside = svg_group(symbol_parts(shape, status), look, casing="var(--casing)")
            parts.append(f'<g id="{symbol_id(shape, status)}">{inside}</g>')
    hatch = (
        '<pattern id="hatch" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="9" height="9" fill="var(--land)"/>'
        '<line x1="0" y1="0" x2="0" y2="9" stroke="var(--hatch)" stroke-width="4"/></pattern>'
    )
    return (
        '<svg class="stock" xmlns="http://www.w3.org/2000/svg" width="0" height="0" aria-hidden="true">'
        f"<defs>{hatch}{''.join(parts)}</defs></svg>"
    )


def symbol_id(shape: str, status: str) -> str:
    """The name under which ``symbols`` holds a symbol."""
    return f"s-{shape}-{status}"


def symbol(shape: str, status: str) -> str:
    """A symbol within a line of text; words beside it say the same."""
    return (
        '<svg class="symbol" viewBox="-1.82 -1.82 3.64 3.64" aria-hidden="true">'
        f'<use href="#{symbol_id(shape, status)}"/></svg>'
    )


def map_picture(view: MapView, t: Translator, *, width: int, height: int, pins: Sequence[Pin] = ()) -> str:
    """The map of a view in ``width`` x ``height`` pixels at 1920 x 1080, its text alternative included.

    Provinces carry their name and figure; kabupaten/kota their name where it covers nothing else. ``pins`` are the
    sites that the page lists.
    """
    drawing = _Drawing(view, t, width, height)
    drawing.draw(pins)
    return (
        f'<svg class="map" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{html_text(told(view, t))}">{"".join(drawing.parts)}</svg>'
    )


def told(view: MapView, t: Translator) -> str:
    """The text alternative of a map: what it shows, and how many sites stand in which status."""
    counts = view.status_counts
    statuses = ", ".join(
        f"{status_name(t, status)} {t.integer(counts[status])}" for status in shown_statuses(counts) if counts[status]
    )
    what = view.title(t)
    areas = "; ".join(
        f"{row['name']} {_figure(row['value'], view.indicator, t)}"
        for row in view.areas.to_dict("records")
        if row["sites"] and pd.notna(row["value"])
    )
    return ". ".join(part for part in (f"{what}, {view.subject(t)}", statuses, areas) if part) + "."


def legend(view: MapView, t: Translator) -> str:
    """What colours and symbols of a map mean, as HTML; only what the map shows."""
    counts, programmes = view.status_counts, view.programme_counts
    marks = [
        f'<li><svg class="symbol" viewBox="-1.82 -1.82 3.64 3.64" aria-hidden="true">'
        f'<use href="#{symbol_id(_plain_shape(view), status)}"/></svg>'
        f"{html_text(status_name(t, status))} {t.integer(counts[status])}</li>"
        for status in shown_statuses(counts)
        if counts[status]
    ]
    shapes = [
        f"<li>{symbol(view.programmes[code].symbol, Status.SESUAI_RENCANA)}"
        f"{html_text(view.programmes[code].short.in_language(t.language))} {t.integer(count)}</li>"
        for code, count in programmes.items()
        if count
    ]
    scale = ""
    if view.indicator is not None:
        classes = SCALES[view.indicator]
        present = set(view.areas["group"].dropna().astype(int))
        mark = t.separators[0]
        boxes = [
            f'<li><i class="class k{index}"></i>{html_text(label.replace(".", mark))}</li>'
            for index, label in enumerate(classes.labels())
            if index in present
        ]
        if view.without_data:
            boxes.append(f'<li><i class="class hatched"></i>{html_text(t("No data"))}</li>')
        title = html_text(indicator_name(t, view.indicator))
        scale = f'<ul class="scale" aria-label="{title}"><li class="what">{title}</li>{"".join(boxes)}</ul>'
    return (
        f'<div class="legend">{scale}<ul aria-label="{html_text(t("Status of sites"))}">{"".join(marks)}</ul>'
        f'<ul aria-label="{html_text(t("Programme"))}">{"".join(shapes)}</ul></div>'
    )


def _plain_shape(view: MapView) -> str:
    return next(iter(view.programmes.values())).symbol


def _figure(value: float, indicator: str | None, t: Translator) -> str:
    if indicator == "deviation":
        return t.points(value, unit=False)
    return t.integer(value) if indicator == "sites" else t.percent(value)


class _Drawing:
    """A map in pixels at 1920 x 1080, and what has been drawn of it."""

    def __init__(self, view: MapView, t: Translator, width: int, height: int) -> None:
        self.view, self.t = view, t
        self.snapshot = snapshot(view, t, sample=False, graticule=False)
        box = Box(0, 0, width / EM_PX, height / EM_PX)
        self.frame = View(filled_extent(self.snapshot.extent, box), box)
        self.shapes = land(self.snapshot, self.frame, em_px=EM_PX)
        self.parts: list[str] = []

    def draw(self, pins: Sequence[Pin]) -> None:
        self._land()
        sites = drawable(self.snapshot.points, self.frame)
        anchors = self.frame.to_sheet(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
        radius = min(symbol_radius(anchors), _SMALL if self.view.level == 1 else 1.0)
        places = spread(anchors, radius=radius * 1.18, most=radius * 5, frame=self.frame.box)
        self._sites(sites, anchors, places, radius)
        taken = [Box(x - radius, y - radius, 2 * radius, 2 * radius) for x, y in places.tolist()]
        numbered = self._pins(pins, dict(zip(sites["code"], places.tolist(), strict=True)), radius, taken)
        self._names([*taken, *numbered])

    # --- land ---

    def _land(self) -> None:
        self._areas(self.shapes.context, ["context"] * len(self.shapes.context))
        self._areas(self.shapes.areas, [self._class(row) for row in self.view.areas.to_dict("records")])
        held = self.shapes.context[self.shapes.held]
        self._areas(held, ["edge"] * len(held))

    def _class(self, row: Mapping[Any, Any]) -> str:
        if not row["sites"] or self.view.indicator is None:
            return "land"
        group = class_of(float(row["value"]), self.view.indicator)
        return "hatched" if group is None else f"k{group}"

    def _areas(self, shapes: Shapes, classes: Sequence[str]) -> None:
        for shape, name in zip(shapes, classes, strict=True):
            path = self._path(shape)
            if path:
                self.parts.append(f'<path class="{name}" d="{path}"/>')

    def _path(self, shape: shapely.Geometry) -> str:
        """The outlines of an area as the ``d`` of a path, in whole tenths of pixels."""
        steps = []
        for part in shapely.get_parts(shape):
            for ring in shapely.get_rings(part):
                corners = shapely.get_coordinates(ring)
                at = self.frame.to_sheet(corners[:, 0], corners[:, 1]) * EM_PX
                if len(at) > 3:
                    steps.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at[:-1]) + "Z")
        return "".join(steps)

    # --- sites ---

    def _sites(self, sites: pd.DataFrame, anchors: Floats, places: Floats, radius: float) -> None:
        """Symbols, the worst status on top, with a thin line home where they were pulled apart."""
        moved = np.hypot(*(places - anchors).T) > radius * 0.5 if len(sites) else np.zeros(0, dtype=bool)
        for (x1, y1), (x2, y2) in zip((anchors[moved] * EM_PX).tolist(), (places[moved] * EM_PX).tolist(), strict=True):
            self.parts.append(
                f'<line class="home" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
                f'<circle class="spot" cx="{x1:.1f}" cy="{y1:.1f}" r="2.5"/>'
            )
        shapes = {programme.code: programme.symbol for programme in self.snapshot.programmes}
        rows = list(zip(sites["programme"], sites["status"], (places * EM_PX).tolist(), strict=True))
        for programme, status, (x, y) in reversed(rows):  # ``drawable`` brings the worst first
            self.parts.append(
                f'<use href="#{symbol_id(shapes[str(programme)], str(status))}" '
                f'transform="translate({x:.1f} {y:.1f}) scale({radius * EM_PX:.2f})"/>'
            )

    def _pins(
        self, pins: Sequence[Pin], at: Mapping[str, list[float]], radius: float, taken: Sequence[Box]
    ) -> list[Box]:
        kind = Type(1.05, "", "bold")
        wanted = [
            Label((str(pin.number),), 1.5, 1.5, (at[pin.code][0], at[pin.code][1]), radius * 1.2)
            for pin in pins
            if pin.code in at
        ]
        placed = place_labels(wanted, frame=self.frame.box.inset(0.2), taken=taken)
        for one in placed:
            x, y = (one.box.x + one.box.width / 2) * EM_PX, (one.box.y + one.box.height / 2) * EM_PX
            if one.leader:
                home = one.label.anchor
                self.parts.append(
                    f'<line class="home" x1="{home[0] * EM_PX:.1f}" y1="{home[1] * EM_PX:.1f}" '
                    f'x2="{x:.1f}" y2="{y:.1f}"/>'
                )
            self.parts.append(
                f'<circle class="pin" cx="{x:.1f}" cy="{y:.1f}" r="{0.72 * EM_PX:.1f}"/>'
                f'<text class="pin-number" x="{x:.1f}" y="{y + 0.36 * kind.size * EM_PX:.1f}" text-anchor="middle" '
                f'font-size="{kind.size * EM_PX:.1f}">{one.label.lines[0]}</text>'
            )
        return [one.box for one in placed]

    # --- names ---

    def _names(self, taken: Sequence[Box]) -> None:
        provinces = self.view.level == 1
        rows = self.view.areas.to_dict("records")
        name, figure = Type(1.15, "", "semibold"), Type(1.75, "", "bold")
        labels: list[Label] = []
        texts: list[tuple[tuple[str, ...], str]] = []
        homes: list[shapely.Geometry] = []
        tree = shapely.STRtree(self.shapes.areas)
        order = np.argsort(-shapely.area(self.shapes.areas), kind="stable").tolist()
        for index in order:
            shape, row = self.shapes.areas[index], rows[index]
            if shapely.is_empty(shape):
                continue
            lines: tuple[str, ...] = name.wrap(_short(row, provinces), 9.0)
            width, height = max(name.measure(line) for line in lines), len(lines) * name.line
            value = ""
            if provinces and row["sites"] and pd.notna(row["value"]):
                value = _figure(row["value"], self.view.indicator, self.t)
                width, height = max(width, figure.measure(value)), height + figure.line * 0.9
            elif not provinces and width > _room(shape, self.frame) * 1.25 + 0.6:
                continue
            centres = _centres(shape, tree, index, self.frame, few=not provinces)
            if centres:
                labels.append(Label((str(len(texts)),), width, height, centres[0], centres=centres))
                texts.append((lines, value))
                homes.append(shape)
        placed = place_labels(labels, frame=self.frame.box.inset(0.3), taken=taken)
        if provinces:  # a province is always named, over symbols where nothing is free
            found = {one.label.lines for one in placed}
            left = [label for label in labels if label.lines not in found]
            placed += place_labels(left, frame=self.frame.box.inset(0.3), taken=[one.box for one in placed])
        for one in placed:
            lines, value = texts[int(one.label.lines[0])]
            if provinces:
                self._lead(one.box, homes[int(one.label.lines[0])])
            self._label(one, lines, value, name, figure, strong=provinces)

    def _lead(self, box: Box, shape: shapely.Geometry) -> None:
        """A line from a name that stands beside its area to the nearest place inside it."""
        middle = np.array([[box.x + box.width / 2, box.y + box.height / 2]])
        lon, lat = self.frame.to_degrees(middle)
        if shapely.intersects(shape, shapely.points(lon[0], lat[0])):
            return
        inner = shapely.point_on_surface(shape)
        home = self.frame.to_sheet(np.array([inner.x]), np.array([inner.y]))[0]
        start = np.array([min(max(home[0], box.x), box.right), min(max(home[1], box.y), box.bottom)])
        (x1, y1), (x2, y2) = (start * EM_PX).tolist(), (home * EM_PX).tolist()
        self.parts.append(
            f'<line class="lead" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
            f'<circle class="spot" cx="{x2:.1f}" cy="{y2:.1f}" r="5"/>'
        )

    def _label(
        self, placed: Placed, lines: Sequence[str], value: str, name: Type, figure: Type, *, strong: bool
    ) -> None:
        x, y = (placed.box.x + placed.box.width / 2) * EM_PX, placed.box.y * EM_PX
        size = name.size * EM_PX
        for line in lines:
            y += name.line * EM_PX
            self.parts.append(
                f'<text class="{"name strong" if strong else "name"}" x="{x:.1f}" y="{y - 0.25 * size:.1f}" '
                f'text-anchor="middle" font-size="{size:.1f}">{html_text(line)}</text>'
            )
        if value:
            y += figure.line * 0.9 * EM_PX
            self.parts.append(
                f'<text class="name figure" x="{x:.1f}" y="{y - 0.2 * figure.size * EM_PX:.1f}" text-anchor="middle" '
                f'font-size="{figure.size * EM_PX:.1f}">{html_text(value)}</text>'
            )


def _short(row: Mapping[Any, Any], provinces: bool) -> str:
    name = str(row["name"])
    return name if provinces else name.removeprefix("Kabupaten ")


def _room(shape: shapely.Geometry, view: View) -> float:
    """Width of an area in em."""
    west, _, east, _ = shapely.bounds(shape).tolist()
    return float((east - west) / (view.extent[2] - view.extent[0]) * view.box.width)


def _centres(
    shape: shapely.Geometry, every: shapely.STRtree, own: int, view: View, *, few: bool
) -> tuple[tuple[float, float], ...]:
    """Where the middle of an area's name may stand: around a point inside its largest part, on no other area."""
    parts = shapely.get_parts(shape)
    inner = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    start = view.to_sheet(np.array([inner.x]), np.array([inner.y]))
    spots = start + np.array(_STEPS[:25] if few else _STEPS)
    points = shapely.points(*view.to_degrees(spots))
    found, areas = every.query(points, predicate="intersects")
    foreign = np.zeros(len(spots), dtype=bool)
    foreign[found[areas != own]] = True
    return tuple((float(x), float(y)) for x, y in spots[~foreign])
