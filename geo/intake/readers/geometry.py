"""Settle geometries of strangers: within the Earth's degrees, valid, or told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.intake.readers.contents import Said, UnreadableError, listed, said

Geometries = npt.NDArray[Any]
"""Shapely geometries or ``None``, dtype object."""

_AREAS: Final = frozenset({3, 6})  # Polygon, MultiPolygon


def settled(geometries: Sequence[Any] | Geometries, rows: Sequence[int]) -> tuple[dict[int, bytes | None], list[Said]]:
    """WKB (2D) by row number, and what was found; ``rows`` are the file's numbers of the geometries.

    Degrees are expected (EPSG:4326, lon then lat). A longitude beyond 180, a latitude beyond 90 or a coordinate that is
    no number refuses the file. An invalid shape is repaired; where the repair leaves no area of an area, it is lost.
    """
    shapes: Geometries = np.empty(len(geometries), dtype=object)
    shapes[:] = list(geometries)
    numbers = np.asarray(rows, dtype=np.int64)
    blank = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    shapes[blank] = None
    _check_range(shapes, numbers)
    shapes = shapely.force_2d(shapes)
    told: list[Said] = []
    invalid = np.flatnonzero(~shapely.is_valid(shapes) & ~blank)
    lost = []
    for at in invalid.tolist():
        shapes[at] = repaired(shapes[at])
        if shapes[at] is None:
            lost.append(at)
    mended = [at for at in invalid.tolist() if shapes[at] is not None]
    for code, places in (("geometry.repaired", mended), ("geometry.lost", lost)):
        if places:
            told.append(said("flagged", code, rows=listed(numbers[places].tolist()), count=len(places)))
    if blank.any():
        told.append(said("noted", "geometry.none", rows=listed(numbers[blank].tolist()), count=int(blank.sum())))
    packed = shapely.to_wkb(shapes)
    return dict(zip(numbers.tolist(), packed.tolist(), strict=True)), told


def _check_range(shapes: Geometries, numbers: npt.NDArray[np.int64]) -> None:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    bad = ~np.isfinite(points).all(axis=1) | (np.abs(points[:, 0]) > 180) | (np.abs(points[:, 1]) > 90)
    if bad.any():
        every = np.unique(owner[bad])
        raise UnreadableError("geometry.range", rows=listed(numbers[every].tolist()), count=len(every))


def repaired(shape: Any) -> Any | None:
    """A valid shape of the same dimension, ``None`` where none is left."""
    made = shapely.make_valid(shape)
    if shapely.get_type_id(shape) not in _AREAS:
        return None if shapely.is_empty(made) else made
    parts = [part for part in shapely.get_parts(shapely.get_parts([made])) if shapely.get_type_id(part) in _AREAS]
    areas = shapely.union_all(parts) if parts else None
    return None if areas is None or shapely.is_empty(areas) else areas


def fits_degrees(bounds: Sequence[float]) -> bool:
    """Whether ``(west, south, east, north)`` lies near Indonesia when taken as degrees."""
    west, south, east, north = bounds
    return 90 <= west <= east <= 146 and -16 <= south <= north <= 13
