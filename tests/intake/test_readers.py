"""Uploads become sheets of raw cells, or are refused in a clear sentence."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import random
import re
import tempfile
import time as clock
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.intake.cells import Finding, Level
from geo.intake.guard import Limits, run_apart
from geo.intake.readers import layers
from geo.intake.readers.contents import LONGEST_GAP, UnreadableError, lines, listed, reference
from geo.intake.readers.delimited import best_separator, decoded, read_delimited
from geo.intake.readers.messages import MESSAGES
from geo.intake.readers.sheet import Sheet
from geo.intake.readers.source import RefusedFileError, Source, read_source
from geo.intake.readers.workbook import column_number, form_of, moment_of
from geo.locale import translator
from geo.model import RefusedError
from tests.intake import awkward
from tests.intake.awkward import CASES, Case

LIMITS = Limits(seconds=60)
HEADER = list(awkward.HEADER)


def made(folder: Path, file: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / file
    next(case for case in CASES if case.file == file).write(path)
    return path


def taken(folder: Path, file: str, *, limits: Limits = LIMITS) -> Source:
    return read_source(made(folder, file), name=file, limits=limits)


def content(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def table(sheet: Sheet) -> list[list[object]]:
    return sheet.cells.to_numpy().tolist()


def codes(source: Source) -> set[str]:
    return {finding.code for finding in source.findings}


def refusal(path: Path, *, limits: Limits = LIMITS) -> RefusedFileError:
    with pytest.raises(RefusedFileError) as caught:
        read_source(path, name=path.name, limits=limits)
    return caught.value


# --- every awkward file ------------------------------------------------------------------------------------------


SAID: dict[str, list[Finding]] = {}
"""What was said of each awkward file, once it was read."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_every_awkward_file_gets_its_verdict(tmp_path: Path, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / case.file
    case.write(path)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before = path.read_bytes()
    if case.refused:
        error = refusal(path)
        SAID[case.file] = list(error.findings)
        assert [finding.code for finding in error.findings] == [case.refused]
        assert all(problem.file == case.file and problem.message for problem in error.problems)
        assert "Traceback" not in str(error)
    else:
        source = read_source(path, name=case.file, limits=LIMITS)
        SAID[case.file] = list(source.findings)
        assert set(case.told) <= codes(source)
        assert ("file.ending" in codes(source)) == ("file.ending" in case.told)
        for sheet in source.sheets:
            assert sheet.cells.shape == (len(sheet.rows), len(sheet.columns))
            assert sheet.geometry is None or len(sheet.geometry) == len(sheet.rows)
    assert list(temporary.iterdir()) == []
    assert path.read_bytes() == before


def test_there_are_enough_awkward_files_with_names_of_their_own(tmp_path: Path) -> None:
    assert len({case.file for case in CASES}) == len(CASES) >= 40


@pytest.mark.parametrize("file", ["biasa.csv", "biasa.tsv", "titik-koma.csv", "pipa.csv", "bom.csv", "utf16.csv"])
def test_text_in_any_disguise_gives_the_same_cells(tmp_path: Path, file: str) -> None:
    cells = table(taken(tmp_path, file).sheets[0])
    assert cells[0] == HEADER
    assert [row[1] for row in cells[1:]] == [row[1] for row in awkward.ROWS]
    assert cells[1][4] in {"25.5", "25,5"}
    assert cells[1][3] == "31/03/2026"


@pytest.mark.parametrize("file", ["biasa.xlsx", "biasa.ods"])
def test_workbooks_give_typed_cells(tmp_path: Path, file: str) -> None:
    cells = table(taken(tmp_path, file).sheets[0])
    assert cells[0] == HEADER
    assert [tuple(row) for row in cells[1:]] == list(awkward.ROWS)
    assert [type(value) for value in cells[1][3:]] == [date, float, int]


