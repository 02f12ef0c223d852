"""Every button of the export page hands over a whole file of its kind, under a name that nobody else's file has."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PICTURES = {"png": b"\x89PNG\r\n", "pdf": b"%PDF-", "svg": b"<?xml", "html": b"<!doctype html>"}
DATA = ("csv", "json", "xlsx", "geojson", "gpkg", "kml")
NAME = re.compile(
    r"sinergisitas-(?P<what>\w+)-(?P<place>[\w.-]+?)-(?P<day>\d{4}-\d\d-\d\d)-CONTOH"
    r"-(?P<nonce>[0-9a-f]{8})\.(?P<form>\w+)"
)


def taken(page: Page, key: str, folder: Path) -> tuple[re.Match[str], bytes]:
    """Press a download button; the parts of the file's name, and its bytes."""
    with page.expect_download() as waiting:
        page.locator(f".st-key-{key}").get_by_role("button").click()
    name = waiting.value.suggested_filename
    found = NAME.fullmatch(name)
    assert found is not None, f"the file is called {name}"
    file = folder / name
    waiting.value.save_as(file)
    return found, file.read_bytes()


@pytest.fixture
def data_at(open_tab: Callable[..., Page], pick: Callable[[Page, str, str], None]) -> Callable[..., Page]:
    """The tables of the export page at an address."""

    def opened(server: Any, path: str) -> Page:
        page = open_tab(server, path)
        pick(page, "ekspor_apa", "Data")
        return page

    return opened


def test_every_picture_comes_whole_and_of_its_kind(
    server: Any, same_tab: Callable[..., Page], pick: Callable[[Page, str, str], None], tmp_path: Path
) -> None:
    page = same_tab(server, "/ekspor?provinsi=35&posisi=2026-06-30")
    nonces = set()
    for form, begin in PICTURES.items():
        pick(page, "ekspor_bentuk", form.upper())
        name, content = taken(page, f"ekspor-gambar-{form}", tmp_path)
        assert (name["what"], name["place"], name["day"], name["form"]) == ("peta", "35", "2026-06-30", form)
        assert content.startswith(begin)
        assert len(content) > 20_000
        if form in ("svg", "html"):
            assert "DATA CONTOH" in content.decode("utf-8")
        nonces.add(name["nonce"])
    assert len(nonces) == len(PICTURES)


def test_every_table_comes_whole_and_of_its_kind(server: Any, data_at: Callable[..., Page], tmp_path: Path) -> None:
    page = data_at(server, "/ekspor?provinsi=35&posisi=2026-06-30")
    files = {}
    for form in DATA:
        name, files[form] = taken(page, f"ekspor-data-{form}", tmp_path)
        assert (name["what"], name["place"], name["day"], name["form"]) == ("position", "35", "2026-06-30", form)
    rows = json.loads(files["json"])
    assert len(rows) > 20
    assert all(row["region_code"].startswith("35") and "CONTOH" in row["catatan"] for row in rows)
    table = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert [row["code"] for row in table] == [row["code"] for row in rows]
    assert all("CONTOH" in row["catatan"] for row in table)
    book = zipfile.ZipFile(io.BytesIO(files["xlsx"]))
    assert book.testzip() is None
    assert any("CONTOH" in book.read(name).decode("utf-8") for name in book.namelist() if name.endswith(".xml"))
    shapes = json.loads(files["geojson"])
    assert len(shapes["features"]) == len(rows)
    assert "CONTOH" in shapes["metadata"]["catatan"]
    assert files["gpkg"].startswith(b"SQLite format 3\x00")
    assert b"CONTOH" in files["gpkg"]
    assert files["kml"].count(b"<Placemark") == len(rows)
    assert b"CONTOH" in files["kml"]


def test_every_table_is_offered_in_the_formats_it_can_have(
    server: Any, data_at: Callable[..., Page], choose: Callable[..., None], tmp_path: Path
) -> None:
    page = data_at(server, "/ekspor?provinsi=35")
    for table, what, forms in (
        ("Lokasi", "sites", set(DATA)),
        ("Laporan", "reports", set(DATA)),
        ("Rencana aksi", "actions", set(DATA)),
        ("Angka per wilayah", "regions", set(DATA)),
        ("Matriks rencana aksi", "matrix", {"csv", "json", "xlsx"}),
    ):
        choose(page, "ekspor_tabel", table)
        assert {form for form in DATA if page.locator(f".st-key-ekspor-data-{form}").count()} == forms
        name, content = taken(page, "ekspor-data-json", tmp_path)
        assert name["what"] == what
        assert len(json.loads(content)) > 1


def test_the_preview_is_seen_and_described(server: Any, same_tab: Callable[..., Page]) -> None:
    page = same_tab(server, "/ekspor?provinsi=35")
    picture = page.get_by_test_id("stImage").locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.complete && one.naturalWidth > 800")
    words = picture.get_attribute("alt") or ""
    assert "Jawa Timur" in words
    assert "\\" not in words


def test_two_viewers_who_ask_at_once_get_their_own_files(
    server: Any, data_at: Callable[..., Page], tmp_path: Path
) -> None:
    east = data_at(server, "/ekspor?provinsi=35")
    west = data_at(server, "/ekspor?provinsi=32")
    for form in ("json", "geojson"):
        first, first_bytes = taken(east, f"ekspor-data-{form}", tmp_path)
        second, second_bytes = taken(west, f"ekspor-data-{form}", tmp_path)
        assert (first["place"], second["place"]) == ("35", "32")
        assert first["nonce"] != second["nonce"]
        assert first_bytes.count(b'"32.') == 0 == second_bytes.count(b'"35.')
        assert first_bytes.count(b'"35.') > 0 < second_bytes.count(b'"32.')


def test_the_same_viewer_asking_twice_gets_the_day_asked_for(
    server: Any, data_at: Callable[..., Page], pick: Callable[[Page, str, str], None], tmp_path: Path
) -> None:
    page = data_at(server, "/ekspor?provinsi=35&posisi=2026-03-31")
    name, content = taken(page, "ekspor-data-json", tmp_path)
    assert name["day"] == "2026-03-31"
    assert {row["posisi"] for row in json.loads(content)} == {"2026-03-31"}
    page.goto(server.address("/ekspor?provinsi=35&posisi=2026-04-30"))
    expect(page.get_by_text("30 April 2026").first).to_be_visible()
    pick(page, "ekspor_apa", "Data")
    name, content = taken(page, "ekspor-data-json", tmp_path)
    assert name["day"] == "2026-04-30"
    assert {row["posisi"] for row in json.loads(content)} == {"2026-04-30"}
