"""Each format keeps its own rules, and says of itself what the file is."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from geo.drawing.palette import status_look
from geo.export import (
    ABOUT_COLUMNS,
    FORMATS,
    MAP_FORMATS,
    WHATS,
    about,
    described,
    export_frame,
    records,
    subject_of,
    table_bytes,
    with_areas,
)
from geo.export.workbook import LONGEST, MOST_ROWS
from geo.locale import translator
from geo.model import Filters, RefusedError, Status
from geo.programmes import load_programmes
from geo.progress import State, state
from geo.progress.changes import Changes
from geo.progress.since import Then, changes_since, earlier
from geo.sample import SAMPLE_AS_OF
from tests.export.exported import ABOUT
from tests.prepared import shared_sample

Tables = dict[str, pd.DataFrame]
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return shared_sample()


@pytest.fixture(scope="module")
def now(tables: Tables) -> State:
    return state(tables, Filters(on=SAMPLE_AS_OF, provinces=("35",)), load_programmes())


@pytest.fixture(scope="module")
def changes(tables: Tables, now: State) -> Changes:
    programmes = load_programmes()
    before = earlier(tables, Then(date(2026, 6, 30)), known_at=None, programmes=programmes)
    return changes_since(before, now.standing, now.filters, programmes, actions=tables["actions"])


@pytest.fixture(scope="module")
def position(now: State, tables: Tables) -> pd.DataFrame:
    return export_frame("position", now, tables)


@pytest.fixture(scope="module")
def sites(tables: Tables) -> pd.DataFrame:
    return records("sites", tables)


# --- what a file says of itself ----------------------------------------------------------------------------------


def test_a_file_tells_day_choice_source_licence_and_mark() -> None:
    chosen = Filters(on=date(2026, 10, 31), provinces=("35",), programmes=("ktn", "rusun"), search="=desa")
    told = about(chosen, translator("en"), sample=True)
    assert told == {
        "posisi": "2026-10-31",
        "saringan": "provinsi=35; program=ktn,rusun; cari==desa",
        "bahasa": "en",
        "sumber": "Sinergisitas dashboard; the source of a record stands in source_url",
        "lisensi": "Sample: free to use",
        "untuk": "internal use",
        "catatan": "SAMPLE DATA – not official figures",
    }
    assert [name for name in ABOUT_COLUMNS if name in told] == list(told)


def test_a_file_of_everything_says_so_and_real_data_are_internal() -> None:
    told = about(Filters(on=date(2026, 10, 31)), translator("en"), sample=False)
    assert told["saringan"] == "everything"
    assert told["lisensi"].startswith("Internal")


@pytest.mark.parametrize("form", FORMATS)
def test_every_file_tells_all_of_it(form: str, position: pd.DataFrame) -> None:
    content = table_bytes(position.head(3), form, about=ABOUT)
    if form == "xlsx":
        book = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(book.read(name) for name in book.namelist())
    for text in ABOUT.values():
        assert text.encode() in content or text.replace("–", "\\u2013").encode() in content, text


# --- the dictionary ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", WHATS)
def test_every_column_of_every_export_is_described_in_both_languages(
    what: str, now: State, tables: Tables, changes: Changes
) -> None:
    names = [*export_frame(what, now, tables, changes=changes).columns, *ABOUT_COLUMNS]
    for language in ("id", "en"):
        words = described(names, language)
        assert words["column"].tolist() == names
        untold = words.loc[(words["description"] == "") | (words["type"] == ""), "column"].tolist()
        assert untold == []


def test_a_column_of_the_store_is_described_as_in_the_data_dictionary() -> None:
    words = described(["code", "programme", "contract_value", "location_precision", "lon"], "en").set_index("column")
    assert words.loc["code", "description"] == "Code of the site, stable for good."
    assert words.loc["contract_value", "unit"] == "Rp"
    assert words.loc["location_precision", "values"] == "exact | village | district"
    assert words.loc["lon", "unit"] == "°"


def test_the_subject_of_an_export_is_told_by_its_columns(now: State, tables: Tables) -> None:
    for what in ("position", "sites", "reports", "actions", "regions", "matrix", "restatements"):
        assert subject_of(list(export_frame(what, now, tables).columns)) == what
    for kind in ("institutions", "plans", "reports", "actions", "action_reports", "beneficiaries", "obstacles"):
        assert subject_of(list(tables[kind].columns)) == kind
    assert subject_of(["a", "b"]) == "data"


# --- workbook ----------------------------------------------------------------------------------------------------


@pytest.fixture
def sheet(position: pd.DataFrame) -> Worksheet:
    book = load_workbook(io.BytesIO(table_bytes(position, "xlsx", about=ABOUT)))
    assert book.sheetnames == ["data", "keterangan", "kamus"]
    found = book["data"]
    assert isinstance(found, Worksheet)
    return found


def test_a_workbook_freezes_its_header_and_offers_a_filter(sheet: Worksheet, position: pd.DataFrame) -> None:
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.max_row == len(position) + 1
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.oddHeader is not None
    assert "DATA CONTOH" in (sheet.oddHeader.right.text or "")


def test_cells_of_a_workbook_have_types(sheet: Worksheet, position: pd.DataFrame) -> None:
    kinds = {}
    for column in sheet.iter_cols(min_row=1):
        name, *cells = column
        kinds[name.value] = {cell.data_type for cell in cells if cell.value is not None}
    assert kinds["as_of"] == {"d"}
    assert kinds["code"] == kinds["region_code"] == {"s"}
    assert kinds["plan_percent"] == kinds["actual_spend"] == kinds["lon"] == {"n"}
    assert kinds["silent"] == {"b"}
    assert all("f" not in found for found in kinds.values())
    assert {cell.number_format for cell in sheet["F"][1:] if cell.value is not None} == {"yyyy-mm-dd"}


def test_the_dictionary_of_a_workbook_describes_its_columns_in_the_language_of_the_viewer(
    position: pd.DataFrame,
) -> None:
    for language, meaning in (("id", "Kode lokasi, tetap selamanya."), ("en", "Code of the site, stable for good.")):
        book = load_workbook(io.BytesIO(table_bytes(position, "xlsx", about={**ABOUT, "bahasa": language})))
        header, *rows = book["kamus"].iter_rows(values_only=True)
        assert header == ("column", "type", "unit", "values", "description")
        assert [row[0] for row in rows] == list(position.columns)
        assert rows[0][-1] == meaning


def test_a_workbook_names_no_person_and_no_program_as_its_author(position: pd.DataFrame) -> None:
    book = load_workbook(io.BytesIO(table_bytes(position, "xlsx", about=ABOUT)))
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("Sinergisitas", None)
    assert "posisi: 2026-10-31" in (book.properties.description or "")


@pytest.mark.parametrize("text", ["=1+1", "+62", "-5", "@SUM(A1)", "\t=1", "#N/A", "#REF!"])
def test_a_text_like_a_formula_stays_a_text_when_somebody_edits_its_cell(text: str) -> None:
    content = table_bytes(pd.DataFrame({"note": ["a", text, "b"]}), "xlsx", about={})
    first, risky, last = load_workbook(io.BytesIO(content))["data"]["A"][1:]
    assert (risky.value, risky.data_type, risky.quotePrefix) == (text, "s", True)
    assert not first.quotePrefix
    assert not last.quotePrefix


def test_a_text_that_no_cell_can_hold_is_refused_with_its_place() -> None:
    table = pd.DataFrame({"code": ["A", "B"], "note": ["kurang", "x" * (LONGEST + 1)]})
    with pytest.raises(RefusedError, match="row 3, column note: a cell holds 32767 characters"):
        table_bytes(table, "xlsx", about={})
    assert load_workbook(io.BytesIO(table_bytes(table.assign(note="x" * LONGEST), "xlsx", about={})))


def test_more_rows_than_a_sheet_can_hold_are_refused() -> None:
    table = pd.DataFrame({"percent": pd.Series(0.0, index=range(MOST_ROWS))})
    with pytest.raises(RefusedError, match="a sheet holds 1048576 rows"):
        table_bytes(table, "xlsx", about={})


# --- GeoJSON -----------------------------------------------------------------------------------------------------


def strict(content: bytes) -> Any:
    """JSON as RFC 8259 has it."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(content.decode("utf-8"), parse_constant=refuse)