def test_an_old_workbook_gives_its_cells_merged_and_hidden_parts(tmp_path: Path) -> None:
    source = taken(tmp_path, "biasa.xls")
    sheet = source.sheets[0]
    assert source.properties == {"title": "Laporan", "creator": "Dinas Koperasi Contoh"}
    assert table(sheet)[1][:3] == ["KOP-1", "Koperasi Contoh Satu", "Kabupaten Malang"]
    assert table(sheet)[1][4:] == [25.5, 20]
    assert sheet.hidden_columns == {3}
    assert sheet.merged == ((1, 5, 1, 6),)


@pytest.mark.parametrize("file", ["biasa.geojson", "biasa.gpkg", "biasa.zip", "biasa.kml", "biasa.kmz", "biasa.gpx"])
def test_maps_give_names_in_row_1_and_a_shape_for_each_row_behind_it(tmp_path: Path, file: str) -> None:
    sheet = taken(tmp_path, file).sheets[0]
    assert sheet.geometry is not None
    assert sheet.geometry[0] is None
    assert sheet.geometry[1].geom_type == "Point"
    assert sheet.geometry[1].coords[0] == pytest.approx((112.63, -7.98))
    assert {"kode", "name"} & set(sheet.cells.iloc[0])
    assert list(sheet.rows) == list(range(1, len(sheet.cells) + 1))


# --- words -------------------------------------------------------------------------------------------------------


def test_every_code_that_a_reader_can_give_has_its_sentences() -> None:
    given: set[str] = set()
    package = Path(layers.__file__).parent
    pattern = re.compile(r"(?:cell|file|limit|geometry|crs|csv|zip|xml|json|kml|shape|sheet)\.[a-z_]+")
    for file in [*package.glob("*.py"), package.parent / "formats.py", package.parent / "guard.py"]:
        if file.name != "messages.py":
            tree = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            texts = {node.value for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)}
            given |= {text for text in texts if pattern.fullmatch(text)}
    assert given == set(MESSAGES)


def said(case: Case, folder: Path) -> list[Finding]:
    """What the readers say of a file; it is read only where no test has read it before."""
    if case.file not in SAID:
        path = folder / case.file
        case.write(path)
        try:
            SAID[case.file] = list(read_source(path, name=case.file, limits=LIMITS).findings)
        except RefusedFileError as error:
            SAID[case.file] = list(error.findings)
    return SAID[case.file]


def test_every_sentence_is_filled_by_what_the_readers_tell(tmp_path: Path) -> None:
    for case in CASES:
        if case.refused or case.told:
            for finding in said(case, tmp_path):
                for language in ("id", "en"):
                    wrong, remedy = MESSAGES[finding.code](translator(language), finding.told)
                    assert "{" not in wrong + remedy


SEEN_ELSEWHERE = {
    "file.crashed",
    "file.missing",
    "limit.layers",
    "limit.memory",
    "limit.seconds",
    "limit.size",
    "zip.unpacked",
}
"""Codes that need a limit, a crash or no file at all; each has a test of its own."""


def test_there_is_an_awkward_file_for_every_thing_that_readers_say() -> None:
    given = {code for case in CASES for code in (case.refused, *case.told) if code}
    assert given | SEEN_ELSEWHERE == set(MESSAGES)
    assert not given & SEEN_ELSEWHERE


def test_a_refusal_is_one_of_the_projects_own(tmp_path: Path) -> None:
    error = refusal(content(tmp_path / "x.csv", ""))
    assert isinstance(error, RefusedError)
    assert str(error) == "x.csv: The file is empty. Send a file that has at least one row."


