"""Draw the symbols of sites and the names of sites and regions on a printed map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd
import shapely
from matplotlib.collections import LineCollection

from geo.drawing.layout import Box, Floats, Label, Placed, View, place_labels
from geo.drawing.print_content import Snapshot
from geo.drawing.print_shapes import Land, Shapes
from geo.drawing.print_sheet import Sheet
from geo.drawing.print_type import Type
from geo.drawing.symbols import shape
from geo.model import Status

if TYPE_CHECKING:
    pass


def drawable(points: pd.DataFrame, view: View) -> pd.DataFrame:
    """The sites with a place inside the frame, worst status first."""
    west, south, east, north = view.extent
    inside = points["lon"].between(west, east) & points["lat"].between(south, north)
    rank = {status.value: index for index, status in enumerate(Status)}
    kept = points[inside].assign(_rank=lambda rows: rows["status"].astype(str).map(rank))
    return kept.sort_values(["_rank", "code"], kind="stable").drop(columns="_rank").reset_index(drop=True)


def draw_sites(
    snapshot: Snapshot, sheet: Sheet, sites: pd.DataFrame, anchors: Floats, places: Floats, radius: float
) -> None:
    """Symbols, the worst status on top, with a thin line home where they were pulled apart."""
    moved = np.hypot(*(places - anchors).T) > radius * 0.5
    colours = sheet.colours
    homes = np.stack([anchors[moved], places[moved]], axis=1)
    sheet.page.add_collection(
        LineCollection(list(homes), colors=colours.muted, linewidths=sheet.points(0.06), zorder=6), autolim=False
    )
    dot = shape("circle")
    if moved.any():
        sheet.paths(anchors[moved], dot, 0.1, fill=colours.ink, edge=colours.ink, width=0, zorder=6.1)
    symbols = {programme.code: programme.symbol for programme in snapshot.programmes}
    statuses = sites["status"].astype(str).to_numpy(dtype=object)
    programmes = sites["programme"].astype(str).to_numpy(dtype=object)
    for order, status in enumerate(reversed(Status)):
        for programme in snapshot.programmes:
            chosen = (statuses == status.value) & (programmes == programme.code)
            if chosen.any():
                zorder = 7 + order * 0.05
                sheet.symbols(places[chosen], symbols[programme.code], status, radius=radius, zorder=zorder)


_NAMED_SITES: Final = 25


def _site_labels(sheet: Sheet, sites: pd.DataFrame, places: Floats, radius: float) -> list[Label]:
    kind = sheet.type(1.0, weight="semibold")
    labels = []
    for name, (x, y) in zip(sites["name"], places.tolist(), strict=True):
        lines = kind.wrap(str(name), 13.0)
        width = max(kind.measure(line) for line in lines)
        labels.append(Label(lines, width, len(lines) * kind.line, (x, y), radius * 1.3))
    return labels


_STEPS: Final = np.array([(x, y) for y in (0, -1.1, 1.1, -2.2, 2.2) for x in (0, 1.5, -1.5, 3, -3)])
_WIDE_STEPS: Final = np.array(
    sorted(
        ((x, y) for y in np.arange(-10, 10.1, 1.0) for x in np.arange(-6, 6.1, 1.5)),
        key=lambda step: (math.hypot(step[0], 1.4 * step[1]), step[1], step[0]),
    )
)
"""Where the name of a province that the map is about may stand, nearest first: symbols often cover the province."""


def _area_labels(
    kind: Type,
    names: pd.Series,
    shapes: Shapes,
    others: shapely.STRtree,
    view: View,
    *,
    widest: float,
    principal: bool = False,
) -> list[Label]:
    """Names of areas, the largest first, on themselves or on the sea beside: never on another area of ``others``.

    ``principal`` areas are named even where they are small on the sheet.
    """
    labels = []
    sizes, seen = shapely.area(shapes), ~shapely.is_empty(shapes)
    for index in [each for each in np.argsort(-sizes, kind="stable").tolist() if seen[each]]:
        lines = kind.wrap(str(names.iloc[index]).removeprefix("Kabupaten "), widest)
        width = max(kind.measure(line) for line in lines)
        if not principal and width > _room(shapes[index], view) * 1.35 + 0.5:
            continue
        centres = _centres(shapes[index], others, view, steps=_WIDE_STEPS if principal else _STEPS)
        if centres:
            labels.append(Label(lines, width, len(lines) * kind.line, centres[0], centres=centres))
    return labels


def _room(area: Any, view: View) -> float:
    """Width of an area on the sheet in em."""
    west, _, east, _ = shapely.bounds(area).tolist()
    return float((east - west) / (view.extent[2] - view.extent[0]) * view.box.width)


def _centres(area: Any, others: shapely.STRtree, view: View, *, steps: Floats) -> tuple[tuple[float, float], ...]:
    """Where the middle of an area's name may stand: around a point inside its largest part, on no other area."""
    parts = shapely.get_parts(area)
    inner = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    spots = view.to_sheet(np.array([inner.x]), np.array([inner.y])) + steps
    places = shapely.points(*view.to_degrees(spots))
    own = shapely.intersects(area, places)
    foreign = np.zeros(len(spots), dtype=bool)
    foreign[others.query(places, predicate="intersects")[0]] = True
    return tuple((float(x), float(y)) for x, y in spots[own | ~foreign])


