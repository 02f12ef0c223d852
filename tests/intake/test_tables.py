"""The table in a sheet is found whatever stands around it, and every row is accounted for."""

from __future__ import annotations

import csv
import inspect
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geo.intake import tables
from geo.intake.cells import Level
from geo.intake.guard import Limits
from geo.intake.headings import canonical_cells, recognise
from geo.intake.readers.sheet import Sheet as ReadSheet
from geo.intake.readers.source import Source, read_source
from geo.intake.tables import (
    MESSAGES,
    MOST_FOOT_ROWS,
    LeftOut,
    Merged,
    Numbers,
    Table,
    choose_sheet,
    column_letters,
    find_table,
    table_in,
)
from geo.intake.tables import row_ranges as ranges
from geo.locale import translator

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Sheet:
    name: str
    cells: pd.DataFrame
    rows: Numbers
    columns: Numbers
    hidden: bool = False
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    geometry: Sequence[BaseGeometry | None] | None = None


def grid(rows: Rows) -> pd.DataFrame:
    width = max((len(row) for row in rows), default=0)
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    return pd.DataFrame(padded, dtype=object, columns=range(width))


def numbers(count: int, first: int = 1) -> Numbers:
    return np.arange(first, first + count, dtype=np.int64)


def found(rows: Rows, *, kind: Any = None, merged: Sequence[Merged] = (), **more: Any) -> Table:
    cells = grid(rows)
    return find_table(cells, numbers(len(cells)), numbers(cells.shape[1]), merged=merged, kind=kind, **more)


def sheet(name: str, rows: Rows, **more: Any) -> Sheet:
    cells = grid(rows)
    return Sheet(name, cells, numbers(len(cells)), numbers(cells.shape[1]), **more)


def left(table: Table) -> dict[str, tuple[int, ...]]:
    return {str(reason): rows for reason, rows in table.left_out.items() if rows}


def codes(table: Table) -> set[str]:
    return {one.code for one in table.told}


HEAD = ["Kode Lokasi", "Nama Lokasi", "Realisasi Fisik (%)", "Tanggal Laporan"]
DATA = [["KTN-01", "Kawasan Contoh", 72.5, "30/06/2026"], ["KTN-02", "Kawasan Lain", 10, "30/06/2026"]]


def test_a_plain_table_is_taken_whole() -> None:
    table = found([HEAD, *DATA])
    assert table.headings == tuple(HEAD)
    assert table.header_rows == (1,)
    assert table.rows.tolist() == [2, 3]
    assert table.columns.tolist() == [1, 2, 3, 4]
    assert table.body["Realisasi Fisik (%)"].tolist() == [72.5, 10]
    assert left(table) == {}
    assert codes(table) == {"table.header", "table.body"}


def test_titles_above_are_told_and_kept_as_text() -> None:
    table = found(
        [["LAPORAN REALISASI FISIK"], ["Instansi", "Dinas Koperasi Contoh"], ["Posisi 30 Juni 2026"], [], HEAD, *DATA]
    )
    assert table.header_rows == (5,)
    assert table.titles == ("LAPORAN REALISASI FISIK", "Instansi Dinas Koperasi Contoh", "Posisi 30 Juni 2026")
    assert left(table) == {"title": (1, 2, 3), "blank": (4,)}


def test_a_title_directly_above_the_heading_is_no_heading() -> None:
    table = found([["Instansi", "Dinas Koperasi Contoh"], HEAD, *DATA])
    assert table.header_rows == (2,)
    assert table.headings == tuple(HEAD)


def test_a_title_merged_over_everything_is_no_heading() -> None:
    table = found([["DAFTAR LOKASI"], HEAD, *DATA], merged=[(1, 1, 1, 4)])
    assert table.headings == tuple(HEAD)
    assert left(table) == {"title": (1,)}


def test_merged_headings_of_two_rows_are_joined() -> None:
    table = found(
        [
            ["No", "Kode Lokasi", "Rencana", None, "Realisasi", None],
            [None, None, "B03", "B06", "B03", "B06"],
            [1, "KTN-01", 20, 40, 18, 35],
        ],
        merged=[(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 1, 6)],
    )
    assert table.headings == (
        "No", "Kode Lokasi", "Rencana / B03", "Rencana / B06", "Realisasi / B03", "Realisasi / B06",
    )  # fmt: skip
    assert table.header_rows == (1, 2)
    assert table.rows.tolist() == [3]


