"""The web map answers clicks, keeps its view and never goes blank while filters change."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

WATCH = """
() => {
  window.__mark = 'same window';
  window.__least = { areas: Infinity, points: Infinity };
  const look = () => {
    const areas = document.querySelectorAll('.leaflet-areas-pane path').length;
    const points = programmeMap.current.placed.length;
    window.__least.areas = Math.min(window.__least.areas, areas);
    window.__least.points = Math.min(window.__least.points, points);
    requestAnimationFrame(look);
  };
  look();
}
"""
"""Mark the frame's window and look at every picture it shows: how few areas and symbols were there at any moment."""


STILL = """
() => {
  const map = programmeMap.current.map, c = map.getCenter(), now = [c.lng, c.lat, map.getZoom()].join();
  if (window.__view !== now) { window.__view = now; window.__since = performance.now(); }
  return performance.now() - window.__since > 250;
}
"""
"""True once the view has not moved for 250 ms: the map glides on after the mouse lets go."""


def legend_counts(shown: Any) -> dict[str, int]:
    """Names and counts of the legend's lines, opened where it is closed."""
    details = shown.frame.locator(".peta-legend details")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    rows = shown.frame.locator(".peta-legend li")
    texts = rows.evaluate_all(
        "rows => rows.map(row => { const s = row.querySelectorAll(':scope > span');"
        " return [s[s.length - 2].textContent, s[s.length - 1].textContent]; })"
    )
    return {name: int(count.replace(".", "")) for name, count in texts}


def table_rows(page: Page, folder: Path) -> list[dict[str, Any]]:
    """The table beside the map, as the viewer takes it away."""
    page.get_by_text("Tabel isi peta").click()
    page.wait_for_timeout(2_500)  # the map tells what is in its frame, and the screen runs once more for it
    with page.expect_download() as waiting:
        page.locator(".st-key-peta-unduh-json").get_by_role("button").click()
    file = folder / "tabel.json"
    waiting.value.save_as(file)
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return rows


def test_a_click_on_a_province_leads_into_it(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta", viewport="projector")
    shown = map_on(page)
    before = shown.drawn
    shown.click(shown.free_place("35"))
    page.wait_for_url(re.compile(r"/peta\?(?!.*(kabkota|lokasi)=).*provinsi=35"))
    shown.wait_redrawn(before)
    settle(page)
    assert shown.payload["level"] == 2
    assert all(code.startswith("35.") for code in shown.payload["areas"])
    assert all(code for code in shown.statuses())
    expect(page.get_by_text("Jawa Timur · semua program").first).to_be_visible()

    before = shown.drawn
    shown.click(shown.free_place("35.07"))
    page.wait_for_url(re.compile(r"/peta\?.*provinsi=35&kabkota=35\.07"))
    shown.wait_redrawn(before)
    settle(page)
    expect(page.get_by_text("Kabupaten Malang · semua program").first).to_be_visible()
    page.locator(".st-key-remah").get_by_role("button", name="Jawa Timur").click()
    page.wait_for_url(re.compile(r"/peta\?(?!.*(kabkota|lokasi)=).*provinsi=35"))


def test_a_click_on_a_site_opens_its_card(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta?provinsi=35", viewport="projector")
    shown = map_on(page)
    place = shown.place("KTN-TUREN")
    shown.hover(place)
    expect(shown.frame.locator(".peta-tip-head")).to_have_text("KTN Turen")
    shown.click(place)
    page.wait_for_url(re.compile(r"[?&]lokasi=KTN-TUREN"))
    settle(page)
    expect(page.get_by_role("heading", name="KTN Turen")).to_be_visible()
    shown.wait_drawn()
    assert (
        shown.frame.evaluate("() => programmeMap.current.codeOf(programmeMap.current.payload.selected)") == "KTN-TUREN"
    )
    page.get_by_role("button", name="Tutup").click()
    expect(page.get_by_role("heading", name="KTN Turen")).to_have_count(0)
    page.wait_for_url(re.compile(r"/peta\?(?!.*(kabkota|lokasi)=).*provinsi=35"))
    shown.click(shown.place("KTN-TUREN"))
    expect(page.get_by_role("heading", name="KTN Turen")).to_be_visible()


def test_pan_and_zoom_survive_another_indicator_and_another_day(
    server: Any,
    open_tab: Callable[..., Page],
    map_on: Callable[[Page], Any],
    choose: Callable[..., None],
    settle: Callable[[Page], None],
) -> None:
    page = open_tab(server, "/peta")
    shown = map_on(page)
    fitted = shown.view
    shown.frame.get_by_role("button", name="Perbesar").click()
    shown.frame.wait_for_function(
        "zoom => { const m = programmeMap.current.map; return m.getZoom() > zoom && !m._animatingZoom; }",
        arg=fitted[2],
    )
    box = shown.box.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 150
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 90, y - 60, steps=4)
    page.mouse.up()
    shown.frame.wait_for_function(STILL)
    moved = shown.view
    assert moved[2] > fitted[2]
    assert abs(moved[0] - fitted[0]) > 0.5

    before = shown.drawn
    choose(page, "indikator", "Jumlah lokasi")
    shown.wait_redrawn(before)
    assert shown.view == moved
    before = shown.drawn
    page.get_by_role("button", name="Mundur").click()
    shown.wait_redrawn(before)
    settle(page)
    assert shown.view == moved


def test_the_map_is_never_blank_while_filters_change(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], choose: Callable[..., None]
) -> None:
    page = open_tab(server, "/peta")
    shown = map_on(page)
    shown.frame.evaluate(WATCH)
    changes = [
        lambda: choose(page, "indikator", "Deviasi dari rencana"),
        lambda: page.get_by_role("button", name="Mundur").click(),
        lambda: choose(page, "program", "Koperasi"),
        lambda: choose(page, "status", "Selesai"),
        lambda: page.get_by_role("button", name="Hapus saringan").click(),
        lambda: choose(page, "provinsi", "Jawa Timur"),
    ]
    for change in changes:
        before = shown.drawn
        change()
        shown.wait_redrawn(before)
    assert shown.frame.evaluate("() => window.__mark") == "same window"
    assert map_on(page).frame == shown.frame
    least = shown.frame.evaluate("() => window.__least")
    assert least["areas"] >= 38
    assert least["points"] >= 1


