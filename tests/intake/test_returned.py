"""The workbook that goes back to its sender: his own, with a verdict on each cell, and fit to be sent again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from geo.intake.guard import Limits
from geo.intake.kinds import Kind
from geo.intake.marks import FILLS
from geo.intake.returned import returned_bytes
from geo.intake.steps import Choices, Proposal, commit, propose, read
from geo.intake.verdicts import Verdict
from geo.locale import translator
from geo.programmes import load_programmes
from geo.store import Store, open_store
from tests.prepared import sample_store

AT = datetime(2026, 11, 2, 3, tzinfo=UTC)
ID, EN = translator("id"), translator("en")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = sample_store(tmp_path_factory.mktemp("filled") / "store.db")
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()


def proposed(store: Store, file: Path, kind: Kind = "reports") -> Proposal:
    source = read(file, name=file.name, limits=Limits())
    return propose(source, store, load_programmes(), on=date(2026, 11, 2), at=AT, choices=Choices(kind=kind))


def back(proposal: Proposal, file: Path, language: str = "en", *, gone: bool = False) -> Any:
    assert proposal.table is not None
    assert proposal.checked is not None
    made = returned_bytes(
        None if gone else file.read_bytes(),
        proposal.source,
        proposal.at or 0,
        proposal.table,
        proposal.checked,
        ID if language == "id" else EN,
    )
    return openpyxl.load_workbook(io.BytesIO(made))


def a_code(store: Store) -> str:
    reports = store.reports()
    most = reports.groupby("site_code")["percent"].max()
    return str(next(code for code, percent in most.items() if percent < 60))


@pytest.fixture
def sent(store: Store, tmp_path: Path) -> Path:
    """A workbook as an office makes it: a title, formats, a note, a second sheet; one good and two bad rows."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Laporan"
    sheet["A1"] = "LAPORAN BULANAN"
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Kode Lokasi", "Tanggal Laporan", "Realisasi Fisik (%)", "Catatan"])
    for cell in sheet[3]:
        cell.fill, cell.font = PatternFill("solid", start_color="FF003366"), Font(color="FFFFFFFF", bold=True)
    code = a_code(store)
    sheet.append([code, "31/10/2026", 61.5, "Atap terpasang"])
    sheet.append(["TIDAK-ADA", "31/10/2026", 20, "=1+1"])
    sheet.append([code, "31/13/2026", 140, None])
    sheet["B6"].comment = Comment("Tanggal dari lampiran", "Kantor")
    sheet["C6"].fill, sheet["C6"].font = PatternFill("solid", start_color="FF000000"), Font(color="FFFFFFFF")
    sheet.column_dimensions["A"].width = 33
    book.create_sheet("Lampiran")["A1"] = "tetap ada"
    file = tmp_path / "laporan.xlsx"
    book.save(file)
    return file


def test_the_sender_gets_his_own_workbook_with_a_colour_and_a_comment_on_each_cell_that_is_wrong(
    store: Store, sent: Path
) -> None:
    book = back(proposed(store, sent), sent)
    assert book.sheetnames == ["Check results", "Laporan", "Lampiran"]
    sheet = book["Laporan"]
    assert sheet["A1"].value == "LAPORAN BULANAN"
    assert sheet.column_dimensions["A"].width == 33
    assert sheet["A3"].fill.start_color.rgb == "FF003366"
    assert sheet["A5"].fill.start_color.rgb == FILLS["refused"]
    assert "TIDAK-ADA" in sheet["A5"].value
    assert "✖ refused" in sheet["A5"].comment.text
    assert sheet["A5"].comment.author == "Sinergisitas"
    assert sheet["A4"].comment is None
    assert sheet["C6"].font.color.rgb == "FF1B2A33"  # its own white letters would not be seen on the new colour
    assert sheet["B6"].comment.text.startswith("Tanggal dari lampiran")
    assert book["Lampiran"]["A1"].value == "tetap ada"