def test_headings_of_two_rows_are_joined_where_the_file_knows_no_merged_cells() -> None:
    table = found(
        [
            ["No", "Kode Lokasi", "Rencana", None, "Realisasi", None],
            [None, None, "B03", "B06", "B03", "B06"],
            [1, "KTN-01", 20, 40, 18, 35],
        ]
    )
    assert table.headings[2:] == ("Rencana / B03", "Rencana / B06", "Realisasi / B03", "Realisasi / B06")
    assert table.headings[:2] == ("No", "Kode Lokasi")


def test_headings_of_three_rows_with_units_are_joined() -> None:
    table = found(
        [
            ["Kode Lokasi", "Realisasi", None, "Tanggal Laporan"],
            [None, "Fisik", "Keuangan", None],
            [None, "(%)", "(Rp juta)", None],
            ["KTN-01", 20, 40, "30/06/2026"],
        ],
        merged=[(1, 1, 3, 1), (1, 2, 1, 3), (1, 4, 3, 4)],
    )
    assert table.headings == (
        "Kode Lokasi",
        "Realisasi / Fisik (%)",
        "Realisasi / Keuangan (Rp juta)",
        "Tanggal Laporan",
    )
    assert table.header_rows == (1, 2, 3)
    assert table.rows.tolist() == [4]


def test_a_row_of_text_data_is_no_second_heading() -> None:
    table = found(
        [["Kode Instansi", "Nama Instansi", "Jenis"], ["KEMENSOS", "Kementerian Sosial", "kl"], ["A", "B", "pemda"]]
    )
    assert table.header_rows == (1,)
    assert len(table.body) == 2


@pytest.mark.parametrize(
    "row", [[1, 2, 3, 4], ["1", "2", "3", "4"], ["(1)", "(2)", "(3)", "(4)"], ["1", "2", "3", "4=3/2"]]
)
def test_a_row_that_numbers_the_columns_is_left_out(row: list[Any]) -> None:
    table = found([HEAD, row, *DATA])
    assert left(table) == {"numbering": (2,)}
    assert len(table.body) == 2


def test_a_heading_repeated_on_each_page_is_left_out_with_its_numbers() -> None:
    table = found([HEAD, [1, 2, 3, 4], DATA[0], HEAD, [1, 2, 3, 4], DATA[1]])
    assert left(table) == {"numbering": (2,), "repeated": (4, 5)}
    assert table.rows.tolist() == [3, 6]


@pytest.mark.parametrize(
    "label",
    ["Jumlah", "TOTAL", "Total :", "Rata-rata", "Grand Total", "Sub Total", "Jumlah Provinsi Jawa Timur", "JUMLAH I"],
)
@pytest.mark.parametrize("place", [0, 1])
def test_totals_are_left_out_wherever_their_word_stands(label: str, place: int) -> None:
    total: list[Any] = [None, None, 82.5, None]
    total[place] = label
    table = found([HEAD, *DATA, total])
    assert left(table) == {"total": (4,)}
    assert len(table.body) == 2


def test_a_total_in_the_middle_is_left_out_and_the_rows_below_it_stay() -> None:
    table = found([HEAD, DATA[0], ["Jumlah", None, 72.5, None], DATA[1], ["Total", None, 82.5, None]])
    assert left(table) == {"total": (3, 5)}
    assert table.rows.tolist() == [2, 4]


@pytest.mark.parametrize(
    "name", ["Total Makmur", "Jumlah penduduk miskin", "Sumber Rejeki", "Rata Kanan", "Average Joe"]
)
def test_a_row_whose_name_begins_like_a_total_stays(name: str) -> None:
    table = found([HEAD, *DATA, [name, "Koperasi Contoh", 5, "30/06/2026"]])
    assert table.rows.tolist() == [2, 3, 4]


