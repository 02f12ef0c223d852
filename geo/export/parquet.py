"""Write Parquet; a table with places as GeoParquet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.export.columns import arrow_table, wkb_column
from geo.export.meanings import described
from geo.export.places import Shapes, extent, is_located, shapes_of
from geo.model import Language

_VERSION: Final = "1.1.0"


def parquet_bytes(table: pd.DataFrame, about: Mapping[str, str], language: Language) -> bytes:
    """Typed columns, each with its unit and meaning, and ``about`` among the file's key-values.

    Nothing is lost: days are dates, moments UTC to the microsecond, money 64-bit whole numbers. Where the table has
    places the file is GeoParquet 1.1: ``geometry`` (WKB, longitude first, OGC:CRS84) beside ``lon`` and ``lat``; areas
    of land (``footprint``) are a second geometry column.
    """
    shapes = _shapes(table)
    columns = table.drop(columns=[name for name in shapes if name in table.columns])
    made = arrow_table(columns, moments=True)
    for name, column in shapes.items():
        made = made.append_column(name, wkb_column(column))
    order = [str(name) for name in table.columns if name in made.column_names]
    made = made.select([*order, *[name for name in made.column_names if name not in order]])
    made = made.cast(_told_schema(made, language))
    told = {"sinergisitas": json.dumps(dict(about), ensure_ascii=False), **about}
    if shapes:
        told["geo"] = json.dumps(_geo(shapes))
    sink = pa.BufferOutputStream()
    pq.write_table(made.replace_schema_metadata(told), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def _shapes(table: pd.DataFrame) -> dict[str, Shapes]:
    """The geometry columns of the file, the first one first."""
    if not is_located(table):
        return {}
    shapes = {"geometry": shapes_of(table, "parquet")}
    if "footprint" in table:
        shapes["footprint"] = np.array([_shape(value) for value in table["footprint"]], dtype="object")
    return shapes


def _shape(value: object) -> shapely.Geometry | None:
    return value if isinstance(value, shapely.Geometry) else None


def _told_schema(table: pa.Table, language: Language) -> pa.Schema:
    words = described(table.column_names, language)
    fields = []
    for field, unit, meaning in zip(table.schema, words["unit"], words["description"], strict=True):
        told = {name: text for name, text in (("unit", unit), ("description", meaning)) if text}
        fields.append(field.with_metadata(told) if told else field)
    return pa.schema(fields)


def _geo(shapes: Mapping[str, Shapes]) -> dict[str, Any]:
    """The key ``geo``; a column without ``crs`` is in OGC:CRS84."""
    columns: dict[str, Any] = {}
    for name, column in shapes.items():
        kinds = sorted({shape.geom_type for shape in column if shape is not None})
        columns[name] = {"encoding": "WKB", "geometry_types": kinds}
        box = extent(column)
        if box is not None:
            columns[name]["bbox"] = list(box)
    return {"version": _VERSION, "primary_column": next(iter(shapes)), "columns": columns}