def draw_names(
    snapshot: Snapshot,
    sheet: Sheet,
    view: View,
    land: Land,
    sites: pd.DataFrame,
    places: Floats,
    radius: float,
    furniture: Sequence[Box],
) -> None:
    """The names of sites where these are few, then those of regions, each where it covers nothing else."""
    reach = radius * 1.25
    taken = [Box(x - reach, y - reach, 2 * reach, 2 * reach) for x, y in places.tolist()] + list(furniture)
    frame = view.box.inset(0.3)
    if len(sites) <= _NAMED_SITES:
        named = place_labels(_site_labels(sheet, sites, places, radius), frame=frame, taken=taken)
        for placed in named:
            _draw_label(sheet, placed, sheet.type(1.0, weight="semibold"), zorder=8.5)
        taken += [placed.box for placed in named]
    kind = sheet.type(1.0, muted=True, italic=True)
    principal = "code" in snapshot.areas.columns and bool((snapshot.areas["code"].str.len() == 2).all())
    groups = [(sheet.type(1.15, weight="bold") if principal else kind, snapshot.areas, land.areas)]
    every = land.areas
    if snapshot.context is not None:
        around = ~land.held
        groups.append((replace(kind, colour="#6f7a82"), snapshot.context[around], land.context[around]))
        every = np.concatenate([every, land.context[around]])
    tree = shapely.STRtree(every)
    for style, areas, shapes in groups:
        if "name" not in areas.columns:
            continue
        wanted = _area_labels(
            style,
            areas["name"],
            shapes,
            tree,
            view,
            widest=12.0 if principal else 9.0,
            principal=principal and areas is snapshot.areas,
        )
        free = place_labels(wanted, frame=frame, taken=taken)
        for placed in free:
            _draw_label(sheet, placed, style, zorder=5)
        taken += [placed.box for placed in free]


def _draw_label(sheet: Sheet, placed: Placed, kind: Type, *, zorder: float) -> None:
    box = placed.box
    if placed.leader:
        x, y = placed.label.anchor
        end = (min(max(x, box.x), box.right), min(max(y, box.y + 0.3), box.bottom - 0.3))
        sheet.rule([(x, y), end], colour=sheet.colours.muted, width=0.05, zorder=6)
    at = {"left": box.x, "right": box.right, "centre": box.x + box.width / 2}[placed.side]
    align: Literal["left", "right", "center"] = "center" if placed.side == "centre" else placed.side
    sheet.lines(at, box.y, placed.label.lines, kind, align=align, halo=True, zorder=zorder)
