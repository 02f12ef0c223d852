"""Match the rows of a boundary file with the regions in force: pieces, turned axes, codes of former days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.model import BBox, Problem
from geo.regions.features import CRS
from geo.regions.names import plain_name

SAME_AREA: Final = 0.8
"""Share of the common area in that of both together from which two outlines are those of one region."""

SAME_NAMED_AREA: Final = 0.4
"""The same, where the names agree too."""

FAR_METRES: Final = 5_000
"""A region that lies wholly elsewhere, further than this from where it was, has a wrong code."""

_EQUAL_AREA: Final = "EPSG:6933"


@dataclass(frozen=True, slots=True)
class Pieces:
    """The rows of a file, those of one region together.

    - ``rows``: of each region the file's rows (from 1), the first one giving ``codes`` and ``names``.
    - ``shapes``: its area, ``None`` where no row brings one.
    - ``notes``: what was joined, for a person.
    """

    rows: tuple[tuple[int, ...], ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: tuple[shapely.Geometry | None, ...]
    notes: tuple[str, ...]


def joined(codes: Sequence[str], names: Sequence[str], shapes: Sequence[shapely.Geometry | None]) -> Pieces:
    """Rows of the same code and name as one region: islands often come as rows of their own.

    A row without an area adds nothing to others of its region. Rows of one code and different names stay apart, for
    one of them has a wrong code.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for at, (code, name) in enumerate(zip(codes, names, strict=True)):
        groups.setdefault((code, plain_name(name)), []).append(at)
    notes = []
    together = []
    for (code, _), places in groups.items():
        given = [shape for at in places if (shape := shapes[at]) is not None and not shape.is_empty]
        if len(places) == 1:
            together.append(shapes[places[0]])
            continue
        empty = len(places) - len(given)
        without = f", {empty} of them without an area" if empty else ""
        notes.append(f"{len(places)} rows of {code} were joined into one region{without}")
        together.append(_union(given))
    return Pieces(
        rows=tuple(tuple(at + 1 for at in places) for places in groups.values()),
        codes=tuple(code for code, _ in groups),
        names=tuple(names[places[0]] for places in groups.values()),
        shapes=tuple(together),
        notes=tuple(notes),
    )


def _union(shapes: Sequence[shapely.Geometry]) -> shapely.Geometry | None:
    if not shapes:
        return None
    areas = [shape for shape in shapes if shape.geom_type in ("Polygon", "MultiPolygon")]
    if len(areas) < len(shapes):
        return next(shape for shape in shapes if shape.geom_type not in ("Polygon", "MultiPolygon"))
    return shapely.union_all(shapely.make_valid(np.array(areas, dtype=object), method="structure"))


def exchanged(
    codes: Sequence[str], shapes: Sequence[shapely.Geometry | None], present: gpd.GeoDataFrame, extent: BBox
) -> list[shapely.Geometry | None] | None:
    """The shapes (degrees) with longitude and latitude exchanged, where this and nothing else puts them right.

    That is so where none lies within ``extent`` as given, all do when turned, and most then meet the region in force
    of their code. Else ``None``.
    """
    given = np.array([shape for shape in shapes if shape is not None and not shape.is_empty], dtype=object)
    if not len(given):
        return None
    boxes = shapely.bounds(given)
    if _within(boxes, extent).any() or not _within(boxes[:, [1, 0, 3, 2]], extent).all():
        return None
    turned = [None if shape is None else shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in shapes]
    before: Mapping[str, shapely.Geometry] = dict(zip(present["code"], present.geometry, strict=True))
    pairs = [
        (shape, before[code]) for code, shape in zip(codes, turned, strict=True) if shape is not None and code in before
    ]
    meeting = sum(shapely.box(*shape.bounds).intersects(region) for shape, region in pairs)
    return turned if pairs and meeting >= 0.9 * len(pairs) else None


def _within(boxes: np.ndarray, extent: BBox) -> np.ndarray:
    west, south, east, north = extent
    inside: np.ndarray = (boxes[:, 0] >= west) & (boxes[:, 1] >= south) & (boxes[:, 2] <= east) & (boxes[:, 3] <= north)
    return inside


@dataclass(frozen=True, slots=True)
class Former:
    """A row whose code no region has today, and the region that it seems to be."""

    at: int
    code: str
    share: float


def former_codes(
    codes: Sequence[str], names: Sequence[str], shapes: Sequence[shapely.Geometry], present: gpd.GeoDataFrame
) -> list[Former]:
    """Codes that no region in force has, where one that the file lacks has the same area; shapes in EPSG:4326.

    A really new region covers a part of an old one and is no such case.
    """
    unknown = [at for at, code in enumerate(codes) if code not in set(present["code"])]
    lacking = present[~present["code"].isin(codes)]
    if not unknown or not len(lacking):
        return []
    old = shapely.make_valid(lacking.geometry.to_crs(_EQUAL_AREA).to_numpy())
    new = shapely.make_valid(gpd.GeoSeries([shapes[at] for at in unknown], crs=CRS).to_crs(_EQUAL_AREA).to_numpy())
    found = []
    for at, area in zip(unknown, new, strict=True):
        share = shapely.area(shapely.intersection(old, area)) / shapely.area(shapely.union(old, area))
        named = np.array([plain_name(name) == plain_name(names[at]) for name in lacking["name"]])
        best = int(np.argmax(share + named))
        if share[best] >= (SAME_NAMED_AREA if named[best] else SAME_AREA):
            found.append(Former(at, str(lacking["code"].iloc[best]), float(share[best])))
    return found


def displaced(
    codes: Sequence[str], shapes: Sequence[shapely.Geometry], present: gpd.GeoDataFrame
) -> Iterator[tuple[int, float, str | None]]:
    """Places of regions that lie wholly elsewhere than today, with metres between and the code of what lies there."""
    before = dict(
        zip(present["code"], shapely.make_valid(present.geometry.to_crs(_EQUAL_AREA).to_numpy()), strict=True)
    )
    new = shapely.make_valid(gpd.GeoSeries(list(shapes), crs=CRS).to_crs(_EQUAL_AREA).to_numpy())
    for at, (code, area) in enumerate(zip(codes, new, strict=True)):
        old = before.get(code)
        if old is None:
            continue
        metres = float(shapely.distance(old, area))
        if metres > FAR_METRES:
            centre = shapely.point_on_surface(area)
            there = next((other for other, region in before.items() if region.covers(centre)), None)
            yield at, metres, there


def row_problem(pieces: Pieces, at: int, said: str, remedy: str, file: str) -> Problem:
    """A problem with a region, told at its first row."""
    return Problem(said, remedy, file=file, row=pieces.rows[at][0], value=f"{pieces.codes[at]} {pieces.names[at]}")