# --- limits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "file", "variable"),
    [
        (Limits(rows=2), "biasa.csv", "GEO_IMPORT_ROWS"),
        (Limits(rows=2), "biasa.xlsx", "GEO_IMPORT_ROWS"),
        (Limits(rows=2), "biasa.xls", "GEO_IMPORT_ROWS"),
        (Limits(rows=2), "biasa.ods", "GEO_IMPORT_ROWS"),
        (Limits(rows=1), "biasa.geojson", "GEO_IMPORT_ROWS"),
        (Limits(rows=1), "biasa.gpkg", "GEO_IMPORT_ROWS"),
        (Limits(columns=3), "biasa.csv", "GEO_IMPORT_COLUMNS"),
        (Limits(columns=3), "biasa.xlsx", "GEO_IMPORT_COLUMNS"),
        (Limits(columns=3), "biasa.xls", "GEO_IMPORT_COLUMNS"),
        (Limits(columns=3), "biasa.ods", "GEO_IMPORT_COLUMNS"),
        (Limits(columns=1), "biasa.gpkg", "GEO_IMPORT_COLUMNS"),
    ],
)
def test_a_refusal_by_a_limit_names_it(tmp_path: Path, limits: Limits, file: str, variable: str) -> None:
    assert variable in str(refusal(made(tmp_path, file), limits=limits))


def test_a_file_of_too_many_layers_is_refused(tmp_path: Path) -> None:
    parts = {f"{at}.{part}": b"" for at in range(51) for part in ("shp", "dbf")}
    awkward.zipped(parts)(tmp_path / "x.zip")
    assert [(finding.code, dict(finding.told)) for finding in refusal(tmp_path / "x.zip").findings] == [
        ("limit.layers", {"count": "51", "limit": "50"})
    ]


def test_a_file_that_takes_too_long_is_refused_by_that_limit(tmp_path: Path) -> None:
    path = content(tmp_path / "x.csv", "a,b\n\n" + "satu,dua\n" * 8_000_000)
    begun = clock.monotonic()
    error = refusal(path, limits=Limits(seconds=1, rows=10_000_000))
    assert clock.monotonic() - begun < 20
    assert [(finding.code, dict(finding.told)) for finding in error.findings] == [("limit.seconds", {"limit": "1"})]
    assert "GEO_IMPORT_SECONDS" in str(error)


def test_a_file_beyond_the_limit_of_size_is_not_even_opened(tmp_path: Path) -> None:
    path = content(tmp_path / "x.csv", b"a,b\n" * 300_000)
    assert "GEO_IMPORT_MAX_MB" in str(refusal(path, limits=Limits(max_mb=1)))


def test_a_file_that_needs_more_memory_than_allowed_is_refused_by_that_limit(tmp_path: Path) -> None:
    path = content(tmp_path / "x.csv", "a,b\n\n" + "satu,dua\n" * 2_000_000)
    for memory_mb in (40, 120, 200, 250, 300):  # from too little to begin with, to too little for this file
        error = refusal(path, limits=Limits(memory_mb=memory_mb, rows=10_000_000))
        assert [(finding.code, dict(finding.told)) for finding in error.findings] == [
            ("limit.memory", {"limit": str(memory_mb)})
        ]
        assert "GEO_IMPORT_MEMORY_MB" in str(error)


def test_an_archive_that_would_unpack_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    noise = random.Random(5).randbytes(1 << 20)
    awkward.repacked(awkward.same, more={"xl/media/a.bin": b"".join(noise[:1000] * 20 for _ in range(1100))})(
        tmp_path / "x.xlsx"
    )
    error = refusal(tmp_path / "x.xlsx", limits=Limits(max_mb=1))
    assert [(finding.code, dict(finding.told)) for finding in error.findings] == [
        ("zip.unpacked", {"size": "20", "limit": "20"})
    ]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.csv")
    for path in (tmp_path, tmp_path / "tidak-ada.csv", tmp_path / "pipa.csv", Path("/dev/zero")):
        assert refusal(path).findings[0].code == "file.missing"


def test_blank_rows_do_not_count_against_the_limit_of_rows(tmp_path: Path) -> None:
    source = read_source(
        content(tmp_path / "x.csv", "a,b\n" + ",\n" * 5_000 + "1,2\n"), name="x.csv", limits=Limits(rows=2)
    )
    assert list(source.sheets[0].rows) == [1, 5_002]


