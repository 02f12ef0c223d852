"""The filters live in the address: shareable, by code, kept from screen to screen and from language to language."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

FULL = "provinsi=35&program=ktn&program=rusun&posisi=2026-06-30&bahasa=en"
ALL = {"provinsi": ["35"], "program": ["ktn", "rusun"], "posisi": ["2026-06-30"], "bahasa": ["en"]}


def said(page: Page) -> dict[str, list[str]]:
    """What the address says, without the view of the map, which the map itself writes there."""
    found = parse_qs(urlsplit(page.url).query)
    found.pop("pandang", None)
    return found


def expect_address(page: Page, path: str, wanted: dict[str, list[str]]) -> None:
    """The address gets there while the run goes on; then both halves are compared whole."""
    page.wait_for_function(
        """([path, wanted]) => {
          const found = new URLSearchParams(location.search), names = Object.keys(wanted);
          return location.pathname === path
            && new Set([...found.keys()].filter(name => name !== 'pandang')).size === names.length
            && names.every(name => found.getAll(name).join() === wanted[name].join());
        }""",
        arg=[path, wanted],
        timeout=15_000,
    )
    assert urlsplit(page.url).path == path
    assert said(page) == wanted


def chosen(page: Page, key: str) -> list[str]:
    """What the sidebar's list with that key has chosen."""
    tags = page.locator(f".st-key-{key} .react-aria-ComboBox [data-tag]")
    return [text.strip() for text in tags.all_inner_texts()]


def screen(page: Page, name: str) -> Any:
    return page.locator('[data-testid="stTopNavLink"]').filter(has_text=re.compile(rf"{name}$"))


def test_a_shared_address_shows_what_it_names(server: Any, open_tab: Callable[..., Page]) -> None:
    page = open_tab(server, f"/peta?{FULL}")
    expect_address(page, "/peta", ALL)
    assert chosen(page, "provinsi") == ["Jawa Timur"]
    assert chosen(page, "program") == ["KTN", "Flats"]
    expect(page.locator(".st-key-posisi input[type=date]")).to_have_value("2026-06-30")
    expect(page.get_by_role("radio", name="English")).to_be_checked()
    expect(page.get_by_role("heading", name="Map", level=1)).to_be_visible()
    expect(page.get_by_text("Jawa Timur · KTN, Flats").first).to_be_visible()


def test_codes_may_also_stand_in_one_value(server: Any, open_tab: Callable[..., Page]) -> None:
    page = open_tab(server, "/lokasi?program=ktn,rusun&provinsi=35")
    assert chosen(page, "program") == ["KTN", "Rusun"]
    assert chosen(page, "provinsi") == ["Jawa Timur"]
    assert page.get_by_test_id("stAlert").filter(has_text="tidak dikenal").count() == 0


def test_a_choice_in_the_sidebar_is_written_as_a_code(
    server: Any, open_tab: Callable[..., Page], choose: Callable[..., None]
) -> None:
    page = open_tab(server, "/wilayah")
    choose(page, "provinsi", "Nusa Tenggara Barat")
    expect_address(page, "/wilayah", {"provinsi": ["52"]})
    choose(page, "kabkota", "Kabupaten Sumbawa")
    choose(page, "program", "Koperasi")
    choose(page, "status", "Sesuai rencana")
    wanted = {"provinsi": ["52"], "kabkota": ["52.04"], "program": ["koperasi"], "status": ["sesuai_rencana"]}
    expect_address(page, "/wilayah", wanted)
    expect(page.get_by_text("Kabupaten Sumbawa · Koperasi").first).to_be_visible()


def test_another_screen_keeps_filters_and_address(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, f"/lokasi?{FULL}")
    for name, path in (("Overview", "/"), ("Region", "/wilayah"), ("Export", "/ekspor")):
        screen(page, name).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        settle(page)
        expect_address(page, path, ALL)
        assert chosen(page, "program") == ["KTN", "Flats"]
        expect(page.get_by_text("30 June 2026").first).to_be_visible()


