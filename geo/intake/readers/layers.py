"""Read GeoPackage and Shapefile through GDAL, with no other driver in the process."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo.intake.readers.archive import Archive
from geo.intake.readers.contents import (
    Contents,
    Grid,
    Said,
    Tell,
    UnreadableError,
    UnwantedDriversError,
    check_columns,
    check_rows,
    plain,
    said,
)
from geo.intake.readers.geometry import Geometries, fits_degrees, settled

if TYPE_CHECKING:
    from geo.intake.guard import Limits

WANTED: Final = frozenset({"GPKG", "ESRI Shapefile"})
"""The drivers that may exist in the process."""

_OTHERS = (
    "MEM,PCIDSK,PDS4,VICAR,PDF,MBTiles,EEDA,OGCAPI,GDALG,MapInfo File,LVBAG,S57,DGN,OGR_VRT,CSV,GML,GPX,LIBKML,KML,"
    "GeoJSON,GeoJSONSeq,ESRIJSON,TopoJSON,OGR_GMT,SQLite,WAsP,OpenFileGDB,DXF,FlatGeobuf,GeoRSS,VFK,PGDUMP,OSM,GPSBabel,"
    "OGR_PDS,WFS,OAPIF,EDIGEO,Idrisi,ODS,XLSX,Elasticsearch,Carto,AmigoCloud,SXF,Selafin,JML,PLSCENES,CSW,VDV,MVT,NGW,"
    "MapML,GTFS,PMTiles,JSONFG,MiraMonVector,ADBC,AVCBin,AVCE00,AIVector,HTTP"
)  # of the GDAL that pyogrio 0.13 brings; what another one has besides is found before it is used

ENVIRONMENT: Final = {
    "OGR_SKIP": _OTHERS,
    "GDAL_SKIP": "VRT,WMS,WCS",
    "GDAL_DRIVER_PATH": "disable",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "OGR_SQLITE_PRAGMA": "trusted_schema=0",
    "SHAPE_RESTORE_SHX": "YES",
}
"""What has to stand in the environment before GDAL is imported for the first time; later it has no effect."""

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_MOST_LAYERS = 50
_REACHING_OUT = re.compile(r"load_extension|virtualogr|\bogr_\w+\s*\(|\bgdal_\w+\s*\(")
"""In a view or trigger: SQL functions of GDAL that open other files, libraries or addresses."""


def without(drivers: Iterable[str]) -> dict[str, str]:
    """``ENVIRONMENT`` for a process that also does without these drivers."""
    return {**ENVIRONMENT, "OGR_SKIP": ",".join([ENVIRONMENT["OGR_SKIP"], *drivers])}


def _check_drivers() -> None:
    """Raise ``UnwantedDriversError`` where this process has more than the wanted drivers, as under a newer GDAL."""
    import pyogrio

    unwanted = frozenset(pyogrio.list_drivers()) - WANTED
    if unwanted:
        raise UnwantedDriversError(unwanted)


def read_geopackage(path: Path, limits: Limits, tell: Tell, folder: Path) -> Contents:
    """Each layer as one sheet, names of the fields in row 1; raises ``UnreadableError``."""
    _check_drivers()
    import pyogrio

    _check_schema(path)
    target = folder / "upload.gpkg"
    target.symlink_to(path.resolve())
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(target)]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise UnreadableError("file.damaged") from error
    if not names:
        raise UnreadableError("file.no_sheet")
    if len(names) > _MOST_LAYERS:
        raise UnreadableError("limit.layers", count=len(names), limit=_MOST_LAYERS)
    contents = Contents()
    for at, name in enumerate(names):
        grid, told = _layer(target, name, name, limits, driver="GPKG")
        contents.sheets.append(grid)
        contents.said += told
        tell(0.9 * (at + 1) / len(names))
    return contents


def _check_schema(path: Path) -> None:
    """Refuse virtual tables (other than the spatial index), which could stand for other files of this machine."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            made = [str(sql or "") for (sql,) in connection.execute("SELECT sql FROM sqlite_master LIMIT 10000")]
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise UnreadableError("file.damaged") from error
    for sql in made:
        words = sql.lower()
        if "virtual" in words.split() and "using rtree" not in " ".join(words.split()):
            raise UnreadableError("file.foreign_table")
        if _REACHING_OUT.search(words):
            raise UnreadableError("file.foreign_table")


