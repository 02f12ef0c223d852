"""Read exported records back with the plain reader of each format, knowing only the columns' types."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely
from openpyxl import load_workbook
from sqlalchemy import Date, Double, Integer

from geo.export import own_columns, unescaped, verbatim
from geo.store.columns import Geometry, UtcTime
from geo.store.schema import canonical_columns, metadata

Row = dict[str, Any]

ABOUT: Mapping[str, str] = {
    "posisi": "2026-10-31",
    "saringan": "provinsi=35",
    "bahasa": "id",
    "sumber": "=Contoh",
    "lisensi": "Contoh: bebas digunakan",
    "catatan": "DATA CONTOH – bukan angka resmi",
}

ABOUT_NOTHING: Mapping[str, str] = {}


def rows_of(content: bytes, form: str, folder: Path) -> list[Row]:
    """The rows of a file as its reader gives them, what the file says of itself left out."""
    file = folder / f"back.{form}"
    file.write_bytes(content)
    return _READERS[form](file)


def canonical(kind: str, rows: list[Row]) -> list[Row]:
    """Rows as the store would hold them: each cell in the Python type of its column, ``None`` where missing."""
    columns = {column.name: _reader(column.type) for column in metadata.tables[kind].columns if column.name != "id"}
    return [
        {name: None if _missing(row.get(name)) else read(row[name]) for name, read in columns.items()} for row in rows
    ]


def kept(kind: str, table: pd.DataFrame) -> list[Row]:
    """The rows of a store's table in the same form."""
    rows = table[list(canonical_columns(kind))].astype("object").to_dict("records")
    return canonical(kind, [{str(name): value for name, value in row.items()} for row in rows])


def _missing(value: object) -> bool:
    return value is None or value == "" or value is pd.NA or value is pd.NaT or value != value


def _csv(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        rows = csv.DictReader(io.StringIO(source.read(), newline=""))
        own = own_columns(rows.fieldnames or ())
        return [{name: verbatim(text) for name, text in row.items() if name not in own} for row in rows]


def _json(file: Path) -> list[Row]:
    rows: list[Row] = json.loads(file.read_text("utf-8"))
    own = own_columns(list(rows[0])) if rows else ()
    return [{name: value for name, value in row.items() if name not in own} for row in rows]


def _xlsx(file: Path) -> list[Row]:
    header, *rows = load_workbook(io.BytesIO(file.read_bytes()))["data"].iter_rows(values_only=True)
    return [
        {
            str(name): unescaped(value) if isinstance(value, str) else value
            for name, value in zip(header, row, strict=True)
        }
        for row in rows
    ]


def _geojson(file: Path) -> list[Row]:
    rows = []
    for feature in json.loads(file.read_text("utf-8"))["features"]:
        lon, lat = feature["geometry"]["coordinates"] if feature["geometry"] else (None, None)
        rows.append({"lon": lon, "lat": lat, **feature["properties"]})
    return rows


def _gpkg(file: Path) -> list[Row]:
    meta, table = pyogrio.read_arrow(file, layer=0)
    rows = []
    for row in table.to_pylist():
        point = row.pop(meta["geometry_name"] or "wkb_geometry")
        lon, lat = shapely.get_coordinates(shapely.from_wkb(point)).tolist()[0] if point else (None, None)
        rows.append({**row, "lon": lon, "lat": lat})
    return rows


def _parquet(file: Path) -> list[Row]:
    rows: list[Row] = pq.read_table(file).to_pylist()
    return rows


_READERS: Mapping[str, Callable[[Path], list[Row]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
    "geojson": _geojson,
    "gpkg": _gpkg,
    "parquet": _parquet,
}


def _reader(kind: object) -> Callable[[Any], Any]:
    if isinstance(kind, UtcTime):
        return _moment
    if isinstance(kind, Geometry):
        return _area
    if isinstance(kind, Date):
        return _day
    if isinstance(kind, Integer):
        return _whole
    return float if isinstance(kind, Double) else _text


def _whole(value: Any) -> int:
    number = int(value)
    assert isinstance(value, str) or number == value
    return number


def _text(value: Any) -> str:
    assert isinstance(value, str), f"{value!r} is no text"
    return value


def _day(value: Any) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value.date() if isinstance(value, datetime) else value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else pd.Timestamp(value).to_pydatetime()
    assert moment.tzinfo is not None, "a moment without a zone"
    return moment.astimezone(UTC)


def _area(value: Any) -> bytes:
    if isinstance(value, bytes):
        value = shapely.from_wkb(value)
    shape = shapely.from_wkt(value) if isinstance(value, str) else value
    return bytes(shapely.to_wkb(shape))