def test_back_returns_to_the_screen_before_and_never_loses_a_filter(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/lokasi?program=ktn")
    screen(page, "Wilayah").click()
    expect(page.get_by_role("heading", name="Wilayah", level=1)).to_be_visible()
    settle(page)
    expect_address(page, "/wilayah", {"program": ["ktn"]})
    for _ in range(2):  # Streamlit enters a screen first and writes its filters then: two steps in the history
        page.go_back()
        settle(page)
        assert chosen(page, "program") == ["KTN"]
        if urlsplit(page.url).path == "/lokasi":
            break
    expect(page.get_by_role("heading", name="Status lokasi", level=1)).to_be_visible()
    expect_address(page, "/lokasi", {"program": ["ktn"]})


def test_back_after_a_change_of_filter_undoes_the_change(
    server: Any, open_tab: Callable[..., Page], choose: Callable[..., None], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/lokasi?program=ktn")
    choose(page, "provinsi", "Jawa Timur")
    expect_address(page, "/lokasi", {"program": ["ktn"], "provinsi": ["35"]})
    page.go_back()
    settle(page)
    expect_address(page, "/lokasi", {"program": ["ktn"]})
    assert chosen(page, "provinsi") == []


@pytest.mark.parametrize(
    ("query", "named", "left"),
    [
        ("provinsi=99&program=ktn", ["provinsi=99"], {"program": ["ktn"]}),
        (
            "program=jembatan&posisi=2026-02-30&lokasi=TIDAK-ADA&status=hancur&status=kritis&kabkota=99.01",
            ["program=jembatan", "posisi=2026-02-30", "lokasi=TIDAK-ADA", "status=hancur", "kabkota=99.01"],
            {"status": ["kritis"]},
        ),
    ],
)
def test_an_unknown_value_is_left_out_and_named(
    query: str, named: list[str], left: dict[str, list[str]], server: Any, open_tab: Callable[..., Page]
) -> None:
    page = open_tab(server, f"/lokasi?{query}")
    told = page.get_by_test_id("stAlert").filter(has_text="tidak dikenal")
    expect(told).to_be_visible()
    assert [part for part in named if part not in told.inner_text()] == []
    expect_address(page, "/lokasi", left)


def test_a_hostile_value_in_the_address_is_shown_as_typed(server: Any, open_tab: Callable[..., Page]) -> None:
    typed = "<img src=x onerror=alert(1)>[a](javascript:alert(2)) $$x$$ :red[y]"
    page = open_tab(server, "/lokasi?provinsi=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%5Ba%5D(javascript%3Aalert(2))"
                            "%20%24%24x%24%24%20%3Ared%5By%5D")  # fmt: skip
    told = page.get_by_test_id("stAlert").filter(has_text="provinsi=")
    expect(told).to_contain_text(f"provinsi={typed}")
    assert told.locator("img, a").count() == 0


def test_the_other_language_keeps_every_filter(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/lokasi?provinsi=35&program=ktn&posisi=2026-06-30&lokasi=KTN-TUREN")
    kept = {"provinsi": ["35"], "program": ["ktn"], "posisi": ["2026-06-30"], "lokasi": ["KTN-TUREN"]}
    page.get_by_role("radio", name="English").click()
    expect(page.get_by_role("heading", name="Site status", level=1)).to_be_visible()
    settle(page)
    expect_address(page, "/lokasi", {**kept, "bahasa": ["en"]})
    expect(page.get_by_role("heading", name="KTN Turen")).to_be_visible()
    page.get_by_role("radio", name="Indonesia").click()
    expect(page.get_by_role("heading", name="Status lokasi", level=1)).to_be_visible()
    settle(page)
    expect_address(page, "/lokasi", kept)


def test_clearing_the_filters_empties_the_address(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta?provinsi=35&kabkota=35.07&program=ktn&status=waspada")
    page.get_by_role("button", name="Hapus saringan").click()
    settle(page)
    expect_address(page, "/peta", {})
    assert [chosen(page, key) for key in ("provinsi", "kabkota", "program", "status")] == [[], [], [], []]
    expect(page.get_by_role("button", name="Hapus saringan")).to_be_disabled()


def test_two_viewers_do_not_see_each_others_filters(server: Any, open_tab: Callable[..., Page]) -> None:
    first = open_tab(server, "/lokasi?provinsi=35")
    second = open_tab(server, "/lokasi")
    expect_address(second, "/lokasi", {})
    expect_address(first, "/lokasi", {"provinsi": ["35"]})
    assert chosen(second, "provinsi") == []
