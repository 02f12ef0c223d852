"""Load boundaries and the list of regions that goes with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd
import shapely

from geo.model import BBox, BoundaryError, Region, UnknownCodeError
from geo.regions.codes import Level, dotted
from geo.regions.features import label_point, read_areas
from geo.regions.folders import SHIPPED_FOLDER, boundary_file

AREA_COLUMNS = ("code", "name", "province_code", "approximate")
TABLE_COLUMNS = (
    *("code", "name", "level", "province_code", "lon", "lat", "west", "south", "east", "north"),
    *("timezone", "capital", "approximate"),
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A boundary file as it was when looked at; caches built on it notice when the file is replaced."""

    path: Path
    modified_ns: int
    size: int

    @property
    def official(self) -> bool:
        """Whether the file took the place of the shipped one."""
        return self.path.parent != SHIPPED_FOLDER


def stamp(level: Level, *, folder: Path | None = None) -> Stamp:
    """Identify the file in force for ``level``; raises ``BoundaryError`` when it is missing."""
    path = boundary_file(level, folder=folder)
    try:
        found = path.stat()
    except OSError as error:
        raise BoundaryError(
            f"{path.name} is missing. Put it back, or build it anew with 'python -m geo regions build'."
        ) from error
    return Stamp(path, found.st_mtime_ns, found.st_size)


def load_boundaries(level: Literal[1, 2], *, folder: Path | None = None) -> gpd.GeoDataFrame:
    """Provinces (1) or kabupaten/kota (2): code, name, province_code, approximate, geometry; EPSG:4326, RangeIndex.

    Sorted by code. An official file in ``folder`` (default ``active_folder()``) wins over the shipped one. The frame
    is the caller's own copy. Raises ``BoundaryError`` when the file is missing or damaged.
    """
    return areas(stamp(level, folder=folder)).copy()


def region_table(level: Literal[1, 2] | None = None, *, folder: Path | None = None) -> pd.DataFrame:
    """Regions as a table: code, name, level, province_code, label point lon, lat, west, south, east, north, timezone,
    capital (both may be empty), approximate; RangeIndex, provinces first.
    """
    levels: tuple[Level, ...] = (1, 2) if level is None else (level,)
    return pd.concat([_table(one, stamp(one, folder=folder)) for one in levels], ignore_index=True)


def regions(level: Literal[1, 2] | None = None, *, folder: Path | None = None) -> tuple[Region, ...]:
    """All regions of a level, or of both with provinces first, in the order of their codes."""
    levels: tuple[Level, ...] = (1, 2) if level is None else (level,)
    return tuple(one for wanted in levels for one in _by_code(wanted, stamp(wanted, folder=folder)).values())


def region(code: str, *, folder: Path | None = None) -> Region:
    """The region of a code, dotted or not; raises ``UnknownCodeError``."""
    wanted = dotted(code)
    level: Level = 1 if len(wanted) == 2 else 2
    found = _by_code(level, stamp(level, folder=folder)).get(wanted)
    if found is None:
        raise UnknownCodeError(f"no province or kabupaten/kota has the code {code!r}. Codes look like 35 or 35.07.")
    return found


def region_name(code: str, *, folder: Path | None = None) -> str:
    """The name of a region in Indonesian print; raises ``UnknownCodeError``."""
    return region(code, folder=folder).name


def region_label(code: object, *, folder: Path | None = None) -> str:
    """The name of the province or kabupaten/kota that a code of any level lies in; the code itself where none has it.

    For texts about records, which may carry codes that the boundaries in force do not know.
    """
    if not isinstance(code, str) or not code:
        return ""
    try:
        return region_name(code[:5], folder=folder)
    except UnknownCodeError:
        return code


def regencies_of(province_code: str, *, folder: Path | None = None) -> tuple[Region, ...]:
    """The kabupaten/kota of a province in the order of their codes; raises ``UnknownCodeError``."""
    province = region(province_code, folder=folder)
    return tuple(one for one in regions(2, folder=folder) if one.province_code == province.code)


def bbox_of(codes: Iterable[str], *, folder: Path | None = None) -> BBox:
    """The box around some regions, around all provinces when none is named; raises ``UnknownCodeError``."""
    chosen = [region(code, folder=folder) for code in codes] or regions(1, folder=folder)
    known = [one.bbox for one in chosen if one.bbox is not None]
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