def read_shapefiles(path: Path, limits: Limits, tell: Tell, folder: Path) -> Contents:
    """Each Shapefile of a ZIP as one sheet, names of the fields in row 1; raises ``UnreadableError``."""
    _check_drivers()
    archive = Archive(path, limits)
    stems = sorted(name[:-4] for name in archive.names if name.lower().endswith(".shp") and "__MACOSX/" not in name)
    if not stems:
        raise UnreadableError("file.part", part=".shp")
    if len(stems) > _MOST_LAYERS:
        raise UnreadableError("limit.layers", count=len(stems), limit=_MOST_LAYERS)
    contents = Contents()
    for at, stem in enumerate(stems):
        shown = stem.rpartition("/")[2]
        if f"{stem}.dbf" not in archive:
            raise UnreadableError("shape.no_dbf", name=shown)
        for part in _PARTS:
            if f"{stem}{part}" in archive:
                archive.unpack(f"{stem}{part}", folder / f"upload{at}{part}")
        if f"{stem}.shx" not in archive:
            contents.said.append(said("noted", "shape.no_shx", name=shown))
        target = folder / f"upload{at}.shp"
        grid, told = _layer(target, None, shown, limits, driver="ESRI Shapefile", encoding=_encoding(target))
        contents.sheets.append(grid)
        contents.said += told
        tell(0.9 * (at + 1) / len(stems))
    return contents


def _encoding(shape: Path) -> str | None:
    """Encoding of a .dbf that does not say it: UTF-8 where all of it is that, Windows-1252 otherwise."""
    if shape.with_suffix(".cpg").exists():
        return None
    try:
        shape.with_suffix(".dbf").read_bytes()[32:].decode()
    except UnicodeDecodeError:
        return "CP1252"
    return "UTF-8"


# --- a layer -----------------------------------------------------------------------------------------------------


def _layer(
    path: Path, layer: str | None, shown: str, limits: Limits, *, driver: str, encoding: str | None = None
) -> tuple[Grid, list[Said]]:
    import pyogrio
    from pyogrio.raw import read

    try:
        about = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
        if about["driver"] != driver:
            raise UnreadableError("file.damaged")
        check_rows(int(about["features"]), limits)
        check_columns(len(about["fields"]), limits, shown)
        meta, _, packed, fields = read(path, layer=layer, encoding=encoding)
        shapes = shapely.from_wkb(packed) if packed is not None else np.full(len(fields[0]) if fields else 0, None)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.FieldError,
        pyogrio.errors.GeometryError,
        shapely.errors.ShapelyError,
        UnicodeDecodeError,
    ) as error:
        raise UnreadableError("file.damaged") from error
    rows = list(range(2, len(shapes) + 2))
    told: list[Said] = []
    located = packed is not None and about["geometry_type"] is not None
    grid = Grid(shown)
    if located:
        geometry, more = settled(_in_degrees(shapes, meta["crs"], shown, told), rows)
        told += more
        grid.geometry = {1: None, **geometry}
    for column, (name, values) in enumerate(zip(meta["fields"], fields, strict=True), start=1):
        grid.put(1, column, str(name))
        for row, value in zip(rows, _values(values), strict=True):
            grid.put(row, column, plain(value))
    return grid, told


def _values(array: Any) -> list[Any]:
    """Python values of a column: dates, moments, numbers, text; ``None`` where missing."""
    if array.dtype.kind == "M":
        unit = "D" if array.dtype == np.dtype("datetime64[D]") else "us"
        return list(array.astype(f"datetime64[{unit}]").astype(object).tolist())
    if array.dtype.kind == "f":
        return [None if value != value else value for value in array.astype(np.float64).tolist()]
    return list(array.tolist())


def _in_degrees(shapes: Geometries, crs: str | None, shown: str, told: list[Said]) -> Geometries:
    """The shapes in EPSG:4326; without a coordinate system they are taken as degrees if they lie near Indonesia."""
    if crs is None or "Undefined" in crs:
        bounds = shapely.total_bounds(shapes)
        if not np.isfinite(bounds).all():
            return shapes
        if not fits_degrees(bounds.tolist()):
            raise UnreadableError("crs.missing", name=shown)
        told.append(said("flagged", "crs.assumed", name=shown))
        return shapes
    made = transformed(shapes, crs)
    if made is None:
        raise UnreadableError("crs.unknown", crs=crs[:80])
    if made is not shapes:
        told.append(said("noted", "crs.transformed", crs=crs[:80]))
    return made


def transformed(shapes: Geometries, crs: str) -> Geometries | None:
    """The shapes in EPSG:4326 (lon, lat), the same object if they are so already; ``None`` for an unknown system."""
    import pyproj

    try:
        source = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        return None
    if source.equals(pyproj.CRS.from_epsg(4326), ignore_axis_order=True):
        return shapes
    change = pyproj.Transformer.from_crs(source, 4326, always_xy=True)
    made: Geometries = shapely.transform(shapes, change.transform, interleaved=False)
    return made
