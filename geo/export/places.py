"""Tell where the rows of a table lie."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.model import BBox, Problem, RefusedError

Shapes = npt.NDArray[np.object_]


def is_located(table: pd.DataFrame) -> bool:
    """Whether the table has points (``lon``, ``lat``) or shapes (``geometry``)."""
    return "geometry" in table or {"lon", "lat"} <= set(table.columns)


def shapes_of(table: pd.DataFrame, form: str) -> Shapes:
    """The shape of each row in EPSG:4326, (lon, lat); ``None`` where it has none.

    Outer rings run counterclockwise, as RFC 7946 wants it. Raises ``RefusedError`` for a table without places;
    ``form`` names the format that needs them.
    """
    if not is_located(table):
        raise RefusedError([Problem(f"{form} needs points and this table has none", "Choose csv, xlsx or json.")])
    if "geometry" in table:
        shapes: Shapes = shapely.orient_polygons(np.array(table["geometry"].tolist(), dtype="object"))
        return shapes
    lon, lat = (pd.to_numeric(table[name]).to_numpy(dtype="float64", na_value=np.nan) for name in ("lon", "lat"))
    shapes = np.full(len(table), None, dtype="object")
    there = np.isfinite(lon) & np.isfinite(lat)
    shapes[there] = shapely.points(lon[there], lat[there])
    return shapes


def extent(shapes: Shapes) -> BBox | None:
    """The box around all shapes, ``None`` where there is none."""
    west, south, east, north = shapely.total_bounds(shapes).tolist() if len(shapes) else (np.nan,) * 4
    return None if np.isnan(west) else (west, south, east, north)


def without_places(table: pd.DataFrame) -> pd.DataFrame:
    """The table without the columns that its shapes stand for."""
    return table.drop(columns=["geometry"] if "geometry" in table else ["lon", "lat"])