def test_notes_and_signatures_below_are_left_out() -> None:
    table = found(
        [
            HEAD,
            *DATA,
            [],
            ["Keterangan: angka sementara"],
            ["*) belum diverifikasi"],
            [None, None, "Malang, 3 Juli 2026"],
            ["Mengetahui,", None, "Kepala Dinas Koperasi Contoh"],
            [],
            ["NIP. ..............", None, "NIP. .............."],
        ]
    )
    assert table.rows.tolist() == [2, 3]
    assert left(table) == {"blank": (4, 9), "note": (5, 6, 7, 8, 10)}


def test_signatures_of_two_offices_side_by_side_are_left_out() -> None:
    table = found(
        [
            HEAD,
            *DATA,
            [],
            ["Disetujui oleh", None, None, "Surabaya, Juli 2026"],
            ["Sekretaris", None, None, "Bendahara"],
            ["( ............ )", None, None, "( ............ )"],
        ]
    )
    assert table.rows.tolist() == [2, 3]
    assert left(table) == {"blank": (4,), "note": (5, 6, 7)}


def test_the_name_of_an_office_in_merged_cells_above_is_no_heading() -> None:
    table = found([["Instansi", "Dinas Koperasi Contoh", None, None], HEAD, *DATA], merged=[(1, 2, 1, 4)])
    assert table.headings == tuple(HEAD)


def test_a_row_with_few_cells_directly_below_the_others_stays() -> None:
    table = found([HEAD, *DATA, ["KTN-03", None, None, None]])
    assert table.rows.tolist() == [2, 3, 4]


def test_a_row_after_a_blank_one_that_holds_data_stays() -> None:
    table = found([HEAD, *DATA, [], ["KTN-03", None, 3, None]])
    assert table.rows.tolist() == [2, 3, 5]


def test_what_goes_on_for_longer_than_notes_do_is_data() -> None:
    sparse: Rows = [["Catatan berikut", "tanpa angka", None, None]] * (MOST_FOOT_ROWS + 20)
    table = found([HEAD, *DATA, [], *sparse])
    assert left(table) == {"blank": (4,)}
    assert len(table.body) == MOST_FOOT_ROWS + 22


def test_a_row_with_figures_among_the_notes_is_flagged() -> None:
    wide: Rows = [[*HEAD, "Tahap", "Keterangan"], *([*row, "konstruksi", "lancar"] for row in [*DATA] * 3)]
    note: Rows = [[], ["Keterangan: angka sementara"]]
    table = found([*wide, *note, [None, "Kawasan Lain", 5]])
    assert left(table) == {"blank": (8,), "note": (9, 10)}
    assert [one.level for one in table.told if one.code == "table.note"] == [Level.FLAGGED]
    assert [one.level for one in found([*wide, *note]).told if one.code == "table.note"] == [Level.NOTED]


def test_a_wide_row_of_spaces_is_blank() -> None:
    assert left(found([HEAD, *DATA, [" ", "  ", "\t", "\u00a0"]])) == {"blank": (4,)}


def test_rows_that_head_a_section_are_left_out_and_told() -> None:
    table = found([HEAD, ["I. Provinsi Jawa Timur"], DATA[0], ["B", "Provinsi Jawa Tengah"], DATA[1]])
    assert left(table) == {"section": (2, 4)}
    assert [one.level for one in table.told if one.code == "table.section"] == [Level.FLAGGED]


def test_blank_rows_and_columns_are_left_out() -> None:
    table = found(
        [
            [None, *HEAD[:2], None, *HEAD[2:]],
            [None, *DATA[0][:2], "  ", *DATA[0][2:]],
            [],
            [None, "KTN-2", "B", None, 1, "1/1/2026"],
        ]
    )
    assert table.columns.tolist() == [2, 3, 5, 6]
    assert table.rows.tolist() == [2, 4]
    assert left(table) == {"blank": (3,)}


def test_a_row_of_spaces_is_blank() -> None:
    table = found([HEAD, *DATA, [" ", "  "], ["Total", None, 3, None]])
    assert left(table) == {"blank": (4,), "total": (5,)}


def test_numbers_of_the_file_are_kept() -> None:
    cells = grid([HEAD, *DATA])
    table = find_table(cells, numbers(3, first=7), numbers(4, first=3))
    assert table.header_rows == (7,)
    assert table.rows.tolist() == [8, 9]
    assert table.columns.tolist() == [3, 4, 5, 6]


