"""An official file takes the place of the shipped one whole, or not at all and with every reason."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.model import BoundaryError, RefusedError
from geo.regions import (
    RefusedBoundariesError,
    active_folder,
    load_boundaries,
    locate,
    region,
    region_name,
    replace_boundaries,
    report_bytes,
)
from geo.regions.columns import found_columns
from geo.regions.folders import SHIPPED_FOLDER


def official(level: int = 1) -> gpd.GeoDataFrame:
    """The shipped areas under the column names that an agency may use."""
    shipped = load_boundaries(level)
    return gpd.GeoDataFrame(
        {"KODE": shipped["code"], "WADM": shipped["name"]}, geometry=shipped.geometry, crs=shipped.crs
    )


def replaced(file: Path, *, level: int = 1, **options: object) -> object:
    return replace_boundaries(file, level=level, code_column="KODE", name_column="WADM", **options)


def reasons(file: Path, *, level: int = 1) -> str:
    """Why the file is refused; nothing may have been written."""
    with pytest.raises(RefusedError) as refusal:
        replaced(file, level=level)
    assert not active_folder().exists() or not any(active_folder().iterdir())
    return str(refusal.value)


def as_geojson(areas: gpd.GeoDataFrame, path: Path) -> Path:
    path.write_text(areas.to_json(), encoding="utf-8")
    return path


def as_shapefile(areas: gpd.GeoDataFrame, path: Path) -> Path:
    areas.to_file(path, driver="ESRI Shapefile")
    return path


def as_zip(areas: gpd.GeoDataFrame, path: Path) -> Path:
    shape = as_shapefile(areas, path.with_name("batas.shp"))
    with zipfile.ZipFile(path, "w") as packed:
        for part in sorted(shape.parent.glob("batas.*")):
            packed.write(part, f"batas admin/{part.name}")
    return path


def as_geopackage(areas: gpd.GeoDataFrame, path: Path) -> Path:
    areas.to_file(path, driver="GPKG")
    return path


@pytest.mark.parametrize(
    ("write", "name", "crs"),
    [
        (as_geojson, "a.geojson", "EPSG:4326"),
        (as_shapefile, "a.shp", "EPSG:4326"),
        (as_zip, "a.zip", "EPSG:3395"),
        (as_geopackage, "a.gpkg", "EPSG:23830"),
    ],
)
def test_an_official_file_of_any_kind_is_accepted(
    tmp_path: Path, write: Callable[[gpd.GeoDataFrame, Path], Path], name: str, crs: str
) -> None:
    done = replaced(write(official().to_crs(crs), tmp_path / name), source="BIG 2025")
    assert (done.added, done.removed, done.renamed, done.notes) == ((), (), (), ())
    assert done.changed_share == {}
    areas = load_boundaries(1)
    assert len(areas) == 38
    assert not areas["approximate"].any()
    assert '"source":"BIG 2025"' in done.file.read_text(encoding="utf-8")
    assert locate(107.6186, -6.9025, level=1).code == "32"


def test_what_changed_is_told(tmp_path: Path) -> None:
    areas = official()
    areas.loc[areas["KODE"] == "51", "WADM"] = "Bali Dwipa"
    areas.loc[areas["KODE"] == "52", "WADM"] = "NUSA TENGGARA BARAT"
    areas.loc[areas["KODE"] == "34", "geometry"] = areas.geometry[areas["KODE"] == "34"].scale(0.9, 0.9)
    extra = {"KODE": ["97"], "WADM": ["Provinsi Baru"]}
    new = gpd.GeoDataFrame(extra, geometry=[shapely.box(120, -11, 121, -10.8)], crs=areas.crs)
    done = replaced(as_geojson(pd.concat([areas, new]), tmp_path / "a.geojson"))
    assert done.added == ("97",)
    assert done.renamed == (("51", "Bali", "Bali Dwipa"),)
    assert list(done.changed_share) == ["34"]
    assert done.changed_share["34"] == pytest.approx(0.19, abs=0.02)
    assert region_name("51") == "Bali Dwipa"
    assert region("97").bbox == (120.0, -11.0, 121.0, -10.8)


def test_the_replaced_file_is_kept_under_the_next_number(tmp_path: Path) -> None:
    shipped = (SHIPPED_FOLDER / "provinces.geojson").read_bytes()
    first = replaced(as_geojson(official(), tmp_path / "a.geojson"), source="first")
    text = first.file.read_bytes()
    second = replaced(as_geojson(official(), tmp_path / "a.geojson"), source="second")
    assert (first.kept.name, second.kept.name) == ("provinces.1.geojson", "provinces.2.geojson")
    assert first.kept.read_bytes() == shipped
    assert second.kept.read_bytes() == text
    assert sorted(path.name for path in active_folder().iterdir()) == [
        "provinces.1.geojson",
        "provinces.2.geojson",
        "provinces.geojson",
    ]
    assert (SHIPPED_FOLDER / "provinces.geojson").read_bytes() == shipped


def test_another_folder_can_be_named(tmp_path: Path) -> None:
    done = replaced(as_geojson(official(), tmp_path / "a.geojson"), folder=tmp_path / "here")
    assert done.file == tmp_path / "here" / "provinces.geojson"
    assert not active_folder().exists()
    assert '"source":"a.geojson"' in done.file.read_text(encoding="utf-8")


def test_kabupaten_and_kota_are_replaced_and_no_longer_approximate(tmp_path: Path) -> None:
    areas = official(2)
    areas["KODE"] = areas["KODE"].str.replace(".", "")
    areas["WADM"] = areas["WADM"].str.replace("Kabupaten ", "KAB. ").str.replace("Kota ", "")
    done = replaced(as_geopackage(areas, tmp_path / "a.gpkg"), level=2)
    assert (done.renamed, done.changed_share) == ((), {})
    assert not load_boundaries(2)["approximate"].any()
    assert not region("35.07").approximate
    assert region_name("35.73") == "Kota Malang"
    assert locate(112.6340, -7.9773).code == "35.73"


def test_every_reason_is_told_at_once(tmp_path: Path) -> None:
    areas = official()
    areas.loc[0, "KODE"] = "Aceh"
    areas.loc[2, "KODE"] = areas.loc[3, "KODE"]
    areas.loc[4, "WADM"] = ""
    areas.loc[5, "geometry"] = areas.geometry[6]
    said = reasons(as_geojson(areas, tmp_path / "a.geojson"))
    assert "a.geojson, row 1, column KODE: not a code of this level ('Aceh')" in said
    assert "row 3, column KODE: the code appears 2 times ('14')" in said
    assert "row 4, column KODE: the code appears 2 times ('14')" in said
    assert "row 5, column WADM: the name is empty" in said
    assert "row 1: no region has this code today; 11 Aceh has 100% of its area in common ('Aceh Aceh')" in said
    assert "1 present regions are missing: 13" in said
    assert "overlaps 17 by" in said


def test_areas_that_are_no_areas_or_lie_elsewhere_are_told(tmp_path: Path) -> None:
    points = official()
    points.loc[0, "geometry"] = shapely.Point(96, 4)
    points.loc[1, "geometry"] = None
    said = reasons(as_geojson(points, tmp_path / "a.geojson"))
    assert "row 1: row holds a Point, no area ('11')" in said
    assert "row 2: row holds no area ('12')" in said
    moved = official()
    moved.loc[3, "geometry"] = shapely.box(10, 50, 11, 51)
    assert "row 4: the area lies outside Indonesia ('14')" in reasons(as_geojson(moved, tmp_path / "b.geojson"))


def exchanged(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda corners: corners[:, ::-1])


def test_coordinates_exchanged_in_every_row_are_put_right_and_told(tmp_path: Path) -> None:
    areas = official()
    areas["geometry"] = [exchanged(shape) for shape in areas.geometry]
    done = replaced(as_geojson(areas, tmp_path / "a.geojson"))
    assert done.notes == ("longitude and latitude were exchanged in every row, and were put right",)
    assert done.changed_share == {}
    assert locate(107.6186, -6.9025, level=1).code == "32"


def test_coordinates_exchanged_in_some_rows_are_refused_there(tmp_path: Path) -> None:
    areas = official()
    areas.loc[4, "geometry"] = exchanged(areas.geometry[4])
    said = reasons(as_geojson(areas, tmp_path / "a.geojson"))
    assert "row 5: the area lies outside Indonesia ('15')" in said
    assert "longitude comes first" in said


def test_pieces_of_one_region_are_joined_and_told(tmp_path: Path) -> None:
    pieces = official().explode(ignore_index=True)
    without = gpd.GeoDataFrame({"KODE": ["51"], "WADM": ["BALI"]}, geometry=[None], crs=pieces.crs)
    done = replaced(as_geojson(pd.concat([pieces, without]), tmp_path / "a.geojson"))
    assert (done.added, done.removed, done.changed_share) == ((), (), {})
    assert len(done.verdicts) == len(pieces) + 1
    counts = pd.Series([one.verdict for one in done.verdicts]).value_counts()
    assert counts.to_dict() == {"taken": 38, "joined": len(pieces) + 1 - 38}
    assert any("rows of 51 were joined into one region, 1 of them without an area" in note for note in done.notes)


def test_one_code_for_two_regions_is_refused_in_both_rows(tmp_path: Path) -> None:
    areas = official()
    areas.loc[2, "KODE"] = areas.loc[3, "KODE"]
    said = reasons(as_geojson(areas, tmp_path / "a.geojson"))
    assert said.count("the code appears 2 times ('14')") == 2


def test_a_code_of_a_dissolved_region_is_told_with_the_one_of_today(tmp_path: Path) -> None:
    areas = official(2)
    former = {"93.01": "91.01", "96.71": "92.71"}  # Merauke and Kota Sorong before Papua was divided
    areas["KODE"] = areas["KODE"].replace(former)
    file = as_geojson(areas, tmp_path / "a.geojson")
    assert not set(former.values()) & set(load_boundaries(2)["code"])
    said = reasons(file, level=2)
    assert "no region has this code today; 93.01 Kabupaten Merauke has 100% of its area in common" in said
    assert "('92.71 Kota Sorong'). Use 96.71" in said
    done = replaced(file, level=2, accept_renumbered=True)
    assert (done.added, done.removed) == (("91.01", "92.71"), ("93.01", "96.71"))


def test_a_new_part_of_a_region_is_no_former_code(tmp_path: Path) -> None:
    areas = official()
    whole = areas.geometry[areas["KODE"] == "51"].iloc[0]
    west, south, _, north = whole.bounds
    part = whole.intersection(shapely.box(west, south, west + 0.4, north))
    areas.loc[areas["KODE"] == "51", "geometry"] = whole.difference(part)
    new = gpd.GeoDataFrame({"KODE": ["97"], "WADM": ["Provinsi Baru"]}, geometry=[part], crs=areas.crs)
    assert replaced(as_geojson(pd.concat([areas, new]), tmp_path / "a.geojson")).added == ("97",)


def test_two_codes_that_changed_places_are_told_with_what_lies_there(tmp_path: Path) -> None:
    areas = official(2)
    areas["KODE"] = areas["KODE"].replace({"35.07": "33.10", "33.10": "35.07"})
    said = reasons(as_geojson(areas, tmp_path / "a.geojson"), level=2)
    assert "km from the region of this code, where 35.07 is ('33.10 Kabupaten Malang'). Correct the code." in said
    assert "where 33.10 is ('35.07 Kabupaten Klaten')" in said


def test_every_row_of_a_refused_file_has_its_verdict(tmp_path: Path) -> None:
    areas = official()
    areas.loc[0, "KODE"] = "=1+1"
    areas.loc[1, "geometry"] = None
    with pytest.raises(RefusedBoundariesError) as refusal:
        replaced(as_geojson(areas, tmp_path / "a.geojson"))
    verdicts = refusal.value.verdicts
    assert [one.row for one in verdicts] == list(range(1, 39))
    assert [one.row for one in verdicts if one.verdict == "refused"] == [1, 2]
    report = report_bytes(verdicts).decode("utf-8-sig").splitlines()
    assert len(report) == 39
    assert report[1].startswith("1,'=1+1,Aceh,refused,not a code of this level. ")
    assert "row holds no area" in report[2]


def test_a_code_that_became_a_number_is_told_with_what_it_was(tmp_path: Path) -> None:
    areas = official(2)
    areas["KODE"] = areas["KODE"].astype(float)
    said = reasons(as_geojson(areas, tmp_path / "a.geojson"), level=2)
    assert "the code arrived as a number ('33.1'). It could have been 33.10; store the column as text." in said


def test_codes_of_bps_are_recognised_by_their_names(tmp_path: Path) -> None:
    areas = official(2)
    bps = {"72.07": "72.01", "72.01": "72.02", "72.02": "72.04", "72.04": "72.06", "72.06": "72.03", "72.03": "72.05"}
    areas["KODE"] = areas["KODE"].replace(bps | {"72.05": "72.07"})
    said = reasons(as_geojson(areas, tmp_path / "a.geojson"), level=2)
    assert said.count("this is the code of BPS for the region") == 7
    assert "('72.01 Kabupaten Banggai Kepulauan'). Use the Kemendagri code 72.07" in said


def test_a_file_of_a_part_of_the_country_is_refused_unless_expressly_wanted(tmp_path: Path) -> None:
    file = as_geojson(official().iloc[:30], tmp_path / "a.geojson")
    assert "8 present regions are missing: 81, 82, 91" in reasons(file)
    assert replaced(file, accept_missing=True).removed == ("81", "82", "91", "92", "93", "94", "95", "96")


def test_a_missing_reference_system_is_refused(tmp_path: Path) -> None:
    file = as_shapefile(official(), tmp_path / "a.shp")
    file.with_suffix(".prj").unlink()
    assert "Add the .prj file" in reasons(file)


def test_crossing_outlines_are_repaired_and_told(tmp_path: Path) -> None:
    areas = official()
    knot = shapely.Polygon([(120, -11), (121, -11), (120, -10.8), (121, -10.8)])
    extra = gpd.GeoDataFrame({"KODE": ["97"], "WADM": ["Provinsi Baru"]}, geometry=[knot], crs=areas.crs)
    done = replaced(as_geojson(pd.concat([areas, extra]), tmp_path / "a.geojson"))
    assert done.notes == ("repaired crossing outlines of 97",)
    assert load_boundaries(1).geometry.is_valid.all()


def test_a_missing_column_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    file = as_geojson(official(), tmp_path / "a.geojson")
    with pytest.raises(RefusedError, match="no column 'KDPPUM'; the columns are: id, KODE, WADM"):
        replace_boundaries(file, level=1, code_column="KDPPUM", name_column="WADM")


@pytest.mark.parametrize(
    ("level", "code", "name"),
    [(1, "KDPPUM", "WADMPR"), (2, "KDPKAB", "WADMKK"), (2, "Kode Kab/Kota", "NAMA_KABKOTA"), (1, "kode_prov", "Nama")],
)
def test_columns_are_known_by_what_agencies_call_them(level: Literal[1, 2], code: str, name: str) -> None:
    fields = ["OBJECTID", "KDPBPS", "KDBBPS", name, code, "Shape_Area"]
    assert found_columns(fields, level, file="batas.shp") == (code, name)
    assert found_columns(fields, level, code="KDPBPS", file="batas.shp") == ("KDPBPS", name)


def test_columns_that_are_not_named_are_found_and_told(tmp_path: Path) -> None:
    areas = official().rename(columns={"KODE": "KDPPUM", "WADM": "WADMPR"})
    done = replace_boundaries(as_geojson(areas, tmp_path / "a.geojson"), level=1, dry_run=True)
    assert "codes were taken from the column KDPPUM, names from WADMPR" in done.notes
    assert not done.added
    assert not done.removed


def test_columns_of_no_known_name_are_refused_with_those_that_are_there(tmp_path: Path) -> None:
    areas = official().rename(columns={"KODE": "KDPBPS", "WADM": "X"})
    file = as_geojson(areas, tmp_path / "a.geojson")
    with pytest.raises(RefusedError) as refusal:
        replace_boundaries(file, level=1)
    assert [problem.remedy for problem in refusal.value.problems] == ["Name it with --code.", "Name it with --name."]
    assert "the columns are: id, KDPBPS, X" in str(refusal.value)
    with pytest.raises(RefusedError, match="no column is known to hold the names"):
        replace_boundaries(file, level=1, code_column="KDPBPS")


def test_a_trial_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    areas = official()
    areas["WADM"] = areas["WADM"].replace("Bali", "Pulau Bali")
    file = as_geojson(areas, tmp_path / "a.geojson")
    trial = replaced(file, dry_run=True)
    assert trial.kept is None
    assert not active_folder().exists() or not any(active_folder().iterdir())
    done = replaced(file)
    assert (trial.file, trial.renamed, trial.verdicts) == (done.file, done.renamed, done.verdicts)
    assert trial.renamed


def test_a_document_that_points_to_another_file_is_refused(tmp_path: Path) -> None:
    secret = as_geojson(official(), tmp_path / "secret.geojson")
    pointer = tmp_path / "a.geojson"
    pointer.write_text(
        "<OGRVRTDataSource><OGRVRTLayer name='secret'>"
        f"<SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    assert "no Shapefile, GeoPackage or GeoJSON" in reasons(pointer)
    pipeline = tmp_path / "b.json"
    pipeline.write_text(json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector read {secret}"}))
    assert "no Shapefile, GeoPackage or GeoJSON" in reasons(pipeline)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.kml", b"<kml><Placemark><MultiGeometry><Model/></MultiGeometry></Placemark></kml>"),
        ("a.geojson", b"<kml><Placemark><MultiGeometry><Model/></MultiGeometry></Placemark></kml>"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(200)),
        ("a.zip", b"PK\x03\x04broken"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[]}'),
    ],
)
def test_a_file_that_is_no_boundary_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert reasons(tmp_path / name)


def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("../../escaped.geojson", official().to_json())
    assert replaced(tmp_path / "a.zip").removed == ()
    assert not list(tmp_path.parent.parent.glob("escaped*"))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "there is no such file" in reasons(tmp_path / "none.shp")
    assert "there is no such file" in reasons(tmp_path)


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    file = as_geojson(official(), tmp_path / "a.geojson")
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(BoundaryError, match="Nothing was changed"):
        replaced(file, folder=tmp_path / "taken")


def test_a_failed_swap_leaves_the_folder_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = as_geojson(official(), tmp_path / "a.geojson")

    def fails(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(BoundaryError, match="No space left on device"):
        replaced(file)
    assert list(active_folder().iterdir()) == []
    assert load_boundaries(1)["name"].iloc[0] == "Aceh"


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [("TIMEOUT_S", 0.01, "not read within"), ("MOST_BYTES", 90_000_000, "the file cannot be read")],
)
def test_a_file_that_takes_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: float, said: str
) -> None:
    monkeypatch.setattr(f"geo.regions.replace.{limit}", value)
    assert said in reasons(as_geojson(official(), tmp_path / "a.geojson"))
