"""Write a table in one of the formats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from geo.export.frames import with_areas
from geo.export.geojson import geojson_bytes
from geo.export.geopackage import gpkg_bytes
from geo.export.kml import kml_bytes
from geo.export.meanings import subject_of
from geo.export.parquet import parquet_bytes
from geo.export.places import is_located
from geo.export.text import csv_bytes, json_bytes
from geo.export.workbook import xlsx_bytes
from geo.model import Language, Problem, RefusedError

FORMATS: Final[dict[str, str]] = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "kml": "application/vnd.google-earth.kml+xml",
}
"""Formats by name, with their media types."""

MAP_FORMATS: Final = ("geojson", "gpkg", "kml")
"""Formats that carry places: for ``LOCATED`` alone; reports and actions stand at their site, regions are areas."""


def table_bytes(table: pd.DataFrame, form: str, *, about: Mapping[str, str], language: Language | None = None) -> bytes:
    """A table as a file; ``about`` (day, choice, source, licence, sample mark) goes along where the format has a place.

    CSV and JSON: the last members of each row, so that the file stays one table. XLSX: a sheet of its own. GeoJSON: the
    member ``metadata``. GeoPackage: its metadata tables. KML: the document and each placemark. Parquet: key-values.
    Missing values stay empty or ``null``; a row without a place keeps its row, except in KML. ``language`` of the words
    that explain columns and looks: as in ``about``, else Indonesian.

    Raises ``RefusedError`` for a format that the table cannot have.
    """
    told = {name: text for name, text in about.items() if text}
    if form in MAP_FORMATS and not is_located(table) and subject_of(list(table.columns)) == "regions":
        table = with_areas(table)
    words: Language = language or ("en" if told.get("bahasa") == "en" else "id")
    if form == "csv":
        return csv_bytes(table, told)
    if form == "json":
        return json_bytes(table, told)
    if form == "xlsx":
        return xlsx_bytes(table, told, words)
    if form == "parquet":
        return parquet_bytes(table, told, words)
    if form == "geojson":
        return geojson_bytes(table, told)
    if form == "gpkg":
        return gpkg_bytes(table, told, words)
    if form == "kml":
        return kml_bytes(table, told, words)
    raise RefusedError([Problem(f"unknown format {form!r}", f"Choose one of: {', '.join(FORMATS)}.")])
