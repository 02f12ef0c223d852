"""Read and write boundary files: GeoJSON of areas, small, and the same bytes for the same areas.

The reader is ours on purpose: GDAL picks a driver by content, so a file in a folder that others can write to could
make it read something else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from geo.model import BoundaryError

CRS = "EPSG:4326"
"""WGS 84 with longitude first, the only system in which areas are kept."""

DECIMALS = 4
"""Decimals of stored coordinates: about 11 m, finer than the sources."""


def snapped(geometry: shapely.Geometry, *, decimals: int = DECIMALS) -> shapely.Geometry:
    """The geometry on a grid of ``decimals`` places, valid, only its polygons, outer rings anticlockwise (RFC 7946)."""
    on_grid = shapely.set_precision(shapely.force_2d(geometry), 10.0**-decimals)
    parts = [part for part in shapely.get_parts(on_grid) if part.geom_type == "Polygon" and not part.is_empty]
    parts = [part for piece in parts for part in shapely.get_parts(shapely.make_valid(piece))]
    polygons = [part for part in parts if part.geom_type == "Polygon"]
    whole = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    return shapely.orient_polygons(shapely.normalize(whole))


def feature(geometry: shapely.Geometry, properties: Mapping[str, Any], *, decimals: int = DECIMALS) -> dict[str, Any]:
    """One GeoJSON feature with rounded coordinates."""
    outline = shapely.geometry.mapping(geometry)
    return {
        "type": "Feature",
        "properties": dict(properties),
        "geometry": {"type": outline["type"], "coordinates": _rounded(outline["coordinates"], decimals)},
    }


def collection_text(features: Iterable[Mapping[str, Any]]) -> str:
    """A GeoJSON feature collection, one feature a line so that differences can be read."""
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def read_areas(path: Path, columns: Sequence[str]) -> gpd.GeoDataFrame:
    """Areas of a file that ``collection_text`` wrote: the ``columns`` asked for and ``geometry`` (EPSG:4326).

    Raises ``BoundaryError`` when the file is missing, no such collection, or lacks a column.
    """
    try:
        text = path.read_text(encoding="utf-8")
        records = [one["properties"] for one in json.loads(text)["features"]]
        shapes = shapely.get_parts(shapely.from_geojson(text))
        if len(shapes) != len(records):
            raise ValueError("a feature has no geometry")  # noqa: TRY301 - joins the list of what can be wrong below
        table = {name: [record[name] for record in records] for name in columns}
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        raise BoundaryError(
            f"{path.name} cannot be read as boundaries ({error}). Put the file back, or build it anew with"
            " 'python -m geo regions build'."
        ) from error
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def label_point(geometry: shapely.Geometry) -> tuple[float, float]:
    """A point (lon, lat) well inside the largest part, where a label reads best."""
    parts = shapely.get_parts(geometry)
    largest = max(parts, key=lambda part: (part.area, part.wkb))
    radius = shapely.maximum_inscribed_circle(largest, tolerance=0.002)
    lon, lat = (round(float(value), DECIMALS) for value in shapely.get_coordinates(radius)[0])
    if largest.contains(shapely.Point(lon, lat)):
        return lon, lat
    inner = largest.representative_point()
    return float(inner.x), float(inner.y)


def _rounded(coordinates: Any, decimals: int) -> Any:
    if isinstance(coordinates[0], float):
        return [round(value, decimals) for value in coordinates]
    return [_rounded(inner, decimals) for inner in coordinates]
