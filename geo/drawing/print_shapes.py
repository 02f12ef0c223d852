"""Bring boundaries to the detail that a picture can show: simplified once, then cut to the frame.

Neighbours keep their common border when it is simplified (a coverage, so that no gap opens between them).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib.path import Path

from geo.drawing.layout import View
from geo.drawing.print_content import Snapshot

if TYPE_CHECKING:
    from numpy.typing import NDArray

Shapes = np.ndarray[Any, np.dtype[np.object_]]

_PIXELS: Final = 0.7
"""A corner is left out when the triangle it makes with its neighbours is smaller than the square of this."""
_MOST_KEPT: Final = 48
_POLYGON: Final = 3


@dataclass(frozen=True, slots=True)
class Land:
    """Shapes of a map within its frame: one for each row of ``areas`` and ``context``, empty where out of sight.

    ``held`` tells which of the context are, or are made up of, what the map is about.
    """

    areas: Shapes
    context: Shapes
    held: NDArray[np.bool_]


def land(snapshot: Snapshot, view: View, *, em_px: float) -> Land:
    """The shapes of a map, no finer than the pixels of its sheet."""
    pixel = (view.extent[2] - view.extent[0]) / view.box.width / em_px
    areas = _Coverage(snapshot.areas.geometry.to_numpy())
    around = snapshot.context.geometry.to_numpy() if snapshot.context is not None else np.array([], dtype=object)
    context = _Coverage(around)
    detail = _bucket(pixel * _PIXELS)
    return Land(
        areas=_cut(_simplified(areas, detail), view, 4 * pixel),
        context=_cut(_simplified(context, detail), view, 4 * pixel),
        held=_held(context, areas),
    )


def outline(shapes: Shapes, view: View, *, em_px: float) -> Shapes:
    """Shapes no finer than the pixels of a sheet, whole."""
    pixel = (view.extent[2] - view.extent[0]) / view.box.width / em_px
    return _simplified(_Coverage(shapes), _bucket(pixel * _PIXELS))


def _bucket(detail: float) -> float:
    """The next lower of the details that are kept, two to each doubling, so that few are."""
    return float(2.0 ** (math.floor(2 * math.log2(detail)) / 2))


class _Coverage:
    """Shapes that are known by what they are, so that what is worked out of them can be kept."""

    __slots__ = ("_known", "shapes")

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self._known = blake2b(b"".join(shapely.to_wkb(shapes).tolist()), digest_size=16).digest()

    def __hash__(self) -> int:
        return hash(self._known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Coverage) and self._known == other._known


@lru_cache(maxsize=_MOST_KEPT)
def _simplified(coverage: _Coverage, detail: float) -> Shapes:
    if not len(coverage.shapes):
        return coverage.shapes
    plain = shapely.coverage_simplify(coverage.shapes, detail)
    return np.asarray(shapely.orient_polygons(plain), dtype=object)


@lru_cache(maxsize=_MOST_KEPT)
def _held(context: _Coverage, areas: _Coverage) -> NDArray[np.bool_]:
    held = np.zeros(len(context.shapes), dtype=bool)
    if len(context.shapes):
        tree = shapely.STRtree(shapely.point_on_surface(areas.shapes))
        held[tree.query(context.shapes, predicate="intersects")[0]] = True
    held.setflags(write=False)
    return held


def _cut(shapes: Shapes, view: View, beyond: float) -> Shapes:
    """What lies within the frame and a little beyond, where the cut cannot be seen."""
    west, south, east, north = view.extent
    frame = (west - beyond, south - beyond, east + beyond, north + beyond)
    cut = np.empty(len(shapes), dtype=object)
    cut[:] = shapely.clip_by_rect(shapes, *frame) if len(shapes) else shapes
    return cut


def paths_of(shapes: Shapes) -> tuple[list[Path], list[int]]:
    """A path for each shape that is an area, parts and holes included, and the index of the shape."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    areal = (shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)
    parts, owners = parts[areal], owners[areal]
    if not len(parts):
        return [], []
    rings, of_part = shapely.get_rings(parts, return_index=True)
    corners, of_ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(corners), Path.LINETO, dtype=Path.code_type)
    starts = np.flatnonzero(np.diff(of_ring, prepend=-1))
    codes[starts] = Path.MOVETO
    codes[np.append(starts[1:], len(corners)) - 1] = Path.CLOSEPOLY
    of_corner = owners[of_part[of_ring]]
    kept, begins = np.unique(of_corner, return_index=True)
    ends = np.append(begins[1:], len(corners))
    paths = [Path(corners[begin:end], codes[begin:end]) for begin, end in zip(begins, ends, strict=True)]
    return paths, kept.tolist()