# --- text --------------------------------------------------------------------------------------------------------


def text_table(folder: Path, text: str | bytes) -> list[list[object]]:
    return table(read_source(content(folder / "x.csv", text), name="x.csv", limits=LIMITS).sheets[0])


def test_records_of_uneven_length_are_kept_whole(tmp_path: Path) -> None:
    source = taken(tmp_path, "tidak-rata.csv")
    assert table(source.sheets[0]) == [
        ["kode", "nama", "nilai", None],
        ["KOP-1", "Koperasi Satu", "1", None],
        ["KOP-2", "Koperasi", " Dua", "2"],
        ["KOP-3", None, None, None],
        ["KOP-4", "Koperasi Empat", "4", None],
    ]
    assert {finding.told["rows"] for finding in source.findings} == {"3", "4"}


def test_blank_lines_keep_the_numbers_of_the_rows(tmp_path: Path) -> None:
    sheet = taken(tmp_path, "judul.csv").sheets[0]
    assert table(sheet)[0][0] == "Laporan Koperasi Contoh"
    assert table(sheet)[1] == [None, None, None]
    assert list(sheet.rows) == [1, 2, 3, 4, 5]


def test_a_blank_first_line_is_counted_and_takes_no_row_with_it(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        raw = content(tmp_path / "x.csv", end.join(["", "kode,nilai", "KOP-1,1", "KOP-2,2"]))
        sheet = read_source(raw, name="x.csv", limits=LIMITS).sheets[0]
        assert table(sheet)[-3:] == [["kode", "nilai"], ["KOP-1", "1"], ["KOP-2", "2"]]
        assert list(sheet.rows)[-3:] == [2, 3, 4]


def test_texts_that_repeat_stand_in_their_own_rows(tmp_path: Path) -> None:
    rows = [[f"KOP-{at}", ("satu", "dua", "")[at % 3], "" if at % 2 else "ya"] for at in range(3_000)]
    cells = text_table(tmp_path, "\n".join(",".join(row) for row in [["kode", "nilai", "ada"], *rows]))
    assert cells[1:] == [[cell or None for cell in row] for row in rows]


def test_a_hint_of_the_separator_is_obeyed_and_counted_as_row_1(tmp_path: Path) -> None:
    sheet = taken(tmp_path, "petunjuk.csv").sheets[0]
    assert table(sheet) == [["kode", "nilai"], ["KOP-1", "1,5"]]
    assert list(sheet.rows) == [2, 3]


def test_blank_cells_are_nothing_and_blank_ends_are_cut_off(tmp_path: Path) -> None:
    assert text_table(tmp_path, 'a,b,,\n1,"",,\n,,,\n') == [["a", "b"], ["1", None]]


def test_cells_may_hold_line_breaks_quotes_and_separators(tmp_path: Path) -> None:
    assert text_table(tmp_path, 'a,b\n"x\ny","dia bilang ""ya"", lalu"\n') == [
        ["a", "b"],
        ["x\ny", 'dia bilang "ya", lalu'],
    ]


def test_an_inch_mark_within_a_text_is_no_quotation_mark(tmp_path: Path) -> None:
    assert text_table(tmp_path, 'a,b\npipa 5" baja,1\npipa 6 baja,2\n')[1] == ['pipa 5" baja', "1"]


def test_the_refusal_of_an_open_quotation_mark_names_its_line(tmp_path: Path) -> None:
    assert refusal(made(tmp_path, "kutip-terbuka.csv")).findings[0].told == {"line": "2"}


def test_the_refusal_of_mixed_encodings_names_the_line_that_differs(tmp_path: Path) -> None:
    assert refusal(made(tmp_path, "campur.csv")).findings[0].told == {"line": "3", "other": "2"}


def test_lines_may_end_as_on_any_system(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        assert text_table(tmp_path, end.join(["a,b", "1,2", "3,4"])) == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_one_column_needs_no_separator(tmp_path: Path) -> None:
    assert text_table(tmp_path, "kode\nKOP-1\nKOP-2\n") == [["kode"], ["KOP-1"], ["KOP-2"]]


@pytest.mark.parametrize(
    ("sample", "separator"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("a;b;c\nMalang, Jawa Timur;1,25;2\nBlitar, Jawa Timur;3,5;4\n", ";"),
        ("a,b\n1.5,2.5\n", ","),
        ('a,b\n"x;y",2\n"z;w",3\n', ","),
        ("a\tb\n1,5\t2,5\n", "\t"),
        ("a|b\n1,5|x; y\n", "|"),
        ("Laporan; triwulan I\n\nkode,nama,nilai\nK1,satu,1\nK2,dua,2\n", ","),
        ("satu kolom\ndua kata\n", ","),
    ],
)
def test_the_separator_is_found_by_even_rows_and_clean_cells(sample: str, separator: str) -> None:
    assert best_separator(sample) == separator


def test_what_was_found_about_a_text_is_told(tmp_path: Path) -> None:
    assert taken(tmp_path, "titik-koma.csv").properties == {"encoding": "UTF-8", "separator": ";", "decimal": ","}
    assert taken(tmp_path, "biasa.csv").properties["decimal"] == "."


CELL = st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_no_cell_of_a_well_written_text_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], separator: str, encoding: str
) -> None:
    quoted = ['"kode"', '"nama"', '"nilai"']
    text = separator.join(quoted) + "\n"
    for row in rows:
        text += separator.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n"
    path = tmp_path_factory.getbasetemp() / "x.csv"
    path.write_bytes(f"sep={separator}\n{text}".encode(encoding))
    grid = read_delimited(path, LIMITS, lambda _: None).sheets[0]
    columns = [array.to_pylist() for array in grid.table or []]
    assert [tuple(cell or "" for cell in row) for row in zip(*columns, strict=True)][1:] == rows