def test_equal_headings_are_told_apart() -> None:
    table = found([["Kode Lokasi", "Realisasi", "Realisasi"], ["KTN-01", 1, 2]])
    assert table.headings == ("Kode Lokasi", "Realisasi", "Realisasi (2)")
    assert "table.same_heading" in codes(table)


def test_a_column_without_a_heading_is_called_by_its_letter() -> None:
    table = found([["Kode Lokasi", None, "Tanggal Laporan"], ["KTN-01", 5, "1/1/2026"]])
    assert table.headings == ("Kode Lokasi", "[B]", "Tanggal Laporan")
    assert "table.nameless" in codes(table)


def test_data_without_any_heading_are_all_kept() -> None:
    table = found([["KTN-01", 72.5, "30/06/2026"], ["KTN-02", 10, "30/06/2026"]])
    assert table.headings == ("[A]", "[B]", "[C]")
    assert table.header_rows == ()
    assert len(table.body) == 2
    assert "table.no_header" in codes(table)


def test_months_as_dates_can_head_columns() -> None:
    months = [
        datetime.fromisoformat("2026-01-01"),
        datetime.fromisoformat("2026-02-01"),
        datetime.fromisoformat("2026-03-01"),
    ]
    table = found([["Kode Lokasi", *months], ["KTN-01", 1, 2, 3]])
    assert table.headings == ("Kode Lokasi", "2026-01-01", "2026-02-01", "2026-03-01")


def test_months_as_text_can_head_columns() -> None:
    table = found([["Kode Lokasi", "2026-01-31", "2026-02-28", "2026-03-31"], ["KTN-01", 1, 2, 3]])
    assert table.headings == ("Kode Lokasi", "2026-01-31", "2026-02-28", "2026-03-31")


def test_a_text_merged_over_rows_is_filled_into_each() -> None:
    table = found(
        [
            ["Provinsi", "Kode Lokasi", "Pagu"],
            ["Jawa Timur", "A-1", 100],
            [None, "A-2", None],
            ["Jawa Barat", "A-3", 5],
        ],
        merged=[(2, 1, 3, 1), (2, 3, 3, 3)],
    )
    assert table.body["Provinsi"].tolist() == ["Jawa Timur", "Jawa Timur", "Jawa Barat"]
    assert table.body["Pagu"].tolist()[0] == 100
    assert pd.isna(table.body["Pagu"].iloc[1])
    assert {"table.merged", "table.merged_figures"} <= codes(table)


def test_hidden_rows_and_columns_are_taken_and_told() -> None:
    table = found([HEAD, *DATA], hidden_rows=frozenset({3, 9}), hidden_columns=frozenset({2}))
    assert len(table.body) == 2
    told = {one.code: one.told for one in table.told}
    assert told["table.hidden_rows"]["rows"] == "3"
    assert told["table.hidden_columns"]["columns"] == "B"


def test_a_second_table_below_is_left_out_and_told() -> None:
    table = found(
        [
            HEAD,
            *DATA,
            [],
            ["Kode Kendala", "Tanggal Muncul", "Kategori", "Tindak Lanjut"],
            ["KD-1", "1/1/2026", "lahan", "Rapat"],
        ]
    )
    assert table.rows.tolist() == [2, 3]
    assert left(table) == {"blank": (4,), "other_table": (5, 6)}


def test_an_empty_sheet_has_no_table() -> None:
    for rows in ([], [[None, None], [None, None]]):
        table = found(rows)
        assert table.headings == ()
        assert codes(table) == {"table.nothing"}
        assert left(table) == ({"blank": (1, 2)} if rows else {})


def test_headings_alone_are_refused() -> None:
    table = found([HEAD])
    assert table.headings == tuple(HEAD)
    assert "table.no_rows" in codes(table)


def test_the_cells_given_are_not_altered() -> None:
    cells = grid([["Provinsi", "Kode Lokasi"], ["Jawa Timur", "A-1"], [None, "A-2"]])
    copy = cells.copy()
    find_table(cells, numbers(3), numbers(2), merged=[(2, 1, 3, 1)])
    pd.testing.assert_frame_equal(cells, copy)


