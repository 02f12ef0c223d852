"""Draw land, coloured areas and degrees of a printed map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle

from geo.drawing.layout import View, ticks
from geo.drawing.palette import Ground, class_of, scale
from geo.drawing.print_content import Labels, Snapshot, siteless, values_of
from geo.drawing.print_shapes import Land, Shapes, paths_of
from geo.drawing.print_sheet import HATCH, HATCH_POINTS, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def add_land(
    axes: Axes,
    shapes: Shapes,
    *,
    fill: str | Sequence[str],
    edge: str,
    width: float,
    zorder: float,
    hatch: str | None = None,
) -> None:
    """Polygons in degrees, drawn as given."""
    paths, owners = paths_of(shapes)
    if not paths:
        return
    colours = fill if isinstance(fill, str) else [fill[index] for index in owners]
    drawn = PathCollection(
        paths, facecolors=colours, edgecolors=edge, linewidths=width, hatch=hatch, zorder=zorder, joinstyle="round"
    )
    drawn.set_hatch_linewidth(HATCH_POINTS)
    axes.add_collection(drawn, autolim=False)


def draw_land(snapshot: Snapshot, sheet: Sheet, view: View, land: Land) -> None:
    """Sea, the land around, what the map is about, and the borders of what holds it."""
    colours = sheet.colours
    axes = sheet.map_axes(view)
    sheet.figure.add_artist(
        Rectangle(
            (view.box.x / sheet.size.width, 1 - view.box.bottom / sheet.size.height),
            view.box.width / sheet.size.width,
            view.box.height / sheet.size.height,
            transform=sheet.figure.transFigure,
            facecolor=colours.sea,
            edgecolor="none",
            zorder=0,
        )
    )
    thin, strong = sheet.points(0.045), sheet.points(0.075)
    add_land(axes, land.context, fill=colours.context, edge=colours.border, width=thin, zorder=1)
    _draw_areas(snapshot, axes, colours, thin, land.areas)
    add_land(axes, land.context[land.held], fill="none", edge=colours.border_strong, width=strong, zorder=4)


def _draw_areas(snapshot: Snapshot, axes: Axes, colours: Ground, width: float, shapes: Shapes) -> None:
    indicator = snapshot.indicator
    if indicator is None:
        add_land(axes, shapes, fill=colours.land, edge=colours.border, width=width, zorder=2)
        return
    fills = scale(indicator.code).colours("print")
    classes = np.array(
        [-1 if (of := class_of(value, indicator.code)) is None else of for value in values_of(snapshot.areas)]
    )
    empty = siteless(snapshot.areas).to_numpy()
    told = (classes >= 0) & ~empty
    coloured = [fills[index] for index in classes[told].tolist()]
    add_land(axes, shapes[told], fill=coloured, edge=colours.paper, width=width, zorder=2)
    add_land(axes, shapes[empty], fill=colours.land, edge=colours.border, width=width, zorder=2)
    missing = shapes[~told & ~empty]
    add_land(axes, missing, fill=colours.land, edge=colours.hatch, width=width, zorder=2, hatch=HATCH)


def draw_graticule(sheet: Sheet, view: View, labels: Labels) -> None:
    west, south, east, north = view.extent
    box, kind = view.box, sheet.type(1.0, muted=True)
    most_lon, most_lat = max(2, int(box.width / 9)), max(2, int(box.height / 7))
    grid = sheet.colours.grid
    for lon in ticks(west, east, most=most_lon):
        x = box.x + (lon - west) / (east - west) * box.width
        sheet.rule([(x, box.y), (x, box.bottom)], colour=grid, width=0.04, zorder=0.5)
        text = degrees_told(lon, labels, labels.east_suffix, labels.west_suffix)
        half = kind.measure(text) / 2
        if box.x + half <= x <= box.right - half:
            sheet.text(x, box.bottom + 1.15, text, kind, align="center")
    for lat in ticks(south, north, most=most_lat):
        y = box.y + (north - lat) / (north - south) * box.height
        sheet.rule([(box.x, y), (box.right, y)], colour=grid, width=0.04, zorder=0.5)
        text = degrees_told(lat, labels, labels.north_suffix, labels.south_suffix)
        half = kind.measure(text) / 2
        if box.y + half <= y <= box.bottom - half:
            sheet.text(box.x - 0.4, y, text, kind, align="center", turn=90)


def degrees_told(value: float, labels: Labels, positive: str, negative: str) -> str:
    suffix = "" if value == 0 else f" {positive if value > 0 else negative}"
    return f"{labels.decimals(abs(value))}°{suffix}"
