"""Find the sites inside what a viewer drew on the map, and read what the map says about it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.model import BBox

MOST_CORNERS = 400
Ring = tuple[tuple[float, float], ...]


def read_ring(text: str) -> Ring:
    """Corners (lon, lat; degrees, WGS 84) from ``lon lat,lon lat,...``; empty where that is no area on Earth."""
    corners = _numbers(text.split(","), each=2)
    if not 3 <= len(corners) <= MOST_CORNERS or not all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in corners):
        return ()
    ring = tuple((lon, lat) for lon, lat in corners)
    return ring if _area(ring).area > 0 else ()


def read_extent(text: str) -> BBox | None:
    """A box (west, south, east, north) from ``w,s,e,n``; ``None`` where that is none."""
    found = _numbers([text.replace(",", " ")], each=4)
    if not found:
        return None
    west, south, east, north = found[0]
    return (west, south, east, north) if west < east and south < north else None


def within_ring(positions: pd.DataFrame, ring: Ring) -> npt.NDArray[np.bool_]:
    """Which positions (``lon``, ``lat``) lie inside or on the edge of a ring; those without a place do not."""
    lon, lat = _places(positions)
    area = _area(ring)
    shapely.prepare(area)
    inside: npt.NDArray[np.bool_] = shapely.intersects_xy(area, lon, lat)
    return inside


def within_box(positions: pd.DataFrame, box: BBox) -> npt.NDArray[np.bool_]:
    """Which positions lie inside or on the edge of a box; those without a place do not."""
    lon, lat = _places(positions)
    west, south, east, north = box
    inside: npt.NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def _area(ring: Ring) -> shapely.Geometry:
    """The ring as an area; one that crosses itself encloses what its lines enclose."""
    return shapely.make_valid(shapely.Polygon(ring))


def _places(positions: pd.DataFrame) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    lon, lat = (positions[name].to_numpy("float64", na_value=math.nan) for name in ("lon", "lat"))
    return lon, lat


def _numbers(parts: Sequence[str], *, each: int) -> list[tuple[float, ...]]:
    """``each`` numbers from every part, none at all where one part holds anything else."""
    try:
        found = [tuple(float(word) for word in part.split()) for part in parts]
    except ValueError:
        return []
    good = all(len(one) == each and all(math.isfinite(value) for value in one) for one in found)
    return found if good else []
