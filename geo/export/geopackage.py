"""Write a GeoPackage that opens with its style, its metadata and the meaning of its columns."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.export.columns import arrow_table, wkb_column
from geo.export.meanings import described, subject_of
from geo.export.places import Shapes, shapes_of, without_places
from geo.export.qgis import METADATA_URI, metadata, style
from geo.model import Language

_STYLES: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""

_DATA_COLUMNS: Final = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
)"""

_CONSTRAINTS: Final = """
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
)"""

_EXTENSIONS: Final = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
)"""


def gpkg_bytes(table: pd.DataFrame, about: Mapping[str, str], language: Language) -> bytes:
    """One layer, named by what the table speaks of, in EPSG:4326; a row without a place keeps its row.

    Days are dates, whole numbers 64 bits, moments ISO text in UTC with their microseconds. ``about`` stands in
    ``gpkg_contents`` and ``gpkg_metadata`` (as GDAL and as QGIS read it), the look of the screens in ``layer_styles``,
    unit and meaning of the columns in ``gpkg_data_columns``.
    """
    shapes, kind = _of_one_kind(shapes_of(table, "gpkg"))
    layer = subject_of(list(table.columns))
    rows = arrow_table(without_places(table), moments=False).append_column("geom", wkb_column(shapes))
    identifier = " – ".join(part for part in ("Sinergisitas", layer, about.get("posisi", "")) if part)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{layer}.gpkg"
        pyogrio.write_arrow(
            rows,
            file,
            layer=layer,
            driver="GPKG",
            geometry_name="geom",
            geometry_type=kind,
            crs="EPSG:4326",
            layer_metadata=dict(about) or None,
            dataset_options={"VERSION": "1.2"},  # which the GIS of older systems reads without a warning
            layer_options={"IDENTIFIER": identifier, "DESCRIPTION": "; ".join(about.values())},
        )
        with closing(sqlite3.connect(file)) as connection, connection:
            _add_style(connection, layer, style(list(table.columns), areas=kind == "MultiPolygon", language=language))
            _add_meanings(connection, layer, described(rows.column_names, language))
            if about:
                _add_metadata(connection, layer, metadata(about, identifier=identifier))
        return file.read_bytes()


def _of_one_kind(shapes: Shapes) -> tuple[Shapes, str]:
    """Shapes and the kind a layer declares: points, or areas, all of which become multi-part."""
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    if kinds <= {"Point"}:
        return shapes, "Point"
    if kinds <= {"Polygon", "MultiPolygon"}:
        multi = [
            shapely.multipolygons([shape]) if shape is not None and shape.geom_type == "Polygon" else shape
            for shape in shapes
        ]
        return np.array(multi, dtype="object"), "MultiPolygon"
    return shapes, "Unknown"


def _add_style(connection: sqlite3.Connection, layer: str, qml: str) -> None:
    connection.execute(_STYLES)
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)"
        " SELECT 'layer_styles', 'attributes', 'layer_styles', last_change FROM gpkg_contents LIMIT 1"
    )
    connection.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description, owner, update_time)"
        " SELECT '', '', ?, 'geom', 'Sinergisitas', ?, '', 1, '', '', last_change FROM gpkg_contents LIMIT 1",
        (layer, qml),
    )


def _add_meanings(connection: sqlite3.Connection, layer: str, words: pd.DataFrame) -> None:
    for statement in (_EXTENSIONS, _DATA_COLUMNS, _CONSTRAINTS):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema',"
        " 'http://www.geopackage.org/spec121/#extension_schema', 'read-write')",
        [("gpkg_data_columns",), ("gpkg_data_column_constraints",)],
    )
    told = [
        (layer, name, f"{meaning} ({unit})" if unit else meaning)
        for name, unit, meaning in zip(words["column"], words["unit"], words["description"], strict=True)
        if meaning
    ]
    connection.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, description) VALUES (?, ?, ?)", told
    )


def _add_metadata(connection: sqlite3.Connection, layer: str, content: str) -> None:
    made = connection.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)"
        " VALUES ('dataset', ?, 'text/xml', ?)",
        (METADATA_URI, content),
    )
    connection.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id)"
        " SELECT 'table', ?, last_change, ? FROM gpkg_contents LIMIT 1",
        (layer, made.lastrowid),
    )
