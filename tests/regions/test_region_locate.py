"""A point belongs to the region it lies in, or to the nearest within five kilometres."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from geo.regions import load_boundaries, locate, locate_points


@pytest.mark.parametrize(
    ("place", "lon", "lat", "code"),
    [
        ("Gedung Sate, Bandung", 107.6186, -6.9025, "32.73"),
        ("Pangandaran", 108.49, -7.68, "32.18"),
        ("Simpang Lima, Semarang", 110.4228, -6.9903, "33.74"),
        ("Wonosobo", 109.90, -7.36, "33.07"),
        ("Tugu Malang", 112.6340, -7.9773, "35.73"),
        ("Kepanjen", 112.57, -8.13, "35.07"),
        ("Mataram", 116.1100, -8.5830, "52.71"),
        ("Sembalun", 116.53, -8.36, "52.03"),
        ("Palu", 119.87, -0.90, "72.71"),
        ("Poso", 120.755, -1.395, "72.02"),
    ],
)
def test_a_known_place_lies_in_its_kabupaten_or_kota(place: str, lon: float, lat: float, code: str) -> None:
    found = locate(lon, lat)
    assert found is not None, place
    assert (found.code, found.distance_m, found.approximate) == (code, 0.0, True), place
    province = locate(lon, lat, level=1)
    assert province is not None
    assert (province.code, province.approximate) == (code[:2], False)


@pytest.mark.parametrize(
    ("place", "lon", "lat", "code"),
    [
        ("Masalembu", 114.41, -5.55, "35.29"),
        ("Bokan", 123.80, -1.95, "72.11"),
        ("Pramuka, Kepulauan Seribu", 106.614, -5.745, "31.01"),
        ("Gili Trawangan", 116.04, -8.35, "52.08"),
    ],
)
def test_small_islands_belong_to_their_region(place: str, lon: float, lat: float, code: str) -> None:
    for level, expected in ((2, code), (1, code[:2])):
        found = locate(lon, lat, level=level)
        assert found is not None, place
        assert found.code == expected, place
        assert found.distance_m <= 5_000


@pytest.mark.parametrize(("lon", "lat"), [(112.7, -9.5), (110.0, -4.5), (104.0, -9.0), (0.0, 0.0), (130.0, -6.9)])
def test_a_point_at_sea_has_no_region(lon: float, lat: float) -> None:
    assert locate(lon, lat) is None
    assert locate(lon, lat, level=1) is None


def test_a_point_off_the_coast_is_measured_in_true_metres() -> None:
    found = locate(112.60, -8.47, level=1)
    assert found is not None
    coast = load_boundaries(1).set_index("code").geometry["35"].intersection(shapely.box(112, -9, 113, -8)).boundary
    corners = shapely.get_coordinates(coast.segmentize(0.0001))
    here = np.broadcast_to([112.60, -8.47], corners.shape)
    along_m = pyproj.Geod(ellps="WGS84").inv(*here.T, *corners.T)[2]
    assert found.distance_m == pytest.approx(along_m.min(), abs=5)
    assert 500 < found.distance_m < 5_000


def test_how_far_off_is_still_near_can_be_chosen() -> None:
    off = locate(112.60, -8.47)
    assert off is not None
    assert locate(112.60, -8.47, within_m=off.distance_m - 1) is None
    assert locate(112.60, -8.47, within_m=off.distance_m + 1) == off
    assert locate(112.7, -9.5, within_m=200_000) is not None


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(math.nan, -7.0), (112.0, math.nan), (math.inf, 0.0), (112.0, -91.0), (181.0, 0.0), (1e300, 1e300)],
)
def test_what_is_no_place_on_earth_is_missing(lon: float, lat: float) -> None:
    assert locate(lon, lat) is None


def test_points_keep_their_index_and_are_not_altered() -> None:
    points = pd.DataFrame(
        {"lon": ["107.6186", None, "abc", 110.0], "lat": [-6.9025, -7.0, "", -4.5]}, index=["b", "a", "a", "z"]
    )
    before = points.copy(deep=True)
    found = locate_points(points)
    assert list(found.index) == ["b", "a", "a", "z"]
    assert found["code"].iloc[0] == "32.73"
    assert found["code"].iloc[1:].isna().all()
    assert found["distance_m"].iloc[0] == 0.0
    assert found["distance_m"].iloc[1:].isna().all()
    pd.testing.assert_frame_equal(points, before)


def test_no_points_give_an_empty_frame() -> None:
    found = locate_points(pd.DataFrame({"lon": [], "lat": []}))
    assert list(found.columns) == ["code", "distance_m"]
    assert found.empty


def test_many_points_agree_with_one_at_a_time() -> None:
    random = np.random.default_rng(3)
    points = pd.DataFrame({"lon": random.uniform(112, 117, 60), "lat": random.uniform(-9.2, -6.5, 60)})
    together = locate_points(points)
    assert together["code"].notna().sum() > 10
    assert (together["distance_m"] > 0).any()
    for row, lon, lat in points.itertuples():
        alone = locate(lon, lat)
        code, distance_m = together.loc[row]
        assert (alone is None) == pd.isna(code)
        if alone is not None:
            assert (alone.code, alone.distance_m) == (code, distance_m)
