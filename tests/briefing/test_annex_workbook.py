"""The annex holds every figure behind the pages, with every digit, as the exports have them."""

from __future__ import annotations

import io
import math
import zipfile
from datetime import date, datetime
from functools import cache
from typing import Any

import openpyxl
import pandas as pd
import pytest
from deck_reading import ADDRESS, NUMBER, tables, told

from geo.briefing.annex import HEAD_ROWS, annex
from geo.briefing.parts import Briefing
from geo.export import export_frame
from geo.locale import translator
from geo.model import Language
from geo.progress import State

LANGUAGES: tuple[Language, ...] = ("id", "en")
NAMES = {
    "regions": {"id": "Wilayah", "en": "Regions"},
    "sites": {"id": "Lokasi", "en": "Sites"},
    "late": {"id": "Terlambat dan terhambat", "en": "Late and blocked"},
    "matrix": {"id": "Matriks (panjang)", "en": "Matrix, long"},
    "wide": {"id": "Matriks", "en": "Matrix"},
    "curve": {"id": "Kurva", "en": "Curves"},
}


@cache
def made(language: Language = "id") -> tuple[Briefing, State, bytes]:
    done, now = told(language)
    return done, now, annex(done)


@cache
def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(content: bytes, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by canonical column."""
    every = list(opened(content)[name].iter_rows(values_only=True))
    return [dict(zip(every[HEAD_ROWS - 1], row, strict=True)) for row in every[HEAD_ROWS:]]


def same(held: Any, value: Any) -> bool:
    if value is None or pd.isna(value) or value == "":
        return held is None
    if isinstance(value, pd.Timestamp):
        return bool(held == value.to_pydatetime())
    return bool(held == value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("what", "sheet", "key"), [("regions", "regions", "code"), ("position", "sites", "code")])
def test_every_figure_is_that_of_the_export(language: Language, what: str, sheet: str, key: str) -> None:
    _, now, content = made(language)
    exported = export_frame(what, now, tables())
    held = {row[key] or "": row for row in rows(content, NAMES[sheet][language])}
    assert len(held) == len(exported)
    for row in exported.to_dict("records"):
        for name, value in row.items():
            assert same(held[row[key]][name], value), (row[key], name)


def test_the_lists_hold_every_row_and_not_only_those_on_the_pages() -> None:
    done, _, content = made()
    late = rows(content, NAMES["late"]["id"])
    assert [row["code"] for row in late] == done.national.late.raw["code"].tolist()
    assert len(late) > len(done.national.late.rows)


def test_the_curves_of_all_pages_stand_below_each_other() -> None:
    done, _, content = made()
    held = rows(content, NAMES["curve"]["id"])
    for page in done.pages:
        own = [row for row in held if row["page"] == page.key]
        assert [row["as_of"] for row in own] == [day.to_pydatetime() for day in page.state.curve["as_of"]]
        for row, (plan, actual) in zip(
            own, page.state.curve[["plan_percent", "actual_percent"]].to_numpy(), strict=True
        ):
            assert row["plan_percent"] == plan
            assert (row["actual_percent"] is None) == math.isnan(actual)


def test_the_matrix_is_told_long_and_wide_with_the_same_figures() -> None:
    done, _, content = made()
    long = {(row["institution_code"], row["province"]): row for row in rows(content, NAMES["matrix"]["id"])}
    assert len(long) == len(done.matrix.raw)
    for row in rows(content, NAMES["wide"]["id"]):
        for name, value in row.items():
            if name.startswith("achieved_percent_"):
                code = name.rpartition("_")[2]
                assert value == long[row["institution_code"], None if code == "all" else code]["achieved_percent"]


def test_cells_are_typed_and_shown_as_people_read_them() -> None:
    sheet = opened(made()[2])[NAMES["sites"]["id"]]
    names = [cell.value for cell in sheet[HEAD_ROWS]]
    row = next(row for row in sheet.iter_rows(min_row=HEAD_ROWS + 1) if row[names.index("contract_value")].value)
    cell = dict(zip(names, row, strict=True))
    assert isinstance(cell["as_of"].value, datetime)
    assert cell["as_of"].number_format == "dd/mm/yyyy"
    assert cell["actual_percent"].number_format == '0.0"%"'
    assert cell["contract_value"].number_format == '"Rp" #,##0'
    assert cell["year"].number_format == "General"
    assert isinstance(cell["silent"].value, bool)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_words_above_the_canonical_names_with_filters(language: Language) -> None:
    t = translator(language)
    for sheet in opened(made(language)[2]):
        if sheet.title in ("isi", "keterangan", "kamus"):
            continue
        assert sheet.freeze_panes == f"A{HEAD_ROWS + 1}"
        assert sheet.auto_filter.ref.startswith(f"A{HEAD_ROWS}:")
        heads, names = [cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]]
        assert all(heads)
        assert not set(heads) & {name for name in names if "_" in name}
    regions = opened(made(language)[2])[NAMES["regions"][language]]
    assert t("Sites") in [cell.value for cell in regions[1]]


def test_the_file_says_what_it_is() -> None:
    content = made()[2]
    about = {row[0]: row[1] for row in opened(content)["keterangan"].iter_rows(min_row=2, values_only=True)}
    assert about["posisi"] == "2026-10-31"
    assert about["diketahui"].startswith("2026-11-15")
    assert about["nomor"] == NUMBER
    assert about["alamat"] == ADDRESS
    assert about["klasifikasi"] == "BIASA"
    assert about["untuk"] == "kalangan internal"
    assert "CONTOH" in about["catatan"]
    assert about["lisensi"]
    for sheet in opened(content):
        assert "CONTOH" in sheet.HeaderFooter.oddHeader.right.text, sheet.title


def test_the_dictionary_explains_every_column_of_every_sheet() -> None:
    content = made("en")[2]
    told_of = {row[:2]: row[6] for row in opened(content)["kamus"].iter_rows(min_row=2, values_only=True)}
    for sheet in opened(content):
        if sheet.title not in ("isi", "keterangan", "kamus"):
            for cell in sheet[HEAD_ROWS]:
                assert told_of[sheet.title, cell.value], (sheet.title, cell.value)


def test_the_contents_lead_to_every_sheet() -> None:
    book = opened(made()[2])
    links = {
        cell.hyperlink.location.split("!")[0].strip("'")
        for row in book["isi"].iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert links == set(book.sheetnames) - {"isi"}


def test_the_same_briefing_gives_the_same_bytes_without_a_person_or_a_clock() -> None:
    done, _, content = made()
    assert annex(done) == content
    properties = opened(content).properties
    assert properties.creator == properties.lastModifiedBy == "Sinergisitas"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"2026-11-15T00:00:00Z" in packed.read("docProps/core.xml")
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    records = dict(tables())
    sites = records["sites"].copy()
    of_ntb = sites.index[sites["region_code"].str.startswith("52")]
    sites.loc[of_ntb[0], "name"] = "=cmd|'/c calc'!A1"
    sites.loc[of_ntb[1], "name"] = "bell\x07 <b>&</b>"
    records["sites"] = sites
    done, _ = told("id", given=records, provinces=("52",))
    book = openpyxl.load_workbook(io.BytesIO(annex(done)))
    named = {cell.value: cell for row in book["Lokasi"].iter_rows() for cell in row if isinstance(cell.value, str)}
    cell = named["=cmd|'/c calc'!A1"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert any("<b>&</b>" in text for text in named)


def test_an_empty_selection_has_its_sheets_without_rows() -> None:
    done, _ = told("id", provinces=("52",), statuses=("tanpa_rencana",), on=date(2026, 10, 31))
    book = openpyxl.load_workbook(io.BytesIO(annex(done)))
    assert book["Lokasi"].max_row == HEAD_ROWS


def test_progress_rises_to_the_end() -> None:
    shares: list[float] = []
    annex(made()[0], progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
