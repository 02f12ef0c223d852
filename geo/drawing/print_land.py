"""Draw land, coloured areas and degrees of a printed map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from geo.drawing.layout import View, ticks
from geo.drawing.palette import Ground, class_of, scale
from geo.drawing.print_content import Labels, Snapshot, siteless, values_of
from geo.drawing.print_sheet import HATCH, HATCH_POINTS, Sheet
from geo.model import BBox

if TYPE_CHECKING:
    import geopandas
    from matplotlib.axes import Axes


def add_land(
    axes: Axes,
    shapes: np.ndarray,
    *,
    fill: str | Sequence[str],
    edge: str,
    width: float,
    zorder: float,
    hatch: str | None = None,
) -> None:
    """Polygons in degrees, drawn as given."""
    paths, owners = polygon_paths(shapes)
    if not paths:
        return
    colours = fill if isinstance(fill, str) else [fill[index] for index in owners]
    drawn = PathCollection(
        paths, facecolors=colours, edgecolors=edge, linewidths=width, hatch=hatch, zorder=zorder, joinstyle="round"
    )
    drawn.set_hatch_linewidth(HATCH_POINTS)
    axes.add_collection(drawn, autolim=False)


def polygon_paths(shapes: np.ndarray) -> tuple[list[Path], list[int]]:
    """A path for each polygon, holes included, and the index of the shape it belongs to."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    paths, kept = [], []
    for part, owner in zip(parts, owners.tolist(), strict=True):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        rings = [Path(shapely.get_coordinates(ring), closed=True) for ring in shapely.get_rings(part)]
        paths.append(Path.make_compound_path(*rings))
        kept.append(owner)
    return paths, kept


def _seen(shapes: geopandas.GeoDataFrame, extent: BBox, detail: float) -> np.ndarray:
    """Geometries that touch the extent, no finer than ``detail`` degrees."""
    geometries = shapes.geometry.to_numpy()
    box = shapely.box(*extent)
    near = geometries[shapely.intersects(geometries, box)]
    return np.asarray(shapely.simplify(near, detail, preserve_topology=True), dtype=object)


def draw_land(snapshot: Snapshot, sheet: Sheet, view: View) -> None:
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
    detail = (view.extent[2] - view.extent[0]) / view.box.width / sheet.size.em_px * 0.6
    thin, strong = sheet.points(0.045), sheet.points(0.075)
    if snapshot.context is not None:
        around = _seen(snapshot.context, view.extent, detail)
        add_land(axes, around, fill=colours.context, edge=colours.border, width=thin, zorder=1)
    _draw_areas(snapshot, axes, colours, thin, view.extent, detail)
    if snapshot.context is not None:
        about = _seen(snapshot.context[holds_areas(snapshot)], view.extent, detail)
        add_land(axes, about, fill="none", edge=colours.border_strong, width=strong, zorder=4)


def _draw_areas(snapshot: Snapshot, axes: Axes, colours: Ground, width: float, extent: BBox, detail: float) -> None:
    areas = snapshot.areas
    indicator = snapshot.indicator
    if indicator is None:
        shapes = _seen(areas, extent, detail)
        add_land(axes, shapes, fill=colours.land, edge=colours.border, width=width, zorder=2)
        return
    fills = scale(indicator.code).colours("print")
    classes = pd.Series(
        [class_of(value, indicator.code) for value in values_of(areas)], index=areas.index, dtype=object
    )
    classes = classes.mask(siteless(areas), None)
    for index, fill in enumerate(fills):
        shapes = _seen(areas[classes == index], extent, detail)
        add_land(axes, shapes, fill=fill, edge=colours.paper, width=width, zorder=2)
    empty = siteless(areas)
    shapes = _seen(areas[empty], extent, detail)
    add_land(axes, shapes, fill=colours.land, edge=colours.border, width=width, zorder=2)
    missing = _seen(areas[classes.isna() & ~empty], extent, detail)
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


def holds_areas(snapshot: Snapshot) -> np.ndarray:
    """Which context shapes are, or are made up of, what the map is about."""
    assert snapshot.context is not None
    middles = shapely.point_on_surface(snapshot.areas.geometry.to_numpy())
    around = snapshot.context.geometry.to_numpy()
    held = np.zeros(len(around), dtype=bool)
    held[shapely.STRtree(middles).query(around, predicate="intersects")[0]] = True
    return held