def test_every_row_of_the_file_has_its_verdict_and_the_sum_is_shown(store: Store, sent: Path) -> None:
    proposal = proposed(store, sent)
    assert proposal.checked is not None
    book = back(proposal, sent)
    verdicts = [cell.value for cell in book["Laporan"]["E"]][2:]
    assert verdicts == ["Check result", "✔ accepted", "✖ refused", "✖ refused"]
    summary = [str(cell.value) for row in book["Check results"].iter_rows() for cell in row if cell.value]
    assert "3 rows in the file = 1 accepted + 0 flagged + 2 refused." in summary
    assert proposal.source.sha256 in summary
    places = [cell.value for cell in book["Check results"]["A"]]
    assert {"A5", "B6", "C6"} <= set(places)


def test_what_was_corrected_can_be_sent_again_in_the_same_workbook(store: Store, sent: Path) -> None:
    book = back(proposed(store, sent), sent, "id")
    sheet = book["Laporan"]
    sheet["A5"] = sorted(set(store.reports()["site_code"]) - {a_code(store)})[0]
    sheet["D5"] = None
    sheet["B6"], sheet["C6"] = "30/10/2026", 61
    sent.unlink()
    book.save(sent)
    again = proposed(store, sent)
    assert again.at is not None
    assert again.source.sheets[again.at].name == "Laporan"
    assert again.found is not None
    assert {one.column for one in again.found.matches} == {"site_code", "as_of", "percent", "note"}
    assert again.checked is not None
    assert again.checked.count(Verdict.REFUSED) == 0
    third = back(again, sent, "id")
    assert third.sheetnames == ["Hasil pemeriksaan", "Laporan", "Lampiran"]
    assert [cell.value for cell in third["Laporan"][3]] == [
        "Kode Lokasi", "Tanggal Laporan", "Realisasi Fisik (%)", "Catatan", "Hasil pemeriksaan", "Yang ditemukan",
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_looks_like_a_formula_stays_a_text_in_a_new_workbook(form: str, store: Store, tmp_path: Path) -> None:
    text = '=HYPERLINK("http://contoh.invalid")'
    if form == "csv":
        file = tmp_path / "laporan.csv"
        quoted = text.replace('"', '""')
        file.write_text(f'Kode Lokasi;Tanggal Laporan;Catatan\nTIDAK-ADA;31/10/2026;"{quoted}"\n', encoding="utf-8")
    else:
        file = tmp_path / "laporan.xlsx"
        book = openpyxl.Workbook()
        book.worksheets[0].append(["Kode Lokasi", "Tanggal Laporan", "Catatan"])
        book.worksheets[0].append(["TIDAK-ADA", "31/10/2026", text])
        book.worksheets[0]["C2"].data_type = "s"
        book.save(file)
    sheet = back(proposed(store, file), file, gone=True).worksheets[1]
    assert (sheet["C2"].value, sheet["C2"].data_type) == (text, "s")
    assert sheet["A2"].fill.start_color.rgb == FILLS["refused"]


def test_a_workbook_that_cannot_be_written_again_comes_back_as_a_new_one(store: Store, sent: Path) -> None:
    proposal = proposed(store, sent)
    sent.write_bytes(sent.read_bytes()[:400])
    book = back(proposal, sent)
    assert book.sheetnames == ["Check results", "Laporan"]
    assert book["Laporan"]["A5"].fill.start_color.rgb == FILLS["refused"]


def test_names_of_authors_do_not_go_back(store: Store, sent: Path) -> None:
    properties = back(proposed(store, sent), sent).properties
    assert (properties.creator, properties.lastModifiedBy) == ("Sinergisitas", None)


def test_the_returned_workbook_of_a_file_without_fault_says_so_and_changes_nothing(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "baik.csv"
    file.write_text(f"Kode Lokasi;Tanggal Laporan;Realisasi Fisik (%)\n{a_code(store)};31/10/2026;61\n")
    proposal = proposed(store, file)
    assert proposal.checked is not None
    sheet = back(proposal, file).worksheets[1]
    assert [cell.value for cell in sheet[2]][3] == "✔ accepted"
    assert all(cell.comment is None for row in sheet.iter_rows() for cell in row)
    assert commit(proposal, store, actor="Kantor Uji", at=AT, dry_run=True).changed == 1