# --- shapes ------------------------------------------------------------------------------------------------------


def test_every_shape_is_data_whatever_its_fields_look_like() -> None:
    shapes = [None, Point(112, -7), Point(113, -7), None, None]
    rows: Rows = [["kode", "nama"], ["Jumlah", "Total"], [None, None], ["Catatan: ada", None], [None, None]]
    table = found(rows, shapes=shapes)
    assert table.headings == ("kode", "nama")
    assert table.rows.tolist() == [2, 3, 4]
    assert table.shapes == (shapes[1], shapes[2], None)
    assert left(table) == {"blank": (5,)}


def test_the_first_row_names_the_fields_of_a_spatial_format_even_where_they_look_like_data() -> None:
    table = found([["B03", "2026"], ["Kode Lokasi", "Nama Lokasi"]], shapes=[None, Point(112, -7)])
    assert table.headings == ("B03", "2026")
    assert len(table.body) == 1


def test_shapes_without_any_field_are_refused() -> None:
    cells = pd.DataFrame(index=range(2), columns=range(0), dtype=object)
    for bare in (cells, grid([[None], [None]])):
        table = find_table(bare, numbers(2), numbers(bare.shape[1]), shapes=[None, Point(112, -7)])
        assert codes(table) == {"table.only_shapes"}


def test_a_sheet_without_shapes_has_none() -> None:
    assert found([HEAD, *DATA]).shapes is None


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        [*HEAD, "Jumlah", "Total", "Catatan:", "I. Bagian", "1", "(2)", "", "  ", "30/06/2026", "Rp 1.000"]
    ),
    st.text(max_size=12),
    st.integers(-5, 3000),
    st.floats(allow_nan=False, allow_infinity=True),
    st.booleans(),
)


@given(
    st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=14)),
    st.lists(st.tuples(st.integers(1, 8), st.integers(1, 5), st.integers(0, 3), st.integers(0, 3)), max_size=3),
)
@settings(max_examples=300, deadline=None)
def test_every_row_is_header_body_or_left_out_once(rows: Rows, merged: list[Merged]) -> None:
    ranges_ = [(top, left_, top + down, left_ + over) for top, left_, down, over in merged]
    check_all_rows(rows, found(rows, merged=ranges_))
    check_all_rows(rows, found(rows, merged=ranges_, shapes=[None, *[Point(112, -7)] * len(rows)][: len(rows)]))


def check_all_rows(rows: Rows, table: Table) -> None:
    """Each row is header, body or left out, once; names, numbers and cells go together."""
    seen = [*table.header_rows, *table.rows.tolist(), *(row for some in table.left_out.values() for row in some)]
    assert sorted(seen) == list(range(1, len(rows) + 1))
    assert len(set(table.headings)) == len(table.headings) == table.body.shape[1] == len(table.columns)
    assert len(table.body) == len(table.rows)
    assert set(table.left_out) == set(LeftOut)


# --- sheets ------------------------------------------------------------------------------------------------------


def test_the_sheet_with_known_headings_is_proposed() -> None:
    chosen = choose_sheet([sheet("Petunjuk", [["Isi dengan benar"], ["Baca ini"]]), sheet("Data", [HEAD, *DATA])])
    assert chosen.at == 1
    assert [one.code for one in chosen.told][:1] == ["sheet.chosen"]


def test_a_hidden_sheet_is_proposed_only_where_no_other_holds_a_table() -> None:
    hidden = sheet("Data", [HEAD, *DATA, *DATA], hidden=True)
    assert choose_sheet([hidden, sheet("Isian", [HEAD, *DATA])]).at == 1
    alone = choose_sheet([sheet("Sampul", []), hidden])
    assert alone.at == 1
    assert [one.code for one in alone.told] == ["sheet.only_hidden"]


def test_a_summary_comes_after_the_sheet_of_records() -> None:
    assert choose_sheet([sheet("Rekap", [HEAD, *DATA]), sheet("Rincian", [HEAD, *DATA])]).at == 1


def test_sheets_with_the_same_headings_are_told() -> None:
    chosen = choose_sheet(
        [sheet("Jatim", [HEAD, *DATA]), sheet("Jateng", [HEAD, *DATA]), sheet("Lain", [["x"], ["y"]])]
    )
    assert chosen.at == 0
    assert chosen.alike == (1,)
    assert "sheet.alike" in {one.code for one in chosen.told}


