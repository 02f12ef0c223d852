"""Search, selection, then and now, play, the view in the address and the map's frame, as a viewer uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import row_count

VIEW = re.compile(r"[?&]pandang=")


def search(page: Page, words: str, settle: Callable[[Page], None]) -> None:
    box = page.locator(".st-key-peta_cari").get_by_role("textbox").or_(page.locator(".st-key-peta_cari input")).first
    box.fill(words)
    box.press("Enter")
    settle(page)


def view_of(page: Page) -> tuple[float, float, float]:
    """Latitude, longitude and zoom as the address tells them."""
    page.wait_for_url(VIEW)
    lat, lon, zoom = parse_qs(urlsplit(page.url).query)["pandang"][0].split(",")
    return float(lat), float(lon), float(zoom)


@pytest.mark.parametrize("words", ["Kabupaten Malang", "mallang"])
def test_a_region_is_found_though_it_was_mistyped_and_the_map_goes_there(
    server: Any,
    open_tab: Callable[..., Page],
    map_on: Callable[[Page], Any],
    settle: Callable[[Page], None],
    words: str,
) -> None:
    page = open_tab(server, "/peta")
    shown = map_on(page)
    before = shown.drawn
    search(page, words, settle)
    page.get_by_role("button", name="Kabupaten Malang", exact=True).click()
    page.wait_for_url(re.compile(r"provinsi=35.*kabkota=35\.07"))
    shown.wait_redrawn(before)
    settle(page)
    lon, lat, _ = shown.view
    assert 112.2 < lon < 113.0
    assert -8.5 < lat < -7.7
    expect(page.get_by_text("Hasil pencarian")).to_have_count(0)


def test_a_site_is_found_and_shown_although_a_filter_hid_it(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta?program=rusun")
    shown = map_on(page)
    before = shown.drawn
    search(page, "ktn tureen", settle)
    page.get_by_role("button", name="KTN Turen", exact=True).click()
    page.wait_for_url(re.compile(r"lokasi=KTN-TUREN"))
    shown.wait_redrawn(before)
    settle(page)
    assert "program=" not in page.url
    expect(page.get_by_role("heading", name="KTN Turen")).to_be_visible()
    assert shown.view[2] >= 9
    x, y = shown.place("KTN-TUREN")
    size = shown.box.bounding_box()
    assert size is not None
    assert 0 < x < size["width"]
    assert 0 < y < size["height"]


def test_nonsense_finds_nothing_and_says_so(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta")
    search(page, "zzxqy", settle)
    expect(page.get_by_text("Tidak ada yang bernama demikian")).to_be_visible()


def test_the_address_shares_the_view_and_going_back_leads_up_again(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta?provinsi=35&pandang=-8.10000,112.60000,9.50")
    shown = map_on(page)
    lon, lat, zoom = shown.view
    assert (lon, lat, zoom) == pytest.approx((112.6, -8.1, 9.5), abs=0.005)
    shown.frame.evaluate("() => { programmeMap.current.map.setView([-7.6, 112.2], 9, { animate: false }); }")
    page.wait_for_url(re.compile(r"pandang=-7\.6"))
    assert view_of(page) == (-7.6, 112.2, 9.0)
    other = open_tab(server, urlsplit(page.url).path + "?" + urlsplit(page.url).query)
    again = map_on(other)
    lon, lat, zoom = again.view
    assert (lon, lat, zoom) == pytest.approx((112.2, -7.6, 9.0), abs=0.005)
    before = shown.drawn
    page.locator(".st-key-remah").get_by_role("button", name="Semua provinsi").click()
    page.wait_for_url(lambda address: "provinsi=" not in address)
    shown.wait_redrawn(before)
    settle(page)
    before = shown.drawn
    page.go_back()
    page.wait_for_url(re.compile(r"provinsi=35"))
    shown.wait_redrawn(before)
    assert shown.payload["level"] == 2


def test_two_tabs_keep_their_own_views_and_filters(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    one, two = open_tab(server, "/peta?provinsi=35"), open_tab(server, "/peta?provinsi=72")
    first, second = map_on(one), map_on(two)
    kept = second.view
    first.frame.evaluate("() => { programmeMap.current.map.setView([-7.6, 112.2], 9, { animate: false }); }")
    one.wait_for_url(re.compile(r"pandang=-7\.6"))
    assert second.view == kept
    assert set(second.payload["areas"]).isdisjoint(first.payload["areas"])


def test_then_and_now_stand_side_by_side_and_move_together(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta", viewport="projector")
    page.locator(".st-key-banding_nyala").get_by_text("Bandingkan").click()
    page.wait_for_url(re.compile(r"banding=2026-\d\d-\d\d"))
    settle(page)
    expect(page.locator('iframe[title="streamlit_folium.st_folium"]')).to_have_count(2)
    frames = [frame for frame in page.frames if "streamlit_folium" in frame.url]
    assert len(frames) == 2
    for frame in frames:
        frame.wait_for_function(
            "() => { const b = document.querySelector('[data-ready]');"
            " return b && b.dataset.ready === b.dataset.drawn; }"
        )
    days = [frame.locator("[data-ready]").get_attribute("aria-label") for frame in frames]
    assert days[0] != days[1]
    frames[0].evaluate("() => { programmeMap.current.map.setView([-7.6, 112.2], 9, { animate: false }); }")
    frames[1].wait_for_function(
        "() => { const c = programmeMap.current.map.getCenter(), z = programmeMap.current.map.getZoom();"
        " return z === 9 && Math.abs(c.lat + 7.6) < 0.01 && Math.abs(c.lng - 112.2) < 0.01; }"
    )
    page.locator(".st-key-banding_nyala").get_by_text("Bandingkan").click()
    page.wait_for_url(lambda address: "banding=" not in address)
    settle(page)
    expect(page.locator('iframe[title="streamlit_folium.st_folium"]')).to_have_count(1)


def test_play_shows_one_month_after_the_other_until_it_is_paused(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta?posisi=2026-03-31")
    shown = map_on(page)
    for _ in range(2):
        before = shown.drawn
        if page.get_by_role("button", name="Putar").count():
            page.get_by_role("button", name="Putar").click()
        shown.wait_redrawn(before)
    page.get_by_role("button", name="Jeda").click()
    expect(page.get_by_role("button", name="Putar")).to_be_visible()
    page.wait_for_url(re.compile(r"posisi=2026-0[4-9]"))
    settle(page)
    still = shown.drawn
    page.wait_for_timeout(2_500)
    assert shown.drawn == still


def test_a_box_drawn_on_the_map_gives_its_sites_and_totals(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta?provinsi=35", viewport="projector")
    shown = map_on(page)
    shown.frame.get_by_role("button", name="Pilih dengan kotak").click()
    box = shown.box.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + box["height"] * 0.15)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 60, box["y"] + box["height"] - 80, steps=6)
    page.mouse.up()
    expect(page.get_by_text("Terpilih di peta")).to_be_visible()
    settle(page)
    ring = shown.payload["area"]["ring"]
    west, east = min(lon for lon, _ in ring), max(lon for lon, _ in ring)
    south, north = min(lat for _, lat in ring), max(lat for _, lat in ring)
    inside = shown.frame.evaluate(
        "([w, s, e, n]) => { const m = programmeMap.current, p = m.points; return [...m.passing].filter(i =>"
        " p.lon[i] / 1e5 >= w && p.lon[i] / 1e5 <= e && p.lat[i] / 1e5 >= s && p.lat[i] / 1e5 <= n).length; }",
        [west, south, east, north],
    )
    assert 0 < inside <= shown.told("sites")
    table = page.locator('[data-testid="stDataFrame"]').first
    assert row_count(table) == inside
    page.get_by_role("button", name="Hapus pilihan", exact=True).click()
    expect(page.get_by_text("Terpilih di peta")).to_have_count(0)


def test_the_table_below_follows_the_frame(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta", viewport="projector")
    shown = map_on(page)
    page.get_by_text("Tabel isi peta").click()
    settle(page)
    expect(page.get_by_text(re.compile(r"^120 dari 120 lokasi berada dalam bingkai"))).to_be_visible()
    shown.frame.evaluate("() => { programmeMap.current.map.setView([-8.0, 112.6], 9, { animate: false }); }")
    shown.frame.wait_for_function("() => Number(document.querySelector('[data-ready]').dataset.inFrame) < 60")
    inside = shown.frame.evaluate("() => document.querySelector('[data-ready]').dataset.inFrame")
    expect(page.get_by_text(re.compile(rf"^{inside} dari 120 lokasi berada dalam bingkai"))).to_be_visible()


def test_a_click_on_the_empty_sea_chooses_nothing(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    page = open_tab(server, "/peta", viewport="projector")
    shown = map_on(page)
    at = shown.frame.evaluate(
        "() => { const p = programmeMap.current.map.latLngToContainerPoint([-10.2, 112]); return [p.x, p.y]; }"
    )
    page.wait_for_url(VIEW)
    before, address = shown.drawn, page.url
    shown.click((at[0], at[1]))
    page.wait_for_timeout(800)
    assert (shown.drawn, page.url) == (before, address)
    expect(shown.frame.locator(".peta-tip")).to_be_hidden()


def test_a_site_is_reached_and_opened_by_the_keyboard_alone(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta?provinsi=35", viewport="projector")
    shown = map_on(page)
    button = shown.frame.get_by_role("button", name=re.compile(r"^KTN Turen"))
    expect(button).to_be_attached()
    button.focus()
    expect(shown.frame.locator(".peta-tip-head")).to_have_text("KTN Turen")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"lokasi=KTN-TUREN"))
    settle(page)
    expect(page.get_by_role("heading", name="KTN Turen")).to_be_visible()


def test_what_differs_only_after_an_underscore_is_drawn_anew(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], choose: Callable[..., None]
) -> None:
    """streamlit-folium drops whatever follows an underscore from its key: two such maps count as one for it."""
    page = open_tab(server, "/peta?status=tidak_aktif")
    shown = map_on(page)
    told = shown.statuses()
    assert set(told.values()) == {"tidak_aktif"}
    before = shown.drawn
    choose(page, "status", "Kritis")
    shown.wait_redrawn(before)
    assert set(shown.statuses().values()) == {"tidak_aktif", "kritis"}
    again = {
        kind: shown.frame.evaluate(
            """kind => {
              const map = programmeMap.current, kept = map.payload;
              programmeMap.update({ ...kept, version: kind, programme_names: kept.programme_names.map(() => kind) });
              return [map.box.dataset.drawn, map.programmeName(0)];
            }""",
            kind,
        )
        for kind in ("tw_1", "tw_4")
    }
    assert again == {"tw_1": ["tw_1", "tw_1"], "tw_4": ["tw_4", "tw_4"]}


def test_nothing_is_dropped_however_the_map_gathers(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    page = open_tab(server, "/peta", viewport="phone")
    shown = map_on(page)
    assert shown.told("groups") > 0
    assert shown.told("counted") == shown.told("framed")
    for zoom in (5, 7, 10, 14):
        shown.frame.evaluate(
            "zoom => { programmeMap.current.map.setView([-7.6, 112.2], zoom, { animate: false }); }", zoom
        )
        assert shown.told("counted") == shown.told("framed"), zoom
    expect(shown.frame.locator(".peta-told")).to_contain_text("Menampilkan 120 dari 120 lokasi")
