"""Every export opens again in the program it is meant for, with the figures of the screens."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from openpyxl import load_workbook

from geo.export import (
    FORMATS,
    LOCATED,
    MAP_FORMATS,
    WHATS,
    about,
    export_frame,
    file_name,
    plain,
    table_bytes,
    unescaped,
)
from geo.locale import translator
from geo.model import Filters, RefusedError
from geo.programmes import load_programmes
from geo.progress import POSITION_COLUMNS, ROLLUP_COLUMNS, State, state
from geo.progress.action_plan import ActionPlan, action_plan
from geo.progress.changes import ROW_COLUMNS, Changes, rows
from geo.progress.since import Then, changes_since, earlier
from geo.progress.waiting_list import waiting_list
from geo.sample import SAMPLE_AS_OF
from tests.prepared import shared_sample

Tables = dict[str, pd.DataFrame]
MARK = "DATA CONTOH – bukan angka resmi"
ABOUT = {"posisi": "2026-10-31", "sumber": "Contoh", "catatan": MARK}
HOSTILE = (
    "<script>alert('1')</script>",
    "${alert(1)} `x` {{7*7}}",
    'petik "dua" dan , ; \t',
    "a]]>b & c",
    "\u202eterbalik\u200f العربية",
    "=HYPERLINK(A1)",
    "baris\nbaru",
)
POINTS = pd.DataFrame(
    {
        "code": ["33.10", "007", "1e5"],
        "name": ["=1+1", "@SUM(A1)", "Contoh"],
        "region_code": ["33.10", "35.07", "72"],
        "lon": [110.6, 112.6, None],
        "lat": [-7.6, -8.1, None],
        "contract_value": pd.array([9_007_199_254_740_991, None, 0], dtype="Int64"),
        "percent": [72.5, None, 0.0],
        "as_of": pd.to_datetime(["2026-10-31", None, "2026-04-03"]),
        "note": ["-5", "+62 21", None],
    }
)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return shared_sample()


@pytest.fixture(scope="module")
def now(tables: Tables) -> State:
    return state(tables, Filters(on=SAMPLE_AS_OF), load_programmes())


@pytest.fixture(scope="module")
def plan(tables: Tables, now: State) -> ActionPlan:
    return action_plan(tables, now.filters)


@pytest.fixture(scope="module")
def changes(tables: Tables, now: State, plan: ActionPlan) -> Changes:
    programmes = load_programmes()
    before = earlier(tables, Then(date(2026, 6, 30)), known_at=None, programmes=programmes)
    return changes_since(before, now.standing, now.filters, programmes, actions=plan.positions)


POINTLESS = tuple(what for what in WHATS if what not in LOCATED)
"""Exports whose rows stand at no place."""

KEYS = {
    "reports": "site_code", "matrix": "institution_code", "evaluation": "key", "reconciliation": "finding",
    "plans": "site_code", "beneficiaries": "site_code", "action_reports": "action_code",
}  # fmt: skip
"""The column that tells what a row speaks of, where that is not ``code``."""


def opened(content: bytes, form: str, folder: Path) -> list[dict[str, Any]]:
    """The rows that a reader of the format finds, every cell as the reader gives it."""
    file = folder / f"out.{form}"
    file.write_bytes(content)
    if form == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if form == "json":
        return list(json.loads(content))
    if form == "xlsx":
        header, *rows = load_workbook(file)["data"].iter_rows(values_only=True)
        return [dict(zip(header, row, strict=True)) for row in rows]
    if form == "parquet":
        return list(pq.read_table(file).to_pylist())
    if form == "geojson":
        return [
            {**feature["properties"], "geometry": feature["geometry"]} for feature in json.loads(content)["features"]
        ]
    rows: gpd.GeoDataFrame = pyogrio.read_dataframe(file, layer=0).rename(columns={"Name": "name"})
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


# --- every export opens ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("form", FORMATS)
def test_every_export_opens_again_with_all_its_rows_or_says_why_not(
    what: str, form: str, now: State, tables: Tables, plan: ActionPlan, changes: Changes, tmp_path: Path
) -> None:
    frame = export_frame(what, now, tables, plan=plan, changes=changes)
    if form in MAP_FORMATS and what in POINTLESS:
        with pytest.raises(RefusedError, match="needs points"):
            table_bytes(frame, form, about=ABOUT)
        return
    rows = opened(table_bytes(frame, form, about=ABOUT), form, tmp_path)
    if form == "kml":  # a placemark needs a place; actions without a site have none
        frame = frame[frame["code"] != ""] if what == "regions" else frame.dropna(subset=["lon", "lat"])
    assert len(rows) == len(frame) > 0
    key = KEYS.get(what, "code")
    wanted = frame[key].astype(str).tolist()
    if form == "xlsx":  # a workbook has no empty text: the whole's code is an empty cell
        wanted = [code or "None" for code in wanted]
    assert [str(row[key]) for row in rows] == wanted


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_of_nothing_opens_too(form: str, tmp_path: Path) -> None:
    assert opened(table_bytes(POINTS.iloc[:0], form, about=ABOUT), form, tmp_path) == []


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_carries_the_sample_mark_and_the_day(form: str, tmp_path: Path) -> None:
    content = table_bytes(POINTS, form, about=ABOUT)
    rows = opened(content, form, tmp_path)
    file = tmp_path / f"out.{form}"
    if form == "geojson":
        told = json.loads(content)["metadata"]
    elif form == "xlsx":
        told = dict(load_workbook(file)["keterangan"].iter_rows(min_row=2, values_only=True))
    elif form == "gpkg":
        told = pyogrio.read_info(file, layer=0)["layer_metadata"]
    elif form == "parquet":
        told = {name.decode(): text.decode() for name, text in pq.read_schema(file).metadata.items()}
    else:
        assert all({name: row[name] for name in ABOUT} == ABOUT for row in rows)
        return
    assert {name: told[name] for name in ABOUT} == ABOUT


@pytest.mark.parametrize("form", FORMATS)
def test_real_data_carries_no_mark(form: str) -> None:
    described = about(Filters(on=SAMPLE_AS_OF), translator("id"), sample=False)
    assert "catatan" not in described
    assert b"CONTOH" not in table_bytes(POINTS, form, about=described)


def test_the_mark_speaks_the_language_of_the_viewer() -> None:
    told = {language: about(Filters(on=SAMPLE_AS_OF), translator(language), sample=True) for language in ("id", "en")}
    assert (told["id"]["catatan"], told["en"]["catatan"]) == (MARK, "SAMPLE DATA – not official figures")
    assert told["id"]["posisi"] == SAMPLE_AS_OF.isoformat()


def test_a_format_nobody_knows_is_refused() -> None:
    with pytest.raises(RefusedError, match="unknown format 'exe'"):
        table_bytes(POINTS, "exe", about=ABOUT)


def test_an_export_nobody_knows_is_refused(now: State, tables: Tables) -> None:
    with pytest.raises(RefusedError, match="there is no export of 'persons'"):
        export_frame("persons", now, tables)


def test_changes_without_an_earlier_position_are_refused(now: State, tables: Tables) -> None:
    with pytest.raises(RefusedError, match="no earlier position to compare with"):
        export_frame("changes", now, tables)


# --- cells -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_codes_stay_text_with_every_digit(form: str, tmp_path: Path) -> None:
    rows = opened(table_bytes(POINTS, form, about=ABOUT), form, tmp_path)
    codes = [row["code"] for row in rows]
    assert codes == (["33.10", "007"] if form == "kml" else ["33.10", "007", "1e5"])
    assert rows[0]["region_code"] == "33.10"


@pytest.mark.parametrize("form", FORMATS)
def test_a_missing_value_is_empty_and_a_zero_is_zero(form: str, tmp_path: Path) -> None:
    rows = opened(table_bytes(POINTS.assign(lon=110.0, lat=-7.0), form, about=ABOUT), form, tmp_path)
    for name in ("percent", "contract_value", "as_of"):
        missing = rows[1][name]
        assert missing == "" if form == "csv" else pd.isna(missing), name
        assert rows[2][name] not in ("", None), name
    assert float(rows[2]["percent"]) == 0.0
    assert float(rows[2]["contract_value"]) == 0.0


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "parquet", "geojson"])
def test_money_keeps_every_rupiah(form: str, tmp_path: Path) -> None:
    rows = opened(table_bytes(POINTS, form, about=ABOUT), form, tmp_path)
    assert int(rows[0]["contract_value"]) == 9_007_199_254_740_991


@pytest.mark.parametrize("form", FORMATS)
def test_days_are_days_without_a_time(form: str, tmp_path: Path) -> None:
    rows = opened(table_bytes(POINTS.assign(lon=110.0, lat=-7.0), form, about=ABOUT), form, tmp_path)
    told = rows[2]["as_of"]
    assert (told.date() if isinstance(told, datetime) else told) in ("2026-04-03", date(2026, 4, 3))


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_a_moment_is_told_in_utc_with_its_microseconds(form: str, tmp_path: Path) -> None:
    told = pd.DataFrame({"recorded_at": pd.to_datetime(["2026-10-31T12:00:00.123456+07:00"])})
    assert opened(table_bytes(told, form, about={}), form, tmp_path) == [
        {"recorded_at": "2026-10-31T05:00:00.123456+00:00"}
    ]


def test_a_moment_stays_a_moment_in_parquet(tmp_path: Path) -> None:
    told = pd.DataFrame({"recorded_at": pd.to_datetime(["2026-10-31T12:00:00.123456+07:00"])})
    assert opened(table_bytes(told, "parquet", about={}), "parquet", tmp_path) == [
        {"recorded_at": datetime(2026, 10, 31, 5, 0, 0, 123456, tzinfo=UTC)}
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_cell_of_a_csv_begins_like_a_formula(sign: str) -> None:
    table = pd.DataFrame({"code": [f"{sign}1+1"], "percent": [-5.0]})
    header, row = csv.reader(io.StringIO(table_bytes(table, "csv", about={}).decode("utf-8-sig"), newline=""))
    assert header == ["code", "percent"]
    assert row == [f"'{sign}1+1", "-5.0"]


def test_a_text_that_looks_like_a_formula_is_a_text_in_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    file.write_bytes(table_bytes(POINTS, "xlsx", about=ABOUT))
    cells = list(load_workbook(file)["data"].iter_rows(min_row=2))
    assert not [cell.coordinate for row in cells for cell in row if cell.data_type == "f"]
    assert cells[0][1].value == "=1+1"
    assert cells[0][0].data_type == "s"


def test_a_workbook_spells_signs_that_it_cannot_hold_as_spreadsheets_do(tmp_path: Path) -> None:
    table = pd.DataFrame({"name": ["bel\x07l\r\n"]})
    (row,) = opened(table_bytes(table, "xlsx", about={}), "xlsx", tmp_path)
    assert row == {"name": "bel_x0007_l_x000D_\n"}
    assert unescaped(row["name"]) == "bel\x07l\r\n"


@pytest.mark.parametrize("form", ["json", "geojson", "gpkg", "csv"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_kept_as_it_was_typed(form: str, name: str, tmp_path: Path) -> None:
    table = POINTS.iloc[:1].assign(name=name)
    rows = opened(table_bytes(table, form, about=ABOUT), form, tmp_path)
    assert rows[0]["name"] == (f"'{name}" if form == "csv" and name.startswith("=") else name)


@pytest.mark.parametrize("name", [*HOSTILE, "bel\x07l"])
def test_a_hostile_name_leaves_kml_well_formed_and_is_a_text_in_it(name: str, tmp_path: Path) -> None:
    from xml.etree import ElementTree as ET

    content = table_bytes(POINTS.iloc[:1].assign(name=name), "kml", about=ABOUT)
    placemark = "{http://www.opengis.net/kml/2.2}Placemark"
    names = [
        element.findtext("{http://www.opengis.net/kml/2.2}name") for element in ET.fromstring(content).iter(placemark)
    ]
    assert names == [name.replace("\x07", "")]


def test_a_csv_begins_with_a_byte_order_mark_and_has_one_table() -> None:
    content = table_bytes(POINTS, "csv", about=ABOUT)
    assert content.startswith(b"\xef\xbb\xbfcode,name,")
    lengths = {len(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))}
    assert lengths == {len(POINTS.columns) + len(ABOUT)}


def test_points_stand_longitude_first_and_a_site_without_one_stays_in_geojson_without_a_place(tmp_path: Path) -> None:
    rows = opened(table_bytes(POINTS, "geojson", about=ABOUT), "geojson", tmp_path)
    assert rows[0]["geometry"] == {"type": "Point", "coordinates": [110.6, -7.6]}
    assert rows[2]["geometry"] is None
    for form in ("gpkg", "kml"):
        opened(table_bytes(POINTS, form, about=ABOUT), form, tmp_path)
        drawn = pyogrio.read_dataframe(tmp_path / f"out.{form}", layer=0)
        assert drawn.crs.to_epsg() == 4326
        assert drawn.geometry.iloc[0].coords[0][:2] == (110.6, -7.6)


@pytest.mark.parametrize("missing", [None, pd.NaT, pd.NA, float("nan")], ids=str)
def test_a_missing_cell_is_none(missing: Any) -> None:
    assert plain(missing) is None


# --- contents ----------------------------------------------------------------------------------------------------


def test_a_position_begins_with_the_promised_columns_and_holds_the_rows_of_the_screens(
    now: State, tables: Tables
) -> None:
    frame = export_frame("position", now, tables)
    promised = ["code", "plan_percent", "actual_percent", "deviation_points", "status", "as_of", "age_days"]
    assert list(frame.columns)[:7] == promised
    money = ["plan_spend", "actual_spend"]
    same = [name for name in POSITION_COLUMNS if name not in money]
    pd.testing.assert_frame_equal(frame[same], now.positions[same])
    for name in money:
        assert str(frame[name].dtype) == "Int64"
        assert frame[name].astype("Float64").tolist() == now.positions[name].round().astype("Float64").tolist()


def test_a_position_tells_the_threshold_and_the_next_step_behind_each_status(now: State, tables: Tables) -> None:
    frame = export_frame("position", now, tables)
    critical = frame[frame["rule"] == "contract_period_1"]
    assert len(critical) > 0
    assert set(critical["limit_points"]) == {10.0}
    assert set(critical["next_step"]) == {"scm"}
    assert frame.loc[frame["rule"] == "on_plan", ["limit_points", "next_step"]].isna().all(axis=None)


def test_the_regions_are_the_roll_ups_of_the_whole_the_provinces_and_the_regencies(now: State, tables: Tables) -> None:
    frame = export_frame("regions", now, tables)
    assert list(frame.columns) == ["level", "code", *ROLLUP_COLUMNS]
    assert frame["level"].value_counts().to_dict() == {0: 1, 1: 5, 2: len(now.by_regency)}
    for level, roll in ((1, now.by_province), (2, now.by_regency)):
        rows = frame[frame["level"] == level].reset_index(drop=True)
        assert rows["code"].tolist() == roll.iloc[:, 0].tolist()
        for name in ("actual_percent", "base", "late", "spend_share"):
            pd.testing.assert_series_equal(rows[name], roll[name], check_dtype=False)
    assert frame["sites"].iloc[0] == now.national["sites"]
    assert frame["actual_percent"].iloc[0] == now.national["actual_percent"]
    counts = json.loads(table_bytes(frame, "json", about={}))[0]
    assert isinstance(counts["sites"], int)
    assert isinstance(counts["kritis"], int)


def test_actions_tell_where_they_stand_their_targets_and_the_point_of_their_site(
    now: State, tables: Tables, plan: ActionPlan
) -> None:
    frame = export_frame("actions", now, tables)
    assert frame["code"].tolist() == plan.positions["code"].tolist()
    assert set(frame["year"]) == {SAMPLE_AS_OF.year}
    for name in ("status", "rule", "achieved_percent", "action_status", "checkpoint", "field"):
        pd.testing.assert_series_equal(frame[name], plan.positions[name])
    told = tables["actions"].set_index("code")
    assert frame["target_b12"].tolist() == pytest.approx(told.loc[frame["code"], "target_b12"].tolist(), nan_ok=True)
    built = frame[frame["site_code"].notna()]
    sites = tables["sites"].set_index("code")
    assert built["lon"].tolist() == pytest.approx(sites.loc[built["site_code"], "lon"].tolist())
    assert frame.loc[frame["site_code"].isna(), "lon"].isna().all()


def test_an_action_keeps_the_point_of_a_site_that_the_search_leaves_out(tables: Tables) -> None:
    built = tables["actions"].dropna(subset="site_code")
    one = built[built["year"] == SAMPLE_AS_OF.year].iloc[0]
    there = state(tables, Filters(on=SAMPLE_AS_OF, search=one["code"]), load_programmes())
    assert there.sites.empty
    frame = export_frame("actions", there, tables)
    assert frame["code"].tolist() == [one["code"]]
    assert frame["lon"].notna().all()


def test_changes_are_the_rows_of_the_screen(now: State, tables: Tables, changes: Changes) -> None:
    frame = export_frame("changes", now, tables, changes=changes)
    assert list(frame.columns) == list(ROW_COLUMNS)
    pd.testing.assert_frame_equal(frame, rows(changes))
    assert {"moved", "obstacle_opened", "gained", "correction", "newly_silent"} <= set(frame["kind"])


def test_the_matrix_holds_every_kind_and_its_corner_is_the_total(now: State, tables: Tables, plan: ActionPlan) -> None:
    frame = export_frame("matrix", now, tables)
    corners = frame[(frame["institution_code"] == "") & (frame["province"] == "")].set_index("kind")
    assert corners.loc["all", "actions"] == plan.total["actions"] == len(plan.positions)
    assert corners.loc["all", "achieved_percent"] == pytest.approx(plan.total["achieved_percent"])
    counts = corners["actions"]
    assert counts[["physical", "non_physical"]].sum() == plan.total["actions"]


def test_the_evaluation_tells_the_whole_once_and_each_division_adds_up_to_it(now: State, tables: Tables) -> None:
    frame = export_frame("evaluation", now, tables).set_index("by")
    whole = frame.loc["all"]
    assert whole["key"] == ""
    assert set(frame.index) == {"all", "programme", "province", "institution_code"}
    for by in ("programme", "province", "institution_code"):
        for name in ("actions", "done", "carried_over", "cancelled"):
            assert frame.loc[[by], name].sum() == whole[name], (by, name)


def test_awaited_reports_and_restatements_are_those_of_the_screens(
    now: State, tables: Tables, plan: ActionPlan
) -> None:
    pd.testing.assert_frame_equal(export_frame("awaited", now, tables), waiting_list(now, plan).reports)
    restated = export_frame("restatements", now, tables)
    assert restated["code"].tolist() == plan.restated["code"].tolist() != []


def test_a_reconciliation_without_findings_is_an_empty_table(tables: Tables) -> None:
    none = state(tables, Filters(on=SAMPLE_AS_OF, search="zzz"), load_programmes())
    frame = export_frame("reconciliation", none, {**tables, "claims": tables["claims"].iloc[:0]})
    assert frame.empty
    assert list(frame.columns) == ["finding", "code"]


def test_of_the_reports_exactly_one_for_each_site_and_day_is_in_force(now: State, tables: Tables) -> None:
    frame = export_frame("reports", now, tables)
    days = frame.groupby(["site_code", "as_of"])["in_force"]
    assert (days.sum() == 1).all()
    assert not frame["in_force"].all()
    last = frame[frame["in_force"]].groupby("site_code")["as_of"].max()
    told = now.positions.set_index("code")["as_of"].dropna()
    assert last.loc[told.index].tolist() == told.tolist()


def test_of_two_reports_recorded_at_the_same_instant_one_is_in_force(now: State, tables: Tables) -> None:
    one = tables["reports"].iloc[:1]
    twice = pd.concat([one.assign(percent=41.0), one.assign(percent=42.0), one.assign(percent=42.0)])
    frame = export_frame("reports", now, {**tables, "reports": twice.reset_index(drop=True)})
    assert len(frame) == 3
    assert frame.loc[frame["in_force"], "percent"].tolist() == [42.0]


def test_reports_are_those_known_on_the_day_and_by_the_clock(tables: Tables) -> None:
    clock = datetime(2026, 8, 15, tzinfo=UTC)
    then = state(tables, Filters(on=date(2026, 7, 31), known_at=clock), load_programmes())
    frame = export_frame("reports", then, tables)
    assert (frame["as_of"] <= pd.Timestamp("2026-07-31")).all()
    assert (frame["recorded_at"] <= pd.Timestamp(clock)).all()
    assert 0 < len(frame) < len(tables["reports"])


@pytest.mark.parametrize("what", ["sites", "position", "reports", "actions"])
def test_an_export_holds_only_what_the_filters_leave(what: str, tables: Tables) -> None:
    there = state(tables, Filters(on=SAMPLE_AS_OF, provinces=("35",), programmes=("ktn",)), load_programmes())
    frame = export_frame(what, there, tables)
    known = tables["sites"].set_index("code")
    assert len(frame) > 0
    if what == "actions":
        assert set(frame["region_code"].str[:2]) == {"35"}
        assert set(frame["programme"]) == {"ktn"}
        return
    codes = frame["site_code" if what == "reports" else "code"]
    assert set(known.loc[codes, "programme"]) == {"ktn"}
    assert set(known.loc[codes, "region_code"].str[:2]) == {"35"}


def test_a_file_name_tells_what_where_when_and_that_it_is_a_sample() -> None:
    chosen = Filters(on=date(2026, 10, 31), provinces=("35",))
    assert file_name(chosen, "peta", "png", sample=True) == "sinergisitas-peta-35-2026-10-31-CONTOH.png"
    assert file_name(Filters(on=date(2026, 10, 31)), "sites", "csv", sample=False) == (
        "sinergisitas-sites-nasional-2026-10-31.csv"
    )


def test_a_file_of_what_was_known_earlier_tells_the_moment_in_its_name_and_inside() -> None:
    then = Filters(on=date(2026, 9, 30), known_at=datetime(2026, 10, 14, 18, 30, tzinfo=UTC))
    assert file_name(then, "position", "csv", sample=False) == (
        "sinergisitas-position-nasional-2026-09-30-diketahui-20261015-0130.csv"
    )
    described = about(then, translator("id"), sample=False)
    assert described["diketahui"] == "2026-10-14T18:30:00+00:00"
    assert "diketahui" not in about(Filters(on=then.on), translator("id"), sample=False)
