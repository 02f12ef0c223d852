"""Draw where the map lies in the country, and the code that opens the same view again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from geo.drawing.layout import Box, View, filled_extent
from geo.drawing.print_content import Snapshot
from geo.drawing.print_land import add_land
from geo.drawing.print_shapes import outline, paths_of
from geo.drawing.print_sheet import COLUMN_GAP, HEAD, Sheet, heading
from geo.drawing.qr import dark_areas, side
from geo.model import BBox

if TYPE_CHECKING:
    import geopandas

_LEAST_INSET: Final = 5.0
_MOST_INSET: Final = 11.0
_CODE_MM: Final = 18.0
_CODE_EM: Final = 6.6
_MODULE_EM: Final = 0.125
"""Least sides of the code on paper and on a screen, and of one module of it: what a telephone reads at arm's length."""
_NUMBER_LINE: Final = 1.3


def place_parts(snapshot: Snapshot) -> list[str]:
    """Which of ``inset`` and ``code`` there are to draw; ``place`` is both in one, side by side."""
    return [*(["inset"] if _shows_inset(snapshot) else []), *(["code"] if snapshot.address else [])]


def code_size(snapshot: Snapshot, sheet: Sheet) -> tuple[float, float]:
    """Width and height in em of the code with its number."""
    code = _Code.of(snapshot, sheet)
    return code.width, code.height


def place_height(snapshot: Snapshot, sheet: Sheet, part: str, width: float, *, least: bool = False) -> float:
    """Height in em of inset, code, or both; ``least`` is what the inset can bear."""
    code = _Code.of(snapshot, sheet)
    if part == "code" or not _shows_inset(snapshot):
        return code.height
    room = _inset_room(width, code) if part == "place" else width
    inset = HEAD + (_LEAST_INSET if least else _inset_height(snapshot, room))
    return max(inset, code.height) if part == "place" else inset


def draw_place(snapshot: Snapshot, sheet: Sheet, part: str, box: Box, shown: BBox) -> None:
    """Draw inset, code, or both; ``shown`` is what the map shows, in degrees."""
    code = _Code.of(snapshot, sheet)
    alone = part == "code" or not _shows_inset(snapshot)
    if not alone:
        room = _inset_room(box.width, code) if part == "place" else box.width
        high = min(box.height, HEAD + _inset_height(snapshot, room))
        _draw_inset(snapshot, sheet, Box(box.x, box.y, room, high), shown)
    if part != "inset" and code.side:
        left = box.x if alone else box.right - code.width
        _draw_code(snapshot, sheet, Box(left, box.y, code.width, code.height), code)


def _inset_room(width: float, code: _Code) -> float:
    """Width left for the inset beside the code."""
    return width - code.width - COLUMN_GAP if code.side else width


# --- the code ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Code:
    """Size of the code on a sheet: the pixels of a module; in em its side with the quiet zone, and width and height
    with the number below.
    """

    module_px: int
    side: float
    width: float
    height: float

    @classmethod
    def of(cls, snapshot: Snapshot, sheet: Sheet) -> _Code:
        if not snapshot.address:
            return cls(0, 0.0, 0.0, 0.0)
        count, size = side(snapshot.address), sheet.size
        least_px = max(_CODE_EM * size.em_px, _CODE_MM / 25.4 * size.dpi if size.is_paper else 0)
        module = max(math.ceil(least_px / count), math.ceil(_MODULE_EM * size.em_px))
        across = module * count / size.em_px
        width = max(across, sheet.type(1.0, weight="semibold").measure(snapshot.number))
        return cls(module, across, width, across + (_NUMBER_LINE if snapshot.number else 0.0))


def _draw_code(snapshot: Snapshot, sheet: Sheet, box: Box, code: _Code) -> None:
    """The code with whole pixels for its modules, so that its edges are sharp, and its number below."""
    em = sheet.size.em_px
    x, y = round((box.x + (box.width - code.side) / 2) * em) / em, round(box.y * em) / em
    sheet.box(Box(x, y, code.side, code.side), fill="#ffffff", zorder=8)
    to_sheet = Affine2D().scale(code.module_px / em).translate(x, y)
    dark = Path.make_compound_path(*paths_of(np.array(dark_areas(snapshot.address), dtype=object))[0])
    patch = PathPatch(to_sheet.transform_path(dark), facecolor="#000000", edgecolor="none", linewidth=0, zorder=8.1)
    patch.set_gid("code")
    sheet.page.add_artist(patch)
    number = sheet.type(1.0, weight="semibold")
    sheet.text(x + code.side / 2, y + code.side + 0.85, snapshot.number, number, align="center", zorder=8.2)


# --- the inset ---------------------------------------------------------------------------------------------------


def _shows_inset(snapshot: Snapshot) -> bool:
    """An inset says something only where the map shows less than half of the country's width."""
    if snapshot.outline is None or not len(snapshot.outline):
        return False
    west, _, east, _ = _bounds(snapshot.outline)
    return (snapshot.extent[2] - snapshot.extent[0]) < 0.5 * (east - west)


def _inset_height(snapshot: Snapshot, width: float) -> float:
    assert snapshot.outline is not None
    west, south, east, north = _padded(_bounds(snapshot.outline))
    return min(width * (north - south) / (east - west), _MOST_INSET)


def _bounds(shapes: geopandas.GeoDataFrame) -> BBox:
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    return west, south, east, north


def _padded(extent: BBox) -> BBox:
    west, south, east, north = extent
    return west - 1, south - 1, east + 1, north + 1


def _draw_inset(snapshot: Snapshot, sheet: Sheet, box: Box, shown: BBox) -> None:
    assert snapshot.outline is not None
    top = heading(sheet, box, snapshot.labels.inset, "")
    frame = Box(box.x, top, box.width, box.bottom - top)
    view = View(filled_extent(_padded(_bounds(snapshot.outline)), frame, padding=0), frame)
    colours = sheet.colours
    sheet.box(frame, fill=colours.sea, zorder=3)
    axes = sheet.map_axes(view)
    axes.set_zorder(3)
    axes.patch.set_visible(False)
    shapes = outline(snapshot.outline.geometry.to_numpy(), view, em_px=sheet.size.em_px)
    add_land(axes, shapes, fill="#c9c4b6", edge="none", width=0, zorder=1)
    west, south, east, north = shown
    corners = view.to_sheet(np.array([west, east]), np.array([north, south]))
    (left, upper), (right, lower) = corners.clip((frame.x, frame.y), (frame.right, frame.bottom)).tolist()
    mark = Box(left, upper, max(right - left, 0.5), max(lower - upper, 0.5))
    sheet.box(mark, fill="none", edge=colours.warning, width=0.14, zorder=6)
    sheet.box(frame, fill="none", edge=colours.border_strong, width=0.05, zorder=6)