def boundary_stamp(level: Literal[1, 2], *, folder: Path | None = None) -> str:
    """A text that changes when the boundaries in force are replaced, for the keys of caches."""
    used = stamp(level, folder=folder)
    return f"{used.path.name} {used.modified_ns} {used.size}"


def boundary_hash(level: Literal[1, 2], *, folder: Path | None = None) -> str:
    """SHA-256 of the boundary file in force, in hexadecimal digits: the same for every copy of the same file."""
    return _content_hash(stamp(level, folder=folder))


@lru_cache(maxsize=6)
def _content_hash(used: Stamp) -> str:
    return sha256(used.path.read_bytes()).hexdigest()


def boundary_source(level: Literal[1, 2], *, folder: Path | None = None) -> str | None:
    """Who issued the official boundaries in force, as named when they were put in place; ``None`` for the shipped."""
    used = stamp(level, folder=folder)
    return _source(used) if used.official else None


@lru_cache(maxsize=6)
def _source(used: Stamp) -> str:
    named = read_areas(used.path, ("source",))["source"]
    return str(named.iloc[0]) if len(named) else ""


def load_outline() -> gpd.GeoDataFrame:
    """The whole country as one strongly simplified area (columns name, geometry; EPSG:4326), for an inset."""
    return read_areas(SHIPPED_FOLDER / "outline.geojson", ("name",))


@lru_cache(maxsize=6)
def areas(source: Stamp) -> gpd.GeoDataFrame:
    """The areas of a file, shared: never alter or hand out without a copy."""
    return read_areas(source.path, AREA_COLUMNS).sort_values("code", ignore_index=True)


@lru_cache(maxsize=6)
def _by_code(level: Level, source: Stamp) -> dict[str, Region]:
    table = _table(level, source)
    boxes = zip(table["west"], table["south"], table["east"], table["north"], strict=True)
    rows = zip(table["code"], table["name"], boxes, table["approximate"], strict=True)
    return {code: Region(code, name, level, box, bool(approximate)) for code, name, box, approximate in rows}


@lru_cache(maxsize=6)
def _table(level: Level, source: Stamp) -> pd.DataFrame:
    shipped = _shipped_table()
    listed = shipped[shipped["level"] == level].reset_index(drop=True)
    return _measured(level, source, listed) if source.official else listed


def _measured(level: Level, source: Stamp, listed: pd.DataFrame) -> pd.DataFrame:
    """The table of a file that the shipped list does not describe; zone and capital are kept where a code is known."""
    found = areas(source)
    known = listed.set_index("code")
    boxes = found.geometry.bounds.rename(columns={"minx": "west", "miny": "south", "maxx": "east", "maxy": "north"})
    points = [label_point(geometry) for geometry in found.geometry]
    zones = _shipped_table().drop_duplicates("province_code").set_index("province_code")["timezone"]
    table = pd.DataFrame(found.drop(columns="geometry")).assign(
        level=level,
        lon=[lon for lon, _ in points],
        lat=[lat for _, lat in points],
        timezone=found["province_code"].map(zones).fillna(""),
        capital=found["code"].map(known["capital"]).fillna(""),
    )
    return table.join(boxes)[list(TABLE_COLUMNS)]


@lru_cache(maxsize=1)
def _shipped_table() -> pd.DataFrame:
    path = SHIPPED_FOLDER / "regions.csv"
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise BoundaryError(
            f"{path.name} cannot be read ({error}). Build it with 'python -m geo regions build'."
        ) from error
    numbers = dict.fromkeys(("lon", "lat", "west", "south", "east", "north"), "float64")
    table = table.astype(numbers | {"level": "int64"})
    table["province_code"] = table["code"].str[:2]
    table["approximate"] = table["approximate"] == "1"
    return table[list(TABLE_COLUMNS)]


def indexed_areas(source: Stamp) -> tuple[shapely.STRtree, gpd.GeoDataFrame]:
    """A spatial index over ``areas(source)`` and the areas themselves, both shared."""
    return _tree(source), areas(source)


@lru_cache(maxsize=6)
def _tree(source: Stamp) -> shapely.STRtree:
    return shapely.STRtree(areas(source).geometry.to_numpy())
