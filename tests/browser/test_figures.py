"""The figures on the screens are those of the command line, for any day and any region."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geo.regions import region_name
from tests.browser.reading import exported, shows_headline

CHOICES = [
    ("2026-10-31", None),
    ("2026-06-30", None),
    ("2025-12-31", None),
    ("2026-06-30", "35"),
]
LATE = ("kritis", "terlambat", "waspada")


@pytest.fixture
def exports(server: Any, tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """``exports("position", "2026-06-30", "35")``: rows of ``python -m geo export`` on the server's own database."""

    def rows(what: str, day: str, province: str | None) -> list[dict[str, Any]]:
        return exported(server, what, day, tmp_path, *(["--provinsi", province] if province else []))

    return rows


def query(day: str, province: str | None) -> str:
    return f"?posisi={day}" + (f"&provinsi={province}" if province else "")


def counts_on_sites(page: Page) -> dict[str, int]:
    """The counts in the choice of Status lokasi: ``Semua (120)``."""
    texts = page.locator(".st-key-lokasi_jenis").get_by_role("radio").all_inner_texts()
    found = [re.fullmatch(r"(.+) \(([\d.]+)\)", text.strip()) for text in texts]
    return {match[1]: int(match[2].replace(".", "")) for match in found if match}


@pytest.mark.parametrize(("day", "province"), CHOICES)
def test_screens_and_exports_agree(
    day: str,
    province: str | None,
    server: Any,
    same_tab: Callable[..., Page],
    exports: Callable[..., list[dict[str, Any]]],
) -> None:
    positions, regions = exports("position", day, province), exports("regions", day, province)
    whole = next(row for row in regions if row["level"] == 0)

    # the roll-up is the sum of its sites
    statuses = Counter(row["status"] for row in positions)
    assert len(positions) == whole["sites"] > 0
    assert sum(statuses[status] for status in LATE) == whole["late"]
    assert {name: whole[name] for name in (*LATE, "selesai", "belum_lapor")} == {
        name: statuses.get(name, 0) for name in (*LATE, "selesai", "belum_lapor")
    }
    based = [
        row
        for row in positions
        if row["status"] != "tidak_aktif" and row["plan_percent"] is not None and row["actual_percent"] is not None
    ]
    assert len(based) == whole["base"]
    if whole["weighting"] == "mean":
        assert sum(row["actual_percent"] for row in based) / len(based) == pytest.approx(whole["actual_percent"])

    # Ringkasan
    page = same_tab(server, f"/{query(day, province)}")
    shows_headline(page, whole)
    by_programme = Counter(row["programme"] for row in positions)
    for name, code in (("Kawasan Terpadu Nusantara", "ktn"), ("Koperasi", "koperasi"), ("Rumah susun", "rusun")):
        card = page.locator('[data-testid="stHtml"]').get_by_text(name, exact=True).locator("..")
        assert card.inner_text().split()[len(name.split())] == str(by_programme[code])

    # Wilayah: the cards and the table
    same_tab(server, f"/wilayah{query(day, province)}")
    expect(page.get_by_role("heading", name="Wilayah", level=1)).to_be_visible()
    expect(page.locator('[data-testid="stDataFrame"] table')).to_be_attached()
    shows_headline(page, whole)
    level = 2 if province else 1
    rows = {region_name(row["code"]): row for row in regions if row["level"] == level}
    listed = page.locator('[data-testid="stDataFrame"] tbody tr').evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))"
    )
    assert len(listed) >= min(5, len(rows))
    for name, sites, deviation, realised, planned, base, late, *_ in listed:
        row = rows[name]
        assert int(sites) == row["sites"]
        assert int(late) == row["late"]
        assert base == f"{row['base']}/{row['sites']}"
        for told, value in (
            (deviation, row["deviation_points"]),
            (realised, row["actual_percent"]),
            (planned, row["plan_percent"]),
        ):
            assert (float(told) == pytest.approx(value, abs=0.006)) if value is not None else not told.strip("–")

    # Status lokasi
    same_tab(server, f"/lokasi{query(day, province)}")
    expect(page.locator(".st-key-lokasi_jenis").get_by_role("radio").first).to_be_visible()
    expect(page.locator('[data-testid="stDataFrame"] table')).to_have_attribute(
        "aria-rowcount", str(len(positions) + 1)
    )
    counts = counts_on_sites(page)
    assert (counts["Semua"], counts["Di bawah rencana"], counts["Kritis"]) == (
        whole["sites"], whole["late"], whole["kritis"]
    )  # fmt: skip
    assert (counts["Lama tak lapor"], counts["Terhambat"]) == (whole["silent"], whole["blocked"])


def test_the_table_of_sites_lists_the_exported_positions(
    server: Any, same_tab: Callable[..., Page], exports: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    page = same_tab(server, "/lokasi?posisi=2026-06-30&provinsi=35")
    with page.expect_download() as waiting:
        page.locator(".st-key-lokasi-unduh-json").get_by_role("button").click()
    file = tmp_path / "lokasi.json"
    waiting.value.save_as(file)
    shown = {row["code"]: row for row in json.loads(file.read_text(encoding="utf-8"))}
    positions = exports("position", "2026-06-30", "35")
    assert set(shown) == {row["code"] for row in positions}
    names = ("plan_percent", "actual_percent", "deviation_points", "status", "as_of", "age_days")
    for row in positions:
        assert {name: shown[row["code"]][name] for name in names} == {name: row[name] for name in names}
