"""The shipped boundaries are complete, valid, and honest about what they are."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.model import FOCUS_PROVINCES, BoundaryError, UnknownCodeError
from geo.regions import (
    active_folder,
    bbox_of,
    load_boundaries,
    load_outline,
    regencies_of,
    region,
    region_name,
    region_table,
    regions,
)
from geo.regions.folders import SHIPPED_FOLDER


@pytest.mark.parametrize(("level", "count"), [(1, 38), (2, 514)])
def test_every_region_is_there_once_with_a_valid_area(level: int, count: int) -> None:
    found = load_boundaries(level)
    assert list(found.columns) == ["code", "name", "province_code", "approximate", "geometry"]
    assert len(found) == count == found["code"].nunique() == found["name"].nunique()
    assert found.geometry.is_valid.all()
    assert not found.geometry.is_empty.any()
    assert found.crs == "EPSG:4326"
    assert found.index.equals(gpd.pd.RangeIndex(count))


def test_only_kabupaten_and_kota_are_approximate() -> None:
    assert load_boundaries(2)["approximate"].all()
    assert not load_boundaries(1)["approximate"].any()
    assert region("35.07").approximate
    assert not region("35").approximate


@pytest.mark.parametrize("level", [1, 2])
def test_neighbours_do_not_overlap(level: int) -> None:
    shapes = load_boundaries(level).to_crs("EPSG:6933").geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    common = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    smaller = np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    assert len(first) > 30
    assert (common / smaller).max() < 0.001


def test_kabupaten_and_kota_fill_their_province() -> None:
    provinces = load_boundaries(1).set_index("code").geometry
    filled = load_boundaries(2).dissolve("province_code").geometry
    difference = shapely.symmetric_difference(provinces.to_numpy(), filled.loc[provinces.index].to_numpy())
    assert (shapely.area(difference) / shapely.area(provinces.to_numpy())).max() < 0.001


def test_the_focus_provinces_have_123_kabupaten_and_kota() -> None:
    counts = {code: len(regencies_of(code)) for code in FOCUS_PROVINCES}
    assert counts == {"32": 27, "33": 35, "35": 38, "52": 10, "72": 13}


def test_names_are_in_indonesian_print() -> None:
    printed = {code: region_name(code) for code in ("31", "32", "34", "35.07", "35.73", "31.01", "72.09")}
    assert printed == {
        "31": "DKI Jakarta",
        "32": "Jawa Barat",
        "34": "DI Yogyakarta",
        "35.07": "Kabupaten Malang",
        "35.73": "Kota Malang",
        "31.01": "Kabupaten Administrasi Kepulauan Seribu",
        "72.09": "Kabupaten Tojo Una-Una",
    }


def test_a_region_knows_its_box_and_province() -> None:
    malang = region("3507")
    assert (malang.code, malang.level, malang.province_code) == ("35.07", 2, "35")
    west, south, east, north = malang.bbox
    assert 112.0 < west < east < 113.2
    assert -8.6 < south < north < -7.6


@pytest.mark.parametrize("code", ["", "00", "99", "35.70", "35.99", "33.1", "3507091008", "Malang"])
def test_an_unknown_code_is_an_error_that_says_what_codes_look_like(code: str) -> None:
    with pytest.raises(UnknownCodeError, match=r"35\.07"):
        region(code)


def test_regions_come_in_the_order_of_their_codes_provinces_first() -> None:
    everything = regions()
    assert len(everything) == 552
    assert [one.code for one in everything] == [one.code for one in (*regions(1), *regions(2))]
    assert [one.code for one in regions(2)] == sorted(one.code for one in regions(2))


def test_the_box_of_several_regions_holds_each_of_them() -> None:
    west, south, east, north = bbox_of(["35", "52"])
    assert (west, north) == (region("35").bbox[0], region("35").bbox[3])
    assert (east, south) == (region("52").bbox[2], min(region("52").bbox[1], region("35").bbox[1]))
    assert bbox_of([])[0] < 95.1


def test_label_points_lie_inside_their_region() -> None:
    table = region_table()
    shapes = np.concatenate([load_boundaries(1).geometry.to_numpy(), load_boundaries(2).geometry.to_numpy()])
    assert shapely.contains(shapes, shapely.points(table["lon"], table["lat"])).all()


def test_boxes_of_the_table_are_those_of_the_areas() -> None:
    table = region_table(2)
    np.testing.assert_allclose(table[["west", "south", "east", "north"]], load_boundaries(2).bounds, atol=1e-9)


def test_time_zones_follow_the_province() -> None:
    table = region_table().set_index("code")["timezone"]
    assert (table["32.04"], table["52.71"], table["72"], table["93.01"]) == (
        "Asia/Jakarta",
        "Asia/Makassar",
        "Asia/Makassar",
        "Asia/Jayapura",
    )
    assert (table != "").all()


def test_a_frame_that_was_handed_out_can_be_altered_without_harm() -> None:
    mine = load_boundaries(1)
    mine.loc[0, "name"] = "altered"
    mine.loc[1, "geometry"] = shapely.Point(0, 0).buffer(1)
    fresh = load_boundaries(1)
    assert fresh["name"].iloc[0] == "Aceh"
    assert fresh.geometry.iloc[1].bounds[0] > 90
    table = region_table(1)
    table.loc[0, "name"] = "altered"
    assert region_table(1)["name"].iloc[0] == "Aceh"


def test_the_outline_is_one_small_valid_area() -> None:
    outline = load_outline()
    assert len(outline) == 1
    assert outline.geometry.is_valid.all()
    assert (SHIPPED_FOLDER / "outline.geojson").stat().st_size < 60_000


def test_a_damaged_official_file_is_told_and_not_passed_over() -> None:
    active_folder().mkdir(parents=True)
    (active_folder() / "provinces.geojson").write_text('{"type": "FeatureCollection", "features": [{}]}')
    with pytest.raises(BoundaryError, match=r"provinces\.geojson cannot be read"):
        load_boundaries(1)


def test_the_data_folder_of_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "elsewhere"))
    assert active_folder() == tmp_path / "elsewhere" / "boundaries"
