"""A file is taken in on the screen from the template to the undo, and what must not come in is refused calmly."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from geo.store import Store, open_store
from tests.browser.conftest import READY_LIMIT_MS
from tests.browser.reading import database, reads_well, row_count, visit

NIK = "3507012304900001"
HEADER = "Kode Lokasi;Tanggal Laporan;Realisasi Fisik (%);Realisasi Keuangan (Rp);Tahap;Catatan\n"
PLACES = (
    "Kode Lokasi;Program;Nama Lokasi;Kabupaten;Bujur;Lintang\n"
    "UJI-1;koperasi;Koperasi Contoh Satu;Kabupaten Malang;112,6123;-8,1234\n"
    "UJI-2;koperasi;Koperasi Contoh Dua;Kabupaten Malang;112,7123;-8,2234\n"
    "UJI-3;koperasi;Koperasi Contoh Tiga;Kabupaten Sidoarjo;112,6323;-8,1434\n"
    "UJI-4;koperasi;Koperasi Contoh Empat;Kabupaten Malang;0;0\n"
)


def slow_sites(store: Store, count: int) -> list[str]:
    """Sites whose reported progress lies below 60."""
    most = store.reports().groupby("site_code")["percent"].max()
    return [str(code) for code, percent in most.items() if percent < 60][:count]


def line(code: str, day: str = "31/10/2026") -> str:
    return f"{code};{day};61,5%;;konstruksi;Atap terpasang\n"


def written(folder: Path, text: str, name: str = "kiriman.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def send(page: Page, file: Path, settle: Callable[[Page], None], *, shown: str = "impor-dibaca") -> None:
    """Upload a file, and wait until the screen speaks of it."""
    page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(file)
    expect(page.locator(f".st-key-{shown}")).to_be_visible(timeout=READY_LIMIT_MS)
    settle(page)


def press(page: Page, key: str, settle: Callable[[Page], None]) -> None:
    page.locator(f".st-key-{key}").get_by_role("button").first.click()
    settle(page)


def saved(page: Page, key: str, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f".st-key-{key}").get_by_role("button").click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file.read_bytes()


def pick_heading(page: Page, column: str, heading: str) -> None:
    """Choose the heading of a missing column; unlike ``choose`` without Escape at the end, which clears such a box."""
    box = page.locator(f'[class*="st-key-impor_kurang_{column}_"]')
    box.scroll_into_view_if_needed()
    option = page.get_by_role("option", name=heading, exact=True)
    for last in (False, False, True):
        box.get_by_role("combobox").focus()
        page.keyboard.press("ArrowDown")
        try:
            expect(option).to_be_visible(timeout=4_000)
            break
        except AssertionError:  # scrolling has closed the list again
            if last:
                raise
    option.click()


def click_until(table: Locator, at: tuple[float, float], selected: Locator) -> None:
    """Click into a grid until it says that it took the click: it handles one a moment later, and not while drawn anew.

    ``at`` is in pixels from its corner. What is selected already is not clicked again, which would do something else.
    """
    expect(table.locator("tbody td").first).to_be_attached()
    for last in (False, False, True):
        if selected.get_attribute("aria-selected") != "true":
            table.scroll_into_view_if_needed()
            table.click(position={"x": at[0], "y": at[1]})
        try:
            expect(selected).to_have_attribute("aria-selected", "true", timeout=5_000)
            break
        except AssertionError:
            if last:
                raise


def choose_row(page: Page, key: str, row: int, settle: Callable[[Page], None]) -> None:
    """Tick a row (from 0) of the table with that key."""
    table = page.locator(f".st-key-{key} [data-testid='stDataFrame']")
    click_until(table, (17, 35 * (row + 1) + 17), table.locator("tbody tr").nth(row))
    settle(page)


def open_cell(page: Page, key: str, row: int, column: int, x: float) -> Locator:
    """The list that opens on a cell (from 0) of the editable table with that key, ready to be typed into."""
    table, editor = page.locator(f".st-key-{key} [data-testid='stDataFrame']"), page.locator("#portal")
    click_until(table, (x, 35 * (row + 1) + 17), table.get_by_test_id(f"glide-cell-{column}-{row}"))
    page.keyboard.press("Enter")  # a key that comes before the cell is selected opens nothing
    expect(editor.locator("input").first).to_be_focused()
    return editor


def counts(page: Page) -> list[int]:
    """Rows in the file, accepted, flagged, refused, as the screen adds them up."""
    found = [int(number) for number in re.findall(r"\d+", page.locator(".st-key-impor-jumlah").inner_text())]
    assert found[0] == sum(found[1:])
    return found


def filled(template: bytes, rows: list[dict[str, Any]], folder: Path) -> Path:
    """The template with rows below its headings."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    columns = {re.split(r" [(*]", str(cell.value))[0]: cell.column for cell in sheet[1] if cell.value}
    for at, row in enumerate(rows, start=2):
        for heading, value in row.items():
            sheet.cell(at, columns[heading]).value = value
    file = folder / "laporan-dinas-contoh.xlsx"
    book.save(file)
    return file


def test_from_the_template_to_the_undo(
    fresh_server: Callable[..., Any],
    open_page: Callable[..., Page],
    choose: Callable[[Page, str, str], None],
    settle: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    server = fresh_server()
    page = open_page(server, "/impor")
    choose(page, "impor_jenis", "Laporan kemajuan")
    template = saved(page, "impor-templat", tmp_path)
    store = open_store(database(server))
    before = store.reports()
    codes = slow_sites(store, 2)
    rows = [
        {"Kode Lokasi": code, "Tanggal Laporan": "29/10/2026", "Realisasi Fisik": "61,5%", "Catatan": "Atap terpasang"}
        for code in [*codes, "TIDAK-ADA"]
    ]
    file = filled(template, rows, tmp_path)

    send(page, file, settle)
    assert counts(page)[0] == 3
    assert counts(page)[3] == 1
    button = page.locator(".st-key-impor-simpan").get_by_role("button")
    expect(button).to_have_text(re.compile("Simpan 2 baris: 2 baru, 0 berubah"))
    expect(button).to_be_disabled()
    pd.testing.assert_frame_equal(store.reports(), before)

    book = openpyxl.load_workbook(io.BytesIO(saved(page, "impor-hasil", tmp_path)))
    comments = [cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert any("TIDAK-ADA" in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert comments

    page.locator('[class*="st-key-impor_sebagian"]').get_by_text("Tinggalkan 1 baris").click()
    settle(page)
    press(page, "impor-simpan", settle)
    expect(page.locator(".st-key-impor-selesai")).to_contain_text("Disimpan sebagai kiriman 1. 2 baru, 0 berubah")
    assert len(store.reports()) == len(before) + 2
    assert store.batch(1).actor == "Sekretariat Sinergisitas"
    assert store.batch(1).file_name == file.name

    press(page, "impor-lain", settle)
    send(page, file, settle)
    expect(page.locator(".st-key-impor-tanpa-perubahan")).to_contain_text("tidak mengubah apa pun")
    expect(page.get_by_text("sudah pernah disimpan, sebagai kiriman 1")).to_be_visible()
    expect(page.locator(".st-key-impor-simpan")).to_have_count(0)

    table = page.locator(".st-key-impor-kiriman [data-testid='stDataFrame']")
    assert row_count(table) == 1
    choose_row(page, "impor-kiriman", 0, settle)
    press(page, "impor-batal", settle)
    press(page, "impor-batal-ya", settle)
    expect(page.locator(".st-key-impor-pesan")).to_contain_text("Kiriman 1 dibatalkan: 2 ditarik")
    pd.testing.assert_frame_equal(store.reports(), before)
    assert row_count(table) == 2
    expect(page.locator(".st-key-impor-simpan")).to_be_visible()


def test_a_file_with_personal_data_is_refused_by_its_cells_and_nothing_of_it_stays(
    fresh_server: Callable[..., Any], open_page: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.mkdir()
    server = fresh_server(environment={"TMPDIR": str(private)})
    page = open_page(server, "/impor")
    store = open_store(database(server))
    versions = store.versions()
    file = written(tmp_path, f"Kode Lokasi;Tanggal Laporan;Progres;Keterangan\nX-1;31/10/2026;50;{NIK}\n")
    send(page, file, settle, shown="impor-alasan")
    expect(page.locator(".st-key-impor-alasan")).to_contain_text("Data pribadi ditolak")
    expect(page.locator(".st-key-impor-alasan")).to_contain_text("D2")
    expect(page.locator(".st-key-impor-alasan")).to_contain_text("berkas ini tidak disimpan")
    expect(page.locator(".st-key-impor-simpan")).to_have_count(0)
    assert NIK not in page.content()
    assert NIK not in server.log.read_text(encoding="utf-8")
    assert [found.name for found in private.rglob("*") if found.is_file() and NIK.encode() in found.read_bytes()] == []
    assert store.versions() == versions
    assert store.batches().empty


def test_what_is_no_table_gets_a_sentence(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/impor")
    file = tmp_path / "surat.xlsx"
    file.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    send(page, file, settle, shown="impor-alasan")
    expect(page.locator(".st-key-impor-alasan")).to_contain_text("PDF")
    expect(page.get_by_text("Berkas surat.xlsx ditolak. Tidak ada yang berubah.")).to_be_visible()


def test_a_proposal_that_is_accepted_makes_the_row_fit(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/impor")
    codes = slow_sites(open_store(database(server)), 2)
    text = HEADER + "".join(line(code.replace("-", " ").lower(), "30/10/2026") for code in codes)
    send(page, written(tmp_path, text), settle)
    assert counts(page)[3] == 2
    page.locator(".st-key-impor-usulan summary").click()
    press(page, "impor-terima-reference-near_sites", settle)
    assert counts(page)[3] == 0
    expect(page.locator(".st-key-impor-simpan").get_by_role("button")).to_be_enabled()
    press(page, "impor-tanpa-jawaban", settle)
    assert counts(page)[3] == 2


def test_a_finding_is_answered_by_hand(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/impor")
    code = slow_sites(open_store(database(server)), 1)[0]
    send(page, written(tmp_path, HEADER + line("ENTAH", "30/10/2026")), settle)
    assert counts(page)[3] == 1
    choose_row(page, "impor-temuan", 0, settle)
    box = page.locator(".st-key-impor-satu")
    expect(box).to_contain_text("A2")
    box.get_by_role("textbox").fill(NIK)
    press(page, "impor-jawab", settle)
    expect(box).to_contain_text("data pribadi")
    assert counts(page)[3] == 1
    box.get_by_role("textbox").fill(code)
    press(page, "impor-jawab", settle)
    assert counts(page)[3] == 0


def test_a_missing_column_is_named_and_can_be_shown(
    server: Any,
    open_tab: Callable[..., Page],
    choose: Callable[[Page, str, str], None],
    settle: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    page = open_tab(server, "/impor")
    choose(page, "impor_jenis", "Laporan kemajuan")
    code = slow_sites(open_store(database(server)), 1)[0]
    text = f"Qwerty;Tanggal Laporan;Realisasi Fisik (%)\n{code};30/10/2026;61,5\n"
    send(page, written(tmp_path, text), settle)
    expect(page.locator(".st-key-impor-kurang")).to_contain_text("Kode Lokasi")
    expect(page.locator(".st-key-impor-jumlah")).to_have_count(0)
    told = "1 baris dalam berkas = 0 diterima + 0 ditandai + 1 ditolak."
    expect(page.locator(".st-key-impor-jumlah-ditolak")).to_have_text(told)
    pick_heading(page, "site_code", "Qwerty")
    settle(page)
    expect(page.locator(".st-key-impor-kurang")).to_have_count(0)
    assert counts(page)[0] == 1


def test_the_file_survives_another_language_and_another_screen(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/impor")
    code = slow_sites(open_store(database(server)), 1)[0]
    send(page, written(tmp_path, HEADER + line(code, "30/10/2026")), settle)
    told = counts(page)
    page.get_by_test_id("stSidebar").get_by_role("radio", name="English").click()
    settle(page)
    expect(page.get_by_role("heading", name="Import", level=1)).to_be_visible()
    expect(page.locator(".st-key-impor-jumlah")).to_contain_text("1 row in the file")
    assert counts(page) == told
    visit(page, "Export", settle)
    expect(page.get_by_role("heading", name="Export", level=1)).to_be_visible()
    visit(page, "Import", settle)
    expect(page.locator(".st-key-impor-jumlah")).to_be_visible()
    assert counts(page) == told


def test_an_office_that_is_a_telephone_number_writes_nothing(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/impor")
    code = slow_sites(open_store(database(server)), 1)[0]
    send(page, written(tmp_path, HEADER + line(code, "30/10/2026")), settle)
    box = page.locator(".st-key-impor_oleh").get_by_role("textbox")
    box.fill("Kantor 0812-3456-7890")
    box.press("Enter")
    settle(page)
    expect(page.get_by_text("Sebutkan kantornya, bukan orangnya")).to_be_visible()
    expect(page.locator(".st-key-impor-simpan").get_by_role("button")).to_be_disabled()


@pytest.mark.parametrize(("viewport", "theme"), [("laptop", "light"), ("phone", "dark")])
def test_every_step_reads_well(
    viewport: str,
    theme: str,
    server: Any,
    open_tab: Callable[..., Page],
    settle: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    page = open_tab(server, "/impor", viewport=viewport, theme=theme)
    reads_well(page)
    send(page, written(tmp_path, PLACES), settle)
    assert counts(page)[0] == 4
    expect(page.locator(".st-key-impor-peta .js-plotly-plot")).to_be_visible()
    reads_well(page)


def test_names_in_a_file_are_shown_and_never_run(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/impor")
    evil = "<img src=http://192.0.2.1/x onerror=alert(1)>"
    code = slow_sites(open_store(database(server)), 1)[0]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "<b onclick=x>`${1}"
    sheet.append(["Kode Lokasi", "Tanggal Laporan", "Realisasi Fisik (%)", evil, "![x](http://192.0.2.1/y)"])
    sheet.append([code, "30/10/2026", evil, "x", "y"])
    file = tmp_path / "<img src=x onerror=alert(2)> ![x](http:).xlsx".replace("/", "")
    book.save(file)
    send(page, file, settle)
    assert counts(page)[3] == 1
    assert page.locator('[data-testid="stMain"] img').count() == 0
    reads_well(page)


def test_another_column_is_chosen_in_the_table(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/impor")
    code = slow_sites(open_store(database(server)), 1)[0]
    text = f"Kode Lokasi;Tanggal Laporan;Realisasi Fisik (%);Warna\n{code};30/10/2026;61,5;biru\n"
    send(page, written(tmp_path, text), settle)
    table = page.locator(".st-key-impor-kolom [data-testid='stDataFrame']")
    editor = open_cell(page, "impor-kolom", row=3, column=1, x=230 + 60)
    page.keyboard.type("Catatan")
    expect(editor.get_by_text("Catatan", exact=True).first).to_be_visible()
    page.keyboard.press("Enter")
    settle(page)
    expect(table.locator("tbody tr").nth(3)).to_contain_text("Anda memilihnya")
    expect(table.locator("tbody tr").nth(3)).to_contain_text("Catatan")
    assert counts(page)[:2] == [1, 1]
