"""Compose pictures and briefings on the export page: seen before they are taken, numbered, recorded, found again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect

from geo.drawing.request import Request
from geo.store import Store, open_store

Pick = Callable[[Page, str, str], None]
NUMBER = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}")
LONG_MS = 240_000
"""Within which an atlas is made, be the machine as busy as it may."""
SOON_MS = 30_000
"""Within which a screen answers, as everywhere in these tests."""


@pytest.fixture
def store(server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The store of the running server, read beside it."""
    monkeypatch.setenv("GEO_DATABASE_URL", f"sqlite:///{server.data / 'sinergisitas.sqlite'}")
    with closing(open_store()) as opened:
        yield opened


def number_on(page: Page) -> str:
    found = NUMBER.search(page.locator(".st-key-ekspor-nomor").inner_text())
    assert found is not None
    return found[0]


def picture_on(page: Page) -> Locator:
    return page.get_by_test_id("stImage").locator("img")


def taken(page: Page, button: Locator, folder: Path) -> bytes:
    with page.expect_download(timeout=LONG_MS) as waiting:
        button.click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file.read_bytes()


def jobs_on(page: Page) -> Locator:
    return page.locator(".st-key-ekspor-pekerjaan")


# --- pictures ----------------------------------------------------------------------------------------------------