def read_text(text: str, folder: Path) -> list[list[str | None]] | str:
    """The columns of a text as the reader gives them, or the code of its refusal."""
    try:
        grid = read_delimited(content(folder / "y.csv", text), LIMITS, lambda _: None).sheets[0]
    except UnreadableError as error:
        return error.said.code
    return [array.to_pylist() for array in grid.table or []]


@settings(max_examples=300)
@given(st.text('ab,""\n\r ', max_size=30))
def test_any_text_gives_the_cells_that_the_careful_way_gives(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    seen = read_text(f"sep=,\n{text}", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.intake.readers.delimited._quick", lambda *_: None)
        assert read_text(f"sep=,\n{text}", folder) == seen


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(raw: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        assert "\x00" not in decoded(raw)[0]


# --- workbooks ---------------------------------------------------------------------------------------------------


def test_hidden_and_merged_parts_and_comments_are_told_by_their_place(tmp_path: Path) -> None:
    source = taken(tmp_path, "tersembunyi.xlsx")
    first, second = source.sheets
    assert first.merged == ((1, 1, 1, 6),)
    assert first.hidden_columns == {3}
    assert first.hidden_rows == {4}
    assert first.notes == ((3, 2, "Periksa lagi"),)
    assert (first.hidden, second.hidden) == (False, True)
    assert table(second) == [["rahasia"]]
    assert source.properties["creator"] == "Dinas Koperasi Contoh"


def test_texts_in_a_part_of_their_own_are_read_without_their_readings(tmp_path: Path) -> None:
    sheet = taken(tmp_path, "bersama.xlsx").sheets[0]
    assert table(sheet) == [["kode", "Koperasi Contoh"], [None, None], [None, "dua\nbaris"]]


def test_formulas_without_a_stored_value_are_told_by_their_place(tmp_path: Path) -> None:
    source = taken(tmp_path, "rumus.xlsx")
    assert source.sheets[0].uncomputed == ((2, 7), (3, 7), (4, 7))
    assert source.findings[0].told == {"sheet": "Data", "count": "3", "cells": "G2, G3, G4"}
    assert source.findings[0].level is Level.FLAGGED


def test_dates_times_and_shares_come_as_what_they_are(tmp_path: Path) -> None:
    cells = table(taken(tmp_path, "tanggal.xlsx").sheets[0])
    assert [row[6] for row in cells[1:]] == [datetime.fromisoformat("2026-08-17T10:30"), date(2026, 8, 17), time(12)]
    assert [row[7] for row in cells[1:]] == [0.7255, True, None]


def test_a_stray_cell_at_the_far_corner_costs_one_cell(tmp_path: Path) -> None:
    sheet = taken(tmp_path, "pojok.xlsx").sheets[0]
    assert sheet.cells.shape == (5, 7)
    assert sheet.cells.iat[-1, -1] == "x"
    assert (sheet.rows[-1], sheet.columns[-1]) == (1_048_576, 16_384)


def test_a_million_blank_rows_are_nothing(tmp_path: Path) -> None:
    assert len(taken(tmp_path, "sejuta-kosong.xlsx").sheets[0].rows) == 4


def test_an_opendocument_sheet_tells_hidden_merged_noted_and_uncomputed_cells(tmp_path: Path) -> None:
    first, second = taken(tmp_path, "lembar.ods").sheets
    assert first.cells.iat[4, 0] == "satu  dua\ntiga"
    assert first.merged == ((5, 1, 5, 3),)
    assert first.notes == ((5, 1, "Periksa lagi"),)
    assert first.hidden_columns == {3}
    assert first.hidden_rows == {5}
    assert first.uncomputed == ((5, 4),)
    assert second.hidden


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("dd/mm/yyyy", "day"),
        ("[$-421]d mmmm yyyy;@", "day"),
        ("mmm-yy", "day"),
        ("dd/mm/yyyy hh:mm", "moment"),
        ("hh:mm:ss", "clock"),
        ("[h]:mm", ""),
        ("General", ""),
        ("#,##0.00", ""),
        ('"Rp" #,##0', ""),
        ('0 "hari"', ""),
        ("0.00%", ""),
        ("[Red]0.00", ""),
    ],
)
def test_a_number_format_says_whether_a_number_is_a_date(code: str, form: str) -> None:
    assert form_of(code) == form


def test_serial_numbers_become_the_days_that_excel_shows() -> None:
    assert moment_of(46_112, "day") == date(2026, 3, 31)
    assert moment_of(59, "day") == date(1900, 2, 28)
    assert moment_of(61, "day") == date(1900, 3, 1)
    assert moment_of(0, "day", from_1904=True) == date(1904, 1, 1)
    assert moment_of(-5, "day") == -5
    assert moment_of(1e9, "day") == 1e9


def test_columns_are_numbered_as_in_a_workbook() -> None:
    assert [column_number(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16_384]
    assert reference(12, 28) == "AB12"
    with pytest.raises(UnreadableError):
        column_number("XFE")


def test_other_prefixes_of_the_same_xml_are_read_alike(tmp_path: Path) -> None:
    def prefixed(name: str, raw: bytes) -> bytes:
        if not re.search("sheet1.xml$|sharedStrings.xml$|workbook.xml$", name):
            return raw
        raw = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", raw)
        return raw.replace(b"xmlns=", b"xmlns:x=", 1)

    awkward.repacked(prefixed)(tmp_path / "x.xlsx")
    sheet = read_source(tmp_path / "x.xlsx", name="x.xlsx", limits=LIMITS).sheets[0]
    assert [tuple(row) for row in table(sheet)[1:]] == list(awkward.ROWS)


# --- maps --------------------------------------------------------------------------------------------------------


def read_features(folder: Path, document: object) -> Sheet:
    path = content(folder / "x.geojson", json.dumps(document))
    return read_source(path, name="x.geojson", limits=LIMITS).sheets[0]


def test_properties_keep_their_types_and_structures_become_text(tmp_path: Path) -> None:
    one = {
        "type": "Feature",
        "id": 7,
        "properties": {"a": 1, "b": 1.5, "c": True, "d": None, "e": {"x": [1]}, "f": "33.10"},
        "geometry": awkward.point(112.0, -7.0),
    }
    sheet = read_features(tmp_path, {"type": "FeatureCollection", "features": [one]})
    assert table(sheet) == [
        ["id", "a", "b", "c", "d", "e", "f"],
        [7, 1, 1.5, True, None, '{"x": [1]}', "33.10"],
    ]


def test_a_shape_that_crosses_itself_is_repaired_with_a_note(tmp_path: Path) -> None:
    source = taken(tmp_path, "silang.geojson")
    shape = (source.sheets[0].geometry or [])[1]
    assert shape is not None
    assert shape.is_valid
    assert shape.geom_type == "MultiPolygon"
    assert source.findings[0].told == {"rows": "2", "count": "1"}


def test_a_shape_without_area_is_left_out_and_its_row_is_kept(tmp_path: Path) -> None:
    flat = {"type": "Polygon", "coordinates": [[[112, -7], [113, -7], [112, -7], [112, -7]]]}
    source = read_source(
        content(tmp_path / "x.geojson", json.dumps(awkward.features(flat))), name="x.geojson", limits=LIMITS
    )
    assert codes(source) == {"geometry.lost"}
    assert source.sheets[0].geometry == [None, None]
    assert source.sheets[0].cells.iat[1, 0] == "KOP-1"


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": ["112", "-7"]},
        {"type": "Point", "coordinates": [112]},
        {"type": "Polygon", "coordinates": [[[112, -7], [113, -7], [112, -7]]]},
        {"type": "Circle", "coordinates": [112, -7]},
        {"type": "LineString", "coordinates": [[112, -7]]},
        {"coordinates": [112, -7]},
        [112, -7],
        {"type": "Point", "coordinates": [True, False]},
    ],
)
def test_what_is_no_geometry_is_refused_with_its_row(tmp_path: Path, geometry: object) -> None:
    document = awkward.features(awkward.point(112.0, -7.0), geometry)
    error = refusal(content(tmp_path / "x.geojson", json.dumps(document)))
    assert [(finding.code, dict(finding.told)) for finding in error.findings] == [("geometry.wrong", {"row": "3"})]