def test_a_file_without_any_table_is_refused() -> None:
    for sheets in ([], [sheet("Sheet1", [])]):
        chosen = choose_sheet(sheets)
        assert chosen.at is None
        assert chosen.told[0].level is Level.REFUSED


# --- words and speed ---------------------------------------------------------------------------------------------


def test_column_letters_go_on_after_z() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 28, 703, 16_384)] == ["A", "Z", "AA", "AB", "AAA", "XFD"]


def test_row_numbers_are_drawn_together() -> None:
    assert ranges([4, 7, 8, 9]) == "4, 7–9"
    assert ranges(range(1, 100, 2), most=2) == "1, 3, …"
    assert ranges([]) == ""


def test_every_code_of_the_module_has_its_words() -> None:
    source = inspect.getsource(tables)
    emitted = {part for part in source.split('"') if part.startswith(("table.", "sheet.")) and " " not in part}
    assert emitted == set(MESSAGES)
    told = dict.fromkeys(("rows", "columns", "row", "count", "first", "last", "headings", "sheet", "sheets"), "7")
    for code, sentences in MESSAGES.items():
        wrong, _ = sentences(translator("en"), told)
        assert wrong.endswith("."), code
        assert "{" not in wrong, code


def large(count: int) -> pd.DataFrame:
    """A table of 12 columns with its heading."""
    body = pd.DataFrame(
        {
            0: [f"KTN-{number:06}" for number in range(count)],
            1: [f"Kawasan {number}" for number in range(count)],
            2: [f"{number % 100},5" for number in range(count)],
            3: ["30/06/2026"] * count,
            **{place: [str(number) for number in range(count)] for place in range(4, 12)},
        },
        dtype=object,
    )
    head = pd.DataFrame([[*HEAD, *[f"Lain {place}" for place in range(4, 12)]]], dtype=object)
    return pd.concat([head, body], ignore_index=True)


def seconds(cells: pd.DataFrame, *, merged: Sequence[Merged] = ()) -> float:
    """The least of two, for the machine may be busy."""
    took = []
    for _ in range(2):
        start = time.perf_counter()
        find_table(cells, numbers(len(cells)), numbers(cells.shape[1]), merged=merged)
        took.append(time.perf_counter() - start)
    return min(took)


def test_rows_that_are_no_data_do_not_slow_it_down() -> None:
    cells = large(20_000)
    blank = pd.DataFrame([[None] * 12], dtype=object)
    for every, row in ((2, blank), (3, cells.iloc[[0]]), (4, pd.DataFrame([["Jumlah", *[1] * 11]], dtype=object))):
        messy = cells.copy()
        messy.iloc[every + 1 :: every] = row.to_numpy(dtype=object)
        assert seconds(messy) < 3.0


def test_merged_cells_in_every_row_do_not_slow_it_down() -> None:
    count = 20_000
    assert seconds(large(count), merged=[(row, 2, row + 1, 2) for row in range(2, count, 2)]) < 3.0
    assert seconds(large(count), merged=[(2, 2, count, 2)] * 2_000) < 3.0


# --- from a file -------------------------------------------------------------------------------------------------


def read(path: Path) -> Source:
    return read_source(path, name=path.name, limits=Limits())


