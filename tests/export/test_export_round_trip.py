"""What leaves comes back: records, texts and numbers are the same after any format."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.export import RECORDS, harmless, own_columns, records, table_bytes, unescaped, verbatim
from geo.export.workbook import escaped
from geo.model import Filters, RefusedError
from geo.programmes import load_programmes
from geo.progress import State, state
from geo.store.schema import canonical_columns
from tests.export.exported import ABOUT, ABOUT_NOTHING, canonical, kept, rows_of
from tests.prepared import shared_sample

Tables = dict[str, pd.DataFrame]
FORMS = ("csv", "json", "xlsx", "parquet")
PLACED = ("geojson", "gpkg")
SPREADSHEET_CELL = re.compile("[;\t\r\n]")
FORMULA = re.compile("[ \u00a0]*[=+\\-@＝＋－＠]")
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40)
RISKY_TEXTS = st.text(st.sampled_from("'=+-@;\t\r\n _x0041ab,\""), min_size=1, max_size=14)
AREA = shapely.Polygon([(112.1, -7.123456789012345), (112.2, -7.1), (112.2, -7.2), (112.1, -7.123456789012345)])


@pytest.fixture(scope="module")
def tables() -> Tables:
    return shared_sample()


def awkward_sites() -> pd.DataFrame:
    """Two sites whose every cell is hard to keep."""
    return pd.DataFrame(
        {
            "code": ["33.10", "007"],
            "programme": ["ktn", "rusun"],
            "name": ["=1+1;-2\r\n'@x", "'-_x0041_\t"],
            "region_code": ["33.10", "35.07"],
            "lon": [110.123456789012345, 112.1 + 0.2],
            "lat": [-7.1, -8.000000000000002],
            "footprint": pd.Series([AREA, None], dtype="object"),
            "location_precision": ["exact", "village"],
            "institution_code": [None, "+62"],
            "start_date": pd.to_datetime(pd.Series(["2026-04-03", None])),
            "target_date": pd.to_datetime(pd.Series([None, "2026-12-31"])),
            "contract_value": pd.array([9_223_372_036_854_775_807, None], dtype="Int64"),
            "year": pd.array([2026, None], dtype="Int64"),
            "data_status": ["reported", "synthetic"],
            "source_url": [None, "#N/A"],
            "recorded_at": pd.to_datetime(pd.Series(["2026-01-05T02:00:00.123456Z", None])),
        }
    )


# --- records -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", RECORDS)
def test_records_come_back_the_same(kind: str, form: str, tables: Tables, tmp_path: Path) -> None:
    leaving = records(kind, tables).tail(400).reset_index(drop=True)
    assert len(leaving) > 0
    back = canonical(kind, rows_of(table_bytes(leaving, form, about=ABOUT), form, tmp_path))
    assert back == kept(kind, leaving)


@pytest.mark.parametrize("form", PLACED)
def test_sites_come_back_the_same_from_the_formats_of_a_map(form: str, tables: Tables, tmp_path: Path) -> None:
    leaving = records("sites", tables)
    back = canonical("sites", rows_of(table_bytes(leaving, form, about=ABOUT), form, tmp_path))
    assert back == kept("sites", leaving)


@pytest.mark.parametrize("form", [*FORMS, *PLACED])
def test_cells_that_are_hard_to_keep_come_back_the_same(form: str, tmp_path: Path) -> None:
    leaving = awkward_sites()
    back = canonical("sites", rows_of(table_bytes(leaving, form, about=ABOUT), form, tmp_path))
    assert back == kept("sites", leaving)
    assert [row["contract_value"] for row in back] == [9_223_372_036_854_775_807, None]
    assert back[0]["recorded_at"] == datetime(2026, 1, 5, 2, 0, 0, 123456, tzinfo=UTC)
    assert back[0]["start_date"] == date(2026, 4, 3)


@pytest.mark.parametrize("kind", RECORDS)
def test_records_have_the_columns_of_the_store_in_its_order(kind: str, tables: Tables) -> None:
    assert tuple(records(kind, tables).columns) == canonical_columns(kind)
    assert len(records(kind, tables)) == len(tables[kind])


def test_records_nobody_keeps_are_refused(tables: Tables) -> None:
    with pytest.raises(RefusedError, match="no records of 'people'"):
        records("people", tables)


@pytest.fixture(scope="module")
def east(tables: Tables) -> State:
    chosen = Filters(
        on=date(2026, 7, 31), known_at=datetime(2026, 8, 15, tzinfo=UTC), provinces=("35",), programmes=("ktn",)
    )
    return state(tables, chosen, load_programmes())


@pytest.mark.parametrize("kind", ["plans", "reports", "beneficiaries"])
def test_records_of_a_choice_are_those_of_its_sites(kind: str, tables: Tables, east: State) -> None:
    chosen = records(kind, tables, state=east)
    sites = set(records("sites", tables, state=east)["code"])
    assert 0 < len(chosen) < len(tables[kind])
    assert set(chosen["site_code"]) <= sites == set(east.positions["code"])


def test_records_of_a_choice_are_those_known_then(tables: Tables, east: State) -> None:
    reports = records("reports", tables, state=east)
    assert reports["recorded_at"].max() <= pd.Timestamp("2026-08-15", tz="UTC")
    assert reports["as_of"].max() <= pd.Timestamp("2026-07-31")
    assert records("plans", tables, state=east)["as_of"].max() > pd.Timestamp("2026-07-31")


def test_actions_of_a_choice_bring_their_reports_and_obstacles(tables: Tables, east: State) -> None:
    actions = records("actions", tables, state=east)
    assert set(actions["programme"]) == {"ktn"}
    assert set(actions["region_code"].str[:2]) == {"35"}
    assert set(records("action_reports", tables, state=east)["action_code"]) <= set(actions["code"])
    sites, codes = set(east.positions["code"]), set(actions["code"])
    obstacles = records("obstacles", tables, state=east)
    assert all(
        site in sites or action in codes
        for site, action in zip(obstacles["site_code"], obstacles["action_code"], strict=True)
    )


def test_institutions_always_come_whole(tables: Tables, east: State) -> None:
    assert len(records("institutions", tables, state=east)) == len(tables["institutions"])


def test_taking_records_alters_no_table(tables: Tables, east: State) -> None:
    before = {name: table.copy() for name, table in tables.items()}
    for kind in RECORDS:
        records(kind, tables, state=east)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


# --- texts that look like formulas -------------------------------------------------------------------------------


@given(TEXTS | RISKY_TEXTS)
@example("'=1+1")
@example("''-")
@example("\n=x")
@example("a;'=x")
@example("\t\t=")
def test_a_text_made_harmless_is_found_again(text: str) -> None:
    assert verbatim(harmless(text)) == text


@given(TEXTS | RISKY_TEXTS)
def test_no_cell_of_a_harmless_text_begins_like_a_formula_however_it_is_parted(text: str) -> None:
    shown = harmless(text)
    assert not any(FORMULA.match(cell) for cell in SPREADSHEET_CELL.split(shown))
    assert shown[:1] not in ("\t", "\r", "\n")


@pytest.mark.parametrize("text", ["Turen", "", "'petik'", "a, b", "baris\nbaru", "1-2", "2026-10-31", "a = b"])
def test_a_text_without_danger_is_left_alone(text: str) -> None:
    assert harmless(text) == text == verbatim(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        (" =1+1", "' =1+1"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'\t'=1"),
        ("x;=cmd|'/c calc'!A0;", "x;'=cmd|'/c calc'!A0;"),
        ("a\n-1", "a\n'-1"),
    ],
)
def test_an_apostrophe_stands_before_every_formula(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert verbatim(shown) == text


@given(TEXTS | RISKY_TEXTS)
def test_a_text_spelled_for_a_workbook_is_found_again(text: str) -> None:
    assert unescaped(escaped(text)) == text


# --- any text, any number ----------------------------------------------------------------------------------------


def alone(form: str, table: pd.DataFrame) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        return rows_of(table_bytes(table, form, about=ABOUT_NOTHING), form, Path(folder))


@pytest.mark.parametrize("form", [*FORMS, *PLACED])
@settings(max_examples=20, deadline=None)
@given(texts=st.lists(TEXTS | RISKY_TEXTS, min_size=1, max_size=8))
def test_any_text_comes_back(form: str, texts: list[str]) -> None:
    table = pd.DataFrame({"note": texts, "lon": 110.0, "lat": -7.0})
    assert [row["note"] for row in alone(form, table)] == texts


@pytest.mark.parametrize("form", [*FORMS, *PLACED])
@settings(max_examples=20, deadline=None)
@given(
    whole=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=8),
    real=st.floats(allow_nan=False, allow_infinity=False),
)
@example(whole=[2**53 + 1, -(2**53) - 1, 0], real=0.1 + 0.2)
def test_any_number_comes_back(form: str, whole: list[int], real: float) -> None:
    table = pd.DataFrame({"spend": pd.array(whole, dtype="Int64"), "percent": real, "lon": 110.0, "lat": -7.0})
    back = alone(form, table)
    assert [int(row["spend"]) for row in back] == whole
    assert {float(row["percent"]) for row in back} == {real}


@pytest.mark.parametrize("form", [*FORMS, *PLACED])
@settings(max_examples=15, deadline=None)
@given(lon=st.floats(95, 141), lat=st.floats(-11, 6))
def test_any_point_comes_back_with_all_its_digits(form: str, lon: float, lat: float) -> None:
    (row,) = alone(form, pd.DataFrame({"code": ["A"], "lon": [lon], "lat": [lat]}))
    assert (float(row["lon"]), float(row["lat"])) == (lon, lat)


# --- what a file says of itself ----------------------------------------------------------------------------------


def test_the_columns_that_a_file_says_of_itself_are_told_from_its_data() -> None:
    header = ["code", "note", *ABOUT]
    assert own_columns(header) == tuple(ABOUT)
    with_clock = ["code", "posisi", "diketahui", "saringan", "bahasa", "sumber", "lisensi"]
    assert own_columns(with_clock) == tuple(with_clock[1:])


@pytest.mark.parametrize(
    "header",
    [
        ["code", "posisi", "sumber", "catatan"],
        ["lokasi", "catatan"],
        [*ABOUT, "code"],
        ["posisi", "sumber", "saringan", "bahasa", "lisensi"],
        [],
    ],
)
def test_columns_of_a_stranger_are_data_whatever_their_names(header: list[str]) -> None:
    assert own_columns(header) == ()
