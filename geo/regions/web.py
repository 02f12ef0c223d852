"""Make boundary layers for the browser: small files, cached for ever under a name that tells their content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely

from geo.model import UnknownCodeError
from geo.regions.boundaries import Stamp, areas, stamp
from geo.regions.codes import Level
from geo.regions.features import collection_text, feature, snapped

MOST_VERTICES: dict[Literal[1, 2], int] = {1: 14_000, 2: 45_000}
"""A layer with more corners than this is generalised for the browser; the stored boundaries stay as they are."""

_DECIMALS = 3
"""Of the whole country's kabupaten/kota, about 110 m; single provinces and level 1 keep 4."""


def web_layer(level: Literal[1, 2], *, province: str | None = None, folder: Path | None = None) -> tuple[str, bytes]:
    """A file name with a content hash (``provinces.3fa9c1d2.json``) and GeoJSON with the properties code and name only.

    ``province`` limits the layer to one province (``regencies-35.3fa9c1d2.json``) at full detail. Names are raw text:
    whoever shows them escapes them. Raises ``UnknownCodeError`` when no area has that province code.
    """
    return _layer(level, province, stamp(level, folder=folder))


@lru_cache(maxsize=96)
def _layer(level: Level, province: str | None, source: Stamp) -> tuple[str, bytes]:
    found = areas(source)
    if province is not None:
        found = found[found["province_code"] == province]
    if found.empty:
        raise UnknownCodeError(f"no province has the code {province!r}. Codes look like 35.")
    decimals = _DECIMALS if level == 2 and province is None else 4
    shapes = generalised(found, most_vertices=MOST_VERTICES[level])
    text = collection_text(
        feature(snapped(shape, decimals=decimals), {"code": code, "name": name}, decimals=decimals)
        for shape, code, name in zip(shapes, found["code"], found["name"], strict=True)
    )
    payload = text.encode()
    stem = ("provinces" if level == 1 else "regencies") + (f"-{province}" if province is not None else "")
    return f"{stem}.{hashlib.sha256(payload).hexdigest()[:8]}.json", payload


def generalised(found: gpd.GeoDataFrame, *, most_vertices: int) -> list[shapely.Geometry]:
    """The areas with at most ``most_vertices`` corners: common edges stay common, none vanishes."""
    shapes = found.geometry.to_numpy()
    simple, tolerance_deg = shapes, 0.0005
    while shapely.get_num_coordinates(simple).sum() > most_vertices and tolerance_deg < 0.2:
        simple = shapely.coverage_simplify(shapes, tolerance_deg)
        tolerance_deg *= 1.5
    kept = np.where(shapely.is_empty(simple), shapes, simple)
    return list(kept)