def test_every_choice_changes_the_preview_and_its_number(
    server: Any, open_tab: Callable[..., Page], pick: Pick, choose: Callable[..., None], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/ekspor?provinsi=35")
    seen = {(number_on(page), picture_on(page).get_attribute("src"))}

    def another() -> None:
        seen.add((number_on(page), picture_on(page).get_attribute("src")))

    choose(page, "indikator", "Deviasi dari rencana")
    another()
    choose(page, "ekspor_ukuran", "A4 tegak")
    another()
    page.get_by_text("Judul, klasifikasi, tampilan").click()
    box = page.get_by_role("textbox", name="Judul")
    box.fill("Untuk rapat pimpinan")
    box.press("Enter")
    settle(page)
    another()
    pick(page, "ekspor_klasifikasi", "TERBATAS")
    another()
    pick(page, "ekspor_bahasa_id", "English")
    another()
    page.locator(".st-key-ekspor_grid").locator("label").first.click()
    settle(page)
    another()
    numbers, pictures = zip(*seen, strict=True)
    assert len(set(numbers)) == len(set(pictures)) == 7
    expect(picture_on(page)).to_have_attribute("alt", re.compile("^Untuk rapat pimpinan"))
    assert picture_on(page).evaluate("one => one.naturalHeight > one.naturalWidth")


def test_only_what_makes_sense_can_be_chosen(server: Any, open_tab: Callable[..., Page], pick: Pick) -> None:
    page = open_tab(server, "/ekspor?provinsi=35")
    page.get_by_text("Judul, klasifikasi, tampilan").click()
    shown = {"PNG": (1, 0, 1), "PDF": (1, 1, 1), "SVG": (1, 0, 1), "HTML": (0, 0, 0)}
    for form, counts in shown.items():
        pick(page, "ekspor_bentuk", form)
        found = tuple(page.locator(f".st-key-ekspor_{key}").count() for key in ("ukuran", "warna", "grid"))
        assert found == counts, form
    assert page.locator(".st-key-ekspor_bingkai").count() == 0  # no map was looked at
    assert page.locator(".st-key-ekspor_jumlah").count() == 0  # one province has one picture


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_a_picture_bears_the_number_on_the_screen_under_which_it_is_kept(
    form: str, server: Any, store: Store, open_tab: Callable[..., Page], pick: Pick, tmp_path: Path
) -> None:
    page = open_tab(server, "/ekspor?provinsi=72&program=rusun&posisi=2026-09-30")
    pick(page, "ekspor_bentuk", form.upper())
    number = number_on(page)
    before = len(store.snapshots(number))
    file = taken(page, page.get_by_role("button", name=f"Unduh {form.upper()}"), tmp_path)
    if form == "png":
        assert f"Nomor gambar {number}".encode() in file
    else:
        assert number in pypdf.PdfReader(io.BytesIO(file)).pages[0].extract_text()
    kept = store.snapshots(number)
    assert len(kept) == before + 1, "looking at the preview is no export, taking the file is one"
    assert (kept[0].actor, kept[0].form, kept[0].sha256) == ("layar", form, sha256(file).hexdigest())
    chosen = Request.from_dict(kept[0].request).filters
    assert (chosen.provinces, chosen.programmes, chosen.on.isoformat()) == (("72",), ("rusun",), "2026-09-30")
    expect(page.locator(".st-key-ekspor-terakhir table").first).to_contain_text(number, timeout=SOON_MS)


def test_the_part_of_the_map_that_was_looked_at_goes_along(
    server: Any, store: Store, open_tab: Callable[..., Page], pick: Pick, settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/peta?provinsi=35&indikator=deviation&pandang=-7.25000,112.75000,9.50")
    page.get_by_role("button", name="Ekspor tampilan ini").first.click()
    expect(page.get_by_role("heading", name="Ekspor", level=1)).to_be_visible(timeout=SOON_MS)
    settle(page)
    frame = page.locator(".st-key-ekspor_bingkai")
    expect(frame.get_by_role("radio", name="Seperti di peta")).to_be_checked()
    number = number_on(page)
    taken(page, page.get_by_role("button", name="Unduh PNG"), tmp_path)
    request = Request.from_dict(store.snapshots(number)[0].request)
    assert request.indicator == "deviation"
    assert request.extent is not None
    west, south, east, north = request.extent
    assert (west + east) / 2 == pytest.approx(112.75, abs=1e-4)
    assert south < -7.25 < north
    assert 0.5 < east - west < 2.5
    pick(page, "ekspor_bingkai", "Seluruh wilayah")
    assert number_on(page) != number


def test_a_number_finds_exactly_what_was_exported_and_reopens_it(
    server: Any, store: Store, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/ekspor?provinsi=52&program=koperasi&posisi=2026-06-30&indikator=sites")
    number = number_on(page)
    file = taken(page, page.get_by_role("button", name="Unduh PNG"), tmp_path)
    page.goto(server.address("/ekspor"))
    settle(page)
    box = page.locator(".st-key-ekspor_cari input")
    box.fill(number.replace("-", " ").lower())
    box.press("Enter")
    settle(page)
    found = page.locator(".st-key-ekspor-temuan")
    for told in (number, "Nusa Tenggara Barat", "Koperasi", "30 Juni 2026", "layar", sha256(file).hexdigest(),
                 store.snapshots(number)[0].data_version):  # fmt: skip
        expect(found).to_contain_text(told)
    found.get_by_role("link", name="Buka tampilan ini").click()
    expect(page.get_by_role("heading", name="Peta", level=1)).to_be_visible(timeout=SOON_MS)
    settle(page)
    for told in ("provinsi=52", "program=koperasi", "posisi=2026-06-30", "diketahui=", "indikator=sites"):
        assert told in page.url
    assert page.get_by_text("tidak dikenal").count() == 0


@pytest.mark.parametrize(
    ("typed", "told"), [("abc", "Itu bukan nomor ekspor"), ("00000-00000", "Tidak ada ekspor bernomor 00000-00000")]
)
def test_a_number_that_finds_nothing_says_so(
    typed: str, told: str, server: Any, same_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = same_tab(server, "/ekspor?provinsi=35")
    box = page.locator(".st-key-ekspor_cari input")
    box.fill(typed)
    box.press("Enter")
    settle(page)
    expect(page.get_by_text(told)).to_be_visible()
    assert page.locator(".st-key-ekspor-temuan").count() == 0


# --- what takes long ---------------------------------------------------------------------------------------------


def test_an_atlas_is_made_beside_other_viewers_and_taken_with_its_number(
    server: Any, store: Store, open_tab: Callable[..., Page], pick: Pick, choose: Callable[..., None], tmp_path: Path
) -> None:
    page, other = open_tab(server, "/ekspor"), open_tab(server, "/lokasi")
    pick(page, "ekspor_apa", "Atlas (PDF)")
    page.get_by_role("button", name="Buat atlas").click()
    expect(jobs_on(page).get_by_role("progressbar")).to_be_visible(timeout=SOON_MS)
    choose(other, "provinsi", "Sulawesi Tengah")
    expect(other.get_by_text("Sulawesi Tengah").first).to_be_visible()
    assert jobs_on(page).get_by_role("button", name="Batalkan").count() == 1, "the other viewer waited for the atlas"
    expect(jobs_on(page)).to_contain_text(re.compile(r"[1-9]\d?% · \d+ detik"), timeout=LONG_MS)
    ready = jobs_on(page).get_by_role("button", name="Unduh PDF")
    expect(ready).to_be_visible(timeout=LONG_MS)
    number = NUMBER.search(jobs_on(page).inner_text())
    assert number is not None
    file = taken(page, ready, tmp_path)
    (kept,) = store.snapshots(number[0])
    assert (kept.what, kept.actor, kept.sha256) == ("atlas", "layar", sha256(file).hexdigest())
    assert number[0] in "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(file)).pages)
    jobs_on(page).get_by_role("button", name="Hapus").click()
    expect(jobs_on(page)).to_have_count(0, timeout=SOON_MS)


def test_what_is_cancelled_leaves_nothing_and_is_not_recorded(
    server: Any, store: Store, open_tab: Callable[..., Page], pick: Pick
) -> None:
    page = open_tab(server, "/ekspor?provinsi=33")
    before = len(store.snapshots())
    pick(page, "ekspor_apa", "Paparan (PPTX)")
    page.get_by_role("button", name="Buat paparan").click()
    jobs_on(page).get_by_role("button", name="Batalkan").click()
    expect(jobs_on(page)).to_contain_text("Dibatalkan: tidak ada yang disimpan.", timeout=SOON_MS)
    expect(jobs_on(page).get_by_role("button", name="Batalkan")).to_have_count(0)
    assert len(store.snapshots()) == before
    expect(page.get_by_role("button", name="Buat paparan")).to_be_enabled(timeout=SOON_MS)


def test_each_province_gets_its_own_numbered_picture_in_one_zip(
    server: Any, store: Store, open_tab: Callable[..., Page], pick: Pick, tmp_path: Path
) -> None:
    page = open_tab(server, "/ekspor?provinsi=32&provinsi=52")
    pick(page, "ekspor_bentuk", "SVG")
    pick(page, "ekspor_jumlah", "Satu per provinsi (ZIP)")
    page.get_by_role("button", name="Buat 2 gambar (ZIP)").click()
    ready = jobs_on(page).get_by_role("button", name="Unduh ZIP")
    expect(ready).to_be_visible(timeout=LONG_MS)
    numbers = NUMBER.findall(jobs_on(page).inner_text())
    packed = zipfile.ZipFile(io.BytesIO(taken(page, ready, tmp_path)))
    assert len(packed.namelist()) == len(numbers) == 2
    for number, name in zip(numbers, packed.namelist(), strict=True):
        drawn = packed.read(name)
        (kept,) = store.snapshots(number)
        assert (kept.actor, kept.sha256, kept.file_name) == ("layar", sha256(drawn).hexdigest(), name)
        assert number.encode() in drawn
    chosen = [Request.from_dict(store.snapshots(number)[0].request).filters.provinces for number in numbers]
    assert chosen == [("32",), ("52",)]


def test_a_template_that_is_none_is_refused_in_words(
    server: Any, open_tab: Callable[..., Page], pick: Pick, settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, "/ekspor?provinsi=72")
    pick(page, "ekspor_apa", "Paparan (PPTX)")
    field = page.locator('.st-key-ekspor_templat input[type="file"]')
    field.set_input_files({"name": "a.pptx", "mimeType": "application/octet-stream", "buffer": b"no presentation"})
    expect(page.get_by_text("Templat bukan presentasi PowerPoint.")).to_be_visible(timeout=SOON_MS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as empty:
        empty.writestr("a.txt", "no presentation either")
    field.set_input_files({"name": "b.pptx", "mimeType": "application/octet-stream", "buffer": packed.getvalue()})
    expect(page.get_by_text("Templat bukan presentasi PowerPoint.")).to_have_count(0, timeout=SOON_MS)
    settle(page)
    page.get_by_role("button", name="Buat paparan").click()
    expect(jobs_on(page).get_by_role("alert")).to_contain_text("Templat bukan presentasi PowerPoint.", timeout=LONG_MS)