def workbook(path: Path) -> Path:
    """A workbook as offices send it: title, merged heading of two rows, numbers below, totals, signature, a list."""
    book = openpyxl.Workbook()
    guide = book.active
    assert guide is not None
    guide.title = "Petunjuk"
    guide.append(["Isi lembar Data, satu baris untuk setiap lokasi."])
    data = book.create_sheet("Data")
    data.append(["LAPORAN KEMAJUAN FISIK DAN KEUANGAN"])
    data.append(["Posisi 30 Juni 2026"])
    data.append([])
    data.append(["No", "Kode Lokasi", "Tanggal Laporan", "Realisasi", None, "Foto", "Keterangan"])
    data.append([None, None, None, "Fisik (%)", "Keuangan (Rp juta)", None, None])
    data.append([1, 2, 3, 4, 5, 6, 7])
    data.append([1, "KTN-01", date(2026, 6, 30), 72.5, 1250.5, "ada", "lancar"])
    data.append([2, "KTN-02", "30 Juni 2026", "10,5", 300, "ada", None])
    data.append(["Jumlah", None, None, None, 1550.5, None, None])
    data.append([])
    data.append([None, None, None, None, None, "Malang, 3 Juli 2026"])
    data.append([None, None, None, None, None, "Kepala Dinas Koperasi Contoh"])
    for area in ("A1:G1", "A4:A5", "B4:B5", "C4:C5", "D4:E4", "F4:F5", "G4:G5"):
        data.merge_cells(area)
    data.column_dimensions["F"].hidden = True
    secret = book.create_sheet("Lama")
    secret.append(HEAD)
    secret.append(DATA[0])
    secret.sheet_state = "hidden"
    book.save(path)
    return path


def test_a_workbook_goes_from_its_bytes_to_canonical_columns(tmp_path: Path) -> None:
    source = read(workbook(tmp_path / "laporan.xlsx"))
    chosen = choose_sheet(source.sheets)
    assert chosen.at == 1
    assert {one.code for one in chosen.told} >= {"sheet.chosen", "sheet.hidden"}
    sheet_ = source.sheets[chosen.at]
    table = table_in(sheet_)
    assert table.header_rows == (4, 5)
    assert table.headings == (
        "No",
        "Kode Lokasi",
        "Tanggal Laporan",
        "Realisasi / Fisik (%)",
        "Realisasi / Keuangan (Rp juta)",
        "Foto",
        "Keterangan",
    )
    assert table.rows.tolist() == [7, 8]
    assert left(table) == {"title": (1, 2), "blank": (3, 10), "numbering": (6,), "total": (9,), "note": (11, 12)}
    assert "table.hidden_columns" in codes(table)
    found_ = recognise(table)
    assert found_.kind == "reports"
    assert found_.heading_of == {
        "site_code": "Kode Lokasi",
        "as_of": "Tanggal Laporan",
        "percent": "Realisasi / Fisik (%)",
        "spend": "Realisasi / Keuangan (Rp juta)",
        "note": "Keterangan",
    }
    assert found_.unmapped == ("Foto",)
    assert found_.missing == ()
    cells = canonical_cells(table, found_)
    assert cells.cells["site_code"].tolist() == ["KTN-01", "KTN-02"]
    assert cells.cells["percent"].tolist() == [72.5, "10,5"]
    assert cells.units["spend"].factor == 1_000_000
    assert cells.columns["spend"].tolist() == [5, 5]


def test_a_csv_with_titles_and_totals_is_found_as_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "laporan.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerows([["LAPORAN"], [], HEAD, *DATA, ["Total", "", "82,5", ""]])
    (sheet_,) = read(path).sheets
    table = table_in(sheet_, kind="reports")
    assert table.headings == tuple(HEAD)
    assert table.body["Kode Lokasi"].tolist() == ["KTN-01", "KTN-02"]
    assert [row for some in left(table).values() for row in some] == [1, 2, 6]


def test_shapes_go_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "lokasi.geojson"
    fields = [{"Kode Lokasi": "KTN-01", "Nama Lokasi": "Total"}, {}, {"Kode Lokasi": "KTN-03"}]
    features = [
        {"type": "Feature", "properties": one, "geometry": {"type": "Point", "coordinates": [112.5 + at, -7.5]}}
        for at, one in enumerate(fields)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    source = read(path)
    assert choose_sheet(source.sheets).at == 0
    table = table_in(source.sheets[0])
    assert table.headings == ("Kode Lokasi", "Nama Lokasi")
    assert table.shapes == (Point(112.5, -7.5), Point(113.5, -7.5), Point(114.5, -7.5))
    found_ = recognise(table)
    assert found_.kind == "sites"
    assert not {("lon",), ("lat",)} & set(found_.missing)


def test_the_sheets_of_the_readers_are_what_is_taken_here() -> None:
    cells = grid([HEAD, *DATA])
    table = table_in(ReadSheet("Data", False, cells, numbers(3), numbers(4)))
    assert len(table.body) == 2