def test_the_legend_counts_what_the_table_lists(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], tmp_path: Path
) -> None:
    page = open_tab(server, "/peta?posisi=2026-06-30", viewport="projector")
    shown = map_on(page)
    told = legend_counts(shown)
    rows = table_rows(page, tmp_path)
    names = {
        "kritis": "Kritis", "terlambat": "Terlambat", "waspada": "Waspada", "belum_lapor": "Belum lapor",
        "sesuai_rencana": "Sesuai rencana", "selesai": "Selesai", "belum_mulai": "Belum mulai",
        "tidak_aktif": "Tidak aktif",
    }  # fmt: skip
    statuses = Counter(row["status"] for row in rows)
    assert {name: told[name] for name in names.values()} == {
        name: statuses.get(code, 0) for code, name in names.items()
    }
    programmes = Counter(row["programme"] for row in rows)
    assert {name: told[name] for name in ("KTN", "Koperasi", "WARUNG NKRI", "Rusun")} == {
        "KTN": programmes["ktn"], "Koperasi": programmes["koperasi"],
        "WARUNG NKRI": programmes["warung_nkri"], "Rusun": programmes["rusun"],
    }  # fmt: skip
    assert len(rows) == int(shown.box.get_attribute("data-sites")) == 120
    expect(page.locator('[data-testid="stDataFrame"] table')).to_have_attribute("aria-rowcount", "121")


def test_the_time_control_steps_by_a_month(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta")
    shown = map_on(page)
    for button, day, words in (
        ("Mundur", "2026-09-30", "30 September 2026"),
        ("Mundur", "2026-08-31", "31 Agustus 2026"),
        ("Maju", "2026-09-30", "30 September 2026"),
    ):
        before = shown.drawn
        page.get_by_role("button", name=button).click()
        page.wait_for_url(re.compile(rf"posisi={day}"))
        shown.wait_redrawn(before)
        settle(page)
        expect(page.locator(".st-key-posisi input[type=date]")).to_have_value(day)
        assert words in str(shown.box.get_attribute("aria-label"))
    before = shown.drawn
    slider = page.locator(".st-key-waktu").get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(r"posisi=2026-08-31"))
    shown.wait_redrawn(before)
    settle(page)
    assert "31 Agustus 2026" in str(shown.box.get_attribute("aria-label"))


def test_regions_whose_sites_have_told_nothing_are_hatched_and_counted(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    page = open_tab(server, "/peta?provinsi=35", viewport="projector")
    shown = map_on(page)
    areas = shown.payload["areas"]
    hatched = {code for code, area in areas.items() if "c" in area and area["c"] is None}
    coloured = {code for code, area in areas.items() if area.get("c") is not None}
    plain = set(areas) - hatched - coloured
    assert hatched, "the sample should hold a region without data"
    assert coloured
    assert plain, "the sample should hold a region without sites"
    fills = dict(
        shown.frame.evaluate(
            """() => {
              const found = [];
              programmeMap.current.areas.forEach(layer => layer.eachLayer(part =>
                found.push([part.feature.properties.code, part.getElement().getAttribute('fill')])));
              return found;
            }"""
        )
    )
    assert {code for code, fill in fills.items() if fill == "url(#peta-hatch)"} == hatched
    assert {fills[code] for code in coloured} <= set(shown.payload["colours"])
    assert {fills[code] for code in plain} == {shown.payload["ground"]["land"]}
    assert {"#000000", "none", None}.isdisjoint(fills.values())
    assert shown.frame.locator("pattern#peta-hatch line").count() == 1
    assert legend_counts(shown)["belum ada data"] == len(hatched)