def test_geojson_keeps_to_rfc_7946(sites: pd.DataFrame) -> None:
    placed = pd.concat([sites, sites.head(1).assign(lon=110.123456789, lat=None)])
    found = strict(table_bytes(placed, "geojson", about=ABOUT))
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found
    assert found["metadata"] == ABOUT
    west, south, east, north = found["bbox"]
    lons, lats = (round(sites[name], 7) for name in ("lon", "lat"))
    assert (west, south, east, north) == (lons.min(), lats.min(), lons.max(), lats.max())
    assert found["features"][-1]["geometry"] is None
    for feature in found["features"]:
        assert set(feature) == {"type", "geometry", "properties"}
        for number in feature["geometry"]["coordinates"] if feature["geometry"] else ():
            assert len(str(number).partition(".")[2]) <= 7


def test_outer_rings_run_counterclockwise_and_holes_clockwise() -> None:
    ring = [(112.0, -7.0), (112.0, -8.0), (113.0, -8.0), (113.0, -7.0), (112.0, -7.0)]
    hole = [(112.2, -7.2), (112.4, -7.2), (112.4, -7.4), (112.2, -7.4), (112.2, -7.2)]
    wrong = shapely.Polygon(list(reversed(ring)), [list(reversed(hole))])
    table = pd.DataFrame({"code": ["35.07"], "geometry": pd.Series([wrong], dtype="object")})
    (feature,) = strict(table_bytes(table, "geojson", about={}))["features"]
    outer, inner = (shapely.LinearRing(corners) for corners in feature["geometry"]["coordinates"])
    assert outer.is_ccw
    assert not inner.is_ccw


