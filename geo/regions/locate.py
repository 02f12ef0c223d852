"""Find the region a point lies in, or the nearest one within a few kilometres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from geo.regions.boundaries import Stamp, indexed_areas, stamp
from geo.regions.folders import SHIPPED_FOLDER

WITHIN_M = 5_000.0
"""How far off the drawn land a point still belongs to the nearest region: outlines are generalised by about as much."""

_ELLIPSOID = pyproj.Geod(ellps="WGS84")
_METRES_PER_DEGREE = 110_574.0
"""Of latitude at the equator, where a degree is shortest: boxes made with it are never too small."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point lies; ``distance_m`` is 0 inside the region and the geodesic distance to it outside."""

    code: str
    name: str
    distance_m: float
    approximate: bool


def locate(
    lon: float, lat: float, *, level: Literal[1, 2] = 2, within_m: float = WITHIN_M, folder: Path | None = None
) -> Located | None:
    """The region of one point (degrees, WGS 84), ``None`` when there is none within ``within_m`` metres."""
    points = pd.DataFrame({"lon": [lon], "lat": [lat]})
    found = locate_points(points, level=level, within_m=within_m, folder=folder)
    code = found["code"].iloc[0]
    if not isinstance(code, str):
        return None
    _, areas = indexed_areas(stamp(level, folder=folder))
    row = areas.loc[areas["code"] == code].iloc[0]
    return Located(code, str(row["name"]), float(found["distance_m"].iloc[0]), bool(row["approximate"]))


def locate_points(
    points: pd.DataFrame, *, level: Literal[1, 2] = 2, within_m: float = WITHIN_M, folder: Path | None = None
) -> pd.DataFrame:
    """The region of each point: columns code (text or missing) and distance_m (0 inside), index of ``points``.

    ``points`` needs columns lon and lat. What is no number, or no place on earth, is missing. A point on a common
    edge belongs to the lower code. Villages on islands that the shipped outlines lack count as land.
    """
    lon, lat = (
        pd.to_numeric(points[name], errors="coerce").to_numpy(float, na_value=np.nan) for name in ("lon", "lat")
    )
    usable = np.flatnonzero((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0))
    source = stamp(level, folder=folder)
    tree, areas = indexed_areas(source)
    chosen = np.full(len(points), -1, dtype=np.int64)
    distance_m = np.full(len(points), np.nan)
    rows, hits = tree.query(shapely.points(lon[usable], lat[usable]), predicate="intersects")
    order = np.lexsort((hits, rows))[::-1]
    chosen[usable[rows[order]]] = hits[order]
    distance_m[chosen >= 0] = 0.0
    astray = usable[chosen[usable] < 0]
    for place, candidates in _close_by(lon[astray], lat[astray], source, within_m).items():
        measured = [
            (_ELLIPSOID.inv(lon[astray[place]], lat[astray[place]], x, y)[2], position) for position, x, y in candidates
        ]
        nearest_m, position = min(measured)
        if nearest_m <= within_m:
            chosen[astray[place]], distance_m[astray[place]] = position, nearest_m
    codes = np.array([*areas["code"], None], dtype=object)[chosen]
    return pd.DataFrame({"code": pd.array(codes, dtype="str"), "distance_m": distance_m}, index=points.index)


def _close_by(lon: Floats, lat: Floats, source: Stamp, within_m: float) -> dict[int, list[tuple[int, float, float]]]:
    """For each point with areas or islets close by: their positions in the areas and the nearest lon, lat of each."""
    tree, areas = indexed_areas(source)
    shapes = areas.geometry.to_numpy()
    shrink = np.maximum(np.cos(np.radians(lat)), 0.01)
    high = within_m / _METRES_PER_DEGREE
    wide = high / shrink
    found: dict[int, list[tuple[int, float, float]]] = {}
    rows, hits = tree.query(shapely.points(lon, lat), predicate="dwithin", distance=wide)
    for row, hit in zip(rows.tolist(), hits.tolist(), strict=True):
        box = (lon[row] - wide[row], lat[row] - high, lon[row] + wide[row], lat[row] + high)
        x, y = _nearest_place(float(lon[row]), float(lat[row]), shapes[hit], box, float(shrink[row]))
        found.setdefault(row, []).append((hit, x, y))
    islets = _islets(source)
    islet_tree = shapely.STRtree(shapely.points(islets[["lon", "lat"]].to_numpy(float)))
    rows, hits = islet_tree.query(shapely.points(lon, lat), predicate="dwithin", distance=wide)
    for row, hit in zip(rows.tolist(), hits.tolist(), strict=True):
        islet = islets.iloc[hit]
        found.setdefault(row, []).append((int(islet["position"]), float(islet["lon"]), float(islet["lat"])))
    return found


def _nearest_place(
    lon: float, lat: float, shape: shapely.Geometry, box: tuple[float, float, float, float], shrink: float
) -> tuple[float, float]:
    """The place (lon, lat) of ``shape`` nearest to a point, on a plane whose degrees are equally long both ways."""
    piece = shapely.clip_by_rect(shape, *box)
    piece = shape if piece.is_empty else piece
    flat = shapely.transform(piece, lambda corners: corners * (shrink, 1.0))
    x, y = shapely.get_coordinates(shapely.shortest_line(shapely.Point(lon * shrink, lat), flat))[1]
    return float(x) / shrink, float(y)


@lru_cache(maxsize=6)
def _islets(source: Stamp) -> pd.DataFrame:
    """Islets of the shipped outlines: position in the areas, lon, lat; none for an official file, which is complete."""
    if source.official:
        return pd.DataFrame({"position": [], "lon": [], "lat": []})
    _, areas = indexed_areas(source)
    table = pd.read_csv(SHIPPED_FOLDER / "islets.csv", dtype={"regency_code": str})
    position = {code: row for row, code in enumerate(areas["code"])}
    width = len(areas["code"].iloc[0])
    return table.assign(position=table["regency_code"].str[:width].map(position))[["position", "lon", "lat"]]
