"""Read GeoJSON by the letter (RFC 8259, RFC 7946), without GDAL, which lets too much pass."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np
import shapely

from geo.intake.readers.contents import (
    Contents,
    Grid,
    Said,
    Tell,
    UnreadableError,
    check_columns,
    check_rows,
    plain,
    said,
)
from geo.intake.readers.geometry import Geometries, settled

if TYPE_CHECKING:
    from geo.intake.guard import Limits

_DEPTHS: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""Lists around one position in the coordinates of each type."""

_MADE_OF: Final = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
_WGS84: Final = ("4326", "crs84")


def read_geojson(path: Path, limits: Limits, tell: Tell) -> Contents:
    """The features as one sheet, names of the properties in row 1; raises ``UnreadableError``."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableError("csv.bad_encoding", encoding="UTF-8", line=line) from error
    try:
        document = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise UnreadableError("json.damaged", line=error.lineno) from error
    except RecursionError as error:
        raise UnreadableError("json.deep") from error
    tell(0.3)
    features = _features(document)
    check_rows(len(features), limits)
    contents = Contents()
    rows = range(2, len(features) + 2)
    shapes = [_shape(one.get("geometry"), row) for one, row in zip(features, rows, strict=True)]
    tell(0.6)
    geometry, told = settled(_in_degrees(shapes, document, contents.said), list(rows))
    contents.said += told
    grid = Grid("GeoJSON", geometry={1: None, **geometry})
    fill(grid, (_fields(one, row) for one, row in zip(features, rows, strict=True)), limits)
    contents.sheets.append(grid)
    return contents


def fill(grid: Grid, records: Iterable[dict[str, Any]], limits: Limits) -> None:
    """Put names into row 1 and one record into each row from 2; a sheet without any name says what shapes it has."""
    columns: dict[str, int] = {}
    last = 1
    for last, record in enumerate(records, start=2):
        for name, value in record.items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = len(columns) + 1
                check_columns(column, limits, grid.name)
                grid.put(1, column, name or f"({column})")
            grid.put(last, column, plain(value))
    if not columns and grid.geometry:
        grid.put(1, 1, "geometry")
        for row, shape in grid.geometry.items():
            if shape is not None:
                grid.put(row, 1, str(shapely.from_wkb(shape).geom_type))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different; RFC 8259 leaves open which of two equal ones counts."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise UnreadableError("json.twice", name=twice[:40])
    return made


def _no_constant(name: str) -> NoReturn:
    raise UnreadableError("json.constant", word=name)


def _features(document: Any) -> list[dict[str, Any]]:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        features = document.get("features")
    elif kind == "Feature":
        features = [document]
    elif kind in _DEPTHS or kind == "GeometryCollection":
        features = [{"type": "Feature", "properties": {}, "geometry": document}]
    else:
        raise UnreadableError("json.kind")
    if not isinstance(features, list):
        raise UnreadableError("json.kind")
    if not features:
        raise UnreadableError("file.empty")
    for row, one in enumerate(features, start=2):
        if not isinstance(one, dict) or one.get("type") != "Feature":
            raise UnreadableError("json.feature", row=row)
    return features


def _fields(feature: dict[str, Any], row: int) -> dict[str, Any]:
    given = feature.get("properties")
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise UnreadableError("json.feature", row=row)
    found = {name: _field(value, row) for name, value in given.items()}
    if "id" in feature and "id" not in found:
        found = {"id": _field(feature["id"], row), **found}
    return found


def _field(value: Any, row: int) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and math.isinf(value):
        raise UnreadableError("json.number", row=row)
    return value


# --- geometry ----------------------------------------------------------------------------------------------------


def _shape(given: Any, row: int) -> Any:
    """A shapely geometry of a GeoJSON geometry; refuses what is none, with its row."""
    if given is None:
        return None
    try:
        return _built(given, 0)
    except (TypeError, ValueError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
        raise UnreadableError("geometry.wrong", row=row) from error


def _built(given: Any, depth: int) -> Any:
    kind = given["type"]
    if kind == "GeometryCollection":
        if depth > 5:
            raise ValueError(kind)
        return shapely.GeometryCollection([_built(one, depth + 1) for one in given["geometries"]])
    return _of_coordinates(kind, given["coordinates"])


def _of_coordinates(kind: str, coordinates: Any) -> Any:
    if not isinstance(coordinates, list):
        raise TypeError(kind)
    if not coordinates:
        return None
    if kind in _MADE_OF:
        parts = [_of_coordinates(_MADE_OF[kind], one) for one in coordinates]
        return getattr(shapely, kind)([part for part in parts if part is not None])
    if kind == "Point":
        return shapely.Point(_position(coordinates))
    if kind == "LineString":
        return shapely.LineString([_position(one) for one in coordinates])
    if kind == "Polygon":
        rings = [[_position(one) for one in ring] for ring in coordinates]
        if any(len(ring) < 4 for ring in rings):
            raise ValueError(kind)
        return shapely.Polygon(rings[0], rings[1:])
    raise ValueError(kind)


def _position(given: Any) -> tuple[float, float]:
    """Longitude and latitude of a position; a height is left out."""
    if not isinstance(given, list) or len(given) < 2 or not all(type(one) in (int, float) for one in given):
        raise TypeError("position")
    return float(given[0]), float(given[1])


def _in_degrees(shapes: list[Any], document: Any, told: list[Said]) -> list[Any] | Geometries:
    """The shapes in EPSG:4326, also where the file has the ``crs`` member that RFC 7946 did away with."""
    crs = document.get("crs")
    if not isinstance(crs, dict):
        return shapes
    properties = crs.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name.lower().rstrip("/").endswith(_WGS84):
        return shapes
    from geo.intake.readers.layers import transformed

    code = name.rpartition(":")[2]
    array: Geometries = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    made = transformed(array, f"EPSG:{code}") if code.isascii() and code.isdigit() else None
    if made is None:
        raise UnreadableError("crs.unknown", crs=name[:80])
    told.append(said("noted", "crs.transformed", crs=f"EPSG:{code}"))
    return made