def test_nothing_located_has_no_box() -> None:
    table = pd.DataFrame({"code": ["A"], "lon": [None], "lat": [None]})
    found = strict(table_bytes(table, "geojson", about={}))
    assert "bbox" not in found
    assert found["features"] == [{"type": "Feature", "geometry": None, "properties": {"code": "A"}}]


@pytest.mark.parametrize("form", ["json", "geojson"])
def test_a_number_that_is_not_finite_is_null(form: str) -> None:
    table = pd.DataFrame({"percent": [float("inf"), float("-inf"), float("nan")], "lon": 110.0, "lat": -7.0})
    assert strict(table_bytes(table, form, about={}))


# --- GeoPackage --------------------------------------------------------------------------------------------------


@pytest.fixture
def package(position: pd.DataFrame, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    file = tmp_path / "out.gpkg"
    file.write_bytes(table_bytes(position, "gpkg", about=ABOUT))
    with closing(sqlite3.connect(file)) as connection:
        yield connection


def test_a_geopackage_is_whole_and_one(package: sqlite3.Connection, position: pd.DataFrame) -> None:
    assert package.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert package.execute("PRAGMA foreign_key_check").fetchall() == []
    assert package.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert package.execute("PRAGMA user_version").fetchone() == (10200,)
    assert package.execute("SELECT count(*) FROM position").fetchone() == (len(position),)
    tables = {name for (name,) in package.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    listed = {name for (name,) in package.execute("SELECT table_name FROM gpkg_contents")}
    assert listed == {"position", "layer_styles"} <= tables
    extended = {name for (name,) in package.execute("SELECT table_name FROM gpkg_extensions")}
    assert {"gpkg_metadata", "gpkg_metadata_reference", "gpkg_data_columns", "position"} <= extended


def test_a_geopackage_tells_what_it_is(package: sqlite3.Connection) -> None:
    identifier, description = package.execute(
        "SELECT identifier, description FROM gpkg_contents WHERE table_name = 'position'"
    ).fetchone()
    assert identifier == "Sinergisitas – position – 2026-10-31"
    assert ABOUT["catatan"] in description
    found = package.execute(
        "SELECT metadata FROM gpkg_metadata AS m JOIN gpkg_metadata_reference AS r ON r.md_file_id = m.id"
        " WHERE md_standard_uri = 'http://mrcc.com/qgis.dtd' AND reference_scope = 'table' AND table_name = 'position'"
    ).fetchall()
    ((content,),) = found
    told = ET.fromstring(content)
    assert told.findtext("license") == ABOUT["lisensi"]
    assert ABOUT["catatan"] in (told.findtext("abstract") or "")


def test_a_geopackage_opens_with_the_looks_of_the_screens(package: sqlite3.Connection) -> None:
    ((layer, column, default, qml),) = package.execute(
        "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
    ).fetchall()
    assert (layer, column, default) == ("position", "geom", 1)
    style = ET.fromstring(qml)
    renderer = style.find("renderer-v2")
    assert renderer is not None
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "status")
    symbols = {symbol.get("name"): symbol for symbol in renderer.iter("symbol")}
    colours = {}
    for category in renderer.iter("category"):
        prop = symbols[category.get("symbol")].find("layer/prop[@k='color']")
        assert prop is not None
        colours[category.get("value")] = prop.get("v")
    assert set(colours) == {*map(str, Status), ""}
    red, green, blue = (int(status_look("kritis").fill[start : start + 2], 16) for start in (1, 3, 5))
    assert colours["kritis"] == f"{red},{green},{blue},255"
    shape = next(renderer.iter("data_defined_properties")).find(".//Option[@name='expression']")
    assert shape is not None
    assert "WHEN 'ktn' THEN 'square'" in (shape.get("value") or "")


def test_a_geopackage_explains_its_columns(package: sqlite3.Connection) -> None:
    told = dict(package.execute("SELECT column_name, description FROM gpkg_data_columns"))
    assert told["deviation_points"] == "Realisasi dikurangi rencana; negatif bila terlambat. (poin persentase)"


def test_columns_of_a_geopackage_have_types(package: sqlite3.Connection) -> None:
    types = {name: kind for _, name, kind, *_ in package.execute("PRAGMA table_info(position)")}
    assert (types["as_of"], types["actual_spend"], types["plan_percent"]) == ("DATE", "INTEGER", "REAL")
    assert (types["code"], types["silent"], types["geom"]) == ("TEXT", "BOOLEAN", "POINT")
    assert package.execute("SELECT min(length(as_of)), max(length(as_of)) FROM position").fetchone() == (10, 10)


def test_a_geopackage_of_reports_has_a_place_for_each_report(now: State, tables: Tables, tmp_path: Path) -> None:
    frame = export_frame("reports", now, tables)
    file = tmp_path / "out.gpkg"
    file.write_bytes(table_bytes(frame, "gpkg", about=ABOUT))
    drawn = pyogrio.read_dataframe(file, layer="reports")
    assert drawn.geometry.x.tolist() == frame["lon"].tolist()
    assert drawn["recorded_at"].tolist() == [moment.isoformat() for moment in frame["recorded_at"]]


# --- areas -------------------------------------------------------------------------------------------------------


def test_regions_with_their_areas_are_places_too(now: State, tables: Tables, tmp_path: Path) -> None:
    frame = with_areas(export_frame("regions", now, tables))
    assert "geometry" not in export_frame("regions", now, tables)
    for form in (*MAP_FORMATS, "parquet"):
        file = tmp_path / f"out.{form}"
        file.write_bytes(table_bytes(frame, form, about=ABOUT))
    drawn = pyogrio.read_dataframe(tmp_path / "out.gpkg", layer="regions")
    assert set(drawn.geometry.dropna().geom_type) == {"MultiPolygon"}
    assert len(drawn) == len(frame)
    assert drawn.geometry.isna().tolist() == [code == "" for code in frame["code"]]
    assert gpd.read_parquet(tmp_path / "out.parquet").geometry.notna().sum() == len(frame) - 1
    shapes = json.loads((tmp_path / "out.geojson").read_text("utf-8"))["features"]
    assert {shape["geometry"]["type"] for shape in shapes[1:]} <= {"Polygon", "MultiPolygon"}
    assert len(pyogrio.read_dataframe(tmp_path / "out.kml", layer=0)) == len(frame) - 1


# --- KML ---------------------------------------------------------------------------------------------------------


def placemarks(table: pd.DataFrame) -> tuple[ET.Element, list[ET.Element]]:
    root = ET.fromstring(table_bytes(table, "kml", about=ABOUT))
    return root, list(root.iter(f"{KML}Placemark"))


def test_placemarks_have_the_name_the_look_and_the_day_of_their_site(position: pd.DataFrame) -> None:
    root, found = placemarks(position)
    styles = {style.get("id"): style.findtext(f"{KML}IconStyle/{KML}color") for style in root.iter(f"{KML}Style")}
    for mark, row in zip(found, position.to_dict("records"), strict=True):
        assert mark.findtext(f"{KML}name") == row["name"]
        fill = status_look(row["status"]).fill
        assert styles[(mark.findtext(f"{KML}styleUrl") or "")[1:]] == f"ff{fill[5:7]}{fill[3:5]}{fill[1:3]}"
        day = None if pd.isna(row["as_of"]) else f"{row['as_of']:%Y-%m-%d}"
        assert mark.findtext(f"{KML}TimeStamp/{KML}when") == day


def test_sites_span_the_time_of_their_work(sites: pd.DataFrame) -> None:
    dated = sites[sites["start_date"].notna() & sites["target_date"].notna()].head(1)
    _, (mark,) = placemarks(dated)
    span = mark.find(f"{KML}TimeSpan")
    assert span is not None
    begin, end = span.findtext(f"{KML}begin"), span.findtext(f"{KML}end")
    assert (begin, end) == tuple(f"{dated[name].iloc[0]:%Y-%m-%d}" for name in ("start_date", "target_date"))


def test_a_place_of_unknown_status_and_programme_has_a_look_too(sites: pd.DataFrame) -> None:
    root, (mark,) = placemarks(sites.head(1).assign(programme="jembatan <&>"))
    assert mark.findtext(f"{KML}styleUrl") == "#gaya-lain"
    assert "gaya-lain" in {style.get("id") for style in root.iter(f"{KML}Style")}


def test_kml_asks_no_other_machine(position: pd.DataFrame) -> None:
    root, _ = placemarks(position)
    assert not list(root.iter(f"{KML}href"))
    assert not list(root.iter(f"{KML}NetworkLink"))


# --- Parquet -----------------------------------------------------------------------------------------------------


def test_parquet_has_types_meanings_and_what_the_file_is(position: pd.DataFrame) -> None:
    schema = pq.read_schema(io.BytesIO(table_bytes(position, "parquet", about=ABOUT)))
    told = {name.decode(): text.decode() for name, text in schema.metadata.items()}
    assert json.loads(told["sinergisitas"]) == ABOUT
    assert schema.field("as_of").type == pa.date32()
    assert schema.field("actual_spend").type == pa.int64()
    assert schema.field("plan_percent").metadata[b"unit"] == b"%"


def test_located_rows_are_geoparquet(sites: pd.DataFrame, tmp_path: Path) -> None:
    file = tmp_path / "out.parquet"
    gone = sites.head(1).assign(lon=None, lat=None)
    file.write_bytes(table_bytes(pd.concat([sites, gone]), "parquet", about=ABOUT))
    drawn = gpd.read_parquet(file)
    assert drawn.crs.to_string() == "OGC:CRS84"
    assert drawn.geometry.x.iloc[:-1].tolist() == sites["lon"].tolist()
    assert drawn.geometry.iloc[-1] is None
    told = json.loads(pq.read_schema(file).metadata[b"geo"])
    assert (told["version"], told["primary_column"]) == ("1.1.0", "geometry")
    assert told["columns"]["geometry"]["geometry_types"] == ["Point"]
    assert told["columns"]["geometry"]["bbox"] == pytest.approx(
        [sites["lon"].min(), sites["lat"].min(), sites["lon"].max(), sites["lat"].max()]
    )


def test_rows_without_a_place_are_plain_parquet(now: State, tables: Tables) -> None:
    schema = pq.read_schema(io.BytesIO(table_bytes(export_frame("regions", now, tables), "parquet", about={})))
    assert b"geo" not in schema.metadata


# --- every format ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_writing_alters_no_table(form: str, sites: pd.DataFrame) -> None:
    before = sites.copy()
    table_bytes(sites, form, about=ABOUT)
    pd.testing.assert_frame_equal(sites, before)


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("xlsx", "gpkg")])
def test_the_same_table_gives_the_same_bytes(form: str, position: pd.DataFrame) -> None:
    assert table_bytes(position, form, about=ABOUT) == table_bytes(position, form, about=ABOUT)