def test_metres_are_changed_to_degrees(tmp_path: Path) -> None:
    for file in ("utm.zip", "utm.gpkg"):
        shape = (taken(tmp_path, file).sheets[0].geometry or [])[1]
        assert shape is not None
        assert shape.coords[0] == pytest.approx((112.63, -7.98), abs=1e-6)


def test_the_crs_member_of_old_geojson_is_followed(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32749"}}
    sheet = read_features(tmp_path, awkward.features(awkward.point(680_000.0, 9_117_000.0), crs=crs))
    shape = (sheet.geometry or [])[1]
    assert shape is not None
    assert shape.x == pytest.approx(112.63, abs=0.01)


def test_fields_of_a_placemark_are_kept(tmp_path: Path) -> None:
    assert table(taken(tmp_path, "biasa.kml").sheets[0]) == [["name", "kode"], ["Koperasi Contoh", "KOP-1"]]


def test_a_reader_has_no_other_driver_than_the_two_it_needs() -> None:
    skipped = set(layers.ENVIRONMENT["OGR_SKIP"].split(","))
    assert {"LIBKML", "OGR_VRT", "GDALG", "WFS", "OAPIF", "HTTP", "CSV", "GeoJSON"} <= skipped
    assert layers.WANTED.isdisjoint(skipped)


def test_drivers_that_another_gdal_brings_along_are_found_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    skipped = []

    def watched(*args: Any, environment: dict[str, str], **more: Any) -> Any:
        skipped.append(set(environment["OGR_SKIP"].split(",")))
        return run_apart(*args, environment=environment, **more)

    less = layers.ENVIRONMENT["OGR_SKIP"].replace("CSV,GML,", "")
    monkeypatch.setitem(layers.ENVIRONMENT, "OGR_SKIP", less)
    monkeypatch.setattr("geo.intake.readers.source.run_apart", watched)
    assert len(taken(tmp_path, "biasa.gpkg").sheets) == 1
    first, second = skipped
    assert not {"CSV", "GML"} & first
    assert {"CSV", "GML", "LIBKML"} <= second


def test_a_gdal_that_keeps_its_drivers_reads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.intake.readers.source.run_apart", lambda *_, **__: ({"drivers": ["CSV"]}, ()))
    assert refusal(made(tmp_path, "biasa.gpkg")).findings[0].code == "file.crashed"


# --- parts -------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 3_000), unique=True, max_size=30))
def test_kept_lines_hold_every_filled_one_and_no_long_gap(filled: list[int]) -> None:
    kept = lines(sorted(filled)).tolist()
    assert set(filled) <= set(kept)
    assert kept == sorted(set(kept))
    blank = sorted(set(kept) - set(filled))
    runs = np.split(np.array(blank), np.flatnonzero(np.diff(blank) != 1) + 1) if blank else []
    assert all(len(run) <= LONGEST_GAP for run in runs)


def test_short_gaps_stay_and_long_ones_go() -> None:
    assert lines([2, 4]).tolist() == [1, 2, 3, 4]
    assert lines([1, LONGEST_GAP + 2]).tolist() == list(range(1, LONGEST_GAP + 3))
    assert lines([1, LONGEST_GAP + 3]).tolist() == [1, LONGEST_GAP + 3]
    assert lines([]).tolist() == []


def test_long_lists_are_cut_with_their_number() -> None:
    assert listed([1, 2]) == "1, 2"
    assert listed(range(1, 13)) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … (12)"


def test_the_source_names_the_bytes_it_was_read_from(tmp_path: Path) -> None:
    source = taken(tmp_path, "biasa.csv")
    assert source.size == len(awkward.csv_text())
    assert len(source.sha256) == 64
    assert source.name == "biasa.csv"


def test_progress_is_told_up_to_the_whole(tmp_path: Path) -> None:
    heard: list[float] = []
    read_source(made(tmp_path, "biasa.xlsx"), name="biasa.xlsx", limits=LIMITS, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


# --- broken files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["biasa.xlsx", "biasa.xls", "biasa.ods", "biasa.gpkg", "biasa.zip", "biasa.kmz"])
def test_a_file_with_broken_bytes_is_read_or_refused(tmp_path: Path, file: str) -> None:
    whole = made(tmp_path, file).read_bytes()
    chance = random.Random(20261124)
    for _ in range(4):
        broken = bytearray(whole)
        for _ in range(chance.choice([1, 20, 200])):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        path = content(tmp_path / f"broken-{file}", bytes(broken))
        with contextlib.suppress(RefusedFileError):
            assert read_source(path, name=file, limits=LIMITS).sheets


def test_parts_of_a_workbook_that_are_missing_refuse_it_clearly(tmp_path: Path) -> None:
    def without_sheet(name: str, raw: bytes) -> bytes | None:
        return None if name.endswith("sheet1.xml") else raw

    awkward.repacked(without_sheet)(tmp_path / "x.xlsx")
    assert "sheet1.xml is missing" in str(refusal(tmp_path / "x.xlsx"))


def test_a_packed_workbook_whose_checksum_is_wrong_is_damaged(tmp_path: Path) -> None:
    plain = io.BytesIO()
    awkward.book().save(plain)
    raw = bytearray(plain.getvalue())
    with zipfile.ZipFile(plain) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    raw[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 0xFF
    assert refusal(content(tmp_path / "x.xlsx", bytes(raw))).findings[0].code == "file.damaged"
